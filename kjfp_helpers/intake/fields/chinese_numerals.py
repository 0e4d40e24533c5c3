"""Chinese numerals: 三百二十五, 贰佰, 1万2千, 二〇二〇, 廿三."""

import re
from decimal import Decimal

DIGITS = {
    char: value
    for value, chars in enumerate(
        ("〇零○", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for char in chars
}
SCALES = {
    "十": 10,
    "拾": 10,
    "百": 100,
    "佰": 100,
    "千": 1000,
    "仟": 1000,
    "万": 10**4,
    "萬": 10**4,
    "亿": 10**8,
}
NUMERAL_CHARS = "".join(DIGITS) + "".join(SCALES)
"""All characters of Chinese numerals."""
CONTRACTED_NUMERALS = {"廿": "二十", "卅": "三十", "卌": "四十", "俩": "两", "仨": "三"}
"""Characters that contract two numerals, or a numeral and its measure word."""

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_BELOW_WAN = re.compile(
    "(?:(?P<千>D)S千)?(?P<z1>Z)?(?:(?P<百>D)S百)?(?P<z2>Z)?(?:(?P<十>D)?S十)?(?P<z3>Z)?(?P<一>D)?".replace(
        "S千", "[千仟]"
    )
    .replace("S百", "[百佰]")
    .replace("S十", "(?P<ten>[十拾])")
    .replace("D", "[一二三四五六七八九两壹贰叁肆伍陆柒捌玖]")
    .replace("Z", "[零〇]")
)


def expand_contractions(text: str) -> str:
    """Replace contracted numerals (廿, 卅, 俩) by their long form.

    Examples
    --------
    >>> expand_contractions("廿三")
    '二十三'
    """
    return "".join(CONTRACTED_NUMERALS.get(char, char) for char in text)


def parse_digit_sequence(text: str) -> str | None:
    """Return the digits of a numeral written digit by digit, ``None`` for other numerals.

    Examples
    --------
    >>> parse_digit_sequence("二〇2〇")
    '2020'
    """
    digits = "".join(str(DIGITS.get(char, char)) for char in text)
    return digits if digits.isascii() and digits.isdecimal() else None


def parse_number(text: str, *, loose: bool = False) -> Decimal | None:
    """Parse a number in Arabic or Chinese numerals, ``None`` if the text is not a number.

    Parameters
    ----------
    text : str
        A numeral without spaces.
    loose : bool
        Whether 百, 千 and 万 may stand alone, as in 百余人.

    Examples
    --------
    >>> parse_number("三百二十五"), parse_number("1万2千"), parse_number("三百五")
    (Decimal('325'), Decimal('12000'), None)
    """
    match = _NUMBER.match(text)
    if not match:
        return _parse_han_number(text, loose)
    value, tail = Decimal(match[0].replace(",", "")), text[match.end() :]
    if not tail:
        return value
    total = Decimal(0)
    previous_scale = None
    for digits, scales in re.findall(
        rf"(\d*(?:\.\d+)?)([{NUMERAL_CHARS}]*)", text.replace(",", "")
    )[:-1]:
        scale = _scale_product(scales)
        if not digits or scale is None or not _fits_below(digits, scale, previous_scale):
            return None
        total, previous_scale = total + Decimal(digits) * scale, scale
    return total


def _fits_below(digits: str, scale: int, previous_scale: int | None) -> bool:
    """Whether a part may follow a larger one: 1万2千 and 1万2000 may, 1万2 is ambiguous."""
    if previous_scale is None:
        return True
    return scale < previous_scale and (scale > 1 or len(digits) == len(str(previous_scale)) - 1)


def _scale_product(chars: str) -> int | None:
    """Return the product of scale characters (``百万``), 1 for none, ``None`` for other text."""
    product = 1
    for char in chars:
        if char not in SCALES or char in "十拾":
            return None
        product *= SCALES[char]
    return product


def _parse_han_number(text: str, loose: bool) -> Decimal | None:
    """Parse a number in Chinese numerals."""
    if loose and text in SCALES:
        return Decimal(SCALES[text])
    if text in ("零", "〇"):
        return Decimal(0)
    if len(text) > 2 and not set(text) & set(SCALES):  # digit by digit: 一二〇〇
        digits = parse_digit_sequence(text)
        return Decimal(digits) if digits and digits[0] != "0" else None
    head, separator, tail = re.sub("萬", "万", text).partition("万")
    if not separator:
        value = _parse_below_wan(head)
        return None if value is None else Decimal(value)
    upper, lower = _parse_below_wan(head), _parse_below_wan(tail) if tail else 0
    if upper is None or lower is None or (tail and lower < 1000 and tail[0] not in "零〇"):
        return None
    return Decimal(upper * 10**4 + lower)


def _parse_below_wan(text: str) -> int | None:
    """Parse a number below 10,000; a single digit after 百 or 千 (三百五) is ambiguous."""
    match = _BELOW_WAN.fullmatch(text)
    if not match or not text:
        return None
    value = sum(DIGITS[match[name]] * SCALES[name] for name in "千百" if match[name])
    tens = 10 * DIGITS[match["十"]] if match["十"] else 10 if match["ten"] else 0
    ones = DIGITS[match["一"]] if match["一"] else 0
    has_zero = bool(match["z1"] or match["z2"] or match["z3"])
    skips_place = bool(match["千"] or match["百"]) and bool(ones) and not match["ten"]
    if (
        (skips_place and not has_zero)
        or (has_zero and not ones and not tens)
        or not value + tens + ones
    ):
        return None
    return value + tens + ones
