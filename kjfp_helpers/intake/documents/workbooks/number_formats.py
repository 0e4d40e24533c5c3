"""Show a number as its number format shows it: with unit, leading zeros, or part of a date.

Only what changes the meaning is shown: thousands separators and rounded decimals are not applied,
so a figure keeps the digits of its cell.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

BUILT_IN_FORMATS = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    49: "@",
    **dict.fromkeys((27, 36, 50, 52, 57), "yyyy年m月"),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), "m月d日"),
    30: "m-d-yy",
    31: "yyyy年m月d日",
    **dict.fromkeys((32, 55), "h时mm分"),
    **dict.fromkeys((33, 56), "h时mm分ss秒"),
    34: "上午/下午h时mm分",
    35: "上午/下午h时mm分ss秒",
}
"""Number formats that a workbook names by number only (ISO/IEC 29500-1 18.8.30, Chinese)."""
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]|(?P<meridiem>AM/PM|A/P|上午/下午)'
    r"|(?P<exponent>E[+-]0+)|(?P<general>General|G/通用格式|Standard)|(?P<letters>[ymdhseabg]+)|(?P<char>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_MAX_FORMAT_CHARS = 255
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_MAX_SERIAL = 2_958_466
_FAKE_LEAP_DAY = 60
"""Day numbers up to the 29 February 1900, which Excel invents, are one too high."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a format: ``digit``, ``date``, ``text``, ``general`` or ``literal``."""

    kind: str
    text: str


def date_of_serial(serial: float, *, is_1904: bool = False) -> datetime | time | None:
    """Return the date of a day number, the time of a fraction, ``None`` outside the calendar.

    Examples
    --------
    >>> date_of_serial(44022)
    datetime.datetime(2020, 7, 10, 0, 0)
    """
    if not 0 <= serial < _MAX_SERIAL:
        return None
    if not is_1904 and 0 < serial < _FAKE_LEAP_DAY:
        serial += 1
    moment = (_EPOCH_1904 if is_1904 else _EPOCH) + timedelta(days=serial)
    moment = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    return moment.time() if serial < 1 else moment


@lru_cache(maxsize=512)
def is_date_format(code: str) -> bool:
    """Whether a number format shows a number as a date or a time.

    Examples
    --------
    >>> is_date_format('yyyy"年"m"月"'), is_date_format('0.0"万"')
    (True, False)
    """
    parts = _sections(code)[0][1] if code else ()
    return any(part.kind == "date" for part in parts) and not any(
        part.kind == "general" for part in parts
    )


def shown_text(value: Any, code: str) -> str | None:
    """Return the text that a cell shows where its format changes its meaning.

    Parameters
    ----------
    value : object
        Value of the cell; numbers and dates are formatted.
    code : str
        The number format, ``""`` for none.

    Returns
    -------
    str or None
        ``""`` where the format hides the value, ``None`` where the value stands for itself.

    Examples
    --------
    >>> shown_text(1.2, '0.0"万人"'), shown_text(50000, "000000"), shown_text(1200, "#,##0")
    ('1.2万人', '050000', None)
    >>> shown_text(datetime(2020, 7, 1), 'yyyy"年"m"月"')
    '2020年7月'
    """
    if not code or len(code) > _MAX_FORMAT_CHARS or isinstance(value, bool):
        return None
    if isinstance(value, datetime | date | time):
        return _shown_date(value, code)
    if isinstance(value, str):
        return _shown_string(value, code)
    if isinstance(value, int | float) and value == value and abs(value) < 1e15:
        return _shown_number(value, code)
    return None


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[tuple[str, tuple[_Part, ...]], ...]:
    """Split a format at its semicolons into conditions and parts."""
    sections: list[tuple[str, tuple[_Part, ...]]] = []
    condition = ""
    parts: list[_Part] = []
    for match in _TOKEN.finditer(code):
        if match["char"] == ";":
            sections.append((condition, tuple(parts)))
            condition, parts = "", []
            continue
        if match["bracket"] is not None and _CONDITION.fullmatch(match["bracket"]):
            condition = match["bracket"]
        parts += _parts_of_token(match)
    return (*sections, (condition, tuple(parts)))


def _parts_of_token(match: re.Match[str]) -> Iterator[_Part]:
    """Yield the parts that a token of a format stands for."""
    kind, text = match.lastgroup or "", match[match.lastgroup] if match.lastgroup else ""
    if kind == "char":
        kind = "digit" if text in "0#?.,%/" else "text" if text == "@" else "literal"
        yield _Part(kind, text)
    elif kind == "bracket":
        if text.startswith("$"):
            yield _Part("literal", text[1:].partition("-")[0])
        elif re.fullmatch("[hms]+", text, re.IGNORECASE):
            yield _Part("date", text.lower())
    elif kind:
        yield _Part(_KIND_BY_GROUP[kind], "am" if kind == "meridiem" else _unquoted(kind, text))


def _unquoted(kind: str, text: str) -> str:
    return text.lower() if kind == "letters" else text


_KIND_BY_GROUP = {
    "quoted": "literal",
    "escaped": "literal",
    "letters": "date",
    "meridiem": "date",
    "general": "general",
    "exponent": "exponent",
}


def _shown_string(value: str, code: str) -> str | None:
    """Return a text with what its format adds to it."""
    sections = _sections(code)
    parts = sections[-1][1]
    if len(sections) < 4 and not any(part.kind == "text" for part in parts):
        return None
    if any(part.kind in ("digit", "date", "general") for part in parts):
        return None
    shown = "".join(value if part.kind == "text" else part.text for part in parts)
    return None if shown.strip() == value.strip() else shown


def _shown_number(value: float, code: str) -> str | None:
    """Return a number with the unit, the percent sign or the leading zeros of its format."""
    parts, is_negated = _section_of(value, _sections(code))
    if not parts:
        return "" if code.strip() else None
    if any(part.kind in ("date", "exponent", "text") for part in parts):
        return None
    literals = "".join(part.text for part in parts if part.kind == "literal").strip(" -()（）¥￥$+")
    placeholders = "".join(part.text for part in parts if part.kind == "digit")
    if "/" in placeholders:
        return None
    is_general = any(part.kind == "general" for part in parts)
    if not placeholders and not is_general:
        return "".join(part.text for part in parts).strip()
    is_scaled = re.search(r"[0#?],+(?![0#?])", placeholders) is not None
    zeros = placeholders.partition(".")[0].count("0")
    is_padded = zeros > 1 and abs(value) < 10 ** (zeros - 1)
    if not literals and not is_scaled and not is_padded and "%" not in placeholders:
        return None
    return _rendered(abs(value), parts, value < 0 and not is_negated)


def _section_of(
    value: float, sections: tuple[tuple[str, tuple[_Part, ...]], ...]
) -> tuple[tuple[_Part, ...], bool]:
    """Return the parts that apply to a number, and whether they replace its minus sign."""
    if any(condition for condition, _ in sections):
        for condition, parts in sections:
            match = _CONDITION.fullmatch(condition) if condition else None
            if match is None or _holds(value, match[1], float(match[2])):
                return parts, False
        return sections[-1][1], False
    if len(sections) > 1 and value < 0:
        return sections[1][1], True
    if len(sections) > 2 and value == 0:
        return sections[2][1], False
    return sections[0][1], False


def _holds(value: float, relation: str, limit: float) -> bool:
    return {
        "<": value < limit,
        ">": value > limit,
        "<=": value <= limit,
        ">=": value >= limit,
        "=": value == limit,
        "<>": value != limit,
    }[relation]


def _rendered(value: float, parts: tuple[_Part, ...], is_negative: bool) -> str:
    """Render all digits of a number between the literals of its format."""
    digits = [index for index, part in enumerate(parts) if part.kind in ("digit", "general")]
    first, last = digits[0], digits[-1]
    inner = parts[first : last + 1]
    before = "".join(part.text for part in parts[:first])
    after = "".join(part.text for part in parts[last + 1 :])
    separators = [part.text for part in inner if part.kind == "literal"]
    placeholders = "".join(part.text for part in inner if part.kind == "digit")
    number = Decimal(f"{value:.15g}")
    if trailing := re.search(r"(?<=[0#?])(,+)(?![0#?])", placeholders):
        number /= 1000 ** len(trailing[1])
    if "%" in placeholders:
        number, after = number * 100, f"%{after}"
    if separators == ["."] and "." not in placeholders:  # 0!.0 shows 12000 as 1.2
        behind = "".join(part.text for part in inner).rpartition(".")[2]
        number, separators = number / 10 ** sum(char in "0#?" for char in behind), []
        placeholders = "0"
    sign = "-" if is_negative and "-" not in before else ""
    text = _plain(number)
    integer = text.partition(".")[0]
    if separators:
        text = _interleaved(integer, inner)
    else:
        zeros = sum(char == "0" for char in placeholders.partition(".")[0].replace(",", ""))
        text = integer.zfill(zeros) + text[len(integer) :]
    return f"{sign}{before}{text}{after}".strip()


def _plain(number: Decimal) -> str:
    """Return a number without exponent and without trailing zeros behind the point."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _interleaved(digits: str, parts: tuple[_Part, ...]) -> str:
    """Fill digits from the right into placeholders with literals between them: 000-0000."""
    remaining = list(digits)
    shown: list[str] = []
    placeholders = sum(part.text in ("0", "#", "?") for part in parts if part.kind == "digit")
    for part in reversed(parts):
        if part.kind == "literal":
            shown.append(part.text)
        elif part.kind == "digit" and part.text in "0#?":
            placeholders -= 1
            if placeholders == 0 and remaining:
                shown.append("".join(remaining))
            elif remaining:
                shown.append(remaining.pop())
            elif part.text == "0":
                shown.append("0")
    return "".join(reversed(shown))


def _shown_date(value: datetime | date | time, code: str) -> str | None:
    """Return the parts of a date that its format shows, ``None`` for a whole date."""
    letters = [part.text for part in _sections(code)[0][1] if part.kind == "date"]
    if not letters or isinstance(value, time):
        return None
    has_year = any(text[0] in "yeg" for text in letters)
    has_day = any(text[0] == "d" and len(text) <= 2 for text in letters)
    has_month = any(
        text[0] == "m"
        and (index == 0 or letters[index - 1][0] != "h")
        and (index + 1 == len(letters) or letters[index + 1][0] != "s")
        for index, text in enumerate(letters)
    )
    if has_year and has_month and has_day:
        return None
    shown = (f"{value.year}年" if has_year else "") + (f"{value.month}月" if has_month else "")
    shown += f"{value.day}日" if has_day else ""
    if shown or not isinstance(value, datetime):
        return shown or None
    return f"{value.hour}:{value.minute:02d}" if "h" in "".join(letters) else None
