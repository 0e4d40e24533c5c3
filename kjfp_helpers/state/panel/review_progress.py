"""Progress of the current reading round: outstanding readings, next round, expected errors."""

from collections import Counter

import pandas as pd

from kjfp_helpers.core.events import ReadingsAssigned
from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.state.round_state import RoundState


def completed_mask(state: RoundState) -> pd.Series:
    """Return which readings of the round are done with: marked in it, or not to be marked.

    Nobody waits for a member who left.
    """
    known = {case.id for case in state.eligible_cases}
    away = set(zip(state.conflicts["member"], state.conflicts["case"], strict=True))
    given = state.scores.totals.set_index(["member", "case"])["round"].to_dict()
    rows = state.readings[["member", "case", "since"]].itertuples(index=False, name=None)
    done = [
        member in state.departed
        or case not in known
        or (member, case) in away
        or given.get((member, case), 0) >= since
        for member, case, since in rows
    ]
    return pd.Series(done, index=state.readings.index, dtype=bool)


def assigned_pairs(state: RoundState) -> set[tuple[str, str]]:
    """Return member and case of every reading given in any round."""
    bodies = [event.body for event in state.events if isinstance(event.body, ReadingsAssigned)]
    return {
        (member, case) for body in bodies for member, ids in body.readings.items() for case in ids
    }


def has_next_round(state: RoundState) -> bool:
    """Whether the rules have a further round after the one that is being read."""
    bodies = [event.body for event in state.events if isinstance(event.body, ReadingsAssigned)]
    return bool(bodies) and bodies[-1].round < state.round.notice.ruling.last_round


def outstanding_by_member(state: RoundState) -> dict[str, int]:
    """Return how many readings each member of the round still owes a complete mark."""
    return dict(Counter(state.readings.loc[~completed_mask(state), "member"].tolist()))


def seats_by_kind(state: RoundState) -> dict[str, int]:
    """Return how many places of each kind there are (clause 二)."""
    commended = state.round.notice.commended
    return {"team": commended.teams, "individual": commended.individuals}


def expected_errors_text(state: RoundState) -> str:
    """Return in Chinese what the design was expected to get wrong, ``""`` when nothing was told."""
    told: dict[str, float] = {}
    for event in state.events:
        if isinstance(event.body, ReadingsAssigned):
            told = dict(event.body.misplaced) or told
    parts = [
        f"{KIND_TITLES[kind]} {number} 个名额中约 {told[kind]:.0f} 个"
        for kind, number in seats_by_kind(state).items()
        if kind in told
    ]
    said = f"按本次分派测算，名单中可能偏差：{'，'.join(parts)}（按评分标准所列假定推算）"
    return said if parts else ""
