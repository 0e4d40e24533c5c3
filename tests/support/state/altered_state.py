"""A round state with parts given in place of those derived."""

import copy

from kjfp_helpers.core.events import EventLog


def altered(state, **parts):
    """Return the state with these parts; other stages stay as they were derived."""
    made = copy.copy(state)
    if "events" in parts:
        vars(made).pop("standing_events", None)
        parts["events"] = EventLog(parts["events"])
    vars(made).update(parts)
    return made


def screened_anew(state, **parts):
    """Return the state with these parts of its screening."""
    screening = copy.copy(state.screening)
    for name in ("eligible_cases", "case_by_id"):
        vars(screening).pop(name, None)
    vars(screening).update(parts)
    return altered(state, screening=screening)
