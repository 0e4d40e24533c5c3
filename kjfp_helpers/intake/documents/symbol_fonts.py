"""Symbol fonts of Word: the character that is displayed for a code of Wingdings and others."""

import re

_FONTS: dict[str, dict[int, str]] = {
    "wingdings": {
        0x6F: "□",
        0xA8: "□",
        0x71: "□",
        0x72: "□",
        0xFC: "√",
        0xFD: "☒",
        0xFE: "☑",
        0x78: "☒",
        0x6E: "■",
        0xFB: "×",
        0x6C: "●",
        0xA1: "○",
        0xA4: "◎",
        0x9F: "•",
        0xA7: "▪",
    },
    "wingdings 2": {
        0xA3: "□",
        0x2A: "□",
        0x30: "□",
        0x50: "√",
        0x52: "☑",
        0x53: "☒",
        0x54: "☒",
        0x4F: "×",
        0x51: "☒",
        0x55: "☒",
        0x99: "○",
        0x97: "●",
        0xA1: "■",
        0xA2: "■",
    },
    "webdings": {0x61: "√", 0x63: "□", 0x67: "■", 0x72: "×", 0x6E: "●"},
    "marlett": {0x61: "√", 0x62: "√", 0x63: "□", 0x67: "■", 0x72: "×"},
    "symbol": {0xD6: "√", 0xB7: "·", 0xA0: "□"},
    "zapfdingbats": {
        0x33: "√",
        0x34: "√",
        0x6E: "■",
        0x6F: "□",
        0x71: "□",
        0x37: "×",
        0x6C: "●",
        0x6D: "○",
    },
}
_FONTS |= {"zapf dingbats": _FONTS["zapfdingbats"], "monotype sorts": _FONTS["zapfdingbats"]}

SYMBOL_FONTS = frozenset(_FONTS)
_EQ_SYNTAX = re.compile(r"\\\w+(?:\([^()]*\))?|[(),;{}\s]")
_TICKS, _BOXES = "√✓✔☑×✕✖✗", "□☐▢■"


_COMMON_GLYPHS = {
    code: char
    for fonts in (("wingdings", "wingdings 2"), ("wingdings 2", "wingdings"))
    for code, char in _FONTS[fonts[0]].items()
    if _FONTS[fonts[1]].get(code, char) == char
}


def private_char_glyph(code: int) -> str:
    """Return the glyph of a private-use character whose font is lost, ``""`` for unknown ones.

    Only codes that look the same in Wingdings and Wingdings 2 are known.

    Examples
    --------
    >>> private_char_glyph(0xF0FC)
    '√'
    """
    return _COMMON_GLYPHS.get(code & 0xFF, "") if 0xF000 <= code <= 0xF0FF else ""


def symbol_glyph(font: str, code: int) -> str:
    """Return the glyph of a character of a symbol font, ``""`` for unknown ones.

    Examples
    --------
    >>> symbol_glyph("wingdings", 0xFE)
    '☑'
    """
    return _FONTS.get(font, {}).get(code & 0xFF, "")


def decode_symbol_text(font: str, text: str, unknown: str) -> str:
    """Return the text of a run in a symbol font as displayed; Chinese falls back to another font.

    ``unknown`` replaces private-use characters whose glyph is not known.

    Examples
    --------
    >>> decode_symbol_text("wingdings", "þ培训", "?")
    '☑培训'
    """
    return "".join(
        (symbol_glyph(font, ord(char)) or (unknown if ord(char) >= 0xF000 else char))
        if ord(char) < 0x100 or 0xF000 <= ord(char) <= 0xF0FF
        else char
        for char in text
    )


def render_eq_field(code: str, emphasis: tuple[str, str]) -> str:
    r"""Return what an EQ field displays: a box with a tick over it, a box, or text in a ring.

    ``emphasis`` are the markers around ringed text.

    Examples
    --------
    >>> render_eq_field(r"EQ \o(□,√)", ("", ""))
    '☑'
    """
    arguments = re.sub(r"^\s*EQ\b", "", code, flags=re.IGNORECASE)
    if any(box in arguments for box in _BOXES):
        return "☑" if any(tick in arguments for tick in _TICKS) else "□"
    inner = re.sub(r"\\\w+(?:[+\-]?\d+)?", "", arguments)
    inner = _EQ_SYNTAX.sub("", inner)
    if any(ring in inner for ring in "○◯〇") and (rest := inner.strip("○◯〇")):
        opening, closing = emphasis
        return "◎" if rest in _TICKS else f"{opening}{rest}{closing}"
    return inner
