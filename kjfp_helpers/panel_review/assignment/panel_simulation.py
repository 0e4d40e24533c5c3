"""Simulate panels to estimate how many seats a reading design will get wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kjfp_helpers.panel_review.assignment.reading_matrix import ReadingMatrix, Readings
from kjfp_helpers.rules import PanelAssumptions

RUNS = 40
"""Simulated panels; of 20 places the number misplaced is then known to about 0.3."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SimulatedPanel:
    """A simulated panel over cases of known worth; rows are cases, columns members.

    A mark is ``severity + spread * quality + noise``, everything in standard deviations of true
    quality; ``noise`` holds each member's usual size of it, ``scores`` what every member would give
    every case.
    """

    quality: Floats
    severity: Floats
    spread: Floats
    noise: Floats
    scores: Floats

    @classmethod
    def draw(
        cls, cases: int, members: int, assumed: PanelAssumptions, seed: tuple[int, ...]
    ) -> "SimulatedPanel":
        """Draw one; a careless member spreads a fifth as wide and errs half as much again."""
        random = np.random.default_rng(seed)
        careless = random.permutation(members) < round(assumed.careless * members)
        habits = np.exp(random.normal(0, assumed.spread, (2, members)))
        spread = habits[0] * np.where(careless, 0.2, 1)
        noise = assumed.noise * habits[1] * np.where(careless, 1.5, 1)
        quality, severity = random.standard_normal(cases), random.normal(0, 1, members)
        severity *= assumed.severity
        marks = severity + spread * quality[:, None]
        marks += noise * random.standard_normal((cases, members))
        return cls(quality=quality, severity=severity, spread=spread, noise=noise, scores=marks)

    def estimate(self, read: npt.NDArray[np.bool_], *, adjusted: bool) -> tuple[Floats, Floats]:
        """Return value and standard error of each case, from the marks that were read.

        With ``adjusted``, of a model that has learnt what each member's marks are worth: with 15
        members it comes as near as one who knows (selection.md); else of the plain mean.
        """
        if adjusted:
            worth = read * (self.spread / self.noise) ** 2
            precision = 1 + worth.sum(axis=1)
            own = (self.scores - self.severity) / self.spread
            return (worth * own).sum(axis=1) / precision, precision**-0.5
        count = np.maximum(read.sum(axis=1), 1)
        mean = (read * self.scores).sum(axis=1) / count
        residual = read * (self.scores - mean[:, None])
        error = np.sqrt((residual**2).sum() / max(int(read.sum()) - len(count), 1))
        return np.where(read.any(axis=1), mean, -np.inf), error / np.sqrt(count)


def simulate_selection_errors(
    matrix: ReadingMatrix,
    *,
    seats: Mapping[str, int],
    assumed: PanelAssumptions,
    adjusted: bool,
    assign_next_round: Callable[[ReadingMatrix, int, Mapping[str, float]], Readings],
    rounds: int,
    seed: int,
) -> dict[str, float]:
    """Return, by kind, how many of the first places are expected to be another's.

    Parameters
    ----------
    board : Board
        With the readings of the first round as the earlier ones.
    places : mapping
        Kind to places (clause 二); no unit's quota is looked at.
    assumed : Assumed
        Of the panel, by the rubric.
    adjusted : bool
        Whether the adjusted model decides, or a mean.
    following : callable
        From the board, the number of the next round and the chance of being in of each case to
        the readings of that round.
    rounds : int
        How many there are.
    seed : int
    """
    rows = {kind: matrix.is_team == (kind == "team") for kind in seats}
    wrong: dict[str, list[int]] = {kind: [] for kind, here in rows.items() if here.any()}
    ids = np.array([case.id for case in matrix.cases])
    for run in range(RUNS):
        panel = SimulatedPanel.draw(len(matrix.cases), len(matrix.members), assumed, (seed, run))
        now = matrix
        for number in range(2, rounds + 1):
            value, error = panel.estimate(now.assigned, adjusted=adjusted)
            chances: dict[str, float] = {}
            for kind in wrong:
                here = rows[kind]
                found = inclusion_probability(value[here], error[here], seats[kind]).tolist()
                chances.update(zip(ids[here].tolist(), found, strict=True))
            now = replace(
                now,
                assigned=now.assigned | now.flag_readings(assign_next_round(now, number, chances)),
            )
        value, _ = panel.estimate(now.assigned, adjusted=adjusted)
        for kind, missed in wrong.items():
            here = rows[kind]
            missed.append(_wrong(panel.quality[here], value[here], seats[kind]))
    return {kind: round(float(np.mean(missed)), 1) for kind, missed in wrong.items()}


def inclusion_probability(value: Floats, error: Floats, seats: int) -> Floats:
    """Return each case's chance of being among the first: one cut for all, chances sum to it."""
    from scipy.optimize import brentq
    from scipy.stats import norm

    if len(value) <= seats:
        return np.ones(len(value))
    reach = 10 * error.max()
    known = np.isfinite(value)
    low, high = value[known].min() - reach, value[known].max() + reach
    cut = brentq(lambda at: norm.sf(at, value, error).sum() - seats, low, high)
    return np.asarray(norm.sf(cut, value, error), dtype=float)


def _wrong(quality: Floats, value: Floats, places: int) -> int:
    first = min(places, len(quality))
    right = set(np.argsort(-quality, kind="stable")[:first].tolist())
    return first - len(right & set(np.argsort(-value, kind="stable")[:first].tolist()))
