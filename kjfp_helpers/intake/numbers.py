"""Counts as people write them: ``1.2万人``, ``三百余天``, ``300户1200人``; no count is guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kjfp_helpers.intake.values import Reading, note
from kjfp_helpers.intake.words import half_width, is_blank, quote

_DIGITS = {sign: value for value, signs in enumerate(
    ("〇零", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
) for sign in signs}  # fmt: skip
_SCALES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000,
           "万": 10**4, "萬": 10**4, "亿": 10**8}  # fmt: skip
_HAN = "".join(_DIGITS) + "".join(_SCALES)

PEOPLE = ("人", "名", "位", "口")
DAYS = ("天", "日")
_TIME = ("年", "个月", "月", "周", "小时", "学时")

_YEAR = r"(?:19|20)\d{2}"
_SPAN = re.compile(
    rf"{_YEAR}\s*年?\s*(?:\d{{1,2}}\s*月)?\s*(?:-|—|–|~|至|到)+"
    rf"\s*(?:(?:{_YEAR}\s*年?)?\s*\d{{1,2}}\s*月底?|{_YEAR}\s*年?|今)(?:间|期间)?"
    rf"|{_YEAR}\s*年(?:\s*\d{{1,2}}\s*月)?(?:\s*\d{{1,2}}\s*日)?(?:以来|至今|起|底|末)?|十[二三四]五"
)
_DATE = re.compile(r"\d{1,2}\s*月\s*\d{1,2}\s*[日号]")
_RANGE = re.compile(r"\d\s*[万千百]?[余多]?[人名位户个天日]?\s*(?:-|—|–|~|至|到)+\s*\d")
_QUANTITY = re.compile(
    r"(?P<before>≥|>=?|大约|大概|大致|估计|预计|约|将近|接近|近|超过|超|逾|不少于|至少|不下|上)?\s*"
    rf"(?P<number>\d+(?:,\d{{3}})*(?:\.\d+)?(?:(?:[万千百]\d+)+[百千]?|[{_HAN}]+)?|[{_HAN}]+)\s*"
    r"(?P<more>[余多来几])?(?P<scale>[万亿])?\s*"
    r"(?P<unit>人次|人天|人日|人|名|位|口|户|个工作日|工作日|个月|个|家|天|日|年|月|周|小时|学时|次|%)?"
    r"(?P<after>左右|以上|上下|以内|以下|\+$)?"
)
_TOTAL = re.compile(r"(?:共|合计|总计|累计|总数|总)[^\d，,；;。]{0,10}$")
_RATE = re.compile(r"(?:每[年月人户期次天]|年均|月均|平均|人均|户均)[^\d]{0,8}$")
_PER = re.compile(r"\s*[/每](?:年|月|天|户|人|期)")
_HARMLESS = re.compile(
    r"累计|合计|总计|共计|总共|一共|共|带动|帮助|帮扶|实现|脱贫|建档立卡|贫困|人口|群众|农户|户"
    r"|其中|服务|深入|地区|期间|以来|达到|达|团队|专家|成员|总人数|人数|天数|总数|开展|约|人|等"
    r"|截至|截止|目前|全部?[村县乡镇]|[村县乡镇]|含|[\s，,。.；;：:（）()、“”\"_=+/]"
)
_NOTHING = re.compile(r"[\s_()（）]*(?:人|名|位|天|日|个|户)?[\s_()（）。.]*")
_SPACED = re.compile(r"(\d(?:\s+\d)+)(?:\s*\D{0,2})")
_GROUPED = re.compile(r"\d{1,3}(?:(?:\s+|，)\d{3})+\D{0,2}|\d+\s+\d+\D{0,2}")
_VAGUE = re.compile(r"[几数]十|[几数]百|[几数]千|[几数]万|若干|许多|众多|大量")
_HOUSES = re.compile(r"户数?\s*[:：为]?\s*$")
_BESIDE = re.compile(r"[(（]\s*([人名位天日])\s*[)）]\s*$")
_COLLOQUIAL = {"廿": "二十", "卅": "三十", "俩": "两", "仨": "三", "卌": "四十"}
_SHORT = re.compile(
    r"([一二三四五六七八九两\d])([百千万])([一二三四五六七八九1-9])(?![\d百千万十亿点.%])"
)
_ALONE = re.compile(r"(近|上|接近|将近|约|超|超过|过)([百千万])(?=[余多]?[人名户天位口])")
_LARGEST = 10**10


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its measure word where it stands in a text.

    ``unit`` is ``""`` where none follows; ``about`` says that the number is no exact one,
    ``total`` that a word such as 累计 leads to it, ``rate`` that it is one a year, a head and so
    on; ``start`` and ``end`` are its place, as for slices.
    """

    value: int | None
    unit: str
    about: bool
    total: bool
    rate: bool
    start: int
    end: int


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a running text in its order; years and dates are none."""
    plain = half_width(text.replace("，", "\0")).replace("\0", "，")
    for pattern in (_SPAN, _DATE):
        plain = pattern.sub(lambda match: " " * len(match[0]), plain)
    return tuple(_quantity(match) for match in _QUANTITY.finditer(plain))


def read_count(text: str, units: Sequence[str] = PEOPLE) -> Reading[int | None]:
    """Read one count; ``units`` are the measure words the form asks for, the first its own."""
    if is_blank(text) or _NOTHING.fullmatch(text):
        return Reading(None)
    plain, expected, found = half_width(text).strip(), f"以“{units[0]}”计的整数", quote(text)
    if re.fullmatch(r"\d{1,10}", plain):
        return Reading(int(plain))
    typed, colloquial = _as_written(text)
    value, codes = (_VAGUE.search(typed) and (None, ["ambiguous"])) or _count(typed, units)
    if value is not None and colloquial:
        codes.append(colloquial)
    notes = tuple(item for code in dict.fromkeys(codes) for item in note(code, expected, found))
    return Reading(value, notes)


def _as_written(text: str) -> tuple[str, str]:
    """Return a count in the written language, and the code of what had to be guessed."""
    plain = _keep_commas(text)
    if _SPACED.fullmatch(plain):  # one digit a box
        return "".join(plain.split()), ""
    if _GROUPED.fullmatch(plain):
        return re.sub(r"[\s，]", "", plain), "ambiguous"
    written = "".join(_COLLOQUIAL.get(sign, sign) for sign in plain)
    written = _SHORT.sub(_fill_up, written)
    written = _ALONE.sub(r"\1一\2", written)
    return _BESIDE.sub(r"\1", written), "approx" if written != plain else ""


def _fill_up(match: re.Match[str]) -> str:
    """Write out 一万二 as 一万二千."""
    below = {"百": "十", "千": "百", "万": "千"}[match[2]]
    return f"{match[1]}{match[2]}{match[3]}{below}"


def _count(typed: str, units: Sequence[str]) -> tuple[int | None, list[str]]:
    """Return the best reading of a written count and the codes of what is wrong with it."""
    plain = _SPAN.sub(" ", typed)
    if _RANGE.search(plain) or re.match(r"[-−]\s*\d", plain):
        return None, ["ambiguous"]
    dated = _DATE.search(plain) is not None
    plain = _DATE.sub(" ", plain)
    quantities = [_quantity(match) for match in _QUANTITY.finditer(plain)]
    value, codes, sure = _choose(quantities, plain, units)
    rest = _HARMLESS.sub("", _QUANTITY.sub("", plain))
    if value is not None and (rest or dated) and not sure:
        codes.append("ambiguous")
    if value is None and not codes:
        codes.append("unit_mismatch" if re.search("半年|半月|半个月|全年", plain) else "ambiguous")
    if value is not None and (any(one.about for one in quantities) or "约" in plain):
        codes.append("approx")
    return value, codes


def _keep_commas(text: str) -> str:
    """Half-width signs, but a Chinese comma stays a separator of two counts."""
    return half_width(text.replace("，", "\0")).replace("\0", "，").strip()


def _quantity(match: re.Match[str]) -> Quantity:
    before = match.string[: match.start()]
    value = parse_number(match["number"], loose=bool(match["more"]))
    if value is not None:
        value *= _SCALES[match["scale"]] if match["scale"] else 1
    whole = value is not None and value == int(value) and value < _LARGEST
    return Quantity(
        value=int(value) if whole and value is not None else None,
        unit=match["unit"] or ("户" if _HOUSES.search(before) else ""),
        about=bool(match["before"] or match["more"] or match["after"]),
        total=bool(_TOTAL.search(before)) or before.rstrip().endswith("="),
        rate=bool(_RATE.search(before) or _PER.match(match.string, match.end())),
        start=match.start(),
        end=match.end(),
    )


def _choose(
    quantities: list[Quantity], text: str, units: Sequence[str]
) -> tuple[int | None, list[str], bool]:
    """Return the best reading, the codes of what is wrong, and whether it is a sure total."""
    fit = [one for one in quantities if one.unit in (*units, "") and not one.rate]
    other = [one for one in quantities if one not in fit]
    if not fit:
        times = [one.value for one in other if one.unit == "人次" and "人" in units]
        return (times[0] if times else None), ["unit_mismatch"] if other else [], False
    totals = [one for one in fit if one.total]
    if len(fit) > 1 and (len(totals) == 1 or _is_total(fit, text)):
        total = totals[0] if len(totals) == 1 else fit[0]
        parts = sum(one.value or 0 for one in fit if one is not total)
        exact = "其中" in text or parts == total.value
        return total.value, [] if exact else ["ambiguous"], exact
    if len(fit) > 1 and "+" in text:
        return None, ["ambiguous"], False
    chosen = fit[0]
    unclear = len({one.value for one in fit}) > 1 or chosen.value is None
    unclear = unclear or (bool(other) and not chosen.unit)
    mixed = units == DAYS and any(one.unit in _TIME for one in other) and not totals
    sure = len(fit) > 1 and not unclear
    return chosen.value, ["ambiguous"] if unclear or mixed else [], sure


def _is_total(fit: list[Quantity], text: str) -> bool:
    """Whether the first count is the sum of the others, or is followed by parts of it."""
    first, *rest = [one.value or 0 for one in fit]
    return (len(rest) > 1 and first == sum(rest)) or ("其中" in text and first >= max(rest))


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
    for digits, scales in re.findall(rf"(\d*(?:\.\d+)?)([{_HAN}]*)", text.replace(",", ""))[:-1]:
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
        if sign not in _SCALES or sign in "十拾":
            return None
        product *= _SCALES[sign]
    return product


_BELOW_WAN = re.compile(
    "(?:(?P<千>D)S千)?(?P<z1>Z)?(?:(?P<百>D)S百)?(?P<z2>Z)?(?:(?P<十>D)?S十)?(?P<z3>Z)?(?P<一>D)?"
    .replace("S千", "[千仟]").replace("S百", "[百佰]").replace("S十", "(?P<ten>[十拾])")
    .replace("D", "[一二三四五六七八九两壹贰叁肆伍陆柒捌玖]").replace("Z", "[零〇]")
)  # fmt: skip


def _han_number(text: str, loose: bool) -> Decimal | None:
    if loose and text in _SCALES:
        return Decimal(_SCALES[text])
    if text in ("零", "〇"):
        return Decimal(0)
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
    value = sum(_DIGITS[match[name]] * _SCALES[name] for name in "千百" if match[name])
    ten = 10 * _DIGITS[match["十"]] if match["十"] else 10 if match["ten"] else 0
    one = _DIGITS[match["一"]] if match["一"] else 0
    zero = bool(match["z1"] or match["z2"] or match["z3"])
    skips = bool(match["千"] or match["百"]) and bool(one) and not match["ten"]
    if (skips and not zero) or (zero and not one and not ten) or not value + ten + one:
        return None
    return value + ten + one
