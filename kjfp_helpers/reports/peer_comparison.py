"""Range, quartiles and median of a group of units; nothing is compared under six units."""

import math
import statistics
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

MIN_PEERS = 6
"""Units that a figure is compared with at the least: two for each third."""
THIRDS = ("前三分之一", "中间三分之一", "后三分之一")


@dataclass(frozen=True, kw_only=True)
class PeerRange:
    """Distribution of one figure in a group of ``n`` units, the unit itself among them.

    All values are rounded outwards to the step of their figure on purpose: a peer's small
    correction leaves this report as it is, and no peer's own value can be read.
    """

    n: int
    low: float
    first: float
    median: float
    third: float
    high: float


def summarize_peers(values: Sequence[float], step: float) -> PeerRange | None:
    """Return the distribution of a figure, None under :data:`MIN_PEERS` units.

    Parameters
    ----------
    values : sequence of float
        The figure of every unit of the group that has one.
    step : float
        To which multiple values are rounded: ends outwards, the others to the nearest.

    Examples
    --------
    >>> summarize_peers([0.91, 1.0, 1.04, 1.1, 1.21, 1.33], 0.05)
    PeerRange(n=6, low=0.9, first=1.0, median=1.05, third=1.2, high=1.35)
    >>> summarize_peers([0.91, 1.0], 0.05) is None
    True
    """
    if len(values) < MIN_PEERS:
        return None
    first, median, third = statistics.quantiles(values, n=4, method="inclusive")
    return PeerRange(
        n=len(values),
        low=round(math.floor(min(values) / step + 1e-9) * step, 6),
        first=_nearest(first, step),
        median=_nearest(median, step),
        third=_nearest(third, step),
        high=round(math.ceil(max(values) / step - 1e-9) * step, 6),
    )


def _nearest(value: float, step: float) -> float:
    return round(math.floor(value / step + 0.5) * step, 6)


def third_of(value: float, ordered: Sequence[float]) -> str:
    """Return in which third of a group a value stands, from the highest; ``ordered`` ascends.

    Examples
    --------
    >>> third_of(1.2, [0.9, 1.0, 1.05, 1.1, 1.2, 1.3])
    '前三分之一'
    """
    above = len(ordered) - bisect_right(ordered, value)
    return THIRDS[min(above * 3 // len(ordered), 2)]


def peer_count(figures: Iterable[Mapping[str, Any]]) -> str:
    """Return with how many units figures are compared; from and to, where that differs.

    Examples
    --------
    >>> peer_count([{"peers": {"n": 9}}, {"peers": {"n": 8}}]), peer_count([{"peers": {"n": 22}}])
    ('8至9', '22')
    """
    counts = {figure["peers"]["n"] for figure in figures}
    return "至".join(str(count) for count in sorted({min(counts), max(counts)}))


class PeerFigures:
    """One figure of all units, by the group in which they are compared.

    Parameters
    ----------
    figures : iterable of (str, float or None)
        Group and value of each unit; None is left out.
    step : float
        See :func:`summarize_peers`.
    """

    def __init__(self, figures: Iterable[tuple[str, float | None]], step: float) -> None:
        values: dict[str, list[float]] = defaultdict(list)
        for group, value in figures:
            if value is not None:
                values[group].append(value)
        self._values = {group: sorted(own) for group, own in values.items()}
        ranges = {group: summarize_peers(own, step) for group, own in values.items()}
        self._ranges = {group: asdict(found) for group, found in ranges.items() if found}

    def compare(self, group: str, value: float | None) -> dict[str, Any]:
        """Return the group's size, its range (None under six units), and the unit's third in it."""
        found = self._ranges.get(group)
        return {
            "n": len(self._values.get(group, ())),
            "range": dict(found) if found else None,
            "place": third_of(value, self._values[group]) if found and value is not None else None,
        }
