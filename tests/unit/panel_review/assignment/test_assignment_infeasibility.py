"""A design that cannot be: what is named to be relaxed is enough, and no fewer limits are."""

import random
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest

from kjfp_helpers.panel_review import ReadingMatrix
from kjfp_helpers.panel_review.assignment.assignment_infeasibility import (
    find_minimal_relaxation,
    infeasibility_error,
)
from kjfp_helpers.panel_review.assignment.flow_assignment import is_balanced, solve_assignment
from support.rounds.panels_and_scores import case

MEMBERS = [f"E{number:02}" for number in range(15)]


def demand_of(members, count, taken, readings=2):
    some = [case(unit="61", serial=serial) for serial in range(1, count + 1)]
    conflicts = pd.DataFrame(taken, columns=["member", "case"])
    return ReadingMatrix.build(some, members, conflicts).make_problem(np.full(count, readings))


def solvable(demand):
    solved = solve_assignment(demand, (0,))
    return solved.is_complete and bool(is_balanced(solved.new_readings.sum(axis=0)))


def possible(demand, loose=()):
    """Whether some design gives all members but the loose ones equal loads, by trying all."""
    counted = [place for place, member in enumerate(demand.members) if member not in loose]
    reach = {(0,) * len(demand.members)}
    for free, need in zip(demand.allowed, demand.needs, strict=True):
        options = combinations(np.flatnonzero(free).tolist(), int(need))
        reach = {
            tuple(load + (place in chosen) for place, load in enumerate(loads))
            for loads, chosen in product(reach, list(options))
        }
    return any(np.ptp([loads[place] for place in counted] or [0]) <= 1 for loads in reach)


def relaxed_once(demand):
    """Every way to relax one limit."""
    for row in range(len(demand.cases)):
        needs = demand.needs.copy()
        needs[row] -= 1
        yield replace(demand, needs=needs), ()
    for row, column in zip(*np.nonzero(~demand.allowed), strict=True):
        free = demand.allowed.copy()
        free[row, column] = True
        yield replace(demand, allowed=free), ()
    for member in demand.members:
        yield demand, (member,)


@pytest.mark.slow
def test_flow_and_trying_all_agree_and_the_fewest_limits_are_named():
    chance, counts = random.Random(4), []
    for _ in range(80):
        members, count = MEMBERS[: chance.randint(3, 5)], chance.randint(2, 5)
        taken = [
            (member, f"T61-{serial}")
            for member in members
            for serial in range(1, count + 1)
            if chance.random() < 0.45
        ]
        demand = demand_of(members, count, taken)
        assert solvable(demand) == possible(demand)
        if solvable(demand):
            continue
        found = find_minimal_relaxation(demand)
        counts.append(found.count)
        needs, free = demand.needs.copy(), demand.allowed.copy()
        for one, less in found.readers:
            needs[demand.cases.index(one)] -= less
        for member, one in found.conflicts:
            free[demand.cases.index(one), demand.members.index(member)] = True
        assert possible(replace(demand, needs=needs, allowed=free), found.loads)
        single = any(possible(other, loose) for other, loose in relaxed_once(demand))
        assert single == (found.count == 1)
    assert counts.count(1) > 5 and max(counts) > 1


def test_further_members_are_offered_only_where_they_are_enough():
    short = demand_of(MEMBERS[:4], 6, [(member, "T61-1") for member in MEMBERS[:3]])
    assert "增补 1 名无须回避的评委" in str(infeasibility_error(short, ()))
    idle = demand_of(MEMBERS[:4], 6, [("E00", f"T61-{serial}") for serial in range(1, 7)])
    assert "增补" not in str(infeasibility_error(idle, ()))


def test_the_first_other_ruling_that_helps_is_offered():
    short = demand_of(MEMBERS[:2], 4, [], readings=3)
    others = [("减为 3 名", short), ("减为 2 名", demand_of(MEMBERS[:2], 4, []))]
    assert "（2）减为 2 名" in str(infeasibility_error(short, others))
