"""The notice as typed rules: every number with its clause, every ruling with its default."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Generic, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator

from kjfp_helpers.findings import CATALOGUE

Value = TypeVar("Value")


class Strict(BaseModel):
    """Base of every rule: unknown keys are refused, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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
    def _zone_is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("时区名称，如 Asia/Shanghai") from error
        return name

    @model_validator(mode="after")
    def _clock_is_for_rehearsals(self) -> "About":
        if self.rehearsal != (self.clock is not None):
            raise ValueError("clock 只在演练（rehearsal = true）时填写，且演练必须填写")
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
    def _least_is_not_above_most(self) -> "Range":
        if self.least > self.most:
            raise ValueError("least 不大于 most")
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

    heads: tuple[str, ...]
    share: float = Field(gt=0, le=1)
    public_value: str


class Head(Strict):
    """A part that a text must hold, and the words its heading may use."""

    id: str
    title: str
    words: tuple[str, ...]


class SummaryRule(Clause):
    """What a work summary must cover (clause 二)."""

    heads: tuple[Head, ...]


class ExhibitionRule(Clause):
    """What an exhibit must hold (clause 三(三)); ``megabytes`` is the least size of a picture.

    ``title`` is the name of the online column (clause 三).
    """

    title: str = "线上展览"
    megabytes: float = Field(gt=0)
    parts: tuple[Head, ...]


class Ruling(Strict, Generic[Value]):
    """What the notice leaves open and how this round decides it."""

    question: str
    value: Value
    note: str = ""


TieStep = Literal["mean", "commendations", "people_lifted", "service_days"]
Method = Literal["adjusted", "mean", "trimmed", "standard"]
METHOD_TITLES: Mapping[str, str] = {
    "adjusted": "宽严校正分",
    "mean": "平均分",
    "trimmed": "去最高最低平均分",
    "standard": "标准分",
}
"""Chinese names of the methods."""
STEP_TITLES: Mapping[str, str] = {
    "mean": "平均分",
    "commendations": "曾获表扬次数",
    "people_lifted": "带动脱贫人数",
    "service_days": "服务天数",
}
"""Chinese names of the steps by which a tie is settled."""

AtLeastOne = Annotated[int, Field(ge=1)]
NotNegative = Annotated[int, Field(ge=0)]


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
    readings: Ruling[AtLeastOne]
    quorum: Ruling[AtLeastOne]
    ties: Ruling[tuple[TieStep, ...]]
    reserves: Ruling[NotNegative]
    two_numbers: Ruling[Literal["all", "mean"]]
    exceed: Ruling[Literal["resolution", "never"]]

    @model_validator(mode="after")
    def _codes_are_known(self) -> "Rulings":
        for code in self.keeps_out.value:
            if code not in CATALOGUE:
                raise ValueError(f"keeps_out 中的“{code}”不是问题代码")
        return self

    @model_validator(mode="after")
    def _quorum_can_be_met(self) -> "Rulings":
        if self.quorum.value > self.readings.value:
            raise ValueError("quorum 不大于 readings，否则没有一件能排名次")
        return self


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

    @property
    def picture_bytes(self) -> int:
        """Least size of an exhibition picture in bytes, by the ruling on 2M."""
        return round(self.exhibition.megabytes / 2 * self.ruling.megabyte.value)


class Scale(Strict):
    """Marks run from ``least`` to ``most`` in steps of ``step``."""

    least: float
    most: float
    step: float = Field(gt=0)
    comment_below: float
    comment_from: float

    @model_validator(mode="after")
    def _least_is_below_most(self) -> "Scale":
        if self.least >= self.most:
            raise ValueError("least 小于 most")
        return self


class Level(Strict):
    """A described level: marks from ``least`` upward."""

    title: str
    least: float
    text: str


class Criterion(Strict):
    """One criterion; the weights of a kind sum to 1."""

    id: str
    title: str
    weight: float = Field(gt=0, le=1)
    ask: str
    levels: tuple[Level, ...]


class Rubric(Strict):
    """``rubric.toml``: criteria for teams and for individuals, levels for summaries."""

    note: str
    default: bool
    scale: Scale
    summary_levels: tuple[str, ...]
    team: tuple[Criterion, ...]
    individual: tuple[Criterion, ...]

    @model_validator(mode="after")
    def _weights_sum_to_one(self) -> "Rubric":
        for kind in ("team", "individual"):
            total = sum(criterion.weight for criterion in self.criteria(kind))
            if abs(total - 1) > 1e-9:
                raise ValueError(f"{kind} 各项权重之和应为 1，实为 {total:g}")
        return self

    def criteria(self, kind: str) -> tuple[Criterion, ...]:
        """Return the criteria of a kind of nominee."""
        return self.team if kind == "team" else self.individual
