"""Dates as people write them on a form."""

import re
from datetime import date

from kjfp_helpers.intake.values import Reading, note
from kjfp_helpers.intake.words import half_width, quote, squeeze

_HAN = {sign: str(value) for value, signs in enumerate(
    ("〇零○ＯOoО", "一壹", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
) for sign in signs} | {"拾": "十"}  # fmt: skip
_NUMBER = rf"[\d{''.join(_HAN)}十]"
_DOT = r"[./\-,。，、·]"
_DATE = re.compile(
    rf"(?P<year>{_NUMBER}{{4}}|(?<!\d)\d{{2}})(?:年|{_DOT})(?P<month>{_NUMBER}{{0,3}})"
    rf"(?:(?:月|{_DOT})(?P<day>{_NUMBER}{{0,3}})[日号]?)?"
    r"|(?<!\d)(?P<solid>(?:19|20)\d{6})(?!\d)"
    rf"|(?<![\d年])(?P<no_year>{_NUMBER}{{1,3}}月{_NUMBER}{{1,3}}[日号])"
)
_SPACED = re.compile(r"^\s*((?:19|20)\d\d)\s+(\d{1,2})\s+(\d{1,2})\s*$")
_TEMPLATE = re.compile(rf"(?<!{_NUMBER})[\s_]*年[\s_]*月[\s_]*日")
_AT_END = re.compile(r"[。.;；,，、)）\]】]*(?:[(（]?(?:单位)?(?:盖章|公章|印章)[)）]?)?")
_EXPECTED = "完整的年月日"


def find_date(text: str) -> tuple[Reading[date | None], str]:
    """Read the date that ends a text or a line of it; return it and the text without it.

    A date inside a sentence is not the one of the signature, and neither is one above a place
    for it that was left open.

    A date without its day is ``None`` with ``date_incomplete``, one that no calendar knows is
    ``None`` with ``date_invalid``; a text without any date is ``None`` and nothing more.
    """
    lines = [_SPACED.sub(r"\1.\2.\3", line) for line in half_width(text).split("\n")]
    for index in range(len(lines) - 1, -1, -1):
        plain = squeeze(lines[index]).replace("_", "")
        if _TEMPLATE.search(plain):
            break  # the place for the date was left open; one further up is part of a sentence
        matches = [match for match in _DATE.finditer(plain) if _is_date(match)]
        if not matches or not _AT_END.fullmatch(plain, matches[-1].end()):
            continue
        rest = plain[: matches[-1].start()] + plain[matches[-1].end() :]
        kept = text.split("\n")
        kept[index] = rest
        return _read(matches[-1]), _TEMPLATE.sub("", "\n".join(kept)).strip()
    return Reading(None), _TEMPLATE.sub("", text).strip()


def _is_date(match: re.Match[str]) -> bool:
    """Tell a date from a dotted pair such as 3.5; 2020.8 and 2020年 are dates, if incomplete."""
    if match["solid"] or match["no_year"]:
        return True
    return len(match["year"]) == 4 or match["day"] is not None


def _read(match: re.Match[str]) -> Reading[date | None]:
    if match["no_year"]:
        return Reading(None, note("date_incomplete", _EXPECTED, quote(match[0])))
    if match["solid"]:
        parts: list[int | None] = [
            int(match["solid"][slice(*at)]) for at in ((0, 4), (4, 6), (6, 8))
        ]
    else:
        parts = [_year(match["year"]), _number(match["month"]), _number(match["day"])]
    year, month, day = parts
    if year is None or month is None or day is None:
        return Reading(None, note("date_incomplete", _EXPECTED, quote(match[0])))
    try:
        return Reading(date(year, month, day))
    except ValueError:
        return Reading(None, note("date_invalid", _EXPECTED, quote(match[0])))


def _year(signs: str) -> int | None:
    digits = "".join(_HAN.get(sign, sign) for sign in signs)
    return int(digits) if re.fullmatch(r"\d{4}", digits) else None


def _number(signs: str | None) -> int | None:
    """Return a month or a day of one or two figures, ``None`` when it was left blank."""
    if not signs:
        return None
    signs = signs.replace("拾", "十")
    if "十" in signs:
        tens, _, ones = signs.partition("十")
        signs = (_HAN.get(tens, tens) or "1") + (_HAN.get(ones, ones) or "0")
    digits = "".join(_HAN.get(sign, sign) for sign in signs)
    return int(digits) if digits.isascii() and digits.isdecimal() else None
