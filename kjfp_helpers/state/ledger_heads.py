"""Ledger heads: number and hash of an event, as documents print them."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import (
    ArchiveMade,
    ColumnItemReceived,
    EarlierLedgerAccepted,
    Event,
    IdentityViewed,
    IntakeRead,
    OutputsRecorded,
    UnitReportsVersioned,
    stored_kind,
)
from kjfp_helpers.ledger import Ledger

UNDERIVED_KINDS = tuple(
    map(
        stored_kind,
        (
            OutputsRecorded,
            IntakeRead,
            ColumnItemReceived,
            IdentityViewed,
            UnitReportsVersioned,
            ArchiveMade,
        ),
    )
)
"""Kinds of event from which nothing is derived: they record that something came or was made."""
_SHORTEST = 4
"""Hash digits that a typed head must have."""
_TYPED = re.compile(rf"#?([1-9]\d{{0,8}})[:：]([0-9a-f]{{{_SHORTEST},64}})…?")


class Head(NamedTuple):
    """An event by number and hash; a printed hash may be cut to its first digits."""

    seq: int
    hash: str

    def __str__(self) -> str:
        """Return it as ``number:hash``.

        Examples
        --------
        >>> str(Head(1108, "43da3bd2deded12e"))
        '1108:43da3bd2deded12e'
        """
        return f"{self.seq}:{self.hash}"


def parse_head(text: str) -> Head:
    """Read a head as it is typed from a paper.

    Raises
    ------
    ParameterError
        When it is no number and hash.

    Examples
    --------
    >>> parse_head("1108：43DA3bd2")
    Head(seq=1108, hash='43da3bd2')
    """
    match = _TYPED.fullmatch(text.strip().lower())
    if match is None:
        raise ParameterError(
            "--head",
            expected=f"台账编号:校验值（至少{_SHORTEST}位），如 1108:43da3bd2",
            found=f"“{text}”",
            advice="照文件上印的编号和校验值填写",
        )
    return Head(int(match[1]), match[2])


def find_state_head(events: Sequence[Event]) -> Event | None:
    """Return the last event from which something is derived: the head that papers print."""
    return next((event for event in reversed(events) if event.kind not in UNDERIVED_KINDS), None)


def find_missing_heads(heads: Iterable[Head], ledger: Ledger) -> list[Head]:
    """Return, in order, the heads that a ledger does not hold.

    Such a head belongs to a later state of the ledger, or to another ledger.

    Raises
    ------
    LedgerError
        When the ledger cannot be read.
    """
    wanted = sorted(set(heads))
    hashes = ledger.hashes_of(head.seq for head in wanted)
    return [head for head in wanted if not hashes.get(head.seq, "").startswith(head.hash)]


def find_unknown_heads(heads: Iterable[Head], ledger: Ledger) -> list[Head]:
    """Return, in order, the heads that a ledger does not hold and nobody decided to give up.

    Raises
    ------
    LedgerError
        When the ledger cannot be read.
    """
    unknown = find_missing_heads(heads, ledger)
    if not unknown:
        return []
    acts = ledger.events().bodies(EarlierLedgerAccepted)
    accepted = {head for body in acts for head in body.heads}
    return [head for head in unknown if str(head) not in accepted]
