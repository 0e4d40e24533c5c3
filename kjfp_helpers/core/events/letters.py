"""Events of the letters to units: document date, letter issued, deadline extended."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DocumentDateSet:
    """From here on papers speak of this day (ISO 8601) as today; the last one holds."""

    day: str


@dataclass(frozen=True, kw_only=True)
class LetterIssued:
    """A letter was issued to a unit under a number that counts from 1 in the ledger.

    ``title`` is the kind of letter, ``day`` the day on it (ISO 8601), ``path`` and ``sha256`` the
    file below the outputs. What it speaks of: ``findings`` as code, field, case, source and mark,
    ``owed`` kinds of material, ``receipts`` numbers of messages. ``until`` is the last day for
    corrections that it names (ISO 8601), ``""`` for none. ``numbers`` are those that the letter
    gives to its ``findings``, in their order; none in ledgers of earlier versions.
    """

    number: int
    unit: str
    title: str
    day: str
    path: str
    sha256: str
    findings: tuple[tuple[str, str, str, str, str], ...] = ()
    owed: tuple[str, ...] = ()
    receipts: tuple[int, ...] = ()
    until: str = ""
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CorrectionDeadlineExtended:
    """A unit has until a day (ISO 8601, inclusive) for its corrections; the last one holds.

    ``""`` takes the extension back. ``first`` says that what it sends for the first time is in
    time until then, too.
    """

    unit: str
    until: str
    reason: str
    first: bool = False
