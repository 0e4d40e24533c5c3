"""Document model: blocks in reading order, paragraphs with heading level, tables of cells."""

from dataclasses import dataclass
from functools import cached_property

from kjfp_helpers.intake.common import text_markers


class Unreadable(Exception):
    """A file whose content is not what its format claims; caught inside intake.

    The argument is the reason: ``size``, ``encrypted``, or the part that cannot be parsed.
    """


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body; ``level`` is its heading level, 0 for the title.

    ``marked_text`` contains inline markers.
    """

    number: int
    marked_text: str
    level: int | None
    picture_count: int = 0

    @property
    def text(self) -> str:
        """Text as typed."""
        return text_markers.strip_markers(self.marked_text)

    @property
    def location(self) -> str:
        """Location in the document, as a clerk would count it."""
        return f"正文第{self.number}段"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; a vertically merged cell occurs once, ``row_span`` lists its rows.

    ``text`` is as typed, ``marked_text`` the same with inline markers; ``part`` counts the parts of
    a cell that held several fields; table 0 stands for lines of the body.
    """

    table: int
    row: int
    position: int
    column: int
    row_span: range
    text: str
    picture_count: int
    marked_text: str = ""
    part: int = 0

    def __post_init__(self) -> None:
        """Use the plain text as marked text where none is given."""
        if self.text and not self.marked_text:
            object.__setattr__(self, "marked_text", self.text)

    @property
    def location(self) -> str:
        """Location in the document: the table, its row, and the cell counted from the left."""
        if not self.table:
            return f"正文第{self.row}段"
        return f"表{self.table} 第{self.row}行第{self.position}列"


@dataclass(frozen=True)
class Table:
    """A table with its cells in reading order."""

    number: int
    cells: tuple[Cell, ...]

    @cached_property
    def by_row(self) -> dict[int, tuple[Cell, ...]]:
        """Cells by the row that they begin in."""
        rows: dict[int, list[Cell]] = {}
        for cell in self.cells:
            rows.setdefault(cell.row, []).append(cell)
        return {row: tuple(cells) for row, cells in rows.items()}


@dataclass(frozen=True)
class Document:
    """Blocks of a document in reading order; nested tables follow their outer table."""

    blocks: tuple[Paragraph | Table, ...]
    markers: frozenset[str] = frozenset()
    """Markers of the tracked changes, comments and hidden text that occur in the document."""

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
        """Text of all blocks, one block a line."""
        return "\n".join(
            block.text if isinstance(block, Paragraph) else render_table_text(block)
            for block in self.blocks
        )


def render_table_text(table: Table) -> str:
    """Render the text of a table: cells joined by a bar, rows by line ends."""
    return "\n".join(
        "｜".join(" ".join(cell.text.split()) for cell in cells) for cells in table.by_row.values()
    )
