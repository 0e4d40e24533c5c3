"""Decisions to commend (表扬决定) that were issued, and who is commended by now."""

from collections.abc import Iterable
from dataclasses import dataclass

from kjfp_helpers.core.events import (
    CommendationIssued,
    CommendationRevoked,
    CommendationWithdrawn,
    Event,
    EventLog,
)
from kjfp_helpers.state.publication.published_notices import compare_lists
from kjfp_helpers.state.revocations import standing_events


@dataclass(frozen=True)
class IssuedCommendation:
    """A version of the decision; ``withdrawn`` is the event that ended it, ``None`` for none.

    ``added`` and ``removed`` are the cases that the version before did not have, or had.
    """

    event: Event[CommendationIssued]
    withdrawn: Event[CommendationWithdrawn] | None
    added: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def body(self) -> CommendationIssued:
        """The content of its event."""
        return self.event.body


def list_commendations(events: Iterable[Event]) -> tuple[IssuedCommendation, ...]:
    """Return the versions that were issued, oldest first."""
    log = EventLog(events)
    withdrawn = {event.body.version: event for event in log.of(CommendationWithdrawn)}
    versions: list[IssuedCommendation] = []
    before: tuple[str, ...] | None = None
    for event in log.of(CommendationIssued):
        added, removed = compare_lists(before, event.body.cases)
        back = withdrawn.get(event.body.version)
        versions.append(IssuedCommendation(event, back, added, removed))
        before = event.body.cases
    return tuple(versions)


def standing_commendation(events: Iterable[Event]) -> IssuedCommendation | None:
    """Return the version that stands: the last one, ``None`` where that was withdrawn."""
    versions = list_commendations(events)
    return versions[-1] if versions and versions[-1].withdrawn is None else None


def list_revocations(events: Iterable[Event]) -> tuple[Event[CommendationRevoked], ...]:
    """Return what was revoked since the standing decision, which still names these cases."""
    log = tuple(events)
    standing = standing_commendation(log)
    if standing is None:
        return ()
    revoked = EventLog(standing_events(log)).of(CommendationRevoked)
    last = {event.body.case: event for event in revoked if event.body.case in standing.body.cases}
    return tuple(sorted(last.values(), key=lambda event: event.seq))


def commended_cases(events: Iterable[Event]) -> tuple[str, ...]:
    """Return who is commended by now: the standing decision without what was revoked since."""
    log = tuple(events)
    standing = standing_commendation(log)
    gone = {event.body.case for event in list_revocations(log)}
    return tuple(case for case in standing.body.cases if case not in gone) if standing else ()
