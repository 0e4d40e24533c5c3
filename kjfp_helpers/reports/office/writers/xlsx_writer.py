"""Deterministic writer of .xlsx tables in one style.

Text from submissions is always written as text: a cell that would start a formula elsewhere is
marked so that Excel and WPS show it as it stands.
"""

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from kjfp_helpers.core import state_labels
from kjfp_helpers.core.text_width import text_width
from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.figures.figure import RenderedFigure
from kjfp_helpers.reports.office.writers.cell_styles import (
    ALERT_COLOUR,
    ALERT_FONT,
    HEAD_FILL,
    HEAD_FONT,
    NOTE_FONT,
    THIN_BORDER,
    TITLE_FONT,
    BodyLook,
    BodyStyles,
)
from kjfp_helpers.reports.office.writers.deterministic_zip import normalize_zip
from kjfp_helpers.selection.ranking.probability_labels import ALWAYS, NEVER

MAX_WIDTH, MIN_WIDTH = 46, 6
LINE_HEIGHT, MAX_ROW_HEIGHT = 14.5, 400
"""Height of a line of text and of the tallest row, in points."""
MAX_CELL_CHARS = 32_000
"""Excel holds 32,767 characters a cell."""
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")
TEXT_FORMAT = "@"
COUNT_FORMAT, SCORE_FORMAT, SHARE_FORMAT = "#,##0", "0.00", "0%"
PROBABILITY_FORMAT = f'[>{ALWAYS}]"{ALWAYS:.0%}以上";[<{NEVER}]"{NEVER:.0%}以下";0%'
"""A chance (0-1) as ``chance_text`` writes it."""


@dataclass(frozen=True)
class Column:
    """One column: key in the rows, heading, number format (text when blank), width (or fitted).

    ``state_key`` is the key of the state word whose colour the cells take. What stands in an
    ``alert`` column is red; ``blank`` stands for a missing value.
    """

    key: str
    title: str
    format: str = ""
    width: float | None = None
    state_key: str = ""
    alert: bool = False
    blank: str = formatting.MISSING


@dataclass(frozen=True)
class Sheet:
    """One sheet: tab name, heading, columns and rows; ``note`` stands below the heading.

    ``pictures`` stand below the rows. With ``page_break_key`` a new page begins wherever the value
    of that key changes.
    """

    tab: str
    title: str
    columns: Sequence[Column]
    rows: Iterable[Mapping[str, Any]]
    note: str = ""
    pictures: Sequence[RenderedFigure] = ()
    page_break_key: str = ""


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
    book, styles = Workbook(), BodyStyles()
    book.remove(book.active)
    for sheet in sheets:
        tab = book.create_sheet(sheet.tab)
        note = "　".join(part for part in (draft, *amendments, sheet.note) if part)
        _fill_sheet(tab, replace(sheet, note=note), rehearsal, styles, draft=bool(draft))
        tab.oddFooter.left.text = stamp or None
    buffer = io.BytesIO()
    book.save(buffer)
    return normalize_zip(buffer.getvalue())


def _fill_sheet(
    tab: Worksheet, sheet: Sheet, rehearsal: bool, styles: BodyStyles, *, draft: bool
) -> None:
    columns = sheet.columns
    last = get_column_letter(len(columns))
    mark = (f"【{formatting.REHEARSAL}】" if rehearsal else "") + (
        f"【{formatting.DRAFT}】" if draft else ""
    )
    write_banner(tab, 1, last, mark + sheet.title, TITLE_FONT, 30)
    write_banner(tab, 2, last, sheet.note, ALERT_FONT if draft else NOTE_FONT, 18)
    for index, column in enumerate(columns, start=1):
        cell = tab.cell(3, index, column.title)
        cell.font, cell.fill, cell.border = HEAD_FONT, HEAD_FILL, THIN_BORDER
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    tab.row_dimensions[3].height = 26
    count, part = 0, None
    cells: list[list[Cell]] = []
    for count, row in enumerate(sheet.rows, start=1):
        if sheet.page_break_key and part not in (None, row[sheet.page_break_key]):
            tab.row_breaks.append(Break(id=2 + count))
        part = row.get(sheet.page_break_key)
        cells.append([tab.cell(3 + count, index + 1) for index in range(len(columns))])
        for cell, column in zip(cells[-1], columns, strict=True):
            styles.apply(cell, _write_value(cell, column, row))
    _fit_columns_and_rows(tab, columns, cells)
    _fit_note_height(tab, sheet.note)
    _add_pictures(tab, sheet.pictures, 5 + count)
    tab.freeze_panes = "A4"
    tab.auto_filter.ref = f"A3:{last}{3 + max(count, 1)}"
    set_up_printing(tab, landscape=True)
    tab.print_title_rows = "3:3"
    if draft:
        header = tab.oddHeader.center
        header.text, header.color, header.size = f"{formatting.DRAFT}，不得公布", ALERT_COLOUR, 16
        tab.page_margins.header, tab.page_margins.top = 0.3, 0.8


def _fit_note_height(tab: Worksheet, note: str) -> None:
    """Give the note below the heading as many lines as it needs at the sheet's width."""
    width = sum(column.width for column in tab.column_dimensions.values())
    tab.row_dimensions[2].height = max(18, estimate_row_height(note, max(width, 40)))
    tab.cell(2, 1).alignment = Alignment(horizontal="left", vertical="center", wrap_text=True)


def _add_pictures(tab: Worksheet, pictures: Sequence[RenderedFigure], row: int) -> None:
    """Put pictures one below the other, from a row on, each on a page of its own."""
    for picture in pictures:
        tab.row_breaks.append(Break(id=row - 1))
        image = Image(io.BytesIO(picture.png))
        image.height, image.width = image.height * picture.width / image.width, picture.width
        tab.add_image(image, f"A{row}")
        row += math.ceil(image.height * 0.75 / LINE_HEIGHT) + 2


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
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and column.format
    if missing:
        cell.value = column.blank or None
    elif is_number:
        cell.value = value
    else:
        text = ("是" if value else "否") if isinstance(value, bool) else str(value)
        quoted = _set_text(cell, text)
    tone = state_labels.tone_of(str(row.get(column.state_key))) if column.state_key else ""
    return BodyLook(
        side="center" if missing else "right" if is_number else "left",
        number_format="" if missing else column.format if is_number else TEXT_FORMAT,
        alert=column.alert and not missing,
        band=cell.row % 2 == 1,
        tone="" if tone == state_labels.PLAIN else tone,
        quoted=quoted,
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


def estimate_row_height(text: str, width: float) -> float:
    """Return the height of a row that holds a text, in points, at a column's width."""
    rows = (math.ceil(text_width(line) / (width - 3)) for line in text.split("\n"))
    return min(LINE_HEIGHT * sum(max(row, 1) for row in rows) + 5, MAX_ROW_HEIGHT)


def _fit_columns_and_rows(
    tab: Worksheet, columns: Sequence[Column], cells: Sequence[Sequence[Cell]]
) -> None:
    """Fit widths to the text of the body cells, then heights to the lines it wraps into.

    Excel and LibreOffice both leave wrapped rows one line high in a file they did not write.
    """
    heights = [1] * len(cells)
    for index, column in enumerate(columns):
        widths = [_line_widths(_cell_text(row[index].value)) for row in cells]
        fitted = max(text_width(column.title), *(max(lines, default=0) for lines in widths), 0) + 4
        width = column.width or min(max(fitted, MIN_WIDTH), MAX_WIDTH)
        tab.column_dimensions[get_column_letter(index + 1)].width = width
        for place, lines in enumerate(widths):
            wrapped = sum(max(math.ceil(line / (width - 3)), 1) for line in lines)
            heights[place] = max(heights[place], wrapped)
    for row, count in enumerate(heights, start=4):
        tab.row_dimensions[row].height = min(LINE_HEIGHT * count + 3, MAX_ROW_HEIGHT)


@lru_cache(maxsize=2**12)
def _line_widths(text: str) -> tuple[int, ...]:
    """Return the width of each line; most texts of a workbook stand in many of its cells."""
    return tuple(map(text_width, text.splitlines()))


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    return formatting.format_number(value, 2) if isinstance(value, float) else str(value)


def set_up_printing(tab: Worksheet, *, landscape: bool) -> None:
    """Set a sheet up for A4: its whole width on a page, numbered pages."""
    tab.page_setup.paperSize = tab.PAPERSIZE_A4
    tab.page_setup.orientation = "landscape" if landscape else "portrait"
    tab.page_setup.fitToWidth, tab.page_setup.fitToHeight = 1, 0
    tab.sheet_properties.pageSetUpPr.fitToPage = True
    tab.oddFooter.center.text = "第 &P 页 / 共 &N 页"
    tab.oddFooter.right.text = "&A"
    margins = tab.page_margins
    margins.left = margins.right = 0.45
    margins.top, margins.bottom = 0.6, 0.7
