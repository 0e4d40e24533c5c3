"""Counts as people write them: ``1.2万人``, ``三百余天``, ``300户1200人``; no count is guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kjfp_helpers.intake.common.parsed_value import Parsed, make_findings
from kjfp_helpers.intake.common.text_cleanup import is_blank, quote_for_finding, to_half_width
from kjfp_helpers.intake.fields.chinese_numerals import (
    NUMERAL_CHARS,
    SCALES,
    expand_contractions,
    parse_digit_sequence,
    parse_number,
)

PEOPLE_MEASURES = ("人", "名", "位", "口", "个")
DAY_MEASURES = ("天", "日")
_NEAR = {"人": ("人次",), "天": ("天次", "人天", "人日", "工作日", "个工作日")}
"""Measures so near to the form's own that their number is kept, with a finding."""
_MONTH = 31
_LASTS = {"年": 366, "个月": _MONTH, "月": _MONTH, "周": 7, "星期": 7, "个星期": 7}
"""The most days that each stretch of time has."""

_YEAR = r"(?:19|20)\d{2}"
_TO = r"\s*(?:-|—|–|~|至|到)+\s*"
_SPAN = re.compile(
    rf"{_YEAR}[./]\d{{1,2}}{_TO}(?:{_YEAR}[./])?\d{{1,2}}(?!\d)"
    rf"|{_YEAR}\s*年?\s*(?:\d{{1,2}}\s*月\s*)?(?:\d{{1,2}}\s*[日号])?{_TO}"
    rf"(?:(?:{_YEAR}\s*年?)?\s*\d{{1,2}}\s*月(?:底|\s*\d{{1,2}}\s*[日号])?|{_YEAR}\s*年?|今)(?:间|期间)?"
    rf"|{_YEAR}\s*年(?:\s*\d{{1,2}}\s*月)?(?:\s*\d{{1,2}}\s*日)?(?:以来|至今|起|底|末)?|十[二三四]五"
    rf"|近?[\d{NUMERAL_CHARS}]+年多?(?:以来|来|间)"
)
_HAN_YEAR = re.compile(r"[一二][〇零○九][〇零○一二三四五六七八九]{2}(?=\s*年)")
_DATE = re.compile(r"\d{1,2}\s*月\s*\d{1,2}\s*[日号]")
_RANGE = re.compile(rf"\d\s*[万千百]?[余多]?[人名位户个天日]?{_TO}\d")
_MISTYPED = re.compile(r"^\s*[-−]\s*\d|[A-Za-z]\d|\d[A-Za-z]|(?<!\d)\.\d")
_FOREIGN = (
    r"个(?!人|专家|成员|贫困人口|贫困群众|群众|农民)[\u4e00-\u9fff]{1,3}|月|年|周|星期|季度|建档立卡(?:贫困)?户"
    r"|小时|学时|课时|次|户|戶|贫困户|农户|家|万?元|亩|公里|期|批|支队?|组(?!员)|队(?!员)|场|件|项"
    r"|村(?!民)|县|乡(?!亲)|镇|头|只|棵|株|吨|公?斤|%"
)
_QUANTITY = re.compile(
    r"(?P<before>≥|≤|>=?|<=?|≈|~|大约|大概|大致|估计|预计|约|将近|接近|近|不超过|超过|超|逾|不少于|不低于|不止"
    r"|至少|不下于?|不到|不足|少于|低于|小于|多于|大于|高于|上|过)?\s*"
    rf"(?P<number>\d+(?:,\d{{3}})*(?:\.\d+)?(?:(?:[万千百]\d+)+[百千]?|[{NUMERAL_CHARS}]+)?|[{NUMERAL_CHARS}]+)\s*"
    r"(?P<more>[余多来几])?(?P<scale>[万亿])?\s*"
    rf"(?P<unit>人次|天次|人天|人日|人口?(?!数|均)|名|位|口|个?工作日|天|日|{_FOREIGN}|个)?"
    r"(?P<after>左右|以上|上下|以内|以下|有余|余|多(?!次)|\+(?!\s*\d))?"
)
_TOTAL = re.compile(r"(?:共|合计|总计|累计|总数|总)[^\d，,；;。]{0,10}$")
_SUM = re.compile(r"\+.*=\s*$", re.DOTALL)
_RATE = re.compile(r"(?:每[\u4e00-\u9fff]{1,3}|年均|月均|周均|平均|人均|户均)[^\d]{0,8}$")
_PER = re.compile(
    r"\s*[/每](?:年|月|周|天|户|人|期)|\s*[(（][^()（）\d]*(?:每|均)[^()（）\d]*[)）]"
)
_REMARK = re.compile(
    rf"[(（](?![^()（）]*(?:计划|目标|任务|拟|未|不|没|非))[^()（）\d{NUMERAL_CHARS}]*[)）]"
)
_HARMLESS = re.compile(
    r"[年人户]均|已|累计|合计|总计|共计|总共|共有|现有|共|直接|带动|帮助|帮扶|实现|脱贫|建档立卡|贫困|人口|群众|农户|户"
    r"|其中|服务|深入|地区|期间|以来|达到|达|团队|专家|成员|总人数|人数|天数|总数|开展|约|人|等"
    r"|截至|截止|目前|全部?[村县乡镇]|[村县乡镇]|含|整$|自|来|每年|驻村|下乡|[\s，,。.；;：:（）()、“”\"_=+/\[\]]"
)
_ABOUT = re.compile("约|估|预计|大概|左右")
_NOTHING = re.compile(r"[\s_()（）xX×*]*(?:人|名|位|天|日|个|户)?[\s_()（）。.]*")
_SPACED = re.compile(r"(\d(?:\s+\d)+)(?:\s*\D{0,2})")
_GROUPED = re.compile(r"\d{1,3}(?:(?:\s+|[，'’])\d{3})+\D{0,2}")
_VAGUE = re.compile(r"[几数]十|[几数]百|[几数]千|[几数]万|若干|许多|众多|大量")
_HOUSES = re.compile(rf"(?:^|[^\d{NUMERAL_CHARS}余多\s])户数?\s*[:：为]?\s*$")
_TIDY = (
    (re.compile(r"(?<!\d)_+|_+(?!\d)"), ""),
    (re.compile(r"[人天]\s*[/·(（]\s*次\s*[)）]?"), lambda found: f"{found[0][0]}次"),
    (re.compile(r"[(（]\s*([万千百]?(?:[人天]次|[人名位天日户年月]|个月))\s*[)）]"), r"\1"),
    (re.compile(r"^\s*[人名天日]\s*(?=\d)"), ""),
    (re.compile(r"(?<=[\d人名天])\s*加\s*(?=\d)"), "+"),
    (re.compile(r"(?<=[年月])零(?=\d)|(?<=队)伍|一(?=共)"), ""),
    (_HAN_YEAR, lambda found: parse_digit_sequence(found[0])),
)
"""What is written out of order, and how it is read; none of it changes a number."""
_SHORT = re.compile(
    r"([一二三四五六七八九两\d])([百千万])([一二三四五六七八九1-9])(?![\d百千万十亿点.%])"
)
_ALONE = re.compile(r"(近|上|接近|将近|约|超|超过|过)([百千万])(?=[余多]?(?:[人名户天位口]|\s*$))")
_LARGEST = 10**10


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its measure word where it stands in a text.

    ``measure`` is ``""`` where none follows; ``is_approximate`` says that the number is no exact one,
    ``is_total`` that a word such as 累计 leads to it, ``is_rate`` that it is one a year, a head and so
    on; ``start`` and ``end`` are its place, as for slices.
    """

    value: int | None
    measure: str
    is_approximate: bool
    is_total: bool
    is_rate: bool
    start: int
    end: int


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a running text in its order; years and dates are none."""
    plain = to_half_width(text.replace("，", "\0")).replace("\0", "，")
    for pattern in (_SPAN, _DATE):
        plain = pattern.sub(lambda match: " " * len(match[0]), plain)
    return tuple(_quantity(match) for match in _QUANTITY.finditer(plain))


def read_count(text: str, measures: Sequence[str] = PEOPLE_MEASURES) -> Parsed[int | None]:
    """Read one count; ``measures`` are the measure words the form asks for, the first its own."""
    if is_blank(text) or _NOTHING.fullmatch(text):
        return Parsed(None)
    plain, expected, found = (
        to_half_width(text).strip(),
        f"以“{measures[0]}”计的整数",
        quote_for_finding(text),
    )
    if re.fullmatch(r"\d{1,10}", plain):
        return Parsed(int(plain))
    typed, guessed = _as_written(text)
    value, codes = (_VAGUE.search(typed) and (None, ["ambiguous"])) or _count(typed, measures)
    if value is not None and guessed:
        codes.append(guessed)
    notes = tuple(
        item for code in dict.fromkeys(codes) for item in make_findings(code, expected, found)
    )
    return Parsed(value, notes)


def _as_written(text: str) -> tuple[str, str]:
    """Return a count in the written language, and the code of what had to be guessed."""
    plain = _keep_commas(text)
    for pattern, instead in _TIDY:
        plain = pattern.sub(instead, plain)  # type: ignore[arg-type]
    if _SPACED.fullmatch(plain):  # one digit a box
        return "".join(plain.split()), ""
    if _GROUPED.fullmatch(plain):  # what begins with a nought is no count of its own
        sure = re.search(r"\D0\d\d", plain)
        return re.sub(r"[\s，'’]", "", plain), "" if sure else "ambiguous"
    if re.search(r"\d[·•]\d", plain):
        return re.sub("[·•]", ".", plain), "ambiguous"
    written = expand_contractions(plain)
    whole = _SHORT.sub(_fill_up, written)
    whole = _ALONE.sub(r"\1一\2", whole)
    return whole, "approx" if whole != written else ""


def _fill_up(match: re.Match[str]) -> str:
    """Write out 一万二 as 一万二千."""
    below = {"百": "十", "千": "百", "万": "千"}[match[2]]
    return f"{match[1]}{match[2]}{match[3]}{below}"


def _count(typed: str, units: Sequence[str]) -> tuple[int | None, list[str]]:
    """Return the best reading of a written count and the codes of what is wrong with it."""
    plain = _SPAN.sub(" ", typed)
    if _RANGE.search(plain) or _MISTYPED.search(plain):
        return None, ["ambiguous"]
    dated = _DATE.search(plain) is not None
    plain = _DATE.sub(" ", plain)
    quantities = [_quantity(match) for match in _QUANTITY.finditer(plain)]
    fit = [one for one in quantities if one.measure in (*units, "") and not one.is_rate]
    value, codes, sure = _choose(fit, [one for one in quantities if one not in fit], plain, units)
    dated = dated or (len(fit) > 1 and len(_SPAN.findall(typed)) > 1)  # a count for each year
    rest = _HARMLESS.sub("", _REMARK.sub("", _QUANTITY.sub("", plain)))
    if value is not None and not codes and (rest or dated) and not sure:
        codes.append("ambiguous")
    if value is None and not codes:
        codes.append("unit_mismatch" if re.search("半年|半月|半个月|全年", plain) else "ambiguous")
    said = _ABOUT.search(plain) and not any(one.is_rate for one in quantities)
    if value is not None and (any(one.is_approximate for one in fit) or said):
        codes.append("approx")
    return value, codes


def _keep_commas(text: str) -> str:
    """Half-width signs, but a Chinese comma stays a separator of two counts."""
    return to_half_width(text.replace("，", "\0")).replace("\0", "，").strip()


def _quantity(match: re.Match[str]) -> Quantity:
    before = match.string[: match.start()]
    value = parse_number(match["number"], loose=bool(match["more"]))
    if value is not None:
        value *= SCALES[match["scale"]] if match["scale"] else 1
    whole = value is not None and value == int(value) and value < _LARGEST
    return Quantity(
        value=int(value) if whole and value is not None else None,
        measure=(match["unit"] or "").replace("人口", "人")
        or ("户" if _HOUSES.search(before) else ""),
        is_approximate=bool(match["before"] or match["more"] or match["after"]),
        is_total=bool(_TOTAL.search(before) or _SUM.search(before)),
        is_rate=bool(_RATE.search(before) or _PER.match(match.string, match.end())),
        start=match.start(),
        end=match.end(),
    )


def _choose(
    fit: list[Quantity], other: list[Quantity], text: str, units: Sequence[str]
) -> tuple[int | None, list[str], bool]:
    """Return the best reading, the codes of what is wrong, and whether it is a sure total."""
    if not fit:
        near = [one.value for one in other if one.measure in _NEAR[units[0]] and not one.is_rate]
        return (near[0] if near else None), ["unit_mismatch"] if other else [], False
    totals = [one for one in fit if one.is_total]
    if len(fit) > 1 and (len(totals) == 1 or _is_total(fit, text)):
        total = totals[0] if len(totals) == 1 else fit[0]
        parts = sum(one.value or 0 for one in fit if one is not total)
        exact = ("其中" in text or parts == total.value) and not _may_be_one(fit, text)
        return total.value, [] if exact else ["ambiguous"], exact
    if len(fit) > 1 and "+" in text:
        return None, ["ambiguous"], False
    chosen = fit[0]
    unclear = len({one.value for one in fit}) > 1 or chosen.value is None
    unclear = unclear or (len(fit) > 1 and not totals and bool(re.search("[、，,;；/]", text)))
    unclear = unclear or (bool(other) and not chosen.measure)
    unclear = unclear or (not totals and _goes_on(chosen, other, text))
    return chosen.value, ["ambiguous"] if unclear else [], False


def _may_be_one(fit: list[Quantity], text: str) -> bool:
    """Whether bare commas part the counts, as in 8,2,6: perhaps a mistyped 826."""
    return any(text[one.end : two.start] == "," for one, two in pairwise(fit))


def _goes_on(chosen: Quantity, other: list[Quantity], text: str) -> bool:
    """Whether days may be what is left beyond a longer stretch: 3个月20天, but not 4年1200天."""
    if not re.search(rf"(?:年|月|周|星期)\s*[\d{NUMERAL_CHARS}]", text):
        return False
    longer = [_LASTS[one.measure] for one in other if one.measure in _LASTS and not one.is_rate]
    return any((chosen.value or 0) < days for days in longer)


def _is_total(fit: list[Quantity], text: str) -> bool:
    """Whether the first count is the sum of the others, or is followed by parts of it."""
    first, *rest = [one.value or 0 for one in fit]
    return (len(rest) > 1 and first == sum(rest)) or ("其中" in text and first >= max(rest))
