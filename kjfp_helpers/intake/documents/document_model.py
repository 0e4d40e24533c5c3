"""A document as plain blocks: paragraphs with their heading level, tables as grids of cells."""

from dataclasses import dataclass
from functools import cached_property

from kjfp_helpers.intake.common import inline_markers


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body; ``level`` is its heading level, 0 for the title."""

    number: int
    marked_text: str
    level: int | None
    picture_count: int = 0

    @property
    def text(self) -> str:
        """Words as typed."""
        return inline_markers.strip_markers(self.marked_text)

    @property
    def location(self) -> str:
        """Spot in the document as a clerk would count it."""
        return f"正文第{self.number}段"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; a cell merged downwards stands once, with its ``row_span`` spanned.

    ``text`` is as typed, ``marked_text`` the same with the signs of ``marks``; ``part`` counts the
    pieces of a cell that held several boxes; table 0 stands for lines of the body.
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
        """Take words without signs for marked ones too."""
        if self.text and not self.marked_text:
            object.__setattr__(self, "marked", self.text)

    @property
    def location(self) -> str:
        """Spot in the document: the table, its row, and the cell counted from the left."""
        if not self.table:
            return f"正文第{self.row}段"
        return f"表{self.table} 第{self.row}行第{self.position}列"


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
    markers: frozenset[str] = frozenset()
    """Which of tracked changes, comments and hidden words there are (signs of ``marks``)."""

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
            block.text if isinstance(block, Paragraph) else render_table_text(block)
            for block in self.blocks
        )


def render_table_text(table: Table) -> str:
    """Return a table's words: cells joined by a bar, rows by line ends."""
    return "\n".join(
        "｜".join(" ".join(cell.text.split()) for cell in cells) for cells in table.by_row.values()
    )
