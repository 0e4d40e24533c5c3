"""What a case is worth once each member's habits are taken out of the marks."""

from dataclasses import dataclass

import numpy as np

from kjfp_helpers.selection.ranking.rater_effects import (
    EXACT,
    LOG_NOISE,
    SEVERITY,
    SPREAD,
    Floats,
    Ints,
    Learned,
    Marks,
    learn,
)

DENSE = 1000
"""Members up to which the errors of their severities are taken together, not one by one."""

DECIMALS = 6
"""Of a value: what lies beyond is the last bits of the machine."""


@dataclass(frozen=True, kw_only=True)
class Adjusted:
    """The fitted model, in marks.

    ``value`` of a case is the average mark expected if every member of this panel read it, and
    ``value_sd`` its posterior standard deviation; ``apart_sd`` leaves out what all cases share, as
    is right where they are compared. By member: ``severity`` is the deviation from the panel
    (positive gives more), ``spread`` how far the member sets cases apart (1 as the panel does, 0
    not at all), ``noise`` the standard deviation of one of the member's marks, ``log_noise_sd``
    that of its logarithm. ``residual`` is one per mark, as they were given.

    ``case``, ``member`` and ``error`` are the variances of one mark over cases, severities and
    noises; ``log_cov`` (2 x 2) is the covariance of the logarithms of ``case`` and ``error``.
    """

    value: Floats
    value_sd: Floats
    apart_sd: Floats
    severity: Floats
    severity_sd: Floats
    spread: Floats
    spread_sd: Floats
    noise: Floats
    log_noise_sd: Floats
    residual: Floats
    case: float
    member: float
    error: float
    log_cov: Floats


def adjust(case: Ints, member: Ints, total: Floats) -> Adjusted:
    """Fit the model to marks given as case index, member index (both from 0) and total.

    A higher mark counts for its case, since no spread is below 0, but it also moves what is
    learned of its member. On made-up panels of 250 cases and 15 members none of 160 marks raised
    by 5 lowered its case (tests/bench/selection.py).
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):  # threads would change last bits, and wait for each other
        return _adjust(case, member, total)


def _adjust(case: Ints, member: Ints, total: Floats) -> Adjusted:
    order = np.lexsort((member, case))
    marks, centre, scale = _scaled(case[order], member[order], total[order])
    learned = learn(marks)
    severity, spread, _ = learned.habits
    usual = max(float(spread.mean()), 1e-6)
    sd = 1 / np.sqrt(learned.information + learned.belief)
    value = severity.mean() + usual * learned.worth.mean
    expected = severity[marks.member] + spread[marks.member] * learned.worth.mean[marks.case]
    residual = np.empty(len(order))
    residual[order] = scale * (marks.mark - expected)
    errors, log_cov = Errors.of(marks, learned), _log_cov(marks, learned)
    drawn, level = learned.belief[LOG_NOISE] * sd[LOG_NOISE] ** 2, np.sqrt(log_cov[1, 1]) / 2
    own = usual**2 * (1 / learned.worth.precision + _habit_variance(marks, learned, expected))
    pull = usual * _pull(marks, learned)
    everybody = np.full(len(marks.load), 1 / len(marks.load))
    common = marks.by_member(pull) / len(marks.start)
    return Adjusted(
        value=np.round(centre + scale * value, DECIMALS),
        value_sd=scale * np.sqrt(own + errors.along(marks, everybody, pull)),
        apart_sd=scale * np.sqrt(own + errors.along(marks, common, pull)),
        severity=scale * (severity - severity.mean()),
        severity_sd=scale * np.sqrt(errors.contrasts()),
        spread=spread / usual,
        spread_sd=sd[SPREAD] / usual,
        noise=scale * np.sqrt(learned.variance),
        log_noise_sd=np.sqrt(sd[LOG_NOISE] ** 2 + (drawn * level) ** 2),
        residual=residual,
        case=float(scale * usual) ** 2,
        member=float(scale * learned.differ[SEVERITY, 0]) ** 2,
        error=float(scale**2 * learned.variance.mean()),
        log_cov=log_cov,
    )


def _scaled(case: Ints, member: Ints, total: Floats) -> tuple[Marks, float, float]:
    """Return the marks from their mean, in units of how a member's own marks vary."""
    load = np.bincount(member).astype(float)
    away = total - (np.bincount(member, total) / load)[member]
    scale = float(np.sqrt(np.mean(away**2)))
    scale = scale if scale > 1e-9 else float(total.std()) or 1.0
    start = np.flatnonzero(np.diff(case, prepend=-1))
    centre = float(total.mean())
    return Marks(case, member, (total - centre) / scale, start, load), centre, scale


def _pull(marks: Marks, learned: Learned) -> Floats:
    """Return by how much one mark moves its case's worth."""
    ratio = learned.habits[SPREAD] / learned.variance
    return np.asarray(ratio[marks.member] / learned.worth.precision[marks.case], dtype=float)


def _habit_variance(marks: Marks, learned: Learned, expected: Floats) -> Floats:
    """Return what doubt on its readers' spread and noise adds to the variance of a worth."""
    doubt = 1 / (learned.information + learned.belief)
    rest = marks.mark - expected
    spread, variance = learned.habits[SPREAD][marks.member], learned.variance
    weight = 1 / (variance[marks.member] * learned.worth.precision[marks.case])
    by_spread = weight * (rest - spread * learned.worth.mean[marks.case])
    by_noise = 2 * weight * spread * rest * (1 - EXACT / variance)[marks.member]
    return marks.by_case(
        by_spread**2 * doubt[SPREAD][marks.member] + by_noise**2 * doubt[LOG_NOISE][marks.member]
    )


@dataclass(frozen=True)
class Errors:
    """The covariance of the severities' errors; of a large panel its diagonal alone."""

    whole: Floats | None
    each: Floats

    @classmethod
    def of(cls, marks: Marks, learned: Learned) -> "Errors":
        """Invert the information on the severities, the cases' worth integrated out."""
        from scipy.sparse import csr_matrix

        belief, members = learned.belief[SEVERITY], len(marks.load)
        if members > DENSE:
            return cls(None, 1 / (learned.information[SEVERITY] + belief))
        ratio = (learned.habits[SPREAD] / learned.variance)[marks.member]
        rows = csr_matrix(
            (ratio / np.sqrt(learned.worth.precision[marks.case]), (marks.case, marks.member))
        )
        drawn = belief / members
        known = np.diag(marks.load / learned.variance + belief) - (rows.T @ rows).toarray()
        known += drawn.sum() / members - drawn[:, None] - drawn[None, :]
        whole = np.linalg.inv(known)
        return cls(whole, np.diag(whole).copy())

    def times(self, vector: Floats) -> Floats:
        """Return the covariance times a vector."""
        return self.each * vector if self.whole is None else self.whole @ vector

    def contrasts(self) -> Floats:
        """Return the variance of each severity against the mean of all."""
        share = np.full(len(self.each), 1 / len(self.each))
        mixed = self.times(share)
        return np.maximum(self.each - 2 * mixed + share @ mixed, 0)

    def along(self, marks: Marks, common: Floats, pull: Floats) -> Floats:
        """Return the variance of ``common`` minus each case's own ``pull`` on its members."""
        mixed = self.times(common)
        own = marks.by_case(pull**2 * self.each[marks.member] - 2 * pull * mixed[marks.member])
        if self.whole is not None:
            for lag in range(1, int(np.diff(marks.start, append=len(marks.case)).max())):
                pair = np.flatnonzero(marks.case[lag:] == marks.case[:-lag])
                both = self.whole[marks.member[pair], marks.member[pair + lag]]
                joint = 2 * both * pull[pair] * pull[pair + lag]
                own += np.bincount(marks.case[pair], joint, len(own))
        return np.maximum(own + common @ mixed, 0)


def _log_cov(marks: Marks, learned: Learned) -> Floats:
    """Return the covariance of the logarithms of the variances of cases and of noise."""
    precision = learned.worth.precision
    count = marks.by_case(np.ones(len(marks.case)))
    case = 2 * np.sum((1 - 1 / precision) ** 2) + 1
    mixed = 2 * np.sum((precision - 1) / precision**2)
    noise = 2 * np.sum(count - 1 + 1 / precision**2) + 1
    return np.asarray(4 * np.linalg.inv(np.array([[case, mixed], [mixed, noise]])), dtype=float)
