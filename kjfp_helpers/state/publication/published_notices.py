"""Versions of the public notice (公示) that went out, and how each differs from the one before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kjfp_helpers.core.events import Event, EventLog, NoticePublished, NoticeWithdrawn


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


def list_notices(events: Iterable[Event]) -> tuple[PublishedNotice, ...]:
    """Return the versions that went out, oldest first."""
    log = EventLog(events)
    withdrawn = {event.body.version: event for event in log.of(NoticeWithdrawn)}
    notices: list[PublishedNotice] = []
    before: tuple[str, ...] = ()
    for event in log.of(NoticePublished):
        cases = event.body.cases
        added = tuple(case for case in cases if case not in before) if notices else ()
        removed = tuple(case for case in before if case not in cases)
        back = withdrawn.get(event.body.version)
        notices.append(PublishedNotice(event, back, added, removed))
        before = cases
    return tuple(notices)


def standing_notice(events: Iterable[Event]) -> PublishedNotice | None:
    """Return the last version that was not withdrawn, ``None`` where there is none."""
    notices = [one for one in list_notices(events) if one.withdrawn is None]
    return notices[-1] if notices else None
