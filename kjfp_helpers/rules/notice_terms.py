"""The notice as typed rules: every number with its clause, every ruling with its default."""

from collections.abc import Mapping
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field, field_validator, model_validator

from kjfp_helpers.rules.base_model import (
    CitedRule,
    Identifier,
    NonEmpty,
    StrictModel,
    require_unique,
    rule_error,
)
from kjfp_helpers.rules.rulings import Rulings
from kjfp_helpers.rules.spot_check_terms import SpotCheck
from kjfp_helpers.rules.terms.closing_terms import ArchiveTerms, DecisionTerms
from kjfp_helpers.rules.working_days import Calendar


class RoundInfo(StrictModel):
    """Which round this is; ``clock`` is the fixed time of a rehearsal.

    ``document`` is the number of the notice, ``document_title`` its title.
    """

    title: str
    document: str
    document_title: str = ""
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
            raise rule_error("时区名称（如 Asia/Shanghai）", f"“{name}”") from error
        return name

    @model_validator(mode="after")
    def _clock_is_for_rehearsals(self) -> "RoundInfo":
        if self.rehearsal != (self.clock is not None):
            found = "演练而未填写" if self.rehearsal else "不是演练而填写"
            raise rule_error("clock 只在演练（rehearsal = true）时填写，且演练必须填写", found)
        if self.since > self.issued.year:
            raise rule_error(f"since 不晚于印发之年（{self.issued.year}）", f"{self.since}")
        return self

    @property
    def citation(self) -> str:
        """The notice as papers cite it first: title, then number."""
        title = f"《{self.document_title}》" if self.document_title else ""
        return f"{title}（{self.document}）" if title else self.document


class Office(StrictModel):
    """What the office prints on its papers beside its name; blank where it is not known.

    ``number`` is the mark of its letters (发文代字), before year and number; ``seal`` names whose
    seal stands for the office's (代章); ``copies`` are those who get a copy (抄送).
    """

    number: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    seal: str = ""
    copies: tuple[str, ...] = ()

    @property
    def lacking(self) -> tuple[str, ...]:
        """In Chinese, what a letter cannot be issued without and is not filled in."""
        needed = (("发文代字", self.number), ("联系人", self.contact), ("联系电话", self.phone))
        return tuple(title for title, value in needed if not value.strip())

    @property
    def contact_line(self) -> str:
        """Whom to ask and how, as the end of a letter gives it; blank where nothing is known."""
        parts = (
            ("联系人", self.contact),
            ("电话", self.phone),
            ("邮箱", self.email),
            ("地址", self.address),
        )
        return "；".join(f"{title}：{value}" for title, value in parts if value.strip())

    def document_number(self, year: int, number: int) -> str:
        """Return the number of a paper (发文字号).

        Examples
        --------
        >>> Office(number="某办函").document_number(2020, 3), Office().document_number(2020, 3)
        ('某办函〔2020〕3号', '第3号')
        """
        return f"{self.number}〔{year}〕{number}号" if self.number else f"第{number}号"

    def open_number(self, year: int) -> str:
        """Return the number of a paper that the office registers by hand, with room for it.

        Examples
        --------
        >>> Office(number="某办函").open_number(2020)
        '某办函〔2020〕　　号'
        """
        return f"{self.number}〔{year}〕　　号"


class AwardCounts(CitedRule):
    """How many are commended in all (clause 二)."""

    teams: int = Field(gt=0)
    individuals: int = Field(gt=0)

    @property
    def seats(self) -> dict[str, int]:
        """Seats on the list by kind of nominee."""
        return {"team": self.teams, "individual": self.individuals}


class QuotaRange(StrictModel):
    """Least and most nominations of one kind from one unit."""

    least: int = Field(ge=0)
    most: int = Field(ge=0)

    @model_validator(mode="after")
    def _least_is_not_more(self) -> "QuotaRange":
        if self.least > self.most:
            raise rule_error("least 不大于 most", f"least = {self.least}，most = {self.most}")
        return self


class Quota(CitedRule):
    """Nominations one unit may make (clause 二)."""

    teams: QuotaRange
    individuals: QuotaRange

    def of(self, kind: str) -> QuotaRange:
        """Return the range for a kind of nominee."""
        return self.teams if kind == "team" else self.individuals


class Quotas(StrictModel):
    """Quotas of priority provinces, other provincial offices and national societies."""

    priority: Quota
    other: Quota
    society: Quota


class StoryLimit(CitedRule):
    """Most characters of the deeds (附件1、附件2)."""

    team: int = Field(gt=0)
    individual: int = Field(gt=0)

    def of(self, kind: str) -> int:
        """Return the limit for a kind of nominee."""
        return self.team if kind == "team" else self.individual


class Deadline(CitedRule):
    """A last day."""

    date: date


class Deadlines(StrictModel):
    """The days of clauses 一 and 四."""

    exhibition: Deadline
    recommendation: Deadline
    spot_check: Deadline


class RequiredSection(StrictModel):
    """A part that a text must hold, and the words its heading may use."""

    id: Identifier
    title: str
    words: NonEmpty[str]


class SummaryRule(CitedRule):
    """What a work summary must cover (clause 二)."""

    heads: NonEmpty[RequiredSection]

    @model_validator(mode="after")
    def _ids_comeonce(self) -> "SummaryRule":
        require_unique((head.id for head in self.heads), "id")
        return self


class ExhibitionRule(CitedRule):
    """What an exhibit must hold (clause 三(三)); ``megabytes`` is the least size of a picture.

    ``title`` is the name of the online column (clause 三).
    """

    title: str = "线上展览"
    megabytes: float = Field(gt=0)
    parts: NonEmpty[RequiredSection]

    @model_validator(mode="after")
    def _ids_comeonce(self) -> "ExhibitionRule":
        require_unique((part.id for part in self.parts), "id")
        return self


Attribute = Literal["unit", "region", "class", "sex", "level"]
ATTRIBUTE_VALUES: Mapping[str, tuple[str, ...]] = {
    "class": ("priority", "other", "society"),
    "sex": ("男", "女"),
}
"""Attribute to the values it can have, where they are few."""


class ListLimit(CitedRule):
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
    def _bounds_something(self) -> "ListLimit":
        if not self.least and self.most is None and self.share is None:
            raise rule_error("least、most、share 至少一项", "都没有")
        if self.most is not None and self.share is not None:
            raise rule_error("most 与 share 只写一项", "两项都有")
        if self.most is not None and self.least > self.most:
            raise rule_error("least 不大于 most", f"least = {self.least}，most = {self.most}")
        if self.attribute in ("sex", "level") and self.kind == "team":
            raise rule_error('sex、level 只用于个人（kind = "individual"）', 'kind = "team"')
        for value in self.values:
            known = ATTRIBUTE_VALUES.get(self.attribute)
            if known and value not in known:
                raise rule_error(f"values 中为{'、'.join(known)}", f"“{value}”")
        return self

    def maximum_of(self, places: int) -> int | None:
        """Return the most of so many places, ``None`` where nothing is capped."""
        return self.most if self.share is None else int(self.share * places + 1e-9)


class NationalTargets(StrictModel):
    """What the whole country was to reach (the programme's plan); blank where no number is set.

    ``document`` is the paper that sets the numbers.
    """

    document: str = ""
    assoc: int | None = Field(default=None, ge=0)
    federations: int | None = Field(default=None, ge=0)
    experts: int | None = Field(default=None, ge=0)
    people: int | None = Field(default=None, ge=0)

    def count(self, indicator: str) -> int | None:
        """Return the target of an indicator, ``None`` where none is set."""
        value: int | None = getattr(self, indicator)
        return value


class Notice(StrictModel):
    """``notice.toml``."""

    round: RoundInfo
    office: Office = Office()
    commended: AwardCounts
    quota: Quotas
    story: StoryLimit
    deadline: Deadlines
    spot_check: SpotCheck
    summary: SummaryRule
    exhibition: ExhibitionRule
    ruling: Rulings
    limit: tuple[ListLimit, ...] = ()
    calendar: Calendar = Calendar()
    national: NationalTargets = NationalTargets()
    decision: DecisionTerms = DecisionTerms()
    archive: ArchiveTerms = ArchiveTerms()

    @property
    def picture_bytes(self) -> int:
        """Least size of an exhibition picture in bytes, by the ruling on 2M."""
        return round(self.exhibition.megabytes / 2 * self.ruling.megabyte.value)
