"""What the meeting is shown of a case: figures, scores without names, who sees it otherwise."""

import hashlib
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.events import IdentitiesRevealed
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import KIND_TITLES, STATUS_TITLES
from kjfp_helpers.reports import formatting
from kjfp_helpers.selection.disagreement import find_dissent
from kjfp_helpers.selection.meeting_agenda import BAND_TITLES
from kjfp_helpers.state.meeting.agenda import Agenda, AgendaItem
from kjfp_helpers.state.meeting.discussion import read_meeting
from kjfp_helpers.state.secretary.publication_gates import open_questions

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState


OTHERS = "甲乙丙丁戊己庚辛"


def shows_names(state: "RoundState") -> bool:
    """Return whether nominees are named: not before the reveal, where members are to be blind."""
    blind = state.round.notice.ruling.blind.value == "until_reveal"
    return not blind or state.standing_events.has(IdentitiesRevealed)


def build_case_facts(state: "RoundState", agenda: Agenda, item: AgendaItem) -> dict[str, Any]:
    """Return what the projector shows of a case; texts are masked, members stand unnamed."""
    case, ranking = state.screening.case_by_id[item.case], state.scores.rankings[agenda.kind]
    rows = formatting.frame_rows(ranking.table[ranking.table["case"] == item.case])
    listed = state.decision.shortlist
    status = listed.loc[listed["case"] == item.case, "status"].tolist() if len(listed) else []
    named = shows_names(state)
    return {
        "number": item.number,
        "title": clean(case.name) if named else f"第{item.number}件",
        "about": f"{state.round.unit_by_code[case.unit].name}推荐　{item.case}" if named else "",
        "kind": KIND_TITLES[agenda.kind],
        "band": BAND_TITLES[item.band],
        "status": STATUS_TITLES[status[0]] if status else "",
        "figures": _figures(rows[0]) if rows else [],
        "marks": sorted(ranking.scores.loc[ranking.scores["case"] == item.case, "total"].tolist()),
        "dissent": _dissent_lines(state, agenda.kind, item.case),
        "questions": list(open_questions(state).get(item.case, ())),
        "comments": _comments(state, agenda, item.case),
        "leaving": [voter.label for voter, _ in item.leaving if _is_there(state, voter.id)],
    }


def clean(text: str) -> str:
    """Return a text of a unit or a member as papers show it: masked, without control characters."""
    return mask_personal_numbers(formatting.remove_control_chars(text))


def _figures(row: dict[str, Any]) -> list[tuple[str, str]]:
    interval = (
        f"{row['low']:.1f}—{row['high']:.1f}" if row["low"] == row["low"] else formatting.MISSING
    )
    return [
        ("名次", formatting.format_number(row["rank"])),
        ("得分", formatting.format_number(row["value"], 2)),
        ("入围概率", formatting.format_probability(row["p_in"])),
        ("95%区间", interval),
        ("平均分", formatting.format_number(row["mean"], 2)),
        ("份数", formatting.format_number(row["n"])),
    ]


def _dissent_lines(state: "RoundState", kind: str, case: str) -> list[str]:
    """Return a line for each member who sees a case otherwise.

    They are told apart within the case only: one name through all cases would tell who it is.
    """
    rows = formatting.frame_rows(find_dissent(state.scores.rankings[kind], case))
    return [
        f"{f'评委{OTHERS[number]}' if len(rows) > 1 else '一位评委'}："
        f"{formatting.format_number(row['total'], 2)}分，"
        f"扣除宽严后{'偏高' if row['residual'] > 0 else '偏低'}"
        f"{abs(row['residual']):.1f}分（为其通常出入的{abs(row['surprise']):.1f}倍）"
        for number, row in enumerate(rows[: len(OTHERS)])
    ]


def _comments(state: "RoundState", agenda: Agenda, case: str) -> list[str]:
    """Return the comments without who wrote them, in an order that tells nothing."""
    if state.round.notice.ruling.meeting_comments.value == "hidden":
        return []
    totals = state.scores.tables.totals
    said = {clean(text) for text in totals.loc[totals["case"] == case, "comment"] if text}
    return sorted(
        said, key=lambda text: hashlib.sha256(f"{agenda.drawn.seed} {text}".encode()).hexdigest()
    )


def _is_there(state: "RoundState", voter: str) -> bool:
    """Return whether a voter is at the meeting, as far as it is known."""
    held = read_meeting(state)
    return held is None or voter in held.present
