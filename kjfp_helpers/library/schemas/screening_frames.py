"""Frames of the checks: completeness, findings, stock-take, summaries, exhibition, duplicates."""

from typing import Any

from kjfp_helpers.core import state_labels as labels
from kjfp_helpers.core.findings import Severity
from kjfp_helpers.core.form_schema import INDICATORS
from kjfp_helpers.eligibility.story_length import COUNT_TITLES, NEAR, OVER
from kjfp_helpers.library.schemas import columns as col
from kjfp_helpers.library.schemas.subject_columns import (
    CASE,
    NO_CASE,
    UNIT,
    case_id,
    unit_columns,
)
from kjfp_helpers.library.schemas.submission_frames import UNIT_KINDS
from kjfp_helpers.notice.spot_check.check_progress import (
    CLOSED,
    EARLIER,
    INCOMPLETE,
    NOT_PLANNED,
    NOT_VISITED,
    OPEN,
)
from kjfp_helpers.notice.spot_check.lot_drawing import COVERED, DRAWN, ORDERED
from kjfp_helpers.reports.formatting import MATERIAL_TITLES

ARRIVAL = (
    labels.RECEIVED,
    labels.IN_TIME,
    labels.LATE,
    labels.UNDATED,
    labels.NOT_SENT,
    labels.NOT_DUE,
    labels.NOT_NOMINATED,
)
OVERALL = (
    labels.MET,
    labels.UNMET,
    labels.NO_TARGET,
    labels.NOT_ALL_SENT,
    labels.NOT_SENT,
    labels.NO_TASK,
)
NO_FIGURE = (labels.BLANK, labels.UNCLEAR, labels.SAYS_NONE)
SEVERITIES = {severity.value: severity.label for severity in Severity}


def _document_columns(kind: str, title: str) -> dict[str, Any]:
    return {
        kind: col.text(title, values=ARRIVAL, optional=False),
        f"{kind}_arrived": col.text(f"{title}收到", "何时收到，逾期多久"),
        f"{kind}_order": col.text(
            f"{title}核对", "没有收到的空白", values=(labels.IN_ORDER, labels.FAULTY)
        ),
        f"{kind}_faults": col.text(f"{title}须补正", "以顿号相连"),
    }


def _indicator_columns(name: str, title: str, unit: str) -> dict[str, Any]:
    return {
        f"{name}_target": col.count(f"{title}目标", "下达的目标任务", unit),
        f"{name}_own": col.count(f"{title}自报目标", "单位自己写的，不作依据", unit),
        f"{name}_done": col.count(f"{title}完成", "", unit),
        f"{name}_gap": col.count(f"{title}差额", "完成减目标", unit, least=None),
        f"{name}_rate": col.share(f"{title}完成率", "目标为 0 的缺", most=None),
        f"{name}_state": col.text(
            f"{title}情况",
            values=(*OVERALL, *NO_FIGURE),
            optional=False,
        ),
    }


COMPLETENESS = col.frame(
    "completeness",
    "材料齐全情况",
    "一个推荐单位",
    {
        **UNIT,
        **{
            name: column
            for kind, title in MATERIAL_TITLES.items()
            for name, column in _document_columns(kind, title).items()
        },
    },
    screens=("intake",),
    unique=["unit"],
    shown="unit_name stocktake stocktake_order summary summary_order team individual exhibit"
    " exhibit_order",
    note="盘点表、工作总结、展览素材各单位都须报送；推荐不是必须。",
)
FINDINGS = col.frame(
    "findings",
    "核对发现的问题",
    "一个问题",
    {
        **unit_columns("不属于某个单位的空白", optional=True),
        **case_id(NO_CASE, optional=True),
        "code": col.code("问题代码"),
        "title": col.text("问题"),
        "severity": col.word("级别", SEVERITIES),
        "clause": col.text("条款"),
        "field": col.text("栏代码"),
        "place": col.text("位置"),
        "source": col.text("文件"),
        "expected": col.text("要求"),
        "found": col.text("报送情况"),
        "advice": col.text("处理意见"),
        "open": col.flag("未了结", "没有处理，也没有了结"),
    },
    screens=("intake",),
    shown="unit_name case title severity place expected found open",
)
STOCKTAKE = col.frame(
    "stocktake",
    "盘点",
    "一个推荐单位",
    {
        **UNIT,
        "kind": col.word("单位类型", UNIT_KINDS),
        "region": col.text("所在省份", "全国学会空白"),
        "priority": col.flag("重点省份"),
        **{
            column: declared
            for one in INDICATORS
            for column, declared in _indicator_columns(one.name, one.title, one.measure).items()
        },
        "met": col.flag("完成“两数”", "按 ruling.two_numbers 认定，不能判断的缺", missing=True),
        "state": col.text("“两数”情况", values=OVERALL, optional=False),
    },
    screens=("stocktake",),
    unique=["unit"],
    shown="unit_name state assoc_target assoc_done assoc_rate experts_target experts_done"
    " experts_rate people_target people_done people_rate",
)
SPOT_CHECK = col.frame(
    "spot_check",
    "抽查名单",
    "抽查的一个单位",
    {
        "order": col.serial("次序", "抽出的先后，指定的在后", least=1),
        **UNIT,
        "how": col.text(
            "来由",
            "按层抽中、按覆盖要求补抽、按文件指定、已作废的原签而已检查的",
            values=(DRAWN, COVERED, ORDERED, EARLIER),
            optional=False,
        ),
        "day": col.text("检查日期", "没有安排的空白"),
        "state": col.text(
            "情况", values=(NOT_PLANNED, NOT_VISITED, OPEN, INCOMPLETE, CLOSED), optional=False
        ),
        "findings": col.whole("问题", "检查发现的", "项"),
        "open": col.whole("未办结", "尚未作出处理的问题", "项"),
    },
    screens=("stocktake",),
    unique=["unit"],
)
SUMMARIES = col.frame(
    "summaries",
    "工作总结",
    "一个推荐单位",
    {
        **UNIT,
        "^section_.+$": col.flags("各部分", "有没有这一部分；没有总结的缺"),
        "missing": col.count("缺少部分", "没有总结的缺", "个"),
        "apart": col.text("所见不同的部分", "考核人对有无所见不同、尚未裁定的"),
        "level": col.text("考核等次", "没有考核的空白"),
        "comment": col.text("考核意见"),
    },
    screens=("summaries",),
    unique=["unit"],
    note="section_ 后面是 notice.toml 的 summary.heads 各部分的 id，每个部分一列。",
)
EXHIBITS = col.frame(
    "exhibits",
    "展览素材",
    "一个推荐单位",
    {
        **UNIT,
        "^part_.+$": col.flags("各部分", "有没有这一部分；没有素材的缺"),
        "pictures": col.count("图片数", "没有素材的缺", "张"),
        "pictures_ok": col.count("合格图片数", "没有素材的缺", "张"),
        "state": col.text(
            "情况", values=(labels.IN_ORDER, labels.FAULTY, labels.NOT_SENT), optional=False
        ),
    },
    screens=("exhibition",),
    unique=["unit"],
    note="part_ 后面是 notice.toml 的 exhibition.parts 各部分的 id，每个部分一列。",
)
STORY_LENGTHS = col.frame(
    "story_lengths",
    "主要事迹的字数",
    "一件推荐",
    {
        **CASE,
        **{how: col.whole(title, "", "字") for how, title in COUNT_TITLES.items()},
        "counted": col.word("裁定的算法", COUNT_TITLES),
        "limit": col.whole("上限", "", "字", least=1),
        "state": col.text("情况", values=(NEAR, OVER)),
    },
    screens=("intake", "results"),
    unique=["case"],
    shown="case unit_name name word no_space han limit state",
)
OVERLAPS = col.frame(
    "overlaps",
    "雷同的事迹",
    "文字雷同的两件",
    {
        "one": col.code("编号甲", "较短的一件"),
        "one_name": col.text("名称甲"),
        "one_unit": col.text("单位甲", "单位简称"),
        "other": col.code("编号乙"),
        "other_name": col.text("名称乙"),
        "other_unit": col.text("单位乙", "单位简称"),
        "share": col.share("雷同部分", "占较短一件的字数；改写的为两件的相似程度", missing=False),
        "passages": col.whole("雷同段落", "", "段"),
        "longest": col.whole("最长一段", "", "字"),
        "reworded": col.flag("改写", "没有整段相同，整篇相似"),
        "excerpt": col.text("摘录", "较短一件里最长一段的开头"),
    },
    screens=("intake",),
    unique=["one", "other"],
    shown="one one_unit one_name other other_unit other_name share longest reworded excerpt",
)
PRIOR_AWARDS = col.frame(
    "prior_awards",
    "曾获表扬",
    "名册里可能是这一件的一行",
    {
        **CASE,
        "year": col.serial("年份", least=1900),
        "level": col.text("级别", values=("全国", "省级"), optional=False),
        "row": col.serial("名册行", "commended.csv 的第几条", least=1),
        "listed_name": col.text("名册所列名称"),
        "listed_unit": col.text("名册所列单位"),
        "listed_employer": col.text("名册所列工作单位"),
        "document": col.text("文件"),
        "how": col.text("如何相符"),
        "sure": col.flag("认定", "不认定的只供核对"),
    },
    screens=("intake",),
    shown="case unit_name name year level listed_name document how sure",
)
FRAMES = (
    COMPLETENESS,
    FINDINGS,
    STOCKTAKE,
    SPOT_CHECK,
    SUMMARIES,
    EXHIBITS,
    STORY_LENGTHS,
    OVERLAPS,
    PRIOR_AWARDS,
)
