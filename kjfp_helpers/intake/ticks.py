"""Boxes to tick: which option words were chosen, and what was written after 其他."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kjfp_helpers.findings import Finding
from kjfp_helpers.intake.values import Reading, note
from kjfp_helpers.intake.words import is_blank, quote, squeeze

TICKED = "☑☒✓✔√■●◉🗹"
OPEN = "□☐○◯▢◻❑"
_MARK = re.compile(f"[{TICKED}{OPEN}]")
_OTHER = "其他"
_RUBBISH = " \t\n_＿。.:：()（）[]【】—-"


@dataclass(frozen=True, slots=True)
class Choice:
    """Option words that were ticked, in the form's order, and the words after 其他."""

    ticked: tuple[str, ...] = ()
    other: str | None = None


def read_options(text: str, options: Sequence[str]) -> Reading[Choice]:
    """Read a row of boxes, whichever side of its word each box stands on.

    Raises findings ``unknown_option`` for a ticked word that is not on the form,
    ``other_blank`` and ``other_unticked`` for a mismatch of 其他 and its words, ``ambiguous``
    where a tick could belong to either side or where only words stand.
    """
    plain = re.sub(r"[(（]\s*([☑☒✓✔√■])\s*[)）]", r"\1", text).replace("其它", _OTHER)
    if not squeeze(plain).strip(_RUBBISH):
        return Reading(Choice())
    if not _MARK.search(plain):
        return _words_only(plain, options)
    findings: list[Finding] = []
    chosen: list[str] = []
    other: str | None = None
    for mark, words in _segments(plain, options, findings):
        option, rest = _option(words, options)
        ticked = mark in TICKED
        if option == _OTHER:
            other = _clean(rest)
        elif option is None and ticked and _clean(words):
            option = _clean(words)
            findings += note("unknown_option", "、".join(options), quote(words))
        if ticked and option is not None:
            chosen.append(option)
    findings += _other_findings(chosen, other)
    return Reading(Choice(_ordered(chosen, options), other), tuple(findings))


def _segments(text: str, options: Sequence[str], findings: list[Finding]) -> list[tuple[str, str]]:
    """Pair each mark with its words."""
    marks = _MARK.findall(text)
    words = _MARK.split(text)
    if any(_option(part, options)[0] for part in words[:1]) and not _boxes_first(words, options):
        return _paired_before(marks, words)
    pairs: list[tuple[str, str]] = []
    pending = ""
    for mark, part in zip(marks, words[1:], strict=True):
        pending += mark
        if squeeze(part):
            pairs.append((_strongest(pending), part))
            pending = ""
    if pending and pairs:
        pairs[-1] = (_strongest(pending + pairs[-1][0]), pairs[-1][1])
    if re.search(rf"[^\s{OPEN}{TICKED}][{TICKED}][{OPEN}]", text):
        findings += note("ambiguous", "在所选项前的方框内打勾", quote(text))
        pairs = _ticks_behind(text)
    return _split_runs(pairs, options)


def _boxes_first(words: list[str], options: Sequence[str]) -> bool:
    """Whether the words after the last mark hold an option too: then a mark precedes its word."""
    return _option(words[-1], options)[0] is not None and len(words) > 1


def _paired_before(marks: list[str], words: list[str]) -> list[tuple[str, str]]:
    """Read ``种植√ 养殖□ 其他□ 茶叶``: each mark follows its word."""
    pairs: list[tuple[str, str]] = []
    for mark, part in zip(marks, words[:-1], strict=True):
        pairs.append((mark, part)) if squeeze(part) or not pairs else None
    if pairs:
        pairs[-1] = (pairs[-1][0], pairs[-1][1] + words[-1])
    return [(mark, part.strip()) for mark, part in pairs]


def _ticks_behind(text: str) -> list[tuple[str, str]]:
    """Read ``□种植√□养殖``: a tick typed behind the word of its box."""
    found = re.findall(rf"[{OPEN}]([^{OPEN}{TICKED}]*)([{TICKED}]?)", text)
    return [(tick or "□", words) for words, tick in found]


def _split_runs(pairs: list[tuple[str, str]], options: Sequence[str]) -> list[tuple[str, str]]:
    """Give each mark the first of the words behind it: ``√种植  养殖`` ticks one."""
    result: list[tuple[str, str]] = []
    for mark, part in pairs:
        option, rest = _option(part, options)
        result.append((mark, part if option in (None, _OTHER) else str(option)))
        while option not in (None, _OTHER) and _option(rest, options)[0]:
            option, following = _option(rest, options)
            result.append(("□", rest if option == _OTHER else str(option)))
            rest = following
        if option not in (None, _OTHER) and _clean(rest):
            result[-1] = (result[-1][0], f"{option}{rest}")
    return result


def _option(words: str, options: Sequence[str]) -> tuple[str | None, str]:
    """Return the option that words begin with, and the words behind it."""
    plain = words.strip(_RUBBISH)
    for option in sorted(options, key=len, reverse=True):
        pattern = r"\s*".join(option)
        match = re.match(rf"{pattern}(?P<rest>.*)", plain, re.DOTALL)
        if match and (option == _OTHER or not re.match(r"[\u4e00-\u9fff]", match["rest"])):
            return option, match["rest"]
    return None, ""


def _strongest(marks: str) -> str:
    return next((mark for mark in marks if mark in TICKED), marks[-1])


def _clean(words: str) -> str | None:
    cut = words.strip(_RUBBISH)
    return None if is_blank(cut) else cut


def _ordered(chosen: list[str], options: Sequence[str]) -> tuple[str, ...]:
    known = [option for option in options if option in chosen]
    return tuple(known + [word for word in dict.fromkeys(chosen) if word not in options])


def _other_findings(chosen: list[str], other: str | None) -> tuple[Finding, ...]:
    if _OTHER in chosen and other is None:
        return note("other_blank", "“其他”后写明内容", "空白")
    if other is not None and _OTHER not in chosen:
        return note("other_unticked", "写明内容并勾选“其他”", quote(other))
    return ()


def _words_only(text: str, options: Sequence[str]) -> Reading[Choice]:
    """Without any mark, words that are not the whole printed row may be what was chosen."""
    named = [option for option in options if option in squeeze(text)]
    if len(named) == len(options):
        return Reading(Choice())
    if named:
        _, _, tail = text.partition(_OTHER)
        choice = Choice(tuple(named), _clean(tail) if _OTHER in named else None)
        return Reading(choice, note("ambiguous", "在方框内打勾", quote(text)))
    found = note("unknown_option", "、".join(options), quote(text))
    return Reading(Choice((str(_clean(text)),)) if _clean(text) else Choice(), found)
