"""Rules of the assessment of units (考核, clause 二): indicators, points, readers, grades."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from kjfp_helpers.rules.base_model import (
    CitedRule,
    Identifier,
    NonEmpty,
    StrictModel,
    require_unique,
    rule_error,
)
from kjfp_helpers.rules.rubric import MAX_PHRASE_CHARS, MAX_PHRASES

Source = Literal["computed", "read", "self"]
SOURCE_TITLES: Mapping[str, str] = {"computed": "计算", "read": "考核人评定", "self": "单位自评"}
Measure = Literal["two_numbers", "heads", "on_time", "consistency"]
MEASURE_TITLES: Mapping[str, str] = {
    "two_numbers": "“两数”完成率，完成目标的得满分",
    "heads": "总结所含部分占通知要求的比例",
    "on_time": "工作总结按时报送",
    "consistency": "盘点数与总结、推荐、展览中的数字一致的比例",
}
"""What a computed indicator measures."""
NO_SUMMARY_TITLES: Mapping[str, str] = {
    "lowest": "没有总结：不定等次，按最低等次处理",
    "none": "没有总结：不定等次，不影响推荐",
}
"""What becomes of a unit that sent no summary."""
SHOWN_TITLES: Mapping[str, str] = {
    "confirmed": "结果审定以后，考核人才看到另一人所评",
    "both": "两人都评完以后，考核人即看到另一人所评",
}
MAX_LEVELS = 9


class AssessmentLevel(StrictModel):
    """A described level of an indicator that is read: ``share`` of the points that it gives."""

    title: str = Field(min_length=1)
    share: float = Field(ge=0, le=1)
    text: str = Field(min_length=1)


class AssessmentIndicator(StrictModel):
    """An indicator, its most points, and where they come from."""

    id: Identifier
    title: str = Field(min_length=1)
    points: float = Field(gt=0, le=100)
    source: Source
    measure: Measure | None = None
    ask: str = ""
    levels: tuple[AssessmentLevel, ...] = Field(default=(), max_length=MAX_LEVELS)
    phrases: tuple[str, ...] = Field(default=(), max_length=MAX_PHRASES)

    @model_validator(mode="after")
    def _source_has_what_it_needs(self) -> "AssessmentIndicator":
        if (self.source == "computed") != (self.measure is not None):
            raise rule_error(
                'source = "computed" 的写 measure，其他的不写',
                f'{self.id}：source = "{self.source}"，measure = {self.measure or "无"}',
            )
        if (self.source == "read") != bool(self.levels):
            raise rule_error(
                'source = "read" 的写 levels，其他的不写',
                f'{self.id}：source = "{self.source}"，levels {len(self.levels)} 项',
            )
        shares = [level.share for level in self.levels]
        if shares != sorted(set(shares), reverse=True):
            raise rule_error(
                "levels 的 share 由高到低、互不相同", "、".join(f"{share:g}" for share in shares)
            )
        require_unique((level.title for level in self.levels), "档次")
        require_unique(self.phrases, "常用评语")
        if any(len(phrase) > MAX_PHRASE_CHARS for phrase in self.phrases):
            raise rule_error(f"常用评语不超过{MAX_PHRASE_CHARS}字", self.id)
        return self

    def level(self, title: str) -> AssessmentLevel | None:
        """Return a level by its title."""
        return next((level for level in self.levels if level.title == title), None)


class Grade(StrictModel):
    """A grade (等次) of a unit: from ``least`` points upward."""

    title: str = Field(min_length=1)
    least: float = Field(ge=0, le=100)
    text: str = ""


class AssessmentScheme(CitedRule):
    """``assessment.toml``: how a unit is assessed; ``default`` marks a scheme of our own.

    ``two_readers`` are the classes of units whose summaries two people read; readers whose levels
    of an indicator are ``apart`` or more places from each other wait for a ruling. ``no_summary``
    and ``others_shown`` are explained by :data:`NO_SUMMARY_TITLES` and :data:`SHOWN_TITLES`.
    """

    note: str
    default: bool
    no_summary: Literal["lowest", "none"] = "lowest"
    others_shown: Literal["confirmed", "both"] = "confirmed"
    two_readers: tuple[Literal["priority", "other", "society"], ...] = ()
    apart: int = Field(default=2, ge=1)
    indicators: NonEmpty[AssessmentIndicator]
    grades: NonEmpty[Grade]

    @model_validator(mode="after")
    def _parts_agree(self) -> "AssessmentScheme":
        require_unique((one.id for one in self.indicators), "id")
        require_unique((one.title for one in self.grades), "等次")
        total = sum(one.points for one in self.indicators)
        if abs(total - 100) > 1e-9:
            raise rule_error("各指标分值（points）之和为 100", f"{total:g}")
        bounds = [grade.least for grade in self.grades]
        if bounds != sorted(set(bounds), reverse=True) or bounds[-1]:
            raise rule_error(
                "grades 的 least 由高到低、互不相同，末等从 0 起",
                "、".join(f"{bound:g}" for bound in bounds),
            )
        return self

    @property
    def read_indicators(self) -> tuple[AssessmentIndicator, ...]:
        """The indicators that a person reads."""
        return tuple(one for one in self.indicators if one.source == "read")

    @property
    def lowest(self) -> Grade:
        """The lowest grade."""
        return self.grades[-1]

    def indicator(self, id: str) -> AssessmentIndicator | None:
        """Return an indicator by its id."""
        return next((one for one in self.indicators if one.id == id), None)

    def grade_of(self, total: float) -> Grade:
        """Return the grade of so many points."""
        return next(grade for grade in self.grades if total >= grade.least)
