import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.events import Event, SummaryAssessed
from kjfp_helpers.notice.assessment.reader_agreement import (
    intraclass_correlation,
    reader_agreement,
)

LEVELS = ("优秀", "良好", "合格", "待改进")


def assessed(pairs):
    """Events of two readers: a row a unit, places of the levels."""
    bodies = [
        SummaryAssessed(unit=str(unit), level=LEVELS[place], reader=reader)
        for unit, places in enumerate(pairs)
        for reader, place in zip("甲乙丙", places, strict=False)
    ]
    at = dt.datetime(2020, 9, 1, tzinfo=dt.UTC)
    return [Event(seq=n, at=at, actor="秘书", body=body) for n, body in enumerate(bodies, 1)]


def kappa(pairs):
    """Kappa with quadratic weights, pairs taken both ways round, as readers are no fixed pair."""
    size = len(LEVELS)
    both = [*pairs, *[pair[::-1] for pair in pairs]]
    share = [sum(one == place for one, _ in both) / len(both) for place in range(size)]
    off = sum((one - other) ** 2 for one, other in both) / len(both)
    chance = sum(share[a] * share[b] * (a - b) ** 2 for a in range(size) for b in range(size))
    return 1 - off / chance


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 3)] * 2), min_size=200, max_size=300))
def test_weighted_agreement_is_quadratic_kappa_for_many_units(pairs):
    found = reader_agreement(assessed(pairs), LEVELS)
    assert found.n == len(pairs) and found.same == sum(a == b for a, b in pairs)
    if found.weighted is not None:
        assert found.weighted == pytest.approx(kappa(pairs), abs=0.02)


def test_agreement_of_a_published_table():
    """Shrout and Fleiss (1979), table 2: six targets, four judges, ICC(1,1) = .17."""
    rows = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    value, (low, high) = intraclass_correlation(rows)
    assert value == pytest.approx(0.166, abs=0.001)
    assert (low, high) == pytest.approx((-0.133, 0.723), abs=0.001)


def test_interval_holds_the_truth_about_as_often_as_it_says():
    chance, held = np.random.default_rng(5), 0
    for _ in range(400):
        quality = chance.normal(0, 1, (30, 1))
        _, (low, high) = intraclass_correlation((quality + chance.normal(0, 1, (30, 2))).tolist())
        held += low <= 0.5 <= high
    assert 0.92 <= held / 400 <= 0.98


@pytest.mark.parametrize(("n", "few"), [(0, True), (9, True), (10, False)])
def test_few_units_give_counts_and_no_inference(n, few):
    found = reader_agreement(assessed([(0, 1), (1, 1), (3, 3)] * 4)[: 2 * n], LEVELS)
    assert found.n == n and (found.share is None) == (found.weighted is None) == few


def test_only_the_last_level_of_each_reader_counts_and_one_reader_agrees_with_nobody():
    events = assessed([(0, 2)] * 12) + assessed([(2, 2)] * 11)
    assert reader_agreement(events, LEVELS).same == 11
    assert reader_agreement(assessed([(1,)] * 30), LEVELS).n == 0


def test_all_alike_is_no_agreement_beyond_chance():
    found = reader_agreement(assessed([(1, 1)] * 20), LEVELS)
    assert found.same == 20 and found.weighted is None
    perfect = reader_agreement(assessed([(1, 1), (2, 2)] * 10), LEVELS)
    assert perfect.weighted == 1 and perfect.interval is None
    assert perfect.share[0] == pytest.approx(0.832, abs=0.001)
