"""From the XML of a Word body to blocks; tracked changes accepted, prompts left out."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace

from lxml import etree

from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.documents.document_model import Cell, Paragraph, Table, table_text
from kjfp_helpers.intake.documents.docx.runs import inline
from kjfp_helpers.intake.documents.docx.xml import (
    child_of,
    local,
    pictures_in,
    unfilled,
    unwrap,
    value_of,
)


@dataclass
class Blocks:
    """Walks the body, counting paragraphs and tables.

    ``levels`` maps styles to headings, ``concealed`` are the styles of hidden words.
    """

    levels: Mapping[str, int]
    concealed: Set[str] = frozenset()
    paragraphs: int = 0
    tables: int = 0
    nested: list[Table] = field(default_factory=list)
    signs: set[str] = field(default_factory=set)

    def read(self, body: etree._Element) -> Iterator[Paragraph | Table]:
        """Yield the blocks of a body; nested tables stand behind their outer one."""
        for child in unwrap(body, ("p", "tbl")):
            if local(child) == "p":
                self.paragraphs += 1
                words, pictures = self._words(child).strip(), pictures_in(child)
                yield Paragraph(self.paragraphs, words, self._level(child), pictures)
            else:
                yield self._table(child)
            nested, self.nested = self.nested, []
            yield from nested

    def _level(self, paragraph: etree._Element) -> int | None:
        outline = value_of(paragraph, "pPr", "outlineLvl")
        if outline.isdecimal() and int(outline) < 9:
            return int(outline) + 1
        return self.levels.get(value_of(paragraph, "pPr", "pStyle"))

    def _table(self, element: etree._Element) -> Table:
        self.tables += 1
        grid = _Grid(self, self.tables)
        for row, line in enumerate(unwrap(element, ("tr",)), start=1):
            if child_of(line, "trPr", "del") is not None:
                self.signs.add(inline_markers.TRACKED)
                continue
            if child_of(line, "trPr", "ins") is not None:
                self.signs.add(inline_markers.TRACKED)
            grid.add(row, line)
        return Table(grid.number, tuple(grid.cells))

    def cell(self, cell: etree._Element) -> str:
        """Return the marked words of a cell; tables in it are also kept for themselves."""
        parts: list[str] = []
        if _prompts(cell):
            return ""
        for child in unwrap(cell, ("p", "tbl")):
            if local(child) == "p":
                parts.append(self._words(child))
                parts.append("" if _joins_next(child) else "\n")
            else:
                at = len(self.nested)
                table = self._table(child)
                self.nested.insert(at, table)
                parts.append(
                    f"{inline_markers.INNER}{table_text(table)}{inline_markers.INNER_END}\n"
                )
        return "".join(parts).strip()

    def _words(self, paragraph: etree._Element) -> str:
        if _prompts(paragraph):
            return ""
        words = inline(paragraph, self.concealed)
        if _joins_next(paragraph) or child_of(paragraph, "pPr", "rPr", "ins") is not None:
            self.signs.add(inline_markers.TRACKED)
        self.signs |= {mark for mark in _NOTED if mark in words}
        for box in paragraph.iter("{*}txbxContent"):
            if any(local(above) == "Fallback" for above in box.iterancestors()):
                continue
            self.nested += [self._table(child) for child in unwrap(box, ("tbl",))]
        return words


def _joins_next(paragraph: etree._Element) -> bool:
    """Whether the end of a paragraph was deleted, so that the next goes on in it."""
    return child_of(paragraph, "pPr", "rPr", "del") is not None


_NOTED = (inline_markers.TRACKED, inline_markers.HIDDEN, inline_markers.COMMENT)


def _prompts(element: etree._Element) -> bool:
    """Whether an element is all that an unfilled content control shows."""
    around = element.getparent()
    return around is not None and local(around) == "sdtContent" and unfilled(around.getparent())


@dataclass
class _Grid:
    """Puts the cells of a table on its grid of columns."""

    blocks: Blocks
    number: int
    cells: list[Cell] = field(default_factory=list)
    above: dict[int, int] = field(default_factory=dict)

    def add(self, row: int, line: etree._Element) -> None:
        """Take a row."""
        before = value_of(line, "trPr", "gridBefore")
        column = int(before) if before.isdecimal() else 0
        for nth, source in enumerate(unwrap(line, ("tc",)), start=1):
            if child_of(source, "tcPr", "cellDel") is not None:
                self.blocks.signs.add(inline_markers.TRACKED)
                continue
            if child_of(source, "tcPr", "cellIns") is not None:
                self.blocks.signs.add(inline_markers.TRACKED)
            words, pictures = self.blocks.cell(source), pictures_in(source)
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
                        inline_markers.plain(words),
                        pictures,
                        words,
                    )
                )
            span = value_of(source, "tcPr", "gridSpan")
            column += min(int(span), 100) if span.isdecimal() and int(span) else 1

    def _extend(self, at: int, row: int, words: str, pictures: int) -> None:
        cell = self.cells[at]
        marked = f"{cell.marked}\n{words}".strip() if words else cell.marked
        self.cells[at] = replace(
            cell,
            rows=range(cell.row, row + 1),
            marked=marked,
            text=inline_markers.plain(marked),
            pictures=cell.pictures + pictures,
        )


def _merge(cell: etree._Element, name: str) -> str:
    """Return ``restart``, ``continue`` or ``""`` for a cell's merge downward or sideways."""
    merge = child_of(cell, "tcPr", name)
    return "" if merge is None else next(iter(merge.attrib.values()), "continue")
