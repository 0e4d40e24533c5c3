"""Events in the order of the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from kjfp_helpers.core.events.event_types import EventBody, stored_kind


@dataclass(frozen=True, kw_only=True)
class Event:
    """An event with its position in the hash chain.

    ``seq`` counts from 1; ``at`` is an aware time; ``hash`` covers all other fields, ``previous``
    (the hash of the event before) among them.
    """

    seq: int
    at: datetime
    actor: str
    body: EventBody
    previous: str = field(default="")
    hash: str = field(default="")

    @property
    def kind(self) -> str:
        """Name of the kind as the ledger stores it."""
        return stored_kind(type(self.body))


Body = TypeVar("Body")


def find_last(events: Iterable[Event], *kinds: type[Body]) -> Body | None:
    """Return the last event body of one of the kinds, ``None`` where there is none."""
    bodies = [event.body for event in events if isinstance(event.body, kinds)]
    return bodies[-1] if bodies else None
