"""Pages that are generated from the code, so that they cannot fall behind it.

    python tests/support/generated_pages.py

writes ``data/README.md`` from the rule models, the floors in ``kjfp_helpers/README.md`` from the
contract in ``pyproject.toml`` and ``kjfp_helpers/FRAMES.md`` from the declarations of the library's
frames. A test compares each with what stands there.
"""

import dataclasses
import sys
import tomllib
import types
from collections.abc import Iterator, Mapping
from enum import EnumType
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

PROJECT = Path(__file__).parents[2]
if __name__ == "__main__":
    sys.path[:0] = [str(PROJECT), str(PROJECT / "tests")]

from kjfp_helpers.library.column_reference import frames_page  # noqa: E402
from kjfp_helpers.rules.loader import Round, load_round  # noqa: E402
from kjfp_helpers.rules.terms.assessment_scheme import AssessmentScheme  # noqa: E402
from support.rule_meanings import COLUMNS, FILES, KEYS  # noqa: E402

RULES_PAGE = PROJECT / "data" / "README.md"
FRAMES_PAGE = PROJECT / "kjfp_helpers" / "FRAMES.md"
PACKAGE_PAGE = PROJECT / "kjfp_helpers" / "README.md"
BEGIN, END = "<!-- floors: generated from pyproject.toml -->", "<!-- end of floors -->"
TABLES = {
    "units.csv": "units",
    "targets.csv": "targets",
    "commended.csv": "commended",
    "panel.csv": "panel",
    "roles.csv": "roles",
    "poor_population.csv": "populations",
    "voters.csv": "voters",
    "self_scores.csv": "self_scores",
}
"""File to the attribute of a round that holds its rows."""
INTRODUCTION = """# 规则文件

本页由 `python tests/support/generated_pages.py` 按规则模型（`kjfp_helpers/rules/`）生成，不要手工修改；含义写在
`tests/support/rule_meanings.py`。

一轮评审是 `data/` 下的一个文件夹，放六个规则文件，另可有 `roles.csv`、`voters.csv`、`poor_population.csv`、`assessment.toml`、
`self_scores.csv`。换一年就是换一个文件夹，不改程序。
`.toml` 文件用 UTF-8；表格可以是 CSV（UTF-8，或 Excel 中文版所存的 GB 18030），也可以换成同名的 Excel 工作簿（`.xlsx`，一张有列名的工作表），
两者只留一份。目标表、名册中的单位可以写代码，也可以写全称、简称或别称。表格第一行是列名，多值的格用英文分号隔开；拼错的名称、超出范围的值在打开时一次列全，并提示相近的写法。`kjfp assign` 把全部
规则文件冻结进台账；有了评分以后要改的，按决议用 `kjfp amend` 记入台账。

“缺省”一栏写“必填”的须写明，其余可以不写。`data/2020/` 是一份完整的样例。"""


def floors() -> str:
    """Return the floors of the package as a table, the top one first."""
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"][
        "importlinter"
    ]
    (layers,) = (one["layers"] for one in contracts["contracts"] if one["type"] == "layers")
    rows = []
    for layer in layers:
        for name in layer.split(" | "):
            rows.append(f"| `{name}` | {_first_docstring_line(name)} |")
        rows.append("| | |")
    return "\n".join(["| package | what it is |", "| --- | --- |", *rows[:-1]])


def _first_docstring_line(package: str) -> str:
    folder = PROJECT / "kjfp_helpers" / package
    path = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    text = path.read_text("utf-8")
    return text.lstrip().removeprefix('"""').split("\n")[0].removesuffix('"""')


def package_page(page: str) -> str:
    """Return the page of the package with its floors as the contract has them."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{floors()}\n\n{END}{after}"


def rules_page() -> str:
    """Return the reference of all rule files."""
    example = tomllib.loads((PROJECT / "data" / "2020" / "notice.toml").read_text("utf-8"))
    hints = get_type_hints(Round)
    parts = [
        INTRODUCTION,
        "## 文件",
        _table(("文件", "内容"), ((f"`{n}`", t) for n, t in FILES.items())),
    ]
    for name, attribute in TABLES.items():
        (row_type, *_) = get_args(hints[attribute])
        rows = (
            (f"`{column}`", meaning, _type_text(kind), "须有" if default == "必填" else "可以没有")
            for column, kind, default, meaning in _columns(row_type, name)
        )
        parts += [f"## {name}", _table(("列", "含义", "写法", "此列"), rows)]
    notice, rubric = hints["notice"], hints["rubric"]
    parts += ["## notice.toml", _table(_KEY_HEADS, _keys(notice, example))]
    parts += [
        "### 裁定：通知未明事项（`[ruling.名称]`）",
        "每条写 `question`（问题）、`value`（本轮裁定）、`note`（说明）。“样例”是 `data/2020/` 所写的值；旧轮次没有写的用“缺省”。",
        _table(("名称", "问题", "可取的值", "样例", "缺省", "说明"), _rulings(notice, example)),
    ]
    parts += ["## rubric.toml", _table(_KEY_HEADS, _keys(rubric, {}))]
    parts += ["## assessment.toml", _table(_KEY_HEADS, _keys(AssessmentScheme, {}))]
    return "\n\n".join(parts) + "\n"


_KEY_HEADS = ("键", "含义", "写法", "缺省", "条款")


def _table(heads: tuple[str, ...], rows: Any) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def _columns(row_type: type, file: str) -> Iterator[tuple[str, Any, str, str]]:
    """Yield each column with its type, default and meaning, of a dataclass or a model."""
    kinds = get_type_hints(row_type, include_extras=True)
    for name, default in _defaults(row_type).items():
        yield name, kinds[name], default, COLUMNS[file][name]


def _defaults(owner: type) -> Mapping[str, str]:
    if issubclass(owner, BaseModel):
        return {
            field.alias or name: _default_text(field.get_default(call_default_factory=True))
            for name, field in owner.model_fields.items()
        }
    return {field.name: _default_text(field.default) for field in dataclasses.fields(owner)}


def _default_text(value: object) -> str:
    if value is PydanticUndefined or value is dataclasses.MISSING:
        return "必填"
    if value is None or value == "" or value == () or isinstance(value, BaseModel):
        return "不写"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def _keys(
    model: type[BaseModel], example: Any, path: str = "", clause: str = ""
) -> Iterator[tuple[str, ...]]:
    """Yield every key below a model, with its meaning, type, default and clause."""
    kinds = get_type_hints(model, include_extras=True)
    if isinstance(example, dict):
        clause = example.get("clause", clause)
    for name, default in _defaults(model).items():
        key, inner, many = f"{path}{name}", _model_in(kinds[name]), _is_many(kinds[name])
        if key == "ruling" or name == "clause":
            continue
        if inner is None:
            yield f"`{key}`", KEYS[key], _type_text(kinds[name]), default, clause
            continue
        part = example.get(name, {}) if isinstance(example, dict) else {}
        if many:
            yield f"`[[{key}]]`", KEYS[key], "可写多条", default, clause
        yield from _keys(inner, (part[0] if part else {}) if many else part, f"{key}.", clause)


def _rulings(notice: type[BaseModel], example: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    rulings = get_type_hints(notice)["ruling"]
    kinds = get_type_hints(rulings, include_extras=True)
    for name, field in rulings.model_fields.items():
        written = example["ruling"][name]
        kind = kinds[name].__pydantic_generic_metadata__["args"][0]
        default = field.get_default()
        yield (
            f"`{name}`",
            written["question"],
            _type_text(kind),
            _value_text(written["value"]),
            "必填" if default is PydanticUndefined else _value_text(default.value),
            written.get("note", ""),
        )


def _value_text(value: object) -> str:
    return (
        "、".join(f"`{one}`" for one in value) if isinstance(value, list | tuple) else f"`{value}`"
    )


def _bare(kind: Any) -> Any:
    """Return a type without the names and constraints around it."""
    return _bare(get_args(kind)[0]) if get_origin(kind) is Annotated else kind


def _is_many(kind: Any) -> bool:
    return get_origin(_bare(kind)) is tuple


def _model_in(kind: Any) -> type[BaseModel] | None:
    kind = _bare(kind)
    if _is_many(kind):
        kind = _bare(get_args(kind)[0])
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


_NAMES = {
    "str": "文字",
    "int": "整数",
    "float": "数",
    "bool": "是否：表格写 `yes`、`no`，其余写 `true`、`false`",
    "date": "日期",
    "AwareDatetime": "带时区的时刻",
    "datetime": "带时区的时刻",
}


def _type_text(kind: Any) -> str:
    """Return how a value is written, in Chinese."""
    kind = _bare(kind)
    if get_origin(kind) is Literal:
        return "、".join(f"`{value}`" for value in get_args(kind))
    if isinstance(kind, EnumType):
        return "、".join(f"`{value.value}`" for value in kind)
    if get_origin(kind) is tuple:
        return f"{_type_text(get_args(kind)[0])}，可多个"
    if get_origin(kind) in (Union, types.UnionType):
        inner = [_type_text(part) for part in get_args(kind) if part is not types.NoneType]
        return f"{'、'.join(inner)}，可空"
    return _NAMES[kind.__name__]


def write_pages() -> None:
    """Write the pages."""
    load_round(PROJECT / "data" / "2020")  # the example holds
    RULES_PAGE.write_text(rules_page(), "utf-8")
    FRAMES_PAGE.write_text(frames_page(), "utf-8")
    PACKAGE_PAGE.write_text(package_page(PACKAGE_PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    write_pages()
