"""Named rulings on what the notice leaves open: question, allowed values, default."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Generic, Literal

from pydantic import Field, model_validator

from kjfp_helpers.core.findings import FINDING_TYPES
from kjfp_helpers.rules.base_model import StrictModel, Value, rule_error

Share = Annotated[str, Field(pattern=r"^[1-9]\d?/[1-9]\d?$")]
"""A share written as a fraction, such as 2/3."""


class Ruling(StrictModel, Generic[Value]):
    """What the notice leaves open and how this round decides it."""

    question: str
    value: Value
    note: str = ""


def _default_ruling(question: str, value: object) -> Any:
    """Return the default of what was ruled on later: a round frozen before must still open."""
    return Ruling[Any](question=question, value=value)


TieBreakStep = Literal["mean", "commendations", "people_lifted", "service_days"]
ReadingPlan = Literal["uniform", "adaptive", "band"]
RankingMethod = Literal["adjusted", "mean", "trimmed", "standard"]
AnonymityPolicy = Literal["until_reveal", "until_seal", "open"]

METHOD_TITLES: Mapping[str, str] = {
    "adjusted": "宽严校正分",
    "mean": "平均分",
    "trimmed": "去最高最低平均分",
    "standard": "标准分",
}
"""Chinese names of the methods."""
PLAN_TITLES: Mapping[str, str] = {
    "uniform": "一轮评完",
    "adaptive": "分轮，首轮以后评名次最不确定的件",
    "band": "两轮，入围线附近的件由全体评委重新评分",
}
"""Chinese names of the plans of readings."""
TIE_BREAK_TITLES: Mapping[str, str] = {
    "mean": "平均分",
    "commendations": "曾获表扬次数",
    "people_lifted": "带动脱贫人数",
    "service_days": "服务天数",
}
"""Chinese names of the steps by which a tie is settled."""
MAJORITY_TITLES: Mapping[str, str] = {
    "present": "到会人数减回避",
    "cast": "收回票数减回避",
    "due": "应到人数减回避",
}
"""Chinese names of what a majority is counted of."""
VOTING_TITLES: Mapping[str, str] = {
    "approval": "划票",
    "allotment": "分配分数",
    "ranked": "排序",
}
"""Chinese names of the ways to vote among tied cases."""


class Rulings(StrictModel):
    """Every open point of the notice, each with the values it can take."""

    priority_provinces: Ruling[Literal["units_column"]]
    minimum: Ruling[Literal["advice", "binding"]]
    deadline: Ruling[Literal["inclusive", "exclusive"]]
    clock: Ruling[Literal["received", "sent"]]
    megabyte: Ruling[Literal[2000000, 2097152]]
    characters: Ruling[Literal["word", "no_space", "han"]]
    earlier_lists: Ruling[Literal["all", "national"]]
    society_seal: Ruling[Literal["society", "office"]]
    leader: Ruling[Literal["allow", "question", "forbid"]]
    summary_due: Ruling[date]
    over_quota: Ruling[Literal["hold", "keep_order"]]
    keeps_out: Ruling[tuple[str, ...]]
    method: Ruling[RankingMethod]
    decimals: Ruling[Annotated[int, Field(ge=2, le=9)]] = _default_ruling(
        "得分取几位小数（四舍五入）后比较先后", 9
    )
    readings: Ruling[Annotated[int, Field(ge=1)]]
    quorum: Ruling[Annotated[int, Field(ge=1)]]
    ties: Ruling[tuple[TieBreakStep, ...]]
    reserves: Ruling[Annotated[int, Field(ge=0)]]
    two_numbers: Ruling[Literal["all", "mean"]]
    exceed: Ruling[Literal["resolution", "never"]]
    plan: Ruling[ReadingPlan] = _default_ruling("评阅分几轮，后几轮评什么", "uniform")
    first_readings: Ruling[Annotated[int, Field(ge=1)]] = _default_ruling(
        "首轮每件由几名评委评阅", 3
    )
    rounds: Ruling[Annotated[int, Field(ge=2)]] = _default_ruling("分轮评阅时共几轮", 2)
    anchors: Ruling[Annotated[int, Field(ge=0)]] = _default_ruling("共同基准件每类几件", 0)
    blind: Ruling[AnonymityPolicy] = _default_ruling("评委何时得知被推荐者是谁", "until_reveal")
    vacancy: Ruling[Literal["fill", "lapse"]] = _default_ruling(
        "被否决、表决未通过者空出的名额如何处理", "fill"
    )
    attendance: Ruling[Share] = _default_ruling("会议表决须有多少应到人员到会", "2/3")
    majority: Ruling[Share] = _default_ruling("表决须得多少赞成票方为通过", "2/3")
    majority_of: Ruling[Literal["present", "cast", "due"]] = _default_ruling(
        "赞成票以何者为分母", "present"
    )
    tie_vote: Ruling[Literal["approval", "allotment", "ranked"]] = _default_ruling(
        "并列者再次投票用何种选票", "approval"
    )
    tie_points: Ruling[Annotated[int, Field(ge=1, le=1000)]] = _default_ruling(
        "分配分数的选票每张共几分", 10
    )
    papers: Ruling[Literal["equal", "not_more"]] = _default_ruling(
        "收回票数与发出票数不等时是否有效", "equal"
    )

    clear_chance: Ruling[Share] = _default_ruling(
        "入围概率达到多少（或不超过其余数）为明确入围（明确不入围），其间为难分高下", "9/10"
    )
    meeting_comments: Ruling[Literal["shown", "hidden"]] = _default_ruling(
        "会议投影页是否显示评委评语（不署名）", "shown"
    )

    correction_days: Ruling[Annotated[int, Field(ge=1)]] = _default_ruling(
        "补正期限为几个工作日（自发函次日起算）", 5
    )

    assessment_bar: Ruling[Literal["none", "note", "veto"]] = _default_ruling(
        "考核为末等的单位，其推荐对象如何处理", "none"
    )

    publication_days: Ruling[Annotated[int, Field(ge=1)]] = _default_ruling("公示几个工作日", 7)
    publication_notes: Ruling[Literal["all", "amendments", "none"]] = _default_ruling(
        "公示是否写明放行事项和规则修订", "all"
    )

    @model_validator(mode="after")
    def _codes_are_known(self) -> "Rulings":
        for code in self.keeps_out.value:
            if code not in FINDING_TYPES:
                raise rule_error("keeps_out 中为问题代码", f"“{code}”")
        if self.quorum.value > self.readings.value:
            found = f"quorum = {self.quorum.value}，readings = {self.readings.value}"
            raise rule_error("quorum 不大于每件评阅人数 readings", found)
        if Fraction(self.clear_chance.value) <= Fraction(1, 2):
            raise rule_error("clear_chance 大于 1/2", f"“{self.clear_chance.value}”")
        for share in (self.attendance.value, self.majority.value, self.clear_chance.value):
            if Fraction(share) > 1:
                raise rule_error("不大于 1 的分数（如 2/3）", f"“{share}”")
        return self

    @model_validator(mode="after")
    def _first_round_leaves_something(self) -> "Rulings":
        first, quorum, readings = self.first_readings.value, self.quorum.value, self.readings.value
        if self.plan.value != "uniform" and not quorum <= first < readings:
            found = f"first_readings = {first}，quorum = {quorum}，readings = {readings}"
            raise rule_error("分轮评阅时 first_readings 不小于 quorum、小于 readings", found)
        return self

    @property
    def applicable(self) -> tuple[str, ...]:
        """Names of the rulings that decide anything under the others, in their order."""
        idle = {
            "uniform": ("first_readings", "rounds"),
            "band": ("rounds",),
            "adaptive": (),
        }[self.plan.value]
        return tuple(name for name in type(self).model_fields if name not in idle)

    @property
    def last_round(self) -> int:
        """The number of the last round of readings; only an adaptive plan has more than two."""
        return {"uniform": 1, "band": 2, "adaptive": self.rounds.value}[self.plan.value]

    def readings_by(self, round: int) -> float:
        """Return readings a case on average, over all rounds up to this one."""
        first, readings = self.first_readings.value, self.readings.value
        if round >= self.last_round:
            return readings
        return first + (readings - first) * (round - 1) / (self.last_round - 1)
