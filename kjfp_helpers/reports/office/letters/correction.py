"""Returns for correction (退回补正): what a unit must mend or explain, document by document."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import NOMINEE_KINDS, Record
from kjfp_helpers.eligibility.history.correspondence import Letter
from kjfp_helpers.intake.field_editing import field_label
from kjfp_helpers.intake.stocktake.stocktake_reader import NO_TOTAL
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.deadline_texts import DeadlineTexts, UnitDossier
from kjfp_helpers.reports.office.letters.attachment import Attachment
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.state.secretary.letter_status import letter_status
from kjfp_helpers.state.secretary.unit_dossiers import LetterDraft

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

TO_UNIT: Mapping[str, str] = {
    "unsorted": "请说明属于哪项材料",
    "unexpected_type": "请说明此文件的用途",
    "needs_manual": "请另存为通用格式后重新报送",
    "cloud_link": "请以附件重新报送",
    "leader_also_individual": "请说明是否确需兼报",
    "unknown_sender": "请说明报送单位",
    "arrival_unknown": "请告知报送的时间和方式",
    "withdrawn": "无须办理",
}
"""What to ask of the unit where the catalogue's advice speaks to the office."""
_COLUMNS = (
    ("序号", 1.2),
    ("事项", 2.2),
    ("《通知》", 2.4),
    ("位置", 2.9),
    ("要求", 2.3),
    ("报送情况", 2.8),
    ("请办理", 2.2),
)
_MAX_LOCATIONS = 2
_SHEET_CELL = re.compile(r"(.+)!([A-Z]{1,3}\d+)")
_KIND_ORDER = (
    "quota",
    *NOMINEE_KINDS,
    "stocktake",
    "summary",
    "exhibit",
    "story_attachment",
    "mail",
)


def fill_correction(
    document: OfficialDocument,
    state: "RoundState",
    draft: LetterDraft,
    terms: DeadlineTexts,
    *,
    issued: bool,
) -> tuple[Attachment, ...]:
    """Write by when to mend or explain how much; return the list of what, document by document."""
    about, standing = state.round.notice.round, draft.dossier
    document.add_paragraph(
        f"根据{about.citation}（以下简称《通知》），你单位报送的{about.title}材料已审核至"
        f"{terms.as_of_text}收到的来件（收讫情况见《收讫回执》）：{_count_text(standing)}，"
        "逐项列于附件，请办理。"
    )
    if draft.last:
        document.add_paragraph(_describe_last_return(state, draft.last))
    document.add_heading("一、办理期限")
    document.add_paragraph(_describe_deadline(state, draft, issued=issued))
    document.add_heading("二、办理方式")
    document.add_paragraph(
        "请更正后通过电子邮箱重新报送有关材料，不能更正的书面说明，并在邮件主题注明单位名称和“补正”。"
        "同一材料以最后一次报送为准，前件仍予保存，收件编号不变。",
        keep=True,
    )
    return (Attachment("退回补正事项清单", lambda paper: _list_items(paper, state, standing)),)


def _list_items(document: OfficialDocument, state: "RoundState", standing: UnitDossier) -> None:
    """Write the tables of what to mend, to explain and to note, numbered through."""
    turns = iter("一二三")
    sections = (
        ("须补正的事项", standing.faults),
        ("待核实、请说明的事项", standing.questions),
        ("请留意的事项（不须回复）", standing.remarks),
    )
    listed, number = _CorrectionTable(state, standing), 0
    for title, findings in sections:
        if findings:
            document.add_heading(f"{next(turns)}、{title}")
            document.add_table(_COLUMNS, listed.rows(findings, number))
            number += len(findings)


def _count_text(standing: UnitDossier) -> str:
    counts = (("须补正", standing.faults), ("待核实", standing.questions))
    return "，".join(f"{title}{len(items)}项" for title, items in counts if items)


def _describe_last_return(round_state: "RoundState", last: Letter) -> str:
    """Say what came of the last return to the unit."""
    state = letter_status(round_state, last)
    progress = [f"已收到{state.came}项"]
    if state.settled:
        progress.append(f"另有{state.settled}项已经办结")
    if state.lacking:
        progress.append(f"尚余{state.lacking}项未收到")
    if state.over and state.until:
        progress.append(f"补正期限（{formatting.format_date(state.until)}）已过")
    when = formatting.format_date(date.fromisoformat(last.body.day))
    number = round_state.round.notice.office.document_number(
        int(last.body.day[:4]), last.body.number
    )
    return f"前函（{number}，{when}）所列{state.asked}项，{'，'.join(progress)}。"


def _describe_deadline(state: "RoundState", draft: LetterDraft, *, issued: bool) -> str:
    """Say by when to correct, and how that day was counted."""
    assert draft.until is not None
    days = state.round.notice.ruling.correction_days.value
    plain = "" if issued else "；本函尚未发出，暂按成文日期推算"
    longer = state.submissions.letters.extended.get(draft.dossier.unit.code)
    granted = "经办公室同意延期。" if longer and longer.until == str(draft.until) else ""
    return (
        f"请于{formatting.format_date(draft.until)}前（含当日）补正（自发出之日的次日起{days}个工作日，材料报送期限"
        f"更晚的以报送期限为准{plain}）。{granted}期限内补正的不作逾期；逾期补正的，请书面说明原因，"
        "由办公室裁定。"
    )


class _CorrectionTable:
    """Sorts a unit's findings by the document that they stand in."""

    def __init__(self, state: "RoundState", standing: UnitDossier) -> None:
        self._state, self._unit = state, standing.unit.code
        self._receipts = {mail.path: mail.receipt for mail in standing.mails}
        self._records: dict[str, Record] = {}
        for record in standing.received:
            self._records.setdefault(record.source, record)

    def rows(self, findings: Sequence[Finding], number: int) -> list[tuple[str, ...]]:
        """Return the rows of a table, numbered on from ``number``, each document headed."""
        rows: list[tuple[str, ...]] = []
        for (_, _, title), group in groupby(sorted(findings, key=self._order), self._document):
            items = list(group)
            sources = {finding.source for finding in items}
            shared = sources.pop() if len(sources) == 1 else ""
            rows.append(("　".join(filter(None, (title, self._file(shared)))),))
            for _, alike in groupby(items, _matter):
                rows.append(self._item(number + 1, same := list(alike), shared))
                number += len(same)
        return rows

    def _item(self, number: int, alike: Sequence[Finding], shared: str) -> tuple[str, ...]:
        """Return the row of one matter, which may concern several boxes of a document."""
        finding, last = alike[0], number + len(alike) - 1
        about, kind = finding.finding_type, self._document(finding)[1]
        files = [self._file(finding.source)] if finding.source != shared else []
        where = "，".join(filter(None, (_locations(alike, kind), *files)))
        return (
            f"{number}至{last}" if len(alike) > 1 else str(number),
            about.title,
            formatting.format_clause_part(about.clause_for(kind)),
            where or ("全件" if shared else formatting.MISSING),
            self._redact(finding.expected),
            self._redact(_matter(finding)[-1]),
            TO_UNIT.get(finding.code, about.advice),
        )

    def _redact(self, text: str) -> str:
        return formatting.redact_for_unit(text, self._state, self._unit)

    def _document(self, finding: Finding) -> tuple[int, str, str]:
        """Return what a finding is filed under: place in the letter, kind and title."""
        case = self._state.screening.case_by_id.get(finding.case)
        if case:
            title = formatting.record_title(
                case.kind, mask_personal_numbers(formatting.remove_control_chars(case.name))
            )
            return _KIND_ORDER.index(case.kind), case.kind, title
        if finding.field in NOMINEE_KINDS:
            return 0, finding.field, f"推荐名额：{formatting.record_title(finding.field)}"
        if not finding.source and finding.field:
            return 0, "", "推荐情况"
        if record := self._records.get(finding.source):
            return _KIND_ORDER.index(record.kind), record.kind, formatting.record_title(record.kind)
        return _KIND_ORDER.index("mail"), "mail", "来件与文件"

    def _order(self, finding: Finding) -> tuple[object, ...]:
        position = finding.source, _natural_sort_key(finding.place), finding.code, finding.found
        return *self._document(finding), *position

    def _file(self, source: str) -> str:
        """Return the file that a source names, with the receipt it came under."""
        if not source:
            return ""
        path = next((path for path in self._receipts if source.startswith(path)), "")
        name = mask_personal_numbers(
            formatting.remove_control_chars(source.removeprefix(path).rpartition("/")[2])
        )
        came = f"{formatting.format_receipt_number(self._receipts[path])}来件" if path else ""
        return f"{name}（{came}）" if name and came else name or came


def _matter(finding: Finding) -> tuple[str, ...]:
    """Return what a finding is about, alike for all boxes of a file in which the same is wrong.

    The figures of a stock-take without a total are in many tables, which the unit knows.
    """
    found, _, figures = finding.found.partition(f"{NO_TOTAL}：")
    found = f"{found}{NO_TOTAL}" if figures else finding.found
    return finding.source, finding.code, finding.expected, found


def _locations(alike: Sequence[Finding], kind: str) -> str:
    """Return where in a document the same fault is; of many boxes the first and their number."""
    places = list(filter(None, dict.fromkeys(_location(one, kind) for one in alike)))
    if len(places) <= _MAX_LOCATIONS:
        return "、".join(places)
    return f"{places[0].partition('（')[0]}等{len(places)}处"


def _location(finding: Finding, kind: str) -> str:
    """Return where in a document the fault is: the box by its label, and the cell."""
    place = mask_personal_numbers(formatting.remove_control_chars(finding.place))
    if cell := _SHEET_CELL.fullmatch(place):
        place = f"“{cell[1]}”工作表{cell[2]}"
    label = field_label(kind, finding.field)
    if not label or label == place:
        return place
    return f"“{label}”栏（{place}）" if place else f"“{label}”栏"


def _natural_sort_key(text: str) -> list[tuple[int, str]]:
    """Return a key that puts row 2 before row 10."""
    return [
        (int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", text)
    ]
