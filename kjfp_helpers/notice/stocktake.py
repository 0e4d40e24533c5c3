"""The stock-take (盘点, clause 一): each unit's two numbers against its assigned targets."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.form_schema import STOCKTAKE_ROWS
from kjfp_helpers.core.records import Record, Stocktake
from kjfp_helpers.core.state_labels import BLANK, MET, NO_TARGET, NOT_ALL_SENT, NOT_SENT, UNMET
from kjfp_helpers.rules import Round, Target, Unit

if TYPE_CHECKING:
    import pandas as pd

INDICATORS = tuple(prefix for prefix, _label in STOCKTAKE_ROWS)
"""``assoc`` and ``experts`` together, and ``people``, are the two numbers."""


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
        One row a unit: ``unit unit_name kind region priority``, for each indicator ``*_target``
        (assigned) ``*_own`` (the target by the unit's own word) ``*_done`` ``*_gap`` (done less
        target, counts) ``*_rate`` (1.0 is the target) ``*_state`` (已完成 未完成 未填 未报送
        目标未下达); NaN where a figure is missing (the rate also where the target is 0);
        ``met`` True, False or None (cannot be told); ``state`` of both numbers (已完成 未完成
        目标未下达 未报齐 未报送).
    list of Finding
        What is missing, short or at odds, in unit order. Where no unit has any target, one
        finding of no unit says so.
    """
    import pandas as pd

    targets = {target.unit: target for target in round.targets}
    rows: list[dict[str, object]] = []
    findings: list[Finding] = [] if has_targets(round) else [_no_targets()]
    for unit in round.units:
        record, target = stocktakes.get(unit.code), targets.get(unit.code)
        rows.append(_row(unit, _body(record), target))
        findings += _untargeted(unit, target) if has_targets(round) else []
        findings += examine_stocktake(record, target) if record else [_absent(unit)]
    table = pd.DataFrame(rows)
    sent = table["unit"].isin(list(stocktakes))
    for name in INDICATORS:
        for column in ("target", "own", "done"):
            table[f"{name}_{column}"] = table[f"{name}_{column}"].astype(float)
        table[f"{name}_gap"] = table[f"{name}_done"] - table[f"{name}_target"]
        aim = table[f"{name}_target"].where(table[f"{name}_target"] > 0)
        table[f"{name}_rate"] = table[f"{name}_done"] / aim
        table[f"{name}_state"] = _states(table, name, sent)
    table["met"] = _met(table, round.notice.ruling.two_numbers.value)
    table["state"] = _overall_states(table, sent)
    return table, findings


def has_targets(round: Round) -> bool:
    """Whether any unit of the round has any assigned target."""
    return any(
        getattr(target, f"{name}_target") is not None
        for target in round.targets
        for name in INDICATORS
    )


def _body(record: Record | None) -> Stocktake:
    if record and isinstance(record.body, Stocktake):
        return record.body
    return Stocktake()


def stated_targets(record: Record) -> Target:
    """Return the targets that a stock-take itself states."""
    body = _body(record)
    stated = {f"{name}_target": getattr(body, f"{name}_target") for name in INDICATORS}
    return Target(unit=record.unit, document="", **stated)


def _row(unit: Unit, body: Stocktake, target: Target | None) -> dict[str, object]:
    row: dict[str, object] = {
        "unit": unit.code,
        "unit_name": unit.short_name,
        "kind": unit.kind,
        "region": unit.region,
        "priority": unit.priority,
    }
    for name in INDICATORS:
        row[f"{name}_target"] = getattr(target, f"{name}_target", None)
        row[f"{name}_own"] = getattr(body, f"{name}_target")
        row[f"{name}_done"] = getattr(body, f"{name}_done")
    return row


def _states(table: "pd.DataFrame", name: str, sent: "pd.Series") -> "pd.Series":
    """Return the state of one indicator: a blank figure before a target that is not there."""
    met = (table[f"{name}_gap"] >= 0).map({True: MET, False: UNMET})
    state = met.mask(table[f"{name}_target"].isna(), NO_TARGET)
    return state.mask(table[f"{name}_done"].isna(), BLANK).where(sent, NOT_SENT)


def _overall_states(table: "pd.DataFrame", sent: "pd.Series") -> "pd.Series":
    """Return the state of both numbers."""
    state = table["met"].map({True: MET, False: UNMET}).fillna(NO_TARGET)
    blank = table[[f"{name}_done" for name in INDICATORS]].isna().any(axis=1)
    return state.mask(blank, NOT_ALL_SENT).where(sent, NOT_SENT)


def _met(table: "pd.DataFrame", ruling: str) -> "pd.Series":
    """Return whether the two numbers are met, by the ruling on how three quantities make two."""
    gaps = table[[f"{name}_gap" for name in INDICATORS]]
    known = gaps.notna().all(axis=1)
    if ruling == "all":
        met = (gaps >= 0).all(axis=1)
    else:  # a target of 0 asks for nothing, so it has no rate and no part in the mean
        met = table[[f"{name}_rate" for name in INDICATORS]].mean(axis=1).fillna(1.0) >= 1
    return met.astype(object).where(known, None)


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
        label for name, label in STOCKTAKE_ROWS if getattr(target, f"{name}_target", None) is None
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


def examine_stocktake(record: Record, target: Target | None = None) -> Iterator[Finding]:
    """Yield the findings on one stock-take: blank, below target, or stating another target.

    A figure that could not be read has a finding that says why, and is not called blank.
    """
    body = _body(record)
    asked = {finding.field for finding in record.findings}
    for name, label in STOCKTAKE_ROWS:
        done, aim = getattr(body, f"{name}_done"), getattr(target, f"{name}_target", None)
        own = getattr(body, f"{name}_target")
        if done is None and f"{name}_done" not in asked:
            yield record.finding("figure_missing", f"{name}_done", f"{label}完成数", "空白")
        elif done is not None and aim is not None and done < aim:
            expected, found = f"{label}不少于{aim}", f"{done}，差{aim - done}"
            yield record.finding("target_not_met", f"{name}_done", expected, found)
        if own is not None and aim is not None and own != aim:
            expected = f"{label}目标{aim}（下达数）"
            yield record.finding("target_disagrees", f"{name}_target", expected, str(own))
