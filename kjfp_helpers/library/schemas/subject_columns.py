"""Columns by which frames name what a row is about: a unit, a nominee, a member of the panel."""

from typing import Any

from kjfp_helpers.core.records import KIND_TITLES, NOMINEE_KINDS
from kjfp_helpers.library.schemas import columns as col

NOMINEES: dict[str, str] = {kind: KIND_TITLES[kind] for kind in NOMINEE_KINDS}
NO_CASE = "不涉及某一件的空白"
"""What a blank case id says."""


def unit_columns(meaning: str = "units.csv 的 code", *, optional: bool = False) -> dict[str, Any]:
    """Declare code and short name of a unit; ``optional`` where a row may be about none."""
    return unit_code(meaning, optional=optional) | {"unit_name": col.text("单位", "单位简称")}


def unit_code(meaning: str = "", *, optional: bool = False) -> dict[str, Any]:
    """Declare the code of a unit."""
    return {"unit": col.code("单位代码", meaning, optional=optional)}


def case_id(meaning: str = "", *, optional: bool = False) -> dict[str, Any]:
    """Declare the id of a nominee."""
    return {"case": col.code("编号", meaning, optional=optional)}


def member_code(meaning: str = "", *, optional: bool = False) -> dict[str, Any]:
    """Declare the code of a member of the panel."""
    return {"member": col.code("评委", meaning, optional=optional)}


def nominee_kind() -> dict[str, Any]:
    """Declare which of the two kinds a nominee is."""
    return {"kind": col.word("类别", NOMINEES)}


UNIT = unit_columns()
"""The two columns by which every frame names a unit."""
CASE = (
    case_id("T 为团队、P 为个人，接单位代码和序号")
    | nominee_kind()
    | UNIT
    | {"name": col.text("名称／姓名")}
)
"""The columns by which a frame names a nominee."""
MEMBER = member_code("panel.csv 的 member")
