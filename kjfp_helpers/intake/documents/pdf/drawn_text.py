"""Text of a PDF page as it is drawn so far: what is seen, hidden, or painted over later."""

from dataclasses import dataclass, field
from typing import Any

from pdfminer.layout import LTChar

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.documents.pdf.boxes import Box, contains

_LEAST_COVER = 4.0
"""Points: width and height from which a painted area can hide a character; ruled lines do not."""
_MAX_COVERS = 1_000
"""Painted areas of one page that are compared with its text."""
_CELL = 40.0
"""Points: text is looked up in squares of this size."""

Drawn = tuple[Any, LTChar]
"""A character and the page or figure that it is drawn in."""


@dataclass
class DrawnText:
    """The characters drawn of a page, those seen by the square of the page that they are in."""

    seen_count: int = 0
    _cover_count: int = 0
    _hidden_by_mode: list[Drawn] = field(default_factory=list)
    _hidden: list[Drawn] = field(default_factory=list)
    _squares: dict[tuple[int, int], list[Drawn]] = field(default_factory=dict)
    _covered: list[Drawn] = field(default_factory=list)

    def add_seen(self, drawn: Drawn) -> None:
        """Add a character that can be seen unless something is painted over it."""
        self.seen_count += 1
        self._squares.setdefault(_square_of(drawn[1]), []).append(drawn)

    def add_hidden(self, drawn: Drawn, *, by_mode: bool) -> None:
        """Add a character that is not seen; ``by_mode`` is one drawn invisibly, as below a scan."""
        (self._hidden_by_mode if by_mode else self._hidden).append(drawn)

    def cover(self, box: Box) -> None:
        """Hide the text under a painted area."""
        x0, y0, x1, y1 = box
        if x1 - x0 < _LEAST_COVER or y1 - y0 < _LEAST_COVER:
            return
        self._cover_count += 1
        if self._cover_count > _MAX_COVERS:
            return
        for square, drawn in self._squares.items():
            if not _touches(square, box):
                continue
            covered = [one for one in drawn if contains(box, centre_of(one[1]))]
            if covered:
                drawn[:] = [one for one in drawn if not contains(box, centre_of(one[1]))]
                self._covered += covered
                self.seen_count -= len(covered)

    def finish(self) -> None:
        """Put the marker of hidden text ahead of every character that is not seen.

        A page whose whole text is invisible is a scan with recognized text, which then counts.
        """
        is_scan = not self.seen_count
        for container, char in (*self._hidden, *self._hidden_by_mode):
            container.add(char)
        for _, char in (*self._hidden, *self._covered, *(() if is_scan else self._hidden_by_mode)):
            char._text = f"{text_markers.HIDDEN_TEXT}{char.get_text()}"


def centre_of(char: LTChar) -> tuple[float, float]:
    """Return the middle of a character."""
    return (char.x0 + char.x1) / 2, (char.y0 + char.y1) / 2


def _square_of(char: LTChar) -> tuple[int, int]:
    x, y = centre_of(char)
    return int(x // _CELL), int(y // _CELL)


def _touches(square: tuple[int, int], box: Box) -> bool:
    left, bottom = square[0] * _CELL, square[1] * _CELL
    return (
        left <= box[2] and left + _CELL >= box[0] and bottom <= box[3] and bottom + _CELL >= box[1]
    )
