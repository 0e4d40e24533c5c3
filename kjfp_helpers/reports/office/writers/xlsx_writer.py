"""Deterministic writer of .xlsx tables in one style.

Text from submissions is always written as text: a cell that would start a formula elsewhere is
marked so that Excel and WPS show it as it stands.
"""

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from kjfp_helpers.core import state_labels
from kjfp_helpers.core.text_width import text_width
from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.figures.figure import RenderedFigure
from kjfp_helpers.reports.office.writers.deterministic_zip import normalize_zip
from kjfp_helpers.selection.ranking.probability_labels import ALWAYS, NEVER

TITLE_FONT = Font(name="黑体", size=15)
NOTE_FONT = Font(name="宋体", size=10, color="5A606A")
ALERT_COLOUR = "B3261E"
"""Colour of what stands open."""
ALERT_FONT = Font(name="宋体", size=10, bold=True, color=ALERT_COLOUR)
HEAD_FONT = Font(name="黑体", size=11, color="FFFFFF")
BODY_FONT = Font(name="宋体", size=11)
ALERT_CELL_FONT = Font(name="宋体", size=11, bold=True, color=ALERT_COLOUR)
HEAD_FILL = PatternFill("solid", fgColor="2B6CA3")
BAND_FILL = PatternFill("solid", fgColor="F3F6FA")
THIN_BORDER = Border(*(Side(style="thin", color="C9CED6"),) * 4)
MAX_WIDTH, MIN_WIDTH = 46, 6
LINE_HEIGHT, MAX_ROW_HEIGHT = 14.5, 400
"""Height of a line of text and of the tallest row, in points."""
MAX_CELL_CHARS = 32_000
"""Excel holds 32,767 characters a cell."""
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")
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

    ``amendments`` of the frozen rules stand below every heading, ``stamp`` on every printed page.
    ``draft`` says why the workbook is a draft: it stands in red below every heading, and every
    heading and printed page is marked.

    Raises
    ------
    OutputError
        When the file cannot be written, for instance because Excel holds it open.
    """
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        tab = book.create_sheet(sheet.tab)
        note = "　".join(part for part in (draft, *amendments, sheet.note) if part)
        _fill_sheet(tab, replace(sheet, note=note), rehearsal, draft=bool(draft))
        tab.oddFooter.left.text = stamp or None
    buffer = io.BytesIO()
    book.save(buffer)
    atomic_write(path, normalize_zip(buffer.getvalue()))


def _apply_state_colour(tab: Worksheet, row: int, column_index: int, state: object) -> None:
    """Colour a cell by its state label; other texts stay uncoloured."""
    tone = state_labels.tone_of(str(state))
    if tone not in ("", state_labels.PLAIN):
        ink, ground, _ = state_labels.TONE_COLOURS[tone]
        cell = tab.cell(row, column_index)
        cell.font = Font(name=BODY_FONT.name, size=BODY_FONT.size, color=ink[1:])
        cell.fill = PatternFill("solid", fgColor=ground[1:])


def _fill_sheet(tab: Worksheet, sheet: Sheet, rehearsal: bool, *, draft: bool) -> None:
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
    for count, row in enumerate(sheet.rows, start=1):
        if sheet.page_break_key and part not in (None, row[sheet.page_break_key]):
            tab.row_breaks.append(Break(id=2 + count))
        part = row.get(sheet.page_break_key)
        for index, column in enumerate(columns, start=1):
            _write_cell(tab, 3 + count, index, row.get(column.key), column)
            _apply_state_colour(tab, 3 + count, index, row.get(column.state_key))
    _fit_columns_and_rows(tab, columns, 3 + count)
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


def _write_cell(tab: Worksheet, row: int, column_index: int, value: Any, column: Column) -> None:
    cell = tab.cell(row, column_index)
    missing = formatting.is_missing(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if missing:
        cell.value = column.blank or None
    elif is_number and column.format:
        cell.value, cell.number_format = value, column.format
    else:
        write_text(cell, ("是" if value else "否") if isinstance(value, bool) else str(value))
    cell.font = ALERT_CELL_FONT if column.alert and not missing else BODY_FONT
    cell.border = THIN_BORDER
    side = "center" if missing else "right" if is_number and column.format else "left"
    cell.alignment = Alignment(
        horizontal=side, vertical="center", wrap_text=True, indent=0 if missing else 1
    )
    if row % 2:
        cell.fill = BAND_FILL


def write_text(cell: Any, text: str) -> None:
    """Put text into a cell as text, whatever it starts with."""
    shown = formatting.remove_control_chars(text)
    cell.value = shown if len(shown) <= MAX_CELL_CHARS else shown[:MAX_CELL_CHARS] + "……（以下略）"
    cell.data_type = "s"
    cell.number_format = "@"
    if shown.startswith(FORMULA_PREFIXES):
        cell.style = "Normal"
        cell.number_format = "@"
        cell.quotePrefix = True


def estimate_row_height(text: str, width: float) -> float:
    """Return the height of a row that holds a text, in points, at a column's width."""
    rows = (math.ceil(text_width(line) / (width - 3)) for line in text.split("\n"))
    return min(LINE_HEIGHT * sum(max(row, 1) for row in rows) + 5, MAX_ROW_HEIGHT)


def _fit_columns_and_rows(tab: Worksheet, columns: Sequence[Column], last_row: int) -> None:
    """Fit widths to the text, then heights to the lines it wraps into.

    Excel and LibreOffice both leave wrapped rows one line high in a file they did not write.
    """
    lines = dict.fromkeys(range(4, last_row + 1), 1)
    for index, column in enumerate(columns, start=1):
        texts = {row: _cell_text(tab.cell(row, index).value) for row in lines}
        fitted = max(text_width(column.title), *map(text_width, texts.values()), 0) + 4
        width = column.width or min(max(fitted, MIN_WIDTH), MAX_WIDTH)
        tab.column_dimensions[get_column_letter(index)].width = width
        for row, text in texts.items():
            wrapped = (math.ceil(text_width(line) / (width - 3)) for line in text.splitlines())
            lines[row] = max(lines[row], sum(max(count, 1) for count in wrapped))
    for row, count in lines.items():
        tab.row_dimensions[row].height = min(LINE_HEIGHT * count + 3, MAX_ROW_HEIGHT)


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
