"""Noncharacters that encode formatting (emphasis, struck out, tracked) inside a text.

The document readers insert them into the text of cells and paragraphs; ``strip_markers`` removes
them again. Unicode reserves U+FDD0 to U+FDEF for such use within a program; private-use characters
are signs that offices draw for rare names, and are kept.
"""

import re

from kjfp_helpers.infra.lazy_loading import lazy_pattern

EMPHASIS, EMPHASIS_END = "\ufdd1", "\ufdd2"
"""Around text set apart by bold type, underline, colour, shading or a ring."""
STRUCK, STRUCK_END = "\ufdd3", "\ufdd4"
PICTURE = "\ufdd5"
UNKNOWN_SYMBOL = "\ufdd6"
"""A character of a symbol font whose glyph is not known."""
TRACKED_CHANGE, HIDDEN_TEXT, COMMENT = "\ufdd7", "\ufdd8", "\ufdd9"
NESTED_TABLE, NESTED_TABLE_END = "\ufddb", "\ufddc"
"""Around the text of a table nested in a cell."""
RAISED, RAISED_END = "\ufddd", "\ufdde"
"""Around the mark of a note: text raised or lowered behind a value."""
NOTE, NOTE_END = "\ufddf", "\ufde0"
"""Around the text of a foot- or endnote, behind the value that it belongs to."""

MARKERS = lazy_pattern("[\ufdd0-\ufdef]")
_INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
INVISIBLE_CHARS = lazy_pattern(f"[\ufdd0-\ufdef{_INVISIBLE}]")
"""Invisible characters in typed text, and characters that would be taken for markers."""
INVISIBLE_CHARS_BUT_MARKERS = lazy_pattern(f"[{_INVISIBLE}]")
_NOTE_TEXT = lazy_pattern(f"{NOTE}(.*?){NOTE_END}", re.DOTALL)
_STRUCK_TEXT = lazy_pattern(f"{STRUCK}.*?{STRUCK_END}", re.DOTALL)
_RAISED_TEXT = lazy_pattern(f"(?<=[^\\s{RAISED}]){RAISED}[^{RAISED_END}]*{RAISED_END}")
"""Raised text behind other text."""
_LEADING_MARK = lazy_pattern(
    f"^(\\s*){RAISED}[^{RAISED_END}]{{1,4}}{RAISED_END}(?=[^\\s{RAISED}{RAISED_END}])"
)
"""A raised mark ahead of a value."""
_NOTE_MARK = lazy_pattern(
    f"(?<=[^\\s{RAISED}]){RAISED}[\\[［【(（〔](?:\\d{{1,2}}|注)[\\]］】)）〕]{RAISED_END}"
    f"|(?<=[\u3400-\u9fff。，；、”》）)]){RAISED}(?:\\d{{1,2}}|[*＊①-⑳]){RAISED_END}"
)
"""A raised number behind a word, not behind a measure or a formula (m², CO₂)."""
_NESTED_TABLE_TEXT = lazy_pattern(f"{NESTED_TABLE}.*?(?:{NESTED_TABLE_END}|$)", re.DOTALL)


def strip_markers(marked_text: str) -> str:
    """Return a text as typed, without markers, notes and struck-out text, tabs as spaces.

    Examples
    --------
    >>> strip_markers(f"{EMPHASIS}三{EMPHASIS_END}年{STRUCK}两{STRUCK_END}")
    '三年'
    """
    spaced = marked_text.replace("\t", " ")
    if not MARKERS.search(spaced):
        return spaced
    return MARKERS.sub("", _STRUCK_TEXT.sub("", _NOTE_TEXT.sub("", spaced))).strip()


def strip_raised(marked_text: str) -> str:
    """Return a marked text without the raised marks of notes behind or ahead of other text.

    Examples
    --------
    >>> strip_raised(f"1200{RAISED}1{RAISED_END}"), strip_raised(f"{RAISED}1{RAISED_END}1200")
    ('1200', '1200')
    """
    if RAISED not in marked_text:
        return marked_text
    return _RAISED_TEXT.sub("", _LEADING_MARK.sub(r"\1", marked_text))


def strip_note_marks(marked_text: str) -> str:
    """Return a marked running text without raised numbers of notes; measures and formulas stay.

    Examples
    --------
    >>> strip_note_marks(f"科技奖{RAISED}1{RAISED_END}")
    '科技奖'
    >>> strip_note_marks(f"面积{RAISED}m{RAISED_END}2").count("m")
    1
    """
    return _NOTE_MARK.sub("", marked_text) if RAISED in marked_text else marked_text


def raised_texts(marked_text: str) -> tuple[str, ...]:
    """Return the raised marks of notes ahead of other text, then those behind it.

    Examples
    --------
    >>> raised_texts(f"1200{RAISED}1{RAISED_END}")
    ('1',)
    """
    leading = _LEADING_MARK.match(marked_text)
    marks = [*([leading[0].strip()] if leading else ()), *_RAISED_TEXT.findall(marked_text)]
    return tuple(map(strip_markers, marks))


def strip_nested_tables(marked_text: str) -> str:
    """Return a marked text without the text of tables nested in the cell."""
    return _NESTED_TABLE_TEXT.sub("", marked_text)


def strip_notes(marked_text: str) -> str:
    """Return a marked text without the texts of foot- and endnotes.

    Examples
    --------
    >>> strip_notes(f"1200{NOTE}计划数{NOTE_END}")
    '1200'
    """
    return _NOTE_TEXT.sub("", marked_text) if NOTE in marked_text else marked_text


def note_texts(marked_text: str) -> tuple[str, ...]:
    """Return the texts of the foot- and endnotes in a marked text."""
    return tuple(_NOTE_TEXT.findall(marked_text)) if NOTE in marked_text else ()


def struck_out_text(marked_text: str) -> str:
    """Return the struck-out parts of a marked text.

    Examples
    --------
    >>> struck_out_text(f"{STRUCK}两{STRUCK_END}三年")
    '两'
    """
    return MARKERS.sub("", "".join(_STRUCK_TEXT.findall(marked_text))).strip()
