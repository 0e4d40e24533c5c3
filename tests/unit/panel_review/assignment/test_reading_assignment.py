"""Who reads what."""

import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.errors import AssignmentError
from kjfp_helpers.core.events import ReadingsAssigned
from kjfp_helpers.panel_review import ReadingMatrix, assign_readings, reading_table, readings_digest
from kjfp_helpers.panel_review.assignment.flow_assignment import measure_connectivity
from kjfp_helpers.rules import load_round
from support.rounds.panels_and_scores import case, cases_of, events

MEMBERS = [f"E{number:02}" for number in range(15)]
NONE = pd.DataFrame({"member": [], "case": []}, dtype=str)


def pairs(rows):
    return pd.DataFrame(rows, columns=["member", "case"])


def plan(cases, members, conflicts=NONE, **given):
    return assign_readings(ReadingMatrix.build(cases, members, conflicts), **({"seed": 0} | given))


@pytest.fixture(scope="module")
def cases(rules_folder):
    round = load_round(rules_folder)
    return [*cases_of(round, "team")[:80], *cases_of(round, "individual")[:131]]


@pytest.fixture(scope="module")
def conflicts(cases):
    chance = random.Random(1)
    return pairs([(m, c.id) for m in MEMBERS for c in cases if chance.random() < 0.08])


@pytest.fixture(scope="module")
def assignment(cases, conflicts):
    return plan(cases, MEMBERS, conflicts, readings=5, seed=7, anchors=3)


def read_by(assignment):
    return [(m, c) for m, ids in assignment.readings.items() for c in ids]


def test_every_case_has_its_readers_and_no_conflict(cases, conflicts, assignment):
    read = read_by(assignment)
    counts = pd.Series([c for _, c in read]).value_counts()
    assert len(read) == len(set(read))
    assert set(counts.drop(list(assignment.anchors))) == {5} and len(counts) == len(cases)
    assert not set(read) & set(conflicts.itertuples(index=False, name=None))


def test_anchors_come_first_in_one_order_for_all_who_have_no_conflict(conflicts, assignment):
    anchors, apart = assignment.anchors, set(conflicts.itertuples(index=False, name=None))
    assert "".join(c[0] for c in anchors) == "TTTPPP"
    for member, ids in assignment.readings.items():
        mine = tuple(c for c in anchors if (member, c) not in apart)
        assert ids[: len(mine)] == mine


def test_anchors_are_cases_that_the_fewest_members_conflict_with(cases, conflicts, assignment):
    apart = conflicts["case"].value_counts()
    for letter in "TP":
        chosen = max(apart.get(c, 0) for c in assignment.anchors if c[0] == letter)
        others = [c.id for c in cases if c.id[0] == letter and c.id not in assignment.anchors]
        assert chosen <= min(apart.get(c, 0) for c in others)


def test_loads_differ_by_at_most_one_in_all_and_in_each_kind(assignment):
    assert max(assignment.loads.values()) - min(assignment.loads.values()) <= 1
    for letter in "TP":
        each = [sum(c[0] == letter for c in ids) for ids in assignment.readings.values()]
        assert max(each) - min(each) <= 1


def test_design_is_connected_and_well(assignment):
    assert assignment.components == 1
    assert assignment.connectivity > 0.3


def test_members_read_from_everywhere(assignment):
    for ids in assignment.readings.values():
        assert len({c[1:3] for c in ids}) > 20


def test_order_of_inputs_does_not_matter_but_the_seed_does(cases, conflicts, assignment):
    mixed = conflicts.sample(frac=1, random_state=1)
    again = plan(cases[::-1], MEMBERS[::-1], mixed, readings=5, seed=7, anchors=3)
    assert again == assignment
    other = plan(cases, MEMBERS, conflicts, readings=5, seed=8, anchors=3)
    assert readings_digest(other.readings) != readings_digest(assignment.readings)
    assert other.anchors != assignment.anchors


def test_members_read_in_orders_of_their_own_teams_first(cases):
    all_read = plan(cases[:6] + cases[-6:], MEMBERS[:3], readings=3, seed=1)
    orders = set(all_read.readings.values())
    assert len(orders) == 3
    assert all("".join(c[0] for c in order) == "T" * 6 + "P" * 6 for order in orders)


def test_case_with_too_few_free_members_is_named_with_what_it_lacks():
    some = [case(unit=unit) for unit in ("61", "62", "63")]
    taken = pairs([(m, "T62-1") for m in MEMBERS[:13]])
    with pytest.raises(AssignmentError, match="放宽 1 处（已是最少）：减少评阅人数：T62-1 少 1 名"):
        plan(some, MEMBERS, taken, readings=3)


def test_member_who_may_read_nothing_is_the_one_limit_named():
    some = [case(unit=unit, serial=s) for unit in ("61", "62", "63", "64") for s in (1, 2)]
    with pytest.raises(AssignmentError, match="放宽 1 处（已是最少）：不要求 E00 的件数与他人持平"):
        plan(some, MEMBERS[:5], pairs([("E00", c.id) for c in some]), readings=3)


def test_anchors_that_alone_upset_the_loads_are_offered_as_the_way_out():
    some = [case(unit="61", serial=s) for s in range(1, 7)]
    taken = pairs([("E00", c.id) for c in some[:5]])
    with pytest.raises(AssignmentError, match=r"不设共同基准件（ruling.anchors = 0）"):
        plan(some, MEMBERS[:4], taken, readings=1, anchors=4)


def test_conflicts_by_kind_loosen_the_balance_of_kinds_only():
    some = [
        case(kind, unit) for kind in ("team", "individual") for unit in ("61", "62", "63", "64")
    ]
    taken = pairs([("E00", c.id) for c in some if c.kind == "team"])
    done = plan(some, MEMBERS[:4], taken, readings=2)
    assert set(done.loads.values()) == {4}
    assert all(c.startswith("P") for c in done.readings["E00"])


def test_design_that_falls_apart_is_refused():
    with pytest.raises(AssignmentError, match="互不相连"):
        plan([case(unit="61"), case(unit="62")], MEMBERS[:6], readings=3)


def test_ineligible_cases_are_not_read_and_an_empty_round_is_refused():
    some = [case(unit="61"), case(unit="62", eligible=False)]
    assert set(plan(some, MEMBERS[:3], readings=3).readings.values()) == {("T61-1",)}
    with pytest.raises(AssignmentError, match="没有"):
        plan([case(eligible=False)], MEMBERS, readings=3)


def test_connectivity_is_one_where_all_read_all_and_nought_where_groups_part():
    assert measure_connectivity(np.ones((6, 4), dtype=bool)) == (1, pytest.approx(1))
    assert measure_connectivity(np.kron(np.eye(2), np.ones((3, 3))).astype(bool)) == (2, 0.0)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_panel_is_balanced_or_refused_with_a_reason(data):
    number = data.draw(st.integers(3, 9), "members")
    count = data.draw(st.integers(1, 20), "cases")
    readings = data.draw(st.integers(1, number), "readings")
    anchors = data.draw(st.integers(0, 2), "anchors")
    some = [case("team" if n % 3 else "individual", "61", n) for n in range(count)]
    chance = random.Random(data.draw(st.integers(0, 99), "seed"))
    taken = pairs([(m, c.id) for m in MEMBERS[:number] for c in some if chance.random() < 0.1])
    try:
        done = plan(some, MEMBERS[:number], taken, readings=readings, anchors=anchors)
    except AssignmentError as error:
        assert "应为" in str(error)
        return
    read = read_by(done)
    counts = pd.Series([c for _, c in read]).value_counts().drop(list(done.anchors))
    assert len(set(read)) == len(read) and set(counts) <= {readings}
    assert max(done.loads.values()) - min(done.loads.values()) <= 1
    assert done.components == 1
    assert not set(read) & set(taken.itertuples(index=False, name=None))
    for member, ids in done.readings.items():
        mine = tuple(c for c in done.anchors if (member, c) in read)
        assert ids[: len(mine)] == mine


def test_reading_table_shows_the_last_assignment_with_positions():
    def body(ids, **more):
        return ReadingsAssigned(readings={"E01": ids}, seed=1, digest="", **more)

    table = reading_table(events(body(("T61-1",)), body(("T62-1", "T61-1"))))
    assert table.to_numpy().tolist() == [["E01", "T62-1", 1, 1], ["E01", "T61-1", 2, 1]]
    afresh = reading_table(events(body(("T61-1",)), body(("T62-1",), round=2, afresh=True)))
    assert afresh.to_numpy().tolist() == [["E01", "T62-1", 1, 2]]
    assert reading_table(()).columns.tolist() == ["member", "case", "position", "since"]


def test_digest_does_not_depend_on_the_order_of_members():
    assert readings_digest({"a": ("1",), "b": ()}) == readings_digest({"b": [], "a": ["1"]})
