"""The second round, and cases that came later."""

import random
from collections import Counter

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.errors import AssignmentError
from kjfp_helpers.panel_review import (
    ReadingMatrix,
    assign_adaptive_round,
    assign_band_round,
    assign_readings,
    assign_replacements,
)
from kjfp_helpers.rules import load_round
from support.rounds.panels_and_scores import case, cases_of

NONE = pd.DataFrame({"member": [], "case": []}, dtype=str)
ROUND = st.tuples(
    st.integers(6, 12), st.integers(12, 40), st.integers(0, 2), st.integers(0, 99)
)  # members, cases, anchors, seed


def pairs(rows):
    return pd.DataFrame(rows, columns=["member", "case"])


def read_by(assignment):
    return {(member, case) for member, ids in assignment.readings.items() for case in ids}


def made_up(members, count, seed, share=0.05):
    chance = random.Random(seed)
    panel = [f"E{number:02}" for number in range(members)]
    some = [case("team" if n % 3 else "individual", "61", n) for n in range(count)]
    taken = [(m, c.id) for m in panel for c in some if chance.random() < share]
    return some, panel, pairs(taken), {c.id: chance.random() for c in some}


def first_round(some, panel, taken, anchors, seed):
    return assign_readings(
        ReadingMatrix.build(some, panel, taken), readings=3, seed=seed, anchors=anchors
    )


def second(some, panel, taken, first, chances, seed, **more):
    board = ReadingMatrix.build(some, panel, taken, first.readings)
    given = {"anchors": first.anchors, "chances": chances, "readings": 5, "seed": seed}
    return assign_adaptive_round(board, minimum=3, **(given | more))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROUND)
def test_second_round_keeps_the_total_the_loads_and_every_earlier_reading(drawn):
    members, count, anchors, seed = drawn
    some, panel, taken, chances = made_up(members, count, seed)
    try:
        first = first_round(some, panel, taken, anchors, seed)
        done = second(some, panel, taken, first, chances, seed)
    except AssignmentError as error:
        assert "应为" in str(error)
        return
    read = read_by(done)
    assert len(read) == sum(map(len, done.readings.values())), "nobody reads a case twice"
    assert not read & set(taken.itertuples(index=False, name=None))
    for member, ids in first.readings.items():
        assert done.readings[member][: len(ids)] == ids
    assert max(done.loads.values()) - min(done.loads.values()) <= 1
    assert done.components == 1
    counts = Counter(case for _, case in read)
    plain = [c for c in some if c.id not in first.anchors]
    for kind in ("team", "individual"):
        mine = [counts[c.id] for c in plain if c.kind == kind]
        free = [members - sum(taken["case"] == c.id) for c in plain if c.kind == kind]
        assert sum(mine) == min(5 * len(mine), sum(free)) and min(mine, default=3) >= 3
    again = second(some[::-1], panel[::-1], taken[::-1], first, chances, seed)
    assert again == done


def test_further_readings_go_where_the_place_is_least_certain(rules_folder):
    cases = cases_of(load_round(rules_folder), "team")[:100]
    panel = [f"E{number:02}" for number in range(15)]
    first = first_round(cases, panel, NONE, 3, 1)
    order = [c.id for c in cases if c.id not in first.anchors]
    chances = {one: place / len(order) for place, one in enumerate(order)}
    done = second(cases, panel, NONE, first, chances, 1)
    more = Counter(c for _, c in read_by(done)) - Counter(c for _, c in read_by(first))
    gained = [more[one] for one in order]
    middle, ends = gained[30:68], gained[:5] + gained[-5:]
    assert min(middle) > max(ends) and sum(more.values()) == 2 * len(order)
    missing = second(cases, panel, NONE, first, chances | {order[0]: float("nan")}, 1)
    assert Counter(c for _, c in read_by(missing))[order[0]] >= 3 + min(middle)


def test_who_stepped_back_does_not_read_the_case_again_and_the_case_is_made_up(rules_folder):
    cases = cases_of(load_round(rules_folder), "team")[:40]
    panel = [f"E{number:02}" for number in range(8)]
    first = first_round(cases, panel, NONE, 0, 3)
    lost = cases[0].id
    readers = [member for member, one in read_by(first) if one == lost]
    away = pairs([(member, lost) for member in readers])
    done = second(cases, panel, away, first, dict.fromkeys([c.id for c in cases], 0.0), 3)
    new = read_by(done) - read_by(first)
    assert sum(one == lost for _, one in new) >= 3
    assert not {member for member, one in new if one == lost} & set(readers)
    assert max(done.loads.values()) - min(done.loads.values()) <= 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROUND)
def test_band_is_read_by_all_who_are_free_and_is_the_least_certain_within_the_budget(drawn):
    members, count, anchors, seed = drawn
    some, panel, taken, chances = made_up(members, count, seed)
    try:
        first = first_round(some, panel, taken, anchors, seed)
    except AssignmentError:
        return
    board = ReadingMatrix.build(some, panel, taken, first.readings)
    done = assign_band_round(board, anchors=first.anchors, chances=chances, readings=5, seed=seed)
    read, apart = read_by(done), set(taken.itertuples(index=False, name=None))
    inside = {case for _, case in read}
    assert read == {(m, c) for m in panel for c in inside} - apart
    for kind in ("team", "individual"):
        rows = [c.id for c in some if c.kind == kind]
        spread = {
            one: round(round(chances[one], 2) * (1 - round(chances[one], 2)), 6) for one in rows
        }
        chosen = [spread[one] for one in rows if one in inside]
        others = [spread[one] for one in rows if one not in inside]
        assert not others or min(chosen) >= max(others)
        plain = [one for one in rows if one not in first.anchors]
        left = 2 * len(plain)
        assert len(chosen) == 1 or sum(case in rows for _, case in read) <= left


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROUND, st.integers(1, 4))
@example((6, 28, 0, 1), 1)  # too few may read the newcomer
def test_newcomers_get_their_readers_and_nobody_else_is_moved(drawn, late):
    members, count, anchors, seed = drawn
    some, panel, taken, _ = made_up(members, count, seed)
    try:
        first = first_round(some[late:], panel, taken, anchors, seed)
    except AssignmentError:
        return
    board = ReadingMatrix.build(some, panel, taken, first.readings)
    barred = Counter(taken["case"])
    if any(members - barred[one.id] < 4 for one in some[:late]):
        with pytest.raises(AssignmentError, match="少"):
            assign_replacements(board, readings=4, minimum=3, seed=seed, round=1)
        return
    done = assign_replacements(board, readings=4, minimum=3, seed=seed, round=1)
    counts = Counter(case for _, case in read_by(done))
    assert all(counts[c.id] == 4 for c in some[:late])
    for member, ids in first.readings.items():
        assert done.readings[member][: len(ids)] == ids
    new = read_by(done) - read_by(first)
    assert {case for _, case in new} == {c.id for c in some[:late]}
    assert not new & set(taken.itertuples(index=False, name=None))
    settled = ReadingMatrix.build(some, panel, taken, done.readings)
    assert assign_replacements(settled, readings=4, minimum=3, seed=seed, round=1) is None


def test_newcomer_whom_too_few_may_read_is_told():
    some, panel, _, _ = made_up(6, 12, 1)
    first = first_round(some[1:], panel, NONE, 0, 1)
    taken = pairs([(member, some[0].id) for member in panel[:4]])
    with pytest.raises(AssignmentError, match=f"{some[0].id} 少 1 名"):
        assign_replacements(
            ReadingMatrix.build(some, panel, taken, first.readings),
            readings=3,
            minimum=3,
            seed=1,
            round=1,
        )
