"""Rules of the spot check (抽查, clause 一): strata, cover, form, threshold, effects."""

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

UnitClass = Literal["priority", "other", "society"]
Effect = Literal["veto", "note", "clear"]
"""What a decided finding does to the unit's nominees: bars them, stands beside them, nothing."""
EFFECT_TITLES: Mapping[str, str] = {"veto": "否决", "note": "注明", "clear": "不影响"}


class Stratum(StrictModel):
    """Units that are drawn among themselves: at least ``least``, else the share, rounded up."""

    id: Identifier
    title: str = Field(min_length=1)
    classes: NonEmpty[UnitClass]
    share: float = Field(gt=0, le=1)
    least: int = Field(default=1, ge=0)


class CoverGroup(StrictModel):
    """Units of which at least ``least`` are checked: the next in the lot are added."""

    title: str = Field(min_length=1, pattern=r"^\S+$")
    least: int = Field(default=1, ge=1)
    regions: NonEmpty[str]


class VisitItem(StrictModel):
    """What is looked into under a head (from 1): one of the reported figures, or a question."""

    head: int = Field(ge=1)
    figure: Literal["assoc", "federations", "experts", "people"] | None = None
    title: str = ""

    @model_validator(mode="after")
    def _asks_something(self) -> "VisitItem":
        if bool(self.figure) == bool(self.title):
            raise rule_error("figure 与 title 写且只写一项", "两项都有" if self.title else "都没有")
        return self


class FindingEffects(StrictModel):
    """What a finding does to the nominees, by how it was decided."""

    serious: Effect = "veto"
    confirmed: Effect = "note"
    dismissed: Effect = "clear"


_DEFAULT_ITEMS = (
    VisitItem(head=1, figure="experts"),
    VisitItem(head=1, figure="assoc"),
    VisitItem(head=2, figure="people"),
)


class SpotCheck(CitedRule):
    """The check of some provinces (clause 一).

    ``heads`` are those of the notice; ``items`` what is looked into under each. A found figure
    that is off the reported one by more than ``tolerance`` (a share of the reported) is a finding;
    an error rate gets an interval from ``sample_least`` checked cases on. ``share`` holds where no
    ``strata`` are named. ``public_value`` is of rounds that were drawn by an earlier version.
    """

    heads: NonEmpty[str]
    share: float = Field(gt=0, le=1)
    public_value: str = ""
    strata: tuple[Stratum, ...] = ()
    cover: tuple[CoverGroup, ...] = ()
    items: tuple[VisitItem, ...] = ()
    tolerance: float = Field(default=0.05, ge=0, lt=1)
    sample_least: int = Field(default=20, ge=2)
    reply_days: int = Field(default=5, ge=1)
    effect: FindingEffects = FindingEffects()

    @model_validator(mode="after")
    def _parts_agree(self) -> "SpotCheck":
        require_unique((stratum.id for stratum in self.strata), "id")
        require_unique((name for one in self.strata for name in one.classes), "classes")
        require_unique((group.title for group in self.cover), "title")
        require_unique((item.figure for item in self.items if item.figure), "figure")
        for item in self.items:
            if item.head > len(self.heads):
                raise rule_error(f"head 不大于 heads 的项数（{len(self.heads)}）", f"{item.head}")
        return self

    @property
    def form_items(self) -> tuple[VisitItem, ...]:
        """The items named, else the reported figures."""
        return self.items or _DEFAULT_ITEMS

    @property
    def drawn_strata(self) -> tuple[Stratum, ...]:
        """The strata named, else priority provinces and the other provincial offices."""
        if self.strata:
            return self.strata
        titles = {"priority": "扶贫重点省份", "other": "其他省份"}
        return tuple(
            Stratum(id=name, title=title, classes=(name,), share=self.share)  # type: ignore[arg-type]
            for name, title in titles.items()
        )
