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
_BETWEEN_PHONES = re.compile(r"[/、,，;；\n|｜]+|(?<=\d{7})\s+(?=1[3-9]\d{9}|0\d{2,3}-)")
_PHONE_WORDS = re.compile(
    r"(?:手机|电话|办公|座机|固话|联系|号码|号|办|宅|传真|[Tt]el|TEL|[Ff]ax|FAX)*[:：.]|[(（](?:手机|办公|座机|办|宅)[)）]"
)
_BETWEEN_NAMES = re.compile(r"[、,，;；/\n|｜。]+")
_NAME = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf〇]{2,6}|[\u4e00-\u9fff]+(?:[·•.][\u4e00-\u9fff]+)+"
                   r"|[A-Za-z][A-Za-z .\-']+|[\u4e00-\u9fff]{2,6}[A-Za-z0-9]{1,3}")  # fmt: skip
_REFERS = ("同上", "同前", "同左", "见上", "见前", "上同", "详见附件", "见附件", "见附页")
_TICKED = re.compile(r"[☑☒√■✓✔]\s*([^\s☑☒√■✓✔□☐○]{2,20})(?=.*[□☐])")
_DOUBLE = ("欧阳", "司马", "上官", "诸葛", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容",
           "令狐", "司徒", "端木", "百里", "南宫", "西门", "长孙", "宇文")  # fmt: skip
_TITLED = re.compile(
    r"(.{2,})(?:教授|研究员|先生|女士|主任|老师|院士|博士|高工|同志|局长|处长|站长|所长|农艺师)$"
)
_NOT_A_NAME = re.compile(r"附件|附页|附表|名单|教授|研究员|专家|^[男女]$")
_NUMBERS = re.compile(r"(?:^|(?<=[\s、,，;；]))(?:\d{1,3}[.、．)）]|[①-⑳])\s*")
_HEAD = re.compile(r"^\s*(?:专家)?(?:姓名|名单)\s*[:：]")
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
    """Read words as typed; a placeholder is a blank, rules to write on are not words."""
    if is_blank(text):
        return Reading(None)
    words = re.sub(r"^[\s_＿]+|[\s_＿]+$", "", text)
    if chosen := _TICKED.findall(words):  # boxes that the unit added
        return Reading("、".join(chosen), note("ambiguous", "写明内容", quote(words)))
    if squeeze(words) in _REFERS:
        return Reading(words, note("ambiguous", "写明内容", quote(words)))
    return Reading(words)


def read_name(text: str) -> Reading[str | None]:
    """Read one person's name, inner spaces left out."""
    if is_blank(text):
        return Reading(None)
    name = _person(text)
    parts = text.strip(" _\n").split()
    two = len(parts) > 1 and all(len(part) > 1 and not part.isascii() for part in parts)
    two = two and parts[0] not in _DOUBLE
    if _NAME.fullmatch(name) and not two and not _TITLED.search(name):
        return Reading(name)
    return Reading(_TITLED.sub(r"\1", name), note("ambiguous", "一个姓名", quote(text)))


def read_names(text: str) -> Reading[tuple[str, ...]]:
    """Read a list of names; ``张  三`` is one name, and so is each word between separators."""
    if is_blank(text):
        return Reading(())
    text = _column_of_names(text)
    plain = re.sub(r"[(（][^()（）]*[)）]", "、", _NUMBERS.sub("、", _HEAD.sub("", text)))
    if _BETWEEN_NAMES.search(plain.strip("、\n 。")):
        parts = [_person(part) for part in _BETWEEN_NAMES.split(plain)]
    else:
        parts = _spaced_names(plain.strip("、\n 。").split())
    cut = re.compile(r"(?<=.)等(?:\d*[人名位])?[。.]?$")
    names = tuple(cut.sub("", part).strip("。.") for part in parts if part.strip("。."))
    odd = [name for name in names if not _NAME.fullmatch(name) or _NOT_A_NAME.search(name)]
    if odd or any(cut.search(part) for part in parts):
        return Reading(
            names, note("ambiguous", "以顿号分隔的全部姓名", quote(odd[0] if odd else text))
        )
    return Reading(names)


def _column_of_names(text: str) -> str:
    """Return the names of a list with several columns, other texts as they are."""
    rows = [[part.strip() for part in line.split("｜")] for line in text.split("\n")]
    for index, word in enumerate(rows[0]):
        if squeeze(word) in ("姓名", "专家姓名") and len(rows[0]) > 1:
            return "\n".join(row[index] for row in rows[1:] if len(row) > index)
    return text


def _person(text: str) -> str:
    name = half_width(text).strip(" _\n")
    name = re.sub(r"(?<=[\u4e00-\u9fff])\s*[•.．・‧∙]\s*(?=[\u4e00-\u9fff])", "·", name)
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
    plain = squeeze(text).strip("/、_|｜")
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
    if ("男" in plain) != ("女" in plain):
        return Reading("男" if "男" in plain else "女", note("ambiguous", "男或女", quote(plain)))
    return Reading(plain, note("ambiguous", "男或女", quote(plain)))


def read_id_number(text: str) -> Reading[str | None]:
    """Read an identity number: half-width, capital X, checked by GB 11643."""
    if is_blank(text):
        return Reading(None)
    number = re.sub(r"[\s_|｜]", "", half_width(text)).upper().replace("Ｘ", "X").replace("Х", "X")
    number = re.sub(r"(?<=\d)[-—–](?=[\dX])", "", number)
    if re.fullmatch(r"\d{15}", number):
        return Reading(number, note("id15", "18位居民身份证号码", "15位旧号码"))
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return Reading(number, note("id_length", "18位（末位可为X）", f"{len(number)}位"))
    findings: tuple[Finding, ...] = ()
    if not _real_birthday(number[6:14]):
        findings += note("id_birth", "出生日期真实", "出生日期段不是日期")
    if number[17] != check_digit(number[:17]):
        findings += note("id_checksum", "末位与前17位相符", "末位不符")
    return Reading(number, findings)


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
    """Read one phone number without spaces, or several as typed; each one of China."""
    if is_blank(text):
        return Reading(None)
    number = re.sub("[—–－﹣−]", "-", half_width(text)).strip(" _\n")
    parts = [squeeze(part) for part in _BETWEEN_PHONES.split(_PHONE_WORDS.sub("", number))]
    if parts and all(_PHONE.fullmatch(part) for part in parts if part):
        filled = [part for part in parts if part]
        return Reading(filled[0] if len(filled) == 1 else " ".join(number.split()))
    return Reading(number, note("phone_invalid", "手机或带区号的固定电话", "不成号码"))


def read_email(text: str) -> Reading[str | None]:
    """Read one e-mail address."""
    if is_blank(text):
        return Reading(None)
    address = re.sub(
        r"^(?:e-?mail|邮箱)[:：]", "", squeeze(half_width(text)).strip("_"), flags=re.I
    )
    if _EMAIL.fullmatch(address):
        return Reading(address)
    return Reading(address, note("email_invalid", "形如 name@example.cn", quote(address)))


def read_postcode(text: str) -> Reading[str | None]:
    """Read a postcode of six digits."""
    return _matched(text, r"\d{6}", "postcode_invalid", "6位数字")


def _matched(text: str, pattern: str, code: str, expected: str) -> Reading[str | None]:
    if is_blank(text):
        return Reading(None)
    value = re.sub(r"[\s_|｜]", "", half_width(text))
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
