"""The two recommendation forms as data: one schema writes blanks and reads returns.

Labels are those of Annex 1 and Annex 2 of the notice.
"""

from dataclasses import dataclass
from typing import Literal

FieldKind = Literal[
    "text",
    "name",
    "names",
    "count",
    "days",
    "phone",
    "email",
    "postcode",
    "id_number",
    "regions",
    "options",
    "story",
    "opinion",
    "gender",
]

SERVICE_TYPES = ("种植", "养殖", "其他")
SERVICE_MODES = ("培训", "技术推广", "就业指导", "其他")
REGION_LEVELS = ("省", "市", "县", "乡", "村")


@dataclass(frozen=True, slots=True)
class FormField:
    """One box of a form.

    ``label`` as printed (spaces left out), ``group`` the label of the block it stands in,
    ``options`` the words that can be ticked, ``required`` whether blank is a finding.
    """

    name: str
    label: str
    kind: FieldKind = "text"
    required: bool = True
    options: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A recommendation form: ``rows`` lists the fields row by row, as the notice prints them."""

    kind: Literal["team", "individual"]
    annex: str
    title: str
    rows: tuple[tuple[FormField, ...], ...]
    photo: bool

    def __hash__(self) -> int:
        """Hash by kind: forms are keys of caches that are asked for every label."""
        return hash(self.kind)

    @property
    def fields(self) -> tuple[FormField, ...]:
        """All fields in reading order."""
        return tuple(field for row in self.rows for field in row)


_REACHED = (
    (FormField("email", "Email", "email"), FormField("postcode", "邮政编码", "postcode")),
    (FormField("address", "通讯地址"),),
)
_SERVICE = (
    (FormField("regions", "所服务的贫困地区", "regions"),),
    (FormField("service_types", "服务类别", "options", options=SERVICE_TYPES),),
    (FormField("service_modes", "服务方式", "options", options=SERVICE_MODES),),
)
_LIFTED = (
    FormField("people_lifted", "带动脱贫贫困人口数", "count"),
    FormField("service_days", "深入贫困地区开展服务累计天数", "days"),
)
_TAIL = (
    (FormField("honors", "获得表扬或荣誉(省部级及以上)"),),
    (FormField("recommendation", "省级科技助力精准扶贫工程领导小组办公室推荐意见", "opinion"),),
)

TEAM_FORM = Form(
    kind="team",
    annex="附件1",
    title="2016年以来全国科技助力精准扶贫先进团队推荐表",
    photo=False,
    rows=(
        (FormField("team_name", "团队名称"),),
        (
            FormField("research_field", "团队研究方向/专业"),
            FormField("expert_count", "团队专家总人数", "count"),
        ),
        (
            FormField("leader_name", "负责人姓名", "name"),
            FormField("leader_phone", "联系方式", "phone"),
            FormField("leader_title", "职务/职称"),
        ),
        *_REACHED,
        *_SERVICE,
        (FormField("expert_names", "深入贫困地区服务专家姓名", "names"),),
        _LIFTED,
        (FormField("story", "主要事迹(2000字内)", "story"),),
        *_TAIL,
    ),
)

INDIVIDUAL_FORM = Form(
    kind="individual",
    annex="附件2",
    title="2016年以来全国科技助力精准扶贫先进个人推荐表",
    photo=True,
    rows=(
        (FormField("name", "姓名", "name"), FormField("gender", "性别", "gender")),
        (FormField("title", "职务/职称"), FormField("political_status", "政治面貌")),
        (
            FormField("id_number", "身份证号码", "id_number"),
            FormField("phone", "联系方式", "phone"),
        ),
        *_REACHED,
        (FormField("employer", "工作单位"),),
        (
            FormField("employer_contact", "联系人", "name", group="工作单位联系方式"),
            FormField("employer_contact_title", "职务", group="工作单位联系方式"),
        ),
        (
            FormField("office_phone", "办公电话", "phone", group="工作单位联系方式"),
            FormField("fax", "传真号码", "phone", required=False, group="工作单位联系方式"),
        ),
        *_SERVICE,
        _LIFTED,
        (FormField("story", "主要事迹(1000字内)", "story"),),
        *_TAIL,
    ),
)

FORMS = (TEAM_FORM, INDIVIDUAL_FORM)

STOCKTAKE_TITLE = "科技助力精准扶贫“两数”任务目标盘点表"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A quantity of the stock-take (clause 一).

    ``name`` begins the names of its fields, ``label`` stands on the sheet, ``title`` is its name
    in a sentence, ``short`` in a narrow column, ``measure`` its unit. One that is ``optional`` is
    asked for only in a round whose targets have it.
    """

    name: str
    label: str
    title: str
    short: str
    measure: str
    optional: bool = False


INDICATORS = (
    Indicator("assoc", "支持建设农技协数（个）", "支持建设农技协", "农技协", "个"),
    Indicator(
        "federations", "支持建设农技协联合会数（个）", "支持建设农技协联合会", "联合会", "个", True
    ),
    Indicator("experts", "组织动员专家数（人）", "组织动员专家", "专家", "人"),
    Indicator("people", "带动建档立卡贫困户脱贫人数（人）", "带动脱贫", "脱贫人数", "人"),
)
"""All quantities; the notice names 农技协（联合会）, 专家 and 建档立卡贫困户脱贫人数."""
STOCKTAKE_ROWS = tuple((one.name, one.label) for one in INDICATORS if not one.optional)
"""Indicator prefix and label of each row that every stock-take sheet has."""
STOCKTAKE_COLUMNS = (("target", "任务目标数"), ("done", "实际完成数"))
"""Field suffix and heading of each column of the stock-take sheet."""
STOCKTAKE_TITLES = {"unit": "填报单位"} | {
    f"{name}_{suffix}": f"{label}{heading}"
    for name, label in STOCKTAKE_ROWS
    for suffix, heading in STOCKTAKE_COLUMNS
}
"""Field of a stock-take to its name on paper."""
