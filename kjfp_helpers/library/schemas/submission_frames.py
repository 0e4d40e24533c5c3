"""Frames of what arrived: rule tables, messages, nominations, letters, later versions."""

from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.eligibility.history.correspondence import REMINDER, RETURN
from kjfp_helpers.library.schemas import columns as col
from kjfp_helpers.library.schemas.subject_columns import (
    CASE,
    NO_CASE,
    UNIT,
    case_id,
    unit_columns,
)
from kjfp_helpers.reports.formatting import UNIT_GROUPS

UNIT_KINDS = {"province": "省级办公室", "society": "全国学会"}

UNITS = col.frame(
    "units",
    "推荐单位",
    "一个推荐单位，按 units.csv 的次序",
    {
        **UNIT,
        "full_name": col.text("单位全称"),
        "kind": col.word("单位类型", UNIT_KINDS),
        "group": col.word("名额类别", UNIT_GROUPS, "同一类别的名额相同，也在同一类别内比较"),
        "region": col.text("所在省份", "全国学会空白"),
        "priority": col.flag("重点省份"),
        "assoc_target": col.count("农技协目标", "下达的目标任务", "个"),
        "federations_target": col.count("联合会目标", "下达的目标任务", "个"),
        "experts_target": col.count("专家目标", "下达的目标任务", "人"),
        "people_target": col.count("脱贫人数目标", "下达的目标任务", "人"),
        "target_document": col.text("下达文件"),
    },
    screens=("start",),
    unique=["unit"],
    shown="unit unit_name kind group region assoc_target experts_target people_target",
)
SUBMISSIONS = col.frame(
    "submissions",
    "收讫登记",
    "一封来件",
    {
        "receipt": col.serial("收讫号", "同一封来件收到两次的，号码相同", least=1),
        **unit_columns("未能辨认的空白", optional=True),
        "sender": col.text("发件人"),
        "subject": col.text("主题"),
        "sent": col.moment("发件时间", "邮件自称的"),
        "received": col.moment("收到时间", "按 ruling.clock 认定，不知道的缺"),
        "files": col.whole("文件数", "", "个"),
        "kinds": col.text("材料", "各类材料的名称，以顿号相连"),
        "late": col.flag("逾期", "有材料首次报送即过了期限"),
        "note": col.text("说明", "来件本身的问题"),
    },
    screens=("intake",),
    shown="receipt unit_name subject received files kinds late note",
)
CASES = col.frame(
    "cases",
    "推荐对象",
    "一件推荐",
    {
        **CASE,
        "position": col.serial("单位排序", "单位推荐的先后", least=1),
        "eligible": col.flag("合格", "可以评阅和排名"),
        "reasons": col.text("暂缓原因", "挡住它的问题，以顿号相连"),
        "people_lifted": col.count("带动脱贫人数", "推荐表所填", "人"),
        "service_days": col.count("服务天数", "推荐表所填", "天"),
        "expert_count": col.count("专家人数", "推荐表所填，个人缺", "人"),
        "employer": col.text("工作单位", "团队空白"),
        "prior_awards": col.whole("曾获表扬次数", "名册里能认定的", "次"),
        "findings": col.whole("问题数", "在这一件上的", "个"),
        "minutes_late": col.whole("逾期分钟", "没有逾期为 0", "分钟"),
    },
    screens=("intake", "results"),
    unique=["case"],
    shown="case kind unit_name name eligible reasons people_lifted service_days prior_awards"
    " findings",
    note="不含身份证号码和联系方式。",
)
LETTER_ITEMS = col.frame(
    "letter_items",
    "函件所列事项",
    "一份函件要求补正、说明或补报的一项",
    {
        **UNIT,
        "letter": col.serial("函件编号", "0 为尚未发出的拟稿", least=0),
        "issued": col.flag("已发出"),
        "title": col.text("函件", values=(RETURN, REMINDER), optional=False),
        "day": col.day("成文日期"),
        "code": col.code("问题代码"),
        "finding": col.text("问题"),
        **case_id(NO_CASE, optional=True),
    },
    screens=("intake",),
    shown="unit_name letter title day finding case",
    note="已发出的函件，以及现在该发而未发的拟稿。",
)
VERSIONS = col.frame(
    "versions",
    "后件与前件的差别",
    "后件改动的一栏",
    {
        **UNIT,
        "kind": col.word("材料", KIND_TITLES),
        "name": col.text("名称／姓名"),
        "old_receipt": col.serial("前件收讫号"),
        "new_receipt": col.serial("后件收讫号"),
        "old_source": col.text("前件文件"),
        "new_source": col.text("后件文件"),
        "field": col.code("栏代码", optional=True),
        "title": col.text("栏"),
        "old": col.text("前值"),
        "new": col.text("后值"),
    },
    screens=("intake",),
    shown="unit_name kind name title old new new_receipt",
)
FRAMES = (UNITS, SUBMISSIONS, CASES, LETTER_ITEMS, VERSIONS)
