"""Scores of several panels of one size, fitted together by Newton's method.

What-if questions ask for a hundred fits that differ by a score or a member. Stacked as dense
matrices, cases x members, they share the price of each operation; a fit's result does not depend
on what it is stacked with.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kjfp_helpers.selection.ranking.raters.rater_likelihood import (
    LOG_NOISE,
    SPREAD,
    CaseQuality,
    Floats,
    Ints,
    RaterPrior,
    Ratings,
)
from kjfp_helpers.selection.ranking.raters.stacked_posterior import PosteriorPoint, StackedRatings

Bools = npt.NDArray[np.bool_]

MAX_CURVATURES, STEPS_EACH, SHORT_STEP = 100, 8, 1e-7
"""Most curvatures, steps with each, and the length of the last, in an effect's deviations.

With the curvature of a point nearby each step is shorter than the one before many times over, and
costs a tenth of the curvature.
"""

FIRST_DAMPING, MAX_DAMPING = 0.1, 1e8
"""What is added to the scaled curvature where a full step leads up, and where none leads down."""

MAX_LOG_NOISE = 50.0
"""Logarithm of a member's noise that a step tries at most: what lies beyond has no exponential."""

ROUNDING = 1e-10
"""Relative rise of the loss that is rounding alone."""


@dataclass(frozen=True)
class DenseModel:
    """Scores of panels with as many cases and members each, fitted together."""

    marks: StackedRatings

    @classmethod
    def of(cls, panels: Sequence[Ratings]) -> "DenseModel":
        """Stack the panels' scores."""
        return cls(StackedRatings.of(panels))

    @property
    def cases(self) -> int:
        """Return how many cases each panel scored."""
        return int(self.marks.read.shape[1])

    @property
    def load(self) -> Floats:
        """Return how many scores each member gave (panels x members)."""
        return self.marks.load

    @property
    def total(self) -> Floats:
        """Return the sum of each member's scores (panels x members)."""
        return self.marks.total

    def select(self, kept: Ints) -> "DenseModel":
        """Return some of the panels."""
        return DenseModel(self.marks.select(kept))

    def maximize(
        self, start: Floats, known: Floats, prior: RaterPrior, _moved: Floats | None = None
    ) -> Floats:
        """Return the rater effects of the highest posterior density (panels x 3 x members).

        Newton's steps, damped where they lead up (D. W. Marquardt, SIAM J. Appl. Math. 11, 1963);
        ``known + prior.belief`` gives the scale of each effect. No spread falls below 0: one that
        stands there and would fall is held.
        """
        scale = 1 / np.sqrt(known + prior.belief)
        point, damping = PosteriorPoint(self.marks, prior, start), np.zeros(len(start))
        going = np.ones(len(start), dtype=bool)
        for _ in range(MAX_CURVATURES):
            held, inverse = _invert_curvature(point, scale, damping)
            ahead = going
            for turn in range(STEPS_EACH):
                step = _step(point, scale, held, inverse)
                point, ahead = self._advance(point, step * scale, ahead)
                if not turn:
                    damping = np.where(ahead, damping / 10, np.maximum(4 * damping, FIRST_DAMPING))
                    damping[damping < FIRST_DAMPING / 10] = 0
                ended = ahead & (np.abs(step).max((1, 2)) < SHORT_STEP)
                going, ahead = going & ~ended, ahead & ~ended
                if not ahead.any():
                    break
            going &= damping < MAX_DAMPING
            if not going.any():
                break
        return point.effects

    def _advance(
        self, point: PosteriorPoint, step: Floats, ahead: Bools
    ) -> tuple[PosteriorPoint, Bools]:
        """Return where the steps of the panels ``ahead`` lead, and of which they led down."""
        effects = point.effects + step
        effects[:, SPREAD] = np.maximum(effects[:, SPREAD], 0)
        effects[:, LOG_NOISE] = np.clip(effects[:, LOG_NOISE], -MAX_LOG_NOISE, MAX_LOG_NOISE)
        tried = PosteriorPoint(self.marks, point.prior, effects)
        ahead = ahead & (tried.loss <= point.loss + ROUNDING * (1 + np.abs(point.loss)))
        if ahead.all():
            return tried, ahead
        if not ahead.any():
            return point, ahead
        mixed = np.where(ahead[:, None, None], effects, point.effects)
        return PosteriorPoint(self.marks, point.prior, mixed), ahead

    def describe(self, effects: Floats) -> tuple[Floats, CaseQuality]:
        """Return the expected information on each effect, and the cases' quality."""
        return self.marks.describe(effects)


def _invert_curvature(
    point: PosteriorPoint, scale: Floats, damping: Floats
) -> tuple[Bools, Floats]:
    """Return which effects are held, and the inverse of the scaled curvature of the others.

    The inverse is NaN where the curvature is not positive: a step then leads nowhere.
    """
    scaled = scale.reshape(len(scale), -1)
    curvature = point.curvature() * scaled[:, :, None] * scaled[:, None, :]
    held = np.zeros(scale.shape, dtype=bool)
    held[:, SPREAD] = (point.effects[:, SPREAD] <= 0) & (point.slope[:, SPREAD] > 0)
    if held.any():
        flat = held.reshape(scaled.shape)
        curvature[flat[:, :, None] | flat[:, None, :]] = 0
    diagonal = np.arange(scaled.shape[1])
    curvature[:, diagonal, diagonal] += held.reshape(scaled.shape) + damping[:, None]
    return held, _invert(curvature)


def _invert(curvature: Floats) -> Floats:
    try:
        np.linalg.cholesky(curvature)
    except np.linalg.LinAlgError:
        if len(curvature) == 1:
            return np.full(curvature.shape, np.nan)
        return np.concatenate([_invert(one[None]) for one in curvature])
    return np.asarray(np.linalg.inv(curvature), dtype=float)


def _step(point: PosteriorPoint, scale: Floats, held: Bools, inverse: Floats) -> Floats:
    """Return the step to where the loss would be least, in units of ``scale``."""
    slope = np.where(held, 0, point.slope * scale).reshape(len(scale), -1, 1)
    return -(inverse @ slope).reshape(scale.shape)
