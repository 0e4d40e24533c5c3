"""Convert the XML of a Word body to blocks; tracked changes are accepted, placeholders dropped."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.documents.document_model import Cell, Paragraph, Table, render_table_text
from kjfp_helpers.intake.documents.docx.runs import TextContext, read_paragraph_text
from kjfp_helpers.intake.documents.xml_elements import (
    FALSE_VALUES,
    count_pictures,
    find_by_path,
    first_by_name,
    get_attribute,
    iter_children,
    local_name,
    shows_placeholder,
    val_attribute,
    value_at_path,
)

_MAX_HIDDEN_HEIGHT = 20
"""Twentieths of a point; rows that are exactly so high show nothing."""


@dataclass
class BodyReader:
    """Converts a body to blocks and counts paragraphs and tables.

    ``heading_levels`` maps styles to heading levels; ``read_chunk`` returns the blocks of a
    document that is embedded in place of text (``w:altChunk``).
    """

    heading_levels: Mapping[str, int]
    context: TextContext = field(default_factory=TextContext)
    read_chunk: Callable[[etree._Element], Sequence[Paragraph | Table]] = lambda _: ()
    paragraph_count: int = 0
    table_count: int = 0
    nested_tables: list[Table] = field(default_factory=list)
    markers: set[str] = field(default_factory=set)

    def read_blocks(self, body: etree._Element) -> Iterator[Paragraph | Table]:
        """Yield the blocks of a body; nested tables follow their outer table."""
        for child in iter_children(body, ("p", "tbl", "altChunk")):
            if local_name(child) == "altChunk":
                yield from self._number_blocks(self.read_chunk(child))
            elif local_name(child) == "p":
                self.paragraph_count += 1
                text, picture_count = self._paragraph_text(child).strip(), count_pictures(child)
                yield Paragraph(
                    self.paragraph_count, text, self._heading_level(child), picture_count
                )
            else:
                yield self._read_table(child)
            nested_tables, self.nested_tables = self.nested_tables, []
            yield from nested_tables

    def _number_blocks(self, blocks: Sequence[Paragraph | Table]) -> Iterator[Paragraph | Table]:
        """Yield the blocks of an embedded document, numbered on."""
        for block in blocks:
            if isinstance(block, Paragraph):
                self.paragraph_count += 1
                yield replace(block, number=self.paragraph_count)
            else:
                self.table_count += 1
                cells = tuple(replace(cell, table=self.table_count) for cell in block.cells)
                yield Table(self.table_count, cells)

    def _heading_level(self, paragraph: etree._Element) -> int | None:
        """Return the heading level of a paragraph, ``None`` for body text."""
        outline = value_at_path(paragraph, "pPr", "outlineLvl")
        if outline.isdecimal() and int(outline) < 9:
            return int(outline) + 1
        return self.heading_levels.get(value_at_path(paragraph, "pPr", "pStyle"))

    def _read_table(self, element: etree._Element) -> Table:
        """Read a table; deleted rows are dropped."""
        self.table_count += 1
        builder = _TableBuilder(self, self.table_count)
        for row_number, row_element in enumerate(iter_children(element, ("tr",)), start=1):
            if find_by_path(row_element, "trPr", "del") is not None:
                self.markers.add(text_markers.TRACKED_CHANGE)
                continue
            if _is_hidden_row(row_element):
                if any((text.text or "").strip() for text in row_element.iter("{*}t")):
                    self.markers.add(text_markers.HIDDEN_TEXT)
                continue
            if find_by_path(row_element, "trPr", "ins") is not None:
                self.markers.add(text_markers.TRACKED_CHANGE)
            builder.add(row_number, row_element)
        return Table(builder.number, tuple(builder.cells))

    def read_cell(self, cell: etree._Element) -> str:
        """Return the marked text of a cell; nested tables are also kept as tables of their own."""
        parts: list[str] = []
        if _is_placeholder(cell):
            return ""
        for child in iter_children(cell, ("p", "tbl", "altChunk")):
            if local_name(child) == "p":
                parts.append(self._paragraph_text(child))
                parts.append("" if _continues_in_next(child) else "\n")
            elif local_name(child) == "altChunk":
                parts += [_block_text(block) for block in self.read_chunk(child)]
            else:
                index = len(self.nested_tables)
                table = self._read_table(child)
                self.nested_tables.insert(index, table)
                parts.append(_block_text(table))
        return "".join(parts).strip()

    def _paragraph_text(self, paragraph: etree._Element) -> str:
        """Return the marked text of a paragraph; tables in its text boxes become nested tables."""
        if _is_placeholder(paragraph):
            return ""
        text = read_paragraph_text(paragraph, self.context)
        mark = find_by_path(paragraph, "pPr", "rPr")
        if mark is not None and next(mark.iterchildren("{*}ins", "{*}del"), None) is not None:
            self.markers.add(text_markers.TRACKED_CHANGE)
        self.markers |= {marker for marker in _REPORTED_MARKERS if marker in text}
        for text_box in paragraph.iter("{*}txbxContent"):
            if any(local_name(ancestor) == "Fallback" for ancestor in text_box.iterancestors()):
                continue
            self.nested_tables += [
                self._read_table(child) for child in iter_children(text_box, ("tbl",))
            ]
        return text


def _is_hidden_row(row: etree._Element) -> bool:
    """Whether a row is hidden, or too low to be seen."""
    properties = find_by_path(row, "trPr")
    if properties is None:
        return False
    hidden = find_by_path(properties, "hidden")
    if hidden is not None and val_attribute(hidden, "1").lower() not in FALSE_VALUES:
        return True
    height = find_by_path(properties, "trHeight")
    if height is None or get_attribute(height, "hRule") != "exact":
        return False
    size = val_attribute(height)
    return size.isdecimal() and int(size) <= _MAX_HIDDEN_HEIGHT


def _continues_in_next(paragraph: etree._Element) -> bool:
    """Whether the paragraph mark was deleted, so that the next paragraph continues this one."""
    return find_by_path(paragraph, "pPr", "rPr", "del") is not None


_REPORTED_MARKERS = (
    text_markers.TRACKED_CHANGE,
    text_markers.HIDDEN_TEXT,
    text_markers.COMMENT,
)


def _is_placeholder(element: etree._Element) -> bool:
    """Whether an element is the placeholder of an unfilled content control."""
    parent = element.getparent()
    return (
        parent is not None
        and local_name(parent) == "sdtContent"
        and shows_placeholder(parent.getparent())
    )


def _block_text(block: Paragraph | Table) -> str:
    """Return the text that a block has within a cell."""
    if isinstance(block, Paragraph):
        return f"{block.text}\n"
    nested = render_table_text(block)
    return f"{text_markers.NESTED_TABLE}{nested}{text_markers.NESTED_TABLE_END}\n"


@dataclass
class _TableBuilder:
    """Builds the cells of a table; ``cell_above`` maps a column to the index of its last cell."""

    reader: BodyReader
    number: int
    cells: list[Cell] = field(default_factory=list)
    cell_above: dict[int, int] = field(default_factory=dict)

    def add(self, row: int, row_element: etree._Element) -> None:
        """Add the cells of a row; merged cells extend the cell that they continue."""
        skipped_columns = value_at_path(row_element, "trPr", "gridBefore")
        column = int(skipped_columns) if skipped_columns.isdecimal() else 0
        for position, cell in enumerate(iter_children(row_element, ("tc",)), start=1):
            properties = first_by_name(find_by_path(cell, "tcPr"))
            if "cellDel" in properties:
                self.reader.markers.add(text_markers.TRACKED_CHANGE)
                continue
            if "cellIns" in properties:
                self.reader.markers.add(text_markers.TRACKED_CHANGE)
            marked_text, picture_count = self.reader.read_cell(cell), count_pictures(cell)
            has_cell_before = bool(self.cells) and self.cells[-1].row == row
            if _merge_state(properties.get("hMerge")) == "continue" and has_cell_before:
                self._extend_cell(len(self.cells) - 1, row, marked_text, picture_count)
            elif _merge_state(properties.get("vMerge")) == "continue" and column in self.cell_above:
                self._extend_cell(self.cell_above[column], row, _unseen(marked_text), picture_count)
            else:
                self.cell_above[column] = len(self.cells)
                self.cells.append(
                    Cell(
                        self.number,
                        row,
                        position,
                        column,
                        range(row, row + 1),
                        text_markers.strip_markers(marked_text),
                        picture_count,
                        marked_text,
                    )
                )
            span = properties.get("gridSpan")
            column += 1 if span is None else _column_count(val_attribute(span))

    def _extend_cell(self, index: int, row: int, added_text: str, picture_count: int) -> None:
        """Add the text, pictures and row of a merged cell to the cell that it continues."""
        cell = self.cells[index]
        marked_text = (
            f"{cell.marked_text}\n{added_text}".strip() if added_text else cell.marked_text
        )
        self.cells[index] = replace(
            cell,
            row_span=range(cell.row, row + 1),
            marked_text=marked_text,
            text=text_markers.strip_markers(marked_text),
            picture_count=cell.picture_count + picture_count,
        )


def _unseen(marked_text: str) -> str:
    """Return what is left of a text in a cell that a merged one covers: only that there is any."""
    return text_markers.HIDDEN_TEXT if text_markers.strip_markers(marked_text).strip() else ""


def _column_count(span: str) -> int:
    """Return the number of columns that a cell spans, at least 1 and at most 100."""
    if not span.isdecimal():
        return 1
    return min(max(int(span), 1), 100)


def _merge_state(merge: etree._Element | None) -> str:
    """Return ``restart``, ``continue`` or ``""`` for a vertical or horizontal merge of a cell."""
    return "" if merge is None else next(iter(merge.attrib.values()), "continue")
