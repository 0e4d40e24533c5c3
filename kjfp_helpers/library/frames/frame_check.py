"""Check of a frame against its declaration; what it lacks is told in Chinese."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from kjfp_helpers.core.errors import FrameError
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.library.schemas.frame_catalogue import column_names, frame_schema
from kjfp_helpers.rules import Round

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

MAX_TOLD = 5
"""Faults that are told of one frame."""
_ADVICE = "不要据此表作判断，并把这段提示交给维护人员"


def check_frame(name: str, frame: pd.DataFrame, round: Round) -> None:
    """Check columns, types, bounds and keys of a frame.

    Raises
    ------
    FrameError
        Naming the first faults.
    """
    schema = frame_schema(name)
    faults = list(_column_faults(column_names(schema, round), frame)) or list(
        _value_faults(schema, frame)
    )
    if faults:
        more = f"；等{len(faults)}处" if len(faults) > MAX_TOLD else ""
        raise FrameError(
            f"“{schema.title}”表（{name}）",
            expected="与表的说明一致",
            found="；".join(faults[:MAX_TOLD]) + more,
            advice=_ADVICE,
        )


def _column_faults(names: list[str], frame: pd.DataFrame) -> Iterator[str]:
    if not all(isinstance(name, str) for name in frame.columns):
        yield "列名不是文字"
        return
    present = list(frame.columns)
    lacking = [name for name in names if name not in present]
    extra = [name for name in present if name not in names]
    if lacking:
        yield f"缺少列 {'、'.join(lacking)}"
    if extra:
        yield f"多出列 {'、'.join(extra)}"
    if len(set(present)) < len(present):
        yield "有重名的列"
    elif not lacking and not extra and names != present:
        yield "列的次序不同"


def _value_faults(schema: "DataFrameSchema", frame: pd.DataFrame) -> Iterator[str]:
    from pandera.errors import SchemaErrors

    try:
        schema.validate(frame.reset_index(drop=True), lazy=True)
    except SchemaErrors as error:
        for case in error.failure_cases.to_dict("records"):
            yield _fault(schema, case)


def _fault(schema: "DataFrameSchema", case: dict[Any, Any]) -> str:
    """Return what is wrong in one place: column, row from 1, what was expected and found."""
    name, check = str(case["column"]), str(case["check"])
    index = case["index"]
    row = f"第{int(index) + 1}行" if index is not None and index == index else ""
    if check.startswith("dtype("):
        return f"{name} 应为 {check[7:-2]} 类型，实为 {case['failure_case']}"
    if check == "not_nullable":
        return f"{name} {row}应有值，实为缺"
    if "unique" in check:
        return f"{'、'.join(schema.unique or [])} {row}与别的行重复"
    value = mask_personal_numbers(str(case["failure_case"]))
    return f"{name} {row}应为{check}，实为 {value[:40]}"
