"""Chinese labels of states on documents and screens, each with its tone."""

from collections.abc import Mapping

NOT_SENT, NOT_DUE, NOT_NOMINATED = "未报送", "未到期", "未推荐"
"""Nothing of a kind arrived: its last day has passed; it has not; nobody has to recommend."""
RECEIVED, IN_TIME, LATE, UNDATED = "已收到", "按期", "逾期", "时间待登记"
"""It arrived: no last day is set; by it; after it; nobody knows when."""
IN_ORDER, FAULTY = "合格", "不全"
"""What arrived has nothing to correct, or something."""
NOT_ALL_SENT, NO_TARGET, BLANK = "未报齐", "目标未下达", "未填"
"""Some figures of a return are blank; no target was assigned; one box is blank."""
UNCLEAR = "待核实"
"""A figure stands there, but nobody can tell which one it is."""
SAYS_NONE, NO_TASK = "填“无”", "无此项任务"
"""A unit wrote “/” or 无 for a figure; the office assigned no task of this kind, and says so."""
MET, UNMET = "已完成", "未完成"
"""A result reaches its assigned target, or falls short of it."""
UNPROVED = "与抽查不符"
"""What was counted on the spot is not what the unit reported, settled or not."""
SETTLED = "已了结"
"""What stands for the severity of a finding that was answered or settled."""
UNREADABLE = "文件打不开，内容未知"
"""What stands for a nominee whose file cannot be read."""

FIT, ON_HOLD, EXCLUDED, WITHDRAWN = "可参评", "暂缓", "不参评", "已撤回"
"""A nominee takes part; does not until a matter is settled; does not; its unit took it back."""

FOUNDED, UNFOUNDED = "成立", "不成立"
OUTCOMES = (FOUNDED, "部分成立", UNFOUNDED, "不予受理")
"""What the office rules on an objection; the last is for an anonymous or late one."""
CHANNELS = ("来信", "电子邮件", "当面", "电话", "网上")
"""How an objection comes."""

GOOD, WARN, BAD, INFO, PLAIN = "good", "warn", "bad", "info", "plain"

LABELS_BY_TONE: Mapping[str, tuple[str, ...]] = {
    GOOD: (
        RECEIVED,
        IN_TIME,
        IN_ORDER,
        MET,
        "有",
        "入围",
        "增列",
        "齐全",
        "符合",
        "是",
        "一致",
        "已声明",
        "已封存",
        "已恢复",
        "有效",
        "通过",
        "当选",
        "已办结",
        "已评定",
        "已收回",
        "已办",
        "已冻结",
        "已冻结，后经修订",
        "已批准",
    ),
    WARN: (
        FAULTY,
        "须裁定",
        "缺数据",
        "总结无法阅读",
        UNDATED,
        NOT_ALL_SENT,
        SAYS_NONE,
        "请留意",
        "未排名",
        "已启封",
        "须重签",
        "仍并列",
        "放行",
        "未冻结",
        "检查结果不全",
        "已缓发",
    ),
    BAD: (
        NOT_SENT,
        LATE,
        UNMET,
        "须补正",
        "缺",
        "不一致",
        UNPROVED,
        "否决",
        ON_HOLD,
        "生成失败",
        "表决未通过",
        "已退出",
        "无效",
        "两人所计不一致",
        "未通过",
        "逾期未补正",
        "未办",
        "冻结后有改动",
        "已退回",
    ),
    INFO: (
        "待指定核查人",
        "核查中",
        "待裁定",
        NO_TARGET,
        UNCLEAR,
        "待答复",
        "已请另报",
        "候补",
        "进行中",
        "待计票",
        "待第二人计票",
        "待审定",
    ),
    PLAIN: (
        NOT_DUE,
        NOT_NOMINATED,
        NO_TASK,
        SETTLED,
        "已替代",
        WITHDRAWN,
        EXCLUDED,
        "已发",
        "未入围",
        "未参评",
        "未开始",
        "未声明",
        "未核对",
        "未封存",
        "未收回",
        "已作废",
        "已撤销",
        "未当选",
        "已撤下",
        "不予评定",
        "已改派",
    ),
}
TONE_BY_LABEL: Mapping[str, str] = {
    word: tone for tone, words in LABELS_BY_TONE.items() for word in words
}
"""The one tone of each state word, whatever screen, page, workbook or plot shows it."""
TONE_COLOURS: Mapping[str, tuple[str, str, str]] = {
    GOOD: ("#1C5078", "#DCEBF6", "#2B6CA3"),
    WARN: ("#6D4300", "#FBE9CF", "#D9822B"),
    BAD: ("#8C1C1C", "#FADFDD", "#B8493C"),
    INFO: ("#4A3A7A", "#E8E4F5", "#7A68B8"),
    PLAIN: ("#555B66", "#ECEEF2", "#B8BDC6"),
}
"""Ink, ground and fill (of bars) of each tone; good and bad differ to colour-blind readers."""
DARK_TONE_COLOURS: Mapping[str, tuple[str, str]] = {
    GOOD: ("#8FC4EE", "#16324A"),
    WARN: ("#F0C36A", "#3A2E12"),
    BAD: ("#FF9D94", "#43201D"),
    INFO: ("#C3B6F0", "#2B2547"),
    PLAIN: ("#A9B2BB", "#33383D"),
}
"""Ink and ground of each tone on a dark screen."""


def tone_of(word: str) -> str:
    """Return the tone of a state word, ``""`` for any other text.

    Examples
    --------
    >>> tone_of("未报送"), tone_of("图文并茂")
    ('bad', '')
    """
    return TONE_BY_LABEL.get(word, "")
