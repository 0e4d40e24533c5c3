"""Text layout of PDF characters: lines, word gaps, wrapped lines and symbol fonts."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile, zip_longest
from typing import Any

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.documents.label_hints import LabelHints
from kjfp_helpers.intake.documents.symbol_fonts import decode_symbol_text, private_char_glyph

_CELL_PADDING = 8
"""Points between the text of a cell and its border, both sides together."""
LINE_GAP, CELL_GAP = 0.35, 1.0
"""Gap between characters that becomes a space, as a fraction of the font size: in lines, in cells.

Programs leave up to a quarter between Chinese and Latin characters.
"""
_WINGDINGS_FONT = re.compile(r"wingdings[\s-]*(2)?")
_SYMBOL_FONT_PARTS = ("dings", "symbol")
"""Parts of the names of fonts whose private-use characters have the known glyphs."""
_NOTE_MARK = re.compile(r"[\d*①-⑳\[\]()〔〕［］（）注]")
_RAISED_SCALE, _MIN_RAISE = 0.8, 0.15
"""Size of a raised mark, and how far it is raised, as a fraction of the font size of its line."""
_LINE_TOLERANCE = 0.6
"""Vertical distance within which characters are on one line, as a fraction of the font size."""


def join_chars(
    chars: Sequence[Any], box: Sequence[float], labels: LabelHints, min_gap: float = CELL_GAP
) -> str:
    """Join characters to lines; a line continues in the next if that text did not fit into it.

    Parameters
    ----------
    chars : Sequence
        Characters of pdfplumber: ``text``, ``fontname``, ``size`` and position in points.
    box : Sequence of float
        The area of the text: left, top, right, bottom in points.
    labels : LabelHints
        A line that is a label never continues.
    min_gap : float
        Gap that becomes a space, as a fraction of the font size.
    """
    lines = list(_iter_lines(chars))
    text = ""
    for line, next_line in zip_longest(lines, lines[1:]):
        line_text = "".join(_iter_spaced_chars(line, min_gap))
        text += line_text
        if labels.is_label(line_text) or not _is_full(line, next_line, box[2]):
            text = f"{text.rstrip(' ')}\n"
    return text


def _is_full(line: list[Any], next_line: list[Any] | None, right: float) -> bool:
    """Whether the first word of the next line would not have fitted into this line."""
    text_end = max((char["x1"] for char in line if char["text"].strip()), default=line[-1]["x1"])
    widths = [char["x1"] - char["x0"] for char in takewhile(_is_latin_char, next_line or ())]
    if not widths:
        # Punctuation never begins a line: the character before it wraps with it.
        punctuation_count = sum(
            char["text"] in "。，、；：？！）”》" for char in (next_line or ())[1:2]
        )
        widths = [max(line[-1]["size"], 4) * (1 + punctuation_count)]
    return bool(right - text_end < sum(widths) + _CELL_PADDING)


def _is_latin_char(char: Any) -> bool:
    text = str(char["text"])
    return text.isascii() and not text.isspace()


def _iter_lines(chars: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield the characters line by line, from left to right."""
    line: list[Any] = []
    for char in sorted(chars, key=lambda item: (item["bottom"], item["x0"])):
        if line and char["bottom"] - line[0]["bottom"] > _LINE_TOLERANCE * max(char["size"], 4):
            yield sorted(line, key=lambda item: item["x0"])
            line = []
        line.append(char)
    if line:
        yield sorted(line, key=lambda item: item["x0"])


def _iter_spaced_chars(line: Sequence[Any], min_gap: float) -> Iterator[str]:
    """Yield the characters of a line, with spaces where a tab or a gap separates them."""
    on_line: Any = None
    for char, previous in zip(line, (None, *line), strict=False):
        if previous is not None and char["x0"] - previous["x1"] > _least_space(
            previous, char, min_gap
        ):
            yield "  "
        if on_line is not None and _is_raised(char, on_line):
            yield f"{text_markers.RAISED}{_char_text(char)}{text_markers.RAISED_END}"
            continue
        on_line = char
        yield _char_text(char)


def _least_space(previous: Any, char: Any, min_gap: float) -> float:
    """Return the points that are a space between two characters; digits stand close together."""
    are_digits = str(previous["text"]).isdigit() and str(char["text"]).isdigit()
    gap = max(min_gap / 2, LINE_GAP) if are_digits else min_gap
    return float(gap * max(char["size"], 4))


def _is_raised(char: Any, on_line: Any) -> bool:
    """Whether a character is the small mark of a note above the line of another."""
    is_small = char["size"] <= _RAISED_SCALE * on_line["size"]
    is_above = on_line["bottom"] - char["bottom"] >= _MIN_RAISE * on_line["size"]
    return bool(is_small and is_above and _NOTE_MARK.fullmatch(str(char["text"])))


def _char_text(char: Any) -> str:
    """Return the text of a character; symbol fonts are decoded."""
    text = str(char["text"])
    code = ord(text) if len(text) == 1 else 0
    font = _WINGDINGS_FONT.search(str(char.get("fontname", "")).lower())
    if font and code < 0x100:
        return decode_symbol_text("wingdings 2" if font[1] else "wingdings", text, text)
    if not 0xF000 <= code <= 0xF0FF:
        return text
    # A font without the glyph displays an empty box, under an arbitrary code.
    has_known_glyphs = any(
        name_part in str(char.get("fontname", "")).lower() for name_part in _SYMBOL_FONT_PARTS
    )
    return (private_char_glyph(code) or text) if has_known_glyphs else text_markers.UNKNOWN_SYMBOL
