"""Parse counts with measure words: ``1.2万人``, ``三百余天``, ``300户1200人``."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.common.parsed_value import Parsed, make_problems
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
FIGURE_MEASURES = (*PEOPLE_MEASURES, "家")
"""Measures of a figure of the stock-take, of associations or people."""
_NEAR_MEASURES = {"人": ("人次",), "天": ("天次", "人天", "人日", "工作日", "个工作日")}
"""Measures close to the form's own, whose number is kept with a finding."""
_MONTH_DAYS = 31
_MAX_DAYS_BY_PERIOD = {
    "年": 366,
    "载": 366,
    "学期": 183,
    "季": 92,
    "月": _MONTH_DAYS,
    "旬": 11,
    "周": 7,
    "星期": 7,
}
"""Maximum number of days of each period."""

_YEAR = r"(?:19|20)\d{2}"
_RANGE_SIGN = r"\s*(?:-|—|–|~|至|到)+\s*"
_TIME_SPAN = lazy_pattern(
    rf"{_YEAR}[./]\d{{1,2}}{_RANGE_SIGN}(?:{_YEAR}[./])?\d{{1,2}}(?!\d)"
    rf"|{_YEAR}\s*年?\s*(?:\d{{1,2}}\s*月\s*)?(?:\d{{1,2}}\s*[日号])?{_RANGE_SIGN}"
    rf"(?:(?:{_YEAR}\s*年?)?\s*\d{{1,2}}\s*月(?:底|\s*\d{{1,2}}\s*[日号])?|{_YEAR}\s*年?|今)(?:间|期间)?"
    rf"|{_YEAR}\s*年(?:\s*\d{{1,2}}\s*月)?(?:\s*\d{{1,2}}\s*日)?(?:以来|至今|起|底|末)?|十[二三四]五"
    rf"|近?[\d{NUMERAL_CHARS}]+年多?(?:以来|来|间)"
)
_HAN_YEAR = lazy_pattern(r"[一二][〇零○九][〇零○一二三四五六七八九]{2}(?=\s*年)")
_DATE = lazy_pattern(r"\d{1,2}\s*月\s*\d{1,2}\s*[日号]")
_RANGE = lazy_pattern(rf"\d\s*[万千百]?[余多]?[人名位户个天日]?{_RANGE_SIGN}\d")
_MISTYPED = lazy_pattern(r"^\s*[-−]\s*\d|[A-Za-z]\d|\d[A-Za-z]|(?<!\d)\.\d")
_OTHER_MEASURES = (
    r"个(?!人|专家|成员|贫困人口|贫困群众|群众|农民)[\u4e00-\u9fff]{1,3}|月|年|周|星期|季度|建档立卡(?:贫困)?户"
    r"|小时|学时|课时|次|户|戶|贫困户|农户|家|万?元|亩|公里|期|批|支队?|组(?!员)|队(?!员)|场|件|项"
    r"|村(?!民)|县|乡(?!亲)|镇|头|只|棵|株|吨|公?斤|%"
)
_QUANTITY = lazy_pattern(
    r"(?P<before>≥|≤|>=?|<=?|≈|~|大约|大概|大致|估计|预计|约|将近|接近|近|不超过|超过|超|逾|不少于|不低于|不止"
    r"|至少|不下于?|不到|不足|少于|低于|小于|多于|大于|高于|上|过)?\s*"
    rf"(?P<number>\d+(?:,\d{{3}})*(?:\.\d+)?(?:(?:[万千百]\d+)+[百千]?|[{NUMERAL_CHARS}]+)?|[{NUMERAL_CHARS}]+)\s*"
    r"(?P<more>[余多来几])?(?P<scale>[万亿])?\s*"
    rf"(?P<unit>人次|天次|人天|人日|人口?(?!数|均)|名|位|口|个?工作日|天|日|{_OTHER_MEASURES}|个)?"
    r"(?P<after>左右|以上|上下|以内|以下|有余|余|多(?!次)|\+(?!\s*\d))?"
)
_NUMERAL = re.compile(rf"[\d{NUMERAL_CHARS}]")
"""What every quantity holds."""
_LEAD = 16
"""Characters before a count in which the words that say what kind of a number it is stand."""
_TOTAL = lazy_pattern(r"(?:共|合计|总计|累计|总数|总)[^\d，,；;。]{0,10}$")
_ACHIEVED = lazy_pattern(
    r"(?:实际|(?<![未拟待应])(?<!计划)(?<!预计)(?<!目标)(?<!任务)(?:完成|脱贫))[^\d，,；;未拟待]{0,4}$"
)
"""Words before the count that the form asks for, among others: 计划1500人，实际1200人."""
_SUM = lazy_pattern(r"\+.*=\s*$", re.DOTALL)
_RATE_PREFIX = lazy_pattern(r"(?:每[\u4e00-\u9fff]{1,3}|年均|月均|周均|平均|人均|户均)[^\d]{0,8}$")
_RATE_SUFFIX = lazy_pattern(
    r"\s*[/每](?:年|月|周|天|户|人|期|季|次|批|场|班|组(?!织|建)|个?[村县乡镇])|\s*[(（][^()（）\d]*(?:每|均(?![为系属]))[^()（）\d]*[)）]"
)
_REMARK = lazy_pattern(
    rf"[(（](?![^()（）]*(?:计划|目标|任务|拟|未|不|没|非))[^()（）\d{NUMERAL_CHARS}]*[)）]"
)
_IGNORED_TEXT = lazy_pattern(
    r"[年人户]均|已|累计|合计|总计|计|共计|总共|共有|现有|共|直接|带动|帮助|帮扶|实现|脱贫|建档立卡|贫困|人口|群众|农户|户"
    r"|其中|服务|深入|地区|期间|以来|达到|达|团队|专家|成员|总人数|人数|天数|总数|开展|约|人|等"
    r"|截至|截止|目前|全部?[村县乡镇]|[村县乡镇]|含|整$|自|来|每年|驻村|下乡|[\s，,。.；;：:（）()、“”\"_=+/\[\]]"
)
_APPROXIMATE = lazy_pattern("约|估|预计|大概|左右")
_BLANK_COUNT = lazy_pattern(r"[\s_()（）xX×*]*(?:人|名|位|天|日|个|户)?[\s_()（）。.]*")
_SPACED = lazy_pattern(r"(\d(?:\s+\d)+)(?:\s*\D{0,2})")
_GROUPED = lazy_pattern(r"\d{1,3}(?:(?:\s+|[，'’])\d{3})+\D{0,2}")
_VAGUE = lazy_pattern(r"[几数]十|[几数]百|[几数]千|[几数]万|若干|许多|众多|大量")
_HOUSEHOLD_LABEL = lazy_pattern(rf"(?:^|[^\d{NUMERAL_CHARS}余多\s])户数?\s*[:：为]?\s*$")
_NORMALIZATIONS = (
    (lazy_pattern(r"(?<!\d)_+|_+(?!\d)"), ""),
    (lazy_pattern(rf"附[件表页录图]\s*[\d{NUMERAL_CHARS}]+"), "附件"),
    (lazy_pattern(r"[人天]\s*[/·(（]\s*次\s*[)）]?"), lambda match: f"{match[0][0]}次"),
    (lazy_pattern(r"[(（]\s*([万千百]?(?:[人天]次|[人名位天日户年月]|个月))\s*[)）]"), r"\1"),
    (lazy_pattern(r"^\s*[人名天日]\s*(?=\d)"), ""),
    (lazy_pattern(r"(?<=[\d人名天])\s*加\s*(?=\d)"), "+"),
    (lazy_pattern(r"(?<=[年月周])零(?=\d)|(?<=队)伍|一(?=共)"), ""),
    (_HAN_YEAR, lambda match: parse_digit_sequence(match[0])),
)
"""Irregular notations and their replacements; none changes a number."""
_OMITTED_SCALE = lazy_pattern(
    r"([一二三四五六七八九两\d])([百千万])([一二三四五六七八九1-9])(?![\d百千万十亿点.%])"
)
_BARE_SCALE = lazy_pattern(
    r"(近|上|接近|将近|约|超|超过|过)([百千万])(?=[余多]?(?:[人名户天位口]|\s*$))"
)
_PERIOD_AND_REST = lazy_pattern(
    rf"(?:年|载|月|周|星期|季度?|学期|旬)(?P<between>[^\d{NUMERAL_CHARS}。；]{{0,12}})[\d{NUMERAL_CHARS}]"
)
"""A period and what is beyond it: 2年+65天, 2年（另外加 65天）."""
_ADDING = lazy_pattern(
    r"\W*[零又余多加及和另外并再还+＋]\w{0,3}\W*|.*(?:[又另再还+＋]|外加|加上|以及).*"
)
"""What stands between a period and the days beyond it."""
_UNWORKED_SUM = lazy_pattern(
    rf"\d\s*[人名位天日年月]?\s*(?:[/每]\s*[年月周季天户人期次])?\s*[×*＊xX✕]\s*\d|[①-⑳㉑-㊿❶-❿]\s*\d|第[\d{NUMERAL_CHARS}]+[批期次轮年组]\D{{0,4}}\d"
    rf"|[\d{NUMERAL_CHARS}]个[\d{NUMERAL_CHARS}]+[天日人名]"
)
"""A product or a numbered list whose sum nobody worked out."""
_TWO_MEASURES = lazy_pattern(r"[人名]\s*[(（/、或]\s*户|户\s*[(（/、或]\s*[人名]")
"""Two measures of which none was struck out: 1200人（户）."""
_MISGROUPED = lazy_pattern(r"(?<![\d,])\d{1,3}(?:,\d{3})*,\d{1,2}(?![\d,])")
"""Digits grouped by a comma as no number is: 12,00."""
_MAX_VALUE = 10**10


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its measure word in a text.

    ``measure`` is ``""`` if there is none; ``is_total`` is whether a word such as 累计 precedes it,
    ``is_rate`` whether it is per year, per head or similar; ``start`` and ``end`` are its offsets.
    """

    value: int | None
    measure: str
    is_approximate: bool
    is_total: bool
    is_rate: bool
    start: int
    end: int


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a running text in order, years and dates excluded.

    Examples
    --------
    >>> [(item.value, item.measure) for item in find_quantities("2019年培训300人、20天")]
    [(300, '人'), (20, '天')]
    """
    if not _NUMERAL.search(text):
        return ()
    cleaned = to_half_width(text.replace("，", "\0")).replace("\0", "，")
    for pattern in (_TIME_SPAN, _DATE):
        cleaned = pattern.sub(lambda match: " " * len(match[0]), cleaned)
    return tuple(_quantity_of_match(match) for match in _QUANTITY.finditer(cleaned))


def read_count(text: str, measures: Sequence[str] = PEOPLE_MEASURES) -> Parsed[int | None]:
    """Parse one count.

    Parameters
    ----------
    text : str
        Text of the field.
    measures : Sequence of str
        Measure words that the form accepts, the form's own first.

    Returns
    -------
    Parsed
        The count, ``None`` where it cannot be determined. Findings: ``ambiguous``, ``approx``,
        ``unit_mismatch``.

    Examples
    --------
    >>> read_count("1.2万人").value, read_count("三百余人").findings[0].code
    (12000, 'approx')
    """
    if is_blank(text) or _BLANK_COUNT.fullmatch(text):
        return Parsed(None)
    cleaned, expected, actual = (
        to_half_width(text).strip(),
        "一个整数" if measures == FIGURE_MEASURES else f"以“{measures[0]}”计的整数",
        quote_for_finding(text),
    )
    if re.fullmatch(r"\d{1,10}", cleaned):
        return Parsed(int(cleaned))
    normalized, guess_code = _normalize_notation(text)
    is_unclear = _VAGUE.search(normalized) or _UNWORKED_SUM.search(text)
    value, codes = (None, ["ambiguous"]) if is_unclear else _evaluate_count(normalized, measures)
    if value is not None and guess_code:
        codes.append(guess_code)
    if value is not None and _TWO_MEASURES.search(cleaned):
        codes.append("ambiguous")
    findings = tuple(
        finding
        for code in dict.fromkeys(codes)
        for finding in make_problems(code, expected, actual)
    )
    return Parsed(value, findings)


def _normalize_notation(text: str) -> tuple[str, str]:
    """Normalize the notation of a count; return it and the code of a guess that was needed."""
    cleaned = _keep_commas(text)
    for pattern, replacement in _NORMALIZATIONS:
        cleaned = pattern.sub(replacement, cleaned)  # type: ignore[arg-type]
    if _SPACED.fullmatch(cleaned):  # one digit a box
        return "".join(cleaned.split()), ""
    if _GROUPED.fullmatch(cleaned):  # what begins with a nought is no count of its own
        is_certain = re.search(r"\D0\d\d", cleaned)
        return re.sub(r"[\s，'’]", "", cleaned), "" if is_certain else "ambiguous"
    if re.search(r"\d[·•]\d", cleaned):
        return re.sub("[·•]", ".", cleaned), "ambiguous"
    expanded_numerals = expand_contractions(cleaned)
    expanded = _OMITTED_SCALE.sub(_expand_scale, expanded_numerals)
    expanded = _BARE_SCALE.sub(r"\1一\2", expanded)
    return expanded, "approx" if expanded != expanded_numerals else ""


def _expand_scale(match: re.Match[str]) -> str:
    """Expand 一万二 to 一万二千."""
    next_scale = {"百": "十", "千": "百", "万": "千"}[match[2]]
    return f"{match[1]}{match[2]}{match[3]}{next_scale}"


def _evaluate_count(normalized: str, units: Sequence[str]) -> tuple[int | None, list[str]]:
    """Return the best value of a normalized count and the codes of its findings."""
    cleaned = _TIME_SPAN.sub(" ", normalized)
    if any(pattern.search(cleaned) for pattern in (_RANGE, _MISTYPED, _MISGROUPED)):
        return None, ["ambiguous"]
    has_date = _DATE.search(cleaned) is not None
    cleaned = _DATE.sub(" ", cleaned)
    quantities = [_quantity_of_match(match) for match in _QUANTITY.finditer(cleaned)]
    matching = [
        quantity
        for quantity in quantities
        if quantity.measure in (*units, "") and not quantity.is_rate
    ]
    value, codes, is_certain = _choose_quantity(
        matching, [quantity for quantity in quantities if quantity not in matching], cleaned, units
    )
    has_date = has_date or (
        len(matching) > 1 and len(_TIME_SPAN.findall(normalized)) > 1
    )  # a count for each year
    rest = _IGNORED_TEXT.sub("", _REMARK.sub("", _QUANTITY.sub("", cleaned)))
    if value is not None and not codes and (rest or has_date) and not is_certain:
        codes.append("ambiguous")
    if value is None and not codes:
        codes.append(
            "unit_mismatch" if re.search("半年|半月|半个月|全年", cleaned) else "ambiguous"
        )
    says_approximate = _APPROXIMATE.search(cleaned) and not any(
        quantity.is_rate for quantity in quantities
    )
    if value is not None and (
        any(quantity.is_approximate for quantity in matching) or says_approximate
    ):
        codes.append("approx")
    return value, codes


def _keep_commas(text: str) -> str:
    """Convert to half-width, but keep the Chinese comma, which separates two counts."""
    return to_half_width(text.replace("，", "\0")).replace("\0", "，").strip()


def _quantity_of_match(match: re.Match[str]) -> Quantity:
    """Convert a match of the quantity pattern to a quantity."""
    text, start = match.string, match.start()
    value = parse_number(match["number"], loose=bool(match["more"]))
    if value is not None:
        value *= SCALES[match["scale"]] if match["scale"] else 1
    is_integer = value is not None and value == int(value) and value < _MAX_VALUE
    return Quantity(
        value=int(value) if is_integer and value is not None else None,
        measure=(match["unit"] or "").replace("人口", "人")
        or ("户" if "户" in text[:start] and _HOUSEHOLD_LABEL.search(text[:start]) else ""),
        is_approximate=bool(match["before"] or match["more"] or match["after"]),
        is_total=_TOTAL.search(text, max(start - _LEAD, 0), start) is not None
        or ("=" in text and _SUM.search(text[:start]) is not None),
        is_rate=_RATE_PREFIX.search(text, max(start - _LEAD, 0), start) is not None
        or _RATE_SUFFIX.match(text, match.end()) is not None,
        start=match.start("before" if match["before"] else "number"),
        end=match.end(),
    )


def _choose_quantity(
    matching: list[Quantity], others: list[Quantity], text: str, units: Sequence[str]
) -> tuple[int | None, list[str], bool]:
    """Return the best value, the codes of its findings, and whether it is a certain total."""
    if not matching:
        near_values = [
            quantity.value
            for quantity in others
            if quantity.measure in _NEAR_MEASURES[units[0]] and not quantity.is_rate
        ]
        return (near_values[0] if near_values else None), ["unit_mismatch"] if others else [], False
    totals = [quantity for quantity in matching if quantity.is_total]
    if len(matching) > 1 and (len(totals) == 1 or _first_is_total(matching, text)):
        total = totals[0] if len(totals) == 1 else matching[0]
        parts_sum = sum(quantity.value or 0 for quantity in matching if quantity is not total)
        is_exact = (
            ("其中" in text or parts_sum == total.value)
            and not _has_bare_commas(matching, text)
            and _achieved(matching, text) in (None, total)
        )
        return total.value, [] if is_exact else ["ambiguous"], is_exact
    if len(matching) + len(others) > 1 and "+" in text:
        return None, ["ambiguous"], False
    chosen = _achieved(matching, text) or matching[0]
    is_unclear = len({quantity.value for quantity in matching}) > 1 or chosen.value is None
    is_unclear = is_unclear or (
        len(matching) > 1 and not totals and bool(re.search("[、，,;；/]", text))
    )
    is_unclear = is_unclear or (bool(others) and not chosen.measure)
    is_unclear = is_unclear or (not totals and _is_near_period(chosen, others))
    if not totals and _is_rest_of_period(chosen, others, text):
        return None, ["ambiguous"], False
    is_unclear = is_unclear or (not totals and _is_before_period(chosen, others, text))
    return chosen.value, ["ambiguous"] if is_unclear else [], False


def _achieved(matching: list[Quantity], text: str) -> Quantity | None:
    """Return the only one of several counts that is said to be achieved, ``None`` for none."""
    achieved = [quantity for quantity in matching if _ACHIEVED.search(text[: quantity.start])]
    return achieved[0] if len(achieved) == 1 and len(matching) > 1 else None


def _has_bare_commas(matching: list[Quantity], text: str) -> bool:
    """Whether commas without spaces separate the counts, as in 8,2,6: perhaps a mistyped 826."""
    return any(
        text[quantity.end : next_quantity.start] == ","
        for quantity, next_quantity in pairwise(matching)
    )


def _is_rest_of_period(chosen: Quantity, others: list[Quantity], text: str) -> bool:
    """Whether days may be beyond a longer period: in 3个月20天 and 2个月65天, not in 4年1200天.

    Days that the period has room for and that are more than one of its units are all of them.
    """
    joined = _PERIOD_AND_REST.search(text)
    if not joined:
        return False
    days, is_added = chosen.value or 0, _ADDING.fullmatch(joined["between"]) is not None
    periods = list(_periods(others))
    is_one_year = days == 365 and (1, 366) in periods
    return not is_one_year and any(
        is_added or days < most_days or days > count * most_days for count, most_days in periods
    )


def _is_near_period(chosen: Quantity, others: list[Quantity]) -> bool:
    """Whether days are little more than one unit of a longer period: 12个月 47天 says either."""
    days = chosen.value or 0
    before = [quantity for quantity in others if quantity.start < chosen.start]
    return any(
        count > 1 and most_days <= days < 2 * most_days for count, most_days in _periods(before)
    )


def _is_before_period(chosen: Quantity, others: list[Quantity], text: str) -> bool:
    """Whether a period is listed behind days, which may be beyond it: 47天、1年."""
    return any(
        re.fullmatch(r"\s*[、，,;；/]\s*", text[chosen.end : other.start]) is not None
        for other in others
        if any(_periods([other]))
    )


def _periods(quantities: list[Quantity]) -> Iterator[tuple[int, int]]:
    """Yield the count and the most days of each period among quantities."""
    for quantity in quantities:
        for period, most_days in _MAX_DAYS_BY_PERIOD.items():
            if not quantity.is_rate and quantity.measure.removeprefix("个").startswith(period):
                yield quantity.value or 0, most_days


def _first_is_total(matching: list[Quantity], text: str) -> bool:
    """Whether the first count is the sum of the others, or is followed by its parts."""
    first, *rest = [quantity.value or 0 for quantity in matching]
    return (len(rest) > 1 and first == sum(rest)) or ("其中" in text and first >= max(rest))
