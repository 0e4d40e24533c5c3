"""Row types of the CSV tables: units, targets, prior commendations, panel, roles.

A field is a column, its annotation the type of the cells; a column with a default may be left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from kjfp_helpers.rules.tables.cells import (
    Assigned,
    Count,
    MemberId,
    NoTask,
    Points,
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
    """A unit's assigned targets and the document they come from.

    A cell may be blank (not assigned yet) or say that the unit has no such task; the column of the
    federations (联合会) may be left out.
    """

    unit: str
    assoc_target: Assigned
    experts_target: Assigned
    people_target: Assigned
    document: str
    federations_target: Assigned = None

    def count(self, indicator: str) -> int | None:
        """Return the target of an indicator, ``None`` where there is none."""
        value = getattr(self, f"{indicator}_target")
        return None if isinstance(value, NoTask) else value

    def is_without(self, indicator: str) -> bool:
        """Whether the office says that the unit has no task of a kind."""
        return isinstance(getattr(self, f"{indicator}_target"), NoTask)


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

    @property
    def label(self) -> str:
        """Name with number, as people read it."""
        return f"{self.name}（{self.member}）"


@dataclass(frozen=True, kw_only=True)
class RoleHolder:
    """An account and a role that it has, one of :data:`ROLES`; an account may have several rows.

    ``employer``, ``ties`` (codes of units) and ``region`` are columns that a table may leave out.
    """

    user: Annotated[str, required("登录的账号")]
    role: Annotated[str, one_of(*ROLES)]
    name: Annotated[str, required("姓名")]
    employer: str = ""
    ties: TextList = ()
    region: str = ""


@dataclass(frozen=True, kw_only=True)
class VoterRow:
    """A person who votes in the meeting; ``member`` is the id of who also sits on the panel.

    Without the table the panel votes.
    """

    voter: MemberId
    name: Annotated[str, required("姓名")]
    position: str = ""
    employer: str = ""
    member: str = ""
    ties: TextList = ()


@dataclass(frozen=True, kw_only=True)
class CheckerRow:
    """A person who checks a unit on a day: the table of ``kjfp spotcheck issue``, no rule file.

    ``unit`` is a code or a short name, ``reason`` why a possible relationship is none.
    """

    unit: Annotated[str, required("单位代码或简称")]
    day: Annotated[str, required("检查日期")]
    name: Annotated[str, required("姓名")]
    employer: Annotated[str, required("工作单位")]
    region: str = ""
    ties: TextList = ()
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class PoorPopulation:
    """The published registered poor population (人) of a region, and where it was published."""

    region: Annotated[str, required("地区")]
    people: Count
    document: str


@dataclass(frozen=True, kw_only=True)
class SelfScore:
    """The points that a unit gave itself under an indicator (``self`` of ``assessment.toml``)."""

    unit: str
    indicator: Annotated[str, required("指标的 id")]
    points: Points
    note: str = ""


HEADINGS: Mapping[type, Mapping[str, str]] = {
    CheckerRow: {
        **dict.fromkeys(("单位", "单位代码", "被检查单位"), "unit"),
        **dict.fromkeys(("检查日期", "日期"), "day"),
        **dict.fromkeys(("姓名", "检查人员"), "name"),
        "工作单位": "employer",
        **dict.fromkeys(("所在省份", "省份"), "region"),
        "关联单位": "ties",
        **dict.fromkeys(("核实理由", "理由"), "reason"),
    },
    VoterRow: {
        "编号": "voter",
        "姓名": "name",
        "职务": "position",
        "工作单位": "employer",
        "评委编号": "member",
        "关联单位": "ties",
    },
    Target: {
        **dict.fromkeys(("单位", "单位代码", "单位名称", "推荐单位", "省份", "地区"), "unit"),
        **dict.fromkeys(
            ("农技协目标", "农技协目标数", "支持建设农技协数", "支持建设农技协数（个）"),
            "assoc_target",
        ),
        **dict.fromkeys(
            (
                "联合会目标",
                "联合会目标数",
                "支持建设农技协联合会数",
                "支持建设农技协联合会数（个）",
            ),
            "federations_target",
        ),
        **dict.fromkeys(
            ("专家目标", "专家目标数", "组织动员专家数", "组织动员专家数（人）"), "experts_target"
        ),
        **dict.fromkeys(
            (
                "脱贫人数目标",
                "脱贫人数目标数",
                "带动脱贫人数",
                "带动建档立卡贫困户脱贫人数",
                "带动建档立卡贫困户脱贫人数（人）",
            ),
            "people_target",
        ),
        **dict.fromkeys(("文件", "文号", "下达文件", "依据"), "document"),
    },
    SelfScore: {
        **dict.fromkeys(("单位", "单位代码"), "unit"),
        "指标": "indicator",
        **dict.fromkeys(("自评分", "得分", "分值"), "points"),
        **dict.fromkeys(("说明", "依据"), "note"),
    },
    PoorPopulation: {
        **dict.fromkeys(("地区", "省份"), "region"),
        **dict.fromkeys(("建档立卡贫困人口", "贫困人口", "人数", "贫困人口（人）"), "people"),
        **dict.fromkeys(("文件", "出处", "来源"), "document"),
    },
}
"""Chinese heads of a table, by the column that each names."""
