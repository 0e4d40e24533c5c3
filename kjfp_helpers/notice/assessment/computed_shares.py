"""Shares of the computed indicators, from the tables of stock-take, summaries and completeness."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kjfp_helpers.infra.exact_decimals import percent_text
from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.notice.stocktake import ReconciledFigure, indicators_of, reconcile_each_unit
from kjfp_helpers.notice.stocktake.totals import overall_rate
from kjfp_helpers.rules import Round

if TYPE_CHECKING:
    import pandas as pd


ON_THE_SPOT = "spot_check"


@dataclass(frozen=True, kw_only=True)
class ComputedShare:
    """The part (0-1) of an indicator's points that the figures give, None where one is missing.

    ``text`` says in Chinese what it was computed from, or what is missing; ``is_apart`` that
    readers differ on it.
    """

    share: float | None
    text: str
    is_apart: bool = False


Shares = Mapping[str, Mapping[str, ComputedShare]]
"""By unit, then by measure."""


def compute_shares(
    round: Round,
    *,
    stocktake: "pd.DataFrame",
    stated_figures: "pd.DataFrame",
    summaries: "pd.DataFrame",
    late: frozenset[str],
) -> Shares:
    """Return the share of every measure for every unit.

    Parameters
    ----------
    stocktake, stated_figures, summaries : DataFrame
        The tables of the screening.
    late : frozenset of str
        Units whose summary came after the deadline.
    """
    returns = {row["unit"]: row for row in stocktake.to_dict("records")}
    texts = {row["unit"]: row for row in summaries.to_dict("records")}
    heads = [head.id for head in round.notice.summary.heads]
    consistency = {
        unit: _consistency(figures) for unit, figures in reconcile_each_unit(round, stated_figures)
    }
    return {
        unit.code: {
            "two_numbers": _two_numbers(round, returns.get(unit.code, {})),
            "heads": _heads(texts.get(unit.code, {}), heads),
            "on_time": _on_time(texts.get(unit.code, {}), is_late=unit.code in late),
            "consistency": consistency[unit.code],
        }
        for unit in round.units
    }


def _two_numbers(round: Round, row: Mapping[Any, Any]) -> ComputedShare:
    names = [one.name for one in indicators_of(round)]
    rate = overall_rate(row, names, round.notice.ruling.two_numbers.value)
    if rate is None:
        return ComputedShare(share=None, text="盘点未报齐，完成率算不出")
    return ComputedShare(share=min(rate, 1.0), text=f"完成率{percent_text(rate, 1)}")


def _heads(row: Mapping[Any, Any], heads: list[str]) -> ComputedShare:
    held = [row.get(head) for head in heads]
    if not row or any(is_missing(value) for value in held):
        return ComputedShare(share=None, text="未收到工作总结")
    if row.get("apart"):
        told = f"考核人对“{row['apart']}”有无所见不同"
        return ComputedShare(share=None, text=told, is_apart=True)
    count = sum(map(bool, held))
    return ComputedShare(share=count / len(heads), text=f"{len(heads)}个部分有{count}个")


def _on_time(row: Mapping[Any, Any], *, is_late: bool) -> ComputedShare:
    if not row or is_missing(row.get("missing")):
        return ComputedShare(share=None, text="未收到工作总结")
    return ComputedShare(share=0.0 if is_late else 1.0, text="逾期" if is_late else "按时")


def _consistency(figures: Iterable[ReconciledFigure]) -> ComputedShare:
    """Return how many of the indicators that stand in two papers or more do so alike.

    What the spot check found is no paper of the unit: it has consequences of its own.
    """
    compared = [
        one
        for one in figures
        if one.reported is not None and len({told.where for told in one.stated} - {ON_THE_SPOT}) > 1
    ]
    if not compared:
        return ComputedShare(share=None, text="没有可以互核的数字")
    alike = sum(
        all(found.stated.where == ON_THE_SPOT for found in one.disagreements) for one in compared
    )
    return ComputedShare(share=alike / len(compared), text=f"互核{len(compared)}项，一致{alike}项")
