"""Each unit's figures against its assigned targets (clause 一)."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.form_schema import INDICATORS, Indicator
from kjfp_helpers.core.records import Record, Stocktake
from kjfp_helpers.core.state_labels import (
    BLANK,
    MET,
    NO_TARGET,
    NO_TASK,
    NOT_ALL_SENT,
    NOT_SENT,
    SAYS_NONE,
    UNCLEAR,
    UNMET,
)
from kjfp_helpers.rules import Round, Target, Unit

if TYPE_CHECKING:
    import pandas as pd


def indicators_of(round: Round) -> tuple[Indicator, ...]:
    """Return the quantities that a round asks for: an optional one where any unit has a target."""
    return tuple(
        one
        for one in INDICATORS
        if not one.optional or any(target.count(one.name) is not None for target in round.targets)
    )


def tabulate_stocktakes(
    round: Round, stocktakes: Mapping[str, Record]
) -> "tuple[pd.DataFrame, list[Finding]]":
    """Compare every unit's stock-take with its assigned targets.

    Parameters
    ----------
    round : Round
        Targets come from ``targets.csv`` alone; what a unit writes as its target is its own word.
    stocktakes : Mapping
        Unit code to its current stock-take record; units without one are rows of blanks.

    Returns
    -------
    DataFrame
        One row a unit: ``unit unit_name kind region priority``, for each of
        :data:`kjfp_helpers.core.form_schema.INDICATORS` ``*_target`` (assigned) ``*_own`` (the
        target by the unit's own word) ``*_done`` ``*_gap`` (done less target, counts) ``*_rate``
        (1.0 is the target) ``*_state`` (已完成 未完成 未填 待核实 填“无” 未报送 目标未下达
        无此项任务); NaN where a figure is missing (the rate also where the target is 0); ``met``
        True, False or None (cannot be told); ``state`` of both numbers (已完成 未完成 目标未下达
        无此项任务 未报齐 未报送).
    list of Finding
        What is missing, short or at odds, in unit order. Where no unit has any target, one
        finding of no unit says so.
    """
    import pandas as pd

    targets = {target.unit: target for target in round.targets}
    asked = indicators_of(round)
    rows: list[dict[str, Any]] = []
    findings: list[Finding] = [] if has_targets(round) else [_no_targets()]
    for unit in round.units:
        record, target = stocktakes.get(unit.code), targets.get(unit.code)
        rows.append(_row(unit, record, target, asked))
        findings += _untargeted(unit, target) if has_targets(round) else []
        findings += examine_stocktake(record, target, asked) if record else [_absent(unit)]
    names, ruling = [one.name for one in asked], round.notice.ruling.two_numbers.value
    for row in rows:
        _compare(row, names, ruling, is_sent=row["unit"] in stocktakes)
    table = pd.DataFrame(rows).astype({"met": object})
    return table, findings


def has_targets(round: Round) -> bool:
    """Whether any unit of the round has any assigned target."""
    return any(target.count(one.name) is not None for target in round.targets for one in INDICATORS)


def _body(record: Record | None) -> Stocktake:
    if record and isinstance(record.body, Stocktake):
        return record.body
    return Stocktake()


def stated_targets(record: Record) -> Target:
    """Return the targets that a stock-take itself states."""
    body = _body(record)
    stated = {f"{one.name}_target": getattr(body, f"{one.name}_target") for one in INDICATORS}
    return Target(unit=record.unit, document="", **stated)


def _row(
    unit: Unit, record: Record | None, target: Target | None, asked: Sequence[Indicator]
) -> dict[str, object]:
    body = _body(record)
    row: dict[str, object] = {
        "unit": unit.code,
        "unit_name": unit.short_name,
        "kind": unit.kind,
        "region": unit.region,
        "priority": unit.priority,
    }
    for one in INDICATORS:
        name = one.name
        row[f"{name}_target"] = _figure(target.count(name) if target else None)
        row[f"{name}_own"] = _figure(getattr(body, f"{name}_target"))
        row[f"{name}_done"] = _figure(getattr(body, f"{name}_done"))
        row[f"{name}_state"] = _open_state(one, record, target, is_asked=one in asked)
    return row


def _figure(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _open_state(
    one: Indicator, record: Record | None, target: Target | None, *, is_asked: bool
) -> str:
    """Return why the result of an indicator cannot be told, ``""`` where it can."""
    body = _body(record)
    if not is_asked or (target and target.is_without(one.name)):
        return NO_TASK
    if record is None:
        return NOT_SENT
    if getattr(body, f"{one.name}_done") is None:
        if any(finding.field == f"{one.name}_done" for finding in record.findings):
            return UNCLEAR
        return SAYS_NONE if f"{one.name}_done" in body.marks else BLANK
    return NO_TARGET if target is None or target.count(one.name) is None else ""


def _compare(row: dict[str, Any], asked: Sequence[str], ruling: str, *, is_sent: bool) -> None:
    """Add to a unit's row what its figures less its targets come to."""
    for one in INDICATORS:
        done, target = row[f"{one.name}_done"], row[f"{one.name}_target"]
        row[f"{one.name}_gap"] = gap = done - target
        row[f"{one.name}_rate"] = done / target if target > 0 else math.nan
        row[f"{one.name}_state"] = row[f"{one.name}_state"] or (MET if gap >= 0 else UNMET)
    row["met"] = _is_met(row, asked, ruling)
    optional = [one.name for one in INDICATORS if one.optional]
    states = [
        row[f"{name}_state"]
        for name in asked
        if name not in optional or not math.isnan(row[f"{name}_target"])
    ]
    if all(state == NO_TASK for state in states):
        row["state"] = NO_TASK
    elif not is_sent:
        row["state"] = NOT_SENT
    elif {BLANK, SAYS_NONE, UNCLEAR}.intersection(states):
        row["state"] = NOT_ALL_SENT
    else:
        row["state"] = NO_TARGET if row["met"] is None else MET if row["met"] else UNMET


def _is_met(row: Mapping[str, Any], asked: Sequence[str], ruling: str) -> bool | None:
    """Return whether the two numbers are met, by the ruling on how the quantities make two.

    A quantity of which the unit has no task has no part in it, nor an optional one without target.
    """
    optional = [one.name for one in INDICATORS if one.optional]
    gaps = {name: row[f"{name}_gap"] for name in asked}
    is_open = any(
        math.isnan(gap)
        and row[f"{name}_state"] != NO_TASK
        and not (name in optional and row[f"{name}_state"] == NO_TARGET)
        for name, gap in gaps.items()
    )
    if is_open or all(map(math.isnan, gaps.values())):
        return None
    if ruling == "all":
        return not any(gap < 0 for gap in gaps.values())
    # a target of 0 asks for nothing, so it has no rate and no part in the mean
    rates = [row[f"{name}_rate"] for name in asked if not math.isnan(row[f"{name}_rate"])]
    return not rates or sum(rates) / len(rates) >= 1


def _absent(unit: Unit) -> Finding:
    return Finding(code="stocktake_absent", unit=unit.code, expected="“两数”盘点表", found="未收到")


def _no_targets() -> Finding:
    return Finding(
        code="target_missing",
        expected="各单位的目标任务",
        found="targets.csv 没有一个目标数",
        source="targets.csv",
    )


def _untargeted(unit: Unit, target: Target | None) -> Iterator[Finding]:
    """Yield one finding on the targets that a unit was not assigned."""
    absent = [
        one.label
        for one in INDICATORS
        if not one.optional
        and (target is None or (target.count(one.name) is None and not target.is_without(one.name)))
    ]
    if absent:
        found = f"没有{'、'.join(absent)}的目标数" if target else "目标表没有这个单位"
        yield Finding(
            code="target_missing",
            unit=unit.code,
            expected="三项目标任务",
            found=found,
            source="targets.csv",
        )


def examine_stocktake(
    record: Record, target: Target | None = None, asked: Sequence[Indicator] = INDICATORS
) -> Iterator[Finding]:
    """Yield the findings on one stock-take: blank, below target, or stating another target.

    A figure that could not be read has a finding that says why, and is not called blank; nor is one
    of which the office assigned no task.
    """
    body = _body(record)
    problems = {finding.field for finding in record.findings}
    for one in asked:
        name, label = one.name, one.label
        done, aim = getattr(body, f"{name}_done"), target.count(name) if target else None
        own = getattr(body, f"{name}_target")
        is_due = not (target and target.is_without(name)) and not (one.optional and aim is None)
        if done is None and is_due and f"{name}_done" not in problems:
            mark = body.marks.get(f"{name}_done", "")
            found = f"填“{mark}”，未填数字" if mark else "空白"
            yield record.finding("figure_missing", f"{name}_done", f"{label}完成数", found)
        elif done is not None and aim is not None and done < aim:
            expected, found = f"{label}不少于{aim}", f"{done}，差{aim - done}"
            yield record.finding("target_not_met", f"{name}_done", expected, found)
        if own is not None and aim is not None and own != aim:
            expected = f"{label}目标{aim}（下达数）"
            yield record.finding("target_disagrees", f"{name}_target", expected, str(own))
