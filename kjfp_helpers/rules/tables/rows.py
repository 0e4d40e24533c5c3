"""Row types of the CSV tables: units, targets, prior commendations, panel, roles.

A field is a column, its annotation the type of the cells; a column with a default may be left out.
"""

from dataclasses import dataclass
from typing import Annotated

from kjfp_helpers.rules.tables.cells import (
    Count,
    MemberId,
    TextList,
    UnitCode,
    Year,
    YesNo,
    one_of,
    required,
)

ROLES = ("秘书", "组长", "计票人", "评委", "纪检", "考核")
"""What an account may be: secretary, chair, teller, panel member, inspector, summary assessor."""


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A recommending unit; ``domains`` and ``aliases`` help to tell whose mail it is."""

    code: UnitCode
    name: Annotated[str, required("单位全称")]
    short_name: Annotated[str, required("单位简称")]
    kind: Annotated[str, one_of("province", "society")]
    region: str
    priority: YesNo
    domains: TextList
    aliases: TextList

    @property
    def quota(self) -> str:
        """Which quota of the notice holds: ``priority``, ``other`` or ``society``."""
        if self.kind == "society":
            return "society"
        return "priority" if self.priority else "other"


@dataclass(frozen=True, kw_only=True)
class Target:
    """A unit's assigned targets (counts, may be blank) and the document they come from."""

    unit: str
    assoc_target: Count
    experts_target: Count
    people_target: Count
    document: str


@dataclass(frozen=True, kw_only=True)
class Commendation:
    """One row of the register of earlier commendations; ``level`` 全国 or 省级."""

    year: Year
    level: Annotated[str, one_of("全国", "省级")]
    kind: Annotated[str, one_of("team", "individual")]
    name: Annotated[str, required("团队名称或个人姓名")]
    unit: str
    employer: str
    document: str


@dataclass(frozen=True, kw_only=True)
class Member:
    """A panel member; ``ties`` are codes of units with which the member has a relationship."""

    member: MemberId
    name: Annotated[str, required("评委姓名")]
    employer: str
    region: str
    field: str
    user: str
    ties: TextList


@dataclass(frozen=True, kw_only=True)
class RoleHolder:
    """An account and a role that it has, one of :data:`ROLES`; an account may have several rows.

    ``employer`` and ``ties`` (codes of units) are columns that a table may leave out.
    """

    user: Annotated[str, required("登录的账号")]
    role: Annotated[str, one_of(*ROLES)]
    name: Annotated[str, required("姓名")]
    employer: str = ""
    ties: TextList = ()
