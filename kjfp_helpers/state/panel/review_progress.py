"""Progress of the current reading round: outstanding readings, next round."""

from collections import Counter

import pandas as pd

from kjfp_helpers.core.events import ReadingsAssigned
from kjfp_helpers.panel_review.assignment.reading_assignment import assigned_pairs
from kjfp_helpers.state.round_state import RoundState


def completed_mask(state: RoundState) -> pd.Series:
    """Return a boolean per reading: scored in the round, or not to be scored any more.

    Readings of members who left count as completed.
    """
    known = {case.id for case in state.screening.eligible_cases}
    away = set(zip(state.scores.conflicts["member"], state.scores.conflicts["case"], strict=True))
    readings = state.scores.readings
    scored = state.scores.tables.scored_mask(readings)
    rows = zip(readings["member"], readings["case"], scored, strict=True)
    done = [
        is_scored or member in state.scores.departed or case not in known or (member, case) in away
        for member, case, is_scored in rows
    ]
    return pd.Series(done, index=readings.index, dtype=bool)


def reading_members(state: RoundState) -> list[str]:
    """Return the members who have readings or left, in the panel's order."""
    reading = {*state.scores.readings["member"], *state.scores.departed}
    return [row.member for row in state.round.panel if row.member in reading]


def recused_readings(state: RoundState) -> set[tuple[str, str]]:
    """Return member and case of every reading that a recusal or a ruling takes from the member.

    A score given before does not count. Cases never assigned to a member are none.
    """
    barred = pd.concat([state.scores.tables.recusals, state.scores.conflicts])
    return set(zip(barred["member"], barred["case"], strict=True)) & assigned_pairs(state.events)


def count_reading_loads(state: RoundState) -> dict[str, dict[str, int]]:
    """Return what became of each member's readings, those of a member who left included.

    ``assigned`` is the sum of ``scored``, ``recused``, ``left`` (unread when the member left, and
    given to others) and ``unread``.
    """
    assigned, recused = assigned_pairs(state.events), recused_readings(state)
    totals = state.scores.tables.totals
    scored = set(zip(totals["member"], totals["case"], strict=True))
    waiting = Counter(member for member, _ in assigned - scored - recused)
    gone = state.scores.departed
    counts = {
        "assigned": Counter(member for member, _ in assigned),
        "scored": Counter(member for member, _ in assigned & scored),
        "recused": Counter(member for member, _ in recused),
        "left": {member: count for member, count in waiting.items() if member in gone},
        "unread": {member: count for member, count in waiting.items() if member not in gone},
    }
    return {
        row.member: {title: count.get(row.member, 0) for title, count in counts.items()}
        for row in state.round.panel
    }


def has_next_round(state: RoundState) -> bool:
    """Whether the rules have a further round after the current one."""
    bodies = state.events.bodies(ReadingsAssigned)
    return bool(bodies) and bodies[-1].round < state.round.notice.ruling.last_round


def outstanding_by_member(state: RoundState) -> dict[str, int]:
    """Return the number of readings per member without a complete score."""
    return dict(Counter(state.scores.readings.loc[~completed_mask(state), "member"].tolist()))
