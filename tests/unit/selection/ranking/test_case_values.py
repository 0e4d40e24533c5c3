"""Values without errors are those of the ranking, to the last bit."""

from dataclasses import replace

import numpy as np
import pytest

from kjfp_helpers.selection import rank_cases
from kjfp_helpers.selection.ranking.case_values import rank_values
from kjfp_helpers.selection.ranking.score_matrix import ScoreMatrix
from kjfp_helpers.selection.sensitivity import METHODS
from support.rounds.panels_and_scores import simulated


def columns(totals, method, quorum):
    table = rank_cases(totals, seats=3, method=method, quorum=quorum).table
    ranked = table[table["rank"].notna()].sort_values("case")
    return [dict(zip(ranked["case"], ranked[name], strict=True)) for name in ("value", "mean")]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", range(4))
def test_values_are_those_of_the_ranking(method, seed):
    totals = simulated(20 + seed, 6, 3, seed=seed)[0].sample(frac=1, random_state=seed)
    totals = totals.iloc[seed * 7 :].reset_index(drop=True)
    (found,) = rank_values([ScoreMatrix.from_totals(totals)], method=method, quorum=2)
    assert [dict(found.value), dict(found.mean)] == columns(totals, method, 2)


def test_other_totals_of_the_same_scores_need_no_new_matrix():
    totals = simulated(20, 6, 3, seed=1)[0].sample(frac=1, random_state=1)
    totals.loc[totals.index[5], "total"] = np.nan
    matrix = ScoreMatrix.from_totals(totals)
    changed = totals.assign(total=totals["total"] + np.arange(len(totals)) % 7)
    moved = replace(matrix, total=changed["total"].to_numpy(dtype=float)[matrix.order])
    anew = ScoreMatrix.from_totals(changed)
    assert moved.total.tolist() == anew.total.tolist()
    first, again = rank_values([moved, anew], method="adjusted", quorum=1)
    assert first == again


def test_no_scores_and_unlinked_members_rank_nobody():
    totals = simulated(6, 2, 1, seed=1)[0]
    panels = [ScoreMatrix.from_totals(table) for table in (totals.iloc[:0], totals)]
    for method in ("mean", "adjusted"):
        for found in rank_values(panels, method=method, quorum=1):
            assert not found.value and not found.mean
