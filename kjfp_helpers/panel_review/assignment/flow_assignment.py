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
"""What a further reading gains at most, see :attr:`AssignmentProblem.gains`."""


@dataclass(frozen=True, kw_only=True)
class AssignmentProblem:
    """Readings to be assigned; rows are cases, columns members.

    Attributes
    ----------
    cases, members : tuple of str
        Ids, in the order of rows and columns.
    is_team : array of bool
        Whether a case is a team.
    allowed : array of bool, cases by members
        Which member may be assigned which case.
    assigned : array of bool, cases by members
        Earlier readings still in force: they count in the loads and are never moved.
    needs : array of int
        Readings each case must get.
    gains : array of int, cases by levels
        Gain of the first, second, ... further reading of a case, 0 to ``MAX_GAIN``, not increasing
        along a row; None where no further readings are assigned.
    further : tuple of int
        Total further readings of teams and of individuals, assigned where they gain most.
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
        """Total number of readings to assign."""
        return int(self.needs.sum()) + sum(self.further)


@dataclass(frozen=True)
class AssignmentResult:
    """New readings of a problem; ``is_complete`` says whether all of them could be assigned."""

    new_readings: Flags
    is_complete: bool


def solve_assignment(problem: AssignmentProblem, seed: tuple[int, ...]) -> AssignmentResult:
    """Assign the readings by a minimum-cost flow: case -> member and kind -> member -> sink.

    Objectives in lexicographic order: total loads (with earlier readings) that differ by at most
    one; the gain of further readings; loads within teams and within individuals that differ by at
    most one; random costs from the seed, so that every member's cases come from all regions. A
    load outside its bounds costs more than all later objectives could gain on any cycle of the
    network, so loads differ by more than one only where no design keeps them closer.
    """
    from ortools.graph.python import min_cost_flow

    cases, members = problem.allowed.shape
    share_nodes = cases + np.arange(2 * members).reshape(2, members)
    member_nodes = share_nodes[-1, -1] + 1 + np.arange(members)
    sink = int(member_nodes[-1]) + 1
    step = 2 * members
    kind_load_cost = step << RANDOM_COST_BITS
    gain_cost = step * kind_load_cost
    load_cost = step * gain_cost * (MAX_GAIN if sum(problem.further) else 1)
    flow = min_cost_flow.SimpleMinCostFlow()
    rows, columns = np.nonzero(problem.allowed)
    # The raw stream of PCG64 is stable across versions, unlike numpy's distributions.
    costs = np.random.PCG64(seed).random_raw(problem.allowed.size) >> np.uint64(
        64 - RANDOM_COST_BITS
    )
    random_costs = costs.reshape(problem.allowed.shape)[rows, columns].astype(np.int64)
    reading = add_arcs(
        flow, rows, share_nodes[np.where(problem.is_team[rows], 0, 1), columns], 1, random_costs
    )
    kinds = (problem.is_team, ~problem.is_team)
    loads = np.array([problem.assigned[kind].sum(axis=0) for kind in kinds])
    added = [
        int(problem.needs[kind].sum()) + more
        for kind, more in zip(kinds, problem.further, strict=True)
    ]
    for half in range(2):
        _add_load_arcs(
            flow, share_nodes[half], member_nodes, loads[half], added[half], kind_load_cost
        )
    _add_load_arcs(
        flow, member_nodes, np.full(members, sink), loads.sum(axis=0), sum(added), load_cost
    )
    for kind, pool in zip(kinds, (sink + 1, sink + 2), strict=True):
        _add_further_reading_arcs(flow, pool, np.flatnonzero(kind), problem.gains, gain_cost)
    supplies = np.zeros(sink + 3, dtype=np.int64)
    supplies[:cases], supplies[sink] = problem.needs, -problem.new_reading_count
    supplies[sink + 1 :] = problem.further
    flow.set_nodes_supplies(np.arange(len(supplies)), supplies)
    is_feasible = solve_flow(flow)
    new = np.zeros(problem.allowed.shape, dtype=bool)
    if is_feasible:
        new[rows, columns] = np.asarray(flow.flows(reading)) > 0
    return AssignmentResult(new, is_feasible)


def is_balanced(loads: Ints) -> bool:
    """Whether loads differ by at most one.

    >>> is_balanced(np.array([3, 4, 3])), is_balanced(np.array([3, 5]))
    (True, False)
    """
    return int(loads.max()) - int(loads.min()) <= 1


def measure_connectivity(design: Flags) -> tuple[int, float]:
    """Return the components and the connectivity of a design (cases by members).

    Members are linked by the cases they share, each case weighing one over its readers. The
    connectivity is the second smallest eigenvalue of the normalised Laplacian of that graph
    (the smallest canonical efficiency of the member contrasts); members without a reading
    are left out.

    >>> measure_connectivity(np.array([[True, True], [True, True]]))
    (1, 1.0)
    >>> measure_connectivity(np.array([[True, False], [False, True]]))
    (2, 0.0)
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


def _add_load_arcs(flow: Any, tails: Any, heads: Any, loads: Ints, added: int, cost: int) -> None:
    """Add arcs that reward a load up to the equal share, allow one more and penalize the rest."""
    share = (int(loads.sum()) + added) // len(loads)
    for capacity, price in (
        (np.maximum(share - loads, 0), -cost),
        ((loads <= share).astype(np.int64), 0),
        (np.full(len(loads), added), cost),
    ):
        add_arcs(flow, tails, heads, capacity, price)


def _add_further_reading_arcs(
    flow: Any, pool: int, rows: Any, gains: Ints | None, weight: int
) -> None:
    """Add arcs from the pool of further readings to the cases, at the gain of each reading."""
    if gains is not None:
        gain = gains[rows]
        heads = np.repeat(rows, gain.shape[1])
        add_arcs(flow, np.full(len(heads), pool), heads, 1, -gain.ravel() * weight)


def solve_flow(flow: Any) -> bool:
    """Solve a flow and return whether it is feasible.

    Cost scaling is polynomial in the size of the network, so no time limit is needed.

    Raises
    ------
    AssignmentError
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
    """Add arcs with capacities and costs (one for each, or one for all); return their indexes."""
    size = len(tails)
    return flow.add_arcs_with_capacity_and_unit_cost(
        tails, heads, np.broadcast_to(capacity, size).copy(), np.broadcast_to(costs, size).copy()
    )
