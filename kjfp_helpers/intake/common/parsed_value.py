"""Readers of one box each: the value, and a finding for whatever was not plain.

A reader never guesses in silence: a doubtful value carries a finding, an unreadable one is
``None`` with a finding. Identity numbers and phones never stand in a finding's text.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.intake.common.text_cleanup import (
    is_blank,
    quote_for_finding,
    strip_whitespace,
    to_half_width,
)

Value = TypeVar("Value")

_REFERS = ("同上", "同前", "同左", "见上", "见前", "上同", "详见附件", "见附件", "见附页")
_TICKED = re.compile(r"[☑☒√■✓✔]\s*([^\s☑☒√■✓✔□☐○]{2,20})(?=.*[□☐])")
_TICK_BEHIND = re.compile(r"([^\s☑√✓✔□☐]{2,20})\s*[☑√✓✔]")
_NUMBER = re.compile(r"^\s*[(（]?[\d一二三四五六七八九十]{1,2}[.、．)）]", re.MULTILINE)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Parsed(Generic[Value]):
    """A value as read, with the findings on it."""

    value: Value
    findings: tuple[Finding, ...] = ()


def make_findings(code: str, expected: str, found: str) -> tuple[Finding, ...]:
    """Return one finding whose place is not known yet."""
    return (Finding(code=code, expected=expected, found=found),)


_HEAD_SIGNS = 8
"""Signs with which two entries of one line seldom both begin."""


def read_text(text: str) -> Parsed[str | None]:
    """Read words as typed; a placeholder is a blank, rules to write on are not words."""
    if all(map(is_blank, _NUMBER.sub("", text).split("\n"))):
        return Parsed(None)
    words = re.sub(r"^[\s_＿]+|[\s_＿]+$", "", text)
    if chosen := _TICKED.findall(words):  # boxes that the unit added
        return Parsed(
            "、".join(chosen), make_findings("ambiguous", "写明内容", quote_for_finding(words))
        )
    if len(words) < 30 and (chosen := _TICK_BEHIND.findall(words)):
        return Parsed(
            "、".join(chosen), make_findings("ambiguous", "写明内容", quote_for_finding(words))
        )
    if strip_whitespace(words) in _REFERS:
        return Parsed(words, make_findings("ambiguous", "写明内容", quote_for_finding(words)))
    if _stutters(words):
        return Parsed(words, make_findings("ambiguous", "内容只写一遍", quote_for_finding(words)))
    return Parsed(words)


def _stutters(words: str) -> bool:
    """Whether what a box begins with stands three times: some programs write a control's so."""
    whole = strip_whitespace(words)
    head = strip_whitespace(words.split("\n")[0])
    if head == whole:
        head = whole[:_HEAD_SIGNS]
    again = re.fullmatch(r"(.{2,}?)\1{2,}", whole) is not None
    return again or (1 < len(head) < len(whole) and whole.count(head) > 2)


def read_gender(text: str) -> Parsed[str | None]:
    """Read 男 or 女, written or ticked."""
    if is_blank(text):
        return Parsed(None)
    plain = strip_whitespace(text).strip("/、_|｜")
    if plain in ("男", "女"):
        return Parsed(plain)
    before, behind = r"[☑√■][(（]?([男女])", r"([男女])[(（]?[☑√■]"
    ticked = re.findall(behind if plain[:1] in "男女" else before, plain)
    if len(ticked) == 1:
        return Parsed(ticked[0])
    if re.fullmatch(r"[□/、男女]*", plain):
        return Parsed(None)
    found = {"男性": "男", "女性": "女"}.get(plain)
    if found:
        return Parsed(found)
    if plain.upper() in ("M", "F", "先生", "女士"):
        sex = "男" if plain.upper() in ("M", "先生") else "女"
        return Parsed(sex, make_findings("ambiguous", "男或女", quote_for_finding(plain)))
    if ("男" in plain) != ("女" in plain):
        return Parsed(
            "男" if "男" in plain else "女",
            make_findings("ambiguous", "男或女", quote_for_finding(plain)),
        )
    return Parsed(plain, make_findings("ambiguous", "男或女", quote_for_finding(plain)))


def read_id_number(text: str) -> Parsed[str | None]:
    """Read an identity number: half-width, capital X, checked by GB 11643."""
    if is_blank(text):
        return Parsed(None)
    number = (
        re.sub(r"[\s_|｜]", "", to_half_width(text)).upper().replace("Ｘ", "X").replace("Х", "X")
    )
    number = re.sub(r"(?<=\d)[-—–](?=[\dX])", "", number)
    number = re.sub(
        r"^[\u4e00-\u9fff]*[:：'‘’]?(?=\d)|[(（]?[\u4e00-\u9fff]*[)）]?[。.'’]?$", "", number
    )
    if re.fullmatch(r"\d{15}", number):
        return Parsed(number, make_findings("id15", "18位居民身份证号码", "15位旧号码"))
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return Parsed(number, make_findings("id_length", "18位（末位可为X）", f"{len(number)}位"))
    findings: tuple[Finding, ...] = ()
    if not _real_birthday(number[6:14]):
        findings += make_findings("id_birth", "出生日期真实", "出生日期段不是日期")
    if number[17] != id_check_digit(number[:17]):
        findings += make_findings("id_checksum", "末位与前17位相符", "末位不符")
    return Parsed(number, findings)


def id_check_digit(first: str) -> str:
    """Return the check digit of the first 17 digits of an identity number (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(first, _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def _real_birthday(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
