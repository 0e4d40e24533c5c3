"""Parser of XML Spreadsheet 2003, which statistics systems export under the name .xls."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.documents.grid_model import Grid
from kjfp_helpers.intake.documents.workbooks.cell_values import (
    MAX_COLUMNS,
    MAX_ROWS,
    RawCell,
    RawSheet,
)
from kjfp_helpers.intake.documents.workbooks.xlsx_styles import mark_text
from kjfp_helpers.intake.documents.xml_elements import (
    find_by_path,
    get_attribute,
    local_name,
    parse_xml,
)

NAMESPACE = b"urn:schemas-microsoft-com:office:spreadsheet"
_NAMED_FORMATS = {
    "General Date": "yyyy/m/d h:mm",
    "Long Date": "yyyy年m月d日",
    "Medium Date": "d-mmm-yy",
    "Short Date": "yyyy/m/d",
    "Percent": "0%",
    "Fixed": "0.00",
    "Standard": "#,##0.00",
}


@dataclass(frozen=True, slots=True)
class _Style:
    """Number format and effects of a style."""

    number_format: str = ""
    is_struck: bool = False
    is_raised: bool = False


_PLAIN = _Style()


def parse_xml2003(data: bytes) -> list[Grid]:
    """Parse the sheets of an XML Spreadsheet 2003.

    Raises
    ------
    Unreadable
        When it is no XML, or brings its own entities.
    """
    root = parse_xml(data)
    styles = {
        get_attribute(element, "ID"): _read_style(element) for element in root.iter("{*}Style")
    }
    return [_read_sheet(element, styles) for element in root if local_name(element) == "Worksheet"]


def _read_style(element: etree._Element) -> _Style:
    number_format, is_struck, is_raised = "", False, False
    for child in element:
        if local_name(child) == "NumberFormat":
            code = get_attribute(child, "Format")
            number_format = _NAMED_FORMATS.get(code, code)
        elif local_name(child) == "Font":
            is_struck = get_attribute(child, "StrikeThrough") == "1"
            is_raised = get_attribute(child, "VerticalAlign") in ("Superscript", "Subscript")
    return _Style(number_format, is_struck, is_raised)


def _read_sheet(element: etree._Element, styles: Mapping[str, _Style]) -> Grid:
    sheet = RawSheet(get_attribute(element, "Name"))
    table = find_by_path(element, "Table")
    row = column = 0
    for child in () if table is None else table:
        if local_name(child) == "Column":
            first = _index(child, column + 1)
            column = first + _number(child, "Span")
            if get_attribute(child, "Hidden") == "1" or get_attribute(child, "Width") == "0":
                sheet.hidden_columns |= set(range(first, min(column, MAX_COLUMNS) + 1))
        elif local_name(child) == "Row":
            row = _index(child, row + 1)
            if row > MAX_ROWS:
                break
            if get_attribute(child, "Hidden") == "1" or get_attribute(child, "Height") == "0":
                sheet.hidden_rows.add(row)
            _read_row(sheet, row, child, styles)
            row += _number(child, "Span")
    visible = [item.text for item in element.iter("{*}Visible")]
    is_hidden = any(text in ("SheetHidden", "SheetVeryHidden") for text in visible)
    return sheet.to_grid(is_hidden=is_hidden)


def _read_row(
    sheet: RawSheet, row: int, element: etree._Element, styles: Mapping[str, _Style]
) -> None:
    column = 0
    for child in element:
        if local_name(child) != "Cell":
            continue
        column = _index(child, column + 1)
        if column > MAX_COLUMNS:
            return
        style = styles.get(get_attribute(child, "StyleID"), _PLAIN)
        cell = _read_cell(child, style)
        if cell is not None:
            sheet.cells[row, column] = cell
        across, down = _number(child, "MergeAcross"), _number(child, "MergeDown")
        if across or down:
            sheet.add_merged((row, column), (row + down, column + across))
            column += across


def _read_cell(element: etree._Element, style: _Style) -> RawCell | None:
    data, comment = find_by_path(element, "Data"), find_by_path(element, "Comment")
    value = None if data is None else _value_of(data)
    if value is None and comment is None:
        return None
    if isinstance(value, str):
        value = mark_text(value, is_struck=False, is_raised=style.is_raised)
    return RawCell(value, style.number_format, style.is_struck, has_comment=comment is not None)


def _value_of(data: etree._Element) -> Any:
    """Return the value of a cell by its type; text keeps raised and struck-out runs."""
    kind, text = get_attribute(data, "Type"), "".join(str(part) for part in data.itertext())
    if kind == "Number":
        try:
            number = float(text)
        except ValueError:
            return text or None
        return int(number) if number == int(number) and abs(number) < 1e15 else number
    if kind == "DateTime":
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return text or None
    if kind == "Boolean":
        return text.strip() == "1"
    return _marked_text(data).strip() or None


def _marked_text(element: etree._Element) -> str:
    name = local_name(element)
    text = text_markers.INVISIBLE_CHARS.sub("", element.text or "")
    text += "".join(
        _marked_text(child) + text_markers.INVISIBLE_CHARS.sub("", child.tail or "")
        for child in element
    )
    return mark_text(text, is_struck=name == "S", is_raised=name in ("Sup", "Sub"))


def _index(element: etree._Element, following: int) -> int:
    text = get_attribute(element, "Index")
    return int(text) if text.isdecimal() and 0 < len(text) < 8 and int(text) else following


def _number(element: etree._Element, name: str) -> int:
    text = get_attribute(element, name)
    return int(text) if text.isdecimal() and 0 < len(text) < 6 else 0
