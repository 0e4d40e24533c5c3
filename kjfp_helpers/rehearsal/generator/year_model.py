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
    in the register where it is another; ``damaged`` a file cut off on its way; ``layout`` how its
    file is made where it is no plain Word form (see ``writers.form_files``); ``typed`` what stands
    in a box in place of the value; ``older`` the values of another version sent beside it.
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
    layout: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    older: dict[str, Any] = field(default_factory=dict)

    @property
    def is_readable(self) -> bool:
        """Whether any program of the office reads its file."""
        return not self.damaged and self.layout != "ofd"

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
    """A picture of an exhibit; ``caption_stem`` is ``None`` where no caption is sent.

    ``drawn_as`` is the number of a unit and the index of its picture that this one shows too;
    ``treatment`` is what was done to it (see ``writers.picture_treatment``); a ``woven`` one takes
    little room in an archive (see ``writers.synthetic_images``).
    """

    stem: str
    caption_stem: str | None
    caption: str
    small: bool = False
    drawn_as: tuple[int, int] | None = None
    treatment: str = ""
    woven: bool = False


@dataclass(kw_only=True)
class UnitSubmission:
    """Everything that one unit sends; ``None`` means not sent, or a target not assigned.

    ``parts`` names the heads of the summary and ``exhibit`` those of the exhibition text;
    ``summary_more`` and ``exhibit_more`` are sentences added to what they say of the two numbers;
    ``summary_cut`` is whether the file of the summary broke off on the way;
    ``run_in_head`` is the head that stands at the beginning of a paragraph, not as a heading;
    ``stocktake_layout`` is how the workbook is made where it is not the blank filled in (see
    ``writers.stocktake_workbooks``).
    """

    unit: Unit
    target: Target | None
    done: Stocktake
    nominations: list[Nomination]
    stocktake: Stocktake | None
    stocktake_layout: str = ""
    parts: tuple[str, ...] | None
    exhibit: tuple[str, ...] | None
    summary_more: str = ""
    summary_cut: bool = False
    run_in_head: str = ""
    exhibit_more: str = ""
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
    quoted: str = ""
    """An earlier letter that the message carries along below its own text."""
    sender: str = ""
    """Address of the sender where it is not one of the unit's."""
    listed: list["ListedNominee"] = field(default_factory=list)
    """Rows of the roster, where the message carries ``roster``."""


@dataclass(kw_only=True)
class ListedNominee:
    """Row of a unit's own roster of nominees."""

    name: str
    kind: str
    employer: str
    people_lifted: int


@dataclass(kw_only=True)
class PlannedAct:
    """An act of a unit or the office in the year, and what the review must report about it.

    ``act`` is what was done (see :mod:`kjfp_helpers.rehearsal.faults.late_faults` and
    ``action_plan``); ``unit``, ``kind``, ``case`` (a nominee's name) and
    ``member`` are whom it is about, ``mail`` is the message that brought it, ``code`` the
    finding that it answers or makes, ``values`` the fields that the office corrected
    and ``reason`` why, where the act is the office's; ``fault`` as in :class:`PlantedFault`.
    """

    act: str
    says: str
    unit: str = ""
    kind: str = ""
    case: str = ""
    member: str = ""
    code: str = ""
    mail: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    fault: str = ""


@dataclass(kw_only=True)
class PlantedFault:
    """A fault put in on purpose; ``mail`` is the message that carries it.

    ``fault`` names those of files and mailboxes (see ``faults.file_faults``).
    """

    code: str
    unit: str
    case: str
    mail: str
    why: str
    fault: str = ""


@dataclass(kw_only=True)
class RehearsalYear:
    """The whole simulated year."""

    seed: int
    submissions: list[UnitSubmission]
    commended: list[Commendation] = field(default_factory=list)
    planted: list[PlantedFault] = field(default_factory=list)
    acts: list[PlannedAct] = field(default_factory=list)
