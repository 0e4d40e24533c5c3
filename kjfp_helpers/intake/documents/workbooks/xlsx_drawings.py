"""Pictures, text boxes and comments that lie over the cells of a .xlsx sheet."""

from collections.abc import Iterator

from lxml import etree

from kjfp_helpers.intake.common.resource_limits import MAX_WORKBOOK_BYTES
from kjfp_helpers.intake.documents.workbooks.cell_values import RawCell, RawSheet, parse_reference
from kjfp_helpers.intake.documents.xml_elements import get_attribute, local_name, parse_part
from kjfp_helpers.intake.files.ooxml_package import OfficePackage

_ANCHORS = ("{*}twoCellAnchor", "{*}oneCellAnchor")


def place_drawings(package: OfficePackage, part: str, sheet: RawSheet) -> None:
    """Add the pictures and text boxes of a drawing to a sheet, at the cells of their centres."""
    root = parse_part(package, part, MAX_WORKBOOK_BYTES)
    for anchor in () if root is None else root.iter(*_ANCHORS):
        corners = [
            corner
            for child in anchor
            if local_name(child) in ("from", "to") and (corner := _corner(child))
        ]
        if not corners:
            continue
        (top, left), (bottom, right) = corners[0], corners[-1]
        centre = (top + bottom) // 2 + 1, (left + right) // 2 + 1
        if any(local_name(item) == "pic" for item in anchor.iter()):
            sheet.pictures.append(centre)
        if text := "\n".join(_iter_lines(anchor)).strip():
            sheet.text_boxes.append((centre, text))


def _corner(element: etree._Element) -> tuple[int, int] | None:
    """Return row and column of a corner, from 0."""
    numbers = {local_name(child): (child.text or "").strip() for child in element}
    row, column = numbers.get("row", ""), numbers.get("col", "")
    return (int(row), int(column)) if row.isdecimal() and column.isdecimal() else None


def _iter_lines(anchor: etree._Element) -> Iterator[str]:
    """Yield the paragraphs of the text boxes of an anchor."""
    for box in anchor.iter("{*}txBody"):
        for paragraph in box.iter("{*}p"):
            yield "".join(text.text or "" for text in paragraph.iter("{*}t"))


def read_comments(package: OfficePackage, part: str, sheet: RawSheet) -> None:
    """Mark the cells of a sheet that carry a comment."""
    root = parse_part(package, part, MAX_WORKBOOK_BYTES)
    for item in () if root is None else root.iter("{*}comment", "{*}threadedComment"):
        position = parse_reference(get_attribute(item, "ref"))
        if position is not None:
            sheet.cells.setdefault(position, RawCell(None)).has_comment = True
