"""Cell types of the CSV tables: how a cell's text becomes a value, and which texts are refused.

Each is an annotated type that pydantic validates; a refused cell says what was expected.
"""

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from kjfp_helpers.rules.base_model import rule_error

_IDENTIFIER = r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}"
_COUNT = re.compile(r"[0-9]{1,9}")
_RESERVED = re.compile(
    r"overall|index|unknown|manifest|data|con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE
)
"""Identifiers that would be another file's name, or no file name at all on some machine."""


def required(expected: str, pattern: str = ".+") -> AfterValidator:
    """Return a check that a cell is filled, in a form given by a pattern."""
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise _refused(expected, text)
        return text

    return AfterValidator(check)


def one_of(*choices: str) -> AfterValidator:
    """Return a check that a cell holds one of the choices."""

    def check(text: str) -> str:
        if text not in choices:
            raise _refused(" 或 ".join(choices), text)
        return text

    return AfterValidator(check)


def _refuse_reserved(text: str) -> str:
    if _RESERVED.fullmatch(text):
        raise _refused(f"不是系统留用的名称（{text}）", text)
    return text


def _parse_count(text: str) -> int | None:
    if not text:
        return None
    if not _COUNT.fullmatch(text):
        raise _refused("不带逗号和单位的整数", text)
    return int(text)


def _parse_points(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,3}(?:\.[0-9])?", text):
        raise _refused("0 至 100 的分值，至多一位小数", text)
    return float(text)


class NoTask(StrEnum):
    """The office's word that a unit has no task of a kind; a blank cell is not assigned yet."""

    SLASH = "/"
    NONE = "无"


_NO_TASK_WORDS = {
    **dict.fromkeys(("/", "／", "—", "-"), NoTask.SLASH),
    **dict.fromkeys(("无", "不适用"), NoTask.NONE),
}


def _parse_assigned(text: str) -> int | NoTask | None:
    return _NO_TASK_WORDS.get(text) or _parse_count(text)


def _parse_year(text: str) -> int:
    if not re.fullmatch(r"(?:19|20)[0-9]{2}", text):
        raise _refused("四位数的年份", text)
    return int(text)


def _parse_yes_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise _refused("yes 或 no", text)
    return text == "yes"


def _split_list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _refused(expected: str, text: str) -> PydanticCustomError:
    """Return the error of a cell."""
    return rule_error(expected, f"“{text}”" if text else "未填")


UnitCode = Annotated[
    str,
    required("字母、数字、连字符组成的代码（至多20个）", _IDENTIFIER),
    AfterValidator(_refuse_reserved),
]
"""Code of a unit; it becomes part of file names."""
MemberId = Annotated[
    str,
    required("字母、数字、连字符组成的编号（至多20个）", _IDENTIFIER),
    AfterValidator(_refuse_reserved),
]
"""Id of a panel member; it becomes part of file names."""
Count = Annotated[int | None, BeforeValidator(_parse_count)]
"""A count, ``None`` for a blank cell."""
Assigned = Annotated[int | NoTask | None, BeforeValidator(_parse_assigned)]
"""An assigned target: a count, a word that there is no task, ``None`` for a blank cell."""
Points = Annotated[float, BeforeValidator(_parse_points)]
"""Points with at most one decimal."""
Year = Annotated[int, BeforeValidator(_parse_year)]
YesNo = Annotated[bool, BeforeValidator(_parse_yes_no)]
"""``yes`` or ``no``."""
TextList = Annotated[tuple[str, ...], BeforeValidator(_split_list)]
"""Texts separated by semicolons."""
