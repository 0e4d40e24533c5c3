"""How well two readers of the same summaries agree (clause 二)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kjfp_helpers.core.events import Event, EventLog, SummaryAssessed
from kjfp_helpers.notice.share_intervals import Interval, share_interval

FEW = 10
"""Units read twice below which nothing is inferred from how well their readers agree."""


@dataclass(frozen=True, kw_only=True)
class ReaderAgreement:
    """How well readers of the same summaries agree; intervals are at 95%.

    ``n`` units were read by two or more, in ``same`` of them all gave one level, ``share`` is the
    interval of that part. ``weighted`` is the agreement in which a level further off weighs more
    (1 is perfect, 0 no better than chance), with its interval; None where it cannot be told:
    fewer than :data:`FEW` units, or levels that do not differ at all.
    """

    n: int
    same: int
    share: Interval | None = None
    weighted: float | None = None
    interval: Interval | None = None


def reader_agreement(events: Iterable[Event], levels: Sequence[str]) -> ReaderAgreement:
    """Compare the levels of readers of the same unit, the last of each reader.

    The intraclass correlation of the levels' places, one-way (Shrout and Fleiss 1979, case 1):
    readers are no fixed pair. For two readers it is the kappa with quadratic weights, but for a
    term that vanishes with n (Fleiss and Cohen 1973). The interval of the share is exact
    (Clopper and Pearson 1934).
    """
    place = {level: number for number, level in enumerate(levels)}
    given: dict[str, dict[str, int]] = {}
    for event in EventLog(events).of(SummaryAssessed):
        body = event.body
        if body.level in place:
            given.setdefault(body.unit, {})[body.reader or event.actor] = place[body.level]
    return agree_on_levels([list(marks.values()) for marks in given.values()])


def agree_on_levels(given: Iterable[Sequence[int]]) -> ReaderAgreement:
    """Compare the places of the levels that the readers of each unit gave, as above."""
    units = [list(marks) for marks in given if len(marks) > 1]
    same = sum(len(set(marks)) == 1 for marks in units)
    if len(units) < FEW:
        return ReaderAgreement(n=len(units), same=same)
    weighted, interval = intraclass_correlation(units)
    share = share_interval(same, len(units))
    return ReaderAgreement(
        n=len(units), same=same, share=share, weighted=weighted, interval=interval
    )


def intraclass_correlation(units: Sequence[Sequence[int]]) -> tuple[float | None, Interval | None]:
    """Return the one-way intraclass correlation and its interval, from the F distribution."""
    from scipy.special import fdtri

    n, total = len(units), sum(map(len, units))
    centre = sum(map(sum, units)) / total
    means = [sum(marks) / len(marks) for marks in units]
    between = sum(len(u) * (mean - centre) ** 2 for u, mean in zip(units, means, strict=True))
    within = sum((mark - mean) ** 2 for u, mean in zip(units, means, strict=True) for mark in u)
    if within == 0:  # all agree: told by the share, since no interval follows from no error
        return (1.0, None) if between else (None, None)
    each = (total - sum(len(u) ** 2 for u in units) / total) / (n - 1)
    ratio = (between / (n - 1)) / (within / (total - n))
    ends = (ratio / fdtri(n - 1, total - n, 0.975), ratio * fdtri(total - n, n - 1, 0.975))
    low, value, high = ((f - 1) / (f + each - 1) for f in (ends[0], ratio, ends[1]))
    return float(value), (float(low), float(high))
