"""Parse dates as they are handwritten or typed on forms."""

import re
import unicodedata
from datetime import date, timedelta

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.common.parsed_value import Parsed, make_problems
from kjfp_helpers.intake.common.text_cleanup import is_blank, quote_for_finding, to_half_width
from kjfp_helpers.intake.fields.chinese_numerals import (
    CONTRACTED_NUMERALS,
    DIGITS,
    expand_contractions,
    parse_digit_sequence,
)

_DIGIT = rf"[\d{''.join(DIGITS)}OoО]"
_NUMERAL = rf"[\d{''.join(DIGITS)}OoО十拾{''.join(CONTRACTED_NUMERALS)}]"
_DATE_SEPARATOR = r"[./\-,。，、·]"
_RANGE_SIGN = r"(?:至|到|-|~|～)+"
_DATE = lazy_pattern(
    rf"(?<!{_NUMERAL})(?P<year>{_DIGIT}{{4}}|{_DIGIT}{{2}})(?:年|{_DATE_SEPARATOR})(?P<month>{_NUMERAL}{{0,3}})"
    rf"(?:(?:月|{_DATE_SEPARATOR})(?P<day>{_NUMERAL}{{0,3}})(?!{_NUMERAL})[日号]?)?"
    r"|(?<!\d)(?P<solid>(?:19|20)\d{6})(?!\d)"
    rf"|(?<!{_NUMERAL})(?<!年)(?P<no_year>{_NUMERAL}{{1,3}}月{_NUMERAL}{{1,3}}[日号])"
)
_SPACED = lazy_pattern(r"^\s*((?:19|20)\d\d)\s+(\d{1,2})\s+(\d{1,2})\s*$")
_TIME = lazy_pattern(
    r"(?<=\d)[ T]+\d{1,2}:\d{2}(?::\d{2})?\s*$"
    r"|(?<=[日号])\s*(?:[(（]?(?:星期|周)[一二三四五六日天][)）]?)?\s*(?:[上下中]午|早上|晚上|凌晨|夜)(?:\d{1,2}[时点:：]\d{0,2}分?)?\s*$"
    r"|(?<=[日号])\s*\d{1,2}[时点:：](?:\d{1,2}分?)?(?::\d{2})?\s*$"
)
_CIRCLED = lazy_pattern("[①-⑳㉑-㉛](?=[月日号])")
_MISREAD_ONE = lazy_pattern(
    r"(?<=[年月./\-])[lI|](?=\d[日月号])|(?<=[年月./\-\d])[lI|](?=[日月号])"
)
"""A letter for the digit 1: l0日."""
_ENGLISH_MONTHS = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_MONTH_NAME = rf"(?:{'|'.join(_ENGLISH_MONTHS)})[a-z]*"
_ENGLISH_DATE = lazy_pattern(
    rf"(?P<month>{_MONTH_NAME})\.?\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[,，]?\s*(?P<year>20\d\d)"
    rf"|(?P<day_before>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?P<month_behind>{_MONTH_NAME})\.?,?[\s-]+"
    r"(?P<year_behind>20\d\d)",
    re.IGNORECASE,
)
_UNIT_BEHIND = lazy_pattern(
    r"^(\s*(?:20\d\d|[二〇零○]{2}[一二三四五六七八九〇零○]{2})\s*[年./\-].{3,12}?[日号\d])"
    r"(?:\s+[\u4e00-\u9fff（）()]{4,30}"
    r"|(?<=[日号])(?![前后起至到经由在向于获被报送])[\u4e00-\u9fff]{2,24}"
    r"(?:科协|[协学]会|研究会|促进会|办公室|委员会|领导小组)(?:[（(][盖公]?章[)）])?)\s*$"
)
"""A line that begins with its date and ends with the name of the unit."""
_LINE_BREAK_IN_DATE = lazy_pattern(
    rf"(?<=[年月])\s*\n\s*(?={_NUMERAL}{{1,3}}\s*[月日号\n]|{_NUMERAL}{{1,3}}$)"
    rf"|(?<={_NUMERAL})\s*\n\s*(?=[年月日])(?!年[\s_]*月[\s_]*日)"
)
"""Line break inside a date."""
_BLANK_TEMPLATE = lazy_pattern(rf"(?<!{_NUMERAL})[xX×*某\s_]*年[xX×*某\s_]*月[xX×*某\s_]*日")
_STAMP = r"(?:[(（]?(?:单位)?(?:盖章|公章|印章)[)）]?)?"
_DATE_SUFFIX = lazy_pattern(
    rf"(?P<lunar>初{_NUMERAL})?(?P<part>[上中下]旬|份|初|底|末)?(?P<range>{_RANGE_SIGN}(?:{_NUMERAL}{{1,3}}月)?{_NUMERAL}{{1,3}}[日号])?"
    rf"(?P<before>之?前)?(?:[(（]?(?:星期|周)[一二三四五六日天][)）]?)?[。.;；,，、)）\]】]*{_STAMP}"
)
_DATE_LABEL = lazy_pattern(
    r"(?:^|(?<=[\s。;；,，]))[\u4e00-\u9fff]{0,4}(?:日期|时间)[:：]?$|公元$|[(（]$"
)
_UNCERTAIN_PREFIX = lazy_pattern(r"(?:农历|大?约)$")
_PREPOSITION = lazy_pattern(r"[至到于在为自从是即由以]$")
_SENTENCE_ENDS = lazy_pattern(r"[。!！;；)）\]】]$")
_DATE_JOINER = lazy_pattern(rf"(?:{_RANGE_SIGN}|[、,，;；和及]|或)?")
_DATE_LIKE = lazy_pattern(
    rf"(?=.*{_NUMERAL})(?=.*[年月日./\-])(?:{_NUMERAL}|[年月日号./\-,、:~至到初旬上中下份约前后左右()]|农历|民国|[去今本当]年)+"
)
_DAY_FIRST_DATE = lazy_pattern(r"(\d{1,2})[./\-](\d{1,2})[./\-]((?:19|20)\d\d)")
_SERIAL = lazy_pattern(r"4[0-9]\d{3}")
_FIRST_SERIAL = date(1899, 12, 30)
_EXPECTED = "完整的年月日"

_FoundDate = tuple[Parsed[date | None], int]


def find_date(text: str) -> tuple[Parsed[date | None], str]:
    r"""Find the signature date at the end of a text or of one of its lines.

    A date inside a sentence is not a signature date, and neither is a date above a date template
    that was left blank.

    Returns
    -------
    tuple
        The date and the text without it. The date is ``None`` with finding ``date_incomplete`` if
        the day is missing, ``None`` with ``date_invalid`` if it does not exist, the first of two
        different dates with ``ambiguous``, and ``None`` without finding if there is no date.

    Examples
    --------
    >>> parsed, rest = find_date("同意推荐。\n二〇二〇年八月十日")
    >>> parsed.value.isoformat(), rest
    ('2020-08-10', '同意推荐。')
    """
    lines = [_normalize_line(line) for line in _LINE_BREAK_IN_DATE.sub("", text).split("\n")]
    parsed: Parsed[date | None] = Parsed(None)
    has_blank_template = False
    for index in range(len(lines) - 1, -1, -1):
        compact, offsets = _compact_line(lines[index])
        if _BLANK_TEMPLATE.search(compact):
            has_blank_template = True
            continue
        if is_blank(compact):
            lines[index] = ""
            continue
        date_at_end = _find_date_at_end(compact)
        if has_blank_template and not (
            date_at_end and _is_outside_sentence(compact[: date_at_end[1]])
        ):
            break  # the template is blank; a date further up is part of a sentence
        if date_at_end:
            parsed, start = date_at_end
            lines[index] = lines[index][: offsets[start]].rstrip(" _") if start else ""
            if not start:
                parsed = _resolve_two_dates(parsed, lines, index)
            break
    return parsed, _BLANK_TEMPLATE.sub("", "\n".join(lines)).strip()


def _normalize_line(line: str) -> str:
    """Return a line with its date in the usual signs, without the time or the unit behind it."""
    line = _CIRCLED.sub(lambda match: unicodedata.normalize("NFKC", match[0]), line)
    line = _ENGLISH_DATE.sub(_render_english_date, line)
    line = _MISREAD_ONE.sub("1", re.sub(r"(?<=\d)\s*曰", "日", line))
    line = _SPACED.sub(r"\1.\2.\3", line)
    return _UNIT_BEHIND.sub(r"\1", _TIME.sub("", line))


def _render_english_date(match: re.Match[str]) -> str:
    names = match.groupdict()
    month = _ENGLISH_MONTHS.index((names["month"] or names["month_behind"])[:3].lower()) + 1
    return f"{names['year'] or names['year_behind']}.{month}.{names['day'] or names['day_before']}"


def _is_outside_sentence(before: str) -> bool:
    return not before or _SENTENCE_ENDS.search(before) is not None


def _compact_line(line: str) -> tuple[str, list[int]]:
    """Return a line half-width, without spaces and underscores, and the offsets of its chars."""
    chars = re.sub(r"[–—－−‐‑]", "-", re.sub(r"(?<=\d)_(?=\d)", ".", to_half_width(line)))
    kept_chars = [
        (char, offset) for offset, char in enumerate(chars) if not char.isspace() and char != "_"
    ]
    return "".join(char for char, _ in kept_chars), [offset for _, offset in kept_chars]


def _find_date_at_end(compact: str) -> _FoundDate | None:
    """Return the date at the end of a line and its offset, ``None`` if there is none."""
    matches = [match for match in _DATE.finditer(compact) if _is_date(match)]
    suffix = _DATE_SUFFIX.fullmatch(compact, matches[-1].end()) if matches else None
    if suffix is None:
        return _parse_date_like(compact)
    first = last = matches.pop()
    while matches and _DATE_JOINER.fullmatch(compact, matches[-1].end(), first.start()):
        first = matches.pop()
    if _is_inside_sentence(compact[: first.start()], suffix[0]):
        return None
    parsed, start = _parse_match(first), first.start()
    if first is not last and _parse_match(last).value != parsed.value:
        parsed = _as_ambiguous(parsed, compact)
    if suffix["lunar"] or suffix["range"] or suffix["before"]:
        parsed = _as_ambiguous(parsed, compact)
    if date_label := _DATE_LABEL.search(compact[:start]):
        start = date_label.start()
    if uncertain := _UNCERTAIN_PREFIX.search(compact[:start]):
        start = uncertain.start()
        parsed = parsed if parsed.findings else _as_ambiguous(Parsed(None), compact)
    return parsed, start


def _is_inside_sentence(before: str, after: str) -> bool:
    """Whether a date is part of a sentence, as in 服务至2020年8月."""
    if _is_outside_sentence(before):
        return False
    return after.endswith("。") or _PREPOSITION.search(before) is not None


def _as_ambiguous(parsed: Parsed[date | None], actual: str) -> Parsed[date | None]:
    """Return a date with the finding ``ambiguous``."""
    return Parsed(parsed.value, make_problems("ambiguous", "一个日期", quote_for_finding(actual)))


def _resolve_two_dates(
    parsed: Parsed[date | None], lines: list[str], index: int
) -> Parsed[date | None]:
    """Return the first of two dates on lines of their own; both lines are cleared."""
    line_above = next(
        (line_index for line_index in range(index - 1, -1, -1) if not is_blank(lines[line_index])),
        None,
    )
    date_above = (
        _find_date_at_end(_compact_line(lines[line_above])[0]) if line_above is not None else None
    )
    if line_above is None or date_above is None or date_above[1] or date_above[0].value is None:
        return parsed
    text_above, lines[line_above] = lines[line_above], ""
    return (
        parsed if date_above[0].value == parsed.value else _as_ambiguous(date_above[0], text_above)
    )


def _is_date(match: re.Match[str]) -> bool:
    """Whether a match is a date, and not a decimal such as 3.5; 2020.8 is an incomplete date."""
    if match["solid"] or match["no_year"] or len(match["year"]) == 4:
        return True
    return bool(match["day"]) and ("年" in match[0] or match.start() == 0)


def _parse_match(match: re.Match[str]) -> Parsed[date | None]:
    """Convert a match of the date pattern to a date or a finding."""
    if match["no_year"]:
        return Parsed(None, _incomplete_findings(match[0]))
    if match["solid"]:
        compact_date = match["solid"]
        return _make_date(
            int(compact_date[:4]), int(compact_date[4:6]), int(compact_date[6:]), match[0]
        )
    year, month, day = (_parse_part(match[part]) for part in ("year", "month", "day"))
    if year is None or month is None or day is None:
        return Parsed(None, _incomplete_findings(match[0]))
    if len(match["year"]) == 4:
        return _make_date(year, month, day, match[0])
    parsed = _make_date(2000 + year, month, day, match[0])
    return Parsed(parsed.value, parsed.findings or _incomplete_findings(match[0]))


def _parse_date_like(compact: str) -> _FoundDate | None:
    """Parse a line that resembles a date: day first, spreadsheet serial number, or incomplete."""
    if match := _DAY_FIRST_DATE.fullmatch(compact):
        first, second, year = (int(part) for part in match.groups())
        if first == second or max(first, second) > 12:
            return _make_date(year, min(first, second), max(first, second), compact), 0
        return _as_ambiguous(Parsed(None), compact), 0
    if _SERIAL.fullmatch(compact):  # a spreadsheet's number of a day
        return _as_ambiguous(Parsed(_FIRST_SERIAL + timedelta(int(compact))), compact), 0
    if not _DATE_LIKE.fullmatch(compact):
        return None
    has_year = re.search(rf"{_NUMERAL}年", compact)
    if has_year and re.search(rf"月{_NUMERAL}", compact):
        return Parsed(None, make_problems("date_invalid", _EXPECTED, quote_for_finding(compact))), 0
    return Parsed(None, _incomplete_findings(compact)), 0


def _incomplete_findings(actual: str) -> tuple[Problem, ...]:
    return make_problems("date_incomplete", _EXPECTED, quote_for_finding(actual))


def _make_date(year: int, month: int, day: int, actual: str) -> Parsed[date | None]:
    try:
        return Parsed(date(year, month, day))
    except ValueError:
        return Parsed(None, make_problems("date_invalid", _EXPECTED, quote_for_finding(actual)))


def _parse_part(text: str | None) -> int | None:
    """Return a year, month or day as a number, ``None`` if it was left blank."""
    if not text:
        return None
    text = expand_contractions(re.sub("[OoО]", "〇", text)).replace("拾", "十")
    if "十" in text:
        tens, _, ones = text.partition("十")
        text = (tens or "1") + (ones or "0")
    digits = parse_digit_sequence(text)
    return int(digits) if digits else None
