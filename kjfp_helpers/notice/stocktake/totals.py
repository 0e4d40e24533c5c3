"""Totals of the stock-take by class and region, against the national targets, and ranks."""

import statistics
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kjfp_helpers.core.form_schema import INDICATORS, Indicator
from kjfp_helpers.core.state_labels import NO_TARGET, NO_TASK
from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.notice.stocktake.target_comparison import indicators_of
from kjfp_helpers.rules import Round

CLASS_TITLES: Mapping[str, str] = {
    "priority": "扶贫重点省份",
    "other": "其他省份",
    "society": "全国学会",
}
ALL = "全部单位"
_OPTIONAL = frozenset(one.name for one in INDICATORS if one.optional)


@dataclass(frozen=True, kw_only=True)
class IndicatorTotal:
    """The sums of one indicator over a group of units; a sum is ``None`` where nothing is known.

    ``target_of_all`` are the targets of all units with one, ``target_of_reporting`` those of the
    units that gave their figure; ``done`` is what these did. ``national`` is the national target,
    for all units together only.
    """

    group: str
    by: str
    indicator: Indicator
    units: int
    reporting: int
    target_of_all: int | None
    target_of_reporting: int | None
    done: int | None
    national: int | None = None

    @property
    def rate_of_all(self) -> float | None:
        """Completion with the units that did not report: their targets count, nothing is done."""
        return _rate(self.done, self.target_of_all)

    @property
    def rate_of_reporting(self) -> float | None:
        """Completion of the units that reported."""
        return _rate(self.done, self.target_of_reporting)

    @property
    def rate_of_national(self) -> float | None:
        """What was done, of the national target."""
        return _rate(self.done, self.national)


def _rate(done: int | None, target: int | None) -> float | None:
    return done / target if done is not None and target else None


def total_indicators(round: Round, rows: Sequence[Mapping[str, Any]]) -> list[IndicatorTotal]:
    """Return the sums over all units, each class and each region.

    Parameters
    ----------
    round : Round
        Its units, indicators and national targets.
    rows : sequence of mappings
        The rows of :func:`~.target_comparison.tabulate_stocktakes`.
    """
    units, national = round.unit_by_code, round.notice.national
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {("合计", ALL): list(rows)}
    for quota, title in CLASS_TITLES.items():
        groups["类别", title] = [row for row in rows if units[row["unit"]].quota == quota]
    for row in rows:
        if region := units[row["unit"]].region:
            groups.setdefault(("地区", region), []).append(row)
    return [
        _total(by, group, one, members, national.count(one.name) if group == ALL else None)
        for (by, group), members in groups.items()
        if members
        for one in indicators_of(round)
    ]


def _total(
    by: str,
    group: str,
    one: Indicator,
    rows: Sequence[Mapping[str, Any]],
    national: int | None,
) -> IndicatorTotal:
    asked = [row for row in rows if row[f"{one.name}_state"] != NO_TASK]
    told = [row for row in asked if not is_missing(row[f"{one.name}_done"])]
    return IndicatorTotal(
        group=group,
        by=by,
        indicator=one,
        units=len(asked),
        reporting=len(told),
        target_of_all=_sum(row[f"{one.name}_target"] for row in asked),
        target_of_reporting=_sum(row[f"{one.name}_target"] for row in told),
        done=_sum(row[f"{one.name}_done"] for row in told),
        national=national,
    )


def _sum(values: Any) -> int | None:
    known = [int(value) for value in values if not is_missing(value)]
    return sum(known) if known else None


def overall_rate(row: Mapping[str, Any], names: Sequence[str], ruling: str) -> float | None:
    """Return one rate for the two numbers: the least of all, or their mean, by the ruling.

    ``None`` unless all are known; quantities of which the unit has no task are left out, and an
    optional one that it was not assigned.

    >>> row = {"a_rate": 1.2, "a_state": "", "b_rate": 0.9, "b_state": ""}
    >>> overall_rate(row, ("a", "b"), "all")
    0.9
    """
    states = {name: row[f"{name}_state"] for name in names}
    rates = [
        row[f"{name}_rate"]
        for name, state in states.items()
        if state != NO_TASK and not (state == NO_TARGET and name in _OPTIONAL)
    ]
    if not rates or any(is_missing(rate) for rate in rates):
        return None
    return float(min(rates) if ruling == "all" else statistics.fmean(rates))


def rank_within(
    rates: Mapping[str, float | None], groups: Mapping[str, Hashable]
) -> dict[str, str]:
    """Return the rank of each unit within its group, ties at one place: ``3``, ``并列3``.

    Units without a rate have none.

    >>> rank_within({"a": 1.2, "b": 1.1, "c": 1.1, "d": None}, dict.fromkeys("abcd", 1))
    {'a': '1', 'b': '并列2', 'c': '并列2'}
    """
    ranks: dict[str, str] = {}
    for group in dict.fromkeys(groups.values()):
        known = {
            unit: rate for unit, rate in rates.items() if rate is not None and groups[unit] == group
        }
        values = sorted(known.values(), reverse=True)
        first: dict[float, int] = {}
        for place, value in enumerate(values, start=1):
            first.setdefault(value, place)
        for unit, rate in known.items():
            place = first[rate]
            is_tied = place < len(values) and values[place] == rate
            ranks[unit] = f"{'并列' if is_tied else ''}{place}"
    return ranks


def rank_number(rank: str | None) -> int | None:
    """Return the place in a rank that :func:`rank_within` tells, for a cell that is sorted.

    >>> rank_number("并列3"), rank_number(None)
    (3, None)
    """
    return int(rank.removeprefix("并列")) if rank else None
