"""Other weights: what stays, what is refused, and that the present weights change nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.library.frames.decision_tables import reweigh_round
from support.library_stages import KINDS, library_at
from support.thoroughness import times

FULL = library_at("after the list")
CRITERIA = {kind: {c.id: c.weight for c in FULL.rules.rubric.criteria(kind)} for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_the_present_weights_give_the_present_list(kind):
    table = FULL.reweighted(kind, CRITERIA[kind])
    assert (table["rank"] == table["new_rank"]).all() and not table["changed"].any()
    assert (table["status"] == table["new_status"]).all()


@given(name=st.sampled_from([*CRITERIA["team"]]), weight=st.floats(0, 1))
@settings(max_examples=times(16, 50), deadline=None)
def test_the_others_keep_their_proportions_and_all_sum_to_one(name, weight):
    round = reweigh_round(FULL.rules, "team", {name: weight})
    new = {criterion.id: criterion.weight for criterion in round.rubric.criteria("team")}
    assert sum(new.values()) == pytest.approx(1) and new[name] == weight
    others = [other for other in new if other != name]
    whole = sum(CRITERIA["team"][other] for other in others)
    for other in others:
        assert new[other] * whole == pytest.approx(CRITERIA["team"][other] * (1 - weight))
    assert round.rubric.criteria("individual") == FULL.rules.rubric.criteria("individual")


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ({"outcom": 0.5}, "outcome"),
        ({"outcome": 1.5}, "0 至 1"),
        ({"outcome": 0.7, "service": 0.7}, "之和为 1"),
        (dict.fromkeys(CRITERIA["team"], 0.1), "之和为 1"),
    ],
)
def test_weights_that_do_not_fit_are_refused(weights, told):
    with pytest.raises(ParameterError, match=told):
        FULL.reweighted("team", weights)


def test_a_case_that_moves_over_the_cut_stands_first():
    table = FULL.reweighted("team", {"outcome": 1.0})
    assert table["changed"].tolist() == sorted(table["changed"], reverse=True)
    assert (table["moved"] == table["rank"] - table["new_rank"]).all()
