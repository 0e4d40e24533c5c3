"""Chinese messages for TOML and validation errors."""

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from kjfp_helpers.core.errors import RuleError
from kjfp_helpers.core.suggestions import suggest


def syntax_error(name: str, text: str, message: str) -> RuleError:
    """Return the error of a file that is no TOML, with the line that stops its reading."""
    place = re.search(r"line (\d+), column (\d+)", message)
    where, line = f"{name} 末行", ""
    if place:
        where = f"{name} 第{place[1]}行第{place[2]}列"
        line = text.splitlines()[int(place[1]) - 1].strip()[:40]
    repeated = "overwrite" in message or "twice" in message or "mutate" in message
    expected = "没有出现过的名称" if repeated else "TOML 格式（名称 = 值）"
    advice = "删去重复的一处" if repeated else "核对这一行及上一行的引号、括号、等号和日期"
    return RuleError(
        where, expected=expected, found=f"“{line}”" if line else "写法有误", advice=advice
    )


def validation_error(name: str, model: type[BaseModel], item: dict[str, Any]) -> RuleError:
    """Translate one pydantic error into a Chinese error."""
    trail, kind, context = item["loc"], item["type"], item.get("ctx", {})
    where = _place(name, trail)
    if kind == "extra_forbidden":
        advice = f"更正名称，{suggest(str(trail[-1]), _known(model, trail[:-1]))}"
        return RuleError(where, expected="已知名称", found=f"“{trail[-1]}”", advice=advice)
    if kind == "missing":
        return RuleError(where, expected="填有此项", found="没有", advice="补上此项")
    if kind == "rule":
        return RuleError(
            where, expected=context["expected"], found=context["found"], advice="更正此处"
        )
    found = f"“{_shown(item['input'])}”"
    if kind == "literal_error":
        expected = str(context["expected"]).replace(", ", "、").replace(" or ", " 或 ")
        return RuleError(where, expected=expected, found=found, advice="改为所列之一")
    limits = "、".join(
        f"{_LIMITS[key]}{value:g}" for key, value in context.items() if key in _LIMITS
    )
    expected = limits or _TYPES.get(kind.split("_")[0], "符合规定的值")
    return RuleError(where, expected=expected, found=found, advice="更正此值")


def _place(name: str, trail: Iterable[Any]) -> str:
    """Return file and place: ``rubric.toml [team 第2项.weight]``."""
    steps = "".join(f" 第{step + 1}项" if isinstance(step, int) else f".{step}" for step in trail)
    return f"{name} [{steps.lstrip('.')}]" if steps else name


def _shown(value: Any) -> str:
    """Return a value as it stands in the file."""
    if isinstance(value, bool):
        return str(value).lower()
    return ("[]" if value == () else str(value))[:40]


_TYPES = {
    "int": "整数（不加引号）",
    "float": "数字（不加引号）",
    "finite": "有限的数字",
    "bool": "true 或 false",
    "string": "文字",
    "date": "日期（如 2020-08-15，不加引号）",
    "datetime": "时间",
    "timezone": "带时区的时间（如 2020-08-20T09:00:00+08:00）",
    "tuple": "列表",
    "too": "至少一项",
    "model": "一组设置",
}
_LIMITS = {"gt": "大于", "ge": "不小于", "lt": "小于", "le": "不大于"}


def _known(model: type[BaseModel], trail: Iterable[Any]) -> list[str]:
    """Return the names a rule file may use at a place in it."""
    for step in trail:
        if isinstance(step, int):
            continue
        kind: Any = model.model_fields[step].annotation
        for part in getattr(kind, "__args__", ()):
            kind = part if isinstance(part, type) and issubclass(part, BaseModel) else kind
        model = kind
    return list(model.model_fields)
