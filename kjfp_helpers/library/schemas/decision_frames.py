"""Frames of the list: shortlist, its sensitivity, gates, and the ledger's events."""

from kjfp_helpers.core.records import STATUS_TITLES
from kjfp_helpers.library.schemas import columns as col
from kjfp_helpers.library.schemas.subject_columns import (
    CASE,
    case_id,
    member_code,
    unit_code,
)

SHORTLIST = col.frame(
    "shortlist",
    "入围名单",
    "合格的一件，按结果、序号排列",
    {
        "status": col.word("结果", STATUS_TITLES),
        "place": col.count("序号", "入围、增列连续编号，候补另编；其余缺", least=1),
        **CASE,
        "value": col.number("得分", "没有评分的缺", digits=2),
        "low": col.number("区间下限", "95% 区间", "分"),
        "high": col.number("区间上限", "95% 区间", "分"),
        "p_in": col.chance("入围概率", "只按评分，不计限制"),
        "n": col.whole("份数"),
        "reason": col.text("理由"),
        "note": col.text("说明", "只写特殊情形"),
        "vote": col.text("表决"),
        "basis": col.text("依据"),
        "questions": col.text("未了结的问题", "以顿号相连"),
    },
    screens=("results",),
    unique=["case"],
    shown="status place kind unit_name name value low high p_in n note questions",
)
REWEIGHTED = col.frame(
    "reweighted",
    "改变权重以后",
    "有名次的一件，去留改变的在前",
    {
        **CASE,
        "rank": col.count("现名次", least=1),
        "new_rank": col.count("新名次", least=1),
        "moved": col.count("上升位次", "负为下降", least=None),
        "status": col.word("现结果", STATUS_TITLES, optional=True),
        "new_status": col.word("新结果", STATUS_TITLES, "排不出名单的空白", optional=True),
        "changed": col.flag("去留改变", "入围与否不同"),
    },
    screens=("results",),
    unique=["case"],
    shown="case unit_name name rank new_rank moved status new_status changed",
)
SENSITIVITY = col.frame(
    "sensitivity",
    "名额线附近的最小改动",
    "名额线附近的一件",
    {
        **CASE,
        "status": col.word("现结果", STATUS_TITLES),
        **member_code("改动哪一位的评分；改一份不能改变去留的空白", optional=True),
        "score": col.number("现评分", "", "分"),
        "new_score": col.number("改为", "改到多少，去留就会改变", "分"),
        "change": col.number("改动", "", "分"),
        "by_method": col.text("随方法而变", "换用哪些方法，去留会改变"),
        "by_member": col.text("随评委而变", "去掉哪些评委，去留会改变"),
    },
    screens=("results",),
    unique=["case"],
    shown="case unit_name name status member score new_score change by_method by_member",
)
GATES = col.frame(
    "gates",
    "公布前须办各项",
    "一项",
    {
        "gate": col.code("代码"),
        "title": col.text("事项"),
        "done": col.whole("已办"),
        "total": col.whole("共"),
        "state": col.text("情况", values=("已办", "未办", "放行"), optional=False),
        "lacking": col.text("缺什么", "已办的空白"),
        "advice": col.text("在哪里办"),
    },
    screens=("results",),
    unique=["gate"],
    shown="title done total state lacking advice",
)
EVENTS = col.frame(
    "events",
    "台账",
    "一条登记",
    {
        "seq": col.serial("台账编号", least=1),
        "at": col.moment("时间", missing=False),
        "actor": col.text("登记人"),
        "kind": col.code("种类", "台账里的名称"),
        "title": col.text("事项"),
        **member_code(optional=True),
        **case_id(optional=True),
        **unit_code(optional=True),
        "reason": col.text("理由"),
        "in_force": col.flag("有效", "没有被撤销"),
    },
    screens=("results",),
    unique=["seq"],
    shown="seq at actor title member case unit reason in_force",
)
FRAMES = (SHORTLIST, REWEIGHTED, SENSITIVITY, GATES, EVENTS)
