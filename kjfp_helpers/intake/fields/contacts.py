"""Phones, e-mail addresses and postcodes: kept as typed, and judged.

Phones are judged by their shape: a table of number ranges in use lags behind new ones.
"""

import re

from kjfp_helpers.intake.common.parsed_value import Parsed, make_findings
from kjfp_helpers.intake.common.text_cleanup import (
    is_blank,
    quote_for_finding,
    strip_whitespace,
    to_half_width,
)

_PHONE = re.compile(
    r"(?:\(?(?:\+?|00)86\)?-?)?1[3-9]\d-?\d{4}-?\d{4}"
    r"|\(?0\d{2,3}\)?-?[1-9]\d{6,7}(?:(?:-|转|分机|ext\.?)\d{1,6})?"
    r"|[48]00-?\d{3}-?\d{4}"
)
_LOCAL = re.compile(r"[2-9]\d{6,7}")
"""A second number beside one with its area code."""
_BETWEEN_PHONES = re.compile(
    r"[/、,，;；\n|｜或和]+|(?<=\d{7})\s+(?=1[3-9]\d{9}|0\d{2,3}-)"
    r"|(?<=\d{7})\s*(?=(?!转|分机)[\u4e00-\u9fff]+\s*[:：]?\s*[+\d(])"
)
_REMARK = re.compile(r"[\u4e00-\u9fffA-Za-z()（）:：.。\s]*")
_BETWEEN_ADDRESSES = re.compile(r"[/、,，;；\n|｜或和]+|(?<=[A-Za-z])\s+(?=[^\s@]+@)")
_BESIDE_ADDRESS = re.compile(
    r"^(?:e-?mail|电子邮箱|电子邮件|邮箱|邮件)[:：]|[(（][\u4e00-\u9fff]+[)）]$|^<|>$|[。.]$",
    re.IGNORECASE,
)
_BESIDE_POSTCODE = re.compile(r"^(?:邮编|邮政编码)[:：]?|[(（][\u4e00-\u9fff]+[)）]$|[。.]$")


def read_phone(text: str) -> Parsed[str | None]:
    """Read one phone number without spaces, or several as typed; each one of China."""
    if is_blank(text):
        return Parsed(None)
    number = re.sub("[—–－﹣−]", "-", to_half_width(text)).strip(" _\n。.;；,，、")
    number = re.sub(r"(?<=\d)\.(?=\d)", "-", number)
    parts = [_bare(part) for part in _BETWEEN_PHONES.split(number) if part.strip()]
    numbers = [part for part in parts if not _REMARK.fullmatch(part)]
    good = [part for part in numbers if _PHONE.fullmatch(part)]
    if good and all(part in good or _LOCAL.fullmatch(part) for part in numbers):
        return Parsed(numbers[0] if len(parts) == 1 else " ".join(number.split()))
    return Parsed(number, make_findings("phone_invalid", "手机或带区号的固定电话", "不成号码"))


def _bare(part: str) -> str:
    """Return a number without the words before and behind it: 手机：…, 王强 …, …（办）."""
    bare = strip_whitespace(part)
    bare = re.sub(
        r"^(?:[(（][\u4e00-\u9fff]+[)）])?[\u4e00-\u9fffA-Za-z]*[:：.]?(?=[+\d(])", "", bare
    )
    return re.sub(r"(?<=\d)[(（][\u4e00-\u9fff]+[)）]$|(?<=\d)[\u4e00-\u9fff]+$", "", bare)


def read_email(text: str) -> Parsed[str | None]:
    """Read one e-mail address, or several as typed."""
    if is_blank(text):
        return Parsed(None)
    typed = to_half_width(text).strip(" _\n;；,，、")
    parts = [_address(part) for part in _BETWEEN_ADDRESSES.split(typed)]
    parts = [part for part in parts if part]
    if len(parts) > 1 and all(map(_is_address, parts)):
        return Parsed(" ".join(text.strip(" _\n;；,，、").split()))
    address = _address(typed)
    if _is_address(address):
        return Parsed(address)
    return Parsed(
        address, make_findings("email_invalid", "形如 name@example.cn", quote_for_finding(address))
    )


def _address(part: str) -> str:
    bare = strip_whitespace(part).strip("_")
    for _ in range(2):  # a remark behind a full stop, or the other way round
        bare = _BESIDE_ADDRESS.sub("", bare)
    return bare


def _is_address(text: str) -> bool:
    from email_validator import EmailNotValidError, validate_email  # 70 ms, only where forms are

    if not re.search(r"@.*\.[A-Za-z]{2,}$", text) or re.search("@.*x{3,}", text.lower()):
        return False
    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True


def read_postcode(text: str) -> Parsed[str | None]:
    """Read a postcode of six digits, none of China's being one digit six times."""
    if is_blank(text):
        return Parsed(None)
    value = _BESIDE_POSTCODE.sub("", re.sub(r"[\s_|｜]", "", to_half_width(text)))
    if re.fullmatch(r"\d{6}", value) and len(set(value)) > 1:
        return Parsed(value)
    return Parsed(value, make_findings("postcode_invalid", "6位数字", quote_for_finding(value)))
