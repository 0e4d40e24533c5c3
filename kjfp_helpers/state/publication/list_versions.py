"""Versions of the list as it was made public: each notice and each decision that changed it."""

from collections.abc import Iterable
from dataclasses import dataclass

from kjfp_helpers.core.events import CommendationIssued, Event, EventLog, NoticePublished
from kjfp_helpers.state.publication.published_notices import compare_lists

NOTICE, DECISION = "公示", "表扬决定"


@dataclass(frozen=True)
class ListVersion:
    """A version of the list, from 1; what made the same list public again is in ``events``.

    ``added`` and ``removed`` are the cases that the version before did not have, or had.
    """

    number: int
    cases: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    events: tuple[Event[NoticePublished | CommendationIssued], ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """What made it public, in Chinese."""
        return tuple(
            f"第{event.body.version}版{NOTICE}"
            if isinstance(event.body, NoticePublished)
            else f"{DECISION}（{event.body.document}）"
            for event in self.events
        )

    @property
    def day(self) -> str:
        """The day on which it was first made public."""
        return self.events[0].body.day

    @property
    def reason(self) -> str:
        """Why it differs from the one before; blank for the first."""
        return self.events[0].body.reason


def list_versions(events: Iterable[Event]) -> tuple[ListVersion, ...]:
    """Return the versions of the list, oldest first; the same names again are no new version."""
    versions: list[ListVersion] = []
    for event in EventLog(events).of(NoticePublished, CommendationIssued):
        cases = event.body.cases
        last = versions[-1] if versions else None
        if last and set(last.cases) == set(cases):
            same = (*last.events, event)
            versions[-1] = ListVersion(last.number, last.cases, last.added, last.removed, same)
            continue
        added, removed = compare_lists(last.cases if last else None, cases)
        versions.append(ListVersion(len(versions) + 1, cases, added, removed, (event,)))
    return tuple(versions)
