"""Events in the order of the ledger, and the log of them that the state is derived from."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from kjfp_helpers.core.events.event_types import EventBody, stored_kind

if TYPE_CHECKING:
    from typing_extensions import TypeVar as TypeVarWithDefault

    Body_co = TypeVarWithDefault("Body_co", default=EventBody, covariant=True)
else:
    Body_co = TypeVar("Body_co", covariant=True)


@dataclass(frozen=True, kw_only=True)
class Event(Generic[Body_co]):
    """An event with its position in the hash chain.

    ``seq`` counts from 1; ``at`` is an aware time; ``hash`` covers all other fields, ``previous``
    (the hash of the event before) among them.
    """

    seq: int
    at: datetime
    actor: str
    body: Body_co
    previous: str = field(default="")
    hash: str = field(default="")

    @property
    def kind(self) -> str:
        """Name of the kind as the ledger stores it."""
        return stored_kind(type(self.body))

    @cached_property
    def content_digest(self) -> str:
        """SHA-256 of number, time, actor and content, whatever ``hash`` says."""
        parts = [self.seq, self.at.isoformat(), self.actor, self.kind, vars(self.body)]
        return hashlib.sha256(json.dumps(parts, default=_to_plain).encode()).hexdigest()


Body = TypeVar("Body")
Other = TypeVar("Other")
Third = TypeVar("Third")


class EventLog(tuple[Event, ...]):
    """Events in order, looked up by kind.

    A tuple as far as everything else is concerned; making a log of a log costs nothing.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from kjfp_helpers.core.events import BallotVoided, RoundOpened, ScoringClosed
    >>> at = datetime(2020, 9, 1, tzinfo=UTC)
    >>> log = EventLog([Event(seq=1, at=at, actor="甲", body=RoundOpened(round="2020")),
    ...                 Event(seq=2, at=at, actor="甲", body=ScoringClosed(reason="截止"))])
    >>> [event.seq for event in log.of(ScoringClosed)], log.last(RoundOpened)
    ([2], RoundOpened(round='2020'))
    >>> log.has(BallotVoided), log.last(BallotVoided)
    (False, None)
    """

    def __new__(cls, events: Iterable[Event] = ()) -> "EventLog":
        """Return the log of these events, the same where they are one already."""
        return events if type(events) is cls else super().__new__(cls, events)

    @overload
    def of(self, kind: type[Body], /) -> tuple[Event[Body], ...]: ...
    @overload
    def of(self, one: type[Body], two: type[Other], /) -> tuple[Event[Body | Other], ...]: ...
    @overload
    def of(
        self, one: type[Body], two: type[Other], three: type[Third], /
    ) -> tuple[Event[Body | Other | Third], ...]: ...
    @overload
    def of(self, *kinds: type) -> tuple[Event, ...]: ...
    def of(self, *kinds: type) -> tuple[Event[Any], ...]:
        """Return the events of these kinds, in order."""
        if len(kinds) == 1:
            return tuple(self[at] for at in self._places.get(kinds[0], ()))
        places = sorted(at for kind in dict.fromkeys(kinds) for at in self._places.get(kind, ()))
        return tuple(self[at] for at in places)

    def bodies(self, kind: type[Body]) -> tuple[Body, ...]:
        """Return the content of the events of a kind, in order."""
        return tuple(event.body for event in self.of(kind))

    @overload
    def last(self, kind: type[Body], /) -> Body | None: ...
    @overload
    def last(self, one: type[Body], two: type[Other], /) -> Body | Other | None: ...
    def last(self, *kinds: type) -> Any:
        """Return the content of the last event of one of the kinds, ``None`` for no such event."""
        places = [self._places[kind][-1] for kind in kinds if kind in self._places]
        return self[max(places)].body if places else None

    def has(self, *kinds: type) -> bool:
        """Return whether there is an event of one of the kinds."""
        return any(kind in self._places for kind in kinds)

    @cached_property
    def _places(self) -> dict[type, list[int]]:
        """The places of the events of each kind."""
        places: dict[type, list[int]] = {}
        for at, event in enumerate(self):
            places.setdefault(type(event.body), []).append(at)
        return places


def _to_plain(value: Any) -> Any:
    """Return a value that an event may hold as JSON can hold it."""
    return vars(value) if hasattr(value, "__dict__") else str(value)
