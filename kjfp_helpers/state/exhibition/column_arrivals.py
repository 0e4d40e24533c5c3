"""Arrivals of news and profiles: what lies in the column, held against what the ledger recorded."""

from collections.abc import Iterable, Iterator, Mapping

from kjfp_helpers.core.events import ColumnItemReceived, Event, EventLog
from kjfp_helpers.intake.online_column.column_folder import (
    COLUMN_FOLDER,
    entry_name,
    hash_entry,
    list_entries,
)
from kjfp_helpers.rules import Round
from kjfp_helpers.state.session import RoundSession

Arrivals = Mapping[tuple[str, str], Mapping[str, str]]
"""Kind and name of each entry to the SHA-256 of its files."""


def fold_arrivals(events: Iterable[Event]) -> Arrivals:
    """Return the entries as they were last recorded; those taken away are not among them."""
    last = {
        (body.kind, body.source): body.files for body in EventLog(events).bodies(ColumnItemReceived)
    }
    return {key: files for key, files in last.items() if files}


def find_arrivals(round: Round) -> Arrivals:
    """Return the entries as they lie there."""
    found = ((kind, entry, hash_entry(entry)) for kind, entry in list_entries(round.folder))
    return {(kind, entry_name(entry)): files for kind, entry, files in found if files}


def record_arrivals(session: RoundSession) -> int:
    """Record what came, was altered or taken away since the last time; return how many entries."""
    if not (session.round.folder / COLUMN_FOLDER).is_dir():
        return 0
    bodies = tuple(_news_of(session))
    if bodies and session.access().may_record(ColumnItemReceived):
        session.record(*bodies)
    return len(bodies)


def _news_of(session: RoundSession) -> Iterator[ColumnItemReceived]:
    known, found = fold_arrivals(session.ledger.events()), find_arrivals(session.round)
    for key in sorted(known.keys() | found.keys()):
        if found.get(key) != known.get(key):
            yield ColumnItemReceived(kind=key[0], source=key[1], files=found.get(key, {}))


def count_unrecorded(round: Round, events: Iterable[Event]) -> int:
    """Return how many entries by their names nobody recorded yet; no file is read."""
    known = fold_arrivals(events)
    return sum((kind, entry_name(entry)) not in known for kind, entry in list_entries(round.folder))
