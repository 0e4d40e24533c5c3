"""Frames of the panel: members, conflicts, readings, scores, rankings, rater effects."""

from kjfp_helpers.library.schemas import columns as col
from kjfp_helpers.library.schemas.subject_columns import CASE, MEMBER, case_id, nominee_kind

MEMBERS = col.frame(
    "members",
    "评委",
    "一名评委，替补在后",
    {
        **MEMBER,
        "name": col.text("姓名"),
        "employer": col.text("工作单位"),
        "region": col.text("所在省份"),
        "field": col.text("专业"),
        "left": col.flag("已退出"),
        "assigned": col.whole("应评", "本轮的，不含回避", "件"),
        "done": col.whole("已评", "", "件"),
        "owing": col.whole("待补评语", "过高过低而没有评语", "件"),
        "recused": col.whole("回避", "", "件"),
        "rate": col.share("进度", "没有分派的缺"),
        "seconds": col.number("每件用时", "中位数，算不出的缺", "秒", least=0, digits=0),
        "alerts": col.text("提示", "只供了解，不影响计分"),
    },
    screens=("results",),
    unique=["member"],
)
CONFLICTS = col.frame(
    "conflicts",
    "回避",
    "一名评委不得评阅一件的一个理由",
    {**MEMBER, **CASE, "reason": col.text("理由", optional=False)},
    screens=("results",),
    shown="member case unit_name name reason",
)
READINGS = col.frame(
    "readings",
    "评阅",
    "分派给一名评委的一件",
    {
        **MEMBER,
        **CASE,
        "position": col.serial("次序", "评阅的先后", least=1),
        "since": col.serial("分派轮次", "从第几轮起", least=1),
        "done": col.flag("已评"),
        "seconds": col.number(
            "用时",
            "评完上一件到评完这一件；间隔过长、同时登记、由评分表导入的缺",
            "秒",
            least=0,
            digits=0,
        ),
    },
    screens=("results",),
    unique=["member", "case"],
    shown="member case unit_name name position done seconds",
)
SCORES = col.frame(
    "scores",
    "评分",
    "一名评委对一件的有效总分",
    {
        **MEMBER,
        **CASE,
        "total": col.number("总分", "各项按权重相加", "分", missing=False),
        "residual": col.number("偏离", "除去评委宽严后，比该件高出多少；不能估计的缺", "分"),
        "surprise": col.number("偏离程度", "偏离是该评委平常波动的几倍"),
        "comment": col.text("评语"),
        "round": col.serial("轮次", "", least=1),
        "seq": col.serial("台账编号", least=1),
    },
    screens=("results",),
    unique=["member", "case"],
    shown="member case unit_name name total residual surprise comment",
)
CRITERION_SCORES = col.frame(
    "criterion_scores",
    "各项评分",
    "一名评委对一件的一项评分",
    {
        **MEMBER,
        **case_id(),
        **nominee_kind(),
        "criterion": col.code("评分项", "rubric.toml 的 id"),
        "criterion_title": col.text("评分项名称"),
        "weight": col.share("权重", missing=False),
        "score": col.number("评分", "未评的缺", "分"),
    },
    screens=("results",),
    unique=["member", "case", "criterion"],
    shown="member case criterion_title weight score",
)
RANKING = col.frame(
    "ranking",
    "名次",
    "有评分的一件，名次在前的在前",
    {
        "rank": col.count("名次", "同分同名次；份数不足或不能比较的缺", least=1),
        **CASE,
        "value": col.number("得分", "按 ruling.method 的算法", digits=2),
        "low": col.number("区间下限", "宽严校正分的 95% 区间", "分"),
        "high": col.number("区间上限", "宽严校正分的 95% 区间", "分"),
        "p_in": col.chance("入围概率", "只按评分，不计限制"),
        "n": col.whole("份数"),
        "mean": col.number("平均分", "", "分", digits=2),
        "trimmed": col.number("去掉最高最低分均值", "", "分", digits=2),
        "standard": col.number("标准分", "分", digits=2),
        "adjusted": col.number("宽严校正分", "", "分", digits=2),
        "group": col.serial("可比组", "不同组之间不能比较", least=0),
    },
    screens=("results",),
    unique=["case"],
    shown="rank case unit_name name value low high p_in n mean adjusted",
)
RATER_EFFECTS = col.frame(
    "rater_effects",
    "评委宽严",
    "有评分的一名评委",
    {
        **MEMBER,
        "label": col.code("代号", "代替姓名的编号"),
        "n": col.whole("份数"),
        "severity": col.number("宽严", "比全体偏高（正）或偏低（负）", "分"),
        "severity_low": col.number("宽严下限", "95% 区间", "分"),
        "severity_high": col.number("宽严上限", "95% 区间", "分"),
        "spread": col.number("区分度", "1 为一般，0 为分不出高下", digits=2, least=0),
        "spread_low": col.number("区分度下限", "95% 区间", digits=2, least=0),
        "spread_high": col.number("区分度上限", "95% 区间", digits=2, least=0),
        "noise": col.number("评分波动", "一份评分的标准差", "分", least=0),
        "noise_low": col.number("波动下限", "95% 区间", "分", least=0),
        "noise_high": col.number("波动上限", "95% 区间", "分", least=0),
        "few": col.flag("份数太少", "不足 10 份，估计不准"),
    },
    screens=("results",),
    unique=["member"],
    shown="label n severity severity_low severity_high spread noise few",
)
FRAMES = (MEMBERS, CONFLICTS, READINGS, SCORES, CRITERION_SCORES, RANKING, RATER_EFFECTS)
