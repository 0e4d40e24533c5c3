"""Reconciliation of a unit's figures: the same figure as each of its papers has it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.state_labels import UNPROVED
from kjfp_helpers.reports import formatting

if TYPE_CHECKING:
    from kjfp_helpers.reports.data.state_index import StateIndex
    from kjfp_helpers.rules import Unit

PLACES: Mapping[str, str] = {
    "stocktake": "盘点表",
    "summary": "工作总结",
    "exhibit": "展览文本",
    "nominees": "推荐表合计",
    "spot_check": "抽查实测",
}
"""Where a figure stands, in the order of the columns."""
DISAGREES = ("figure_differs", "figure_measure")
"""Codes of findings that say that two papers do not agree."""


def reconcile_figures(index: "StateIndex", unit: "Unit") -> dict[str, Any] | None:
    """Return the table of a unit's figures by paper; None where fewer than two papers have any.

    Returns
    -------
    dict or None
        ``message`` (the title), ``columns``, ``rows`` (cells as shown) and ``numeric`` (headings
        of the columns with figures).
    """
    stated = index.stated_figures(unit.code)
    held = [place for place in PLACES if any(row["where"] == place for row in stated)]
    if len(held) < 2:
        return None
    differing = {
        finding.field.removesuffix("_done")
        for finding in index.findings.get(unit.code, ())
        if finding.code in DISAGREES and finding in index.open_findings
    }
    rows, words = [], []
    for name, (label, measure) in formatting.INDICATORS.items():
        own = [row for row in stated if row["indicator"] == name]
        words.append("不一致" if name in differing else _compare(own))
        cells = [_cell(own, place) for place in held]
        rows.append([f"{label}（{measure}）", *cells, words[-1]])
    counts = {word: words.count(word) for word in ("不一致", UNPROVED) if word in words}
    apart = "，".join(f"{count}项{word}" for word, count in counts.items())
    titles = [PLACES[place] for place in held]
    return {
        "message": f"数字互核：{apart or f'{len(held)}处相符'}",
        "columns": ["指标", *titles, "结论"],
        "rows": rows,
        "numeric": titles,
        "note": "只比较说的是全单位、全期间的数；来源为各件材料，位置写在要办的事中。",
    }


def _compare(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return how the papers stand to each other, where no finding says that they differ."""
    values = {
        place: {row["value"] for row in rows if row["where"] == place and row["scope"] == "total"}
        for place in ("stocktake", "spot_check")
    }
    if all(values.values()) and values["stocktake"] != values["spot_check"]:
        return UNPROVED
    return "一致" if len(rows) > 1 else "只有一处"


def _cell(rows: Sequence[Mapping[str, Any]], place: str) -> str:
    """Return the figures of one paper, each once."""
    shown = dict.fromkeys(
        formatting.format_number(row["value"])
        for row in rows
        if row["where"] == place and (row["scope"] == "total" or place == "nominees")
    )
    return mask_personal_numbers("、".join(shown)) or "没有写"


def spot_check_facts(index: "StateIndex", unit: "Unit") -> dict[str, Any]:
    """Return whether a unit is checked on the spot, and what came of it (``""`` for nothing)."""
    row = index.spot_check_rows.get(unit.code)
    if row is None:
        return {"drawn": False, "result": ""}
    if "state" not in row:
        return {"drawn": True, "result": ""}
    count, left = int(row["findings"]), int(row["open"])
    found = f"，问题{count}项" if count else ""
    found += f"，未办结{left}项" if left else ""
    return {"drawn": True, "result": f"{row['how']}，{row['state']}{found}"}
