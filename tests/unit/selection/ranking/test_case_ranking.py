"""From marks to an order."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.errors import SelectionError
from kjfp_helpers.rules import METHOD_TITLES
from kjfp_helpers.selection import rank_cases
from kjfp_helpers.selection.ranking.raters.rater_effects import fit_rater_effects
from kjfp_helpers.selection.ranking.raters.rater_likelihood import (
    MIN_VARIANCE,
    expected_information,
    log_likelihood,
    severity_uncertainty,
)
from kjfp_helpers.selection.ranking.severity_model import SeverityErrors
from kjfp_helpers.selection.ranking.top_k_probability import top_k_probabilities
from support.rounds.panels_and_scores import simulated, some_habits, sorted_marks, table


def ranked(totals, places=3, method="adjusted", quorum=1, **given):
    return rank_cases(totals, seats=places, method=method, quorum=quorum, **given)


def written_out(marks, habits):
    """Mean and covariance of all marks together, cases integrated out."""
    severity, spread, log_noise = habits[:, marks.member]
    same = marks.case[:, None] == marks.case
    covariance = same * spread[:, None] * spread + np.diag(np.exp(2 * log_noise) + MIN_VARIANCE)
    return severity, covariance


def log_density(values, mean, covariance):
    """Log density of a normal distribution but for its constant."""
    away = values - mean
    return -(np.linalg.slogdet(covariance)[1] + away @ np.linalg.solve(covariance, away)) / 2


def test_likelihood_is_that_of_the_model_written_out_in_full():
    totals, *_ = simulated(20, 6, 3, seed=1)
    marks = sorted_marks(totals)
    for seed in range(3):
        habits, other = some_habits(6, seed), some_habits(6, seed + 10)
        full = [log_density(marks.score, *written_out(marks, h)) for h in (habits, other)]
        short = [log_likelihood(marks, h)[0] for h in (habits, other)]
        assert full[0] - full[1] == pytest.approx(short[0] - short[1], rel=1e-9)


def test_gradient_is_the_slope_of_the_likelihood():
    marks = sorted_marks(simulated(20, 6, 3, seed=1)[0])
    habits = some_habits(6)
    slope = log_likelihood(marks, habits)[1]
    for place in np.ndindex(3, 6):
        step = np.zeros((3, 6))
        step[place] = 1e-5
        up, down = (log_likelihood(marks, habits + sign * step)[0] for sign in (1, -1))
        assert (up - down) / 2e-5 == pytest.approx(slope[place], rel=1e-4, abs=1e-5)


def test_information_is_the_variance_of_the_gradient():
    marks, habits = sorted_marks(simulated(30, 5, 3, seed=2)[0]), some_habits(5)
    severity, covariance = written_out(marks, habits)
    random = np.random.default_rng(0)
    drawn = random.multivariate_normal(severity, covariance, size=4000)
    slopes = np.array([log_likelihood(replace(marks, score=mark), habits)[1] for mark in drawn])
    expected = expected_information(marks, habits, log_likelihood(marks, habits)[2])
    assert slopes.mean(0) == pytest.approx(np.zeros((3, 5)), abs=0.6)
    assert slopes.var(0) / expected == pytest.approx(np.ones((3, 5)), abs=0.15)


def test_interval_is_that_of_the_full_posterior_where_spread_and_noise_are_certain():
    marks = sorted_marks(simulated(12, 5, 3, seed=2)[0])
    learned = fit_rater_effects(marks)
    _, spread, _ = learned.effects
    of_case, of_member = np.eye(12)[marks.case], np.eye(5)[marks.member]
    design = np.hstack([spread[marks.member, None] * of_case, of_member])
    precision = design.T @ (design / learned.variance[marks.member, None])
    centred = np.eye(5) - 1 / 5
    precision[:12, :12] += np.eye(12)
    precision[12:, 12:] += centred @ np.diag(learned.prior_precision[0]) @ centred
    covariance = np.linalg.inv(precision)
    usual = spread.mean()
    of_value = np.hstack([usual * np.eye(12), np.full((12, 5), 1 / 5)])
    errors = SeverityErrors.of(marks, learned)
    pull = usual * (spread / learned.variance)[marks.member] / learned.quality.precision[marks.case]
    found = usual**2 / learned.quality.precision + errors.case_variance(
        marks, np.full(5, 1 / 5), pull
    )
    assert found == pytest.approx(np.diag(of_value @ covariance @ of_value.T))
    of_lean = np.hstack([np.zeros((5, 12)), centred])
    assert errors.contrast_variance() == pytest.approx(np.diag(of_lean @ covariance @ of_lean.T))


@pytest.mark.parametrize(("cases", "places"), [(2, 1), (6, 1), (12, 3), (60, 10), (250, 20)])
def test_chance_of_a_place_is_that_of_many_draws(cases, places):
    random = np.random.default_rng(cases)
    value, sd = random.normal(size=cases), 0.4 * np.exp(random.normal(0, 0.3, cases))
    drawn = value + sd * random.standard_normal((20_000, cases))
    first = np.argpartition(-drawn, places - 1, axis=1)[:, :places]
    often = np.bincount(first.ravel(), minlength=cases) / 20_000
    found = top_k_probabilities(value, sd, places)
    assert found == pytest.approx(often, abs=0.025 if cases < 10 else 0.015)
    assert found.sum() == pytest.approx(places)


def test_severe_members_do_not_decide_and_are_found():
    recall = {"adjusted": [], "mean": []}
    for seed in range(6):
        totals, truth, lean = simulated(150, 12, 4, seed=seed, severity=8)
        top = {f"T{number:03}" for number in np.argsort(-truth)[:15]}
        result = ranked(totals, 15)
        for method, found in recall.items():
            first = result.table.nlargest(15, method)["case"]
            found.append(len(top & set(first)) / 15)
        severity = result.members.set_index("member")["severity"]
        assert np.corrcoef(severity, lean)[0, 1] > 0.9
        inside = result.members["severity_low"].lt(lean - lean.mean()) & result.members[
            "severity_high"
        ].gt(lean - lean.mean())
        assert inside.mean() > 0.6
    assert np.mean(recall["adjusted"]) > np.mean(recall["mean"]) + 0.05


@pytest.mark.slow
def test_chance_of_a_place_says_what_happens():
    chance, happened = [], []
    for seed in range(8):
        totals, truth, _ = simulated(120, 12, 5, seed=100 + seed)
        result = ranked(totals, 15).table
        top = {f"T{number:03}" for number in np.argsort(-truth)[:15]}
        chance += result["p_in"].tolist()
        happened += result["case"].isin(top).tolist()
        assert result["p_in"].sum() == pytest.approx(15)
    chance, happened = np.array(chance), np.array(happened)
    middle = (chance > 0.2) & (chance < 0.8)
    assert happened[middle].mean() == pytest.approx(chance[middle].mean(), abs=0.12)
    assert np.mean((chance - happened) ** 2) < 0.06


@pytest.mark.slow
def test_interval_holds_the_truth_about_as_often_as_it_says():
    held = []
    for seed in range(8):
        totals, truth, lean = simulated(120, 12, 5, seed=200 + seed)
        result = ranked(totals).table.sort_values("case")
        truly = 75 + truth + lean.mean()
        held += result["low"].lt(truly).mul(result["high"].gt(truly)).tolist()
    assert np.mean(held) == pytest.approx(0.95, abs=0.03)


def test_values_by_hand():
    totals = table(
        {"A": {"E1": 90, "E2": 80, "E3": 70, "E4": 60}, "B": {"E1": 70, "E2": 60, "E3": 62}}
    )
    result = ranked(totals, method="trimmed")
    rows = result.table.set_index("case")
    assert rows.loc["A", ["n", "mean", "trimmed"]].tolist() == [4, 75, 75]
    assert rows.loc["B", ["n", "mean"]].tolist() == [3, 64]
    assert rows.loc["B", ["trimmed", "rank"]].isna().all()  # of three only the median would be left
    whole = totals["total"]
    deviations = np.sqrt(0.5)  # E4 read one case only
    assert rows.loc["A", "standard"] == pytest.approx(whole.mean() + deviations * whole.std())
    assert rows.loc["A", "value"] == rows.loc["A", "trimmed"]
    assert "1 件不足 4 份评分" in result.notes[0]
    left_out = result.scores.set_index(["case", "member"])["dropped"]
    assert left_out["A"].to_dict() == {"E1": "最高", "E2": "", "E3": "", "E4": "最低"}
    assert not left_out["B"].any()


def test_values_are_rounded_as_the_rule_says_and_then_compared():
    totals = table({"A": {"E1": 82.12, "E2": 82.13}, "B": {"E1": 82.13, "E2": 82.13}})
    exact, rounded = (
        ranked(totals, places=1, method="mean", **given) for given in ({}, {"decimals": 2})
    )
    assert exact.ties_at_cut == () and rounded.ties_at_cut == ("A", "B")
    assert rounded.table["value"].tolist() == [82.13, 82.13]


def test_a_small_group_that_nothing_links_is_set_aside_by_name():
    totals, *_ = simulated(30, 5, 3, seed=2)
    apart = table({"Z": {"E8": 99, "E9": 98}})
    result = ranked(pd.concat([totals, apart], ignore_index=True), places=3)
    rows = result.table.set_index("case")
    alone = ranked(totals, places=3).table.set_index("case")
    assert result.set_aside == ("Z",) and rows.loc["Z", ["rank", "p_in", "value"]].isna().all()
    assert rows["p_in"].drop("Z").equals(alone["p_in"]) and not result.problems
    assert "Z" in result.notes[-1] and "E8、E9" in result.notes[-1]
    assert {"E8", "E9"} <= set(result.members["member"])


def test_agreement_has_kendalls_w_on_what_all_members_scored():
    ranks = ((1, 2, 3, 4), (1, 3, 2, 4), (2, 1, 3, 4))  # W by hand: 12 * 35 / (9 * 60)
    marks = {
        c: {f"E{j}": 60 + 5 * row[i] for j, row in enumerate(ranks)} for i, c in enumerate("ABCD")
    }
    found = ranked(table(marks), places=1).agreement
    sums = np.array(ranks).sum(0)
    by_hand = 12 * ((sums - sums.mean()) ** 2).sum() / (9 * 60)
    assert found.common == 4 and found.concordance == pytest.approx(by_hand)
    assert "肯德尔 W" in found.sentence and "仅供参考" in found.sentence


def test_a_ceiling_is_said_where_the_chances_would_be_too_sharp():
    totals, *_ = simulated(30, 5, 3, seed=2)
    capped = totals.assign(total=totals["total"].clip(upper=totals["total"].quantile(0.6)))
    assert any("最高的" in note for note in ranked(capped, places=3).notes)
    assert not any("最高的" in note for note in ranked(totals, places=3).notes)


def test_trimmed_drops_one_highest_and_one_lowest():
    totals = table({"A": {"E1": 100, "E2": 100, "E3": 70, "E4": 60, "E5": 10}})
    assert ranked(totals).table["trimmed"].item() == pytest.approx(230 / 3)


@pytest.mark.parametrize("method", METHOD_TITLES)
def test_value_is_by_the_method_and_the_rest_stands_beside_it(method):
    totals, *_ = simulated(10, 6, 4, seed=5)
    rows = ranked(totals, method=method).table
    assert rows["value"].equals(rows[method].rename("value"))
    assert rows["rank"].tolist() == sorted(rows["rank"])
    assert (rows["low"] < rows["adjusted"]).all() and (rows["adjusted"] < rows["high"]).all()


def test_missing_mark_is_not_nought_and_below_the_quorum_there_is_no_rank():
    totals = table(
        {"A": {"E1": 80, "E2": 82}, "B": {"E1": 60, "E2": np.nan}, "C": {"E1": 70, "E2": 71}}
    )
    rows = ranked(totals, places=1, quorum=2).table.set_index("case")
    assert rows.loc["B", ["n", "mean"]].tolist() == [1, 60]
    assert np.isnan(rows.loc["B", "rank"]) and np.isnan(rows.loc["B", "p_in"])
    assert rows.loc[["A", "C"], "rank"].tolist() == [1, 2]


def test_equal_values_share_a_rank_and_are_named_at_the_cut():
    marks = {"A": 90, "B": 80, "C": 80, "D": 80, "E": 70}
    totals = table({c: dict.fromkeys(("E1", "E2", "E3", "E4"), t) for c, t in marks.items()})
    for method in METHOD_TITLES:
        result = ranked(totals, places=2, method=method)
        assert result.table["rank"].tolist() == [1, 2, 2, 2, 5]
        assert result.ties_at_cut == ("B", "C", "D")
    assert ranked(totals, places=1).ties_at_cut == ranked(totals, places=4).ties_at_cut == ()


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(st.permutations(range(30)))
def test_order_of_rows_does_not_matter(order):
    totals, *_ = simulated(10, 5, 3, seed=6)
    first, again = ranked(totals), ranked(totals.iloc[order])
    pd.testing.assert_frame_equal(first.table, again.table, check_exact=True)
    pd.testing.assert_frame_equal(first.members, again.members, check_exact=True)


def test_groups_of_members_without_a_common_case_are_named():
    totals = table(
        {"A": {"E1": 80, "E2": 82}, "B": {"E3": 60, "E4": 61}, "C": {"E1": 70, "E2": 71}}
    )
    result = ranked(totals)
    assert result.components == (("E1", "E2"), ("E3", "E4"))
    assert "E3、E4" in result.notes[-1]


@pytest.mark.parametrize(
    "rows",
    [
        {"A": {"E1": 80, "E2": 70}},
        {"A": {"E1": 80}, "B": {"E1": 70, "E2": 60}, "C": {"E2": 50}},
        {"A": {"E1": 0, "E2": 0}, "B": {"E1": 100, "E2": 100}},
        {"A": {"E1": 90, "E2": 80, "E3": 85}, "B": {"E1": 80, "E2": 80, "E3": 80}},
    ],
)
def test_thin_marks_give_finite_values(rows):
    result = ranked(table(rows), places=1)
    assert np.isfinite(result.table[["value", "low", "high", "p_in"]]).all(axis=None)
    assert result.table["p_in"].sum() == pytest.approx(1)
    means = result.table.set_index("case")["mean"]
    order = result.table.sort_values("value", ascending=False)["case"].tolist()
    assert means[order].is_monotonic_decreasing and not result.problems


def test_marks_that_tell_nothing_of_two_members_apart_are_ranked_by_their_mean():
    rows = {"A": {"E1": 44, "E2": 0}, "B": {"E2": 2.885346351300602e-07}, "C": {"E3": 0}}
    result = ranked(table(rows), places=2, method="mean")
    assert result.table.set_index("case")["value"].idxmax() == "A"


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ({"A": {"E1": 80}}, "评分相同"),
        ({"A": {"E1": 80}, "B": {"E1": 70}, "C": {"E1": 60}}, "只有一位评委"),
        ({"A": {"E1": 80.1, "E2": 80.1}, "B": {"E1": 80.1, "E2": 80.1}}, "评分相同"),
        ({"A": {"E1": 80, "E2": 82}, "B": {"E3": 60, "E4": 61}}, "E1、E2；E3、E4"),
    ],
)
def test_marks_that_bear_no_comparison_get_no_chance_and_say_why(rows, word):
    result = ranked(table(rows), places=1)
    assert word in result.problems[0] and set(result.problems) <= set(result.notes)
    assert result.table["value"].notna().all() and result.table["mean"].notna().all()
    assert result.table[["low", "high", "p_in"]].isna().all(axis=None)
    assert result.members[["severity", "spread", "noise"]].isna().all(axis=None)
    assert np.isnan(result.agreement.icc)


def test_a_severity_does_not_jump_with_one_score_more():
    """Whoever gives six more than the others of each case is told much the same at 18 to 22."""
    totals, *_ = simulated(60, 8, 3, seed=3)
    means = totals.groupby("case")["total"].mean()
    told = []
    for count in range(18, 23):
        own = pd.DataFrame({"member": "E99", "case": means.index, "total": means.to_numpy() + 6})
        members = ranked(pd.concat([totals, own.iloc[:count]])).members.set_index("member")
        told.append(members.loc["E99", "severity"])
    assert np.abs(np.diff(told)).max() < 0.3


def test_groups_share_no_rank():
    rows = ranked(table({"A": {"E1": 80, "E2": 82}, "B": {"E3": 60, "E4": 61}})).table
    assert rows["rank"].isna().all() and rows["group"].tolist() == [0, 1]


@pytest.mark.parametrize("more", [[("E1", "A", 70.0)], [("E9", "A", np.inf)]])
def test_two_marks_of_one_member_or_no_number_are_refused(more):
    totals = table({"A": {"E1": 80, "E2": 82}})
    with pytest.raises(SelectionError, match="对A的评分"):
        ranked(pd.concat([totals, pd.DataFrame(more, columns=totals.columns)]))


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from([(120, 10, 4), (12, 4, 4), (5, 8, 8)]),
    st.integers(0, 3),
    st.floats(-40, 40, allow_nan=False),
)
def test_a_constant_added_to_a_members_marks_changes_no_adjusted_rank(size, member, constant):
    totals, *_ = simulated(*size, seed=member)
    shifted = totals.copy()
    shifted.loc[totals["member"] == f"E{member:02}", "total"] += constant
    first, again = ranked(totals).table, ranked(shifted).table
    assert first["case"].tolist() == again["case"].tolist()
    assert first["rank"].tolist() == again["rank"].tolist()


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["mean", "trimmed", "standard"]), st.floats(0.1, 30))
def test_raising_a_mark_never_lowers_its_case_by_the_simple_methods(row, method, by):
    totals, *_ = simulated(30, 6, 4, seed=3)
    raised = totals.copy()
    raised.loc[row % len(totals), "total"] += by
    case = totals["case"][row % len(totals)]
    before, after = (
        ranked(marks, method=method).table.set_index("case").loc[case] for marks in (totals, raised)
    )
    assert after["value"] >= before["value"]
    # The standard scores of the member's other cases follow the mark too.
    assert after["rank"] <= before["rank"] or method == "standard"


def test_names_are_only_names():
    totals, *_ = simulated(40, 8, 4, seed=4)
    other = totals.assign(
        case="Z" + (999 - totals["case"].str[1:].astype(int)).astype(str),
        member="M" + (99 - totals["member"].str[1:].astype(int)).astype(str),
    )
    first = ranked(totals).table.set_index("case")
    again = ranked(other).table.set_index("case")
    again.index = [f"T{999 - int(case[1:]):03}" for case in again.index]
    columns = ["rank", "value", "low", "high", "p_in", "n"]
    pd.testing.assert_frame_equal(
        first[columns].sort_index(), again[columns].sort_index(), check_names=False, atol=1e-5
    )


def test_no_marks_give_an_empty_ranking_that_says_so():
    result = ranked(table({}))
    assert len(result.table) == len(result.members) == 0
    assert str(result.agreement) == "尚无评分。"


def test_agreement_is_told_in_a_sentence():
    totals, *_ = simulated(300, 60, 5, seed=7, severity=5, noise=6, quality=8)
    agreement = ranked(totals).agreement
    assert agreement.icc == pytest.approx(64 / (64 + 25 + 36), abs=0.12)
    assert agreement.reliability == pytest.approx(64 / (64 + 36 / 5), abs=0.05)
    assert "每件平均 5.0 份评分" in agreement.sentence


def test_careless_members_noise_and_a_flat_members_spread_are_found():
    totals, truth, _ = simulated(100, 8, 4, seed=8)
    random = np.random.default_rng(0)
    wild, flat = totals["member"] == "E03", totals["member"] == "E05"
    totals.loc[wild, "total"] += random.normal(0, 20, wild.sum())
    totals.loc[flat, "total"] -= truth[totals.loc[flat, "case"].str[1:].astype(int)]
    members = ranked(totals).members.set_index("member")
    assert members["noise"].idxmax() == "E03" and members["spread"].idxmin() == "E05"
    others = members.drop("E03")
    assert members.loc["E03", "noise_low"] > others["noise_high"].max()
    assert members.loc["E05", "spread_high"] < 1 and not members["few"].any()


def test_a_members_surprising_mark_stands_out():
    totals, *_ = simulated(60, 8, 4, seed=9)
    totals.loc[17, "total"] -= 40
    marks = ranked(totals).scores
    odd = marks.loc[marks["surprise"].abs().idxmax()]
    assert (odd["case"], odd["member"]) == tuple(totals.loc[17, ["case", "member"]])
    assert odd["surprise"] < -3


@pytest.mark.slow
def test_what_doubt_on_severities_costs_is_the_mean_over_them():
    marks, habits = sorted_marks(simulated(20, 6, 3, seed=1)[0]), some_habits(6)
    doubt = np.linspace(0.05, 0.3, 6)
    drawn = habits[0] + np.sqrt(doubt) * np.random.default_rng(0).standard_normal((20_000, 6))
    values = [log_likelihood(marks, np.vstack([one, habits[1:]]))[0] for one in drawn]

    def lost_at(habits):
        return severity_uncertainty(marks, habits, log_likelihood(marks, habits)[2], doubt)

    lost, slope = lost_at(habits)
    expected = log_likelihood(marks, habits)[0] - np.mean(values)
    assert lost == pytest.approx(expected, abs=4 * np.std(values) / np.sqrt(len(values)))
    for place in np.ndindex(3, 6):
        step = np.zeros((3, 6))
        step[place] = 1e-5
        up, down = (lost_at(habits + sign * step)[0] for sign in (1, -1))
        assert (up - down) / 2e-5 == pytest.approx(slope[place], rel=1e-4, abs=1e-5)


@pytest.mark.slow
def test_thin_marks_claim_no_more_than_they_know():
    held = []
    for seed in range(12):
        totals, truth, lean = simulated(60, 40, 3, seed=300 + seed, severity=2)
        result = ranked(totals)
        rows = result.table.sort_values("case")
        truly = 75 + truth + lean.mean()
        held.append((rows["low"].lt(truly) & rows["high"].gt(truly)).mean())
    assert np.mean(held) > 0.88
