"""Posterior density of the rater effects at a point, with gradient and curvature.

For panels of one size at once, by dense matrices. The loss is minus the logarithm of the density
in ``rater_likelihood``: likelihood, doubt on the severities and prior. Without the prior it is half
the sum of ``log P - Q^2 / P - T / P`` over cases and of ``w (sum (y - a)^2 + d load) - load log w``
over members, where ``P = 1 + sum s^2 w``, ``Q = sum s w (y - a)`` and ``T = sum d s^2 w^2`` go over
a case's readers, each with severity ``a``, spread ``s``, logarithm of noise ``n``, ``w`` one over
the variance of the noise, and doubt on the severity ``d``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kjfp_helpers.selection.ranking.raters.rater_likelihood import (
    LOG_NOISE,
    MIN_VARIANCE,
    SEVERITY,
    SPREAD,
    CaseQuality,
    Floats,
    Ints,
    RaterPrior,
    Ratings,
)


@dataclass(frozen=True)
class StackedRatings:
    """Scores of panels, each with as many cases and members: ``read`` and ``score`` are dense.

    Attributes
    ----------
    read, score : array, panels x cases x members
        1 where the member scored the case, and the score; 0 elsewhere.
    load, total, squares : array, panels x members
        Count, sum and sum of squares of a member's scores.
    """

    read: Floats
    score: Floats
    load: Floats
    total: Floats
    squares: Floats

    @classmethod
    def of(cls, panels: Sequence[Ratings]) -> "StackedRatings":
        """Stack panels, which must have the same numbers of cases and of members."""
        shape = (len(panels), len(panels[0].start), len(panels[0].load))
        read, score = np.zeros(shape), np.zeros(shape)
        for number, marks in enumerate(panels):
            read[number, marks.case, marks.member] = 1
            score[number, marks.case, marks.member] = marks.score
        return cls(read, score, read.sum(1), score.sum(1), (score**2).sum(1))

    def select(self, kept: Ints) -> "StackedRatings":
        """Return some of the panels."""
        return StackedRatings(
            self.read[kept],
            self.score[kept],
            self.load[kept],
            self.total[kept],
            self.squares[kept],
        )

    def describe(self, effects: Floats) -> tuple[Floats, CaseQuality]:
        """Return the expected information on each effect, the others held, and the cases' quality.

        The same as ``log_likelihood`` and ``expected_information`` give for one panel.
        """
        severity, spread, log_noise = effects.swapaxes(0, 1)
        weight = 1 / (np.exp(2 * log_noise) + MIN_VARIANCE)
        ratio, strength = spread * weight, spread**2 * weight
        precision = 1 + (self.read @ strength[..., None])[..., 0]
        pull = self.score @ ratio[..., None] - self.read @ (ratio * severity)[..., None]
        variance = 1 / precision
        doubt, squared = (np.stack([variance, variance**2], 1) @ self.read).swapaxes(0, 1)
        known = np.stack(
            [
                self.load * weight - ratio**2 * doubt,
                weight * (self.load - doubt) + ratio**2 * (2 * squared - doubt),
                2 * (self.load - 2 * strength * doubt + strength**2 * squared),
            ],
            1,
        )
        return known, CaseQuality(pull[..., 0] * variance, precision, variance, doubt)


class PosteriorPoint:
    """The loss at ``effects`` (panels x 3 x members), its gradient and its curvature.

    Attributes
    ----------
    loss : array by panel
    slope : array, panels x 3 x members
        Gradient of the loss.

    By panel and case ``inverse`` is 1/P, ``mean`` Q/P, ``doubt`` T/P; by panel and member, summed
    over the cases read, ``by_precision`` the loss's slopes in P, ``met`` the means, ``certain`` 1/P
    and ``moment`` the means times ``y - a``; ``by_w`` is the slope in w, ``w_n`` that of w in n.
    """

    def __init__(self, marks: StackedRatings, prior: RaterPrior, effects: Floats) -> None:
        self.marks, self.prior, self.effects = marks, prior, effects
        a, s, n = effects.swapaxes(0, 1)
        d, load = prior.doubt, marks.load
        self.learned = np.exp(2 * n)
        self.w = w = 1 / (self.learned + MIN_VARIANCE)
        self.ratio = sw = s * w
        sums = marks.read @ np.stack([s * sw, sw * a, d * sw**2], -1)
        self.inverse = 1 / (1 + sums[..., 0])
        pull = (marks.score @ sw[..., None])[..., 0] - sums[..., 1]
        self.mean, self.doubt = pull * self.inverse, sums[..., 2] * self.inverse
        by_precision = (self.inverse * (1 + self.doubt) + self.mean**2) / 2
        rows = np.stack([by_precision, self.mean, self.inverse], 1) @ marks.read
        self.by_precision, self.met, self.certain = rows.swapaxes(0, 1)
        self.moment = (self.mean[:, None] @ marks.score)[:, 0] - a * self.met
        self.noise = marks.squares - 2 * a * marks.total + load * (a**2 + d)
        believed, self.slope = prior.loss(effects)
        cases = (pull * self.mean + self.doubt + np.log(self.inverse)).sum(-1)
        self.loss = ((w * self.noise - load * np.log(w)).sum(-1) - cases) / 2 + believed
        self.w_n = -2 * self.learned * w**2
        self.by_w = self.noise / 2 + s * (
            s * self.by_precision - self.moment - d * sw * self.certain
        )
        self.slope[:, SEVERITY] += w * (load * a - marks.total) + sw * self.met
        self.slope[:, SPREAD] += (
            2 * sw * self.by_precision - w * self.moment - d * sw * w * self.certain
        )
        self.slope[:, LOG_NOISE] += load * self.learned * w + self.w_n * self.by_w

    def curvature(self) -> Floats:
        """Return the second derivatives of the loss (panels x 3 members x 3 members)."""
        panels, _, members = self.effects.shape
        whole = self._between_cases()
        self._add_prior(whole)
        member = np.arange(members)
        for (one, other), value in self._within_members().items():
            whole[:, one, member, other, member] += value
            if one != other:
                whole[:, other, member, one, member] += value
        return whole.reshape(panels, 3 * members, 3 * members)

    def _within_members(self) -> dict[tuple[int, int], Floats]:
        """Return what the second derivatives of P, Q, T and of the noise add, by member."""
        a, s, _ = self.effects.swapaxes(0, 1)
        w, w_n, d, load = self.w, self.w_n, self.prior.doubt, self.marks.load
        w_nn = 2 * w_n + 8 * self.learned**2 * w**3
        certain = d * self.certain
        return {
            (SEVERITY, SEVERITY): w * load,
            (SEVERITY, SPREAD): w * self.met,
            (SEVERITY, LOG_NOISE): w_n * (load * a - self.marks.total + s * self.met),
            (SPREAD, SPREAD): 2 * w * self.by_precision - certain * w**2,
            (SPREAD, LOG_NOISE): w_n
            * (2 * s * self.by_precision - self.moment - 2 * certain * self.ratio),
            (LOG_NOISE, LOG_NOISE): w_nn * self.by_w
            - certain * (s * w_n) ** 2
            + load * self.learned * (2 * w + w_n),
        }

    def _between_cases(self) -> Floats:
        """Return what the first derivatives of P, Q and T add (panels x 3 x members x same).

        ``-(dQ - Q/P dP)^2 / P - (1/2 + T/P) (dP/P)^2 + dP dT / P^2``, summed over cases.
        """
        a, s, _ = self.effects.swapaxes(0, 1)
        (panels, cases, members), read = self.marks.read.shape, self.marks.read
        w, w_n = self.w[:, None], self.w_n[:, None]
        root = np.sqrt(self.inverse)[..., None]
        rooted = read * root
        away, met = self.marks.score * root - a[:, None] * rooted, rooted * self.mean[..., None]
        pulled = np.empty((panels, cases, 3, members))
        pulled[:, :, SEVERITY] = -self.ratio[:, None] * rooted
        pulled[:, :, SPREAD] = w * away - 2 * self.ratio[:, None] * met
        pulled[:, :, LOG_NOISE] = s[:, None] * w_n * (away - s[:, None] * met)
        flat = pulled.reshape(panels, cases, 3 * members)
        whole = -(flat.swapaxes(1, 2) @ flat).reshape(panels, 3, members, 3, members)
        inner = np.stack([self.inverse**2, self.inverse**2 * (0.5 + self.doubt)], 1)
        by_pair = read.swapaxes(1, 2)[:, None] @ (read[:, None] * inner[..., None])
        of_doubt, of_precision = (by_pair[:, part, None, :, None, :] for part in range(2))
        ahead = np.stack([2 * self.ratio, s**2 * self.w_n], 1)
        lost = self.prior.doubt[:, None] * 2 * self.ratio[:, None]
        lost = lost * np.stack([self.w, s * self.w_n], 1)
        mixed = _outer(ahead, lost / 2)
        whole[:, SPREAD:, :, SPREAD:] += of_doubt * (
            mixed + mixed.transpose(0, 3, 4, 1, 2)
        ) - of_precision * _outer(ahead, ahead)
        return whole

    def _add_prior(self, whole: Floats) -> None:
        belief, weight = self.prior.belief, self.prior.weight
        share = weight / weight.sum(-1, keepdims=True)
        total = belief.sum(-1) + np.array([0.0, 1.0, 1.0])
        member = np.arange(belief.shape[2])
        for effect in (SEVERITY, SPREAD, LOG_NOISE):
            drawn, part = belief[:, effect], share[:, effect]
            half = drawn - total[:, effect, None] * part / 2
            cross = half[:, :, None] * part[:, None, :]
            whole[:, effect, :, effect] -= cross + cross.swapaxes(1, 2)
            whole[:, effect, member, effect, member] += drawn


def _outer(one: Floats, other: Floats) -> Floats:
    """Return all products (panels x 2 x members x 2 x members)."""
    return one[:, :, :, None, None] * other[:, None, None, :, :]
