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
from kjfp_helpers.state.round_state import RoundState


def plan_readings(state: RoundState, round: int = 1) -> ReadingsAssigned | None:
    """Return the readings of a round for the state, None when nothing is to be assigned.

    The seed comes from the rules frozen at the first assignment, so that anyone can reproduce it.
    In the current round, later cases and released readings get readers; after scoring closed
    nothing changes. Rules frozen again give a new assignment only before the first score.

    Raises
    ------
    AssignmentError
        When no design is possible, or the rules have no such round.
    """
    assigned, seed = last_assignment(state), _frozen_seed(state.round)
    if assigned is None or _begins_anew(state, assigned, round):
        return _assign_first_round(state, seed)
    if state.standing_events.has(ScoringClosed):
        return None
    if round > assigned.round:
        return _assign_next_round(
            state, _build_matrix(state, assigned), assigned, _inclusion_probabilities(state)
        )
    more = _add_missing_readings(state, assigned)
    if more is None:
        return None
    planned = _make_event(replace(more, anchors=assigned.anchors), assigned.seed, round)
    return replace(planned, afresh=assigned.afresh)


def is_assignment_due(state: RoundState) -> bool:
    """Whether :func:`plan_readings` has readings to assign in the current round; plans none."""
    assigned = last_assignment(state)
    if assigned is None:
        return bool(state.screening.eligible_cases)
    if _begins_anew(state, assigned, 1):
        return True
    if state.standing_events.has(ScoringClosed):
        return False
    matrix, released = _build_matrix(state, assigned), released_readings(state, assigned)
    if assigned.afresh:
        return any(member not in matrix.earlier_readings for member in matrix.members)
    ruling = state.round.notice.ruling
    return bool(
        panel_review.count_missing_readers(
            matrix,
            minimum=ruling.quorum.value,
            readings=ceil(ruling.readings_by(assigned.round)),
            released=released,
            anchors=assigned.anchors,
        ).any()
    )


def _begins_anew(state: RoundState, assigned: ReadingsAssigned, round: int) -> bool:
    """Whether rules frozen again before the first score ask for another first round."""
    first = round == assigned.round == 1 and not has_scores(state.events)
    return first and assigned.seed != _frozen_seed(state.round)


def _add_missing_readings(state: RoundState, assigned: ReadingsAssigned) -> Assignment | None:
    """Return the readings of the round with those of new members and released readings."""
    ruling, matrix = state.round.notice.ruling, _build_matrix(state, assigned)
    released, seed = released_readings(state, assigned), assigned.seed
    if assigned.afresh:  # cases outside the band were read in the first round
        more = panel_review.assign_band_newcomers(
            matrix,
            minimum=ruling.quorum.value,
            seed=seed,
            anchors=assigned.anchors,
            released=released,
        )
    else:
        more = panel_review.assign_replacements(
            matrix,
            seed=seed,
            minimum=ruling.quorum.value,
            round=assigned.round,
            readings=ceil(ruling.readings_by(assigned.round)),
            released=released,
            anchors=assigned.anchors,
        )
    if more is None:
        return None
    return replace(more, readings={**_departed_readings(state, assigned), **more.readings})


def released_readings(state: RoundState, assigned: ReadingsAssigned) -> list[str]:
    """Return the cases of released readings, once per reading.

    Those are the readings of members who left and of recusals granted since.
    """
    barred = set(zip(state.scores.conflicts["member"], state.scores.conflicts["case"], strict=True))
    kept = _departed_readings(state, assigned)
    left = [
        case
        for member, ids in kept.items()
        for case in assigned.readings[member]
        if case not in ids and (member, case) not in barred
    ]
    return [*left, *_recused_cases(state, assigned)]


def _recused_cases(state: RoundState, assigned: ReadingsAssigned) -> list[str]:
    """Return the cases that lost readers by a granted recusal, once per missing reader.

    A case needs as many readers as the first round gives; anchors and cases read again by the
    whole panel need no replacement.
    """
    barred = set(zip(state.scores.conflicts["member"], state.scores.conflicts["case"], strict=True))
    granted = {
        (event.body.member, event.body.case)
        for event in state.events.of(ConflictRuled)
        if event.body.bars
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


def _departed_readings(state: RoundState, assigned: ReadingsAssigned) -> dict[str, tuple[str, ...]]:
    """Return the readings of members who left for which they gave a score that counts."""
    kept = _counted_cases(state, assigned)
    return {
        member: tuple(case for case in assigned.readings[member] if case in kept[member])
        for member in state.scores.departed
        if member in assigned.readings
    }


def last_assignment(state: RoundState) -> ReadingsAssigned | None:
    """Return the last assignment."""
    bodies = state.events.bodies(ReadingsAssigned)
    return bodies[-1] if bodies else None


def _assign_first_round(state: RoundState, seed: int) -> ReadingsAssigned:
    ruling, matrix = state.round.notice.ruling, _build_matrix(state)
    planned = panel_review.assign_readings(
        matrix, readings=ceil(ruling.readings_by(1)), anchors=ruling.anchors.value, seed=seed
    )
    return _make_event(planned, seed, 1)


def _assign_next_round(
    state: RoundState,
    matrix: ReadingMatrix,
    assigned: ReadingsAssigned,
    chances: Mapping[str, float],
) -> ReadingsAssigned:
    ruling, seed, number = state.round.notice.ruling, assigned.seed, assigned.round + 1
    minimum, mean = ruling.quorum.value, ruling.readings_by(number)
    if ruling.plan.value == "band":
        planned = panel_review.assign_band_round(
            matrix, anchors=assigned.anchors, chances=chances, readings=mean, seed=seed
        )
        return replace(_make_event(planned, seed, number), afresh=True)
    planned = panel_review.assign_adaptive_round(
        matrix,
        anchors=assigned.anchors,
        chances=chances,
        readings=mean,
        minimum=minimum,
        seed=seed,
        round=number,
    )
    readings = {**_departed_readings(state, assigned), **planned.readings}
    return _make_event(replace(planned, anchors=assigned.anchors, readings=readings), seed, number)


def _build_matrix(state: RoundState, assigned: ReadingsAssigned | None = None) -> ReadingMatrix:
    members = [member.member for member in state.scores.active_members]
    earlier = assigned.readings if assigned else None
    return ReadingMatrix.build(
        state.screening.eligible_cases,
        members,
        state.scores.conflicts,
        earlier,
        _counted_cases(state, assigned),
    )


def _counted_cases(state: RoundState, assigned: ReadingsAssigned | None) -> dict[str, list[str]]:
    """Return the cases on which scores of members who left count in this round."""
    totals = state.scores.tables.totals
    if assigned is None:
        return {}
    rows = totals[totals["round"] >= assigned.since]
    return {
        member: rows.loc[rows["member"] == member, "case"].tolist()
        for member in state.scores.departed
    }


def _make_event(planned: Assignment, seed: int, round: int) -> ReadingsAssigned:
    digest = panel_review.readings_digest(planned.readings)
    return ReadingsAssigned(
        readings=dict(planned.readings),
        seed=seed,
        digest=digest,
        anchors=planned.anchors,
        round=round,
    )


def _frozen_seed(round: Round) -> int:
    return int(round.digest[:8], 16)


def _inclusion_probabilities(state: RoundState) -> dict[str, float]:
    return {
        case: chance
        for ranking in state.scores.rankings.values()
        for case, chance in zip(ranking.table["case"], ranking.table["p_in"], strict=True)
    }


def simulate_errors(state: RoundState, planned: ReadingsAssigned) -> dict[str, float]:
    """Return the expected selection errors by kind, simulated over all rounds of the rules."""
    ruling, matrix = state.round.notice.ruling, _build_matrix(state, planned)

    def assign_next(matrix: ReadingMatrix, number: int, chances: Mapping[str, float]) -> Readings:
        before = replace(planned, round=number - 1)
        return _assign_next_round(state, matrix, before, chances).readings

    return simulate_selection_errors(
        matrix,
        seats=state.round.notice.commended.seats,
        assumed=state.round.rubric.assumed,
        adjusted=ruling.method.value == "adjusted",
        seed=planned.seed,
        assign_next_round=assign_next,
        rounds=ruling.last_round,
    )
