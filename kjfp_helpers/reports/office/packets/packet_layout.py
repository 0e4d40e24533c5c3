"""Layout of a member's scoring workbook, shared by writer and parser."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from kjfp_helpers.core.records import NOMINEE_KINDS
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket
from kjfp_helpers.rules import Criterion

COVER_SHEET, LEVEL_SHEET = "说明", "评分标准"
SCORE_SHEETS: Mapping[str, str] = {"team": "团队评分", "individual": "个人评分"}
MATERIAL_SHEETS: Mapping[str, str] = {"team": "团队材料", "individual": "个人材料"}
STAMP_CELLS: Mapping[str, str] = {
    "member": "B3",
    "packet": "B4",
    "seq": "B5",
    "hash": "B6",
    "rules": "B7",
}
"""Cells of the cover that say whose packet this is and what it was made from."""
DECLARATION_CELL = "B9"
HEADING_ROW, FIRST_CASE_ROW = 3, 4
"""Row of the headings, and of the first case."""
RECUSED = "回避"
"""What a member chooses to step back from a case."""


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """The row of one case: the cells for its scores, comment and recusal."""

    case: str
    tab: str
    row: int
    marks: Mapping[str, str]
    total: str
    comment: str
    away: str
    reason: str

    @property
    def inputs(self) -> tuple[str, ...]:
        """Cells that the member may change."""
        return (*self.marks.values(), self.comment, self.away, self.reason)

    def place(self, cell: str) -> str:
        """Return the address of a cell of this row, with its sheet."""
        return f"{self.tab}!{cell}"


def score_headings(criteria: tuple[Criterion, ...]) -> tuple[str, ...]:
    """Return the headings of a score sheet."""
    marks = (
        f"{_break_title(criterion.title)}\n（{criterion.weight:.0%}）" for criterion in criteria
    )
    return ("材料", "要点", *marks, "总分\n（自动）", "评语", RECUSED, "回避理由")


def _break_title(title: str) -> str:
    """Break a long title into two lines of equal length."""
    half = -(-len(title) // 2)
    return title if len(title) <= 5 else f"{title[:half]}\n{title[half:]}"


def case_ids_of_kind(packet: MemberPacket, kind: str) -> list[str]:
    """Return the cases of a kind in reading order."""
    return [case for case in packet.cases if packet.cases[case].kind == kind]


def case_rows(packet: MemberPacket) -> Iterator[CaseRow]:
    """Return the row of every case."""
    for kind in NOMINEE_KINDS:
        criteria = packet.rubric.criteria(kind)
        for row, case in enumerate(case_ids_of_kind(packet, kind), start=FIRST_CASE_ROW):
            letters = iter(f"{get_column_letter(index)}{row}" for index in range(3, 99))
            yield CaseRow(
                case=case,
                tab=SCORE_SHEETS[kind],
                row=row,
                marks={criterion.id: next(letters) for criterion in criteria},
                total=next(letters),
                comment=next(letters),
                away=next(letters),
                reason=next(letters),
            )
