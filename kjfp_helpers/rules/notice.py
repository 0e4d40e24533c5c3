"""The notice as typed rules: every number with its clause, every ruling with its default."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Generic, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field, field_validator, model_validator

from kjfp_helpers.findings import CATALOGUE
from kjfp_helpers.rules.strict import Id, Some, Strict, Value, once, wrong


class Clause(Strict):
    """A rule that cites its clause of the notice."""

    clause: str


class About(Strict):
    """Which round this is; ``clock`` is the fixed time of a rehearsal."""

    title: str
    document: str
    office: str
    issued: date
    since: int = Field(ge=1949)
    timezone: str
    rehearsal: bool
    clock: AwareDatetime | None = None

    @field_validator("timezone")
    @classmethod
    def _timezone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, KeyError) as error:
            raise wrong("时区名称（如 Asia/Shanghai）", f"“{name}”") from error
        return name

    @model_validator(mode="after")
    def _clock_is_for_rehearsals(self) -> "About":
        if self.rehearsal != (self.clock is not None):
            found = "演练而未填写" if self.rehearsal else "不是演练而填写"
            raise wrong("clock 只在演练（rehearsal = true）时填写，且演练必须填写", found)
        if self.since > self.issued.year:
            raise wrong(f"since 不晚于印发之年（{self.issued.year}）", f"{self.since}")
        return self


class Commended(Clause):
    """How many are commended in all (clause 二)."""

    teams: int = Field(gt=0)
    individuals: int = Field(gt=0)


class Range(Strict):
    """Least and most nominations of one kind from one unit."""

    least: int = Field(ge=0)
    most: int = Field(ge=0)

    @model_validator(mode="after")
    def _least_is_not_more(self) -> "Range":
        if self.least > self.most:
            raise wrong("least 不大于 most", f"least = {self.least}，most = {self.most}")
        return self


class Quota(Clause):
    """Nominations one unit may make (clause 二)."""

    teams: Range
    individuals: Range


class Quotas(Strict):
    """Quotas of priority provinces, other provincial offices and national societies."""

    priority: Quota
    other: Quota
    society: Quota


class Story(Clause):
    """Most characters of the deeds (附件1、附件2)."""

    team: int = Field(gt=0)
    individual: int = Field(gt=0)


class Deadline(Clause):
    """A last day."""

    date: date


class Deadlines(Strict):
    """The days of clauses 一 and 四."""

    exhibition: Deadline
    recommendation: Deadline
    spot_check: Deadline


class SpotCheck(Clause):
    """The check of some provinces (clause 一): heads of the form, share drawn, public value."""

    heads: Some[str]
    share: float = Field(gt=0, le=1)
    public_value: str


class Head(Strict):
    """A part that a text must hold, and the words its heading may use."""

    id: Id
    title: str
    words: Some[str]


class SummaryRule(Clause):
    """What a work summary must cover (clause 二)."""

    heads: Some[Head]

    @model_validator(mode="after")
    def _ids_comeonce(self) -> "SummaryRule":
        once((head.id for head in self.heads), "id")
        return self


class ExhibitionRule(Clause):
    """What an exhibit must hold (clause 三(三)); ``megabytes`` is the least size of a picture.

    ``title`` is the name of the online column (clause 三).
    """

    title: str = "线上展览"
    megabytes: float = Field(gt=0)
    parts: Some[Head]

    @model_validator(mode="after")
    def _ids_comeonce(self) -> "ExhibitionRule":
        once((part.id for part in self.parts), "id")
        return self


class Ruling(Strict, Generic[Value]):
    """What the notice leaves open and how this round decides it."""

    question: str
    value: Value
    note: str = ""


Attribute = Literal["unit", "region", "class", "sex", "level"]
ATTRIBUTE_VALUES: Mapping[str, tuple[str, ...]] = {
    "class": ("priority", "other", "society"),
    "sex": ("男", "女"),
}
"""Attribute to the values it can have, where they are few."""
Share = Annotated[str, Field(pattern=r"^[1-9]\d?/[1-9]\d?$")]
"""A share written as a fraction, such as 2/3."""


class Limit(Clause):
    """A further cap or floor on the list of one kind.

    Bounds how many of the listed have one of ``values`` of an attribute; without values, how many
    have the same value, whichever it is. ``share`` is the most as a share of the places.
    """

    title: str = Field(min_length=1)
    kind: Literal["team", "individual"]
    attribute: Attribute
    values: tuple[str, ...] = ()
    least: int = Field(default=0, ge=0)
    most: int | None = Field(default=None, ge=0)
    share: float | None = Field(default=None, ge=0, le=1)

    @model_validator(mode="after")
    def _bounds_something(self) -> "Limit":
        if not self.least and self.most is None and self.share is None:
            raise wrong("least、most、share 至少一项", "都没有")
        if self.most is not None and self.share is not None:
            raise wrong("most 与 share 只写一项", "两项都有")
        if self.most is not None and self.least > self.most:
            raise wrong("least 不大于 most", f"least = {self.least}，most = {self.most}")
        if self.attribute in ("sex", "level") and self.kind == "team":
            raise wrong('sex、level 只用于个人（kind = "individual"）', 'kind = "team"')
        for value in self.values:
            known = ATTRIBUTE_VALUES.get(self.attribute)
            if known and value not in known:
                raise wrong(f"values 中为{'、'.join(known)}", f"“{value}”")
        return self

    def cap(self, places: int) -> int | None:
        """Return the most of so many places, ``None`` where nothing is capped."""
        return self.most if self.share is None else int(self.share * places + 1e-9)


def _later(question: str, value: object) -> Any:
    """Return the default of what was ruled on later: a round frozen before must still open."""
    return Ruling[Any](question=question, value=value)


TieStep = Literal["mean", "commendations", "people_lifted", "service_days"]
Plan = Literal["uniform", "adaptive", "band"]
Method = Literal["adjusted", "mean", "trimmed", "standard"]
Blind = Literal["until_reveal", "until_seal", "open"]

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
STEP_TITLES: Mapping[str, str] = {
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


class Rulings(Strict):
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
    method: Ruling[Method]
    readings: Ruling[Annotated[int, Field(ge=1)]]
    quorum: Ruling[Annotated[int, Field(ge=1)]]
    ties: Ruling[tuple[TieStep, ...]]
    reserves: Ruling[Annotated[int, Field(ge=0)]]
    two_numbers: Ruling[Literal["all", "mean"]]
    exceed: Ruling[Literal["resolution", "never"]]
    plan: Ruling[Plan] = _later("评阅分几轮，后几轮评什么", "uniform")
    first_readings: Ruling[Annotated[int, Field(ge=1)]] = _later("首轮每件由几名评委评阅", 3)
    rounds: Ruling[Annotated[int, Field(ge=2)]] = _later("分轮评阅时共几轮", 2)
    anchors: Ruling[Annotated[int, Field(ge=0)]] = _later("共同基准件每类几件", 0)
    blind: Ruling[Blind] = _later("评委何时得知被推荐者是谁", "until_reveal")
    vacancy: Ruling[Literal["fill", "lapse"]] = _later(
        "被否决、表决未通过者空出的名额如何处理", "fill"
    )
    attendance: Ruling[Share] = _later("会议表决须有多少应到人员到会", "2/3")
    majority: Ruling[Share] = _later("表决须得多少赞成票方为通过", "2/3")
    majority_of: Ruling[Literal["present", "cast", "due"]] = _later("赞成票以何者为分母", "present")
    papers: Ruling[Literal["equal", "not_more"]] = _later(
        "收回票数与发出票数不等时是否有效", "equal"
    )

    @model_validator(mode="after")
    def _codes_are_known(self) -> "Rulings":
        for code in self.keeps_out.value:
            if code not in CATALOGUE:
                raise wrong("keeps_out 中为问题代码", f"“{code}”")
        if self.quorum.value > self.readings.value:
            found = f"quorum = {self.quorum.value}，readings = {self.readings.value}"
            raise wrong("quorum 不大于每件评阅人数 readings", found)
        for share in (self.attendance.value, self.majority.value):
            if Fraction(share) > 1:
                raise wrong("不大于 1 的分数（如 2/3）", f"“{share}”")
        return self

    @model_validator(mode="after")
    def _first_round_leaves_something(self) -> "Rulings":
        first, quorum, readings = self.first_readings.value, self.quorum.value, self.readings.value
        if self.plan.value != "uniform" and not quorum <= first < readings:
            found = f"first_readings = {first}，quorum = {quorum}，readings = {readings}"
            raise wrong("分轮评阅时 first_readings 不小于 quorum、小于 readings", found)
        return self

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


class Notice(Strict):
    """``notice.toml``."""

    round: About
    commended: Commended
    quota: Quotas
    story: Story
    deadline: Deadlines
    spot_check: SpotCheck
    summary: SummaryRule
    exhibition: ExhibitionRule
    ruling: Rulings
    limit: tuple[Limit, ...] = ()

    @property
    def picture_bytes(self) -> int:
        """Least size of an exhibition picture in bytes, by the ruling on 2M."""
        return round(self.exhibition.megabytes / 2 * self.ruling.megabyte.value)
