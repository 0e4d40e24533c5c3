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
from kjfp_helpers.state.publication.published_notices import compare_versions
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
    found = compare_versions(events, CommendationIssued, CommendationWithdrawn)
    return tuple(IssuedCommendation(*version) for version in found)


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
    revoked = revoked_cases(log)
    own = (revoked[case] for case in standing.body.cases if case in revoked)
    return tuple(sorted(own, key=lambda event: event.seq))


def revoked_cases(events: Iterable[Event]) -> dict[str, Event[CommendationRevoked]]:
    """Return the last revocation of each case that was not taken back."""
    log = EventLog(standing_events(tuple(events)))
    return {event.body.case: event for event in log.of(CommendationRevoked)}


def due_cases(events: Iterable[Event]) -> tuple[str, ...]:
    """Return whom the next decision has to name: all of the versions that hold, less the revoked.

    A version that was withdrawn names nobody; who was revoked by mistake comes back by this.
    """
    log = tuple(events)
    revoked = revoked_cases(log)
    valid = (one.body.cases for one in list_commendations(log) if one.withdrawn is None)
    named = dict.fromkeys(case for cases in valid for case in cases)
    return tuple(case for case in named if case not in revoked)


def is_decision_due(events: Iterable[Event]) -> bool:
    """Return whether the standing decision names others than those who are to be commended."""
    log = tuple(events)
    standing = standing_commendation(log)
    return standing is not None and set(standing.body.cases) != set(due_cases(log))


def commended_cases(events: Iterable[Event]) -> tuple[str, ...]:
    """Return who is commended by now: the standing decision without what was revoked since."""
    log = tuple(events)
    standing = standing_commendation(log)
    gone = {event.body.case for event in list_revocations(log)}
    return tuple(case for case in standing.body.cases if case not in gone) if standing else ()
