"""Characters that no font of the figures holds: described in words, never drawn as a box.

Names hold whatever a unit writes: rare Chinese characters, letters of minority scripts, emoji. A
figure must not depend on the machine's own fonts, so what the packages' fonts lack is told.
"""

import re
import unicodedata
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from kjfp_helpers.reports.charts.fonts import list_font_files

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SCRIPT_NAMES = {
    "TIBETAN": "藏文",
    "MONGOLIAN": "蒙古文",
    "ARABIC": "阿拉伯字母",
    "YI": "彝文",
    "HANGUL": "朝鲜文",
    "TAI": "傣文",
    "NEW TAI": "傣文",
    "LISU": "傈僳文",
    "MIAO": "苗文",
}
"""How the Unicode names of a script's characters begin, and what the script is called."""
MAX_DESCRIPTIONS = 2
"""Characters of a run that are told by their code; of a longer one only the first."""

_LETTERS = r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+"
_RIGHT_TO_LEFT = re.compile(rf"{_LETTERS}(?:\s+{_LETTERS})*")
_LEFT_TO_RIGHT = "\u200e"
"""Sets a line's direction and ends a run of the other one."""


def replace_missing_glyphs(text: str) -> str:
    """Return a text of which the fonts hold every character.

    A missing character is told by its code point, a run of letters by the name of its script; one
    that only looks different from one the fonts hold is drawn as that; one without a shape is
    left out. Words that run from right to left stay where they stand in the line.

    Examples
    --------
    >>> replace_missing_glyphs("𠮷林"), replace_missing_glyphs("成本$5与$9")
    ('〔U+20BB7〕林', '成本$5与$9')
    """
    if _RIGHT_TO_LEFT.search(text) and not text.startswith(_LEFT_TO_RIGHT):
        text = _LEFT_TO_RIGHT + _RIGHT_TO_LEFT.sub(rf"\g<0>{_LEFT_TO_RIGHT}", text)
    available = _available_characters()
    if available.issuperset(text):
        return text
    parts = (char if char in available else _substitute(char, available) for char in text)
    runs = groupby("".join(parts), key=lambda char: None if char in available else _script_of(char))
    return "".join(
        "".join(run) if script is None else _describe_run(script, "".join(run))
        for script, run in runs
    )


def replace_in_figure(figure: "Figure") -> None:
    """Replace what the fonts lack in every text of a figure, tick labels included."""
    from matplotlib.text import Text
    from matplotlib.ticker import FuncFormatter

    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            given = axis.get_major_formatter()
            if isinstance(given, FuncFormatter):  # labels of its own, and not numbers
                axis.set_major_formatter(
                    FuncFormatter(
                        lambda value, index, given=given: replace_missing_glyphs(
                            given(value, index)
                        )
                    )
                )
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        text.set_text(replace_missing_glyphs(text.get_text()))


@cache
def _available_characters() -> frozenset[str]:
    """Return the characters that the fonts hold between them, and the end of a line."""
    from matplotlib.ft2font import FT2Font

    codes = (code for file in list_font_files() for code in FT2Font(str(file)).get_charmap())
    return frozenset(map(chr, codes)) | {"\n"}


def _substitute(char: str, available: frozenset[str]) -> str:
    """Return what may stand for a character, the character itself where nothing may."""
    kind = unicodedata.category(char)
    if char.isspace():
        return " "
    if kind in ("Cc", "Cf", "Cs") or "VARIATION SELECTOR" in unicodedata.name(char, ""):
        return ""
    plain = unicodedata.normalize("NFKC", char)
    return plain if available.issuperset(plain) else char


def _script_of(char: str) -> str:
    name = unicodedata.name(char, "")
    return next(
        (title for first, title in SCRIPT_NAMES.items() if name.startswith(f"{first} ")), ""
    )


def _describe_run(script: str, run: str) -> str:
    if script:
        return f"〔{script}〕"
    codes = [f"U+{ord(char):04X}" for char in run]
    return (
        f"〔{' '.join(codes)}〕"
        if len(run) <= MAX_DESCRIPTIONS
        else f"〔{codes[0]}等{len(run)}字〕"
    )
