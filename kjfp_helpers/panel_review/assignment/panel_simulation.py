"""Simulate panels to estimate how many seats a reading design will get wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kjfp_helpers.panel_review.assignment.reading_matrix import ReadingMatrix, Readings
from kjfp_helpers.rules import PanelAssumptions

RUNS = 40
"""Simulated panels; for 20 seats the expected number of errors is then known to about 0.3."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SimulatedPanel:
    """A simulated panel over cases of known quality; rows are cases, columns members.

    A score is ``severity + spread * quality + noise``, in standard deviations of true quality;
    ``noise`` holds each member's noise level, ``scores`` what every member would give every case.
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
        """Draw a panel; a careless member has a fifth of the spread and 1.5 times the noise."""
        random = np.random.default_rng(seed)
        careless = random.permutation(members) < round(assumed.careless * members)
        effects = np.exp(random.normal(0, assumed.spread, (2, members)))
        spread = effects[0] * np.where(careless, 0.2, 1)
        noise = assumed.noise * effects[1] * np.where(careless, 1.5, 1)
        quality, severity = random.standard_normal(cases), random.normal(0, 1, members)
        severity *= assumed.severity
        scores = severity + spread * quality[:, None]
        scores += noise * random.standard_normal((cases, members))
        return cls(quality=quality, severity=severity, spread=spread, noise=noise, scores=scores)

    def estimate(self, read: npt.NDArray[np.bool_], *, adjusted: bool) -> tuple[Floats, Floats]:
        """Return estimate and standard error of each case, from the scores that were read.

        With ``adjusted``, by the rater-effects model with known effects: with 15 members the fitted
        model comes as near (selection.md); else by the plain mean.
        """
        if adjusted:
            weight = read * (self.spread / self.noise) ** 2
            precision = 1 + weight.sum(axis=1)
            own = (self.scores - self.severity) / self.spread
            return (weight * own).sum(axis=1) / precision, precision**-0.5
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
    """Return, by kind, how many seats are expected to go to a wrong case.

    Parameters
    ----------
    matrix : ReadingMatrix
        With the readings of the first round as the earlier ones.
    seats : mapping
        Kind to number of seats (clause 二); unit quotas are ignored.
    assumed : PanelAssumptions
        Assumptions about the panel, from the rubric.
    adjusted : bool
        Whether the adjusted model ranks, or the plain mean.
    assign_next_round : callable
        From the matrix, the number of the next round and the inclusion probability of each case to
        the readings of that round.
    rounds : int
        Number of rounds.
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
                probabilities = inclusion_probability(
                    value[here], error[here], seats[kind]
                ).tolist()
                chances.update(zip(ids[here].tolist(), probabilities, strict=True))
            now = replace(
                now,
                assigned=now.assigned | now.flag_readings(assign_next_round(now, number, chances)),
            )
        value, _ = panel.estimate(now.assigned, adjusted=adjusted)
        for kind, missed in wrong.items():
            here = rows[kind]
            missed.append(_count_errors(panel.quality[here], value[here], seats[kind]))
    return {kind: round(float(np.mean(missed)), 1) for kind, missed in wrong.items()}


def inclusion_probability(value: Floats, error: Floats, seats: int) -> Floats:
    """Return each case's inclusion probability: one cut for all, so that they sum to ``seats``.

    >>> value, error = np.array([2.0, 0.0, -2.0]), np.array([1.0, 1.0, 1.0])
    >>> inclusion_probability(value, error, 1).round(2).tolist()
    [0.84, 0.16, 0.0]
    """
    from scipy.optimize import brentq
    from scipy.special import ndtr

    if len(value) <= seats:
        return np.ones(len(value))
    reach = 10 * error.max()
    known = np.isfinite(value)
    low, high = value[known].min() - reach, value[known].max() + reach
    cut = brentq(lambda at: ndtr((value - at) / error).sum() - seats, low, high)
    return np.asarray(ndtr((value - cut) / error), dtype=float)


def _count_errors(quality: Floats, value: Floats, seats: int) -> int:
    """Return how many of the truly best cases the estimates leave out."""
    first = min(seats, len(quality))
    right = set(np.argsort(-quality, kind="stable")[:first].tolist())
    return first - len(right & set(np.argsort(-value, kind="stable")[:first].tolist()))
