"""The list of findings (``findings.xlsx``): findings, counts, follow-up by unit, evidence."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.findings import FINDING_TYPES, Finding
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import Mail
from kjfp_helpers.eligibility.history import lateness
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.deadline_texts import DeadlineTexts, build_dossiers
from kjfp_helpers.reports.office.letters.letter_writing import letter_file_name
from kjfp_helpers.reports.office.registers.work_list import (
    DONE,
    NUMBER,
    WORK_COLUMNS,
    describe_work,
)
from kjfp_helpers.reports.office.writers.xlsx_writer import (
    COUNT_FORMAT,
    MINUTE_FORMAT,
    NUMBER_FORMAT,
    SHARE_FORMAT,
    Column,
    Sheet,
    write_workbook,
)
from kjfp_helpers.reports.report_types import CASE_TYPE, OFFICE, UNIT_TYPE
from kjfp_helpers.rules import Unit
from kjfp_helpers.state.secretary.letter_status import LetterStatus, latest_letters
from kjfp_helpers.state.secretary.publication_gates import open_findings
from kjfp_helpers.state.secretary.unit_dossiers import draft_letter
from kjfp_helpers.state.secretary.work_item import WorkItem
from kjfp_helpers.state.secretary.work_queue import items_by_finding

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

Row = dict[str, Any]

_CASE, _NAME = Column("case", "个案", link_key="dossier"), Column("name", "名称或姓名")
_UNIT = Column("unit", "单位", link_key="report")


_FINDING_COLUMNS = (
    NUMBER,
    _UNIT,
    _CASE,
    _NAME,
    Column("title", "问题"),
    Column("severity", "级别", state_key="severity"),
    Column("expected", "要求", width=30),
    Column("found", "报送情况", width=30),
    Column("advice", "处理意见", width=24),
    *WORK_COLUMNS,
    Column("where", "文件和位置", width=40, printed=False),
    Column("clause", "通知条款", printed=False),
)
_COUNT_COLUMNS = (
    Column("title", "问题"),
    Column("severity", "级别"),
    Column("clause", "通知条款"),
    Column("count", "件数", COUNT_FORMAT),
    Column("units", "涉及单位数", COUNT_FORMAT),
    Column("advice", "处理意见"),
    Column("code", "问题代码"),
)
_FOLLOW_UP_COLUMNS = (
    Column("code", "代码"),
    _UNIT,
    Column("mails", "来件数", COUNT_FORMAT),
    Column("last", "最近来件", MINUTE_FORMAT),
    Column("owed", "未收到的材料", width=40),
    Column("faults", "须补正", COUNT_FORMAT),
    Column("questions", "待核实", COUNT_FORMAT),
    Column("letters", "应发信函", width=34),
    Column("issued", "已发函件", width=52),
)
_PRIOR_AWARD_COLUMNS = (
    _UNIT,
    _CASE,
    _NAME,
    Column("result", "认定"),
    Column("how", "依据"),
    Column("row", "名单第几条", COUNT_FORMAT),
    Column("year", "年份", NUMBER_FORMAT),
    Column("level", "级别"),
    Column("listed_name", "名单所载名称"),
    Column("listed_unit", "名单所载单位"),
    Column("listed_employer", "名单所载工作单位"),
    Column("document", "文件"),
)
_OVERLAP_COLUMNS = (
    _CASE,
    _NAME,
    Column("passage", "本件文字", width=60),
    Column("way", "情形"),
    Column("share", "占比", SHARE_FORMAT),
    Column("other_case", "对方个案"),
    Column("other_name", "对方名称或姓名"),
    Column("other_passage", "对方文字", width=60),
)


def write_findings_workbook(state: "RoundState", path: Path) -> None:
    """Write every finding, the counts by type, the follow-up by unit, and the evidence.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    title = state.round.notice.round.title
    sheets = [
        Sheet(
            "问题清单",
            f"{title}问题清单",
            _FINDING_COLUMNS,
            list(_finding_rows(state)),
            "须补正：请单位改正；待核实：请说明；请留意：供参考。办结的填状态、办理结果、经办、"
            "办结日期和说明，用 kjfp findings import 记入台账；编号和表头不要改动。",
        ),
        Sheet(
            "问题统计",
            f"{title}问题统计",
            _COUNT_COLUMNS,
            list(_count_rows(state)),
            "问题代码供了结问题时填写。",
        ),
        Sheet(
            "催报清单",
            f"{title}催报清单",
            _FOLLOW_UP_COLUMNS,
            list(_follow_up_rows(state)),
            "材料未收到或有事项待办理的单位；信函在 letters 中，由人工发出。",
        ),
        Sheet(
            "曾获表扬核对",
            f"{title}曾获表扬核对",
            _PRIOR_AWARD_COLUMNS,
            list(_prior_award_rows(state)),
            "相合或近似的记录各占一行；“待人工认定”的在认定前不作数。",
        ),
        Sheet(
            "文字雷同",
            f"{title}文字雷同",
            _OVERLAP_COLUMNS,
            list(_overlap_rows(state)),
            "左右对照；占比为占较短一件的比例。请人工判断。",
        ),
    ]
    write_workbook(path, sheets, rehearsal=state.round.rehearsal, amendments=state.round.amendments)


def _finding_rows(state: "RoundState") -> Iterator[Row]:
    by_code, cases = state.round.unit_by_code, state.screening.case_by_id
    items, waiting = items_by_finding(state), set(open_findings(state))
    for finding in state.screening.findings:
        yield {
            "unit": _unit_label(finding, by_code),
            "report": _report(finding.unit) if finding.unit in by_code else "",
            "case": finding.case,
            "dossier": CASE_TYPE.page_path(finding.case) if finding.case in cases else "",
            "name": mask_personal_numbers(cases[finding.case].name)
            if finding.case in cases
            else "",
            "title": finding.finding_type.title,
            "severity": finding.severity.label,
            "clause": formatting.format_clause_part(finding.finding_type.clause),
            "expected": mask_personal_numbers(finding.expected),
            "found": mask_personal_numbers(finding.found),
            "advice": finding.finding_type.advice,
            "where": mask_personal_numbers(
                "　".join(filter(None, (formatting.format_source(finding.source), finding.place)))
            ),
            **_work_cells(items.get(finding), waiting=finding in waiting),
        }


def _report(unit: str) -> str:
    return UNIT_TYPE.page_path(unit, OFFICE)


def _work_cells(item: WorkItem | None, *, waiting: bool) -> Row:
    """Return the number and what is filled in; nothing for what needs no decision."""
    if item is None:
        return {}
    row = describe_work(item)
    return row if waiting or item.done else row | {"work": DONE}


def _unit_label(finding: Finding, by_code: Mapping[str, Unit]) -> str:
    if finding.unit in by_code:
        return by_code[finding.unit].short_name
    return "各单位" if finding.finding_type.audience == "office" else "未能辨认"


def _count_rows(state: "RoundState") -> Iterator[Row]:
    counts = Counter(finding.code for finding in state.screening.findings)
    for code, about in FINDING_TYPES.items():
        if code in counts:
            units = {finding.unit for finding in state.screening.findings if finding.code == code}
            yield {
                "title": about.title,
                "severity": about.severity.label,
                "clause": formatting.format_clause_part(about.clause),
                "count": counts[code],
                "units": len(units - {""}),
                "advice": about.advice,
                "code": code,
            }


def _follow_up_rows(round_state: "RoundState") -> Iterator[Row]:
    terms = DeadlineTexts(round_state)
    for standing in build_dossiers(round_state):
        faults, questions = len(standing.faults), len(standing.questions)
        if standing.owed or faults or questions:
            owed = (
                f"{formatting.MATERIAL_TITLES[kind]}（{terms.clause_text(standing.unit, kind)}）"
                for kind in standing.owed
            )
            yield {
                "code": standing.unit.code,
                "unit": standing.unit.short_name,
                "report": _report(standing.unit.code),
                "mails": len(standing.mails),
                "last": _last_arrival(round_state, standing.mails),
                "owed": "、".join(owed),
                "faults": faults,
                "questions": questions,
                "letters": "、".join(
                    letter_file_name(standing, draft.title)
                    for draft in (
                        draft_letter(round_state, standing, title) for title in standing.letters
                    )
                    if draft.ready
                ),
                "issued": "；".join(
                    _issued_text(state) for state in latest_letters(round_state, standing.unit.code)
                ),
            }


def _last_arrival(state: "RoundState", mails: Sequence[Mail]) -> datetime | None:
    """Return when the last message came whose time is known, as a time of the round's zone."""
    times = [came for mail in mails if (came := lateness.arrival_time(state.round, mail))]
    return formatting.local_minute(times[-1] if times else None, state.round.notice.round.timezone)


def _issued_text(state: LetterStatus) -> str:
    body = state.letter.body
    until = f"，补正至{formatting.format_date(state.until)}" if state.until else ""
    came = f"，{state.asked}项已收到{state.came}项、办结{state.settled}项" if state.asked else ""
    issued = formatting.format_date(date.fromisoformat(body.day))
    return f"第{body.number}号{body.title}（{issued}发{until}{came}）"


def _prior_award_rows(state: "RoundState") -> Iterator[Row]:
    for row in formatting.frame_rows(state.screening.evidence):
        yield row | {
            "unit": state.round.unit_by_code[row["unit"]].short_name,
            "name": mask_personal_numbers(row["name"]),
            "year": int(row["year"]),
            "result": "相合" if row["sure"] else "待人工认定",
        }


def _overlap_rows(state: "RoundState") -> Iterator[Row]:
    for overlap in state.screening.overlaps:
        first, other = (
            state.screening.case_by_id[overlap.one],
            state.screening.case_by_id[overlap.other],
        )
        for passage in overlap.passages:
            texts = (
                (first.nominee.story or "")[passage.one_start : passage.one_end],
                (other.nominee.story or "")[passage.other_start : passage.other_end],
            )
            yield {
                "case": first.id,
                "name": mask_personal_numbers(first.name),
                "passage": mask_personal_numbers(texts[0]),
                "share": overlap.share,
                "way": "改写相近" if overlap.reworded else "雷同",
                "other_case": other.id,
                "other_name": mask_personal_numbers(other.name),
                "other_passage": mask_personal_numbers(texts[1]),
            }
