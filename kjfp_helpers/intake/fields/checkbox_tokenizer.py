"""Tokenize a row of check boxes: boxes, ticks, options and the text between them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kjfp_helpers.core.form_schema import SERVICE_MODES, SERVICE_TYPES
from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.common.text_cleanup import TRADITIONAL_SIGNS

TICKED_CHARS = "☑☒✓✔√■●◉◎⊙▣◆★▲🗹🗸⊠✅◼◾⬛⚫⦿"
EMPTY_BOX_CHARS = "□☐○◯▢◻❑❏◇☆△❒〇▫⚪⬜◽🔲"
CROSS_CHARS = "×✗✘✕✖"
OTHER_OPTION = "其他"
_TRADITIONAL_OPTIONS = {
    traditional: option
    for option in (*SERVICE_TYPES, *SERVICE_MODES)
    if (traditional := "".join(TRADITIONAL_SIGNS.get(sign, sign) for sign in option)) != option
}
"""Options typed in traditional signs."""

_BRACKETED_TICK = lazy_pattern(
    rf"[(（\[［【〔]\s*([{TICKED_CHARS}{CROSS_CHARS}]|[vVxXｖＶⅤ](?!\w))\s*[)）\]］】〕]"
)
_EMPTY_BRACKETS = lazy_pattern(r"[(（\[［【〔][\s_]*[)）\]］】〕]")
_BRACKETED_BOX = lazy_pattern(rf"[(（\[［【]\s*([{EMPTY_BOX_CHARS}])\s*[)）\]］】]")
_LETTER_TICK = lazy_pattern(r"[vVｖＶⅤ](?=\s*[\u4e00-\u9fff□☐])|(?<=[□☐])\s*[vVｖＶⅤxX](?!\w)")
_WINGDINGS_GLYPHS = {
    "R": "☑",
    "S": "☒",
    "þ": "☑",
    "ý": "☒",
    "ü": "√",
    "£": "□",
    "¨": "□",
    "q": "□",
    "o": "□",
}
"""Glyphs of Wingdings letters whose font was lost."""
_WINGDINGS_LETTER = lazy_pattern(r"[RSþýü£¨qo](?=\s*[\u4e00-\u9fff])")
_WINGDINGS_TICK = lazy_pattern(r"(?:^|(?<=\s))[RSþýü](?=\s*[\u4e00-\u9fff])")
_ROW_LABEL = lazy_pattern(r"^\s*(?:服务(?:类别|方式)|已?选择?)\s*[:：]")
_YES, _NO = lazy_pattern(r"[(（]\s*是\s*[)）]"), lazy_pattern(r"[(（]\s*否\s*[)）]")
_BOX = rf"[{TICKED_CHARS}{EMPTY_BOX_CHARS}{CROSS_CHARS}]"
_TWO_BOXES = (
    rf"(?:(?P<b1>{_BOX})\s*是\s*(?P<b2>{_BOX})\s*否|是\s*(?P<b3>{_BOX})\s*否\s*(?P<b4>{_BOX}))"
)
"""A box for yes and a box for no."""
_ONE_ANSWER = r"(?:(?P<yes>是|有|[YyＹ])|(?P<no>否|无|没有|[NnＮ]))"


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a row with its start and end offset.

    ``kind`` is ``on``, ``off``, ``cross``, ``doubt``, ``picture``, ``option`` or ``text``.
    """

    kind: str
    text: str
    start: int
    end: int


def normalize_row(text: str) -> tuple[str, bool]:
    """Normalize a row to one character per box or tick.

    Returns
    -------
    tuple
        The normalized row, and whether a character had to be guessed.

    Examples
    --------
    >>> normalize_row("(√)培训 ( )技术推广")
    ('√培训 □技术推广', False)
    """
    row = (
        _ROW_LABEL.sub("", text)
        .replace("其它", OTHER_OPTION)
        .replace("\u20de", "")
        .replace("\ufe0f", "")
    )
    for traditional, option in _TRADITIONAL_OPTIONS.items():
        row = row.replace(traditional, option)
    row = _BRACKETED_BOX.sub(r"\1", row)
    row = _BRACKETED_TICK.sub(lambda match: match[1] if match[1] in CROSS_CHARS else "√", row)
    if not any(char in row for char in EMPTY_BOX_CHARS):
        row = _EMPTY_BRACKETS.sub(lambda match: _replace_empty_brackets(match, row), row)
    is_guessed = False
    if not any(char in row for char in EMPTY_BOX_CHARS + TICKED_CHARS) and set(row) & set("£¨þ"):
        is_guessed = not {"£", "¨"} & set(row)
        row = _WINGDINGS_LETTER.sub(lambda match: _WINGDINGS_GLYPHS[match[0]], row)
    if not any(char in row for char in TICKED_CHARS) and any(
        char in row for char in EMPTY_BOX_CHARS
    ):
        row = _WINGDINGS_TICK.sub("√", row)
    if _YES.search(row) and _NO.search(row):
        row = _NO.sub("□", _YES.sub("√", row))
    if not any(char in row for char in TICKED_CHARS) and _LETTER_TICK.search(row):
        letters = "".join(_LETTER_TICK.findall(row)).lower()
        is_guessed = (
            is_guessed or "x" in letters or not any(char in row for char in EMPTY_BOX_CHARS)
        )
        row = _LETTER_TICK.sub("√", row)
    return row, is_guessed


def replace_answers(row: str, options: Sequence[str]) -> str:
    """Replace an answer behind each option, yes or no, by a tick or an empty box before it.

    Examples
    --------
    >>> replace_answers("种植是 养殖否", ("种植", "养殖"))
    '√种植 □养殖'
    >>> replace_answers("种植：是☑否□", ("种植",))
    '√种植'
    """
    words = "|".join(options)
    asked = re.compile(
        rf"(?:是否)?(?P<option>{words})\s*[:：]?\s*[(（]?\s*(?:{_TWO_BOXES}|{_ONE_ANSWER})(?:\s*[)）])?"
        rf"(?=$|[^\w]|{words})"
    )
    matches = list(asked.finditer(row))
    has_boxes = any(char in TICKED_CHARS + EMPTY_BOX_CHARS + CROSS_CHARS for char in row)
    if has_boxes and not any(match["b1"] or match["b3"] for match in matches):
        return row
    return asked.sub(lambda match: f"{_box_of_answer(match)}{match['option']}", row)


def _box_of_answer(match: re.Match[str]) -> str:
    """Return a tick for yes, an empty box for no, and a doubtful sign where both are ticked."""
    yes, no = match["b1"] or match["b3"], match["b2"] or match["b4"]
    if not yes:
        return "√" if match["yes"] else "□"
    if yes in TICKED_CHARS and no in TICKED_CHARS:
        return text_markers.UNKNOWN_SYMBOL
    return "√" if yes in TICKED_CHARS else "□"


def _replace_empty_brackets(match: re.Match[str], row: str) -> str:
    """Replace empty brackets by a box if several options have brackets; else they are a blank."""
    bracket_count = len(re.findall(rf"[(（\[［【〔]|[{TICKED_CHARS}]", row))
    return "□" if bracket_count > 1 else match[0]


def strip_option_numbers(row: str, options: Sequence[str]) -> str:
    """Remove the numbers before the options of a row.

    Examples
    --------
    >>> strip_option_numbers("□1.培训 □2.技术推广", ("培训", "技术推广"))
    '□培训 □技术推广'
    """
    alternatives = "|".join(r"\s*".join(option) for option in options)
    return re.sub(
        rf"[(（]?(?<!\w)(?:\d|[A-Ga-g]|[①-⑨])[)）.、．]?\s*(?=(?:{alternatives}))", "", row
    )


def tokenize(row: str, options: Sequence[str]) -> list[Token]:
    """Split a row into tokens; an option is a whole word, and text after 其他 is not an option.

    Examples
    --------
    >>> [(token.kind, token.text) for token in tokenize("☑培训 □其他", ("培训", "其他"))]
    [('on', '☑'), ('option', '培训'), ('off', '□'), ('option', '其他')]
    """
    patterns = [
        re.compile(r"\s*".join(option)) for option in sorted(options, key=len, reverse=True)
    ]
    tokens: list[Token] = []
    position = start = 0
    while position < len(row):
        kind, end = _char_kind(row[position]), position + 1
        if (
            not kind
            and (position == start or not _is_han(row[position - 1]))
            and not _is_after_other(tokens)
        ):
            kind, end = _match_option(row, position, patterns)
        if kind:
            _append_text(tokens, row, start, position)
            tokens.append(Token(kind, "".join(row[position:end].split()), position, end))
            start = end
        position = end
    _append_text(tokens, row, start, len(row))
    if any(token.kind == "on" for token in tokens):  # beside a tick, a cross means no
        return [replace(token, kind="off") if token.kind == "cross" else token for token in tokens]
    return [replace(token, kind="on") if token.kind == "cross" else token for token in tokens]


def _char_kind(char: str) -> str:
    """Return the token kind of a box or tick character, ``""`` for others."""
    for kind, chars in (
        ("on", TICKED_CHARS),
        ("off", EMPTY_BOX_CHARS),
        ("cross", CROSS_CHARS),
        ("doubt", text_markers.UNKNOWN_SYMBOL),
        ("picture", text_markers.PICTURE),
    ):
        if char in chars:
            return kind
    return ""


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _is_after_other(tokens: list[Token]) -> bool:
    """Whether the last option is 其他, whose text follows."""
    last = next((token for token in reversed(tokens) if token.kind != "text"), None)
    return last is not None and last.kind == "option" and last.text == OTHER_OPTION


def _match_option(row: str, position: int, patterns: list[re.Pattern[str]]) -> tuple[str, int]:
    """Return ``option`` and its end offset, ``""`` where no option stands as a whole word."""
    for pattern in patterns:
        match = pattern.match(row, position)
        if not match:
            continue
        end = match.end()
        is_whole_word = (
            end == len(row) or not _is_han(row[end]) or "".join(match[0].split()) == OTHER_OPTION
        )
        if is_whole_word or any(other.match(row, end) for other in patterns):
            return "option", end
    return "", position + 1


def _append_text(tokens: list[Token], row: str, start: int, end: int) -> None:
    if row[start:end].strip():
        tokens.append(Token("text", row[start:end], start, end))
