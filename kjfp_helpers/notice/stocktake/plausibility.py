"""Questions of plausibility (疑点) on the figures of returns; none ever excludes anything."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.form_schema import Indicator
from kjfp_helpers.core.records import Record, Stocktake
from kjfp_helpers.rules import Round

MANY_FOLD = 8.0
"""From how many times its target, or how small a part of it, a figure is asked about."""
MIN_ROUND = 100
"""Smallest figure that is asked about as round, or as equal to another."""


def question_returns(
    round: Round, stocktakes: Mapping[str, Record], indicators: Sequence[Indicator]
) -> list[Finding]:
    """Return the questions on the returns, in the order of the units.

    ``figure_round`` two or more figures are round; ``figure_repeated`` the same figure in several
    rows, every figure that of its target, or the figures of another unit; ``figure_magnitude`` at
    least eight times the target, or at most an eighth of it; ``figure_over_population`` more people
    than the region's published poor population. Linear in the number of units.
    """
    targets = {target.unit: target for target in round.targets}
    people = {row.region: row for row in round.populations}
    shared = _shared_figures(stocktakes, indicators)
    findings: list[Finding] = []
    for unit in round.units:
        record = stocktakes.get(unit.code)
        if record is None or not isinstance(record.body, Stocktake):
            continue
        done = _figures(record.body, indicators)
        target = targets.get(unit.code)
        aims = {one: target.count(one.name) for one in indicators} if target else {}
        findings += _round_figures(record, done, aims)
        findings += _equal_rows(record, done)
        findings += _copied_targets(record, done, aims)
        findings += _magnitudes(record, done, aims)
        if unit.code in shared:
            others, names = shared[unit.code]
            own = {one.short: value for one, value in done.items() if one.name in names}
            same = "、".join(f"{short}{value}" for short, value in own.items())
            expected, found = "本单位自己的数字", f"{same}与另外{others}个单位所报相同"
            field = f"{next(iter(done)).name}_done"
            findings.append(record.finding("figure_repeated", field, expected, found))
        known = people.get(unit.region) if unit.kind == "province" else None
        lifted = record.body.people_done
        if known and known.people is not None and lifted is not None and lifted > known.people:
            expected = f"不大于{unit.region}公布的建档立卡贫困人口{known.people}人"
            expected += f"（{known.document}）" if known.document else ""
            found = f"{lifted}人"
            findings.append(
                record.finding("figure_over_population", "people_done", expected, found)
            )
    return findings


def _figures(body: Stocktake, indicators: Sequence[Indicator]) -> dict[Indicator, int]:
    figures = {one: getattr(body, f"{one.name}_done") for one in indicators}
    return {one: value for one, value in figures.items() if value is not None}


def is_round(value: int) -> bool:
    """Whether a count has one digit that is no nought, or ends in three noughts.

    >>> is_round(2000), is_round(24000), is_round(2140)
    (True, True, False)
    """
    digits = str(value)
    return value >= MIN_ROUND and (set(digits[1:]) == {"0"} or digits.endswith("000"))


def _round_figures(
    record: Record, done: Mapping[Indicator, int], aims: Mapping[Indicator, int | None]
) -> Iterator[Finding]:
    """Ask about two or more round figures; one that is its target is no estimate by itself."""
    found = {one: value for one, value in done.items() if is_round(value)}
    if len(found) > 1 and any(value != aims.get(one) for one, value in found.items()):
        said = "、".join(f"{one.short}{value}" for one, value in found.items())
        field = f"{next(iter(found)).name}_done"
        yield record.finding("figure_round", field, "台账汇总的确数", f"{said}均为整数")


def _equal_rows(record: Record, done: Mapping[Indicator, int]) -> Iterator[Finding]:
    by_value: dict[int, list[Indicator]] = defaultdict(list)
    for one, value in done.items():
        if value >= MIN_ROUND:
            by_value[value].append(one)
    for value, same in by_value.items():
        if len(same) > 1:
            names = "、".join(one.short for one in same)
            yield record.finding(
                "figure_repeated",
                f"{same[-1].name}_done",
                "各项各自的数字",
                f"{names}完成数均为{value}",
            )


def _copied_targets(
    record: Record, done: Mapping[Indicator, int], aims: Mapping[Indicator, int | None]
) -> Iterator[Finding]:
    compared = {one: value for one, value in done.items() if aims.get(one)}
    if len(compared) > 1 and all(value == aims[one] for one, value in compared.items()):
        field = f"{next(iter(compared)).name}_done"
        yield record.finding("figure_repeated", field, "实际完成数", "各项完成数与目标数逐项相同")


def _magnitudes(
    record: Record, done: Mapping[Indicator, int], aims: Mapping[Indicator, int | None]
) -> Iterator[Finding]:
    for one, value in done.items():
        aim = aims.get(one)
        if not aim or not value:
            continue
        times = value / aim
        if times >= MANY_FOLD:
            found = f"{value}，为目标的{times:,.0f}倍，是否多写了零或把万当作个"
        elif times <= 1 / MANY_FOLD:
            found = f"{value}，为目标的{times:.1%}，是否少写了零或以万、户计"
        else:
            continue
        expected = f"{one.label}与目标{aim}同一数量级"
        yield record.finding("figure_magnitude", f"{one.name}_done", expected, found)


def _shared_figures(
    stocktakes: Mapping[str, Record], indicators: Sequence[Indicator]
) -> dict[str, tuple[int, set[str]]]:
    """Return how many other units share two figures that are not round, and which figures.

    Which units they are is not told: a question goes to the unit.
    """
    groups: dict[tuple[tuple[str, int], ...], list[str]] = defaultdict(list)
    for unit, record in stocktakes.items():
        if not isinstance(record.body, Stocktake):
            continue
        done = [
            (one.name, value)
            for one, value in _figures(record.body, indicators).items()
            if value >= MIN_ROUND and not is_round(value)
        ]
        for index, first in enumerate(done):
            for second in done[index + 1 :]:
                groups[first, second].append(unit)
    shared: dict[str, tuple[int, set[str]]] = {}
    for pair, units in groups.items():
        for unit in units if len(units) > 1 else ():
            most, names = shared.get(unit, (0, set()))
            shared[unit] = max(most, len(units) - 1), names | {name for name, _ in pair}
    return shared
