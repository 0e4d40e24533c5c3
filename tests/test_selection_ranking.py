"""From marks to an order."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from panelwork import simulated, table

from kjfp_helpers.rules import METHOD_TITLES
from kjfp_helpers.selection import rank
from kjfp_helpers.selection.adjusted import adjust


def ranked(totals, places=3, method="adjusted", quorum=1):
    return rank(totals, places=places, method=method, quorum=quorum)


def coded(totals):
    case, member = pd.Categorical(totals["case"]), pd.Categorical(totals["member"])
    return case.codes.astype(np.intp), member.codes.astype(np.intp), totals["total"].to_numpy()


def dense(case, member, total):
    """The same model written out in full, without Henderson: designs and centred marks."""
    return np.eye(case.max() + 1)[case], np.eye(member.max() + 1)[member], total


def restricted_deviance(totals, case_part, member_part, noise):
    of_case, of_member, y = dense(*coded(totals))
    v = (
        case_part * of_case @ of_case.T
        + member_part * of_member @ of_member.T
        + noise * np.eye(len(y))
    )
    one = np.ones((len(y), 1))
    inverse = np.linalg.inv(v)
    information = one.T @ inverse @ one
    mean = (one.T @ inverse @ y) / information.item()
    away = y - mean.item()
    return np.linalg.slogdet(v)[1] + np.log(information.item()) + away @ inverse @ away


def test_adjusted_value_equals_the_model_written_out_in_full():
    totals, *_ = simulated(20, 6, 3, seed=1)
    case, member, y = coded(totals)
    fit = adjust(case, member, y)
    of_case, of_member, _ = dense(case, member, y)
    v = (
        fit.case * of_case @ of_case.T
        + fit.member * of_member @ of_member.T
        + fit.noise * np.eye(len(y))
    )
    inverse = np.linalg.inv(v)
    mean = inverse.sum(axis=0) @ y / inverse.sum()
    effects = fit.case * of_case.T @ inverse @ (y - mean)
    lean = fit.member * of_member.T @ inverse @ (y - mean)
    assert fit.value == pytest.approx(mean + lean.mean() + effects, abs=1e-6)
    assert fit.severity == pytest.approx(lean - lean.mean(), abs=1e-6)
    assert fit.residual == pytest.approx(y - mean - effects[case] - lean[member], abs=1e-6)


def test_standard_deviations_equal_those_of_the_full_posterior():
    totals, *_ = simulated(12, 5, 3, seed=2)
    case, member, y = coded(totals)
    fit = adjust(case, member, y)
    of_case, of_member, _ = dense(case, member, y)
    design = np.hstack([np.ones((len(y), 1)), of_case, of_member]) / np.sqrt(fit.noise)
    prior = np.concatenate([[0], np.full(12, 1 / fit.case), np.full(5, 1 / fit.member)])
    covariance = np.linalg.inv(design.T @ design + np.diag(prior))
    of_value = np.hstack([np.ones((12, 1)), np.eye(12), np.full((12, 5), 1 / 5)])
    of_lean = np.hstack([np.zeros((5, 13)), np.eye(5) - 1 / 5])
    assert fit.value_sd == pytest.approx(np.sqrt(np.diag(of_value @ covariance @ of_value.T)))
    assert fit.severity_sd == pytest.approx(np.sqrt(np.diag(of_lean @ covariance @ of_lean.T)))
    drawn = np.cov((lambda d: d - d.mean(axis=1, keepdims=True))(fit.draws(40_000, 0)).T)
    centre = np.eye(12) - 1 / 12
    assert drawn == pytest.approx(centre @ covariance[1:13, 1:13] @ centre, abs=0.25)


def test_variance_components_are_those_of_reml():
    totals, *_ = simulated(25, 7, 4, seed=3)
    fit = adjust(*coded(totals))
    best = restricted_deviance(totals, fit.case, fit.member, fit.noise)
    for factors in np.array(np.meshgrid(*[[0.97, 1, 1.03]] * 3)).T.reshape(-1, 3):
        assert (
            best
            <= restricted_deviance(totals, *(factors * [fit.case, fit.member, fit.noise])) + 1e-5
        )


def test_where_all_read_all_reml_is_the_analysis_of_variance():
    totals, *_ = simulated(30, 6, 6, seed=4)
    grid = totals.pivot(index="case", columns="member", values="total").to_numpy()
    cases, members = grid.shape
    rows, columns = grid.mean(1), grid.mean(0)
    rest = grid - rows[:, None] - columns + grid.mean()
    noise = (rest**2).sum() / ((cases - 1) * (members - 1))
    fit = adjust(*coded(totals))
    assert fit.noise == pytest.approx(noise, rel=2e-3)
    assert fit.case == pytest.approx(rows.var(ddof=1) - noise / members, rel=2e-3)
    assert fit.member == pytest.approx(columns.var(ddof=1) - noise / cases, rel=2e-2)


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
            "severity_high"].gt(lean - lean.mean())  # fmt: skip
        assert inside.mean() > 0.6
    assert np.mean(recall["adjusted"]) > np.mean(recall["mean"]) + 0.05


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
    assert rows.loc["B", ["n", "mean", "trimmed"]].tolist() == [3, 64, 64]
    assert rows.loc["A", "standard"] == pytest.approx(np.sqrt(0.5))  # E4 read one case only
    assert rows["value"].tolist() == rows["trimmed"].tolist()
    assert "1 件不足 4 份评分" in result.notes[0]


def test_trimmed_drops_one_highest_and_one_lowest():
    totals = table({"A": {"E1": 100, "E2": 100, "E3": 70, "E4": 60, "E5": 10}})
    assert ranked(totals).table["trimmed"].item() == pytest.approx(230 / 3)


@pytest.mark.parametrize("method", METHOD_TITLES)
def test_value_is_by_the_method_and_the_rest_stands_beside_it(method):
    totals, *_ = simulated(10, 4, 3, seed=5)
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
    totals = table({c: {"E1": t, "E2": t} for c, t in marks.items()})
    for method in METHOD_TITLES:
        result = ranked(totals, places=2, method=method)
        assert result.table["rank"].tolist() == [1, 2, 2, 2, 5]
        assert result.ties_at_cut == ("B", "C", "D")
    assert ranked(totals, places=1).ties_at_cut == ranked(totals, places=4).ties_at_cut == ()


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
        {"A": {"E1": 80}},
        {"A": {"E1": 80, "E2": 80}, "B": {"E1": 80, "E2": 80}},
        {"A": {"E1": 80}, "B": {"E1": 70}, "C": {"E1": 60}},
        {"A": {"E1": 80, "E2": 70}},
        {"A": {"E1": 0, "E2": 0}, "B": {"E1": 100, "E2": 100}},
        {"A": {"E1": 80.1, "E2": 80.1, "E3": 80.1}, "B": {"E1": 80.1, "E2": 80.1, "E3": 80.1}},
    ],
)
def test_thin_or_level_marks_give_finite_values(rows):
    result = ranked(table(rows), places=1)
    assert np.isfinite(result.table[["value", "low", "high", "p_in"]]).all(axis=None)
    assert result.table["p_in"].sum() == pytest.approx(1)
    means = result.table.set_index("case")["mean"]
    order = result.table.sort_values("value", ascending=False)["case"].tolist()
    assert means[order].is_monotonic_decreasing


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


def test_careless_member_shows_a_wide_spread():
    totals, *_ = simulated(100, 8, 4, seed=8)
    random = np.random.default_rng(0)
    wild = totals["member"] == "E03"
    totals.loc[wild, "total"] += random.normal(0, 20, wild.sum())
    spread = ranked(totals).members.set_index("member")["spread"]
    assert spread.idxmax() == "E03" and spread["E03"] > 1.5
