"""Dates as people write them on a form."""

import re
from datetime import date, timedelta

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.intake.common.parsed_value import Parsed, make_findings
from kjfp_helpers.intake.common.text_cleanup import is_blank, quote_for_finding, to_half_width
from kjfp_helpers.intake.fields.chinese_numerals import (
    CONTRACTED_NUMERALS,
    DIGITS,
    expand_contractions,
    parse_digit_sequence,
)

_SIGN = rf"[\d{''.join(DIGITS)}OoО]"
_N = rf"[\d{''.join(DIGITS)}OoО十拾{''.join(CONTRACTED_NUMERALS)}]"
_DOT = r"[./\-,。，、·]"
_TO = r"(?:至|到|-|~|～)+"
_DATE = re.compile(
    rf"(?<!{_N})(?P<year>{_SIGN}{{4}}|{_SIGN}{{2}})(?:年|{_DOT})(?P<month>{_N}{{0,3}})"
    rf"(?:(?:月|{_DOT})(?P<day>{_N}{{0,3}})(?!{_N})[日号]?)?"
    r"|(?<!\d)(?P<solid>(?:19|20)\d{6})(?!\d)"
    rf"|(?<!{_N})(?<!年)(?P<no_year>{_N}{{1,3}}月{_N}{{1,3}}[日号])"
)
_SPACED = re.compile(r"^\s*((?:19|20)\d\d)\s+(\d{1,2})\s+(\d{1,2})\s*$")
_TIME = re.compile(r"(?<=\d)[ T]+\d{1,2}:\d{2}(?::\d{2})?\s*$")
_BROKEN = re.compile(
    rf"(?<=[年月])\s*\n\s*(?={_N}{{1,3}}\s*[月日号\n]|{_N}{{1,3}}$)"
    rf"|(?<={_N})\s*\n\s*(?=[年月日])(?!年[\s_]*月[\s_]*日)"
)
"""Where a date runs on into the next line."""
_TEMPLATE = re.compile(rf"(?<!{_N})[xX×*某\s_]*年[xX×*某\s_]*月[xX×*某\s_]*日")
_STAMP = r"(?:[(（]?(?:单位)?(?:盖章|公章|印章)[)）]?)?"
_AT_END = re.compile(
    rf"(?P<lunar>初{_N})?(?P<part>[上中下]旬|份|初|底|末)?(?P<range>{_TO}(?:{_N}{{1,3}}月)?{_N}{{1,3}}[日号])?"
    rf"(?P<before>之?前)?(?:[(（]?(?:星期|周)[一二三四五六日天][)）]?)?[。.;；,，、)）\]】]*{_STAMP}"
)
_LABEL = re.compile(r"(?:^|(?<=[\s。;；,，]))[\u4e00-\u9fff]{0,4}(?:日期|时间)[:：]?$|公元$|[(（]$")
_DOUBT = re.compile(r"(?:农历|大?约)$")
_PREPOSITION = re.compile(r"[至到于在为自从是即由以]$")
_SENTENCE_ENDS = re.compile(r"[。!！;；)）\]】]$")
_BETWEEN = re.compile(rf"(?:{_TO}|[、,，;；和及]|或)?")
_LOOKS = re.compile(
    rf"(?=.*{_N})(?=.*[年月日./\-])(?:{_N}|[年月日号./\-,、:~至到初旬上中下份约前后左右()]|农历|民国|[去今本当]年)+"
)
_BACKWARDS = re.compile(r"(\d{1,2})[./\-](\d{1,2})[./\-]((?:19|20)\d\d)")
_SERIAL = re.compile(r"4[0-9]\d{3}")
_FIRST_SERIAL = date(1899, 12, 30)
_EXPECTED = "完整的年月日"

_Found = tuple[Parsed[date | None], int]


def find_date(text: str) -> tuple[Parsed[date | None], str]:
    """Read the date that ends a text or a line of it; return it and the text without it.

    A date inside a sentence is not the one of the signature, and neither is one above a place
    for it that was left open.

    A date without its day is ``None`` with ``date_incomplete``, one that no calendar knows is
    ``None`` with ``date_invalid``; of two that differ the first is given with ``ambiguous``. A
    text without any date is ``None`` and nothing more.
    """
    lines = [
        _TIME.sub("", _SPACED.sub(r"\1.\2.\3", line)) for line in _BROKEN.sub("", text).split("\n")
    ]
    read: Parsed[date | None] = Parsed(None)
    left_open = False
    for index in range(len(lines) - 1, -1, -1):
        plain, spots = _plain(lines[index])
        if _TEMPLATE.search(plain):
            left_open = True
            continue
        if is_blank(plain):
            lines[index] = ""
            continue
        found = _at_end(plain)
        if left_open and not (found and _stands_alone(plain[: found[1]])):
            break  # the place for the date was left open; one further up is part of a sentence
        if found:
            read, start = found
            lines[index] = lines[index][: spots[start]].rstrip(" _") if start else ""
            if not start:
                read = _beside_another(read, lines, index)
            break
    return read, _TEMPLATE.sub("", "\n".join(lines)).strip()


def _stands_alone(before: str) -> bool:
    return not before or _SENTENCE_ENDS.search(before) is not None


def _plain(line: str) -> tuple[str, list[int]]:
    """Return a line without spaces and rules, half-width, and where each of its signs stood."""
    signs = re.sub(r"[–—－−‐‑]", "-", re.sub(r"(?<=\d)_(?=\d)", ".", to_half_width(line)))
    kept = [(sign, at) for at, sign in enumerate(signs) if not sign.isspace() and sign != "_"]
    return "".join(sign for sign, _ in kept), [at for _, at in kept]


def _at_end(plain: str) -> _Found | None:
    """Return the date that ends a line and where it begins, ``None`` when none does."""
    matches = [match for match in _DATE.finditer(plain) if _is_date(match)]
    end = _AT_END.fullmatch(plain, matches[-1].end()) if matches else None
    if end is None:
        return _odd(plain)
    first = last = matches.pop()
    while matches and _BETWEEN.fullmatch(plain, matches[-1].end(), first.start()):
        first = matches.pop()
    if _goes_on(plain[: first.start()], end[0]):
        return None
    read, start = _read(first), first.start()
    if first is not last and _read(last).value != read.value:
        read = _doubted(read, plain)
    if end["lunar"] or end["range"] or end["before"]:
        read = _doubted(read, plain)
    if label := _LABEL.search(plain[:start]):
        start = label.start()
    if found := _DOUBT.search(plain[:start]):
        start = found.start()
        read = read if read.findings else _doubted(Parsed(None), plain)
    return read, start


def _goes_on(before: str, behind: str) -> bool:
    """Whether a date is part of a sentence, as in 服务至2020年8月, and not the one below it."""
    if _stands_alone(before):
        return False
    return behind.endswith("。") or _PREPOSITION.search(before) is not None


def _doubted(read: Parsed[date | None], found: str) -> Parsed[date | None]:
    return Parsed(read.value, make_findings("ambiguous", "一个日期", quote_for_finding(found)))


def _beside_another(read: Parsed[date | None], lines: list[str], index: int) -> Parsed[date | None]:
    """Return the first of two dates that stand on lines of their own; both are taken out."""
    above = next((at for at in range(index - 1, -1, -1) if not is_blank(lines[at])), None)
    found = _at_end(_plain(lines[above])[0]) if above is not None else None
    if above is None or found is None or found[1] or found[0].value is None:
        return read
    said, lines[above] = lines[above], ""
    return read if found[0].value == read.value else _doubted(found[0], said)


def _is_date(match: re.Match[str]) -> bool:
    """Tell a date from a dotted pair such as 3.5; 2020.8 and 2020年 are dates, if incomplete."""
    if match["solid"] or match["no_year"] or len(match["year"]) == 4:
        return True
    return bool(match["day"]) and ("年" in match[0] or match.start() == 0)


def _read(match: re.Match[str]) -> Parsed[date | None]:
    if match["no_year"]:
        return Parsed(None, _incomplete(match[0]))
    if match["solid"]:
        solid = match["solid"]
        return _day(int(solid[:4]), int(solid[4:6]), int(solid[6:]), match[0])
    year, month, day = (_number(match[part]) for part in ("year", "month", "day"))
    if year is None or month is None or day is None:
        return Parsed(None, _incomplete(match[0]))
    if len(match["year"]) == 4:
        return _day(year, month, day, match[0])
    read = _day(2000 + year, month, day, match[0])
    return Parsed(read.value, read.findings or _incomplete(match[0]))


def _odd(plain: str) -> _Found | None:
    """Return what can be read of a line that is no usual date but looks like one."""
    if match := _BACKWARDS.fullmatch(plain):
        one, two, year = (int(part) for part in match.groups())
        if one == two or max(one, two) > 12:
            return _day(year, min(one, two), max(one, two), plain), 0
        return _doubted(Parsed(None), plain), 0
    if _SERIAL.fullmatch(plain):  # a spreadsheet's number of a day
        return _doubted(Parsed(_FIRST_SERIAL + timedelta(int(plain))), plain), 0
    if not _LOOKS.fullmatch(plain):
        return None
    named = re.search(rf"{_N}年", plain)
    if named and re.search(rf"月{_N}", plain):
        return Parsed(None, make_findings("date_invalid", _EXPECTED, quote_for_finding(plain))), 0
    return Parsed(None, _incomplete(plain)), 0


def _incomplete(found: str) -> tuple[Finding, ...]:
    return make_findings("date_incomplete", _EXPECTED, quote_for_finding(found))


def _day(year: int, month: int, day: int, found: str) -> Parsed[date | None]:
    try:
        return Parsed(date(year, month, day))
    except ValueError:
        return Parsed(None, make_findings("date_invalid", _EXPECTED, quote_for_finding(found)))


def _number(signs: str | None) -> int | None:
    """Return a year, a month or a day, ``None`` when it was left blank."""
    if not signs:
        return None
    signs = expand_contractions(re.sub("[OoО]", "〇", signs)).replace("拾", "十")
    if "十" in signs:
        tens, _, ones = signs.partition("十")
        signs = (tens or "1") + (ones or "0")
    digits = parse_digit_sequence(signs)
    return int(digits) if digits else None
