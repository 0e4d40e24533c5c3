"""Word documents as plain blocks: paragraphs with their heading level, tables as grids.

Read with lxml and with every outward reach off: no entity, no network, no DTD. Tracked
insertions count, tracked deletions and hidden text do not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from lxml import etree

from kjfp_helpers.intake.archives import Package
from kjfp_helpers.intake.runs import inline, local, pictures_in, unwrap, value_of

PART_LIMIT = 40_000_000
"""Most bytes of one part of a document."""


class Unreadable(Exception):
    """A file that is not what its content claims; caught inside intake."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body; ``level`` is its heading level, 0 for the title."""

    number: int
    text: str
    level: int | None

    @property
    def place(self) -> str:
        """Spot in the document as a clerk would count it."""
        return f"正文第{self.number}段"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; a cell merged downwards stands once, with its ``rows`` spanned."""

    table: int
    row: int
    nth: int
    column: int
    rows: range
    text: str
    pictures: int

    @property
    def place(self) -> str:
        """Spot in the document: the table, its row, and the cell counted from the left."""
        return f"表{self.table} 第{self.row}行第{self.nth}列"


@dataclass(frozen=True)
class Table:
    """A table; ``cells`` in reading order."""

    number: int
    cells: tuple[Cell, ...]

    @cached_property
    def by_row(self) -> dict[int, tuple[Cell, ...]]:
        """Cells by the row they begin in."""
        rows: dict[int, list[Cell]] = {}
        for cell in self.cells:
            rows.setdefault(cell.row, []).append(cell)
        return {row: tuple(cells) for row, cells in rows.items()}


@dataclass(frozen=True)
class Document:
    """A document's blocks in reading order; nested tables stand behind their outer one."""

    blocks: tuple[Paragraph | Table, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """All paragraphs outside tables."""
        return tuple(block for block in self.blocks if isinstance(block, Paragraph))

    @cached_property
    def text(self) -> str:
        """All words, one block a line."""
        return "\n".join(
            block.text if isinstance(block, Paragraph) else table_text(block)
            for block in self.blocks
        )


def table_text(table: Table) -> str:
    """Return a table's words: cells joined by a bar, rows by line ends."""
    return "\n".join(
        "｜".join(" ".join(cell.text.split()) for cell in cells) for cells in table.by_row.values()
    )


def read_document(package: Package) -> Document:
    """Read the body of a .docx.

    Raises
    ------
    Unreadable
        When a part is missing, too large or no XML.
    """
    root = _parse(package, "word/document.xml")
    styles = package.read("word/styles.xml", PART_LIMIT)
    body = next((child for child in root if local(child) == "body"), None)
    if body is None:
        raise Unreadable("word/document.xml")
    return Document(tuple(_Blocks(_style_levels(styles) if styles else {}).read(body)))


def parse_xml(data: bytes) -> etree._Element:
    """Parse untrusted XML.

    Raises
    ------
    Unreadable
        When it is no XML, or brings its own entities.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("XML") from error
    if root.getroottree().docinfo.doctype:
        raise Unreadable("DOCTYPE")
    return root


def _parse(package: Package, part: str) -> etree._Element:
    data = package.read(part, PART_LIMIT)
    if data is None:
        raise Unreadable(part)
    return parse_xml(data)


@lru_cache(maxsize=16)
def _style_levels(data: bytes) -> Mapping[str, int]:
    """Map paragraph styles to heading levels, 0 for the title; styles inherit."""
    levels: dict[str, int] = {}
    parents: dict[str, str] = {}
    for style in parse_xml(data):
        name = value_of(style, "name").lower()
        key = next((value for at, value in style.attrib.items() if at.endswith("}styleId")), "")
        parents[key] = value_of(style, "basedOn")
        outline = value_of(style, "pPr", "outlineLvl")
        if name in ("title", "标题"):
            levels[key] = 0
        elif name.startswith(("heading ", "标题 ")) and name[-1].isdecimal():
            levels[key] = int(name[-1])
        elif outline.isdecimal() and int(outline) < 9:
            levels[key] = int(outline) + 1
    for key in parents:
        seen, at = {key}, key
        while at and at not in levels and parents.get(at) not in seen:
            at = parents.get(at, "")
            seen.add(at)
        if at in levels:
            levels[key] = levels[at]
    return levels


@dataclass
class _Blocks:
    """Walks the body, counting paragraphs and tables."""

    levels: Mapping[str, int]
    paragraphs: int = 0
    tables: int = 0
    nested: list[Table] = field(default_factory=list)

    def read(self, body: etree._Element) -> Iterator[Paragraph | Table]:
        for child in unwrap(body, ("p", "tbl")):
            if local(child) == "p":
                self.paragraphs += 1
                yield Paragraph(self.paragraphs, inline(child).strip(), self._level(child))
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
        number = self.tables
        cells: list[Cell] = []
        above: dict[int, int] = {}
        for row, line in enumerate(unwrap(element, ("tr",)), start=1):
            before = value_of(line, "trPr", "gridBefore")
            column = int(before) if before.isdecimal() else 0
            for nth, source in enumerate(unwrap(line, ("tc",)), start=1):
                merge = _merge(source)
                if merge == "continue" and column in above:
                    cells[above[column]] = _longer(cells[above[column]], row, self._text(source))
                else:
                    above[column] = len(cells)
                    text, pictures = self._text(source), pictures_in(source)
                    cells.append(
                        Cell(number, row, nth, column, range(row, row + 1), text, pictures)
                    )
                span = value_of(source, "tcPr", "gridSpan")
                column += min(int(span), 100) if span.isdecimal() and int(span) else 1
        return Table(number, tuple(cells))

    def _text(self, cell: etree._Element) -> str:
        parts = []
        for child in unwrap(cell, ("p", "tbl")):
            if local(child) == "p":
                parts.append(inline(child))
            else:
                table = self._table(child)
                self.nested.append(table)
                parts.append(table_text(table))
        return "\n".join(parts).strip()


def _merge(cell: etree._Element) -> str:
    """Return ``restart``, ``continue`` or ``""`` for a cell's downward merge."""
    for properties in cell:
        if local(properties) == "tcPr":
            for item in properties:
                if local(item) == "vMerge":
                    return next(iter(item.attrib.values()), "continue")
    return ""


def _longer(cell: Cell, row: int, text: str) -> Cell:
    words = f"{cell.text}\n{text}".strip() if text else cell.text
    rows = range(cell.row, row + 1)
    return Cell(cell.table, cell.row, cell.nth, cell.column, rows, words, cell.pictures)
