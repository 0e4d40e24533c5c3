"""Variance components of scores over cases, members and the rest."""

import numpy as np
import pytest

from kjfp_helpers.selection.ranking.variance_components import estimate_components


def draw(cases, members, each, variances, seed):
    """Scores of members who each read some cases, with these variances of case, member, rest."""
    rng = np.random.default_rng(seed)
    case = np.concatenate([rng.permutation(cases)[:each] for _ in range(members)])
    member = np.repeat(np.arange(members), each)
    _, case = np.unique(case, return_inverse=True)
    by_case, by_member, rest = np.sqrt(variances)
    total = by_case * rng.normal(size=case.max() + 1)[case]
    total += by_member * rng.normal(size=members)[member] + rest * rng.normal(size=len(case))
    return case, member, 75 + total


def shares(found):
    parts = np.array([found.case, found.member, found.noise])
    return parts / parts.sum()


def test_where_everybody_read_everything_they_are_those_of_the_analysis_of_variance():
    case, member, total = draw(40, 9, 40, (30, 20, 50), seed=4)
    table = np.zeros((40, 9))
    table[case, member] = total
    rows, columns = table.mean(1), table.mean(0)
    rest = table - rows[:, None] - columns + table.mean()
    noise = (rest**2).sum() / (39 * 8)
    expected = [rows.var(ddof=1) - noise / 9, columns.var(ddof=1) - noise / 40, noise]
    found = estimate_components(case, member, total)
    assert [found.case, found.member, found.noise] == pytest.approx(expected, rel=1e-3)
    swapped = estimate_components(member, case, total)
    assert [swapped.member, swapped.case] == pytest.approx(expected[:2], rel=1e-3)
    assert swapped.log_cov[1, 1] == pytest.approx(found.log_cov[0, 0], rel=1e-2)


def test_a_thousand_members_with_few_scores_each_leave_the_cases_their_share():
    found = estimate_components(*draw(250, 1000, 10, (15.5, 25, 59.5), seed=7))
    assert np.abs(shares(found) - [0.155, 0.25, 0.595]).max() < 0.03


@pytest.mark.slow
def test_the_intervals_hold_the_truth_as_often_as_they_say():
    inside = 0
    for seed in range(60):
        found = estimate_components(*draw(60, 12, 25, (30, 20, 50), seed))
        reach = 1.96 * np.sqrt(found.log_cov[0, 0])
        inside += abs(np.log(found.case / 30)) < reach
    assert inside >= 52


def test_members_who_are_alike_have_no_part_and_no_doubt_about_it():
    case, member, total = draw(80, 10, 40, (30, 0, 50), seed=3)
    by_member = np.bincount(member, total) / np.bincount(member)
    found = estimate_components(case, member, total - by_member[member])
    assert shares(found)[1] < 1e-3 and found.log_cov[2, 2] > 0
