"""The list as it is put before the leading group (提请审定的建议名单): an official paper."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import KIND_TITLES, LISTED, NOMINEE_KINDS
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.overall_data import build_ranking_rows
from kjfp_helpers.reports.office.decision.public_notice import count_names
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.state.secretary.list_status import ListStatus
from kjfp_helpers.state.secretary.progress.list_summary import summarize_list
from kjfp_helpers.state.stages.decision import DECISION_KINDS

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

_COLUMNS = (
    ("序号", 1.2),
    ("名称或姓名", 4.2),
    ("推荐单位", 2.6),
    ("得分", 1.5),
    ("入围概率", 1.9),
    ("说明", 4.2),
)
_SEATS = re.compile(r"(\d+)/(\d+)(\D)")
"""Seats filled, of how many, and their measure, as the summary of the list writes them."""


def write_proposed_list(state: "RoundState", path: Path) -> None:
    """Write what the leading group decides on: the answer, what to know of it, and the names.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    notice, status = state.round.notice, ListStatus.of(state)
    heads = (*filter(None, [status.draft]), *state.round.amendments)
    document = OfficialDocument(rehearsal=state.round.rehearsal, amendments=heads)
    document.add_title(f"{notice.round.title}\n先进团队、先进个人建议名单")
    document.add_recipient(notice.round.office.removesuffix("办公室"))
    document.add_paragraph(
        f"根据{notice.round.citation}，经单位推荐、资格审核和专家评审，现提出{count_names(state)}的"
        "建议名单（见附件），提请审定。"
    )
    document.add_heading("一、名单情况")
    for line in _summary_lines(state, status):
        document.add_paragraph(line)
    lines = list(_remarks(state, status))
    if lines:
        document.add_heading("二、需要说明的问题")
        for line in lines:
            document.add_paragraph(line)
    lists = list(_lists(state, status))
    document.add_attachment_list([title for title, _ in lists])
    day = _last_day(state)
    document.add_signature(
        notice.round.office,
        formatting.format_date(day) if day else "（日期以报送之日为准）",
        seal=notice.office.seal,
        contact=notice.office.contact_line,
    )
    for number, (title, rows) in enumerate(lists, start=1):
        document.start_attachment(f"附件{number}", title)
        document.add_table(_COLUMNS, rows)
    document.save(path)


def _last_day(state: "RoundState") -> date | None:
    """Return the day of the papers, or of the last act of the meeting where that came later."""
    zone = ZoneInfo(state.round.notice.round.timezone)
    acts = list(state.standing_events.of(*DECISION_KINDS))[-1:]
    days = [state.submissions.letters.day, *(act.at.astimezone(zone).date() for act in acts)]
    return max(filter(None, days), default=None)


def _summary_lines(state: "RoundState", status: ListStatus) -> Iterator[str]:
    for point in summarize_list(state, status):
        if seats := _SEATS.fullmatch(point.result):
            filled, places, measure = seats.groups()
            yield f"{point.title}{filled}{measure}，名额{places}{measure}，{point.said}。"
            continue
        said = f"（{point.said.rstrip('。')}）" if point.said else ""
        yield f"{point.title}：{point.result}{said}。"


def _remarks(state: "RoundState", status: ListStatus) -> Iterator[str]:
    """Yield what stands open with the names it is about, and what the meeting changed."""
    known = state.screening.case_by_id
    for case in sorted(case for case in state.decision.listed["case"] if case in status.questions):
        name = mask_personal_numbers(known[case].name)
        unit = state.round.unit_by_code[known[case].unit].short_name
        yield f"{name}（{unit}推荐）有未了结的问题：{'、'.join(status.questions[case])}。"
    for change in status.changed:
        name = mask_personal_numbers(known[change.case].name)
        basis = mask_personal_numbers(change.basis)
        yield f"{name}：计算名单为{change.computed}，决定名单为{change.decided}；{basis}。"


def _lists(state: "RoundState", status: ListStatus) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Yield title and rows of the list and of the reserves of each kind."""
    for kind in NOMINEE_KINDS:
        ranked = build_ranking_rows(state, kind)
        for title, statuses in (("建议名单", LISTED), ("候补名单", ("reserve",))):
            chosen = [row for row in ranked if row["status"] in statuses]
            chosen.sort(key=lambda row: (row["place"] or 0, row["case"]))
            if chosen:
                yield (
                    f"{KIND_TITLES[kind]}{title}",
                    [
                        (
                            formatting.format_number(row["place"]),
                            row["name"],
                            row["unit_name"],
                            formatting.format_number(row["value"], 2),
                            formatting.format_probability(row["p_in"]),
                            "；".join(
                                filter(
                                    None,
                                    (
                                        row["vote"],
                                        row["note"],
                                        "有未了结的问题"
                                        if status.questions.get(row["case"])
                                        else "",
                                    ),
                                )
                            ),
                        )
                        for row in chosen
                    ],
                )
