import pytest

from kjfp_helpers.core.state_labels import MET, NO_TARGET, NO_TASK
from kjfp_helpers.notice.stocktake.totals import overall_rate, rank_within

NAMES = ("assoc", "federations", "experts", "people")
ROW = {f"{name}_state": MET for name in NAMES} | {
    "assoc_rate": 0.5,
    "federations_rate": None,
    "experts_rate": 1.0,
    "people_rate": 1.5,
}


@pytest.mark.parametrize(("ruling", "rate"), [("all", 0.5), ("mean", 1.0)])
@pytest.mark.parametrize("word", [NO_TASK, NO_TARGET])
def test_one_rate_for_the_two_numbers_follows_the_ruling(ruling, rate, word):
    row = ROW | {"federations_state": word}
    assert overall_rate(row, NAMES, ruling) == rate
    assert overall_rate(row | {"people_rate": None}, NAMES, ruling) is None
    assert overall_rate(row | {"federations_state": MET}, NAMES, ruling) is None


def test_ties_share_a_place_within_a_class_and_the_next_follows_after_them():
    rates = {"a": 1.5, "b": 1.2, "c": 1.2, "d": 1.0, "e": None, "f": 0.9}
    groups = dict.fromkeys("abcde", "province") | {"f": "society"}
    assert rank_within(rates, groups) == {
        "a": "1",
        "b": "并列2",
        "c": "并列2",
        "d": "4",
        "f": "1",
    }
