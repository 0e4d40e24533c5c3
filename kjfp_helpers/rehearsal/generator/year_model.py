"""Data model of the simulated year: units, nominees, forms, messages."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kjfp_helpers.core.records import Individual, Stocktake, Team
from kjfp_helpers.rules import Commendation, Target, Unit


@dataclass(kw_only=True)
class Nomination:
    """A form to be sent.

    ``quality`` is the true quality (standard normal); ``length`` the characters of the story;
    ``copied_from`` another nomination whose story is copied; ``blank`` the fields left
    empty; ``told`` the figures of the story that are not those of the form; ``listed`` the name
    in the register where it is another; ``damaged`` a file cut off on its way.
    """

    unit: str
    body: Team | Individual
    crop: str
    quality: float
    length: int
    commended: bool = True
    photo: bool = True
    seal: bool = True
    damaged: bool = False
    copied_from: "Nomination | None" = None
    blank: tuple[str, ...] = ()
    told: dict[str, int] = field(default_factory=dict)
    listed: str = ""

    @property
    def kind(self) -> str:
        """``team`` or ``individual``."""
        return "team" if isinstance(self.body, Team) else "individual"

    @property
    def name(self) -> str:
        """Name of the team or the person."""
        name = self.body.team_name if isinstance(self.body, Team) else self.body.name
        return name or ""


@dataclass(kw_only=True)
class ExhibitPicture:
    """A picture of an exhibit; ``caption_stem`` is ``None`` where no caption is sent."""

    stem: str
    caption_stem: str | None
    caption: str
    small: bool = False


@dataclass(kw_only=True)
class UnitSubmission:
    """Everything that one unit sends; ``None`` means not sent, or a target not assigned.

    ``parts`` names the heads of the summary and ``exhibit`` those of the exhibition text.
    """

    unit: Unit
    target: Target | None
    done: Stocktake
    nominations: list[Nomination]
    stocktake: Stocktake | None
    parts: tuple[str, ...] | None
    exhibit: tuple[str, ...] | None
    pictures: list[ExhibitPicture] = field(default_factory=list)
    mails: list["UnitMail"] = field(default_factory=list)
    first_version: tuple[str, dict[str, Any]] | None = None
    """What was sent again (``individual`` or ``stocktake``) and how the first sending read."""
    again: list[Nomination] = field(default_factory=list)
    """Nominations whose forms are sent once more, by a message that carries ``again``."""

    @property
    def group(self) -> str:
        """Class of the unit: ``P`` priority province, ``O`` other province, ``S`` society."""
        return {"priority": "P", "other": "O", "society": "S"}[self.unit.quota]

    @property
    def domain(self) -> str:
        """Where the unit's mail comes from."""
        return self.unit.domains[0]

    def people(self) -> list[Nomination]:
        """Nominations of persons, in the unit's order."""
        return [entry for entry in self.nominations if entry.kind == "individual"]

    def teams(self) -> list[Nomination]:
        """Nominations of teams, in the unit's order."""
        return [entry for entry in self.nominations if entry.kind == "team"]


@dataclass(kw_only=True)
class UnitMail:
    """A message: what it carries and when it was sent and received.

    ``again`` names a second copy in the inbox: ``"same"`` the same bytes, ``"delivered"`` the
    same message with another Received header.
    """

    name: str
    subject: str
    carries: tuple[str, ...]
    sent: datetime
    received: datetime
    again: str = ""
    text: tuple[str, ...] = ()
    """What the message says, where it is more than that something is attached."""


@dataclass(kw_only=True)
class PlannedAct:
    """An act of a unit or the office in the year, and what the review must report about it.

    ``act`` is what was done (see :mod:`kjfp_helpers.rehearsal.faults.late_faults` and
    ``action_plan``); ``unit``, ``kind``, ``case`` (a nominee's name) and
    ``member`` are whom it is about, ``mail`` is the message that brought it, ``code`` the
    finding that it answers or makes.
    """

    act: str
    says: str
    unit: str = ""
    kind: str = ""
    case: str = ""
    member: str = ""
    code: str = ""
    mail: str = ""


@dataclass(kw_only=True)
class PlantedFault:
    """A fault put in on purpose; ``mail`` is the message that carries it."""

    code: str
    unit: str
    case: str
    mail: str
    why: str


@dataclass(kw_only=True)
class RehearsalYear:
    """The whole simulated year."""

    seed: int
    submissions: list[UnitSubmission]
    commended: list[Commendation] = field(default_factory=list)
    planted: list[PlantedFault] = field(default_factory=list)
    acts: list[PlannedAct] = field(default_factory=list)
