"""From the XML of a Word body to blocks; tracked changes accepted, prompts left out."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace

from lxml import etree

from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.documents.document_model import Cell, Paragraph, Table, render_table_text
from kjfp_helpers.intake.documents.docx.runs import read_paragraph_text
from kjfp_helpers.intake.documents.docx.xml import (
    count_pictures,
    find_by_path,
    iter_children,
    local_name,
    shows_placeholder,
    value_at_path,
)


@dataclass
class BodyReader:
    """Walks the body, counting paragraphs and tables.

    ``heading_levels`` maps styles to headings, ``hidden_styles`` are the styles of hidden words.
    """

    heading_levels: Mapping[str, int]
    hidden_styles: Set[str] = frozenset()
    paragraph_count: int = 0
    table_count: int = 0
    nested_tables: list[Table] = field(default_factory=list)
    markers: set[str] = field(default_factory=set)

    def read_blocks(self, body: etree._Element) -> Iterator[Paragraph | Table]:
        """Yield the blocks of a body; nested tables stand behind their outer one."""
        for child in iter_children(body, ("p", "tbl")):
            if local_name(child) == "p":
                self.paragraph_count += 1
                words, pictures = self._words(child).strip(), count_pictures(child)
                yield Paragraph(self.paragraph_count, words, self._level(child), pictures)
            else:
                yield self._table(child)
            nested, self.nested_tables = self.nested_tables, []
            yield from nested

    def _level(self, paragraph: etree._Element) -> int | None:
        outline = value_at_path(paragraph, "pPr", "outlineLvl")
        if outline.isdecimal() and int(outline) < 9:
            return int(outline) + 1
        return self.heading_levels.get(value_at_path(paragraph, "pPr", "pStyle"))

    def _table(self, element: etree._Element) -> Table:
        self.table_count += 1
        grid = _Grid(self, self.table_count)
        for row, line in enumerate(iter_children(element, ("tr",)), start=1):
            if find_by_path(line, "trPr", "del") is not None:
                self.markers.add(inline_markers.TRACKED_CHANGE)
                continue
            if find_by_path(line, "trPr", "ins") is not None:
                self.markers.add(inline_markers.TRACKED_CHANGE)
            grid.add(row, line)
        return Table(grid.number, tuple(grid.cells))

    def read_cell(self, cell: etree._Element) -> str:
        """Return the marked words of a cell; tables in it are also kept for themselves."""
        parts: list[str] = []
        if _prompts(cell):
            return ""
        for child in iter_children(cell, ("p", "tbl")):
            if local_name(child) == "p":
                parts.append(self._words(child))
                parts.append("" if _joins_next(child) else "\n")
            else:
                at = len(self.nested_tables)
                table = self._table(child)
                self.nested_tables.insert(at, table)
                parts.append(
                    f"{inline_markers.NESTED_TABLE}{render_table_text(table)}{inline_markers.NESTED_TABLE_END}\n"
                )
        return "".join(parts).strip()

    def _words(self, paragraph: etree._Element) -> str:
        if _prompts(paragraph):
            return ""
        words = read_paragraph_text(paragraph, self.hidden_styles)
        if _joins_next(paragraph) or find_by_path(paragraph, "pPr", "rPr", "ins") is not None:
            self.markers.add(inline_markers.TRACKED_CHANGE)
        self.markers |= {mark for mark in _NOTED if mark in words}
        for box in paragraph.iter("{*}txbxContent"):
            if any(local_name(above) == "Fallback" for above in box.iterancestors()):
                continue
            self.nested_tables += [self._table(child) for child in iter_children(box, ("tbl",))]
        return words


def _joins_next(paragraph: etree._Element) -> bool:
    """Whether the end of a paragraph was deleted, so that the next goes on in it."""
    return find_by_path(paragraph, "pPr", "rPr", "del") is not None


_NOTED = (inline_markers.TRACKED_CHANGE, inline_markers.HIDDEN_TEXT, inline_markers.COMMENT)


def _prompts(element: etree._Element) -> bool:
    """Whether an element is all that an unfilled content control shows."""
    around = element.getparent()
    return (
        around is not None
        and local_name(around) == "sdtContent"
        and shows_placeholder(around.getparent())
    )


@dataclass
class _Grid:
    """Puts the cells of a table on its grid of columns."""

    blocks: BodyReader
    number: int
    cells: list[Cell] = field(default_factory=list)
    above: dict[int, int] = field(default_factory=dict)

    def add(self, row: int, line: etree._Element) -> None:
        """Take a row."""
        before = value_at_path(line, "trPr", "gridBefore")
        column = int(before) if before.isdecimal() else 0
        for nth, source in enumerate(iter_children(line, ("tc",)), start=1):
            if find_by_path(source, "tcPr", "cellDel") is not None:
                self.blocks.markers.add(inline_markers.TRACKED_CHANGE)
                continue
            if find_by_path(source, "tcPr", "cellIns") is not None:
                self.blocks.markers.add(inline_markers.TRACKED_CHANGE)
            words, pictures = self.blocks.read_cell(source), count_pictures(source)
            beside = bool(self.cells) and self.cells[-1].row == row
            if _merge(source, "hMerge") == "continue" and beside:
                self._extend(len(self.cells) - 1, row, words, pictures)
            elif _merge(source, "vMerge") == "continue" and column in self.above:
                self._extend(self.above[column], row, words, pictures)
            else:
                self.above[column] = len(self.cells)
                self.cells.append(
                    Cell(
                        self.number,
                        row,
                        nth,
                        column,
                        range(row, row + 1),
                        inline_markers.strip_markers(words),
                        pictures,
                        words,
                    )
                )
            span = value_at_path(source, "tcPr", "gridSpan")
            column += min(int(span), 100) if span.isdecimal() and int(span) else 1

    def _extend(self, at: int, row: int, words: str, pictures: int) -> None:
        cell = self.cells[at]
        marked = f"{cell.marked_text}\n{words}".strip() if words else cell.marked_text
        self.cells[at] = replace(
            cell,
            row_span=range(cell.row, row + 1),
            marked_text=marked,
            text=inline_markers.strip_markers(marked),
            picture_count=cell.picture_count + pictures,
        )


def _merge(cell: etree._Element, name: str) -> str:
    """Return ``restart``, ``continue`` or ``""`` for a cell's merge downward or sideways."""
    merge = find_by_path(cell, "tcPr", name)
    return "" if merge is None else next(iter(merge.attrib.values()), "continue")
