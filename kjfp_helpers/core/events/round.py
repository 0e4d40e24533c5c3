"""Events of the round: opened, mail received, rules frozen, documents."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class RoundOpened:
    """First event: binds the ledger to one round."""

    round: str


@dataclass(frozen=True, kw_only=True)
class MailReceived:
    """A message got its receipt number (clause 四)."""

    number: int
    path: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class RulesFrozen:
    """The rules as they stood before marks opened: one hash in all and one per file.

    ``texts`` maps a file's name to its text, so that a later change can be told value by value;
    ledgers of earlier versions lack it.
    """

    digest: str
    files: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RulesAmended:
    """A resolution changed the frozen rules after marks were given; ``by`` are two persons.

    ``changes`` holds a row ``(file, key, frozen value, new value)`` for every value that moved;
    the other fields are as in :class:`RulesFrozen`.
    """

    digest: str
    files: Mapping[str, str]
    texts: Mapping[str, str]
    changes: tuple[tuple[str, str, str, str], ...]
    resolution: str
    reason: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class IntakeRead:
    """The inbox was read: ``digest`` is the SHA-256 of what came out (``intake.json``).

    ``made_with`` maps the program, Python, libraries and tools such as LibreOffice to their
    versions, ``""`` for a tool that was absent.
    """

    digest: str
    made_with: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class OutputsRecorded:
    """A command wrote papers from the events up to number ``state`` (0: all before this one).

    ``papers`` maps a path below the outputs to its SHA-256 and holds what is new or changed since
    the command's last such event, ``withdrawn`` the paths that are no longer due; ``made_with`` is
    as in :class:`IntakeRead`.
    """

    command: str
    papers: Mapping[str, str]
    made_with: Mapping[str, str]
    state: int = 0
    withdrawn: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class UnitReportsVersioned:
    """The reports on these units have a new version, numbered by these events unit by unit.

    ``facts`` maps a unit's code to what its report says, label to text, from which the next
    version tells what changed; ``state`` is the number of the last event that it rests on.
    """

    facts: Mapping[str, Mapping[str, str]]
    state: int


@dataclass(frozen=True, kw_only=True)
class EarlierLedgerAccepted:
    """The office goes on from an older ledger although papers of a later one exist.

    ``heads`` are those of the papers, as ``number:hash``.
    """

    heads: tuple[str, ...]
    reason: str
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ArchiveMade:
    """The round was archived: name of the archive, SHA-256 of its manifest and of its vault.

    ``until`` is the number of the last event in it.
    """

    name: str
    manifest: str
    vault: str
    until: int
