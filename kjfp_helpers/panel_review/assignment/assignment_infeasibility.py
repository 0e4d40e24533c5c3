"""Explain an infeasible assignment: the minimal set of limits to relax.

Whether a design exists is decided by the flow of ``flow_assignment``. Where none does, relaxing a
limit costs one, and the cheapest relaxation is found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

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

if TYPE_CHECKING:
    from scipy.sparse import csc_array

MAX_NEW_MEMBERS = 5
"""Maximum number of additional members that are tried."""
MAX_NAMED = 6
"""Maximum number of limits of one sort that are listed; the others are only counted."""
LOAD, READER, CONFLICT = 1000, 1001, 1002
"""Cost of relaxing a limit: at equal counts, loads are relaxed before readers and conflicts."""
NODES = 1000
"""Node limit of the branch and bound search, the same on every machine; most need one node."""
SECONDS = 120.0
"""Time limit of the search in seconds."""


@dataclass(frozen=True, kw_only=True)
class MinimalRelaxation:
    """The fewest limits whose relaxation makes a design possible.

    ``loads`` are members whose load may differ from the others', ``readers`` cases with the number
    of readers they lack, ``conflicts`` pairs of member and case to be assigned all the same.
    """

    loads: tuple[str, ...]
    readers: tuple[tuple[str, int], ...]
    conflicts: tuple[tuple[str, str], ...]

    @property
    def count(self) -> int:
        """Number of limits."""
        return len(self.loads) + sum(less for _, less in self.readers) + len(self.conflicts)

    def __str__(self) -> str:
        """Return the limits in Chinese."""
        parts = (
            ("不要求 {} 的件数与他人持平", list(self.loads)),
            ("减少评阅人数：{}", [f"{case} 少 {less} 名" for case, less in self.readers]),
            ("经裁定无须回避：{}", [f"{member} 与 {case}" for member, case in self.conflicts]),
        )
        return "；".join(text.format(_format_names(names)) for text, names in parts if names)


def infeasibility_error(
    problem: AssignmentProblem,
    others: Iterable[tuple[str, AssignmentProblem]],
    *,
    equal: bool = True,
) -> AssignmentError:
    """Return the error that names the fewest limits to relax.

    Parameters
    ----------
    problem : AssignmentProblem
        Without a design whose loads differ by at most one.
    others : iterable of (str, AssignmentProblem)
        Changes of a single ruling, in Chinese, and the problem under each: the first feasible one
        is offered as an alternative.
    equal : bool
        Whether loads must be equal.
    """
    relaxed = find_minimal_relaxation(problem, equal=equal)
    unproved = "" if relaxed else "，最少须放宽哪几处未能在限定的计算量内求出"
    options = [f"放宽 {relaxed.count} 处（已是最少）：{relaxed}"] if relaxed else []
    options += [text for text, other in others if _is_feasible(other, equal)][:1]
    options += _more_members(problem, equal)
    advice = "；或者".join(f"（{number}）{way}" for number, way in enumerate(options, start=1))
    return AssignmentError(
        ERROR_LOCATION,
        expected="评阅人数、回避、负担相差不超过一件能同时满足",
        found=f"经求解不能（{len(problem.cases)} 件、{len(problem.members)} 名评委）{unproved}",
        advice=f"任选一种办法后重新分派：{advice}" if options else "增补评委后重新分派",
    )


def find_minimal_relaxation(
    problem: AssignmentProblem, *, equal: bool = True
) -> MinimalRelaxation | None:
    """Return the fewest limits to relax, None where the search reached its limit.

    Which loads to relax, and the common load of the others, is a mixed-integer program; with these
    fixed, the readers and conflicts to relax are a flow. The program is first solved with similar
    cases grouped: that gives a lower bound, which is optimal where the flow needs no more limits.
    Otherwise it is solved with only identical cases grouped.
    """
    if not equal:
        relaxed, _ = _relax_by_flow(problem, np.ones(len(problem.members), dtype=bool), 0)
        return relaxed and replace(relaxed, loads=())
    for fine in (False, True):
        solution = _solve_program(problem, _case_classes(problem, fine))
        if solution is None:
            return None
        loose, share, minimum_cost = solution
        relaxed, cost = _relax_by_flow(problem, loose, share)
        if relaxed is not None and (fine or cost <= minimum_cost):
            return relaxed
    return None


def _case_classes(problem: AssignmentProblem, fine: bool) -> Ints:
    """Return a class label per case: cases equal in all or, with enough free members, in needs."""
    alike = np.column_stack(
        [problem.is_team, problem.needs, problem.allowed, problem.assigned]
    ).astype(np.int64)
    if not fine:
        alike[problem.allowed.sum(axis=1) >= problem.needs, 2:] = 0
    return np.asarray(np.unique(alike, axis=0, return_inverse=True)[1].ravel(), dtype=np.int64)


def _solve_program(problem: AssignmentProblem, label: Ints) -> tuple[Flags, int, int] | None:
    """Return which loads to relax, the common load of the others, and the minimum total cost.

    Columns: readings of a class by a member, allowed and in conflict; readers a class lacks; its
    further readings; whether a member's load is relaxed; the common load. Rows: needs of a class;
    lower and upper bounds of loads; further readings of a kind.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    classes, members = int(label.max()) + 1, len(problem.members)
    sorts = np.zeros((2, classes, members))
    np.add.at(sorts[0], label, problem.allowed)
    np.add.at(sorts[1], label, ~problem.allowed & ~problem.assigned)
    sort, group, member = np.nonzero(sorts)
    kind = np.zeros((2, classes))
    kind[np.where(problem.is_team, 0, 1), label] = 1
    needs = np.bincount(label, problem.needs).astype(float)
    large = float(len(problem.cases) + problem.new_reading_count)
    loads, infinity = problem.assigned.sum(axis=0).astype(float), np.full(members, np.inf)
    further = np.array(problem.further, dtype=float)
    most_further = np.bincount(label) * members * further.any()
    costs = (
        sort * CONFLICT,
        np.full(classes, READER),
        np.zeros(classes),
        np.full(members, LOAD),
        [0],
    )
    highest = sorts[sort, group, member], needs, most_further, np.ones(members), [large]
    result = milp(
        np.concatenate(costs),
        integrality=np.repeat([0, 1], [len(group) + 2 * classes, members + 1]),
        bounds=Bounds(0, np.concatenate(highest)),
        constraints=LinearConstraint(
            _constraint_matrix(group, member, kind, members, large),
            np.concatenate([needs, -loads, -infinity, further]),
            np.concatenate([needs, infinity, 1 - loads, further]),
        ),
        options={"node_limit": NODES, "time_limit": SECONDS, "mip_rel_gap": 0.0},
    )
    if result.status != 0:
        return None
    values = np.rint(result.x)
    return values[-1 - members : -1] > 0, int(values[-1]), round(result.fun)


def _constraint_matrix(
    group: Ints, member: Ints, kind: npt.NDArray[np.float64], members: int, large: float
) -> "csc_array":
    """Return the rows of the program over its columns, for readings of a class by a member.

    ``kind`` tells for each class whether it is of teams or of persons, shape (2, classes);
    ``large`` is more than any load.
    """
    from scipy.sparse import coo_array, eye_array, hstack, vstack

    pairs, classes = len(group), kind.shape[1]
    ones, columns = np.ones(pairs), np.arange(pairs)
    by_class = coo_array((ones, (group, columns)), (classes, pairs))
    by_member = coo_array((ones, (member, columns)), (members, pairs))
    unit, relaxed = eye_array(classes), large * eye_array(members)
    empty, common = coo_array((members, 2 * classes)), coo_array(np.full((members, 1), -1.0))
    rows = [
        [by_class, unit, -unit, coo_array((classes, members + 1))],
        [by_member, empty, relaxed, common],
        [by_member, empty, -relaxed, common],
        [coo_array((2, pairs + classes)), coo_array(kind), coo_array((2, members + 1))],
    ]
    return vstack([hstack(row) for row in rows]).tocsc()


def _relax_by_flow(
    problem: AssignmentProblem, loose: Flags, share: int
) -> tuple[MinimalRelaxation | None, int]:
    """Return the cheapest readers and conflicts to relax at the given loads, and the cost."""
    from ortools.graph.python import min_cost_flow

    cases, members = problem.allowed.shape
    people = cases + np.arange(members)
    sink, rows = cases + members, np.arange(cases)
    minimum = np.maximum(share - problem.assigned.sum(axis=0), 0) * ~loose
    above = np.where(
        loose, problem.new_reading_count, share + 1 - problem.assigned.sum(axis=0) - minimum
    )
    if (above < 0).any():
        return None, 0
    flow = min_cost_flow.SimpleMinCostFlow()
    case, member = np.nonzero(~problem.assigned)
    barred = ~problem.allowed[case, member]
    reading = add_arcs(flow, case, people[member], 1, barred * CONFLICT)
    lacking = add_arcs(flow, rows, np.full(cases, sink), problem.needs, READER)
    add_arcs(flow, people, np.full(members, sink), above, 0)
    add_arcs(flow, sink + np.where(problem.is_team, 1, 2), rows, members, 0)
    supplies = np.concatenate(
        [problem.needs, -minimum, [minimum.sum() - problem.new_reading_count], problem.further]
    ).astype(np.int64)
    flow.set_nodes_supplies(np.arange(len(supplies)), supplies)
    if not solve_flow(flow):
        return None, 0
    short = np.asarray(flow.flows(lacking))
    lifted = np.flatnonzero((np.asarray(flow.flows(reading)) > 0) & barred)
    relaxed = MinimalRelaxation(
        loads=tuple(problem.members[column] for column in np.flatnonzero(loose)),
        readers=tuple((problem.cases[row], int(short[row])) for row in np.flatnonzero(short)),
        conflicts=tuple((problem.members[member[at]], problem.cases[case[at]]) for at in lifted),
    )
    return relaxed, int(flow.optimal_cost()) + LOAD * int(loose.sum())


def _is_feasible(problem: AssignmentProblem, equal: bool) -> bool:
    solved = solve_assignment(problem, (0,))
    return solved.is_complete and (
        not equal or is_balanced((problem.assigned | solved.new_readings).sum(axis=0))
    )


def _more_members(problem: AssignmentProblem, equal: bool) -> list[str]:
    """Return in Chinese how many more members without conflicts suffice, if up to 5 do."""
    for number in range(1, MAX_NEW_MEMBERS + 1):
        shape = (len(problem.cases), number)
        more = replace(
            problem,
            members=problem.members + tuple(f"+{n}" for n in range(number)),
            allowed=np.hstack([problem.allowed, np.ones(shape, dtype=bool)]),
            assigned=np.hstack([problem.assigned, np.zeros(shape, dtype=bool)]),
        )
        if _is_feasible(more, equal):
            return [f"增补 {number} 名无须回避的评委"]
    return []


def _format_names(names: Sequence[str]) -> str:
    more = f"等 {len(names)} 处" if len(names) > MAX_NAMED else ""
    return "、".join(names[:MAX_NAMED]) + more
