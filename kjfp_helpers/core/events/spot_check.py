"""Events of the spot check (抽查, clause 一): frame, lot, visits, findings, replies, decisions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Checker = tuple[str, str, str, tuple[str, ...]]
"""A person who checks a unit: name, employer, region, codes of the units with a relationship."""


@dataclass(frozen=True, kw_only=True)
class SamplingFrameFrozen:
    """Frame of an earlier version: unit codes, with the public value known at the freeze."""

    units: tuple[str, ...]
    digest: str
    public_value: str


@dataclass(frozen=True, kw_only=True)
class SpotCheckDrawn:
    """Units that an earlier version drew from its frame."""

    units: tuple[str, ...]
    seed: str


@dataclass(frozen=True, kw_only=True)
class LotFrameFrozen:
    """The units that may be drawn, frozen before anybody knows the public value.

    ``lines`` are those of the frame (``frame.txt``), ``digest`` the SHA-256 of all of them. A
    later freeze voids frame and lot, for a ``reason``.
    """

    lines: tuple[str, ...]
    digest: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class LotDrawn:
    """The units drawn from the frozen frame by a public value, in drawn order.

    ``covered`` are those among them that the cover rule added.
    """

    units: tuple[str, ...]
    covered: tuple[str, ...]
    value: str
    seed: str


@dataclass(frozen=True, kw_only=True)
class SpotCheckUnitOrdered:
    """A unit is checked by order beside those drawn; the last word on a unit holds.

    ``included`` false takes the order back. ``by`` are two persons.
    """

    unit: str
    included: bool
    document: str
    reason: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class VisitPlanned:
    """Who checks a unit and on which day (ISO 8601); the last plan of a unit holds.

    Without checkers the plan is taken back. ``reason`` says why possible relationships of the
    checkers are none, blank where there were none.
    """

    unit: str
    day: str
    checkers: tuple[Checker, ...]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class VisitFormIssued:
    """A blank visit form (.xlsx) was written for a checker of a unit.

    ``figures`` maps an indicator to target and reported figure as printed on it, ``None`` for a
    missing one; ``cases`` are the unit's nominees that can be named on it; ``path`` and ``sha256``
    are the file below the outputs. The forms of a round are numbered from 1 in order.
    """

    unit: str
    checker: str
    day: str
    figures: Mapping[str, tuple[float | None, float | None]]
    cases: tuple[str, ...]
    path: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class VisitFormImported:
    """What a checker filled in that the ledger did not hold yet.

    ``values`` maps an entry of the form (:mod:`kjfp_helpers.notice.spot_check.visit_form`) to a
    number or a text; ``photos`` maps the file names of the evidence that came along to SHA-256;
    ``file`` and ``sha256`` are the workbook.
    """

    unit: str
    checker: str
    values: Mapping[str, float | str]
    photos: Mapping[str, str]
    file: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class VisitImportWithdrawn:
    """An import (by its number in the ledger) does not count, and why."""

    imported: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class VisitFindingReplied:
    """A unit replied to a finding; the last reply holds, a blank one takes it back.

    ``mark`` is the finding's: a reply to other figures does not count. ``day`` is when it came,
    ``receipt`` the message that brought it.
    """

    unit: str
    finding: str
    mark: str
    day: str
    reply: str
    receipt: int | None = None


@dataclass(frozen=True, kw_only=True)
class VisitFindingDecided:
    """The office decided a finding; the last decision holds.

    ``ruling`` is a key of ``RULINGS`` (:mod:`kjfp_helpers.notice.spot_check.visit_findings`),
    ``cases`` the nominees whom it concerns, all of the unit where none is named.
    """

    unit: str
    finding: str
    mark: str
    day: str
    ruling: str
    cases: tuple[str, ...]
    reason: str
    document: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SpotCheckClosed:
    """The spot check is closed; ``open`` names what was left open then, for a ``reason``."""

    open: tuple[str, ...]
    reason: str
    by: tuple[str, ...] = field(default=())


@dataclass(frozen=True, kw_only=True)
class SpotCheckReopened:
    """The spot check goes on after it was closed."""

    reason: str


SPOT_CHECK_KINDS: tuple[type, ...] = (
    SamplingFrameFrozen,
    SpotCheckDrawn,
    LotFrameFrozen,
    LotDrawn,
    SpotCheckUnitOrdered,
    VisitPlanned,
    VisitFormIssued,
    VisitFormImported,
    VisitImportWithdrawn,
    VisitFindingReplied,
    VisitFindingDecided,
    SpotCheckClosed,
    SpotCheckReopened,
)
"""Kinds of event that the spot check is folded from."""
