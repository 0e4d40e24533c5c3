"""Probability that a case is among the top k, all values uncertain; when it cannot be trusted."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

CUTS = 64
"""Values at which the cut is looked at."""

CUT_RANGE_SD = 5.0
"""Standard deviations of the number of cases above, within which the cut is looked for."""
CEILING_SHARE = 0.1
"""Share of the scores at the highest one given from which there is a ceiling."""
SKEWED = -1.0
"""Skewness of the case values below which the top is crowded."""
FEW_SCORES = 20
"""Scores below which a share of them says nothing."""
FEW_CASES = 12
"""Cases below which the chances are right to less than a hundredth."""


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


def find_chance_warnings(total: Floats, value: Floats) -> Iterator[str]:
    """Yield in Chinese why the chances of a seat cannot be trusted: ceiling, skew, few cases.

    The model takes cases and errors as normal. Where many scores stand at the top of the scale, or
    the values lean to one side, it tells the chances of the best too sharply.

    Parameters
    ----------
    total : array
        All scores.
    value : array
        The value of each case.
    """
    highest = float(np.mean(total == total.max()))
    if highest >= CEILING_SHARE and len(total) >= FEW_SCORES:
        yield (
            f"{highest:.0%} 的评分都是最高的 {total.max():g} 分，前列难以分出高下，"
            "入围概率偏于肯定，仅供参考。"
        )
    away = value - value.mean()
    skew = float(np.mean(away**3) / max(float(np.mean(away**2)), 1e-12) ** 1.5)
    if skew < SKEWED:
        yield f"得分多集中在高处（偏度 {skew:.1f}），与概率所据的假定不符，入围概率仅供参考。"
    if len(value) < FEW_CASES:
        yield f"只有 {len(value)} 件，入围概率只是约数。"
