"""A visit form as a protected workbook: the notice's heads, reported figures, boxes to fill in.

The same form gives the same bytes, so that a filled-in one can be held against a fresh blank.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from kjfp_helpers.core.state_labels import NOT_SENT
from kjfp_helpers.notice.spot_check.visit_findings import Figures
from kjfp_helpers.notice.spot_check.visit_form import ANSWERS, MAX_TEXT, EntryKind
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.spot_check.visit_layout import (
    FORM_SHEET,
    GUIDE_SHEET,
    LAST,
    STAMP_CELLS,
    WIDTHS,
    SheetLine,
    sheet_lines,
)
from kjfp_helpers.reports.office.writers.cell_styles import (
    BODY_FONT,
    HEAD_FILL,
    HEAD_FONT,
    NOTE_FONT,
    THIN_BORDER,
    TITLE_FONT,
    new_workbook,
)
from kjfp_helpers.reports.office.writers.deterministic_zip import normalize_zip
from kjfp_helpers.reports.office.writers.sheet_layout import estimate_row_height, set_up_printing
from kjfp_helpers.reports.office.writers.xlsx_writer import write_banner, write_text
from kjfp_helpers.rules import Round, Unit

INPUT_FILL, BANNER_FILL = (
    PatternFill("solid", fgColor="FFFBE6"),
    PatternFill("solid", fgColor="E6EEF6"),
)
BANNER_FONT = Font(name="黑体", size=12)
WRONG_FILL = PatternFill("solid", bgColor="FADFDD")
_HEIGHTS = {"figure": 30, "question": 34, "issue": 30, "visit": 24}
_SIGNATURES = "　　　　　　".join(
    ("检查人员（签字）：", "被检查单位负责人（签字）：", "年　　月　　日")
)
_GUIDE = """1　到“检查表”填写浅黄色的格子，其余格子已锁定；改动锁定的格子，该行不收。
2　核实数填实地查证后的数，为不带逗号和单位的整数；没有查的留空，查证为零的填 0。
3　抽核样本：抽了几个农技协、专家或贫困户逐个核对；其中不符：与上报情况不一致的个数。
4　查证依据写看了什么材料、问了什么人；照片另存为 JPG，文件名写在“照片文件名”一格，几张之间用顿号。
5　检查中发现的其他问题逐条写在“发现的问题”，涉及推荐对象的选其编号。
6　两名检查人员各填各的一份，交回后合并；两份写法不同的，由办公室逐格核对后确定。
7　可以分几次填，随时存盘；交回的仍应是 .xlsx 文件，文件名可以改，照片随表一起交。"""


@dataclass(frozen=True, kw_only=True)
class VisitForm:
    """What a blank visit form is made from; ``number`` counts the forms of the round from 1."""

    round: Round
    unit: Unit
    checker: str
    number: int
    day: str
    figures: Figures
    cases: Sequence[str]


def build_visit_workbook(form: VisitForm) -> bytes:
    """Return the blank workbook of a form."""
    book = new_workbook()
    book.remove(book.active)
    _write_guide(book.create_sheet(GUIDE_SHEET), form)
    _write_form(book.create_sheet(FORM_SHEET), form)
    for tab in book:
        tab.protection.sheet = True
        tab.protection.formatColumns = tab.protection.formatRows = False
    book.security = WorkbookProtection(lockStructure=True)
    book.active = 1
    book.properties.title = f"实地检查表 {form.number}"
    book.properties.creator = book.properties.lastModifiedBy = "kjfp"
    buffer = io.BytesIO()
    book.save(buffer)
    return normalize_zip(buffer.getvalue())


def _write_guide(tab: Worksheet, form: VisitForm) -> None:
    mark = f"【{formatting.REHEARSAL}】" if form.round.rehearsal else ""
    write_banner(tab, 1, "B", f"{mark}{form.round.notice.round.title}实地检查表", TITLE_FONT, 34)
    write_banner(tab, 2, "B", form.round.notice.round.document, NOTE_FONT, 20)
    facts = {
        "单位代码": form.unit.code,
        "检查人员": form.checker,
        "表号": str(form.number),
        "被检查单位": form.unit.name,
        "检查日期": form.day,
        "填写说明": _GUIDE,
    }
    assert list(STAMP_CELLS.values()) == ["B3", "B4", "B5"]
    tab.column_dimensions["A"].width, tab.column_dimensions["B"].width = 16, 96
    for row, (title, text) in enumerate(facts.items(), start=3):
        _write_head(tab.cell(row, 1), title)
        _write_body(tab.cell(row, 2), text)
        tab.row_dimensions[row].height = max(estimate_row_height(text, 92), 22)
    set_up_printing(tab, landscape=True)


def _write_form(tab: Worksheet, form: VisitForm) -> None:
    mark = f"【{formatting.REHEARSAL}】" if form.round.rehearsal else ""
    title = f"{mark}{form.unit.name}实地检查表"
    write_banner(tab, 1, LAST, title, TITLE_FONT, 30)
    note = f"表号 {form.number}　检查人员 {form.checker}　浅黄色格子供填写"
    write_banner(tab, 2, LAST, note, NOTE_FONT, 18)
    for letter, width in WIDTHS.items():
        tab.column_dimensions[letter].width = width
    lines = list(sheet_lines(form.round))
    for line in lines:
        for span in line.spans:
            tab.merge_cells(span)
        _write_line(tab, form, line)
    _add_rules(tab, form, lines)
    end = lines[-1].row + 2
    write_banner(
        tab,
        end,
        LAST,
        _SIGNATURES,
        BODY_FONT,
        30,
    )
    tab.freeze_panes = "B3"
    set_up_printing(tab, landscape=True)
    # On two pages, each of which says whose form it is.
    tab.page_margins.header, tab.page_margins.top = 0.3, 0.8
    tab.oddHeader.left.text = f"{form.unit.name}　表号 {form.number}　检查人员 {form.checker}"


def _write_line(tab: Worksheet, form: VisitForm, line: SheetLine) -> None:
    if line.kind == "banner":
        write_banner(tab, line.row, LAST, line.text, BANNER_FONT, 26)
        tab.cell(line.row, 1).fill = BANNER_FILL
        return
    for letter in WIDTHS:
        tab[f"{letter}{line.row}"].border = THIN_BORDER
    if line.headings:
        for letter, text in line.headings.items():
            _write_head(tab[f"{letter}{line.row}"], text)
        tab.row_dimensions[line.row].height = 36
        return
    _write_body(tab[f"A{line.row}"], line.text)
    tab.row_dimensions[line.row].height = max(
        _HEIGHTS[line.kind], estimate_row_height(line.text, WIDTHS["A"] + 20)
    )
    _write_inputs(tab, line)
    if line.kind == "figure" and line.form_row:
        _write_figures(tab, line.row, *form.figures.get(line.form_row.name, (None, None)))


def _write_inputs(tab: Worksheet, line: SheetLine) -> None:
    """Unlock and colour the boxes of a line."""
    for key, (_, kind) in _entries(line).items():
        cell = tab[line.cells[key]]
        _write_body(cell, "")
        if kind == "count":
            _centre(cell, "General")
        for part in _span_cells(tab, line, line.cells[key]):
            part.protection, part.fill = Protection(locked=False), INPUT_FILL


def _write_figures(tab: Worksheet, row: int, target: float | None, reported: float | None) -> None:
    """Write what was assigned and reported, and the formula of the difference."""
    for letter, value, absent in (("B", target, "未下达"), ("C", reported, NOT_SENT)):
        cell = tab[f"{letter}{row}"]
        _write_body(cell, absent if value is None else "")
        if value is not None:
            cell.value = value
        _centre(cell, "#,##0")
    gap = tab[f"E{row}"]
    _write_body(gap, "")
    gap.value = f'=IF(AND(ISNUMBER(D{row}),ISNUMBER(C{row})),D{row}-C{row},"")'
    _centre(gap, "#,##0")


def _centre(cell: Any, number_format: str) -> None:
    cell.number_format = number_format
    cell.alignment = Alignment(horizontal="center", vertical="center")


def _entries(line: SheetLine) -> Mapping[str, tuple[str, EntryKind]]:
    if line.form_row is None:
        return {}
    return {line.form_row.key(column): one for column, one in line.form_row.entries.items()}


def _span_cells(tab: Worksheet, line: SheetLine, at: str) -> list[Any]:
    """Return all cells of the range that begins at a cell."""
    for span in line.spans:
        if span.split(":")[0] == at:
            return [cell for row in tab[span] for cell in row]
    return [tab[at]]


def _add_rules(tab: Worksheet, form: VisitForm, lines: Sequence[SheetLine]) -> None:
    by_kind: dict[str, list[str]] = {}
    for line in lines:
        for key, (_, entry_kind) in _entries(line).items():
            by_kind.setdefault(entry_kind, []).append(line.cells[key])
    rules = {
        "count": DataValidation(
            type="whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True
        ),
        "text": DataValidation(
            type="textLength", operator="lessThanOrEqual", formula1=str(MAX_TEXT), allow_blank=True
        ),
        "answer": DataValidation(type="list", formula1=f'"{",".join(ANSWERS)}"', allow_blank=True),
    }
    if form.cases:
        rules["case"] = DataValidation(
            type="list", formula1=f'"{",".join(form.cases)}"', allow_blank=True
        )
    errors = {
        "count": "应填不小于 0 的整数，不带逗号和单位。",
        "text": f"至多{MAX_TEXT}字。",
        "answer": f"只能选：{'、'.join(ANSWERS)}。",
        "case": "只能选本单位推荐对象的编号。",
    }
    for kind, rule in rules.items():
        rule.showErrorMessage, rule.errorTitle, rule.error = True, "填写不合", errors[kind]
        for at in by_kind.get(kind, ()):
            rule.add(at)
        tab.add_data_validation(rule)
    for line in lines:
        if line.kind == "figure":
            row = line.row
            wrong = f"AND(ISNUMBER(G{row}),N(G{row})>N(F{row}))"
            tab.conditional_formatting.add(f"G{row}", FormulaRule([wrong], fill=WRONG_FILL))


def _write_head(cell: Any, text: str) -> None:
    cell.value = text
    cell.font, cell.fill, cell.border = HEAD_FONT, HEAD_FILL, THIN_BORDER
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _write_body(cell: Any, text: str) -> None:
    if text:
        write_text(cell, text)
    cell.number_format = "@"  # what is typed here stays text: no date, no formula
    cell.font, cell.border = BODY_FONT, THIN_BORDER
    cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
