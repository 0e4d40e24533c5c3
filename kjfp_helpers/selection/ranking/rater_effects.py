"""Rater effects (severity, discrimination, noise) estimated from the scores.

A score is ``severity_j + spread_j * quality_i + noise_j * e``, quality and ``e`` standard normal.
Case quality is integrated out and the members are fitted: one common factor with unequal
errors (D. N. Lawley, A. E. Maxwell, "Factor Analysis as a Statistical Method", 1971), whose
variables are raters (V. E. Johnson, "On Bayesian analysis of multirater ordinal data", JASA 91,
1996). How far members differ is learned by the evidence (D. J. C. MacKay, "Bayesian
interpolation", Neural Computation 4, 1992): where scores say little of a member, the member is
taken to be like the others, and where they say nothing of any, the model is the plain two-way one.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

SEVERITY, SPREAD, LOG_NOISE = range(3)

PRIOR_SD = np.array([[0.3], [0.1], [0.1]])
"""How far members differ in each effect before anything is seen."""

PRIOR_WEIGHT = 2.0
"""Members' worth of belief in ``PRIOR_SD``."""

DEGREES_OF_FREEDOM = 4.0
"""Degrees of freedom of the members' differences in spread and noise: some are careless."""

FIXED_EFFECT_SCORES = 20
"""Scores from which a severity is taken as found; with fewer it is drawn towards the others'.

So is that of who read every case, which moves all alike. Where all members are so, a constant
added to a member's scores changes no value against another.
"""

PRIOR_LEVELS = np.array([0.7, np.log(0.7)])
"""Spread and logarithm of noise of a panel before anything is seen, give or take one."""

MIN_VARIANCE = 1e-4
"""Least variance of a noise: no score is more exact than a hundredth of the scale."""

MAX_STEPS, TOLERANCE = 100, 1e-3
"""Most steps of the fit, and the relative change with which it ends."""

COARSE_GRADIENT, FINE_GRADIENT = 1e-3, 1e-6
"""Slope with which a step ends, far from the end and near it."""


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


@dataclass(frozen=True)
class FittedRaters:
    """Estimated rater effects and their precision.

    Attributes
    ----------
    effects : array, 3 x members
        Severity, spread (discrimination) and logarithm of noise.
    information : array, 3 x members
        Expected information of the scores on each effect, the others fixed.
    prior_precision : array, 3 x members
        Precision with which each effect is drawn towards the panel's centre.
    rater_sd : array, 3 x 1
        Standard deviation of each effect over the members.
    quality : CaseQuality
        Posterior of the cases' quality, the effects given.
    """

    effects: Floats
    information: Floats
    prior_precision: Floats
    rater_sd: Floats
    quality: CaseQuality

    @property
    def variance(self) -> Floats:
        """Return the variance of one score of each member, given the case's quality."""
        variance: Floats = np.exp(2 * self.effects[LOG_NOISE]) + MIN_VARIANCE
        return variance


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


def fit_rater_effects(marks: Ratings) -> FittedRaters:
    """Fit the members' rater effects, and how far they differ, to the scores."""
    habits = np.repeat(np.array([[0.0], *PRIOR_LEVELS[:, None]]), len(marks.load), axis=1)
    habits[SEVERITY] = marks.sum_by_member(marks.score) / marks.load
    differ, weight, doubt = 2 * PRIOR_SD, np.ones(habits.shape), np.zeros(len(marks.load))
    known = expected_information(marks, habits, log_likelihood(marks, habits)[2])
    found, moved = marks.load >= min(FIXED_EFFECT_SCORES, len(marks.start)), np.inf
    for _ in range(MAX_STEPS):
        belief = weight / differ**2
        belief[SEVERITY, found] = 0
        doubt, before = 1 / (known + belief)[SEVERITY], doubt
        exact = COARSE_GRADIENT if moved > 50 * TOLERANCE else FINE_GRADIENT
        habits = _fit(marks, habits, known, belief, weight, doubt, exact)
        worth = log_likelihood(marks, habits)[2]
        known = expected_information(marks, habits, worth)
        squared = (habits - _centre(habits, weight)) ** 2
        last, differ = differ, _difference(squared, known, weight, differ)
        weight[SPREAD:] = ((DEGREES_OF_FREEDOM + 1) / (DEGREES_OF_FREEDOM + squared / differ**2))[
            SPREAD:
        ]
        shift = np.abs(doubt - before).max() / doubt.max()
        moved = max(float(np.abs(np.log(differ / last)).max()), float(shift))
        if moved < TOLERANCE:
            break
    return FittedRaters(habits, known, belief, differ, worth)


def _fit(
    marks: Ratings,
    start: Floats,
    known: Floats,
    belief: Floats,
    weight: Floats,
    doubt: Floats,
    exact: float,
) -> Floats:
    """Return the rater effects of the highest posterior density."""
    from scipy.optimize import minimize

    scale = 1 / np.sqrt(known + belief)

    def loss(x: Floats) -> tuple[float, Floats]:
        habits = x.reshape(scale.shape) * scale
        value, slope, worth = log_likelihood(marks, habits)
        lost, less = severity_uncertainty(marks, habits, worth, doubt)
        prior, steep = _prior(habits, belief, weight)
        return lost + prior - value, ((less + steep - slope) * scale).ravel()

    least = np.full(scale.shape, -np.inf)
    least[SPREAD] = 0  # nobody's high score counts against a case
    best = minimize(
        loss,
        (start / scale).ravel(),
        jac=True,
        method="L-BFGS-B",
        bounds=np.column_stack([least.ravel(), np.full(least.size, np.inf)]),
        options={"maxcor": 20, "ftol": 1e-14, "gtol": exact, "maxiter": 1000},
    )
    return np.asarray(best.x.reshape(scale.shape) * scale, dtype=float)


def _centre(habits: Floats, weight: Floats) -> Floats:
    """Return the panel's centre of each effect (3 x 1)."""
    centre: Floats = (weight * habits).sum(1, keepdims=True) / weight.sum(1, keepdims=True)
    return centre


def _prior(habits: Floats, belief: Floats, weight: Floats) -> tuple[float, Floats]:
    """Return minus the logarithm of the prior, up to a constant, and its gradient."""
    centre = _centre(habits, weight)
    pull = belief * (habits - centre)
    level = centre[SPREAD:, 0] - PRIOR_LEVELS
    outward = -pull.sum(1)
    outward[SPREAD:] += level
    slope = pull + weight / weight.sum(1, keepdims=True) * outward[:, None]
    return float((pull * (habits - centre)).sum() + level @ level) / 2, slope


def _difference(squared: Floats, known: Floats, weight: Floats, differ: Floats) -> Floats:
    """Return how far members differ in each effect (3 x 1): MacKay's fixed point."""
    sure = known / (known + weight / differ**2)
    total = (weight * squared).sum(1, keepdims=True) + PRIOR_WEIGHT * PRIOR_SD**2
    return np.asarray(np.sqrt(total / (sure.sum(1, keepdims=True) + PRIOR_WEIGHT)), dtype=float)
