"""Rows of the log: every event with number, time, who, what, about whom, why, on which paper."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from kjfp_helpers.core.events import Event
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.event_log.assessment_events import ASSESSMENT_EVENTS
from kjfp_helpers.reports.data.event_log.event_subjects import Describer, EventNames
from kjfp_helpers.reports.data.event_log.panel_events import (
    MEETING_EVENTS,
    PANEL_EVENTS,
    PUBLICATION_EVENTS,
)
from kjfp_helpers.reports.data.event_log.round_events import INTAKE_EVENTS, ROUND_EVENTS
from kjfp_helpers.reports.data.event_log.spot_check_events import SPOT_CHECK_EVENTS
from kjfp_helpers.state.access import EVENT_PERMISSIONS
from kjfp_helpers.state.revocations import list_revoked

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

Row = dict[str, Any]

DESCRIBERS: Mapping[type, Describer[Any]] = {
    **ROUND_EVENTS,
    **INTAKE_EVENTS,
    **PANEL_EVENTS,
    **MEETING_EVENTS,
    **SPOT_CHECK_EVENTS,
    **ASSESSMENT_EVENTS,
    **PUBLICATION_EVENTS,
}
"""Kind of event to the words on it."""
SHOWN_DIGITS = 16
"""Digits of an event's hash that are shown; ``kjfp verify --head`` takes four or more."""
_DOCUMENT_FIELDS = ("document", "resolution", "approval")


def build_event_rows(state: "RoundState") -> Iterator[Row]:
    """Yield ``seq at actor title about words reason document by undone hash`` of every event.

    Identity and phone numbers are masked, also in what members and the office typed. ``undone``
    says which event took a decision back, ``""`` while it stands.
    """
    names, revoked = EventNames(state), list_revoked(state.events)
    zone = ZoneInfo(state.round.notice.round.timezone)
    for event in state.events:
        back = revoked.get(event.seq)
        yield {
            "seq": event.seq,
            "at": event.at.astimezone(zone).replace(tzinfo=None, microsecond=0),
            "actor": event.actor,
            "title": event_title(event),
            **describe_event(names, event),
            "undone": f"已由第{back.seq}条撤销" if back else "",
            "hash": event.hash[:SHOWN_DIGITS],
        }


def build_daily_heads(state: "RoundState") -> Iterator[Row]:
    """Yield ``day first last count hash`` for every day with events: the head to be signed."""
    zone = ZoneInfo(state.round.notice.round.timezone)

    def day_of(event: Event) -> date:
        return event.at.astimezone(zone).date()

    for day, group in groupby(state.events, day_of):
        events = list(group)
        yield {
            "day": day,
            "first": events[0].seq,
            "last": events[-1].seq,
            "count": len(events),
            "hash": events[-1].hash,
        }


def event_title(event: Event) -> str:
    """Return what an event is called, as access control calls the right to it."""
    return EVENT_PERMISSIONS[type(event.body)].title


def describe_event(names: EventNames, event: Event) -> Row:
    """Return ``about words reason document by`` of an event, numbers masked."""
    about, words = DESCRIBERS[type(event.body)](names, event.body)
    documents = (getattr(event.body, field, "") for field in _DOCUMENT_FIELDS)
    texts = {
        "about": about,
        "words": words,
        "reason": getattr(event.body, "reason", ""),
        "document": "；".join(filter(None, documents)),
        "by": "、".join(getattr(event.body, "by", ())),
    }
    return {
        key: mask_personal_numbers(formatting.remove_control_chars(text))
        for key, text in texts.items()
    }
