"""Rater effects (severity, discrimination, noise) estimated from the scores.

A score is ``severity_j + spread_j * quality_i + noise_j * e``, quality and ``e`` standard normal.
Case quality is integrated out and the members are fitted: one common factor with unequal
errors (D. N. Lawley, A. E. Maxwell, "Factor Analysis as a Statistical Method", 1971), whose
variables are raters (V. E. Johnson, "On Bayesian analysis of multirater ordinal data", JASA 91,
1996). How far members differ is learned by the evidence (D. J. C. MacKay, "Bayesian
interpolation", Neural Computation 4, 1992): where scores say little of a member, the member is
taken to be like the others, and where they say nothing of any, the model is the plain two-way one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from kjfp_helpers.selection.ranking.raters.dense_model import DenseModel
from kjfp_helpers.selection.ranking.raters.rater_likelihood import (
    LOG_NOISE,
    MIN_VARIANCE,
    PRIOR_LEVELS,
    SEVERITY,
    SPREAD,
    CaseQuality,
    Floats,
    Ints,
    RaterPrior,
    Ratings,
    SparseModel,
    weighted_centre,
)

PRIOR_SD = np.array([[0.1], [0.05], [0.05]])
"""How far members differ in each effect before anything is seen.

Of 20 to 40 cases read by 8 to 12 members these cost at most .001 of recall where members are alike
and gain .04 to .06 where they differ as much as scores vary: 25 designs of 4,000 panels each
(tests/bench/selection.py --only small). With half of it the fit stays at "alike" where it must not.
"""

PRIOR_WEIGHT = 2.0
"""Members' worth of belief in ``PRIOR_SD``."""

DEGREES_OF_FREEDOM = 4.0
"""Degrees of freedom of the members' differences in spread and noise: some are careless."""

DRAWN_SCORES, FOUND_SCORES = 20, 40
"""Scores up to which a severity is drawn towards the others', and from which it is taken as found.

In between it is drawn the less, the more scores there are. That of who read every case moves all
alike and is taken as found. Where all are so, a constant added to a member's scores changes no
value against another.
"""

MAX_STEPS, TOLERANCE = 100, 1e-3
"""Most steps of the fit, and the relative change with which it ends."""

MAX_STACKED_MEMBERS, MAX_STACKED_CELLS = 60, 60_000
"""Members, and cells (cases x members) of all panels, up to which dense matrices are faster."""


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


class RatingModel(Protocol):
    """Scores of panels with as many cases and members each, and how effects are found in them."""

    @property
    def cases(self) -> int:
        """Return how many cases each panel scored."""
        ...

    @property
    def load(self) -> Floats:
        """Return how many scores each member gave (panels x members)."""
        ...

    @property
    def total(self) -> Floats:
        """Return the sum of each member's scores (panels x members)."""
        ...

    def select(self, kept: Ints) -> "RatingModel":
        """Return some of the panels."""
        ...

    def maximize(self, start: Floats, known: Floats, prior: RaterPrior, moved: Floats) -> Floats:
        """Return the rater effects of the highest posterior density (panels x 3 x members)."""
        ...

    def describe(self, effects: Floats) -> tuple[Floats, CaseQuality]:
        """Return the expected information on each effect, and the cases' quality."""
        ...


def fit_rater_effects(marks: Ratings) -> FittedRaters:
    """Fit the members' rater effects, and how far they differ, to the scores."""
    return fit_panels([marks])[0]


def fit_panels(panels: Sequence[Ratings]) -> list[FittedRaters]:
    """Fit each panel by itself; those with as many cases and members each share the work."""
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, marks in enumerate(panels):
        alike[len(marks.start), len(marks.load)].append(number)
    fitted: dict[int, FittedRaters] = {}
    for (cases, members), numbers in alike.items():
        dense = members <= MAX_STACKED_MEMBERS and cases * members <= MAX_STACKED_CELLS
        most = MAX_STACKED_CELLS // (cases * members) if dense else 1
        for first in range(0, len(numbers), most):
            some = numbers[first : first + most]
            chosen = [panels[number] for number in some]
            model: RatingModel = DenseModel.of(chosen) if dense else SparseModel(*chosen)
            fitted |= zip(some, _fit(model), strict=True)
    return [fitted[number] for number in range(len(panels))]


def _fit(model: RatingModel) -> list[FittedRaters]:
    """Alternate between the effects and how far members differ, until neither moves."""
    habits = np.empty((len(model.load), 3, model.load.shape[1]))
    habits[:, SEVERITY] = model.total / model.load
    habits[:, SPREAD:] = PRIOR_LEVELS[:, None]
    weight, doubt = np.ones(habits.shape), np.zeros(model.load.shape)
    differ, moved = np.tile(2 * PRIOR_SD, (len(habits), 1, 1)), np.full(len(habits), np.inf)
    known, _ = model.describe(habits)
    drawn, rows = _share_drawn(model), np.arange(len(habits))
    fitted: dict[int, FittedRaters] = {}
    for turn in range(MAX_STEPS):
        belief = weight / differ**2
        belief[:, SEVERITY] *= drawn
        doubt, before = 1 / (known + belief)[:, SEVERITY], doubt
        habits = model.maximize(habits, known, RaterPrior(belief, weight, doubt), moved)
        known, quality = model.describe(habits)
        squared = (habits - weighted_centre(habits, weight)) ** 2
        last, differ = differ, _difference(squared, known, weight, differ)
        weight[:, SPREAD:] = (
            (DEGREES_OF_FREEDOM + 1) / (DEGREES_OF_FREEDOM + squared / differ**2)
        )[:, SPREAD:]
        shift = np.abs(doubt - before).max(1) / doubt.max(1)
        moved = np.maximum(np.abs(np.log(differ / last)).max((1, 2)), shift)
        ended = (moved < TOLERANCE) | (turn == MAX_STEPS - 1)
        for row in np.flatnonzero(ended).tolist():
            fitted[int(rows[row])] = FittedRaters(
                habits[row], known[row], belief[row], differ[row], quality.select(row)
            )
        if ended.all():
            break
        if ended.any():
            kept = np.flatnonzero(~ended)
            model = model.select(kept)
            rows, drawn, moved = rows[kept], drawn[kept], moved[kept]
            habits, weight, doubt, differ, known = (
                part[kept] for part in (habits, weight, doubt, differ, known)
            )
    return [fitted[row] for row in sorted(fitted)]


def _share_drawn(model: RatingModel) -> Floats:
    """Return how far each member's severity is drawn towards the others' (0-1)."""
    share = (FOUND_SCORES - model.load) / (FOUND_SCORES - DRAWN_SCORES)
    return np.asarray(np.where(model.load >= model.cases, 0, np.clip(share, 0, 1)), dtype=float)


def _difference(squared: Floats, known: Floats, weight: Floats, differ: Floats) -> Floats:
    """Return how far members differ in each effect (3 x 1): MacKay's fixed point."""
    sure = known / (known + weight / differ**2)
    total = (weight * squared).sum(-1, keepdims=True) + PRIOR_WEIGHT * PRIOR_SD**2
    return np.asarray(np.sqrt(total / (sure.sum(-1, keepdims=True) + PRIOR_WEIGHT)), dtype=float)
