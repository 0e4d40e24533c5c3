"""Parser of .xlsx workbooks with lxml: values, formats, hidden rows and columns, comments.

Style sheets and document properties that other programs leave malformed are no hindrance: only
what is needed is read.
"""

import io
from collections.abc import Iterator
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
    iter_range,
    parse_reference,
)
from kjfp_helpers.intake.documents.workbooks.number_formats import date_of_serial, is_date_format
from kjfp_helpers.intake.documents.workbooks.xlsx_drawings import place_drawings, read_comments
from kjfp_helpers.intake.documents.workbooks.xlsx_styles import (
    PLAIN_STYLE,
    CellStyle,
    mark_text,
    read_styles,
    rich_text,
    unescape_text,
)
from kjfp_helpers.intake.documents.xml_elements import (
    FALSE_VALUES,
    get_attribute,
    local_name,
    parse_part,
)
from kjfp_helpers.intake.files.ooxml_package import OfficePackage

_MIN_WIDTH, _MIN_HEIGHT = 0.5, 1.0
"""Columns (in characters) and rows (in points) below these are hidden."""


def parse_xlsx(package: OfficePackage) -> list[Grid]:
    """Parse the worksheets of a .xlsx, formulas as their cached results.

    Raises
    ------
    Unreadable
        When the workbook itself, or a part that it needs, is no XML.
    """
    main = package.main_part("xl/workbook.xml")
    root = parse_part(package, main, MAX_WORKBOOK_BYTES)
    if root is None:
        raise Unreadable("workbook")
    relations = package.relations_of(main)
    targets = {relation.id: relation.target for relation in relations}
    part_by_kind = {relation.kind: relation.target for relation in relations}
    styles = part_by_kind.get("styles", "xl/styles.xml")
    reader = _SheetReader(
        package,
        _read_strings(package, part_by_kind.get("sharedStrings", "xl/sharedStrings.xml")),
        read_styles(parse_part(package, styles, MAX_WORKBOOK_BYTES)),
        is_1904=any(
            _is_on(element, "date1904") for element in root if local_name(element) == "workbookPr"
        ),
    )
    sheets = [element for group in root if local_name(group) == "sheets" for element in group]
    grids = [
        reader.read(
            get_attribute(sheet, "name"),
            targets.get(_relation_id(sheet), ""),
            is_hidden=get_attribute(sheet, "state") not in ("", "visible"),
        )
        for sheet in sheets
    ]
    return [grid for grid in grids if grid is not None]


def _relation_id(element: etree._Element) -> str:
    return next(
        (str(value) for key, value in element.attrib.items() if str(key).endswith("}id")), ""
    )


def _is_on(element: etree._Element, name: str) -> bool:
    value = get_attribute(element, name).lower()
    return bool(value) and value not in FALSE_VALUES


def _read_strings(package: OfficePackage, part: str) -> list[str]:
    root = parse_part(package, part, MAX_WORKBOOK_BYTES)
    return [] if root is None else [rich_text(item) for item in root if local_name(item) == "si"]


class _SheetReader:
    """Reads the sheets of one workbook."""

    def __init__(
        self, package: OfficePackage, strings: list[str], styles: list[CellStyle], *, is_1904: bool
    ) -> None:
        self._package = package
        self._strings = strings
        self._styles = styles
        self._is_1904 = is_1904

    def read(self, title: str, part: str, *, is_hidden: bool) -> Grid | None:
        """Return a worksheet as grid, ``None`` for charts and missing parts."""
        data = self._package.read_part(part, MAX_WORKBOOK_BYTES)
        if data is None:
            return None
        sheet = RawSheet(title)
        names = {self._read_element(sheet, item) for item in _iter_sheet_elements(data)}
        if "chart" in names:
            return None
        if "tablePart" in names:  # its style colours the head row, which no cell style tells
            for cell in sheet.cells.values():
                cell.is_white = False
        for relation in self._package.relations_of(part):
            if relation.kind == "drawing":
                place_drawings(self._package, relation.target, sheet)
            elif relation.kind in ("comments", "threadedComment"):
                read_comments(self._package, relation.target, sheet)
        return sheet.to_grid(is_hidden=is_hidden)

    def _read_element(self, sheet: RawSheet, element: etree._Element) -> str:
        """Read a row, column or merged range; return the name of the element."""
        name = local_name(element)
        if name == "row":
            self._read_row(sheet, element)
        elif name == "col":
            _read_column(sheet, element)
        elif name == "mergeCell":
            corners = list(iter_range(get_attribute(element, "ref")))
            if corners:
                sheet.add_merged(corners[0], corners[-1])
        return name

    def _read_row(self, sheet: RawSheet, element: etree._Element) -> None:
        number = get_attribute(element, "r")
        row = int(number) if number.isdecimal() and len(number) < 9 else sheet.last_row + 1
        sheet.last_row = row
        if row > MAX_ROWS:
            return
        if _is_on(element, "hidden") or _is_below(get_attribute(element, "ht"), _MIN_HEIGHT):
            sheet.hidden_rows.add(row)
        column = 0
        for item in element:
            if local_name(item) != "c":
                continue
            position = parse_reference(get_attribute(item, "r"))
            column = position[1] if position else column + 1
            if column <= MAX_COLUMNS:
                self._read_cell(sheet, (row, column), item)

    def _read_cell(
        self,
        sheet: RawSheet,
        position: tuple[int, int],
        element: etree._Element,
    ) -> None:
        index = get_attribute(element, "s")
        style = PLAIN_STYLE
        if index.isdecimal() and len(index) < 9 and int(index) < len(self._styles):
            style = self._styles[int(index)]
        children = {local_name(child): child for child in element}
        formula = children.get("f")
        value = self._value_of(get_attribute(element, "t"), children, style)
        if formula is not None and "DISPIMG" in (formula.text or "").upper():
            value = formula.text  # its result is an error where Excel saved the book
        elif value is None and formula is not None:
            sheet.uncached.add(sheet.location(position))
        if value is not None:
            sheet.cells[position] = RawCell(
                value, style.number_format, style.is_struck, style.is_white
            )

    def _value_of(self, kind: str, children: dict[str, etree._Element], style: CellStyle) -> Any:
        """Return the value of a cell by its type, ``None`` for a blank one."""
        if kind == "inlineStr":
            text = rich_text(children["is"]) if "is" in children else ""
            return mark_text(text, is_struck=False, is_raised=style.is_raised) or None
        stored = children["v"].text if "v" in children else None
        if stored is None:
            return None
        if kind == "s":
            index = int(stored) if stored.strip().isdecimal() and len(stored) < 9 else -1
            text = self._strings[index] if 0 <= index < len(self._strings) else ""
            return mark_text(text, is_struck=False, is_raised=style.is_raised) or None
        if kind in ("str", "e"):
            return text_markers.INVISIBLE_CHARS.sub("", unescape_text(stored)) or None
        if kind == "b":
            return stored.strip() not in ("0", "false")
        return self._number_of(stored.strip(), style)

    def _number_of(self, stored: str, style: CellStyle) -> Any:
        """Return a number, or the date that its format shows it as."""
        try:
            number = int(stored) if stored.lstrip("+-").isdecimal() else float(stored)
        except ValueError:
            return _date_of_text(stored)
        if is_date_format(style.number_format):
            moment = date_of_serial(float(number), is_1904=self._is_1904)
            return number if moment is None else moment
        return number


def _date_of_text(stored: str) -> Any:
    """Return the date of a cell that stores it as text (ISO 8601)."""
    try:
        return datetime.fromisoformat(stored)
    except ValueError:
        return stored or None


def _iter_sheet_elements(data: bytes) -> Iterator[etree._Element]:
    """Yield the rows, columns, merged ranges and tables of a sheet, each freed after its use."""
    wanted = ("{*}row", "{*}col", "{*}mergeCell", "{*}tablePart", "{*}chart")
    parser = etree.iterparse(
        io.BytesIO(data),
        tag=wanted,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    for _, element in parser:
        yield element
        element.clear()


def _read_column(sheet: RawSheet, element: etree._Element) -> None:
    """Add hidden columns; a width of nothing hides a column too."""
    first, last = get_attribute(element, "min"), get_attribute(element, "max")
    if not (first.isdecimal() and last.isdecimal()):
        return
    if _is_on(element, "hidden") or _is_below(get_attribute(element, "width"), _MIN_WIDTH):
        sheet.hidden_columns |= set(range(int(first), min(int(last), MAX_COLUMNS) + 1))


def _is_below(size: str, minimum: float) -> bool:
    try:
        return bool(size) and float(size) < minimum
    except ValueError:
        return False
