"""Numbered items of a return for correction, as its letter and the unit's report list them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import NOMINEE_KINDS, Record
from kjfp_helpers.intake.field_editing import field_label
from kjfp_helpers.intake.online_column.column_folder import COLUMN_FOLDER
from kjfp_helpers.intake.stocktake.stocktake_reader import NO_CHOICE, NO_TOTAL
from kjfp_helpers.reports import formatting
from kjfp_helpers.state.secretary.unit_dossiers import LetterDraft, UnitDossier

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
_FIGURES_QUOTED = re.compile(f"({NO_TOTAL}|{NO_CHOICE})：.*", re.DOTALL)
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


@dataclass(frozen=True, kw_only=True)
class CorrectionItem:
    """One matter of a letter, which may concern several boxes of a document.

    ``first`` is its number in the letter, ``count`` how many findings it stands for; ``document``
    names the paper, ``file`` the file that all items of the paper share; texts are masked Chinese.
    """

    first: int
    findings: tuple[Finding, ...]
    kind: str
    document: str
    file: str
    title: str
    clause: str
    where: str
    expected: str
    found: str
    advice: str

    @property
    def count(self) -> int:
        """How many findings it stands for."""
        return len(self.findings)

    @property
    def number(self) -> str:
        """The number or the numbers in the letter."""
        last = self.first + self.count - 1
        return f"{self.first}至{last}" if self.count > 1 else str(self.first)

    @property
    def heading(self) -> str:
        """The paper and its file, above the first of its items."""
        return "　".join(filter(None, (self.document, self.file)))


def item_numbers(state: "RoundState", draft: LetterDraft) -> tuple[int, ...]:
    """Return the number in the letter of each of its findings, in their order."""
    if not draft.findings:
        return ()
    listed = CorrectionItems(state, draft.dossier)
    numbers = {
        id(finding): number
        for item in (*listed.faults(), *listed.questions())
        for number, finding in enumerate(item.findings, start=item.first)
    }
    asked = (*draft.dossier.faults, *draft.dossier.questions)
    return tuple(numbers[id(finding)] for finding in asked)


class CorrectionItems:
    """Sorts a unit's findings by the document that they stand in, and numbers them."""

    def __init__(self, state: "RoundState", standing: UnitDossier) -> None:
        self._state, self._standing = state, standing
        self._receipts = {mail.path: mail.receipt for mail in standing.mails}
        self._records: dict[str, Record] = {}
        for record in standing.received:
            self._records.setdefault(record.source, record)

    def faults(self) -> list[CorrectionItem]:
        """Return what the unit must mend."""
        return list(self._number(self._standing.faults, 0))

    def questions(self) -> list[CorrectionItem]:
        """Return what the unit must explain, numbered on."""
        return list(self._number(self._standing.questions, len(self._standing.faults)))

    def remarks(self) -> list[CorrectionItem]:
        """Return what the unit is told without being asked, numbered on."""
        before = len(self._standing.faults) + len(self._standing.questions)
        return list(self._number(self._standing.remarks, before))

    def _number(self, findings: Sequence[Finding], number: int) -> Iterator[CorrectionItem]:
        for (_, kind, title), group in groupby(sorted(findings, key=self._order), self._document):
            items = list(group)
            sources = {finding.source for finding in items}
            shared = sources.pop() if len(sources) == 1 else ""
            for _, alike in groupby(items, _matter):
                same = tuple(alike)
                yield self._item(number + 1, same, shared, kind, title)
                number += len(same)

    def _item(
        self, number: int, alike: tuple[Finding, ...], shared: str, kind: str, document: str
    ) -> CorrectionItem:
        finding = alike[0]
        about = finding.finding_type
        files = [self._file(finding.source)] if finding.source != shared else []
        where = "，".join(filter(None, (_locations(alike, kind), *files)))
        return CorrectionItem(
            first=number,
            findings=alike,
            kind=kind,
            document=document,
            file=self._file(shared),
            title=about.title,
            clause=formatting.format_clause_part(about.clause_for(kind)),
            where=where or ("全件" if shared else formatting.MISSING),
            expected=self._redact(finding.expected),
            found=self._redact(_matter(finding)[-1]),
            advice=TO_UNIT.get(finding.code, about.advice),
        )

    def _redact(self, text: str) -> str:
        return formatting.redact_for_unit(text, self._state, self._standing.unit.code)

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
        document = "专栏来稿" if finding.source.startswith(f"{COLUMN_FOLDER}/") else "来件与文件"
        return _KIND_ORDER.index("mail"), "mail", document

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
    found = _FIGURES_QUOTED.sub(r"\1", finding.found)
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
