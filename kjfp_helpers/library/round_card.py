"""Card of a round: how far it has come, what is missing, whether the list is a draft."""

from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.state_labels import NOT_SENT
from kjfp_helpers.library.readable_frame import render_template
from kjfp_helpers.reports.formatting import MATERIAL_TITLES

if TYPE_CHECKING:
    from kjfp_helpers.library.round_frames import RoundFrames

MOST_NAMES = 6
"""Units named of those that owe something."""


def render_card(library: "RoundFrames") -> str:
    """Return the card as HTML; what the account may not see is left out."""
    notice = library.rules.notice.round
    steps: list[Any] = []
    lines: list[tuple[str, str]] = []
    problem, marks = "", ["演练"] if library.rules.rehearsal else []
    try:
        steps = _steps(library)
        lines = _lacking(library)
        if _has_draft(library):
            marks.append("草案")
    except KjfpError as error:
        problem = str(error)
    return render_template(
        "round_card",
        title=notice.title,
        document=notice.document,
        name=library.name,
        units=len(library.rules.units),
        members=len(library.rules.panel),
        user=f"{library.access().user}（{library.access().description}）",
        marks=marks,
        steps=steps,
        lines=lines,
        problem=problem,
    )


def _steps(library: "RoundFrames") -> list[Any]:
    from kjfp_helpers.state.secretary.progress.round_progress import list_steps

    state = library.state()
    return list_steps(library.session(), state)


def _has_draft(library: "RoundFrames") -> bool:
    """Whether there is a list, for an account that may see it, and it is a draft."""
    state = library.state()
    may_see = library.access().may_open("results")
    return may_see and not state.decision.shortlist.empty and bool(library.draft_line())


def _lacking(library: "RoundFrames") -> list[tuple[str, str]]:
    """Return what is missing, each with its heading."""
    access, state = library.access(), library.state()
    lines = []
    if access.may_open("intake"):
        table = library.completeness
        for kind in ("stocktake", "summary", "exhibit"):
            owing = table.loc[table[kind] == NOT_SENT, "unit_name"].tolist()
            if owing:
                more = f"等{len(owing)}个单位" if len(owing) > MOST_NAMES else ""
                lines.append(
                    (f"{MATERIAL_TITLES[kind]}{NOT_SENT}", "、".join(owing[:MOST_NAMES]) + more)
                )
        waiting = int(library.findings["open"].sum())
        lines += [("未了结的问题", f"{waiting} 个")] if waiting else []
    if access.may_open("results"):
        lines += [("还没有名单", line) for line in state.decision.problems]
        gates = library.gates
        undone = gates.loc[gates["state"] == "未办", "lacking"].tolist()
        if undone and not state.scores.readings.empty:
            lines.append(("公示前还没办完", "；".join(undone)))
    return lines
