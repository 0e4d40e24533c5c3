"""The rubric as typed rules: criteria, their weights and levels, and the scale of scores."""

import math
from collections.abc import Sequence
from typing import TypeGuard

from pydantic import Field, field_validator, model_validator

from kjfp_helpers.rules.base_model import (
    Identifier,
    NonEmpty,
    StrictModel,
    require_unique,
    rule_error,
)


class Scale(StrictModel):
    """Scores run from ``least`` to ``most`` in steps of ``step``."""

    least: float
    most: float
    step: float = Field(gt=0)
    comment_below: float
    comment_from: float

    @model_validator(mode="after")
    def _runs_upward(self) -> "Scale":
        if self.least >= self.most:
            raise rule_error("least 小于 most", f"least = {self.least:g}，most = {self.most:g}")
        if self.step > self.most - self.least:
            raise rule_error("step 不超过全部分值", f"step = {self.step:g}")
        return self

    def is_valid(self, score: object) -> TypeGuard[float]:
        """Whether a value given as a score is a number, within the scale, on one of its steps.

        Examples
        --------
        >>> scale = Scale(least=0, most=100, step=1, comment_below=60, comment_from=95)
        >>> [scale.is_valid(score) for score in (85, 85.5, 101, "85", True, float("nan"))]
        [True, False, False, False, False, False]
        """
        if (
            isinstance(score, bool)
            or not isinstance(score, int | float)
            or not math.isfinite(score)
        ):
            return False
        steps = (score - self.least) / self.step
        return self.least <= score <= self.most and abs(steps - round(steps)) < 1e-9

    @property
    def whole(self) -> bool:
        """Whether the scores are all the integers between the ends."""
        return self.step == 1 and float(self.least).is_integer()

    @property
    def allowed(self) -> str:
        """The scores that may be given, in Chinese, such as ``0—100 的整数``."""
        ends = f"{self.least:g}—{self.most:g}"
        return f"{ends} 的整数" if self.whole else f"{ends} 的数，每档 {self.step:g}"

    def values(self) -> list[float]:
        """Return every score of the scale in ascending order."""
        count = math.floor((self.most - self.least) / self.step + 1e-9)
        return [round(self.least + at * self.step, 6) for at in range(count + 1)]

    def needs_comment(self, score: float) -> bool:
        """Whether a score requires a comment."""
        return not self.comment_below <= score < self.comment_from


class Level(StrictModel):
    """A described level: scores from ``least`` upward."""

    title: str
    least: float
    text: str


MAX_PHRASES, MAX_PHRASE_CHARS = 9, 60
"""Most phrases of a criterion (a digit each), and most characters of one."""


class Criterion(StrictModel):
    """One criterion; the weights of a kind sum to 1.

    ``phrases`` are offered for comments by the digits 1 to 9.
    """

    id: Identifier
    title: str
    weight: float = Field(gt=0, le=1)
    ask: str
    levels: NonEmpty[Level]
    phrases: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _levels_run_downward(self) -> "Criterion":
        bounds = [level.least for level in self.levels]
        if bounds != sorted(set(bounds), reverse=True):
            raise rule_error(
                "levels 的 least 由高到低、互不相同", "、".join(f"{bound:g}" for bound in bounds)
            )
        return self

    @field_validator("phrases")
    @classmethod
    def _phrases_can_be_offered(cls, phrases: tuple[str, ...]) -> tuple[str, ...]:
        if len(phrases) > MAX_PHRASES:
            raise rule_error(f"每项常用评语至多{MAX_PHRASES}句", f"{len(phrases)}句")
        for phrase in phrases:
            fits = 1 < len(phrase) <= MAX_PHRASE_CHARS and phrase == " ".join(phrase.split())
            if not fits:
                raise rule_error(
                    f"一行2至{MAX_PHRASE_CHARS}字的评语，首尾无空格", f"“{phrase[:20]}”"
                )
        return phrases


def proposed_scores(levels: Sequence[Level], scale: Scale) -> list[float | None]:
    """Return the score that a click on each level gives: the middle of the level.

    Marks that need a comment are left out where the level has others. The lowest level, which
    usually reaches far down, counts as no wider than the one above it. None where no mark of the
    scale lies in a level.

    Examples
    --------
    >>> scale = Scale(least=0, most=100, step=1, comment_below=60, comment_from=95)
    >>> bounds = {"突出": 90, "良好": 75, "一般": 60, "不足": 0}
    >>> levels = [Level(title=title, least=least, text="") for title, least in bounds.items()]
    >>> proposed_scores(levels, scale)
    [92.0, 82.0, 67.0, 52.0]
    """
    ends = [math.inf, *(level.least for level in levels)]
    scores_by_level = [
        [score for score in scale.values() if level.least <= score < end]
        for level, end in zip(levels, ends, strict=False)
    ]
    if len(scores_by_level) > 1 and scores_by_level[-2]:
        scores_by_level[-1] = scores_by_level[-1][-len(scores_by_level[-2]) :]
    usual = [
        [score for score in scores if not scale.needs_comment(score)] or scores
        for scores in scores_by_level
    ]
    return [scores[(len(scores) - 1) // 2] if scores else None for scores in usual]


class PanelAssumptions(StrictModel):
    """What is assumed of a panel before anybody marks, in standard deviations of true quality.

    The figures of an ordinary panel: members' severity N(0, .5), spread exp(N(0, .2)), noise
    .8 exp(N(0, .2)), a tenth of them careless (selection.md).
    """

    severity: float = Field(default=0.5, ge=0)
    spread: float = Field(default=0.2, ge=0)
    noise: float = Field(default=0.8, gt=0)
    careless: float = Field(default=0.1, ge=0, le=1)


class Rubric(StrictModel):
    """``rubric.toml``: criteria for teams and for individuals, levels for summaries."""

    note: str
    default: bool
    scale: Scale
    summary_levels: NonEmpty[str]
    team: NonEmpty[Criterion]
    individual: NonEmpty[Criterion]
    assumed: PanelAssumptions = PanelAssumptions()

    @field_validator("team", "individual")
    @classmethod
    def _ids_comeonce(cls, criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
        require_unique((criterion.id for criterion in criteria), "id")
        return criteria

    @field_validator("summary_levels")
    @classmethod
    def _levels_come_once(cls, levels: tuple[str, ...]) -> tuple[str, ...]:
        require_unique(levels, "等级")
        return levels

    @model_validator(mode="after")
    def _weights_sum_to_one(self) -> "Rubric":
        for kind in ("team", "individual"):
            total = sum(criterion.weight for criterion in self.criteria(kind))
            if abs(total - 1) > 1e-9:
                raise rule_error(f"{kind} 各项权重（weight）之和为 1", f"{total:g}")
            for criterion in self.criteria(kind):
                self._fits_the_scale(kind, criterion)
            self._phrases_are_told_apart(kind)
        return self

    def _phrases_are_told_apart(self, kind: str) -> None:
        """Refuse a phrase within another: how often each was used could not be counted."""
        phrases = [phrase for criterion in self.criteria(kind) for phrase in criterion.phrases]
        require_unique(phrases, "常用评语")
        for phrase in phrases:
            for other in phrases:
                if phrase != other and phrase in other:
                    raise rule_error(f"{kind} 的常用评语互不包含", f"“{phrase}”在“{other}”之中")

    def _fits_the_scale(self, kind: str, criterion: Criterion) -> None:
        top, bottom = criterion.levels[0].least, criterion.levels[-1].least
        if top > self.scale.most or bottom != self.scale.least:
            scale = f"{self.scale.least:g} 起、不超过 {self.scale.most:g}"
            raise rule_error(f"{kind} 的 {criterion.id} 各等级从 {scale}", f"{bottom:g} 至 {top:g}")

    def criteria(self, kind: str) -> tuple[Criterion, ...]:
        """Return the criteria of a kind of nominee."""
        return self.team if kind == "team" else self.individual
