"""Notice of the confirmed result of its assessment to each unit (考核结果通知)."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kjfp_helpers.infra.atomic_files import atomic_write, output_errors
from kjfp_helpers.notice.assessment.assessment_progress import Assessment
from kjfp_helpers.notice.assessment.unit_grades import UnitAssessment
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.reports.office.writers.letter_html import render_letter_page

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

TITLE = "考核结果通知"
FOLDER = "assessment"
"""Folder of the notices below the outputs."""
_COLUMNS = (("指标", 5.2), ("分值", 1.8), ("得分", 1.8), ("来源", 3.4))
RULED = "裁定"
_SOURCES = {"computed": "按报送数据计算", "read": "阅读总结评定", "self": "单位自评"}


def write_result_notices(
    state: "RoundState",
    assessment: Assessment,
    folder: Path,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Path]:
    """Write the notice of every unit whose result, or whose lack of one, is confirmed and stands.

    Returns
    -------
    list of Path
        A Word file and a page for each, in the order of the units; notices no longer due are
        removed. Nothing before the results are confirmed.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    confirmed = assessment.confirmed
    told = {*confirmed.body.results, *confirmed.body.absent} if confirmed else set()
    due = [
        one
        for one in assessment.units
        if one.unit.code in told and one.unit.code not in assessment.changed
    ]
    made: list[Path] = []
    for done, one in enumerate(due, start=1):
        path = folder / f"{one.unit.code}-{TITLE}.docx"
        _build_document(state, assessment, one).save(path)
        page = path.with_suffix(".html")
        atomic_write(page, _build_page(state, assessment, one).encode())
        made += [path, page]
        on_progress(done, len(due))
    with output_errors(folder):
        for stale in {*folder.glob("*.docx"), *folder.glob("*.html")} - set(made):
            stale.unlink()
    return made


def _lines(state: "RoundState", one: UnitAssessment, assessment: Assessment) -> tuple[str, str]:
    about = state.round.notice.round
    clause = formatting.format_clause_part(assessment.scheme.clause)
    if one.total is None:
        opening = (
            f"根据{about.citation}{clause}，对各单位{about.since}年以来科技助力精准扶贫工作进行了考核。"
            f"你单位没有报送工作总结，不定等次，按最低等次“{assessment.scheme.lowest.title}”处理。"
        )
        return opening, "对处理有异议的，请书面提出并附依据；补报总结的，另行考核。"
    told = next(grade.text for grade in assessment.scheme.grades if grade.title == one.grade)
    meaning = f"（{told}）" if told else ""
    opening = (
        f"根据{about.citation}{clause}，对你单位{about.since}年以来的工作进行了考核，"
        f"得{formatting.format_number(one.total, 1)}分，等次为{one.grade}{meaning}。各项得分如下。"
    )
    return opening, "对结果有异议的，请书面提出并附依据。"


def _rows(one: UnitAssessment) -> list[tuple[str, ...]]:
    """Return the points of each indicator; none without a summary."""
    if one.total is None:
        return []
    return [
        (
            row.indicator.title,
            f"{row.indicator.points:g}",
            formatting.format_number(row.points, 1),
            RULED if row.is_ruled else _SOURCES[row.indicator.source],
        )
        for row in one.indicators
    ]


def _day(state: "RoundState", assessment: Assessment) -> date:
    assert assessment.confirmed is not None
    zone = ZoneInfo(state.round.notice.round.timezone)
    return assessment.confirmed.at.astimezone(zone).date()


def _build_document(
    state: "RoundState", assessment: Assessment, one: UnitAssessment
) -> OfficialDocument:
    about = state.round.notice.round
    document = OfficialDocument(
        rehearsal=state.round.rehearsal,
        amendments=state.round.amendments,
        letterhead=about.office,
    )
    office, day = state.round.notice.office, _day(state, assessment)
    opening, closing = _lines(state, one, assessment)
    document.add_number(office.open_number(day.year))
    document.add_title("关于科技助力精准扶贫工作考核结果的通知")
    document.add_recipient(one.unit.name)
    document.add_paragraph(opening)
    if rows := _rows(one):
        document.add_table(_COLUMNS, rows)
    document.add_paragraph(f"{closing}特此通知。", keep=True)
    document.add_signature(
        about.office,
        formatting.format_date(day),
        seal=office.seal,
        contact=office.contact_line,
    )
    return document


def _build_page(state: "RoundState", assessment: Assessment, one: UnitAssessment) -> str:
    opening, closing = _lines(state, one, assessment)
    return render_letter_page(
        state.round,
        title="关于科技助力精准扶贫工作考核结果的通知",
        unit=one.unit.name,
        opening=opening,
        closing=closing,
        columns=[name for name, _ in _COLUMNS],
        rows=_rows(one),
        end="特此通知。",
        day=formatting.format_date(_day(state, assessment)),
    )
