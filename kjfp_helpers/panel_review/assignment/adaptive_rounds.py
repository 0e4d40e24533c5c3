"""Readings spent where they matter: the second round, and cases that came later.

Three readings a case and the rest where the place is least certain find more of the true list
than five a case, for the same work (selection.md: .850 against .751 of 20 teams).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from kjfp_helpers.panel_review.assignment.assignment_infeasibility import impossible
from kjfp_helpers.panel_review.assignment.flow_assignment import GAIN, Demand, Ints
from kjfp_helpers.panel_review.assignment.reading_matrix import Assignment, Board, drawn

UNKNOWN = 0.5
"""Chance of being in taken for a case that is not ranked: nothing is less certain."""

Floats = npt.NDArray[np.float64]


def adaptive(
    board: Board,
    *,
    anchors: Sequence[str],
    chances: Mapping[str, float],
    readings: float,
    least: int,
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
    common = board.chosen(anchors)
    held = board.standing
    needs = np.where(common, 0, np.maximum(least - held, 0))
    room = np.maximum((board.free & ~board.held).sum(axis=1) - needs, 0)
    further = [
        min(max(left - int(needs[kind].sum()), 0), int(room[kind & ~common].sum()))
        for kind, left in zip(
            (board.team, ~board.team), _left(board, anchors, readings), strict=True
        )
    ]
    uncertain = np.where(common, 0.0, _uncertainty(board, chances))
    gains = _gains(
        uncertain, np.where(common, len(board.members), held + needs), len(board.members)
    )
    return _settled(board, board.demand(needs, gains, (further[0], further[1])), seed, round)


def band(
    board: Board,
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
    left = _left(board, anchors, readings)
    uncertain = _uncertainty(board, chances)
    inside = np.zeros(len(board.cases), dtype=bool)
    for kind, budget in zip((board.team, ~board.team), left, strict=True):
        order = sorted(
            np.flatnonzero(kind & (uncertain > 0)).tolist(),
            key=lambda row: (-uncertain[row], drawn(seed, "band", board.cases[row].id)),
        )
        cost = board.free.sum(axis=1)[order].cumsum()
        inside[order[: max(1, int((cost <= budget).sum()))]] = True
    return board.assignment(board.free & inside[:, None], seed, afresh=True)


def newcomers(
    board: Board,
    *,
    readings: int,
    least: int,
    seed: int,
    round: int,
    released: Iterable[str] = (),
    anchors: Sequence[str] = (),
) -> Assignment | None:
    """Give readers to cases that came after the assignment, or lost too many of theirs.

    A case with fewer than ``least`` readers left is brought to ``readings``, by those members who
    read least; nobody's earlier readings move. None where there is no such case.

    Parameters
    ----------
    board : Board
    readings, least : int
        Readers a case, and so many at least.
    seed, round : int
    released : iterable of str
        Cases of readings that a member who left gave back, one each time: each gets another
        reader. Where nobody free is left, a case goes without as long as it keeps ``least``.
    anchors : sequence of str
        Common cases: of these, who took a place since the assignment reads all, and reads first.

    Raises
    ------
    DesignError
        When such a case has too few free members.
    """
    held = board.standing
    lost = np.array([Counter(released)[case.id] for case in board.cases])
    common = board.chosen(anchors)
    needs = np.where(held < least, readings - held, np.where(common, 0, lost))
    room = (board.free & ~board.held).sum(axis=1)
    needs = np.where(lost > 0, np.minimum(needs, np.maximum(room, least - held)), needs)
    if not needs.any():
        return None
    came = np.array([member not in board.earlier for member in board.members])
    first = board.free & common[:, None] & came
    needs = np.maximum(needs - first.sum(axis=1), 0)
    eager = replace(board, held=board.held | first)
    new = eager.best(eager.demand(needs), (seed, round), equal=False)
    if new is None:
        raise impossible(eager.demand(needs), (), equal=False)
    return board.assignment(new | first, seed, anchors=anchors if first.any() else ())


def read_band(
    board: Board, *, least: int, seed: int, anchors: Sequence[str], released: Iterable[str]
) -> Assignment | None:
    """Let who took a place since read the whole band; None where nobody did.

    The band is what was given so far: all of ``board.earlier``.

    Raises
    ------
    DesignError
        When a case that lost a reader keeps fewer than ``least``.
    """
    inside = board.chosen(case for ids in board.earlier.values() for case in ids)
    came = np.array([member not in board.earlier for member in board.members])
    new = board.free & inside[:, None] & came
    short = np.where(board.chosen(released), least - board.standing - new.sum(axis=1), 0)
    if (short > 0).any():
        raise impossible(board.demand(np.maximum(short, 0)), (), equal=False)
    return board.assignment(new, seed, anchors=anchors) if new.any() else None


def _left(board: Board, anchors: Sequence[str], readings: float) -> list[int]:
    """Return readings of teams and of individuals that the rules leave, anchors aside."""
    plain = ~board.chosen(anchors)
    kinds = (board.team & plain, ~board.team & plain)
    return [int(readings * int(kind.sum())) - int(board.standing[kind].sum()) for kind in kinds]


def _settled(board: Board, demand: Demand, seed: int, round: int) -> Assignment:
    new = board.best(demand, (seed, round))
    if new is None:
        raise impossible(demand, ())
    return board.assignment(new, seed)


def _uncertainty(board: Board, chances: Mapping[str, float]) -> Floats:
    """Return 4 P(1 - P), 0 to 1; two decimals of P, so that another machine finds the same."""
    known = np.array([chances.get(case.id, UNKNOWN) for case in board.cases])
    chance = np.round(np.where(np.isnan(known), UNKNOWN, known), 2)
    return np.asarray(4 * chance * (1 - chance), dtype=float)


def _gains(uncertain: Floats, held: Ints, members: int) -> Ints:
    """Return what the next, the one after, ... reading of each case is worth, at most ``GAIN``."""
    after = held[:, None] + np.arange(1, members + 1)
    worth = uncertain[:, None] * int(after.min()) / after
    return np.asarray(np.rint(worth * (GAIN - 1)), dtype=np.int64)
