"""Parsed field values with their findings, and the parsers of plain text, gender and ID number.

A doubtful value carries a finding, an unreadable one is ``None`` with a finding. Identity and phone
numbers never appear in the text of a finding.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.intake.common.text_cleanup import (
    is_blank,
    quote_for_finding,
    strip_whitespace,
    to_half_width,
)

Value = TypeVar("Value")

_REFERENCES = ("同上", "同前", "同左", "见上", "见前", "上同", "详见附件", "见附件", "见附页")
_TICKED = re.compile(r"[☑☒√■✓✔]\s*([^\s☑☒√■✓✔□☐○]{2,20})(?=.*[□☐])")
_TICKED_BEHIND = re.compile(r"([^\s☑√✓✔□☐]{2,20})\s*[☑√✓✔]")
_LINE_NUMBER = re.compile(r"^\s*[(（]?[\d一二三四五六七八九十]{1,2}[.、．)）]", re.MULTILINE)
_X_LOOK_ALIKE = "[ⅩΧХ×✕✖╳⨯✗✘乂ㄨメ*＊]"
"""Characters typed for the X at the end of an identity number: Roman, Greek, Cyrillic, signs."""
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Parsed(Generic[Value]):
    """A parsed value with the findings on it."""

    value: Value
    findings: tuple[Problem, ...] = ()


def make_problems(code: str, expected: str, found: str) -> tuple[Problem, ...]:
    """Return a tuple of one problem whose place is not known yet."""
    return (Problem(code=code, expected=expected, found=found),)


_PREFIX_CHARS = 8
"""Length of a prefix that two entries of one line seldom share."""


def read_text(text: str) -> Parsed[str | None]:
    """Parse a text field; placeholders such as 暂无 count as blank, underscores are stripped.

    Findings ``ambiguous``: the unit added check boxes, refers to another field (同上), or the text
    is repeated.

    Examples
    --------
    >>> read_text("__科技助力__").value
    '科技助力'
    """
    if all(map(is_blank, _LINE_NUMBER.sub("", text).split("\n"))):
        return Parsed(None)
    stripped = re.sub(r"^[\s_＿]+|[\s_＿]+$", "", text)
    if ticked := _TICKED.findall(stripped):  # boxes that the unit added
        return Parsed(
            "、".join(ticked), make_problems("ambiguous", "写明内容", quote_for_finding(stripped))
        )
    if len(stripped) < 30 and (ticked := _TICKED_BEHIND.findall(stripped)):
        return Parsed(
            "、".join(ticked), make_problems("ambiguous", "写明内容", quote_for_finding(stripped))
        )
    if strip_whitespace(stripped) in _REFERENCES:
        return Parsed(stripped, make_problems("ambiguous", "写明内容", quote_for_finding(stripped)))
    if _is_repeated(stripped):
        return Parsed(
            stripped, make_problems("ambiguous", "内容只写一遍", quote_for_finding(stripped))
        )
    return Parsed(stripped)


def _is_repeated(text: str) -> bool:
    """Whether a text repeats its beginning three times, as some programs write content controls."""
    compact = strip_whitespace(text)
    prefix = strip_whitespace(text.split("\n")[0])
    if prefix == compact:
        prefix = compact[:_PREFIX_CHARS]
    is_periodic = re.fullmatch(r"(.{2,}?)\1{2,}", compact) is not None
    return is_periodic or (1 < len(prefix) < len(compact) and compact.count(prefix) > 2)


def read_gender(text: str) -> Parsed[str | None]:
    """Parse a gender field: 男 or 女, written or ticked.

    Examples
    --------
    >>> read_gender("□男 ☑女").value
    '女'
    """
    if is_blank(text):
        return Parsed(None)
    compact = strip_whitespace(text).strip("/、_|｜")
    if compact in ("男", "女"):
        return Parsed(compact)
    before_pattern, after_pattern = r"[☑√■][(（]?([男女])", r"([男女])[(（]?[☑√■]"
    ticked = re.findall(after_pattern if compact[:1] in "男女" else before_pattern, compact)
    if len(ticked) == 1:
        return Parsed(ticked[0])
    if re.fullmatch(r"[□/、男女]*", compact):
        return Parsed(None)
    spelled_out = {"男性": "男", "女性": "女"}.get(compact)
    if spelled_out:
        return Parsed(spelled_out)
    if compact.upper() in ("M", "F", "先生", "女士"):
        gender = "男" if compact.upper() in ("M", "先生") else "女"
        return Parsed(gender, make_problems("ambiguous", "男或女", quote_for_finding(compact)))
    if ("男" in compact) != ("女" in compact):
        return Parsed(
            "男" if "男" in compact else "女",
            make_problems("ambiguous", "男或女", quote_for_finding(compact)),
        )
    return Parsed(compact, make_problems("ambiguous", "男或女", quote_for_finding(compact)))


def read_id_number(text: str) -> Parsed[str | None]:
    """Parse an identity number: half-width, upper-case X, validated after GB 11643."""
    if is_blank(text):
        return Parsed(None)
    number = re.sub(r"[\s_|｜]", "", to_half_width(text)).upper()
    number = re.sub(r"(?<=\d)[-—–](?=[\dX])", "", number)
    number = re.sub(rf"(?<=\d{{17}}){_X_LOOK_ALIKE}", "X", number)
    number = re.sub(
        r"^[\u4e00-\u9fff]*[:：'‘’]?(?=\d)|[(（]?[\u4e00-\u9fff]*[)）]?[。.'’]?$", "", number
    )
    if re.fullmatch(r"\d{15}", number):
        return Parsed(number, make_problems("id15", "18位居民身份证号码", "15位旧号码"))
    if not has_identity_length(number):
        return Parsed(number, make_problems("id_length", "18位（末位可为X）", f"{len(number)}位"))
    findings: tuple[Problem, ...] = ()
    if not _is_valid_date(number[6:14]):
        findings += make_problems("id_birth", "出生日期真实", "出生日期段不是日期")
    if number[17] != id_check_digit(number[:17]):
        findings += make_problems("id_checksum", "末位与前17位相符", "末位不符")
    return Parsed(number, findings)


def has_identity_length(number: str) -> bool:
    """Whether a normalized number has 17 digits and a digit or X, as an identity number has.

    Examples
    --------
    >>> has_identity_length("11010519491231002X"), has_identity_length("110105194912310")
    (True, False)
    """
    return re.fullmatch(r"\d{17}[\dX]", number) is not None


def is_identity_number(number: str) -> bool:
    """Whether a normalized number is an identity number with its check digit (GB 11643).

    Examples
    --------
    >>> is_identity_number("11010519491231002X"), is_identity_number("110105194912310021")
    (True, False)
    """
    return has_identity_length(number) and id_check_digit(number[:17]) == number[17]


def id_check_digit(first_digits: str) -> str:
    """Return the check digit of an identity number (GB 11643).

    Parameters
    ----------
    first_digits : str
        The first 17 digits.

    Examples
    --------
    >>> id_check_digit("11010519491231002")
    'X'
    """
    total = sum(
        int(digit) * weight for digit, weight in zip(first_digits, _ID_WEIGHTS, strict=True)
    )
    return "10X98765432"[total % 11]


def _is_valid_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
