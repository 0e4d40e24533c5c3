"""A row of boxes cut into its pieces: marks, option words and the words between them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kjfp_helpers.intake.common import inline_markers

TICKED_CHARS = "☑☒✓✔√■●◉◎⊙▣◆★▲🗹🗸⊠✅◼◾⬛⚫⦿"
EMPTY_BOX_CHARS = "□☐○◯▢◻❑❏◇☆△❒〇▫⚪⬜◽🔲"
CROSS_CHARS = "×✗✘✕✖"
OTHER_OPTION = "其他"

_ON_IN_BRACKETS = re.compile(
    rf"[(（\[［【〔]\s*([{TICKED_CHARS}{CROSS_CHARS}]|[vVxXｖＶⅤ](?!\w))\s*[)）\]］】〕]"
)
_EMPTY_BRACKETS = re.compile(r"[(（\[［【〔][\s_]*[)）\]］】〕]")
_BOX_BRACKETS = re.compile(rf"[(（\[［【]\s*([{EMPTY_BOX_CHARS}])\s*[)）\]］】]")
_LETTERS = re.compile(r"[vVｖＶⅤ](?=\s*[\u4e00-\u9fff□☐])|(?<=[□☐])\s*[vVｖＶⅤxX](?!\w)")
_LOST = {"R": "☑", "S": "☒", "þ": "☑", "ý": "☒", "ü": "√", "£": "□", "¨": "□", "q": "□", "o": "□"}
"""What the letters of Wingdings were before the font was lost."""
_LOST_SIGN = re.compile(r"[RSþýü£¨qo](?=\s*[\u4e00-\u9fff])")
_LOST_TICK = re.compile(r"(?:^|(?<=\s))[RSþýü](?=\s*[\u4e00-\u9fff])")
_HEAD = re.compile(r"^\s*(?:服务(?:类别|方式)|已?选择?)\s*[:：]")
_YES, _NO = re.compile(r"[(（]\s*是\s*[)）]"), re.compile(r"[(（]\s*否\s*[)）]")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a row and where it stands in it.

    ``kind`` is ``on``, ``off``, ``cross``, ``doubt``, ``picture``, ``option`` or ``words``.
    """

    kind: str
    text: str
    start: int
    end: int


def normalize_row(text: str) -> tuple[str, bool]:
    """Return a row with one sign for each mark, and whether a sign had to be guessed."""
    row = (
        _HEAD.sub("", text)
        .replace("其它", OTHER_OPTION)
        .replace("\u20de", "")
        .replace("\ufe0f", "")
    )
    row = _BOX_BRACKETS.sub(r"\1", row)
    row = _ON_IN_BRACKETS.sub(lambda found: found[1] if found[1] in CROSS_CHARS else "√", row)
    if not any(sign in row for sign in EMPTY_BOX_CHARS):
        row = _EMPTY_BRACKETS.sub(lambda found: _empty_bracket(found, row), row)
    guessed = False
    if not any(sign in row for sign in EMPTY_BOX_CHARS + TICKED_CHARS) and set(row) & set("£¨þ"):
        guessed = not {"£", "¨"} & set(row)
        row = _LOST_SIGN.sub(lambda found: _LOST[found[0]], row)
    if not any(sign in row for sign in TICKED_CHARS) and any(
        sign in row for sign in EMPTY_BOX_CHARS
    ):
        row = _LOST_TICK.sub("√", row)
    if _YES.search(row) and _NO.search(row):
        row = _NO.sub("□", _YES.sub("√", row))
    if not any(sign in row for sign in TICKED_CHARS) and _LETTERS.search(row):
        letters = "".join(_LETTERS.findall(row)).lower()
        guessed = guessed or "x" in letters or not any(sign in row for sign in EMPTY_BOX_CHARS)
        row = _LETTERS.sub("√", row)
    return row, guessed


def _empty_bracket(found: re.Match[str], row: str) -> str:
    """Take empty brackets for a box where every option has some; those after 其他 are a blank."""
    brackets = len(re.findall(rf"[(（\[［【〔]|[{TICKED_CHARS}]", row))
    return "□" if brackets > 1 else found[0]


def strip_option_numbers(row: str, options: Sequence[str]) -> str:
    """Return a row without the numbers before its options: □1.培训 □2.技术推广."""
    words = "|".join(r"\s*".join(word) for word in options)
    return re.sub(rf"[(（]?(?<!\w)(?:\d|[A-Ga-g]|[①-⑨])[)）.、．]?\s*(?=(?:{words}))", "", row)


def tokenize(row: str, options: Sequence[str]) -> list[Token]:
    """Cut a row into pieces; an option is a whole word, and 其他 swallows what follows it."""
    patterns = [re.compile(r"\s*".join(word)) for word in sorted(options, key=len, reverse=True)]
    pieces: list[Token] = []
    at = start = 0
    while at < len(row):
        kind, end = _sign(row[at]), at + 1
        if not kind and (at == start or not _han(row[at - 1])) and not _in_other(pieces):
            kind, end = _option(row, at, patterns)
        if kind:
            _words(pieces, row, start, at)
            pieces.append(Token(kind, "".join(row[at:end].split()), at, end))
            start = end
        at = end
    _words(pieces, row, start, len(row))
    if any(piece.kind == "on" for piece in pieces):  # beside a tick, a cross means no
        return [replace(one, kind="off") if one.kind == "cross" else one for one in pieces]
    return [replace(one, kind="on") if one.kind == "cross" else one for one in pieces]


def _sign(sign: str) -> str:
    for kind, signs in (
        ("on", TICKED_CHARS),
        ("off", EMPTY_BOX_CHARS),
        ("cross", CROSS_CHARS),
        ("doubt", inline_markers.UNKNOWN_SYMBOL),
        ("picture", inline_markers.PICTURE),
    ):
        if sign in signs:
            return kind
    return ""


def _han(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def _in_other(pieces: list[Token]) -> bool:
    last = next((one for one in reversed(pieces) if one.kind != "words"), None)
    return last is not None and last.kind == "option" and last.text == OTHER_OPTION


def _option(row: str, at: int, patterns: list[re.Pattern[str]]) -> tuple[str, int]:
    """Return ``option`` and where it ends, ``""`` where none stands as a word of its own."""
    for pattern in patterns:
        found = pattern.match(row, at)
        if not found:
            continue
        end = found.end()
        ends = end == len(row) or not _han(row[end]) or "".join(found[0].split()) == OTHER_OPTION
        if ends or any(other.match(row, end) for other in patterns):
            return "option", end
    return "", at + 1


def _words(pieces: list[Token], row: str, start: int, end: int) -> None:
    if row[start:end].strip():
        pieces.append(Token("words", row[start:end], start, end))
