"""Rater effects of several panels at once are those of each panel by itself."""

from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from kjfp_helpers.selection.ranking.raters import rater_effects, rater_likelihood
from kjfp_helpers.selection.ranking.raters.rater_effects import fit_panels, fit_rater_effects
from kjfp_helpers.selection.ranking.raters.rater_likelihood import (
    RaterPrior,
    expected_information,
    log_likelihood,
    severity_uncertainty,
)
from kjfp_helpers.selection.ranking.raters.stacked_posterior import PosteriorPoint, StackedRatings
from kjfp_helpers.selection.ranking.severity_model import fit_severity_model
from support.rounds.panels_and_scores import simulated, some_habits, sorted_marks


@pytest.fixture
def stacked():
    """Three panels, some effects and a prior of each."""
    marks = [sorted_marks(simulated(20, 6, 3, seed=seed)[0]) for seed in range(3)]
    effects = np.stack([some_habits(6, seed) for seed in range(3)])
    random = np.random.default_rng(0)
    prior = RaterPrior(
        random.uniform(1, 30, effects.shape),
        random.uniform(0.5, 1.5, effects.shape),
        random.uniform(0.01, 0.3, (3, 6)),
    )
    return marks, effects, prior


def test_stacked_posterior_is_that_of_the_rows(stacked):
    marks, effects, prior = stacked
    stack = StackedRatings.of(marks)
    point, (known, quality) = PosteriorPoint(stack, prior, effects), stack.describe(effects)
    believed, steep = prior.loss(effects)
    for number, one in enumerate(marks):
        value, slope, found = log_likelihood(one, effects[number])
        lost, less = severity_uncertainty(one, effects[number], found, prior.doubt[number])
        assert point.loss[number] == pytest.approx(lost + believed[number] - value)
        assert point.slope[number] == pytest.approx(less + steep[number] - slope)
        assert known[number] == pytest.approx(expected_information(one, effects[number], found))
        assert quality.mean[number] == pytest.approx(found.mean)
        assert quality.doubt[number] == pytest.approx(found.doubt)


def test_curvature_is_the_slope_of_the_gradient(stacked):
    marks, effects, prior = stacked
    stack = StackedRatings.of(marks)
    curvature = PosteriorPoint(stack, prior, effects).curvature()
    for place in range(18):
        step = np.zeros(18)
        step[place] = 1e-6
        up, down = (
            PosteriorPoint(stack, prior, effects + sign * step.reshape(3, 6)).slope
            for sign in (1, -1)
        )
        expected = ((up - down) / 2e-6).reshape(3, 18)
        assert curvature[:, place] == pytest.approx(expected, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("size", [(4, 3, 2), (12, 7, 5), (36, 14, 5), (80, 15, 5)])
def test_fit_is_the_same_alone_stacked_and_by_rows(size, monkeypatch):
    marks = [sorted_marks(simulated(*size, seed=seed)[0]) for seed in range(4)]
    marks.append(replace(marks[0], score=marks[0].score + 0.1 * (marks[0].member == 1)))
    together = fit_panels(marks)
    for one, found in zip(marks, together, strict=True):
        alone = fit_rater_effects(one)
        assert alone.effects.tolist() == found.effects.tolist()
        assert alone.quality.mean.tolist() == found.quality.mean.tolist()
    monkeypatch.setattr(rater_effects, "MAX_STACKED_MEMBERS", 0)
    monkeypatch.setattr(rater_likelihood, "COARSE_GRADIENT", 1e-8)
    monkeypatch.setattr(rater_likelihood, "FINE_GRADIENT", 1e-8)
    with threadpool_limits(1):
        again = fit_panels(marks[:2])
    for by_rows, found in zip(again, together, strict=False):
        assert by_rows.effects == pytest.approx(found.effects, abs=1e-5)
        assert by_rows.quality.mean == pytest.approx(found.quality.mean, abs=1e-6)


def test_spread_of_a_member_against_all_others_stands_at_nought():
    totals, truth, _ = simulated(60, 6, 4, seed=3, noise=1.0)
    against = totals["member"] == "E02"
    totals.loc[against, "total"] -= 2 * truth[totals.loc[against, "case"].str[1:].astype(int)]
    found = fit_rater_effects(sorted_marks(totals))
    assert found.effects[1, 2] == 0 and found.effects[1].min() == 0
    assert np.isfinite(found.effects).all()


def test_scores_that_hardly_say_anything_are_fitted_without_overflow():
    fit = fit_severity_model(np.array([0, 1, 2]), np.array([0, 1, 1]), np.array([34.0, 0.0, 1.0]))
    assert np.isfinite(fit.value).all()
