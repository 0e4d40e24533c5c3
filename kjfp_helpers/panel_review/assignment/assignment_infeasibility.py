"""Explain an infeasible assignment: the minimal set of limits to relax.

Whether a design exists is decided by the flow of ``flow_assignment``. What would make
one possible: relaxing a limit costs one, and the cheapest way is found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kjfp_helpers.core.errors import AssignmentError
from kjfp_helpers.panel_review.assignment.flow_assignment import (
    ERROR_LOCATION,
    AssignmentProblem,
    Flags,
    Ints,
    add_arcs,
    is_balanced,
    solve_assignment,
    solve_flow,
)

MAX_NEW_MEMBERS = 5
"""So many further members are tried at most."""
MAX_NAMED = 6
"""So many limits of one sort are named; of the rest only the number."""
LOAD, READER, CONFLICT = 1000, 1001, 1002
"""Cost of a limit: of equally few, loads give way before readers, and readers before conflicts."""
NODES = 1000
"""The search for the fewest limits ends after so many nodes, on any machine; most need one."""
SECONDS = 120.0
"""Real seconds after which it ends whatever the nodes."""


@dataclass(frozen=True, kw_only=True)
class MinimalRelaxation:
    """The fewest limits whose relaxing makes a design possible.

    ``loads`` are members whose load need not equal the others', ``readers`` cases with the number
    of readers they go without, ``conflicts`` pairs of member and case that would have to read.
    """

    loads: tuple[str, ...]
    readers: tuple[tuple[str, int], ...]
    conflicts: tuple[tuple[str, str], ...]

    @property
    def count(self) -> int:
        """How many limits there are."""
        return len(self.loads) + sum(less for _, less in self.readers) + len(self.conflicts)

    def __str__(self) -> str:
        """Name them in Chinese."""
        parts = (
            ("不要求 {} 的件数与他人持平", list(self.loads)),
            ("减少评阅人数：{}", [f"{case} 少 {less} 名" for case, less in self.readers]),
            ("经裁定无须回避：{}", [f"{member} 与 {case}" for member, case in self.conflicts]),
        )
        return "；".join(words.format(_named(names)) for words, names in parts if names)


def infeasibility_error(
    demand: AssignmentProblem,
    others: Iterable[tuple[str, AssignmentProblem]],
    *,
    equal: bool = True,
) -> AssignmentError:
    """Return the error that names the fewest limits to relax.

    Parameters
    ----------
    demand : Demand
        That no design meets with loads that differ by at most one.
    others : iterable of (str, Demand)
        Changes of a single ruling, in words, and the demand under it: the first of them that
        a design meets is named as another way.
    equal : bool
        Whether loads must be equal.
    """
    relaxed = find_minimal_relaxation(demand, equal=equal)
    unproved = "" if relaxed else "，最少须放宽哪几处未能在限定的计算量内求出"
    ways = [f"放宽 {relaxed.count} 处（已是最少）：{relaxed}"] if relaxed else []
    ways += [words for words, other in others if _possible(other, equal)][:1]
    ways += _more_members(demand, equal)
    advice = "；或者".join(f"（{number}）{way}" for number, way in enumerate(ways, start=1))
    return AssignmentError(
        ERROR_LOCATION,
        expected="评阅人数、回避、负担相差不超过一件能同时满足",
        found=f"经求解不能（{len(demand.cases)} 件、{len(demand.members)} 名评委）{unproved}",
        advice=f"任选一种办法后重新分派：{advice}" if ways else "增补评委后重新分派",
    )


def find_minimal_relaxation(
    demand: AssignmentProblem, *, equal: bool = True
) -> MinimalRelaxation | None:
    """Return the fewest limits to relax, None where the search for them was given up.

    Which loads give way, and at how many readings the others stand, is a mixed-integer programme;
    with these known, the readers and conflicts that give way are a flow. The programme is first
    solved with most cases thrown together: that can only find too few limits, so where the flow
    needs no more, they are the fewest. Else it is solved with no two cases together that differ.
    """
    if not equal:
        relaxed, _ = _give_way(demand, np.ones(len(demand.members), dtype=bool), 0)
        return relaxed and replace(relaxed, loads=())
    for fine in (False, True):
        found = _programme(demand, _classes(demand, fine))
        if found is None:
            return None
        loose, share, least = found
        relaxed, cost = _give_way(demand, loose, share)
        if relaxed is not None and (fine or cost <= least):
            return relaxed
    return None


def _classes(demand: AssignmentProblem, fine: bool) -> Ints:
    """Return a label a case: alike in all or, if there are free members enough, in needs."""
    alike = np.column_stack([demand.is_team, demand.needs, demand.allowed, demand.assigned]).astype(
        np.int64
    )
    if not fine:
        alike[demand.allowed.sum(axis=1) >= demand.needs, 2:] = 0
    return np.asarray(np.unique(alike, axis=0, return_inverse=True)[1].ravel(), dtype=np.int64)


def _programme(demand: AssignmentProblem, label: Ints) -> tuple[Flags, int, int] | None:
    """Return whose loads give way, the load of the others, and the least cost of all limits.

    Columns: readings of a class by a member, free ones and in conflict; readers a class lacks; its
    further readings; whether a member's load gives way; the common load. Rows: what a class needs;
    loads from below and from above; further readings of a kind.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array, eye_array, hstack, vstack

    classes, members = int(label.max()) + 1, len(demand.members)
    sorts = np.zeros((2, classes, members))
    np.add.at(sorts[0], label, demand.allowed)
    np.add.at(sorts[1], label, ~demand.allowed & ~demand.assigned)
    sort, group, member = np.nonzero(sorts)
    pairs, ones, places = len(group), np.ones(len(group)), np.arange(len(group))
    needs = np.bincount(label, demand.needs).astype(float)
    kind = np.zeros((2, classes))
    kind[np.where(demand.is_team, 0, 1), label] = 1
    large = float(len(demand.cases) + demand.new_reading_count)
    unit, each = eye_array(classes), eye_array(members)
    by_member = coo_array((ones, (member, places)), (members, pairs))
    empty, common = coo_array((members, 2 * classes)), coo_array(np.full((members, 1), -1.0))
    matrix = vstack(
        [
            hstack(
                [
                    coo_array((ones, (group, places)), (classes, pairs)),
                    unit,
                    -unit,
                    coo_array((classes, members + 1)),
                ]
            ),
            hstack([by_member, empty, large * each, common]),
            hstack([by_member, empty, -large * each, common]),
            hstack([coo_array((2, pairs + classes)), coo_array(kind), coo_array((2, members + 1))]),
        ]
    )
    held, endless = demand.assigned.sum(axis=0).astype(float), np.full(members, np.inf)
    further = np.array(demand.further, dtype=float)
    found = milp(
        np.concatenate(
            [
                sort * CONFLICT,
                np.full(classes, READER),
                np.zeros(classes),
                np.full(members, LOAD),
                [0],
            ]
        ),
        integrality=np.concatenate([np.zeros(pairs + 2 * classes), np.ones(members + 1)]),
        bounds=Bounds(
            0,
            np.concatenate(
                [
                    sorts[sort, group, member],
                    needs,
                    np.bincount(label) * members * further.any(),
                    np.ones(members),
                    [large],
                ]
            ),
        ),
        constraints=LinearConstraint(
            matrix.tocsc(),
            np.concatenate([needs, -held, -endless, further]),
            np.concatenate([needs, endless, 1 - held, further]),
        ),
        options={"node_limit": NODES, "time_limit": SECONDS, "mip_rel_gap": 0.0},
    )
    if found.status != 0:
        return None
    values = np.rint(found.x)
    return values[-1 - members : -1] > 0, int(values[-1]), round(found.fun)


def _give_way(
    demand: AssignmentProblem, loose: Flags, share: int
) -> tuple[MinimalRelaxation | None, int]:
    """Return the cheapest readers and conflicts to relax when some loads are free, and the cost."""
    from ortools.graph.python import min_cost_flow

    cases, members = demand.allowed.shape
    people = cases + np.arange(members)
    sink, rows = cases + members, np.arange(cases)
    least = np.maximum(share - demand.assigned.sum(axis=0), 0) * ~loose
    above = np.where(
        loose, demand.new_reading_count, share + 1 - demand.assigned.sum(axis=0) - least
    )
    if (above < 0).any():
        return None, 0
    flow = min_cost_flow.SimpleMinCostFlow()
    case, member = np.nonzero(~demand.assigned)
    barred = ~demand.allowed[case, member]
    reading = add_arcs(flow, case, people[member], 1, barred * CONFLICT)
    lacking = add_arcs(flow, rows, np.full(cases, sink), demand.needs, READER)
    add_arcs(flow, people, np.full(members, sink), above, 0)
    add_arcs(flow, sink + np.where(demand.is_team, 1, 2), rows, members, 0)
    supplies = np.concatenate(
        [demand.needs, -least, [least.sum() - demand.new_reading_count], demand.further]
    ).astype(np.int64)
    flow.set_nodes_supplies(np.arange(len(supplies)), supplies)
    if not solve_flow(flow):
        return None, 0
    short = np.asarray(flow.flows(lacking))
    lifted = np.flatnonzero((np.asarray(flow.flows(reading)) > 0) & barred)
    relaxed = MinimalRelaxation(
        loads=tuple(demand.members[column] for column in np.flatnonzero(loose)),
        readers=tuple((demand.cases[row], int(short[row])) for row in np.flatnonzero(short)),
        conflicts=tuple((demand.members[member[at]], demand.cases[case[at]]) for at in lifted),
    )
    return relaxed, int(flow.optimal_cost()) + LOAD * int(loose.sum())


def _possible(demand: AssignmentProblem, equal: bool) -> bool:
    solved = solve_assignment(demand, (0,))
    return solved.is_complete and (
        not equal or is_balanced((demand.assigned | solved.new_readings).sum(axis=0))
    )


def _more_members(demand: AssignmentProblem, equal: bool) -> list[str]:
    """Return how many further members without any conflict would do, where so many are enough."""
    for number in range(1, MAX_NEW_MEMBERS + 1):
        shape = (len(demand.cases), number)
        more = replace(
            demand,
            members=demand.members + tuple(f"+{n}" for n in range(number)),
            allowed=np.hstack([demand.allowed, np.ones(shape, dtype=bool)]),
            assigned=np.hstack([demand.assigned, np.zeros(shape, dtype=bool)]),
        )
        if _possible(more, equal):
            return [f"增补 {number} 名无须回避的评委"]
    return []


def _named(names: Sequence[str]) -> str:
    more = f"等 {len(names)} 处" if len(names) > MAX_NAMED else ""
    return "、".join(names[:MAX_NAMED]) + more
