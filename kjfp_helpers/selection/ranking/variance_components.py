"""Variance components: what of the variance of scores is the cases', the members', and the rest.

A score is the mean plus its case, its member and the rest, all random; their variances are found by
restricted maximum likelihood (H. D. Patterson, R. Thompson, "Recovery of inter-block information
when block sizes are unequal", Biometrika 58, 1971). The severity model fits a discrimination for
every member besides; on thin panels these are many, and take from the share of the cases.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from kjfp_helpers.infra.process_pool import single_thread
from kjfp_helpers.selection.ranking.raters.rater_likelihood import Floats, Ints
from kjfp_helpers.selection.ranking.severity_model import SOLVERS

LOG_BOUNDS = (-11.0, 9.0)
"""Between these lie the logarithms of both variances against that of the rest."""
STEP, NEAR = 1e-2, 0.5
"""Step of the second differences; how near to a bound a logarithm is taken as known."""
LEAST = 1e-9
"""Least share of the sum of squares that is left for the noise."""
FLAT = 0.01
"""Least curvature of the deviance: scores that say less leave the whole range open."""


@dataclass(frozen=True, kw_only=True)
class VarianceComponents:
    """Variance of one score over cases, members and the rest, in squared points.

    ``log_cov`` (3 x 3) is the covariance of their logarithms, in this order.
    """

    case: float
    member: float
    noise: float
    log_cov: Floats


def estimate_components(case: Ints, member: Ints, total: Floats) -> VarianceComponents:
    """Estimate the components of scores given as case index, member index (from 0) and total.

    Every case and every member has a score, the scores connect them, and they vary.
    """
    from scipy.optimize import minimize

    order = [0, 1, 2] if case.max() >= member.max() else [1, 0, 2]
    most, least = (case, member) if order[0] == 0 else (member, case)
    with single_thread(*SOLVERS):
        model = _TwoWayModel(most, least, total - total.mean())
        bounds, start = [LOG_BOUNDS] * 2, np.log([0.3, 0.3])
        ratios = minimize(model.profile_deviance, start, method="L-BFGS-B", bounds=bounds).x
        noise = model.noise(ratios)
        log_cov = _log_covariance(model, np.array([*ratios, np.log(noise)]))
    variance = np.array([*np.exp(ratios) * noise, noise])[order]
    return VarianceComponents(
        case=float(variance[0]),
        member=float(variance[1]),
        noise=float(variance[2]),
        log_cov=log_cov[np.ix_(order, order)],
    )


class _TwoWayModel:
    """Restricted likelihood; the factor with the most levels is absorbed into the other's."""

    def __init__(self, most: Ints, least: Ints, score: Floats) -> None:
        from scipy.sparse import csc_array, csr_array, hstack

        self._count, load = np.bincount(most).astype(float), np.bincount(least).astype(float)
        read = csr_array((np.ones(len(score)), (most, least)))
        border = hstack([csr_array(self._count[:, None]), read], format="csr")
        self._across, self._border = border.T, csc_array(border)
        self._solved: dict[tuple[float, ...], tuple[float, float]] = {}
        self._core = np.diag([float(len(score)), *load])
        self._core[0, 1:] = self._core[1:, 0] = load
        self._sums = np.bincount(most, score)
        self._right = np.array([score.sum(), *np.bincount(least, score)])
        self._square, self._free = float(score @ score), len(score) - 1

    def profile_deviance(self, ratios: Floats) -> float:
        """Return the deviance of the logarithms of two ratios, at the noise that fits them best."""
        size, square = self._solve(ratios)
        return float(size + self._free * np.log(square))

    def deviance(self, logs: Floats) -> float:
        """Return the deviance of the logarithms of two ratios and of the noise."""
        size, square = self._solve(logs[:2])
        return float(size + self._free * logs[2] + square / np.exp(logs[2]))

    def noise(self, ratios: Floats) -> float:
        """Return the variance of the noise that fits best."""
        return self._solve(ratios)[1] / self._free

    def _solve(self, ratios: Floats) -> tuple[float, float]:
        """Return what the determinants add to the deviance, and the sum of squares left over.

        Each pair of ratios is solved once: the curvature asks for the same with another noise.
        """
        key = tuple(ratios.tolist())
        if key not in self._solved:
            self._solved[key] = self._solve_anew(ratios)
        return self._solved[key]

    def _solve_anew(self, ratios: Floats) -> tuple[float, float]:
        most, least = np.exp(ratios)
        weight, levels = 1 / (self._count + 1 / most), len(self._core) - 1
        left = self._core - (self._across @ self._weigh(weight)).toarray()
        left[1:, 1:] += np.eye(levels) / least
        root = np.linalg.cholesky(left)
        found = np.linalg.solve(root, self._right - self._across @ (weight * self._sums))
        square = self._square - weight @ self._sums**2 - found @ found
        size = np.log1p(self._count * most).sum() + 2 * np.log(np.diag(root)).sum()
        return float(size + levels * np.log(least)), max(float(square), LEAST * self._square)

    def _weigh(self, weight: Floats) -> Any:
        """Return the border with its rows weighed; its zeros stay where they are."""
        border = self._border
        weighed = border.data * weight[border.indices]
        return type(border)((weighed, border.indices, border.indptr), shape=border.shape)


def _log_covariance(model: _TwoWayModel, logs: Floats) -> Floats:
    """Return the covariance of the logarithms of the variances, by the deviance's curvature."""
    inside = np.abs(logs[:2, None] - LOG_BOUNDS).min(1) > NEAR
    free = np.flatnonzero([*inside, True])
    steps = np.eye(3)[free] * STEP
    curvature = np.zeros((len(free), len(free)))
    for row, first in enumerate(steps):
        for column, second in enumerate(steps[: row + 1]):
            curvature[row, column] = sum(
                one * other * model.deviance(logs + one * first + other * second)
                for one in (1, -1)
                for other in (1, -1)
            ) / (4 * STEP**2)
    bend, along = np.linalg.eigh(curvature, UPLO="L")
    found = np.zeros((3, 3))
    found[np.ix_(free, free)] = 2 * (along / np.maximum(bend, FLAT)) @ along.T
    whole = np.array([[1, 0, 1], [0, 1, 1], [0, 0, 1]])
    return np.asarray(whole @ found @ whole.T, dtype=float)
