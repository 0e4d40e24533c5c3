"""Readers of one box each: the value, and a finding for whatever was not plain.

A reader never guesses in silence: a doubtful value carries a finding, an unreadable one is
``None`` with a finding. Identity numbers and phones never stand in a finding's text.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from kjfp_helpers.findings import Finding
from kjfp_helpers.intake.words import half_width, is_blank, quote, squeeze

Value = TypeVar("Value")

_EMAIL = re.compile(
    r"[A-Za-z0-9._%+\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)
_PHONE = re.compile(
    r"(?:\+?86-?)?1[3-9]\d-?\d{4}-?\d{4}"
    r"|(?:\(?0\d{2,3}\)?-?)?[1-9]\d{6,7}(?:(?:-|转|ext\.?)\d{1,6})?"
    r"|[48]00-?\d{3}-?\d{4}"
)
_BETWEEN_PHONES = re.compile(r"[/、,，;；\n]+")
_BETWEEN_NAMES = re.compile(r"[、,，;；/\n]+")
_NAME = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf〇]{2,6}|[\u4e00-\u9fff]+(?:[·•.][\u4e00-\u9fff]+)+"
                   r"|[A-Za-z][A-Za-z .\-']+|[\u4e00-\u9fff]{2,6}[A-Za-z0-9]{1,3}")  # fmt: skip
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Reading(Generic[Value]):
    """A value as read, with the findings on it."""

    value: Value
    findings: tuple[Finding, ...] = ()


def note(code: str, expected: str, found: str) -> tuple[Finding, ...]:
    """Return one finding whose place is not known yet."""
    return (Finding(code=code, expected=expected, found=found),)


def read_text(text: str) -> Reading[str | None]:
    """Read words as typed; a placeholder is a blank."""
    return Reading(None if is_blank(text) else text.strip())


def read_name(text: str) -> Reading[str | None]:
    """Read one person's name, inner spaces left out."""
    if is_blank(text):
        return Reading(None)
    name = _person(text)
    if _NAME.fullmatch(name):
        return Reading(name)
    return Reading(name, note("ambiguous", "一个姓名", quote(text)))


def read_names(text: str) -> Reading[tuple[str, ...]]:
    """Read a list of names; ``张  三`` is one name, and so is each word between separators."""
    if is_blank(text):
        return Reading(())
    plain = re.sub(r"[(（][^()（）]*[)）]", "、", text)
    if _BETWEEN_NAMES.search(plain.strip("、\n ")):
        parts = [_person(part) for part in _BETWEEN_NAMES.split(plain)]
    else:
        parts = _spaced_names(plain.split())
    cut = re.compile(r"(?<=.)等(?:\d*[人名位])?[。.]?$")
    names = tuple(cut.sub("", part).strip("。.") for part in parts if part.strip("。."))
    odd = [name for name in names if not _NAME.fullmatch(name)]
    if odd or any(cut.search(part) for part in parts):
        return Reading(
            names, note("ambiguous", "以顿号分隔的全部姓名", quote(odd[0] if odd else text))
        )
    return Reading(names)


def _person(text: str) -> str:
    name = half_width(text).strip()
    return name if re.fullmatch(r"[A-Za-z][A-Za-z .\-']*", name) else squeeze(name)


def _spaced_names(words: list[str]) -> list[str]:
    """Join neighbours of one character each: they are a two-character name typed apart."""
    names: list[str] = []
    open_half = False
    for word in words:
        if len(word) == 1 and open_half:
            names[-1] += word
            open_half = False
        else:
            names.append(word)
            open_half = len(word) == 1
    return names


def read_gender(text: str) -> Reading[str | None]:
    """Read 男 or 女, written or ticked."""
    if is_blank(text):
        return Reading(None)
    plain = squeeze(text)
    if plain in ("男", "女"):
        return Reading(plain)
    before, behind = r"[☑√■][(（]?([男女])", r"([男女])[(（]?[☑√■]"
    ticked = re.findall(behind if plain[:1] in "男女" else before, plain)
    if len(ticked) == 1:
        return Reading(ticked[0])
    if re.fullmatch(r"[□/、男女]*", plain):
        return Reading(None)
    found = {"男性": "男", "女性": "女"}.get(plain)
    if found:
        return Reading(found)
    return Reading(plain, note("ambiguous", "男或女", quote(plain)))


def read_id_number(text: str) -> Reading[str | None]:
    """Read an identity number: half-width, capital X, checked by GB 11643."""
    if is_blank(text):
        return Reading(None)
    number = squeeze(half_width(text)).upper()
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return Reading(number, note("id_length", "18位（末位可为X）", f"{len(number)}位"))
    if not _real_birthday(number[6:14]):
        return Reading(number, note("id_checksum", "出生日期真实", "出生日期段不是日期"))
    if number[17] != check_digit(number[:17]):
        return Reading(number, note("id_checksum", "末位与前17位相符", "末位不符"))
    return Reading(number)


def check_digit(first: str) -> str:
    """Return the check digit of the first 17 digits of an identity number (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(first, _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def _real_birthday(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def read_phone(text: str) -> Reading[str | None]:
    """Read one phone number or several, each a mobile or a landline number of China."""
    if is_blank(text):
        return Reading(None)
    number = half_width(text).strip()
    parts = [squeeze(re.sub("[—–－]", "-", part)) for part in _BETWEEN_PHONES.split(number)]
    if all(_PHONE.fullmatch(part) for part in parts if part):
        return Reading("/".join(part for part in parts if part))
    return Reading(number, note("phone_invalid", "手机或带区号的固定电话", "不成号码"))


def read_email(text: str) -> Reading[str | None]:
    """Read one e-mail address."""
    if is_blank(text):
        return Reading(None)
    address = squeeze(half_width(text))
    if _EMAIL.fullmatch(address):
        return Reading(address)
    return Reading(address, note("email_invalid", "形如 name@example.cn", quote(address)))


def read_postcode(text: str) -> Reading[str | None]:
    """Read a postcode of six digits."""
    return _matched(text, r"\d{6}", "postcode_invalid", "6位数字")


def _matched(text: str, pattern: str, code: str, expected: str) -> Reading[str | None]:
    if is_blank(text):
        return Reading(None)
    value = squeeze(half_width(text))
    if re.fullmatch(pattern, value):
        return Reading(value)
    return Reading(value, note(code, expected, quote(value)))


TextReader = Callable[[str], Reading[str | None]]
TEXT_READERS: dict[str, TextReader] = {
    "text": read_text,
    "name": read_name,
    "gender": read_gender,
    "id_number": read_id_number,
    "phone": read_phone,
    "email": read_email,
    "postcode": read_postcode,
}
"""Field kind to the reader of a box that holds one string."""
