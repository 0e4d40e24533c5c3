"""Layout of a visit form's sheet, shared by writer and parser: which entry stands in which cell."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kjfp_helpers.notice.spot_check.visit_form import (
    FIGURE_ENTRIES,
    ISSUE_ENTRIES,
    QUESTION_ENTRIES,
    VISIT_ENTRIES,
    FormRow,
    form_rows,
)
from kjfp_helpers.rules import Round

FORM_SHEET, GUIDE_SHEET = "检查表", "填写说明"
LAST = "I"
WIDTHS = {"A": 31, "B": 11, "C": 11, "D": 12, "E": 11, "F": 11, "G": 11, "H": 34, "I": 22}
STAMP_CELLS = {"unit": "B3", "checker": "B4", "number": "B5"}
"""Cells of the guide that say whose form this is and which of the round's."""
FIRST_ROW = 4

_COLUMNS = {
    "figure": {"found": "D", "sampled": "F", "wrong": "G", "evidence": "H", "photos": "I"},
    "question": {"answer": "D", "note": "E", "evidence": "H", "photos": "I"},
    "issue": {"text": "B", "case": "F", "evidence": "H", "photos": "I"},
}
_SPANS = {"question": ("A:C", "E:G"), "issue": ("B:E", "F:G"), "visit": (f"B:{LAST}",)}
_HEADINGS = {
    "figure": {
        "A": "核实的数字",
        "B": "任务目标",
        "C": "上报数",
        "D": FIGURE_ENTRIES["found"][0],
        "E": "差额\n（自动）",
        "F": FIGURE_ENTRIES["sampled"][0],
        "G": FIGURE_ENTRIES["wrong"][0],
        "H": FIGURE_ENTRIES["evidence"][0],
        "I": FIGURE_ENTRIES["photos"][0],
    },
    "question": {
        "A": "核实的事项",
        "D": QUESTION_ENTRIES["answer"][0],
        "E": QUESTION_ENTRIES["note"][0],
        "H": QUESTION_ENTRIES["evidence"][0],
        "I": QUESTION_ENTRIES["photos"][0],
    },
    "issue": {
        "A": "序号",
        "B": ISSUE_ENTRIES["text"][0],
        "F": ISSUE_ENTRIES["case"][0],
        "H": ISSUE_ENTRIES["evidence"][0],
        "I": ISSUE_ENTRIES["photos"][0],
    },
}


@dataclass(frozen=True, kw_only=True)
class SheetLine:
    """A line of the sheet: a banner, headings, or a row of the form with its entries' cells.

    ``spans`` are the ranges of merged cells, ``cells`` map entries to coordinates.
    """

    row: int
    kind: str
    text: str = ""
    form_row: FormRow | None = None
    headings: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    spans: tuple[str, ...] = ()


def sheet_lines(round: Round) -> Iterator[SheetLine]:
    """Yield the lines of the sheet below its title, from :data:`FIRST_ROW` on."""
    for row, line in enumerate(_plan(round), start=FIRST_ROW):
        kind, text, form_row = line
        spans = _SPANS.get(kind.removesuffix("_head"), ())
        yield SheetLine(
            row=row,
            kind=kind,
            text=text,
            form_row=form_row,
            headings=_HEADINGS.get(kind.removesuffix("_head"), {})
            if kind.endswith("_head")
            else {},
            cells=_cells(kind, form_row, row) if form_row else {},
            spans=tuple(_at_row(span, row) for span in spans),
        )


def _plan(round: Round) -> Iterator[tuple[str, str, FormRow | None]]:
    """Yield kind, text and row of the form of each line."""
    rule, rows = round.notice.spot_check, form_rows(round)
    for number, head in enumerate(rule.heads, start=1):
        yield "banner", f"{'一二三四五六七八九'[number - 1]}、{head}（条款{rule.clause}）", None
        for kind in ("figure", "question"):
            own = [row for row in rows if row.head == number and _kind(row) == kind]
            if own:
                yield f"{kind}_head", "", None
                yield from ((kind, row.title, row) for row in own)
    yield "banner", "检查中发现的其他问题（没有的留空）", None
    yield "issue_head", "", None
    yield from ((_kind(row), row.title, row) for row in rows if _kind(row) == "issue")
    yield "banner", "检查情况", None
    visit = next(row for row in rows if _kind(row) == "visit")
    for column, (title, _) in visit.entries.items():
        part = FormRow(
            name=visit.name, head=0, title=title, entries={column: VISIT_ENTRIES[column]}
        )
        yield "visit", title, part


def _kind(row: FormRow) -> str:
    if row.name == "visit":
        return "visit"
    if row.entries is ISSUE_ENTRIES:
        return "issue"
    return "figure" if row.entries is FIGURE_ENTRIES else "question"


def _cells(kind: str, row: FormRow, at: int) -> dict[str, str]:
    columns = _COLUMNS.get(kind) or {column: "B" for column in row.entries}
    return {row.key(column): f"{letter}{at}" for column, letter in columns.items()}


def _at_row(span: str, row: int) -> str:
    first, last = span.split(":")
    return f"{first}{row}:{last}{row}"
