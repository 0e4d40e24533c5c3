"""Derive the agenda again: bands by the chances of then, the order by its seed."""

from collections.abc import Sequence

from kjfp_helpers.commands.verification.intake_check import verification_error
from kjfp_helpers.commands.verification.past_states import PastStates
from kjfp_helpers.core.events import AgendaDrawn, Event, EventLog
from kjfp_helpers.selection.meeting_agenda import draw_order
from kjfp_helpers.state.meeting.agenda import agenda_seed, find_bands, is_agenda_seed


def check_agenda(states: PastStates, events: Sequence[Event]) -> bool:
    """Compare every draw of the agenda with itself derived again.

    Returns
    -------
    bool
        Whether there was one.

    Raises
    ------
    DifferenceError
        At the first draw whose seed, bands or order differ.
    """
    draws = EventLog(events).of(AgendaDrawn)
    for event in draws:
        body, where = event.body, f"会议议程（台账第{event.seq}条）"
        before = [one for one in events if one.seq < event.seq]
        if not is_agenda_seed(body.seed, before):
            raise verification_error(where, f"种子 {agenda_seed(before)}", body.seed)
        bands = find_bands(states.state_before(event.seq), body.nominees)
        if dict(body.bands) != bands:
            moved = sorted(one for one in bands if bands[one] != body.bands.get(one))
            raise verification_error(where, "按当时入围概率所分的档", f"{'、'.join(moved)}不同")
        if tuple(body.order) != draw_order(bands, body.seed):
            raise verification_error(where, f"种子 {body.seed} 所排的顺序", "顺序不同")
    return bool(draws)
