"""Home effect: how much higher a member scores the cases of the own region or field than others."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from kjfp_helpers.selection.ranking.rater_agreement import NORMAL_95

COLUMNS = "member home_n home home_low home_high".split()
MIN_HOME = 2
"""Scores at home, and elsewhere, from which an effect is told."""


def estimate_home_effects(scores: pd.DataFrame, is_home: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Return the home effect of every member who scored a case of the own region or field.

    Parameters
    ----------
    scores : DataFrame
        ``member case`` and ``residual`` after severity, in points, one row a score.
    is_home : array of bool
        Whether the case of each row is of the member's own region, or own field.

    Returns
    -------
    DataFrame
        ``member``; ``home_n`` scores at home; ``home``, the mean residual there less that
        elsewhere, in points, with its 95% interval ``home_low home_high``; NaN for fewer than
        ``MIN_HOME`` scores on either side. The spread of one residual is that of all members, for
        as many scores as are left free by cases and members.

    Examples
    --------
    >>> scores = pd.DataFrame({"member": "A", "case": list("甲乙丙丁"), "residual": [3, 1, -1, -3]})
    >>> estimate_home_effects(scores, np.array([True, True, False, False]))["home"].item()
    4.0
    """
    names, member = np.unique(scores["member"].astype(str), return_inverse=True)
    residual = scores["residual"].to_numpy(dtype=float)
    free = max(len(scores) - scores["case"].nunique() - len(names) + 1, 1)
    spread = np.sqrt((residual**2).sum() / free)
    at_home = np.bincount(member, is_home, len(names))
    elsewhere = np.bincount(member, ~is_home, len(names))
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = (
            np.bincount(member, residual * is_home, len(names)) / at_home
            - np.bincount(member, residual * ~is_home, len(names)) / elsewhere
        )
        reach = NORMAL_95 * spread * np.sqrt(1 / at_home + 1 / elsewhere)
    effect[np.minimum(at_home, elsewhere) < MIN_HOME] = np.nan
    table = pd.DataFrame(
        {
            "member": names,
            "home_n": at_home.astype(int),
            "home": effect,
            "home_low": effect - reach,
            "home_high": effect + reach,
        }
    )
    return table[table["home_n"] > 0].reset_index(drop=True)
