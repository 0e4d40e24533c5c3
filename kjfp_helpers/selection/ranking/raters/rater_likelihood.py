"""Likelihood of the rater effects, and of how far members differ, on the scores of a panel."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

SEVERITY, SPREAD, LOG_NOISE = range(3)

PRIOR_LEVELS = np.array([0.7, np.log(0.7)])
"""Spread and logarithm of noise of a panel before anything is seen, give or take one."""

MIN_VARIANCE = 1e-4
"""Least variance of a noise: no score is more exact than a hundredth of the scale."""

COARSE_GRADIENT, FINE_GRADIENT, FAR = 1e-3, 1e-6, 0.05
"""Slope with which a search by rows ends, far from the end and near it, and what is far."""


@dataclass(frozen=True)
class Ratings:
    """One row a score, sorted by ``case``, both indices from 0; ``start`` is a case's first row.

    ``score`` is scaled so that a member's own scores vary by about one.
    """

    case: Ints
    member: Ints
    score: Floats
    start: Ints
    load: Floats

    def sum_by_case(self, rows: Floats) -> Floats:
        """Return the sum over each case's scores."""
        return np.add.reduceat(rows, self.start)

    def sum_by_member(self, rows: Floats) -> Floats:
        """Return the sum over each member's scores."""
        return np.asarray(np.bincount(self.member, rows, len(self.load)), float)


@dataclass(frozen=True)
class CaseQuality:
    """Posterior of each case's quality, given the rater effects.

    ``mean``, ``precision`` and ``variance``, its inverse, by case; ``doubt`` is the sum of the
    variances of the cases that a member read, by member.
    """

    mean: Floats
    precision: Floats
    variance: Floats
    doubt: Floats

    def stacked(self) -> "CaseQuality":
        """Return it as that of one of several panels."""
        return CaseQuality(
            self.mean[None], self.precision[None], self.variance[None], self.doubt[None]
        )

    def select(self, panel: int) -> "CaseQuality":
        """Return that of one of several panels."""
        return CaseQuality(
            self.mean[panel], self.precision[panel], self.variance[panel], self.doubt[panel]
        )


def log_likelihood(marks: Ratings, habits: Floats) -> tuple[float, Floats, CaseQuality]:
    """Return the log-likelihood of effects (3 x members), its gradient, and the case quality."""
    spread, learned = habits[SPREAD], np.exp(2 * habits[LOG_NOISE])
    variance = learned + MIN_VARIANCE
    ratio, squared = spread / variance, spread**2
    away = marks.score - habits[SEVERITY].take(marks.member)
    precision = 1 + marks.sum_by_case((squared / variance).take(marks.member))
    pull = marks.sum_by_case(ratio.take(marks.member) * away)
    inverse = 1 / precision
    doubt = marks.sum_by_member(inverse.take(marks.case))
    worth = CaseQuality(pull / precision, precision, inverse, doubt)
    here = worth.mean.take(marks.case)
    rest = away - spread.take(marks.member) * here
    value = -0.5 * float(
        marks.load @ np.log(variance)
        + np.add.reduce(np.log(precision))
        + marks.sum_by_member(away**2) @ (1 / variance)
        - pull @ worth.mean
    )
    slope = np.empty(habits.shape)
    slope[SEVERITY] = marks.sum_by_member(rest) / variance
    slope[SPREAD] = (marks.sum_by_member(rest * here) - spread * doubt) / variance
    square = marks.sum_by_member(rest**2) + squared * doubt
    slope[LOG_NOISE] = learned / variance * (square / variance - marks.load)
    return value, slope, worth


def expected_information(marks: Ratings, habits: Floats, worth: CaseQuality) -> Floats:
    """Return the expected information of the scores on each effect (3 x members), others held."""
    spread, variance = habits[SPREAD], np.exp(2 * habits[LOG_NOISE]) + MIN_VARIANCE
    share = (spread / variance)[marks.member] / worth.precision[marks.case]
    own = 1 / variance[marks.member] - (spread / variance)[marks.member] * share
    squared = marks.sum_by_member(own * (1 - 1 / worth.precision[marks.case]) + share**2)
    noise = 2 * variance**2 * marks.sum_by_member(own**2)
    return np.stack([marks.sum_by_member(own), squared, noise])


def severity_uncertainty(
    marks: Ratings, habits: Floats, worth: CaseQuality, doubt: Floats
) -> tuple[float, Floats]:
    """Return what is lost of the likelihood where severities are in doubt, and its gradient.

    The mean of the log-likelihood over independent severities of variance ``doubt`` (by member) is
    that at their means less this, half the sum of doubt times information (the M-step of A. P.
    Dempster, N. M. Laird, D. B. Rubin, "Maximum likelihood from incomplete data via the EM
    algorithm", JRSS B 39, 1977). Without it thin data make the noise too small.
    """
    spread, learned = habits[SPREAD], np.exp(2 * habits[LOG_NOISE])
    weight = 1 / (learned + MIN_VARIANCE)
    ratio = doubt * (spread * weight) ** 2
    shared = marks.sum_by_case(ratio.take(marks.member)) * worth.variance**2 / 2
    others = marks.sum_by_member(shared.take(marks.case))
    value = float(np.add.reduce(doubt * weight * marks.load - ratio * worth.doubt) / 2)
    by_weight = doubt * (marks.load / 2 - weight * spread**2 * worth.doubt) + spread**2 * others
    slope = np.zeros(habits.shape)
    slope[SPREAD] = 2 * spread * weight * others - doubt * spread * weight**2 * worth.doubt
    slope[LOG_NOISE] = -2 * learned * weight**2 * by_weight
    return value, slope


@dataclass(frozen=True)
class RaterPrior:
    """What is believed of the members before their scores are seen.

    ``belief`` is the precision with which each effect is drawn towards the panel's centre and
    ``weight`` the member's share in the centre, both of the shape of the effects; ``doubt`` is the
    variance of each severity, by member. Any number of panels may stand on axes before these.
    """

    belief: Floats
    weight: Floats
    doubt: Floats

    def centre(self, habits: Floats) -> Floats:
        """Return the panel's centre of each effect (3 x 1)."""
        return weighted_centre(habits, self.weight)

    def loss(self, habits: Floats) -> tuple[Floats, Floats]:
        """Return minus the logarithm of the prior, up to a constant, and its gradient."""
        away = habits - self.centre(habits)
        pull = self.belief * away
        level = (habits - away)[..., SPREAD:, 0] - PRIOR_LEVELS
        outward = -pull.sum(-1)
        outward[..., SPREAD:] += level
        slope = pull + self.weight / self.weight.sum(-1, keepdims=True) * outward[..., None]
        return ((pull * away).sum((-2, -1)) + (level**2).sum(-1)) / 2, slope


def weighted_centre(habits: Floats, weight: Floats) -> Floats:
    """Return the mean of each effect over the members (3 x 1), by their weights."""
    centre: Floats = (weight * habits).sum(-1, keepdims=True) / weight.sum(-1, keepdims=True)
    return centre


@dataclass(frozen=True)
class SparseModel:
    """Scores of one large panel, by the rows of ``marks``."""

    marks: Ratings

    @property
    def cases(self) -> int:
        """Return how many cases the panel scored."""
        return len(self.marks.start)

    @property
    def load(self) -> Floats:
        """Return how many scores each member gave (1 x members)."""
        return self.marks.load[None]

    @property
    def total(self) -> Floats:
        """Return the sum of each member's scores (1 x members)."""
        return self.marks.sum_by_member(self.marks.score)[None]

    def select(self, _kept: Ints) -> "SparseModel":
        """Return the one panel."""
        return self

    def maximize(self, start: Floats, known: Floats, prior: RaterPrior, moved: Floats) -> Floats:
        """Return the rater effects of the highest posterior density (1 x 3 x members)."""
        from scipy.optimize import minimize

        marks, scale = self.marks, 1 / np.sqrt(known + prior.belief)

        def loss(x: Floats) -> tuple[float, Floats]:
            effects = x.reshape(scale.shape) * scale
            value, slope, quality = log_likelihood(marks, effects[0])
            lost, less = severity_uncertainty(marks, effects[0], quality, prior.doubt[0])
            believed, steep = prior.loss(effects)
            return lost + float(believed[0]) - value, ((less - slope + steep) * scale).ravel()

        least = np.full(scale.shape, -np.inf)
        least[:, SPREAD] = 0  # nobody's high score counts against a case
        best = minimize(
            loss,
            (start / scale).ravel(),
            jac=True,
            method="L-BFGS-B",
            bounds=np.column_stack([least.ravel(), np.full(least.size, np.inf)]),
            options={
                "maxcor": 20,
                "ftol": 1e-14,
                "gtol": COARSE_GRADIENT if moved[0] > FAR else FINE_GRADIENT,
                "maxiter": 1000,
            },
        )
        return np.asarray(best.x.reshape(scale.shape) * scale, dtype=float)

    def describe(self, effects: Floats) -> tuple[Floats, CaseQuality]:
        """Return the expected information on each effect, and the cases' quality."""
        quality = log_likelihood(self.marks, effects[0])[2]
        return expected_information(self.marks, effects[0], quality)[None], quality.stacked()
