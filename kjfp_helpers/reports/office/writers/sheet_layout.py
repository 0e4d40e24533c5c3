"""Widths, heights, pictures and printing of a sheet: readable on A4 at 8 points or more."""

import io
import math
import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from openpyxl.cell.cell import Cell
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from kjfp_helpers.core.text_width import text_width
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.charts.chart import RenderedChart

MAX_WIDTH, MIN_WIDTH = 46, 6
SHORT_TEXT, NARROW_WIDTH = 10, 8.5
"""Columns of a text that is not broken where there is room, and a column's where there is none."""
MAX_LINK_WIDTH = 36
"""Columns of the longest text that leads elsewhere: LibreOffice never breaks such a text."""
MAX_SHEET_WIDTH, MAX_UPRIGHT_WIDTH = 148, 101
"""Digits of the body's face across a sheet: A4 across, or upright, shows 11 points at 8 or more.

At 9 or more where 宋体 or the package's faces are; at 8 where digits of DejaVu Sans stand in.
"""
LINE_HEIGHT, MAX_ROW_HEIGHT = 15.9, 400
"""Height of a line of text and of the tallest row, in points; the line is that of the face with
the tallest ones that stand in for 宋体 (Noto Serif CJK), else the last of many lines is cut."""
HEAD_HEIGHT = 26.0
"""Height of the row of headings that stand in a single line, in points."""
_LONG_WORD = re.compile(r"[0-9A-Za-z.,:/_@-]{6}")
_WORD = re.compile(r"[0-9A-Za-z.,:/_@-]+|.")
"""What a line is broken between: numbers and words of letters, or single characters."""
_MAX_CODE = 12
_CODE = re.compile(rf"[A-Za-z][\w-]{{0,{_MAX_CODE - 1}}}", re.ASCII)
"""A number of a case or of an item, which is not broken."""
_PAGE_PIXELS = {True: (1000, 550), False: (700, 850)}
"""Room for a picture on a page of A4 across and upright, below the repeated heading."""
_ROW_PIXELS = 20
"""Height of an empty row."""


def fit_note_height(tab: Worksheet, note: str, columns: int) -> None:
    """Give the note below the heading as many lines as it needs at the width of the columns."""
    letters = (get_column_letter(index) for index in range(1, columns + 1))
    width = sum(tab.column_dimensions[letter].width for letter in letters)
    tab.row_dimensions[2].height = max(18, estimate_row_height(note, max(width, 40)))
    tab.cell(2, 1).alignment = Alignment(horizontal="left", vertical="center", wrap_text=True)


def add_pictures(tab: Worksheet, pictures: Sequence[RenderedChart], row: int) -> bool:
    """Put each picture on a page of its own, as large as the page; return whether across."""
    images = [(picture, Image(io.BytesIO(picture.png))) for picture in pictures]
    across = bool(sum(image.width > image.height for _, image in images) * 2 >= len(images))
    room = _PAGE_PIXELS[across]
    for picture, image in images:
        ratio = image.height / image.width
        image.width = min(picture.width, room[0], room[1] / ratio)
        image.height = image.width * ratio
        tab.row_breaks.append(Break(id=row - 1))
        tab.add_image(image, f"A{row}")
        row += math.ceil(image.height / _ROW_PIXELS) + 1
    return across


def estimate_row_height(text: str, width: float) -> float:
    """Return the height of a row that holds a text, in points, at a column's width."""
    rows = (math.ceil(text_width(line) / (width - 3)) for line in text.split("\n"))
    return min(LINE_HEIGHT * sum(max(row, 1) for row in rows) + 5, MAX_ROW_HEIGHT)


def fit_columns_and_rows(
    tab: Worksheet,
    titles: Sequence[str],
    given: Sequence[float | None],
    cells: Sequence[Sequence[Cell]],
    *,
    printed: int,
    upright: bool,
) -> None:
    """Fit widths to the text of the body cells, then heights to the lines that texts wrap into.

    Widths that are ``given`` stay unless the sheet would be too wide to print; a column of numbers
    or dates is never narrower than these. Excel and LibreOffice both leave wrapped rows one line
    high in a file they did not write. Only the first so many columns are ``printed``, on a page
    across or ``upright``; texts of the others stand in one line.
    """
    texts = [
        [_line_widths(_cell_text(row[index])) for row in cells] for index in range(len(titles))
    ]
    unbroken = [_unbroken_width(cells, at, texts[at]) for at in range(len(titles))]
    wanted = [
        max(width, whole + 1.0 if whole else 0)
        if width
        else min(max(_widest(title, lines) + 4, MIN_WIDTH), MAX_WIDTH)
        for title, width, lines, whole in zip(titles, given, texts, unbroken, strict=True)
    ]
    most = MAX_UPRIGHT_WIDTH if upright else MAX_SHEET_WIDTH
    least = _least_widths(titles[:printed], texts[:printed], unbroken[:printed], most)
    lengths = [_usual_length(lines) for lines in texts[:printed]]
    widths = [*limit_widths(wanted[:printed], most, least, lengths), *wanted[printed:]]
    heights, head = [1] * len(cells), HEAD_HEIGHT
    for index, width in enumerate(widths):
        tab.column_dimensions[get_column_letter(index + 1)].width = width
        if index >= printed:
            continue
        head = max(head, estimate_row_height(titles[index], width))
        for place, lines in enumerate(texts[index]):
            wrapped = _count_wrapped(cells[place][index], lines, width - 3)
            heights[place] = max(heights[place], wrapped)
    tab.row_dimensions[3].height = head
    for row, count in enumerate(heights, start=4):
        tab.row_dimensions[row].height = min(LINE_HEIGHT * count + 3, MAX_ROW_HEIGHT)


def _usual_length(texts: Sequence[Sequence[int]]) -> float:
    """Return the length by which a column shares the page: its mean, or a part of its longest.

    A long remark in a column that is blank else would make a row of many short lines.
    """
    lengths = [sum(lines) for lines in texts]
    return max(sum(lengths) / max(len(lengths), 1), max(lengths, default=0) / 4)


def _count_wrapped(cell: Cell, lines: Sequence[int], room: float) -> int:
    """Return the lines that a cell's text takes; a number or word in it goes on whole."""
    if all(line <= room for line in lines):
        return len(lines)
    text = _cell_text(cell)
    if not _LONG_WORD.search(text):
        return sum(max(math.ceil(line / room), 1) for line in lines)
    return sum(_wrap_line(line, room) for line in text.splitlines())


@lru_cache(maxsize=2**12)
def _wrap_line(line: str, room: float) -> int:
    count, used = 1, 0.0
    for word in _WORD.findall(line):
        width = text_width(word)
        if used and used + width > room:
            count, used = count + 1, 0.0
        whole, rest = divmod(width, room) if width > room else (0, width)
        count, used = count + int(whole), used + rest
    return count


def _least_widths(
    titles: Sequence[str],
    texts: Sequence[Sequence[Sequence[int]]],
    unbroken: Sequence[int],
    most: float,
) -> list[float]:
    """Return the least widths: what is not broken and short texts on a line, headings on two.

    Where that is more than the page, columns of text are narrower.
    """
    least = []
    for title, lines, whole in zip(titles, texts, unbroken, strict=True):
        body = max(whole, min(_widest("", lines), SHORT_TEXT))
        least.append(max(body, math.ceil(text_width(title) / 2)) + 3.0)
    if sum(least) <= most:
        return least
    pairs = list(zip(least, unbroken, strict=True))
    room = most - sum(width for width, whole in pairs if whole)
    narrow = max(MIN_WIDTH, min(NARROW_WIDTH, room / max(unbroken.count(0), 1)))
    return [width if whole else min(width, narrow) for width, whole in pairs]


def _unbroken_width(
    cells: Sequence[Sequence[Cell]], index: int, lines: Sequence[Sequence[int]]
) -> int:
    """Return the columns of the widest number, date, code or link of a column; 0 without any."""
    column = zip((row[index] for row in cells), lines, strict=True)
    return max((max(wide, default=0) for cell, wide in column if not _may_break(cell)), default=0)


def _may_break(cell: Cell) -> bool:
    """Whether a cell holds text that may go on in a second line."""
    value = cell.value
    if not isinstance(value, str):
        return value is None
    is_code = len(value) <= _MAX_CODE and _CODE.fullmatch(value) is not None
    return not is_code and cell.hyperlink is None


def _widest(title: str, lines: Sequence[Sequence[int]]) -> int:
    return max(text_width(title), *(max(row, default=0) for row in lines), 0)


def limit_widths(
    widths: Sequence[float], most: float, least: Sequence[float], lengths: Sequence[float]
) -> list[float]:
    """Return widths that add up to at most so much: columns of short texts give way first.

    What there is beyond the ``least`` widths is shared by the square root of the mean ``lengths``
    of the texts, none getting more than its width: so the rows are lowest.

    Examples
    --------
    >>> limit_widths([10, 20], 100, [6, 6], [8, 18])
    [10, 20]
    >>> limit_widths([40, 40], 50, [6, 6], [25, 100])
    [16.7, 33.3]
    """
    if sum(widths) <= most:
        return list(widths)
    roots = [math.sqrt(max(length, 1)) for length in lengths]

    def share(factor: float) -> list[float]:
        return [
            min(width, max(low, factor * root))
            for width, low, root in zip(widths, least, roots, strict=True)
        ]

    low, high = 0.0, most
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(share(middle)) <= most else (low, middle)
    return [round(width, 1) for width in share(low)]


@lru_cache(maxsize=2**12)
def _line_widths(text: str) -> tuple[int, ...]:
    """Return the width of each line; most texts of a workbook stand in many of its cells."""
    return tuple(map(text_width, text.splitlines()))


def _cell_text(cell: Cell) -> str:
    """Return about what a cell shows."""
    value = cell.value
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, int | float) and "%" in cell.number_format:
        return f"{value:.1%}"
    if isinstance(value, float):
        return formatting.format_number(value, 2)
    if isinstance(value, int):
        return f"{value:+,}" if cell.number_format.startswith("+") else f"{value:,}"
    return str(value or "")


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
