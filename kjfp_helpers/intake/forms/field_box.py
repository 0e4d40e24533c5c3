"""The value of one form field as located in a table, and helpers for its cells."""

import re
from dataclasses import dataclass

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.common.text_cleanup import strip_whitespace
from kjfp_helpers.intake.documents.document_model import Cell

_MAX_SHORT_CHARS = 6


_PHOTO = re.compile("照片|相片|[一二两12]寸")


_MAX_PHOTO_LABEL_CHARS = 30


@dataclass
class FieldBox:
    """Text and pictures of one field; ``label`` is the marked text of its label.

    ``is_displaced`` is whether the value is not right of its label, ``has_extra_text`` whether
    unlabelled cells follow it, ``is_continued`` whether it continues after the form,
    ``has_conflicting_repeat`` whether its label occurs again with another value.
    """

    marked_text: str
    location: str
    picture_count: int = 0
    is_displaced: bool = False
    has_extra_text: bool = False
    label: str = ""
    is_continued: bool = False
    has_conflicting_repeat: bool = False

    def append(self, added_text: str, added_pictures: int) -> None:
        """Append text from a row or line below."""
        self.marked_text = f"{self.marked_text}\n{added_text}".strip()
        self.picture_count += added_pictures


def join_row(texts: list[str], is_long: bool) -> str:
    """Join the cells of one row: short parts of a date with spaces, passages with line ends."""
    are_short = all(len(text_markers.strip_markers(text)) <= _MAX_SHORT_CHARS for text in texts)
    return ("\n" if is_long and not are_short else " ").join(texts)


def cell_key(cell: Cell) -> tuple[int, int, int]:
    """Return the key of a cell in a table: row, position, part."""
    return cell.row, cell.position, cell.part


def is_photo_label(cell: Cell) -> bool:
    """Whether a cell is the label of the photo."""
    compact = strip_whitespace(cell.text)
    return len(compact) < _MAX_PHOTO_LABEL_CHARS and _PHOTO.search(compact) is not None
