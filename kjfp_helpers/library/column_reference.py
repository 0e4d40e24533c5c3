"""What the columns of a frame are, as a frame, a docstring and a page, from the declarations."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from kjfp_helpers.library.readable_frame import ReadableFrame
from kjfp_helpers.library.schemas.frame_catalogue import BY_KIND, frame_schema, frame_schemas
from kjfp_helpers.state.access import SCREEN_PERMISSIONS

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

HEADINGS = ("列", "名称", "含义", "计量单位", "类型", "范围", "可缺")
_INTRODUCTION = """# 分析用表

本页由 `python tests/support/generated_pages.py` 按 `kjfp_helpers/library/schemas/` 的声明生成，
不要手工修改。

    import kjfp_helpers as kjfp

    round = kjfp.open_round("2020")   # 只读：不建台账，不写任何文件
    round.findings                    # 一张表，pandas 的 DataFrame；改它不影响本轮
    round.view("findings")            # 同一张表，中文标题，供人看
    round.describe("findings")        # 各列的名称、含义、类型、范围

文字没有的为空白，数没有的为 NaN，时间没有的为 NaT，是否不明的为 NA。身份证号码、电话一律遮去。
读一张表的权限与打开相应页面的权限相同。各列的类型、范围、主键在取表时核对，不符的不给。
还没有到那一步的，表是空的；名次和名单则说明为什么还没有。"""


def describe_columns(name: str) -> pd.DataFrame:
    """Return the columns of a frame, one row each, under the Chinese :data:`HEADINGS`."""
    return ReadableFrame(_column_rows(frame_schema(name)), columns=list(HEADINGS))


def _column_rows(schema: "DataFrameSchema") -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for key, column in schema.columns.items():
        about: dict[str, Any] = column.metadata
        rows.append(
            (
                _pattern_text(key) if column.regex else key,
                column.title,
                column.description or "",
                about.get("unit", ""),
                about["type"],
                about.get("range", ""),
                "可缺" if column.nullable else "",
            )
        )
    return rows


def _pattern_text(key: str) -> str:
    """Return a pattern of column names as a person writes it: ``section_…``."""
    return key.strip("^$").replace(".+", "…")


def docstring_of(name: str) -> str:
    """Return the docstring of a frame, in numpy style."""
    schema = frame_schema(name)
    lines = [f"{schema.title}：每行为{schema.metadata['row']}。"]
    lines += [schema.description] if schema.description else []
    lines += ["", "Returns", "-------", "DataFrame"]
    for column, title, meaning, unit, kind, bounds, missing in _column_rows(schema):
        notes = "；".join(filter(None, (meaning, unit and f"单位 {unit}", bounds, missing)))
        lines.append(f"    ``{column}`` : {kind}，{title}{f'（{notes}）' if notes else ''}")
    lines += [
        "",
        "Raises",
        "------",
        "ScreenRefused",
        f"    不能打开{_screens(schema)}页面的账号。",
    ]
    return "\n".join(lines)


def _screens(schema: "DataFrameSchema") -> str:
    return "或".join(f"“{SCREEN_PERMISSIONS[one].title}”" for one in schema.metadata["screens"])


def frames_page() -> str:
    """Return the reference of all frames, in Markdown."""
    schemas = frame_schemas()
    parts = [_INTRODUCTION, "## 各表", _table(("表", "内容", "每行"), _overview())]
    for name, schema in schemas.items():
        keys = "、".join(f"`{one}`" for one in schema.unique or ())
        unique = f"主键：{keys}。" if keys else ""
        told = f"`{call_text(name)}`。每行为{schema.metadata['row']}。{unique}"
        about = f"{told}{schema.description or ''}能打开{_screens(schema)}页面的账号可读。"
        rows = [(f"`{row[0]}`", *row[1:4], f"`{row[4]}`", *row[5:]) for row in _column_rows(schema)]
        parts += [f"## {schema.title}", about, _table(HEADINGS, rows)]
    return "\n\n".join(parts) + "\n"


def _overview() -> list[tuple[str, ...]]:
    return [
        (f"`{call_text(name)}`", str(schema.title), schema.metadata["row"])
        for name, schema in frame_schemas().items()
    ]


def call_text(name: str) -> str:
    """Return how a frame is asked for."""
    if name == "reweighted":
        return 'round.reweighted("team", {"outcome": 0.4})'
    return f'round.{name}("team")' if name in BY_KIND else f"round.{name}"


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )
