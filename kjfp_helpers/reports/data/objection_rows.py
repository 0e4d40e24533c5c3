"""Rows of the register of objections; who objects is not among them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.reports.data.event_log.event_subjects import EventNames
from kjfp_helpers.state.publication.objections import (
    ANONYMOUS,
    NAMED,
    Objection,
    list_objections,
)

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

Row = dict[str, Any]


def build_objection_rows(state: "RoundState") -> Iterator[Row]:
    """Yield a row for every objection.

    Columns: ``number at channel signed period about subject evidence inquirers findings outcome
    struck reply state``.
    """
    names = EventNames(state)
    for one in list_objections(state.events, state.round.notice.round.timezone):
        yield {
            key: mask_personal_numbers(value) if isinstance(value, str) else value
            for key, value in _row(names, one).items()
        }


def _row(names: EventNames, one: Objection) -> Row:
    received = one.received.body
    return {
        "number": f"第{one.number}号",
        "at": received.at[:16].replace("T", " "),
        "channel": received.channel,
        "signed": NAMED if one.is_named else ANONYMOUS,
        "period": one.period,
        "about": names.cases(received.cases),
        "subject": received.subject,
        "evidence": len(received.evidence),
        "inquirers": "、".join(one.assigned.body.inquirers) if one.assigned else "",
        "findings": one.inquired.body.findings if one.inquired else "",
        "outcome": one.ruled.body.outcome if one.ruled else "",
        "struck": names.cases(one.ruled.body.struck) if one.ruled else "",
        "reply": one.replied.body.day if one.replied else "",
        "state": one.state,
    }
