"""The two-way mixed model: a mark is case + member + noise, case and member random.

Solved by Henderson's mixed-model equations with the cases eliminated (C. R. Henderson, "Best
linear unbiased estimation and prediction under a selection model", Biometrics 31, 1975);
variance components by REML (H. D. Patterson, R. Thompson, "Recovery of inter-block information
when block sizes are unequal", Biometrika 58, 1971). Statements of uncertainty take the
variance components as known.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

BOUNDS = (-11.0, 9.0)
"""Natural logarithms between which a variance stands to that of the noise."""

TINY = 1e-12


@dataclass(frozen=True, kw_only=True)
class Adjusted:
    """The fitted model, in marks.

    ``value`` of a case is the average mark expected if every member of this panel read it;
    ``severity`` of a member is the deviation from the panel (positive gives more). ``*_sd`` are
    posterior standard deviations. ``residual`` is one per mark. ``case``, ``member`` and
    ``noise`` are the variance components.
    """

    value: Floats
    value_sd: Floats
    severity: Floats
    severity_sd: Floats
    residual: Floats
    case: float
    member: float
    noise: float
    _draw: "_Posterior"

    def draws(self, number: int, seed: int) -> Floats:
        """Return seeded draws of all cases' values, number by cases, up to a common shift."""
        return self._draw.sample(number, seed)


@dataclass(frozen=True)
class _Equations:
    """The mixed-model equations of one table of marks (scaled to mean 0, variance 1).

    Columns of ``border`` (one row a case) and of ``core`` are the mean and the members. The
    cases enter an elimination only through sums over those with the same number of marks
    (``sizes``): ``cases`` of them, ``gram``, ``right`` and ``squares``.
    """

    counts: Floats
    border: Floats
    core: Floats
    by_case: Floats
    by_core: Floats
    square: float
    marks: int
    sizes: Floats
    cases: Floats
    gram: Floats
    right: Floats
    squares: Floats

    def eliminate(self, case: float, member: float) -> tuple[Floats, Floats, float]:
        """Return Cholesky factor, solution and residual square at two ratios to the noise."""
        weight = 1 / (self.sizes + 1 / case)
        core = self.core - np.tensordot(weight, self.gram, axes=1)
        core[np.arange(1, len(core)), np.arange(1, len(core))] += 1 / member
        factor = np.asarray(np.linalg.cholesky(core), dtype=float)
        half = np.linalg.solve(factor, self.by_core - weight @ self.right)
        solution = np.asarray(np.linalg.solve(factor.T, half), dtype=float)
        square = self.square - float(weight @ self.squares) - float(half @ half)
        return factor, solution, max(square, TINY)

    def deviance(self, logs: Floats) -> float:
        """Minus twice the restricted log-likelihood, noise profiled out, up to a constant."""
        case, member = np.exp(np.clip(logs, *BOUNDS))
        factor, _, square = self.eliminate(float(case), float(member))
        free = max(self.marks - 1, 1)
        return float(
            self.cases @ np.log(self.sizes * case + 1)
            + 2 * np.sum(np.log(np.diag(factor)))
            + (len(factor) - 1) * np.log(member)
            + free * np.log(square / free)
        )


@dataclass(frozen=True)
class _Posterior:
    mean: Floats
    slope: Floats
    factor: Floats
    noise_sd: Floats

    def sample(self, number: int, seed: int) -> Floats:
        """Members first, then the cases given the members."""
        random = np.random.default_rng(seed)
        common = random.standard_normal((number, len(self.factor)))
        shift = self.slope @ np.linalg.solve(self.factor.T, common.T)
        own = random.standard_normal((number, len(self.mean)))
        return np.asarray(self.mean - shift.T + own * self.noise_sd, dtype=float)


def adjust(case: Ints, member: Ints, total: Floats) -> Adjusted:
    """Fit the model to marks given as case index, member index (both from 0) and total."""
    from scipy.optimize import minimize

    centre, scale = float(total.mean()), float(total.std()) or 1.0
    table = _equations(case, member, (total - centre) / scale)
    start = np.log([1.0, 0.3])
    found = minimize(table.deviance, start, method="Nelder-Mead", bounds=(BOUNDS, BOUNDS),
                     options={"xatol": 1e-6, "fatol": 1e-9})  # fmt: skip
    # Three decimals of the logarithm: another machine's last bits must not move the values.
    ratios = np.exp(np.clip(np.round(found.x, 3), *BOUNDS))
    factor, solution, square = table.eliminate(*ratios)
    diagonal = table.counts + 1 / ratios[0]
    noise = square / max(table.marks - 1, 1)
    slope = table.border / diagonal[:, None]
    effect = table.by_case / diagonal - slope @ solution
    members = len(solution) - 1
    panel = np.full(members + 1, 1 / members)
    panel[0] = 1.0
    contrast = np.hstack([np.zeros((members, 1)), np.eye(members) - 1 / members])
    sd = np.sqrt(noise) * scale
    residual = (total - centre) / scale - solution[0] - solution[1:][member] - effect[case]
    return Adjusted(
        value=centre + scale * (panel @ solution + effect),
        value_sd=sd * np.sqrt(_spread(factor, panel - slope) + 1 / diagonal),
        severity=scale * (contrast @ solution),
        severity_sd=sd * np.sqrt(_spread(factor, contrast)),
        residual=scale * residual,
        case=float(ratios[0] * noise * scale**2),
        member=float(ratios[1] * noise * scale**2),
        noise=float(noise * scale**2),
        _draw=_Posterior(scale * effect, sd * slope, factor, sd / np.sqrt(diagonal)),
    )


def _equations(case: Ints, member: Ints, mark: Floats) -> _Equations:
    cases, members = int(case.max()) + 1, int(member.max()) + 1
    read = np.zeros((cases, members))
    np.add.at(read, (case, member), 1.0)
    counts, loads = read.sum(axis=1), read.sum(axis=0)
    core = np.diag(np.concatenate([[loads.sum()], loads]))
    core[0, 1:] = core[1:, 0] = loads
    border = np.column_stack([counts, read])
    by_case = np.bincount(case, mark, cases).astype(float)
    sizes = np.unique(counts)
    alike = [counts == size for size in sizes]
    return _Equations(
        counts=counts,
        border=border,
        core=core,
        by_case=by_case,
        by_core=np.concatenate([[mark.sum()], np.bincount(member, mark, members)]),
        square=float(mark @ mark),
        marks=len(mark),
        sizes=sizes,
        cases=np.array([same.sum() for same in alike], dtype=float),
        gram=np.array([border[same].T @ border[same] for same in alike]),
        right=np.array([border[same].T @ by_case[same] for same in alike]),
        squares=np.array([by_case[same] @ by_case[same] for same in alike]),
    )


def _spread(factor: Floats, rows: Floats) -> Floats:
    """Return the variance of each row's combination, in units of the noise variance."""
    half = np.linalg.solve(factor, rows.T)
    variance: Floats = np.sum(half**2, axis=0)
    return variance
