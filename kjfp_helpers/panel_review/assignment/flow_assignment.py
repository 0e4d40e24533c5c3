"""Assign readings as a minimum-cost flow, and measure the connectivity of a design."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kjfp_helpers.core.errors import AssignmentError

ERROR_LOCATION = "评阅分派"
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

RANDOM_COST_BITS = 10
"""Bits of the cost that is drawn for each possible reading."""
MAX_GAIN = 1 << 10
"""What a further reading gains at most, see :attr:`Demand.gains`."""


@dataclass(frozen=True, kw_only=True)
class AssignmentProblem:
    """Readings to be given; rows are cases, columns members.

    Attributes
    ----------
    cases, members : tuple of str
        Ids, in the order of rows and columns.
    team : array of bool
        Whether a case is a team.
    free : array of bool, cases by members
        Who may be given what.
    held : array of bool, cases by members
        Readings given earlier that stand: they count in the loads and are never moved.
    needs : array of int
        Readings each case must get.
    gains : array of int, cases by levels
        What the first, second, ... further reading of a case is worth, 0 to ``MAX_GAIN`` and never
        rising along a row; None where nothing further is given.
    further : tuple of int
        Further readings of teams and of individuals in all, placed where they gain most.
    """

    cases: tuple[str, ...]
    members: tuple[str, ...]
    is_team: Flags
    allowed: Flags
    assigned: Flags
    needs: Ints
    gains: Ints | None = None
    further: tuple[int, int] = (0, 0)

    @property
    def new_reading_count(self) -> int:
        """Readings to be given in all."""
        return int(self.needs.sum()) + sum(self.further)


@dataclass(frozen=True)
class AssignmentResult:
    """New readings of a demand; ``is_complete`` says that every one of them could be given."""

    new_readings: Flags
    is_complete: bool


def solve_assignment(demand: AssignmentProblem, seed: tuple[int, ...]) -> AssignmentResult:
    """Give the readings: case -> member's share of a kind -> member -> all.

    Weighed one above the other: loads (with what is held) that differ by at most one, what
    further readings gain, loads within teams and within individuals that do so, costs drawn
    from the seed, so that every member's cases come from everywhere. A load outside its bounds
    costs more than all that follows could gain on any cycle of the network, so that loads
    differ by more than one only where no design keeps them closer.
    """
    from ortools.graph.python import min_cost_flow

    cases, members = demand.allowed.shape
    shares = cases + np.arange(2 * members).reshape(2, members)
    people = shares[-1, -1] + 1 + np.arange(members)
    sink = int(people[-1]) + 1
    step = 2 * members
    by_kind = step << RANDOM_COST_BITS
    gaining = step * by_kind
    in_all = step * gaining * (MAX_GAIN if sum(demand.further) else 1)
    flow = min_cost_flow.SimpleMinCostFlow()
    rows, columns = np.nonzero(demand.allowed)
    # PCG64's raw stream is fixed for good, unlike numpy's distributions.
    costs = np.random.PCG64(seed).random_raw(demand.allowed.size) >> np.uint64(
        64 - RANDOM_COST_BITS
    )
    drawn = costs.reshape(demand.allowed.shape)[rows, columns].astype(np.int64)
    reading = add_arcs(flow, rows, shares[np.where(demand.is_team[rows], 0, 1), columns], 1, drawn)
    kinds = (demand.is_team, ~demand.is_team)
    held = np.array([demand.assigned[kind].sum(axis=0) for kind in kinds])
    given = [
        int(demand.needs[kind].sum()) + more
        for kind, more in zip(kinds, demand.further, strict=True)
    ]
    for half in range(2):
        _bounded(flow, shares[half], people, held[half], given[half], by_kind)
    _bounded(flow, people, np.full(members, sink), held.sum(axis=0), sum(given), in_all)
    for kind, pool in zip(kinds, (sink + 1, sink + 2), strict=True):
        _further(flow, pool, np.flatnonzero(kind), demand.gains, gaining)
    supplies = np.zeros(sink + 3, dtype=np.int64)
    supplies[:cases], supplies[sink] = demand.needs, -demand.new_reading_count
    supplies[sink + 1 :] = demand.further
    flow.set_nodes_supplies(np.arange(len(supplies)), supplies)
    whole = solve_flow(flow)
    new = np.zeros(demand.allowed.shape, dtype=bool)
    if whole:
        new[rows, columns] = np.asarray(flow.flows(reading)) > 0
    return AssignmentResult(new, whole)


def is_balanced(loads: Ints) -> bool:
    """Whether loads differ by at most one."""
    return int(loads.max()) - int(loads.min()) <= 1


def measure_connectivity(design: Flags) -> tuple[int, float]:
    """Return the components and the connectivity of a design (cases by members).

    Members are linked by the cases they share, each case weighing one over its readers. The
    connectivity is the second smallest eigenvalue of the normalised Laplacian of that graph
    (the smallest canonical efficiency of the member contrasts); members without a reading
    are left out.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    read = design[:, design.any(axis=0)].astype(float)
    if read.shape[1] < 2:
        return 1, 1.0
    shared = read.T @ (read / np.maximum(read.sum(axis=1, keepdims=True), 1))
    parts, _ = connected_components(csr_matrix(shared), directed=False)
    if parts > 1:
        return int(parts), 0.0
    loads = np.sqrt(read.sum(axis=0))
    eigenvalues = np.linalg.eigvalsh(np.eye(len(loads)) - shared / np.outer(loads, loads))
    return 1, float(min(1.0, eigenvalues[1]))


def _bounded(flow: Any, tails: Any, heads: Any, held: Ints, given: int, cost: int) -> None:
    """Reward every load up to the equal share, allow one more, charge what is beyond."""
    share = (int(held.sum()) + given) // len(held)
    for capacity, price in (
        (np.maximum(share - held, 0), -cost),
        ((held <= share).astype(np.int64), 0),
        (np.full(len(held), given), cost),
    ):
        add_arcs(flow, tails, heads, capacity, price)


def _further(flow: Any, pool: int, rows: Any, gains: Ints | None, weight: int) -> None:
    if gains is not None:
        worth = gains[rows]
        heads = np.repeat(rows, worth.shape[1])
        add_arcs(flow, np.full(len(heads), pool), heads, 1, -worth.ravel() * weight)


def solve_flow(flow: Any) -> bool:
    """Solve a flow, and tell whether there is one.

    Cost scaling is polynomial in the size of the network, so this always ends and needs no limit;
    what it cannot reckon with is no answer.

    Raises
    ------
    DesignError
        When the numbers are too large for the solver.
    """
    status = flow.solve()
    if status not in (flow.OPTIMAL, flow.INFEASIBLE):
        raise AssignmentError(
            ERROR_LOCATION,
            expected="求解器能够计算的件数和人数",
            found="数值超出求解器的范围",
            advice="分批分派，或将轮次文件夹交维护人员核对",
        )
    return bool(status == flow.OPTIMAL)


def add_arcs(flow: Any, tails: Any, heads: Any, capacity: Any, costs: Any) -> Any:
    """Add arcs to a flow, with a capacity and a cost for each or for all; return their numbers."""
    size = len(tails)
    return flow.add_arcs_with_capacity_and_unit_cost(
        tails, heads, np.broadcast_to(capacity, size).copy(), np.broadcast_to(costs, size).copy()
    )
