"""Objections (异议) to the public notice: each with what was done about it, and what is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from kjfp_helpers.core.events import (
    Event,
    EventLog,
    ObjectionAssigned,
    ObjectionInquired,
    ObjectionReceived,
    ObjectionReplied,
    ObjectionRuled,
    ObjectionWithdrawn,
)
from kjfp_helpers.state.publication.published_notices import list_notices
from kjfp_helpers.state.revocations import standing_events

TO_ASSIGN, TO_INQUIRE, TO_RULE, TO_REPLY = "待指定核查人", "核查中", "待裁定", "待答复"
CLOSED, TAKEN_BACK = "已办结", "已撤回"
IN_PERIOD, AFTER_PERIOD, NO_NOTICE = "公示期内", "公示期外", "没有登记公示"
NAMED, ANONYMOUS = "实名", "匿名"

_STEPS = (
    ObjectionReceived,
    ObjectionAssigned,
    ObjectionInquired,
    ObjectionRuled,
    ObjectionReplied,
    ObjectionWithdrawn,
)


@dataclass(frozen=True, kw_only=True)
class Objection:
    """An objection with the last event of each kind on it, ``None`` where there is none."""

    received: Event[ObjectionReceived]
    assigned: Event[ObjectionAssigned] | None
    inquired: Event[ObjectionInquired] | None
    ruled: Event[ObjectionRuled] | None
    replied: Event[ObjectionReplied] | None
    withdrawn: Event[ObjectionWithdrawn] | None
    period: str

    @property
    def number(self) -> int:
        """Its number in the register, from 1."""
        return self.received.body.number

    @property
    def is_named(self) -> bool:
        """Whether the objector gave a real name."""
        return bool(self.received.body.identity)

    @property
    def state(self) -> str:
        """What has to be done next, or how it ended, in Chinese."""
        if self.withdrawn:
            return TAKEN_BACK
        if self.ruled:
            return CLOSED if self.replied or not self.is_named else TO_REPLY
        if self.inquired:
            return TO_RULE
        return TO_INQUIRE if self.assigned else TO_ASSIGN

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state not in (CLOSED, TAKEN_BACK)


def list_objections(events: Iterable[Event], timezone: str) -> tuple[Objection, ...]:
    """Return the objections by number; a ruling that was revoked counts as never made.

    Parameters
    ----------
    events : iterable of Event
        The ledger.
    timezone : str
        Time zone of the round, in which the days of the notice are counted.
    """
    log = EventLog(standing_events(tuple(events)))
    last: dict[int, dict[type, Event[Any]]] = {}
    of_objections: tuple[Event[Any], ...] = log.of(*_STEPS)
    for event in of_objections:
        steps = last.setdefault(event.body.number, {})
        if isinstance(event.body, ObjectionReceived):
            steps.pop(ObjectionWithdrawn, None)
        if isinstance(event.body, ObjectionRuled):
            steps.pop(ObjectionReplied, None)  # another ruling asks for another reply
        steps[type(event.body)] = event
    return tuple(
        _objection(log, steps, timezone)
        for _, steps in sorted(last.items())
        if ObjectionReceived in steps
    )


def _objection(log: EventLog, steps: dict[type, Event[Any]], timezone: str) -> Objection:
    received: Event[ObjectionReceived] = steps[ObjectionReceived]
    day = datetime.fromisoformat(received.body.at).astimezone(ZoneInfo(timezone)).date()
    return Objection(
        received=received,
        assigned=steps.get(ObjectionAssigned),
        inquired=steps.get(ObjectionInquired),
        ruled=steps.get(ObjectionRuled),
        replied=steps.get(ObjectionReplied),
        withdrawn=steps.get(ObjectionWithdrawn),
        period=_period(log, day),
    )


def _period(log: EventLog, day: date) -> str:
    """Return whether a day lies in the period of a version of the notice."""
    notices = list_notices(log)
    if not notices:
        return NO_NOTICE
    return IN_PERIOD if any(notice.covers(day) for notice in notices) else AFTER_PERIOD
