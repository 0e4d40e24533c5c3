"""Deterministic writer of .xlsx tables in one style, as users of Excel and WPS expect them.

Every sheet is a named table that can be sorted, filtered and pivoted; numbers are numbers, dates
dates, and what is missing among them an empty cell. Text from submissions is always written as
text: a cell that would start a formula elsewhere is marked so that Excel and WPS show it as it
stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from kjfp_helpers.core import state_labels
from kjfp_helpers.core.text_width import text_width
from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.charts.chart import RenderedChart
from kjfp_helpers.reports.office.writers.cell_styles import (
    ALERT_COLOUR,
    ALERT_FONT,
    BAD_GROUND,
    HEAD_FILL,
    HEAD_FONT,
    NOTE_FONT,
    THIN_BORDER,
    TITLE_FONT,
    BodyLook,
    BodyStyles,
    new_workbook,
)
from kjfp_helpers.reports.office.writers.deterministic_zip import normalize_zip
from kjfp_helpers.reports.office.writers.sheet_layout import (
    MAX_LINK_WIDTH,
    add_pictures,
    fit_columns_and_rows,
    fit_note_height,
    set_up_printing,
)
from kjfp_helpers.reports.office.writers.sheetwise_saving import save_workbook
from kjfp_helpers.selection.ranking.probability_labels import ALWAYS, NEVER

MAX_CELL_CHARS = 32_000
"""Excel holds 32,767 characters a cell."""
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")
TEXT_FORMAT = "@"
COUNT_FORMAT, SCORE_FORMAT, SHARE_FORMAT = "#,##0", "0.00", "0%"
RATE_FORMAT = "0.0%"
DATE_FORMAT, MINUTE_FORMAT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
EMPTY = "（无）"
"""What stands in a table without rows."""
NUMBER_FORMAT = "0"
"""A whole number that is a name: a year, a receipt."""
FIRST_ROW = 4
"""Row of the first body cell, below banner, note and headings."""
PROBABILITY_FORMAT = f'[>{ALWAYS}]"{ALWAYS:.0%}以上";[<{NEVER}]"{NEVER:.0%}以下";0%'
"""A chance (0-1) as ``chance_text`` writes it."""


@dataclass(frozen=True)
class Column:
    """One column: key in the rows, heading, number format (text when blank), width (or fitted).

    ``state_key`` is the key of the state word whose colour the cells take. What stands in an
    ``alert`` column is red; ``blank`` stands for a missing value in a column of texts. ``link_key``
    is the key of where the cells lead, but for texts longer than a line: a path beside the
    workbook, or ``#`` and a cell of it. Of ``choices`` one may be chosen in each cell, which takes
    the colour of the state that it names. A number ``below`` a limit turns red by a rule of the
    sheet. What is not ``printed``, such as where a figure comes from, stands at the right, in one
    line, outside the printed pages.
    """

    key: str
    title: str
    format: str = ""
    width: float | None = None
    state_key: str = ""
    alert: bool = False
    blank: str = formatting.MISSING
    link_key: str = ""
    choices: Sequence[str] = ()
    below: float | None = None
    printed: bool = True


@dataclass(frozen=True)
class Sheet:
    """One sheet: tab name, heading, columns and rows; ``note`` stands below the heading.

    ``pictures`` stand below the rows. With ``page_break_key`` a new page begins wherever the value
    of that key changes. ``zoom`` (percent) is how large a screen shows it. Headings differ. A long
    sheet of narrow columns takes fewer pages ``upright``.
    """

    tab: str
    title: str
    columns: Sequence[Column]
    rows: Iterable[Mapping[str, Any]]
    note: str = ""
    pictures: Sequence[RenderedChart] = ()
    page_break_key: str = ""
    zoom: int = 100
    upright: bool = False

    @property
    def printed(self) -> int:
        """The number of the columns that are printed, the first ones."""
        return sum(column.printed for column in self.columns)


def write_workbook(
    path: Path,
    sheets: Iterable[Sheet],
    *,
    rehearsal: bool,
    amendments: Sequence[str] = (),
    stamp: str = "",
    draft: str = "",
) -> None:
    """Write the sheets as a workbook; the file is replaced whole or not at all.

    The other parameters are those of :func:`build_workbook`.

    Raises
    ------
    OutputError
        When the file cannot be written, for instance because Excel holds it open.
    """
    book = build_workbook(
        sheets, rehearsal=rehearsal, amendments=amendments, stamp=stamp, draft=draft
    )
    atomic_write(path, book)


def build_workbook(
    sheets: Iterable[Sheet],
    *,
    rehearsal: bool,
    amendments: Sequence[str] = (),
    stamp: str = "",
    draft: str = "",
) -> bytes:
    """Return the sheets as a workbook.

    ``amendments`` of the frozen rules stand below every heading, ``stamp`` on every printed page.
    ``draft`` says why the workbook is a draft: it stands in red below every heading, and every
    heading and printed page is marked.
    """
    book, styles, listed = new_workbook(), BodyStyles(), list(sheets)
    book.properties.title = next((sheet.title for sheet in listed if sheet.title), None)
    book.remove(book.active)
    for sheet in listed:
        book.create_sheet(sheet.tab)
    waiting = iter(listed)

    def fill_next(tab: Worksheet) -> None:
        sheet = next(waiting)
        note = "　".join(part for part in (draft, *amendments, sheet.note) if part)
        _fill_sheet(tab, replace(sheet, note=note), rehearsal, styles, draft=bool(draft))
        tab.oddFooter.left.text = stamp or None

    return normalize_zip(save_workbook(book, fill_next))


def _fill_sheet(
    tab: Worksheet, sheet: Sheet, rehearsal: bool, styles: BodyStyles, *, draft: bool
) -> None:
    columns, printed = sheet.columns, sheet.printed
    last, edge = get_column_letter(len(columns)), get_column_letter(printed)
    mark = (f"【{formatting.REHEARSAL}】" if rehearsal else "") + (
        f"【{formatting.DRAFT}】" if draft else ""
    )
    write_banner(tab, 1, edge, mark + sheet.title, TITLE_FONT, 30)
    write_banner(tab, 2, edge, sheet.note, ALERT_FONT if draft else NOTE_FONT, 18)
    for index, column in enumerate(columns, start=1):
        cell = tab.cell(3, index, column.title)
        cell.font, cell.fill, cell.border = HEAD_FONT, HEAD_FILL, THIN_BORDER
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cells = _fill_rows(tab, sheet, styles)
    _add_choices(tab, columns, len(cells))
    _colour_by_rule(tab, columns, len(cells))
    titles, widths = [one.title for one in columns], [one.width for one in columns]
    fit_columns_and_rows(tab, titles, widths, cells, printed=printed, upright=sheet.upright)
    fit_note_height(tab, sheet.note, printed)
    tab.freeze_panes = f"A{FIRST_ROW}"
    tab.sheet_view.zoomScale = sheet.zoom
    table = Table(
        displayName=f"表_{sheet.tab}", ref=f"A3:{last}{FIRST_ROW - 1 + max(len(cells), 1)}"
    )
    tab.add_table(table)
    across = add_pictures(tab, sheet.pictures, FIRST_ROW + 1 + len(cells))
    set_up_printing(tab, landscape=across and not sheet.upright)
    tab.print_title_rows = "3:3"
    if printed < len(columns):
        tab.print_area = f"A1:{edge}{FIRST_ROW - 1 + max(len(cells), 1)}"
    if draft:
        header = tab.oddHeader.center
        header.text, header.color, header.size = f"{formatting.DRAFT}，不得公布", ALERT_COLOUR, 16
        tab.page_margins.header, tab.page_margins.top = 0.3, 0.8


def _fill_rows(tab: Worksheet, sheet: Sheet, styles: BodyStyles) -> list[list[Cell]]:
    """Write the rows; where there is none, say so."""
    cells: list[list[Cell]] = []
    part = None
    for row_number, row in enumerate(sheet.rows, start=FIRST_ROW):
        if sheet.page_break_key and part not in (None, row[sheet.page_break_key]):
            tab.row_breaks.append(Break(id=row_number - 1))
        part = row.get(sheet.page_break_key)
        cells.append([tab.cell(row_number, index + 1) for index in range(len(sheet.columns))])
        for cell, column in zip(cells[-1], sheet.columns, strict=True):
            look = _write_value(cell, column, row)
            styles.apply(cell, look if column.printed else look._replace(wraps=False))
            if look.link:
                _link(cell, row[column.link_key])
    if not cells:
        tab.cell(FIRST_ROW, 1, EMPTY).font = NOTE_FONT
    return cells


def _colour_by_rule(tab: Worksheet, columns: Sequence[Column], rows: int) -> None:
    """Let the sheet itself turn numbers below a limit red, also those that are typed over."""
    for index, column in enumerate(columns, start=1):
        if column.below is not None and rows:
            letter = get_column_letter(index)
            first = f"{letter}{FIRST_ROW}"  # a blank cell is no number below anything
            rule = FormulaRule(
                formula=[f"AND(ISNUMBER({first}),{first}<{column.below})"],
                font=Font(color=ALERT_COLOUR, bold=True),
                fill=PatternFill(bgColor=BAD_GROUND),
            )
            tab.conditional_formatting.add(
                f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW - 1 + rows}", rule
            )


def _add_choices(tab: Worksheet, columns: Sequence[Column], count: int) -> None:
    """Offer the choices of a column, and colour what is chosen."""
    for index, column in enumerate(columns, start=1):
        if not column.choices or not count:
            continue
        letter = get_column_letter(index)
        area = f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW - 1 + count}"
        offer = DataValidation(
            type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True
        )
        offer.errorTitle, offer.error = "请选择", f"请填{'、'.join(column.choices)}之一"
        offer.showErrorMessage = True
        offer.add(area)
        tab.add_data_validation(offer)
        for choice in column.choices:
            if tone := state_labels.tone_of(choice):
                ink, ground, _ = state_labels.TONE_COLOURS[tone]
                fill = PatternFill("solid", bgColor=ground[1:])
                rule = CellIsRule("equal", [f'"{choice}"'], font=Font(color=ink[1:]), fill=fill)
                tab.conditional_formatting.add(area, rule)


def _is_link(cell: Cell, column: Column, row: Mapping[str, Any]) -> bool:
    """Whether a cell leads elsewhere: it knows where, and its text stands in one line."""
    if not column.link_key or not row.get(column.link_key) or cell.value is None:
        return False
    return text_width(str(cell.value)) <= MAX_LINK_WIDTH


def _link(cell: Cell, target: str) -> None:
    """Let a cell lead to a cell of the workbook (after ``#``), or to a file beside it."""
    inside = target.startswith("#")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target[1:]) if inside else target


def link_to(tab: str, row: int) -> str:
    """Return a link to a row of a sheet of the same workbook."""
    return f"#{quote_sheetname(tab)}!A{row}"


def write_banner(tab: Worksheet, row: int, last: str, text: str, font: Font, height: float) -> None:
    """Write a line of text across the sheet."""
    if last != "A":
        tab.merge_cells(f"A{row}:{last}{row}")
    cell = tab.cell(row, 1)
    write_text(cell, text)
    cell.font, cell.alignment = font, Alignment(horizontal="left", vertical="center")
    tab.row_dimensions[row].height = height


def _write_value(cell: Any, column: Column, row: Mapping[str, Any]) -> BodyLook:
    """Put the value of a column into a body cell; return how the cell is to look."""
    value = row.get(column.key)
    missing, quoted = is_missing(value), False
    counted = isinstance(value, int | float) and not isinstance(value, bool) and column.format
    is_number = bool(counted) or isinstance(value, date)
    if missing:
        cell.value = None if column.format else column.blank or None
    elif is_number:
        cell.value = value.replace(tzinfo=None) if isinstance(value, datetime) else value
    else:
        text = ("是" if value else "否") if isinstance(value, bool) else str(value)
        quoted = _set_text(cell, text)
    tone = state_labels.tone_of(str(row.get(column.state_key))) if column.state_key else ""
    return BodyLook(
        side="center" if missing else "right" if is_number else "left",
        number_format="" if missing else column.format or DATE_FORMAT if is_number else TEXT_FORMAT,
        alert=column.alert and not missing,
        band=cell.row % 2 == 1,
        tone="" if tone == state_labels.PLAIN else tone,
        quoted=quoted,
        link=_is_link(cell, column, row),
    )


def write_text(cell: Any, text: str) -> None:
    """Put text into a cell as text, whatever it starts with."""
    if _set_text(cell, text):
        cell.style = "Normal"
        cell.quotePrefix = True
    cell.number_format = TEXT_FORMAT


def _set_text(cell: Any, text: str) -> bool:
    """Put text into a cell, cut where Excel ends; return whether it begins like a formula."""
    shown = formatting.remove_control_chars(text)
    cell.value = shown if len(shown) <= MAX_CELL_CHARS else shown[:MAX_CELL_CHARS] + "……（以下略）"
    cell.data_type = "s"
    return shown.startswith(FORMULA_PREFIXES)
