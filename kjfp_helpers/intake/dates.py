"""Dates as people write them on a form."""

import re
from datetime import date

from kjfp_helpers.intake.values import Reading, note
from kjfp_helpers.intake.words import half_width, quote, squeeze

_HAN = {sign: str(value) for value, sign in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
}
_NUMBER = r"[\d〇零○一二三四五六七八九十]"
_DATE = re.compile(
    rf"(?P<year>{_NUMBER}{{4}}|(?<!\d)\d{{2}})(?:年|[./\-])(?P<month>{_NUMBER}{{0,3}})"
    rf"(?:(?:月|[./\-])(?P<day>{_NUMBER}{{0,3}})[日号]?)?"
    r"|(?<!\d)(?P<solid>(?:19|20)\d{6})(?!\d)"
)
_TEMPLATE = re.compile(r"(?<![\d〇零一二三四五六七八九十])[\s_]*年[\s_]*月[\s_]*日")
_EXPECTED = "完整的年月日"


def find_date(text: str) -> tuple[Reading[date | None], str]:
    """Read the last date in a text; return it and the text without dates and without 年月日.

    A date without its day is ``None`` with ``date_incomplete``, one that no calendar knows is
    ``None`` with ``date_invalid``; a text without any date is ``None`` and nothing more.
    """
    lines = [line for line in half_width(text).split("\n")]
    for index in range(len(lines) - 1, -1, -1):
        plain = squeeze(lines[index])
        matches = [match for match in _DATE.finditer(plain) if _is_date(match)]
        if not matches:
            continue
        rest = plain[: matches[-1].start()] + plain[matches[-1].end() :]
        kept = text.split("\n")
        kept[index] = rest
        return _read(matches[-1]), _TEMPLATE.sub("", "\n".join(kept)).strip()
    return Reading(None), _TEMPLATE.sub("", text).strip()


def _is_date(match: re.Match[str]) -> bool:
    """Tell a date from a dotted pair such as 3.5; 2020.8 and 2020年 are dates, if incomplete."""
    return bool(match["solid"]) or len(match["year"]) == 4 or match["day"] is not None


def _read(match: re.Match[str]) -> Reading[date | None]:
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
    if "十" in signs:
        tens, _, ones = signs.partition("十")
        signs = (_HAN.get(tens, tens) or "1") + (_HAN.get(ones, ones) or "0")
    digits = "".join(_HAN.get(sign, sign) for sign in signs)
    return int(digits) if digits.isascii() and digits.isdigit() else None
