"""The stock-take (盘点, clause 一): each unit's two numbers against its targets."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kjfp_helpers.findings import Finding
from kjfp_helpers.forms import STOCKTAKE_ROWS
from kjfp_helpers.records import Record, Stocktake
from kjfp_helpers.rules import Round, Target, Unit

if TYPE_CHECKING:
    import pandas as pd

INDICATORS = tuple(prefix for prefix, _label in STOCKTAKE_ROWS)
"""``assoc`` and ``experts`` together, and ``people``, are the two numbers."""


def tabulate(
    round: Round, stocktakes: Mapping[str, Record]
) -> "tuple[pd.DataFrame, list[Finding]]":
    """Hold every unit's return against its targets.

    Parameters
    ----------
    round : Round
        Targets come from ``targets.csv``; where a target is blank there, the unit's own stands.
    stocktakes : Mapping
        Unit code to its current stock-take record; units without one are rows of blanks.

    Returns
    -------
    DataFrame
        One row a unit: ``unit unit_name kind region priority``, for each indicator ``*_target``
        ``*_done`` ``*_gap`` (done less target, counts) and ``*_rate`` (1.0 is the target), NaN
        where a figure is missing (the rate also where the target is 0); ``met`` True, False or
        None (cannot be told).
    list of Finding
        What is missing, short or at odds, in unit order.
    """
    import pandas as pd

    targets = {target.unit: target for target in round.targets}
    rows: list[dict[str, object]] = []
    findings: list[Finding] = []
    for unit in round.units:
        record, target = stocktakes.get(unit.code), targets.get(unit.code)
        rows.append(_row(unit, _body(record), target))
        findings += examine(record, target) if record else [_absent(unit)]
    table = pd.DataFrame(rows)
    for name in INDICATORS:
        for column in ("target", "done"):
            table[f"{name}_{column}"] = table[f"{name}_{column}"].astype(float)
        table[f"{name}_gap"] = table[f"{name}_done"] - table[f"{name}_target"]
        aim = table[f"{name}_target"].where(table[f"{name}_target"] > 0)
        table[f"{name}_rate"] = table[f"{name}_done"] / aim
    table["met"] = _met(table, round.notice.ruling.two_numbers.value)
    return table, findings


def _body(record: Record | None) -> Stocktake:
    return record.body if record and isinstance(record.body, Stocktake) else Stocktake()


def _aim(name: str, body: Stocktake, target: Target | None) -> int | None:
    assigned = getattr(target, f"{name}_target", None)
    own: int | None = getattr(body, f"{name}_target")
    return own if assigned is None else assigned


def _row(unit: Unit, body: Stocktake, target: Target | None) -> dict[str, object]:
    row: dict[str, object] = {
        "unit": unit.code,
        "unit_name": unit.short_name,
        "kind": unit.kind,
        "region": unit.region,
        "priority": unit.priority,
    }
    for name in INDICATORS:
        row[f"{name}_target"] = _aim(name, body, target)
        row[f"{name}_done"] = getattr(body, f"{name}_done")
    return row


def _met(table: "pd.DataFrame", ruling: str) -> "pd.Series":
    """Say whether the two numbers are met, by the ruling on how three quantities make two."""
    gaps = table[[f"{name}_gap" for name in INDICATORS]]
    known = gaps.notna().all(axis=1)
    if ruling == "all":
        met = (gaps >= 0).all(axis=1)
    else:  # a target of 0 asks for nothing, so it has no rate and no part in the mean
        met = table[[f"{name}_rate" for name in INDICATORS]].mean(axis=1).fillna(1.0) >= 1
    return met.astype(object).where(known, None)


def _absent(unit: Unit) -> Finding:
    return Finding(code="stocktake_absent", unit=unit.code, expected="“两数”盘点表", found="未收到")


def examine(record: Record, target: Target | None = None) -> Iterator[Finding]:
    """Yield what one stock-take lacks, falls short of, or says otherwise than its target."""
    body = _body(record)
    for name, label in STOCKTAKE_ROWS:
        done, aim = getattr(body, f"{name}_done"), _aim(name, body, target)
        own = getattr(body, f"{name}_target")
        if done is None:
            yield record.finding("figure_missing", f"{name}_done", f"{label}完成数", "空白")
        elif aim is not None and done < aim:
            expected, found = f"{label}不少于{aim}", f"{done}，差{aim - done}"
            yield record.finding("target_not_met", f"{name}_done", expected, found)
        if own is not None and aim is not None and own != aim:
            expected = f"{label}目标{aim}（下达数）"
            yield record.finding("target_disagrees", f"{name}_target", expected, str(own))
