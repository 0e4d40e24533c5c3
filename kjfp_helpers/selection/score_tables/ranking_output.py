"""Serialize a ranking as JSON and as a text table."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kjfp_helpers.core.text_width import align_columns
from kjfp_helpers.rules.rulings import METHOD_TITLES
from kjfp_helpers.selection.ranking.case_ranking import RATER_COLUMNS, Ranking
from kjfp_helpers.selection.ranking.probability_labels import probability_text

FINE, COARSE = 6, 4
"""Decimals of a value, which decides, and of what stands beside it."""


def ranking_to_json(
    ranking: Ranking, *, unscored: Sequence[str] = (), notes: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the ranking as plain lists and mappings; what is not known, or no number, is ``None``.

    ``ranking`` has every item, best first, those without a rank last: ``item rank value low high
    p_in n adjusted``, and ``group`` where members fall into groups. ``value`` is by the method;
    ``low high p_in`` are always the adjusted model's.
    """
    apart = len(ranking.components) > 1
    columns = ["case", "rank", "value", "low", "high", "p_in", "n", "adjusted"]
    table = ranking.table[columns + ["group"] * apart].rename(columns={"case": "item"})
    items = _records(table, {"rank": 0, "value": FINE, "adjusted": FINE})
    blank = dict.fromkeys(map(str, table.columns))
    items += [blank | {"item": item, "n": 0} for item in unscored]
    members = ranking.members.rename(columns={"member": "reviewer"})
    agreed, shares = ranking.agreement, ("icc", "low", "high", "reliability")
    numbers = [getattr(agreed, name) for name in shares]
    return {
        "ranking": items,
        "reviewers": _records(members[["reviewer", "n", *RATER_COLUMNS, "few"]], {}),
        "agreement": {
            **dict(zip(shares, _plain(pd.Series(numbers, dtype=float), COARSE), strict=True)),
            "sentence": agreed.sentence,
        },
        "method": ranking.method,
        "ties_at_cut": list(ranking.ties_at_cut),
        "groups": [list(group) for group in ranking.components] if apart else [],
        "notes": [*notes, *ranking.notes, *_overflow_notes(table)],
    }


def _overflow_notes(table: pd.DataFrame) -> Iterator[str]:
    numbers = table.select_dtypes("number").to_numpy(dtype=float)
    if np.isinf(numbers).any():
        yield "有的数值超出可计算的范围，未列出。"


def _records(table: pd.DataFrame, decimals: Mapping[str, int]) -> list[dict[str, Any]]:
    names = list(map(str, table.columns))
    columns = [_plain(table[name], decimals.get(name, COARSE)) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain(column: pd.Series, decimals: int) -> list[Any]:
    if column.dtype != float:
        return column.tolist()
    rounded = column.round(decimals).tolist()
    return [None if not math.isfinite(x) else x if decimals else int(x) for x in rounded]


def ranking_to_text(ranking: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a table in Chinese from what ``ranking_to_json`` returned."""
    yield f"名次（{METHOD_TITLES[ranking['method']]}）"
    yield from _table(
        ("名次", "个案", "得分", "校正分", "95%区间", "入围概率", "份数"),
        [
            (
                _number(row["rank"], "d"),
                row["item"],
                _number(row["value"]),
                _number(row["adjusted"]),
                _interval(row),
                _share(row["p_in"]),
                str(row["n"]),
            )
            for row in ranking["ranking"]
        ],
    )
    yield ""
    yield "评委（宽严：正为偏宽；区分度：1为一般；评分波动：一份评分的标准差）"
    yield from _table(
        ("评委", "份数", "宽严", "95%区间", "区分度", "95%区间", "评分波动", "95%区间"),
        [
            (
                row["reviewer"],
                f"{row['n']}{'（少）' if row['few'] else ''}",
                _number(row["severity"], "+.1f"),
                _interval(row, "severity_", "+.1f"),
                _number(row["spread"]),
                _interval(row, "spread_"),
                _number(row["noise"], ".1f"),
                _interval(row, "noise_", ".1f"),
            )
            for row in ranking["reviewers"]
        ],
    )
    yield ""
    yield ranking["agreement"]["sentence"]
    if ranking["ties_at_cut"]:
        yield f"名额处同分：{'、'.join(ranking['ties_at_cut'])}，未排先后。"
    yield from ranking["notes"]


def _number(value: float | None, form: str = ".2f") -> str:
    return "—" if value is None else format(value, form)


def _share(value: float | None) -> str:
    return "—" if value is None else probability_text(value)


def _interval(row: Mapping[str, Any], of: str = "", form: str = ".2f") -> str:
    low, high = row[f"{of}low"], row[f"{of}high"]
    return "—" if low is None else f"{low:{form}} 至 {high:{form}}"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows in columns; names alone are aligned to the left."""
    right = [position for position, title in enumerate(header) if title not in ("个案", "评委")]
    return align_columns([header, *rows], right=right)
