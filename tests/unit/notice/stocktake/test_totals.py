from kjfp_helpers.notice.stocktake.totals import rank_within


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
