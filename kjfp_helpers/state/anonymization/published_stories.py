"""Limits of anonymization: stories that a public page repeats."""

from kjfp_helpers.core.events import IdentitiesRevealed
from kjfp_helpers.state.round_state import RoundState

_NAMED = 5
"""Cases that a note names."""


def note_published_stories(state: RoundState) -> tuple[str, ...]:
    """Return a note on cases whose deeds stand on their unit's exhibition page, before the reveal.

    A member who searches the page for a sentence of the deeds finds the unit; no mask helps.
    """
    shown = state.round.notice.ruling.blind.value == "open"
    if shown or state.events.has(IdentitiesRevealed):
        return ()
    traces = state.screening.public_traces
    found = [
        case.id
        for case in state.screening.eligible_cases
        if traces.repeats_story(case.unit, case.nominee.story)
    ]
    if not found:
        return ()
    named = "、".join(found[:_NAMED]) + ("等" if len(found) > _NAMED else "")
    return (
        f"{len(found)}件的事迹与本单位展览页文字相同（{named}）：展览公开后，评委按原文可查到单位。"
        "尚未揭示身份的，宜在揭示以后再公开展览",
    )
