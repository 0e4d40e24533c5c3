"""Chinese numerals: 三百二十五, 贰佰, 1万2千, 二〇二〇, 廿三."""

import re
from decimal import Decimal

DIGITS = {
    sign: value
    for value, signs in enumerate(
        ("〇零○", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for sign in signs
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
"""Every sign that a Chinese numeral is made of."""
CONTRACTED_NUMERALS = {"廿": "二十", "卅": "三十", "卌": "四十", "俩": "两", "仨": "三"}
"""One sign for what is taught as two, or for a number and its measure word."""

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
    """Return text with 廿, 卅 and their like written out."""
    return "".join(CONTRACTED_NUMERALS.get(sign, sign) for sign in text)


def parse_digit_sequence(text: str) -> str | None:
    """Return the digits of a numeral read sign by sign (``二〇2〇``), ``None`` for others."""
    digits = "".join(str(DIGITS.get(sign, sign)) for sign in text)
    return digits if digits.isascii() and digits.isdecimal() else None


def parse_number(text: str, *, loose: bool = False) -> Decimal | None:
    """Return the number that Arabic or Chinese numerals spell, ``None`` when they spell none.

    ``loose`` lets 百, 千 and 万 stand alone, as in 百余人.
    """
    match = re.match(r"\d[\d,]*(?:\.\d+)?", text)
    if not match:
        return _han_number(text, loose)
    value, tail = Decimal(match[0].replace(",", "")), text[match.end() :]
    if not tail:
        return value
    total = Decimal(0)
    last = None
    for digits, scales in re.findall(
        rf"(\d*(?:\.\d+)?)([{NUMERAL_CHARS}]*)", text.replace(",", "")
    )[:-1]:
        scale = _scale(scales)
        if not digits or scale is None or not _fits_below(digits, scale, last):
            return None
        total, last = total + Decimal(digits) * scale, scale
    return total


def _fits_below(digits: str, scale: int, last: int | None) -> bool:
    """Whether a part may follow a larger one: 1万2千 and 1万2000 may, 1万2 says nothing sure."""
    if last is None:
        return True
    return scale < last and (scale > 1 or len(digits) == len(str(last)) - 1)


def _scale(signs: str) -> int | None:
    """Return the product of scale words (``百万``), 1 for none, ``None`` for other words."""
    product = 1
    for sign in signs:
        if sign not in SCALES or sign in "十拾":
            return None
        product *= SCALES[sign]
    return product


def _han_number(text: str, loose: bool) -> Decimal | None:
    if loose and text in SCALES:
        return Decimal(SCALES[text])
    if text in ("零", "〇"):
        return Decimal(0)
    if len(text) > 2 and not set(text) & set(SCALES):  # sign by sign: 一二〇〇
        digits = parse_digit_sequence(text)
        return Decimal(digits) if digits and digits[0] != "0" else None
    head, wan, tail = re.sub("萬", "万", text).partition("万")
    if not wan:
        value = _below_wan(head)
        return None if value is None else Decimal(value)
    upper, lower = _below_wan(head), _below_wan(tail) if tail else 0
    if upper is None or lower is None or (tail and lower < 1000 and tail[0] not in "零〇"):
        return None
    return Decimal(upper * 10**4 + lower)


def _below_wan(text: str) -> int | None:
    """Return a number under 10,000; a lone digit after 百 or 千 (三百五) spells none."""
    match = _BELOW_WAN.fullmatch(text)
    if not match or not text:
        return None
    value = sum(DIGITS[match[name]] * SCALES[name] for name in "千百" if match[name])
    ten = 10 * DIGITS[match["十"]] if match["十"] else 10 if match["ten"] else 0
    one = DIGITS[match["一"]] if match["一"] else 0
    zero = bool(match["z1"] or match["z2"] or match["z3"])
    skips = bool(match["千"] or match["百"]) and bool(one) and not match["ten"]
    if (skips and not zero) or (zero and not one and not ten) or not value + ten + one:
        return None
    return value + ten + one
