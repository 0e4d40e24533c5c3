"""The projector page: one case at a time, led by keys only; it needs nothing but itself."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.infra.page_scripts.table_script import script_source
from kjfp_helpers.infra.templating import template_environment
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.meeting.case_facts import build_case_facts
from kjfp_helpers.reports.page_style import read_style_sheet
from kjfp_helpers.state.meeting.agenda import Agenda, describe_group

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

FOLDER = Path(__file__).with_name("templates")


def write_projector_page(state: "RoundState", agendas: list[Agenda], path: Path) -> None:
    """Write the page of all cases in the order of the agenda.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    script = (FOLDER / "projector.js").read_text("utf-8")
    ticks = _ticks(state)
    page = _load_template().render(
        title=f"{state.round.notice.round.title}会议",
        rehearsal=formatting.REHEARSAL if state.round.rehearsal else "",
        groups=[describe_group(state, agenda.kind) for agenda in agendas],
        cases=[
            build_case_facts(state, agenda, item) | {"of": len(agenda.items)}
            for agenda in agendas
            for item in agenda.items
        ],
        ticks=ticks,
        at=lambda mark: f"{(mark - ticks[0]) / (ticks[-1] - ticks[0]) * 1000:.1f}",
        style=read_style_sheet() + (FOLDER / "projector.css").read_text("utf-8"),
        script=script,
        script_source=script_source(script),
    )
    atomic_write(path, page.encode())


def _ticks(state: "RoundState") -> list[float]:
    """Return the tenths of the scale between which all scores lie: all bands are alike."""
    scale, totals = state.round.rubric.scale, state.scores.tables.totals["total"]
    step = (scale.most - scale.least) / 10
    tenths = [scale.least + step * number for number in range(11)]
    first = max(sum(tenth <= totals.min() for tenth in tenths) - 1, 0)
    last = min(11 - sum(tenth >= totals.max() for tenth in tenths), 10)
    return tenths[first : max(last, first + 1) + 1]


@cache
def _load_template() -> Any:
    return template_environment(FOLDER).get_template("projector.html.j2")
