"""Parser of OpenDocument spreadsheets (.ods), which store each cell as it is shown."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.common.resource_limits import MAX_WORKBOOK_BYTES
from kjfp_helpers.intake.documents.document_model import Unreadable
from kjfp_helpers.intake.documents.grid_model import Grid
from kjfp_helpers.intake.documents.workbooks.cell_values import (
    MAX_COLUMNS,
    MAX_ROWS,
    RawCell,
    RawSheet,
)
from kjfp_helpers.intake.documents.workbooks.xlsx_styles import mark_text
from kjfp_helpers.intake.documents.xml_elements import get_attribute, local_name, parse_part
from kjfp_helpers.intake.files.ooxml_package import OfficePackage

_PLAIN_NUMBER = re.compile(r"[-+]?[\d,，]*\.?\d*")
_NUMERIC_TYPES = ("float", "currency", "percentage")
_LENGTH = re.compile(r"([\d.]+)(cm|mm|in|pt|pc)")
_MILLIMETRES = {"cm": 10.0, "mm": 1.0, "in": 25.4, "pt": 0.353, "pc": 4.23}
_DATE_PART = re.compile(r"\d+|[A-Za-z]{3,}")
_MIN_SIZE = 0.5
"""Columns and rows below this many millimetres are hidden."""


@dataclass(frozen=True, slots=True)
class _Style:
    """Effects of a style: ``size`` in millimetres of a row or column, ``None`` if not set.

    ``is_white`` is white text on white ground.
    """

    is_raised: bool = False
    is_struck: bool = False
    is_hidden: bool = False
    is_white: bool = False
    size: float | None = None


_PLAIN = _Style()


def parse_ods(package: OfficePackage) -> list[Grid]:
    """Parse the sheets of an .ods.

    Raises
    ------
    Unreadable
        When ``content.xml`` is missing or no XML.
    """
    root = parse_part(package, "content.xml", MAX_WORKBOOK_BYTES)
    if root is None:
        raise Unreadable("content.xml")
    styles = {
        get_attribute(element, "name"): _read_style(element) for element in root.iter("{*}style")
    }
    tables = [
        element
        for element in root.iter("{*}table")
        if local_name(element.getparent()) == "spreadsheet"
    ]
    return [_read_sheet(table, styles) for table in tables]


def _read_style(element: etree._Element) -> _Style:
    is_raised = is_struck = is_hidden = is_white = is_coloured = False
    size: float | None = None
    for properties in element:
        position = get_attribute(properties, "text-position").split(" ")[0]
        is_raised |= position in ("super", "sub") or bool(re.fullmatch(r"-?[1-9]\d*%", position))
        is_struck |= get_attribute(properties, "text-line-through-style") not in ("", "none")
        is_hidden |= get_attribute(properties, "display") in ("false", "none")
        is_white |= get_attribute(properties, "color").lower() == "#ffffff"
        ground = get_attribute(properties, "background-color").lower()
        is_coloured |= ground not in ("", "transparent", "#ffffff")
        for name in ("column-width", "row-height"):
            if match := _LENGTH.fullmatch(get_attribute(properties, name)):
                size = float(match[1]) * _MILLIMETRES[match[2]]
    return _Style(is_raised, is_struck, is_hidden, is_white and not is_coloured, size)


def _read_sheet(table: etree._Element, styles: Mapping[str, _Style]) -> Grid:
    sheet = RawSheet(get_attribute(table, "name"))
    column = 0
    for element in _iter_grouped(table, "table-column"):
        count = _repeated(element, "number-columns-repeated")
        if _is_hidden(element, styles):
            sheet.hidden_columns |= set(range(column + 1, min(column + count, MAX_COLUMNS) + 1))
        column += count
    row = 0
    for element in _iter_grouped(table, "table-row"):
        count = _repeated(element, "number-rows-repeated")
        for number in range(row + 1, min(row + count, MAX_ROWS) + 1):
            if _is_hidden(element, styles):
                sheet.hidden_rows.add(number)
            if not _read_row(sheet, number, element, styles):
                break  # a blank row is blank however often it is repeated
        row += count
    style = styles.get(get_attribute(table, "style-name"), _PLAIN)
    return sheet.to_grid(is_hidden=style.is_hidden)


def _iter_grouped(parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Yield rows or columns, also inside groups and head rows."""
    for child in parent:
        name = local_name(child)
        if name == wanted:
            yield child
        elif name.startswith("table-") and name.endswith(("-group", "rows", "columns")):
            yield from _iter_grouped(child, wanted)


def _is_hidden(element: etree._Element, styles: Mapping[str, _Style]) -> bool:
    style = styles.get(get_attribute(element, "style-name"), _PLAIN)
    is_narrow = style.size is not None and style.size < _MIN_SIZE
    return is_narrow or get_attribute(element, "visibility") in ("collapse", "filter")


def _repeated(element: etree._Element, name: str) -> int:
    text = get_attribute(element, name)
    return int(text) if text.isdecimal() and 0 < len(text) < 9 and int(text) else 1


def _read_row(
    sheet: RawSheet, row: int, element: etree._Element, styles: Mapping[str, _Style]
) -> bool:
    """Read the cells of a row; return whether any is filled."""
    column, is_filled = 1, False
    for item in element:
        if local_name(item) not in ("table-cell", "covered-table-cell"):
            continue
        count = _repeated(item, "number-columns-repeated")
        cell = _read_cell(item, styles) if local_name(item) == "table-cell" else None
        for index in range(column, min(column + count, MAX_COLUMNS + 1)):
            if cell is not None:
                sheet.cells[row, index] = cell
                is_filled = True
            sheet.pictures += [(row, index)] * sum(
                local_name(child) == "image" for child in item.iter()
            )
        height, width = (
            _repeated(item, "number-rows-spanned"),
            _repeated(item, "number-columns-spanned"),
        )
        if height > 1 or width > 1:
            sheet.add_merged((row, column), (row + height - 1, column + width - 1))
        column += count
    return is_filled


def _read_cell(element: etree._Element, styles: Mapping[str, _Style]) -> RawCell | None:
    has_comment = any(local_name(child) == "annotation" for child in element)
    text = "\n".join(
        _paragraph_text(child, styles)
        for child in element.iter("{*}p", "{*}h")
        if not any(local_name(outer) == "annotation" for outer in child.iterancestors())
    ).strip()
    value = _value_of(element, text)
    if value is None and not has_comment:
        return None
    style = styles.get(get_attribute(element, "style-name"), _PLAIN)
    if isinstance(value, str):
        value = mark_text(value, is_struck=False, is_raised=style.is_raised)
    is_unseen = not text and any(local_name(child) == "p" for child in element)
    stored, shown = _number_of(get_attribute(element, "value")), ""
    if value == text and stored is not None and _PLAIN_NUMBER.fullmatch(text):
        value, shown = stored, text  # another number than the one that is stored
    is_white = style.is_white or is_unseen
    return RawCell(value, "", style.is_struck, is_white, has_comment, shown)


def _paragraph_text(element: etree._Element, styles: Mapping[str, _Style]) -> str:
    """Return the text of a paragraph with the markers of its runs."""
    parts = [element.text or ""]
    for child in element:
        name = local_name(child)
        if name == "s":
            parts.append(" " * _repeated(child, "c"))
        elif name == "span":
            style = styles.get(get_attribute(child, "style-name"), _PLAIN)
            parts.append(
                mark_text(
                    _paragraph_text(child, styles),
                    is_struck=style.is_struck,
                    is_raised=style.is_raised,
                )
            )
        elif name == "line-break":
            parts.append("\n")
        elif name not in ("annotation", "annotation-end", "frame"):
            parts.append(_paragraph_text(child, styles))
        parts.append(child.tail or "")
    return text_markers.INVISIBLE_CHARS_BUT_MARKERS.sub("", "".join(parts))


def _value_of(element: etree._Element, text: str) -> Any:
    """Return the value of a cell: a plain number, a whole date, or else the text it shows."""
    kind = get_attribute(element, "value-type")
    if kind in _NUMERIC_TYPES:
        number = _number_of(get_attribute(element, "value"))
        is_plain = _PLAIN_NUMBER.fullmatch(text) and not re.match(r"-?0\d", text)
        if number is None or not text:
            return number if number != 0 else None
        shown = _number_of(re.sub("[,，]", "", text)) if is_plain else None
        return number if shown is not None and abs(shown - number) < 1 else text
    if kind == "date":
        return _date_of(get_attribute(element, "date-value"), text)
    if kind == "boolean":
        return get_attribute(element, "boolean-value") == "true"
    return text or None


def _date_of(stored: str, text: str) -> datetime | str | None:
    """Return the date of a cell that shows year, month and day; else what it shows of it.

    >>> _date_of("2020-07-10", "10-Jul-20"), _date_of("2020-07-01", "Jul-20")
    (datetime.datetime(2020, 7, 10, 0, 0), '2020年7月')
    """
    try:
        moment = datetime.fromisoformat(stored)
    except ValueError:
        return text or None
    if len(_DATE_PART.findall(text)) >= 3:
        return moment
    is_month = re.fullmatch(r"[A-Za-z]{3,}\W+\d{2,4}", text)
    return f"{moment.year}年{moment.month}月" if is_month else text or None


def _number_of(text: str) -> int | float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number == int(number) and abs(number) < 1e15 else number
