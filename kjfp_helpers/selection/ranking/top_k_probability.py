"""Probability that a case is among the top k, where all values are uncertain."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

CUTS = 64
"""Values at which the cut is looked at."""

CUT_RANGE_SD = 5.0
"""Standard deviations of the number of cases above, within which the cut is looked for."""


def top_k_probabilities(value: Floats, sd: Floats, seats: int) -> Floats:
    """Return each case's chance (0-1) to be among the ``seats`` highest; the sum is ``seats``.

    Values are independent and normal. How many of the others lie above a cut is a sum of unequal
    coins, taken as normal with a correction for skewness (A. Yu. Volkova, "A refinement of the
    central limit theorem for sums of independent random indicators", Theory of Probability and
    its Applications 40, 1996); the chance is integrated over the cut. Nothing is drawn. From
    a dozen cases on it is right to a hundredth.

    Parameters
    ----------
    value, sd : array
        Mean and standard deviation of each case, on any scale, ``sd`` above 0.
    seats : int
        At least 1.
    """
    if len(value) <= seats:
        return np.ones(len(value))
    inside, free = np.zeros(len(value)), np.zeros(len(value))
    cuts = _cuts(value, sd, seats)
    above = _above(value, sd, cuts[0])
    for cut in cuts:
        lower, above = above, _above(value, sd, cut)
        before, free = free, _at_most(seats - 1, above)
        inside += (free - before) * (lower + above) / 2
    inside += (1 - free) * above
    return np.asarray(np.clip(inside * seats / inside.sum(), 0, 1), dtype=float)


def _above(value: Floats, sd: Floats, cut: float) -> Floats:
    from scipy.special import ndtr

    return np.asarray(ndtr((value - cut) / sd), dtype=float)


def _cuts(value: Floats, sd: Floats, places: int) -> Floats:
    """Return cuts from where too many are certainly above to where too few are."""
    from scipy.optimize import brentq

    def away(cut: float, sure: float) -> float:
        above = _above(value, sd, cut)
        return float(above.sum() - places + 0.5 - sure * np.sqrt((above * (1 - above)).sum() + 0.3))

    lowest, highest = float((value - 9 * sd).min()), float((value + 9 * sd).max())
    first = (
        brentq(away, lowest, highest, args=(CUT_RANGE_SD,))
        if away(lowest, CUT_RANGE_SD) > 0
        else lowest
    )
    last = (
        brentq(away, lowest, highest, args=(-CUT_RANGE_SD,))
        if away(highest, -CUT_RANGE_SD) < 0
        else highest
    )
    return np.linspace(first, last, CUTS)


def _at_most(number: int, above: Floats) -> Floats:
    """Return for each case the chance that at most ``number`` of the others lie above the cut."""
    from scipy.special import ndtr

    coin = above * (1 - above)
    lean = coin * (1 - 2 * above)
    variance = np.maximum(coin.sum() - coin, 1e-12)
    away = (number + 0.5 - above.sum() + above) / np.sqrt(variance)
    bell = np.exp(-(away**2) / 2) / np.sqrt(2 * np.pi)
    skew = (lean.sum() - lean) / variance**1.5
    chance = ndtr(away) + skew * (1 - away**2) * bell / 6
    return np.asarray(np.clip(chance, 0, 1), dtype=float)
