"""The best list under limits: proved against all lists, whatever the order, clashes named."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.errors import SelectionError, UnprovedError
from kjfp_helpers.selection import Limit, select_candidates
from kjfp_helpers.selection.allocation.cp_solver import Budget
from support.thoroughness import times

SCORES = st.integers(1, 6)


def limit(attribute, value, minimum=0, maximum=None):
    return Limit(f"{attribute}为{value}", attribute, frozenset([value]), minimum, maximum)


def allowed(attributes, limits, places, count):
    for some in combinations(range(count), places):
        held = [sum(attributes[one.attribute][n] in one.values for n in some) for one in limits]
        if all(
            one.minimum <= h <= (places if one.maximum is None else one.maximum)
            for one, h in zip(limits, held, strict=True)
        ):
            yield set(some)


def best_of(scores, lists):
    """Lists of the greatest sum, of these the ones that hold the better ranked."""
    lists = list(lists)
    top = max(sum(scores[n] for n in some) for some in lists)
    best = [some for some in lists if sum(scores[n] for n in some) == top]
    first = max(sorted((scores[n] for n in some), reverse=True) for some in best)
    return [some for some in best if sorted((scores[n] for n in some), reverse=True) == first]


@st.composite
def contests(draw, crossing):
    count = draw(st.integers(3, 8))
    places = draw(st.integers(1, min(4, count)))
    scores = draw(st.lists(SCORES, min_size=count, max_size=count))
    attributes, limits = {}, []
    for name, values in (("甲", "xyz"), ("乙", "uv"))[: 1 + crossing]:
        one = st.sampled_from([*values, None] if crossing else list(values))
        attributes[name] = draw(st.lists(one, min_size=count, max_size=count))
        for value in values:
            minimum = draw(st.integers(0, 1)) if crossing else 0
            maximum = draw(st.one_of(st.none(), st.integers(1, 3)))
            if minimum or maximum:
                limits.append(limit(name, value, minimum, maximum))
    return scores, attributes, limits, places


@pytest.mark.slow
@pytest.mark.parametrize("crossing", [False, True])
def test_the_list_is_the_best_of_all_lists_and_what_is_open_is_told(crossing):
    @settings(max_examples=times(40, 120), deadline=None)
    @given(contests(crossing), st.randoms(use_true_random=False))
    def holds(contest, chance):
        scores, attributes, limits, places = contest
        lists = list(allowed(attributes, limits, places, len(scores)))
        if not lists:
            with pytest.raises(SelectionError):
                select_candidates(scores, attributes, limits, places)
            return
        best = best_of(scores, lists)
        found = select_candidates(scores, attributes, limits, places)
        assert set(np.flatnonzero(found.chosen)) == set.intersection(*best)
        assert set(np.flatnonzero(found.tied)) == set.union(*best) - set.intersection(*best)
        assert found.total == sum(scores[n] for n in best[0])
        assert found.open_seats == places - found.chosen.sum()
        turn = list(range(len(scores)))
        chance.shuffle(turn)
        again = select_candidates(
            [scores[n] for n in turn],
            {k: [v[n] for n in turn] for k, v in attributes.items()},
            limits[::-1],
            places,
        )
        assert [turn[n] for n in np.flatnonzero(again.chosen)] == [
            n for n in turn if found.chosen[n]
        ]
        assert {turn[n] for n in np.flatnonzero(again.tied)} == set(np.flatnonzero(found.tied))

    holds()


def test_candidates_beyond_a_groups_room_do_not_hide_a_tie():
    found = select_candidates([9, 5, 5, 5], {"甲": list("xyyy")}, [limit("甲", "y", maximum=1)], 2)
    assert found.chosen.tolist() == [True, False, False, False] and found.tied.sum() == 3


def test_equal_sums_of_unequal_scores_are_no_tie():
    """8 + 2 and 5 + 5: the list with the better ranked is taken."""
    attributes = {"甲": ["x", "y", "x", "y"], "乙": ["u", "v", "v", "u"]}
    limits = [limit("甲", "x", 1, 1), limit("乙", "u", 1, 1)]
    found = select_candidates([8, 2, 5, 5], attributes, limits, 2)
    assert found.chosen.tolist() == [True, True, False, False] and not found.tied.any()


def test_clashing_limits_are_named_and_no_other():
    attributes = {"性别": ["男"] * 8 + ["女"] * 2, "省": ["甲", "乙"] * 5}
    limits = [
        limit("性别", "女", minimum=3),
        limit("省", "甲", maximum=3),
        limit("省", "乙", maximum=3),
    ]
    with pytest.raises(SelectionError) as caught:
        select_candidates(range(10), attributes, limits, 5)
    assert "性别为女（可选 2 件，尚缺 1 件）" in str(caught.value) and "省为" not in str(
        caught.value
    )
    with pytest.raises(SelectionError) as caught:
        select_candidates(range(10), attributes, limits[1:], 7)
    assert "省为甲" in str(caught.value) and "省为乙" in str(caught.value)


def test_hidden_clash_of_three_limits_names_those_three():
    attributes = {"甲": list("xxyyzz"), "乙": list("uvuvuv")}
    limits = [
        limit("甲", "x", minimum=1),
        limit("甲", "y", minimum=1),
        limit("乙", "u", maximum=0),
        limit("乙", "v", maximum=1),
        limit("甲", "z", maximum=2),
    ]
    with pytest.raises(SelectionError) as caught:
        select_candidates(range(6), attributes, limits, 2)
    named = [
        one for one in ("甲为x", "甲为y", "乙为u", "乙为v", "甲为z") if one in str(caught.value)
    ]
    assert set(named) <= {"甲为x", "甲为y", "乙为u", "乙为v"} and 2 <= len(named) <= 4
    kept = [one for one in limits if one.title in named]
    for left_out in kept:
        rest = [one for one in kept if one is not left_out]
        assert select_candidates(range(6), attributes, rest, 2).total > 0


@pytest.mark.slow
def test_large_field_is_the_same_set_shuffled_and_no_swap_betters_it():
    chance = np.random.default_rng(1)
    count, places = 20_000, 300
    scores = chance.integers(0, 10**7, count)
    attributes = {
        "省": chance.integers(0, 31, count),
        "性别": chance.integers(0, 2, count),
        "级别": chance.integers(0, 3, count),
    }
    limits = [limit("省", one, 7, 11) for one in range(31)]
    limits += [limit("性别", 0, minimum=180), limit("级别", 0, maximum=60)]
    found = select_candidates(scores, attributes, limits, places)
    turn = chance.permutation(count)
    again = select_candidates(
        scores[turn], {k: v[turn] for k, v in attributes.items()}, limits, places
    )
    assert (again.chosen == found.chosen[turn]).all()
    inside, outside = np.flatnonzero(found.chosen), np.flatnonzero(~found.chosen)
    counted = np.stack([np.isin(attributes[one.attribute], list(one.values)) for one in limits])
    least = np.array([one.minimum for one in limits])[:, None]
    most = np.array([one.maximum or places for one in limits])[:, None]
    for out in outside[np.argsort(-scores[outside])][:300]:
        gone = inside[scores[inside] < scores[out]]
        held = counted[:, inside].sum(1)[:, None] - counted[:, gone] + counted[:, [out]]
        assert not ((least <= held) & (held <= most)).all(0).any()


def crossing_field(count, seed):
    """Marks of two decimals, and floors and caps that cross, as notice.toml may hold them."""
    chance = np.random.default_rng(seed)
    scores = np.rint(chance.normal(75, 8, count) * 100).astype(int) * 10**7
    attributes = {
        "单位": chance.integers(0, count // 3, count).tolist(),
        "性别": chance.choice(["男", "女"], count, p=[0.7, 0.3]).tolist(),
        "类别": chance.integers(0, 3, count).tolist(),
    }
    limits = [limit("单位", one, maximum=2) for one in range(count // 3)]
    limits += [limit("性别", "女", minimum=count // 10), limit("类别", 0, maximum=count // 8)]
    return scores, attributes, limits, count // 4


def second_total(scores, attributes, limits, places):
    """The greatest sum by HiGHS, in floating point, all candidates free; its list is counted anew.

    Of several lists with that sum it may return any, so that only the sums may be compared.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    rows = [np.ones(len(scores))]
    rows += [np.isin(attributes[one.attribute], list(one.values)).astype(float) for one in limits]
    low = [places, *(one.minimum for one in limits)]
    high = [places, *(places if one.maximum is None else one.maximum for one in limits)]
    found = milp(
        -scores / scores.max(),
        integrality=np.ones(len(scores)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(np.array(rows), low, high),
        options={"mip_rel_gap": 0.0},
    )
    chosen = np.rint(found.x).astype(bool)
    assert keeps(attributes, limits, places, chosen)
    return int(scores[chosen].sum())


def keeps(attributes, limits, places, chosen):
    """Whether a list has its places filled and keeps every limit."""
    held = [np.isin(attributes[one.attribute], list(one.values))[chosen].sum() for one in limits]
    return chosen.sum() == places and all(
        one.minimum <= h <= (places if one.maximum is None else one.maximum)
        for one, h in zip(limits, held, strict=True)
    )


@pytest.mark.slow
def test_a_second_solver_finds_no_greater_sum_under_crossing_limits():
    for seed in range(40):
        scores, attributes, limits, places = crossing_field(60 + 4 * seed, seed)
        found = select_candidates(scores, attributes, limits, places)
        assert found.total == second_total(scores, attributes, limits, places)
        if not found.open_seats:
            assert keeps(attributes, limits, places, found.chosen)
            assert int(scores[found.chosen].sum()) == found.total


@pytest.mark.slow
def test_lists_of_equal_sums_follow_the_documented_rule_against_all_lists():
    """Few different scores and crossing limits: nearly every field has several best lists."""
    several = 0
    for seed in range(60):
        chance = np.random.default_rng(seed)
        count, places = 12, 5
        scores = chance.integers(1, 5, count).tolist()
        attributes = {
            "甲": chance.choice(list("xyz"), count).tolist(),
            "乙": chance.choice(list("uv"), count).tolist(),
        }
        limits = [
            limit("甲", "x", maximum=2),
            limit("甲", "y", minimum=1, maximum=2),
            limit("乙", "u", minimum=2),
            limit("乙", "v", minimum=1),
        ]
        lists = list(allowed(attributes, limits, places, count))
        if not lists:
            continue
        best = best_of(scores, lists)
        several += len(best) > 1
        found = select_candidates(scores, attributes, limits, places)
        assert set(np.flatnonzero(found.chosen)) == set.intersection(*best)
        assert set(np.flatnonzero(found.tied)) == set.union(*best) - set.intersection(*best)
    assert several > 20


def test_many_crossing_attributes_end_within_the_work_of_a_list():
    chance = np.random.default_rng(1)
    scores = np.rint(np.clip(chance.normal(75, 9, 550), 0, 100) * 100).astype(int) * 10**7
    attributes = {f"甲{one}": chance.integers(0, 12 + 7 * one, 550).tolist() for one in range(4)}
    limits = [
        limit(name, value, maximum=-(-50 // (max(held) + 1)) + 1)
        for name, held in attributes.items()
        for value in sorted(set(held))
    ]
    assert select_candidates(scores, attributes, limits, 50).open_seats >= 0


def test_what_the_solver_could_not_prove_is_told_and_no_list_is_given():
    field = crossing_field(200, 3)
    for work in (0.0, 1e-7):
        with pytest.raises(UnprovedError, match=r"限定的计算量.*与机器快慢无关.*还没有名单"):
            select_candidates(*field, budget=Budget(work))


@pytest.mark.parametrize("minimum", [1, 5])
def test_a_floor_for_a_value_that_nobody_has_is_named(minimum):
    limits = [limit("甲", "z", minimum=minimum), limit("乙", "u", maximum=2)]
    with pytest.raises(SelectionError, match=f"甲为z（可选 0 件，尚缺 {minimum} 件）"):
        select_candidates(range(6), {"甲": list("xxyyxy"), "乙": list("uvuvuv")}, limits, 3)


def test_a_value_that_a_cap_keeps_out_altogether_leaves_a_list():
    limits = [limit("甲", "y", maximum=0), limit("乙", "v", minimum=1)]
    found = select_candidates(
        [9, 8, 7, 6, 5], {"甲": list("yxxxx"), "乙": list("uuuvv")}, limits, 2
    )
    assert found.chosen.tolist() == [False, True, False, True, False]


@pytest.mark.parametrize(
    "limits", [[], [limit("甲", "x", maximum=1)], [limit("甲", "x", minimum=1)]]
)
def test_no_candidates_at_all_are_told_by_their_number(limits):
    with pytest.raises(SelectionError, match="0 件，尚缺 3 件"):
        select_candidates([], {"甲": []}, limits, 3)
