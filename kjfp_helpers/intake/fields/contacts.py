"""Parse and validate phone numbers, e-mail addresses and postcodes.

Phone numbers are validated by their format: a table of assigned ranges would be out of date.
"""

import re

from kjfp_helpers.infra.lazy_loading import lazy_pattern
from kjfp_helpers.intake.common.parsed_value import Parsed, make_problems
from kjfp_helpers.intake.common.text_cleanup import (
    is_blank,
    quote_for_finding,
    strip_whitespace,
    to_half_width,
)

_PHONE = lazy_pattern(
    r"(?:\(?(?:\+?|00)86\)?-?)?1[3-9]\d-?\d{4}-?\d{4}"
    r"|\(?0\d{2,3}\)?-?[1-9]\d{6,7}(?:(?:-|转|分机|ext\.?)\d{1,6})?"
    r"|[48]00-?\d{3}-?\d{4}"
)
_LOCAL_NUMBER = lazy_pattern(r"[2-9]\d{6,7}")
"""A second number after a number with area code."""
_BETWEEN_PHONES = lazy_pattern(
    r"[/、,，;；\n|｜或和]+|(?<=\d{7})\s+(?=1[3-9]\d{9}|0\d{2,3}-)"
    r"|(?<=\d{7})\s*(?=(?!转|分机)[\u4e00-\u9fff]+\s*[:：]?\s*[+\d(])"
)
_REMARK = lazy_pattern(r"[\u4e00-\u9fffA-Za-z()（）:：.。\s]*")
_NAMED = lazy_pattern("电话|传真|手机|座机")
"""A name of a number typed ahead of it, as in 电话/传真：…"""
_NUMBER_RUN = lazy_pattern(r"\d(?:[\d\-() ]*\d)?")
_NO_NUMBER = lazy_pattern(
    r"(?:暂?无|没有|未(?:设|装|开通)|不?设)(?:传真|电话|办公电话|手机|号码)+(?:机|号码?)?[。.]?"
)
"""An answer that says there is no such number."""
_SAME_NUMBER = lazy_pattern(
    "[同与](?:[上前]|[\u4e00-\u9fff]{0,6}(?:电话|手机|号码))(?:相同|一致|同)?[。.]?"
)
"""An answer that points to another number of the form."""
_BETWEEN_ADDRESSES = lazy_pattern(r"[/、,，;；\n|｜或和]+|(?<=[A-Za-z])\s+(?=[^\s@]+@)")
_ADDRESS_PADDING = lazy_pattern(
    r"^(?:e-?mail|mailto|电子邮箱|电子邮件|邮箱|邮件)[:：]|[(（][\u4e00-\u9fff]+[)）]$|^<|>$|[。.]$",
    re.IGNORECASE,
)
_POSTCODE_PADDING = lazy_pattern(r"^(?:邮编|邮政编码)[:：]?|[(（][\u4e00-\u9fff]+[)）]$|[。.]$")


def read_phone(text: str) -> Parsed[str | None]:
    """Parse one Chinese phone number, without spaces, or several as typed.

    Problem ``phone_invalid`` where a number has no valid format.

    Examples
    --------
    >>> read_phone("办公室：010-6851 8822").value
    '010-68518822'
    """
    if is_blank(text) or _NO_NUMBER.fullmatch(strip_whitespace(text)):
        return Parsed(None)
    if _SAME_NUMBER.fullmatch(strip_whitespace(text)):
        return Parsed(text.strip(), make_problems("ambiguous", "写明号码", quote_for_finding(text)))
    number = re.sub("[—–－﹣−‐‑]", "-", to_half_width(text)).strip(" _\n。.;；,，、")
    number = re.sub(r"(?<=\d)\.(?=\d)", "-", number)
    parts = [_strip_phone_text(part) for part in _BETWEEN_PHONES.split(number) if part.strip()]
    parts = [part for part in parts if not _NAMED.fullmatch(part)] or parts
    numbers = [part for part in parts if not _REMARK.fullmatch(part)]
    valid = [part for part in numbers if _PHONE.fullmatch(part)]
    if valid and all(part in valid or _LOCAL_NUMBER.fullmatch(part) for part in numbers):
        is_one = len(numbers) == 1 and len(_NUMBER_RUN.findall(number)) == 1
        return Parsed(numbers[0] if len(parts) == 1 or is_one else " ".join(number.split()))
    return Parsed(number, make_problems("phone_invalid", "手机或带区号的固定电话", "不成号码"))


def _strip_phone_text(part: str) -> str:
    """Strip the text before and after a phone number: 手机：…, 王强 …, …（办）."""
    number = strip_whitespace(part)
    number = re.sub(
        r"^(?:[(（][\u4e00-\u9fff]+[)）])?[\u4e00-\u9fffA-Za-z]*(?:[/、][\u4e00-\u9fffA-Za-z]+)*[:：.]?(?=[+\d(])",
        "",
        number,
    )
    return re.sub(r"(?<=\d)[(（][\u4e00-\u9fff]+[)）]$|(?<=\d)[\u4e00-\u9fff]+$", "", number)


def read_email(text: str) -> Parsed[str | None]:
    """Parse one e-mail address, or several as typed; finding ``email_invalid``.

    Examples
    --------
    >>> read_email("邮箱：a＠kx.cn").value
    'a@kx.cn'
    """
    if is_blank(text):
        return Parsed(None)
    typed = to_half_width(text).strip(" _\n;；,，、")
    parts = [_strip_address_text(part) for part in _BETWEEN_ADDRESSES.split(typed)]
    parts = [part for part in parts if part]
    if len(parts) > 1 and all(map(_is_address, parts)):
        return Parsed(" ".join(text.strip(" _\n;；,，、").split()))
    address = _strip_address_text(typed)
    if _is_address(address):
        return Parsed(address)
    return Parsed(
        address, make_problems("email_invalid", "形如 name@example.cn", quote_for_finding(address))
    )


def _strip_address_text(part: str) -> str:
    address = strip_whitespace(part).strip("_")
    for _ in range(2):  # a remark behind a full stop, or the other way round
        address = _ADDRESS_PADDING.sub("", address)
    return address


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
    """Parse a postcode of six digits; finding ``postcode_invalid``, also for one repeated digit."""
    if is_blank(text):
        return Parsed(None)
    value = _POSTCODE_PADDING.sub("", re.sub(r"[\s_|｜]", "", to_half_width(text)))
    if re.fullmatch(r"\d{6}", value) and len(set(value)) > 1:
        return Parsed(value)
    return Parsed(value, make_problems("postcode_invalid", "6位数字", quote_for_finding(value)))
