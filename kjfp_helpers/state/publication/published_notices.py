"""Versions of the public notice (公示) that went out, and how each differs from the one before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from kjfp_helpers.core.events import (
    CommendationIssued,
    CommendationWithdrawn,
    Event,
    EventLog,
    NoticePublished,
    NoticeWithdrawn,
)

Issued = TypeVar("Issued", NoticePublished, CommendationIssued)


@dataclass(frozen=True)
class PublishedNotice:
    """A version of the notice; ``withdrawn`` is the event that ended it, ``None`` while it stands.

    ``added`` and ``removed`` are the cases that the version before did not have, or had.
    """

    event: Event[NoticePublished]
    withdrawn: Event[NoticeWithdrawn] | None
    added: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def body(self) -> NoticePublished:
        """The content of its event."""
        return self.event.body

    @property
    def days(self) -> tuple[date, date]:
        """First and last day on which it stands."""
        return date.fromisoformat(self.body.day), date.fromisoformat(self.body.until)

    def covers(self, day: date) -> bool:
        """Return whether the notice stood on a day."""
        first, last = self.days
        return first <= day <= last


def compare_lists(
    before: Sequence[str] | None, cases: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which cases a list adds to the one before and which it removes.

    Parameters
    ----------
    before : sequence of str or None
        Ids of the cases of the list before; ``None`` where there is none, and nothing is added.
    cases : sequence of str
        Ids of the cases of the list.

    Examples
    --------
    >>> compare_lists(["T11-1", "P11-1"], ["T11-1", "P12-1"]), compare_lists(None, ["T11-1"])
    ((('P12-1',), ('P11-1',)), ((), ()))
    """
    if before is None:
        return (), ()
    added = tuple(case for case in cases if case not in before)
    return added, tuple(case for case in before if case not in cases)


def compare_versions(
    events: Iterable[Event],
    issued: type[Issued],
    ended: type[NoticeWithdrawn | CommendationWithdrawn],
) -> Iterator[tuple[Event[Issued], Any, tuple[str, ...], tuple[str, ...]]]:
    """Yield each version, oldest first: event, withdrawal or ``None``, cases added, removed."""
    log = EventLog(events)
    withdrawn = {event.body.version: event for event in log.of(ended)}
    before: tuple[str, ...] | None = None
    for event in log.of(issued):
        added, removed = compare_lists(before, event.body.cases)
        yield event, withdrawn.get(event.body.version), added, removed
        before = event.body.cases


def list_notices(events: Iterable[Event]) -> tuple[PublishedNotice, ...]:
    """Return the versions that went out, oldest first."""
    found = compare_versions(events, NoticePublished, NoticeWithdrawn)
    return tuple(PublishedNotice(*version) for version in found)


def standing_notice(events: Iterable[Event]) -> PublishedNotice | None:
    """Return the version that stands: the last one, ``None`` where that was withdrawn.

    What a later version replaced does not come back when that is withdrawn: the list that it
    names was given up, and is published anew if it holds after all.
    """
    notices = list_notices(events)
    return notices[-1] if notices and notices[-1].withdrawn is None else None
