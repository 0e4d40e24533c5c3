"""Events of the secretary's decisions on mail, forms and findings."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class NomineesChosen:
    """An over-quota unit named whom it keeps (退回补正).

    ``document`` is its reply, ``receipt`` the message that brought it, ``None`` for none. Cases of
    ``kind`` (of the kinds of ``cases`` where blank) not named are left out; no case takes the
    choice back.
    """

    unit: str
    cases: tuple[str, ...]
    document: str
    kind: str = ""
    receipt: int | None = None


@dataclass(frozen=True, kw_only=True)
class NominationWithdrawn:
    """A unit takes a nomination back (clause 二); ``receipt`` is the message that says so."""

    case: str
    reason: str
    receipt: int | None = None


@dataclass(frozen=True, kw_only=True)
class NominationRestored:
    """A withdrawal does not hold."""

    case: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ArrivalRecorded:
    """When a message without a time came (ISO 8601 with offset), ``""`` for unknown again."""

    receipt: int
    at: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FindingSettled:
    """A person settled a finding on a case: ``code`` no longer keeps it out.

    With a ``mark`` only the finding that has it is settled, so that another one of the same code
    is put before a person again.
    """

    case: str
    code: str
    reason: str
    mark: str = ""


@dataclass(frozen=True, kw_only=True)
class FindingReviewed:
    """The secretary held a finding against the source: it needs nobody any more.

    ``subject`` is a record's id, else the receipt number of a message, else a unit's code;
    ``mark`` is the finding's; ``outcome`` is ``confirmed`` (the reading is right) or ``handled``.
    """

    subject: str
    code: str
    field: str
    mark: str
    outcome: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FindingAssigned:
    """Who inquires into a finding, and until when (ISO date); the last word on it holds.

    Subject, code, field and mark are as in :class:`FindingReviewed`; blank ``person`` takes the
    assignment back.
    """

    subject: str
    code: str
    field: str
    mark: str
    person: str
    until: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FindingReopened:
    """Takes back a review of a finding and, where ``case`` is named, its settling there."""

    subject: str
    code: str
    field: str
    mark: str
    reason: str
    case: str = ""


@dataclass(frozen=True, kw_only=True)
class FieldCorrected:
    """The secretary corrected a value after reading the source.

    ``code`` is that of the finding that led to it, where one did; ``channel`` is how the value
    became known (原件, 电话, 纸质, 来信), blank in ledgers of earlier versions.
    """

    record: str
    field: str
    old: Any
    new: Any
    reason: str
    code: str = ""
    channel: str = ""


@dataclass(frozen=True, kw_only=True)
class UnitAssigned:
    """Whose message it is, or whose single record in it; the last one holds, ``""`` is nobody."""

    receipt: int
    unit: str
    reason: str
    record: str = ""


@dataclass(frozen=True, kw_only=True)
class VersionChosen:
    """Which of several versions of one document that came together counts.

    ``record`` is the id of the one that counts, ``""`` for undecided again; ``records`` are the
    ids of all that were chosen from. The last choice from the same records holds.
    """

    record: str
    records: tuple[str, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class SenderRemembered:
    """Whose an address is, for every message from it whose unit nothing else tells.

    ``unit`` is the unit's code, ``""`` for nobody's again; the last word on an address holds.
    """

    address: str
    unit: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class MaterialClassified:
    """What a text is that no program could sort: a kind of record, ``""`` for unsorted again."""

    record: str
    kind: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PaperReceived:
    """A record of a unit came without a message: it takes the next receipt number (clause 四).

    ``at`` is when it came (ISO 8601 with offset), ``channel`` how (纸质, 电话, 传真, 当面),
    ``reason`` on what that rests. The record itself follows as :class:`FormEntered` with no path.
    """

    number: int
    unit: str
    at: str
    channel: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FormEntered:
    """A form is typed from file ``path`` of a message that no program could read, or from paper.

    ``record`` is the id of the new record, ``<receipt>-t<number>``; its values follow as
    :class:`FieldCorrected`.
    """

    record: str
    kind: str
    receipt: int
    path: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SummaryTyped:
    """A work summary is typed from file ``path`` of a message that no program could read.

    ``record`` is as in :class:`FormEntered`; ``FormWithdrawn`` takes it back.
    """

    record: str
    receipt: int
    path: str
    text: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FormWithdrawn:
    """A typed form or summary does not count any more."""

    record: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class IdentityViewed:
    """The identity or phone numbers of a work item were shown on the screen.

    ``subject`` is a record's id, else the receipt number of a message, else a unit's code.
    """

    subject: str
    field: str


@dataclass(frozen=True, kw_only=True)
class PaperOriginalChecked:
    """The paper original of a nomination was held against the electronic copy; the last one holds.

    ``pages`` counts the leaves of the original, 0 takes the check back. ``difference`` says in what
    it differs from the electronic copy, blank where the two agree.
    """

    case: str
    pages: int
    difference: str = ""
    reason: str = ""
