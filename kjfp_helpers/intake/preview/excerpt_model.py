"""Types of an excerpt: rows of cells with spans of text, one of them the target."""

import re
from dataclasses import dataclass

from kjfp_helpers.intake.common import text_markers

CONTEXT_CHARS, TARGET_CHARS = 60, 6000
"""Maximum length shown of neighbouring cells, and of the target cell."""


_STRUCK_SPAN = re.compile(rf"({text_markers.STRUCK}.*?(?:{text_markers.STRUCK_END}|$))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TextSpan:
    """Part of the text of a cell or line; ``is_struck`` text was crossed out and does not count."""

    text: str
    is_struck: bool = False


@dataclass(frozen=True, slots=True)
class ExcerptCell:
    """One cell or line; ``is_target`` if the value was read from it."""

    spans: tuple[TextSpan, ...]
    is_target: bool = False

    @property
    def text(self) -> str:
        """The text, struck-out text included."""
        return "".join(piece.text for piece in self.spans)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Rows of cells; ``note`` says in Chinese why the target is missing.

    ``is_image`` is whether the file is an image, to be shown as it is.
    """

    rows: tuple[tuple[ExcerptCell, ...], ...] = ()
    note: str = ""
    is_image: bool = False

    @property
    def has_target(self) -> bool:
        """Whether the target is shown."""
        return any(spot.is_target for row in self.rows for spot in row)

    @property
    def target_text(self) -> str:
        """The text of the target, blank for none."""
        return next((spot.text for row in self.rows for spot in row if spot.is_target), "")


def make_excerpt_cell(
    marked_text: str, *, is_target: bool = False, limit: int = CONTEXT_CHARS
) -> ExcerptCell:
    """Return a cell with struck-out text in separate spans and no other markers."""
    spans: list[TextSpan] = []
    remaining = limit
    for part in _STRUCK_SPAN.split(marked_text.replace("\t", " ")):
        text = text_markers.INVISIBLE_CHARS.sub("", part)
        if not text:
            continue
        shown = text if len(text) <= remaining else f"{text[: max(remaining, 0)]}…"
        spans.append(TextSpan(shown, is_struck=part.startswith(text_markers.STRUCK)))
        remaining -= len(text)
        if remaining <= 0:
            break
    return ExcerptCell(tuple(spans), is_target)
