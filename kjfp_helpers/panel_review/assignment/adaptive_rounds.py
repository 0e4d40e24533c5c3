"""Adaptive rounds: later readings go to uncertain cases, late cases and lost readers.

Three readings a case and the rest where the place is least certain find more of the true list
than five a case, for the same work (selection.md: .850 against .751 of 20 teams).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from kjfp_helpers.panel_review.assignment.assignment_infeasibility import infeasibility_error
from kjfp_helpers.panel_review.assignment.flow_assignment import MAX_GAIN, AssignmentProblem, Ints
from kjfp_helpers.panel_review.assignment.reading_matrix import (
    Assignment,
    ReadingMatrix,
    draw_sort_key,
)

UNKNOWN_PROBABILITY = 0.5
"""Chance of being in taken for a case that is not ranked: nothing is less certain."""

Floats = npt.NDArray[np.float64]


def assign_adaptive_round(
    matrix: ReadingMatrix,
    *,
    anchors: Sequence[str],
    chances: Mapping[str, float],
    readings: float,
    minimum: int,
    seed: int,
    round: int = 2,
) -> Assignment:
    """Give the remaining readings to the cases whose place is least certain.

    What the ``k``-th reading of a case is worth is P(1 - P) / k: the uncertainty of its place
    times what one more mark adds to ``k - 1`` of them (the information grows as log k). So
    readings thin out by themselves where many were given; no case gets more than its free members.
    Loads over all rounds differ by at most one, nobody reads a case twice.

    Parameters
    ----------
    board : Board
        With the earlier readings; a case that a member stepped back from is a conflict.
    anchors : sequence of str
        Common cases, which have all their readers.
    chances : mapping
        Case to its chance (0-1) of being in; one that is missing is quite uncertain.
    readings : float
        Readings a case on average over all rounds so far, anchors left aside.
    least : int
        Readings that every case gets, as far as earlier ones were lost or it came later.

    Raises
    ------
    DesignError
        As for :func:`kjfp_helpers.panel_review.assign`.
    """
    common = matrix.rows_of(anchors)
    held = matrix.reader_counts
    needs = np.where(common, 0, np.maximum(minimum - held, 0))
    room = np.maximum((matrix.allowed & ~matrix.assigned).sum(axis=1) - needs, 0)
    further = [
        min(max(left - int(needs[kind].sum()), 0), int(room[kind & ~common].sum()))
        for kind, left in zip(
            (matrix.is_team, ~matrix.is_team), _left(matrix, anchors, readings), strict=True
        )
    ]
    uncertain = np.where(common, 0.0, _uncertainty(matrix, chances))
    gains = _gains(
        uncertain, np.where(common, len(matrix.members), held + needs), len(matrix.members)
    )
    return _settled(
        matrix, matrix.make_problem(needs, gains, (further[0], further[1])), seed, round
    )


def assign_band_round(
    matrix: ReadingMatrix,
    *,
    anchors: Sequence[str],
    chances: Mapping[str, float],
    readings: float,
    seed: int,
) -> Assignment:
    """Let the whole panel read the uncertain band, as wide as the remaining readings go.

    Parameters and errors are those of :func:`adaptive`; the readings returned are the band's
    alone.
    """
    left = _left(matrix, anchors, readings)
    uncertain = _uncertainty(matrix, chances)
    inside = np.zeros(len(matrix.cases), dtype=bool)
    for kind, budget in zip((matrix.is_team, ~matrix.is_team), left, strict=True):
        order = sorted(
            np.flatnonzero(kind & (uncertain > 0)).tolist(),
            key=lambda row: (-uncertain[row], draw_sort_key(seed, "band", matrix.cases[row].id)),
        )
        cost = matrix.allowed.sum(axis=1)[order].cumsum()
        inside[order[: max(1, int((cost <= budget).sum()))]] = True
    return matrix.make_assignment(matrix.allowed & inside[:, None], seed, rescore_all=True)


def assign_replacements(
    matrix: ReadingMatrix,
    *,
    readings: int,
    minimum: int,
    seed: int,
    round: int,
    released: Iterable[str] = (),
    anchors: Sequence[str] = (),
) -> Assignment | None:
    """Give readers to cases that came after the assignment, or lost too many of theirs.

    A case with fewer than ``minimum`` readers left is brought to ``readings``, by those members who
    read least; nobody's earlier readings move. None where there is no such case.

    Parameters
    ----------
    board : Board
    readings, least : int
        Readers a case, and so many at least.
    seed, round : int
    released : iterable of str
        Cases of readings that a member who left gave back, one each time: each gets another
        reader. Where nobody free is left, a case goes without as long as it keeps ``minimum``.
    anchors : sequence of str
        Common cases: of these, who took a place since the assignment reads all, and reads first.

    Raises
    ------
    DesignError
        When such a case has too few free members.
    """
    held = matrix.reader_counts
    lost = np.array([Counter(released)[case.id] for case in matrix.cases])
    common = matrix.rows_of(anchors)
    needs = np.where(held < minimum, readings - held, np.where(common, 0, lost))
    room = (matrix.allowed & ~matrix.assigned).sum(axis=1)
    needs = np.where(lost > 0, np.minimum(needs, np.maximum(room, minimum - held)), needs)
    if not needs.any():
        return None
    came = np.array([member not in matrix.earlier_readings for member in matrix.members])
    first = matrix.allowed & common[:, None] & came
    needs = np.maximum(needs - first.sum(axis=1), 0)
    eager = replace(matrix, assigned=matrix.assigned | first)
    new = eager.find_best_design(eager.make_problem(needs), (seed, round), require_balance=False)
    if new is None:
        raise infeasibility_error(eager.make_problem(needs), (), equal=False)
    return matrix.make_assignment(new | first, seed, anchors=anchors if first.any() else ())


def assign_band_newcomers(
    matrix: ReadingMatrix,
    *,
    minimum: int,
    seed: int,
    anchors: Sequence[str],
    released: Iterable[str],
) -> Assignment | None:
    """Let who took a place since read the whole band; None where nobody did.

    The band is what was given so far: all of ``board.earlier``.

    Raises
    ------
    DesignError
        When a case that lost a reader keeps fewer than ``minimum``.
    """
    inside = matrix.rows_of(case for ids in matrix.earlier_readings.values() for case in ids)
    came = np.array([member not in matrix.earlier_readings for member in matrix.members])
    new = matrix.allowed & inside[:, None] & came
    short = np.where(matrix.rows_of(released), minimum - matrix.reader_counts - new.sum(axis=1), 0)
    if (short > 0).any():
        raise infeasibility_error(matrix.make_problem(np.maximum(short, 0)), (), equal=False)
    return matrix.make_assignment(new, seed, anchors=anchors) if new.any() else None


def _left(board: ReadingMatrix, anchors: Sequence[str], readings: float) -> list[int]:
    """Return readings of teams and of individuals that the rules leave, anchors aside."""
    plain = ~board.rows_of(anchors)
    kinds = (board.is_team & plain, ~board.is_team & plain)
    return [
        int(readings * int(kind.sum())) - int(board.reader_counts[kind].sum()) for kind in kinds
    ]


def _settled(board: ReadingMatrix, demand: AssignmentProblem, seed: int, round: int) -> Assignment:
    new = board.find_best_design(demand, (seed, round))
    if new is None:
        raise infeasibility_error(demand, ())
    return board.make_assignment(new, seed)


def _uncertainty(board: ReadingMatrix, chances: Mapping[str, float]) -> Floats:
    """Return 4 P(1 - P), 0 to 1; two decimals of P, so that another machine finds the same."""
    known = np.array([chances.get(case.id, UNKNOWN_PROBABILITY) for case in board.cases])
    chance = np.round(np.where(np.isnan(known), UNKNOWN_PROBABILITY, known), 2)
    return np.asarray(4 * chance * (1 - chance), dtype=float)


def _gains(uncertain: Floats, held: Ints, members: int) -> Ints:
    """Return what the next, the one after, ... reading of each case is worth, at most ``GAIN``."""
    after = held[:, None] + np.arange(1, members + 1)
    worth = uncertain[:, None] * int(after.min()) / after
    return np.asarray(np.rint(worth * (MAX_GAIN - 1)), dtype=np.int64)
