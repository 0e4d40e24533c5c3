"""Plan the readings of a round from the round state alone, reproducibly."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from math import ceil

from kjfp_helpers import panel_review as panel_review
from kjfp_helpers.core.events import ConflictRuled, ReadingsAssigned, ScoringClosed
from kjfp_helpers.panel_review import Assignment, ReadingMatrix
from kjfp_helpers.panel_review.assignment.panel_simulation import simulate_selection_errors
from kjfp_helpers.panel_review.assignment.reading_matrix import Readings
from kjfp_helpers.rules import Round
from kjfp_helpers.state.frozen_rules import has_scores
from kjfp_helpers.state.panel.review_progress import seats_by_kind
from kjfp_helpers.state.round_state import RoundState


def plan_readings(state: RoundState, round: int = 1) -> ReadingsAssigned | None:
    """Return the readings of a round as the state stands, None when nothing is to be given.

    The seed comes from the rules that were frozen when the first assignment was made, so that
    anyone can do it again. For the round that is being read, cases that came later and readings
    that were released get their readers; after the marks closed nothing moves. Rules frozen anew
    give a new assignment only as long as nobody has marked.

    Raises
    ------
    DesignError
        When no design is possible, or the rules have no such round.
    """
    assigned, seed = last_assignment(state), _seed(state.round)
    anew = round == 1 and not has_scores(state.events)
    if assigned is None or (anew and assigned.round == 1 and assigned.seed != seed):
        return _first(state, seed)
    if any(isinstance(event.body, ScoringClosed) for event in state.standing_events):
        return None
    if round > assigned.round:
        return _next(state, _board(state, assigned), assigned, _chances(state))
    more = _more(state, assigned)
    if more is None:
        return None
    planned = _event(replace(more, anchors=assigned.anchors), assigned.seed, round)
    return replace(planned, afresh=assigned.afresh)


def _more(state: RoundState, assigned: ReadingsAssigned) -> Assignment | None:
    """Return the readings of the round with what newcomers and released readings add."""
    ruling, board = state.round.notice.ruling, _board(state, assigned)
    released, seed = released_readings(state, assigned), assigned.seed
    if assigned.afresh:  # who is not in the band has been read in the first round
        more = panel_review.assign_band_newcomers(
            board,
            minimum=ruling.quorum.value,
            seed=seed,
            anchors=assigned.anchors,
            released=released,
        )
    else:
        more = panel_review.assign_replacements(
            board,
            seed=seed,
            minimum=ruling.quorum.value,
            round=assigned.round,
            readings=ceil(ruling.readings_by(assigned.round)),
            released=released,
            anchors=assigned.anchors,
        )
    if more is None:
        return None
    return replace(more, readings={**_left(state, assigned), **more.readings})


def released_readings(state: RoundState, assigned: ReadingsAssigned) -> list[str]:
    """Return the cases of readings that were given back, one each time.

    That is those of members who left, and those on which a tie was granted since.
    """
    barred = set(zip(state.conflicts["member"], state.conflicts["case"], strict=True))
    kept = _left(state, assigned)
    left = [
        case
        for member, ids in kept.items()
        for case in assigned.readings[member]
        if case not in ids and (member, case) not in barred
    ]
    return [*left, *_granted_away(state, assigned)]


def _granted_away(state: RoundState, assigned: ReadingsAssigned) -> list[str]:
    """Return the cases that lost readers by a granted recusal, as often as they want another.

    A case wants as many readers as the first round gives, anchors and cases read afresh by the
    whole panel none besides.
    """
    barred = set(zip(state.conflicts["member"], state.conflicts["case"], strict=True))
    granted = {
        (event.body.member, event.body.case)
        for event in state.events
        if isinstance(event.body, ConflictRuled) and event.body.bars
    }
    pairs = [(member, case) for member, ids in assigned.readings.items() for case in ids]
    standing = Counter(case for member, case in pairs if (member, case) not in barred)
    lost = Counter(case for pair in pairs if pair in granted & barred for case in pair[1:])
    wanted = 0 if assigned.afresh else ceil(state.round.notice.ruling.readings_by(1))
    return [
        case
        for case, times in lost.items()
        if case not in assigned.anchors
        for _ in range(min(times, max(wanted - standing[case], 0)))
    ]


def _left(state: RoundState, assigned: ReadingsAssigned) -> dict[str, tuple[str, ...]]:
    """Return the readings that members who left gave a mark that counts."""
    kept = _kept(state, assigned)
    return {
        member: tuple(case for case in assigned.readings[member] if case in kept[member])
        for member in state.departed
        if member in assigned.readings
    }


def last_assignment(state: RoundState) -> ReadingsAssigned | None:
    """Return the readings as they were last assigned."""
    bodies = [event.body for event in state.events if isinstance(event.body, ReadingsAssigned)]
    return bodies[-1] if bodies else None


def _first(state: RoundState, seed: int) -> ReadingsAssigned:
    ruling, board = state.round.notice.ruling, _board(state)
    planned = panel_review.assign_readings(
        board, readings=ceil(ruling.readings_by(1)), anchors=ruling.anchors.value, seed=seed
    )
    return _event(planned, seed, 1)


def _next(
    state: RoundState,
    board: ReadingMatrix,
    assigned: ReadingsAssigned,
    chances: Mapping[str, float],
) -> ReadingsAssigned:
    ruling, seed, number = state.round.notice.ruling, assigned.seed, assigned.round + 1
    least, most = ruling.quorum.value, ruling.readings_by(number)
    if ruling.plan.value == "band":
        planned = panel_review.assign_band_round(
            board, anchors=assigned.anchors, chances=chances, readings=most, seed=seed
        )
        return replace(_event(planned, seed, number), afresh=True)
    planned = panel_review.assign_adaptive_round(
        board,
        anchors=assigned.anchors,
        chances=chances,
        readings=most,
        minimum=least,
        seed=seed,
        round=number,
    )
    readings = {**_left(state, assigned), **planned.readings}
    return _event(replace(planned, anchors=assigned.anchors, readings=readings), seed, number)


def _board(state: RoundState, assigned: ReadingsAssigned | None = None) -> ReadingMatrix:
    members = [member.member for member in state.active_members]
    earlier = assigned.readings if assigned else None
    return ReadingMatrix.build(
        state.eligible_cases, members, state.conflicts, earlier, _kept(state, assigned)
    )


def _kept(state: RoundState, assigned: ReadingsAssigned | None) -> dict[str, list[str]]:
    """Return the cases on which the marks of those who left count in this round."""
    totals = state.scores.totals
    if assigned is None:
        return {}
    rows = totals[totals["round"] >= assigned.since]
    return {
        member: rows.loc[rows["member"] == member, "case"].tolist() for member in state.departed
    }


def _event(planned: Assignment, seed: int, round: int) -> ReadingsAssigned:
    digest = panel_review.readings_digest(planned.readings)
    return ReadingsAssigned(
        readings=dict(planned.readings),
        seed=seed,
        digest=digest,
        anchors=planned.anchors,
        round=round,
    )


def _seed(round: Round) -> int:
    return int(round.digest[:8], 16)


def _chances(state: RoundState) -> dict[str, float]:
    return {
        case: chance
        for ranking in state.rankings.values()
        for case, chance in zip(ranking.table["case"], ranking.table["p_in"], strict=True)
    }


def simulate_errors(state: RoundState, planned: ReadingsAssigned) -> dict[str, float]:
    """Simulate the whole design, with its second round where the rules have one."""
    ruling, board = state.round.notice.ruling, _board(state, planned)

    def following(board: ReadingMatrix, number: int, chances: Mapping[str, float]) -> Readings:
        before = replace(planned, round=number - 1)
        return _next(state, board, before, chances).readings

    return simulate_selection_errors(
        board,
        seats=seats_by_kind(state),
        assumed=state.round.rubric.assumed,
        adjusted=ruling.method.value == "adjusted",
        seed=planned.seed,
        assign_next_round=following,
        rounds=ruling.last_round,
    )
