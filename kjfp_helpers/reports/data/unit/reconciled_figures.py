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
AGREED, ONLY_ONE = "一致", "只有一处"
"""Papers have the same figure; one alone has any."""
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
    rows: list[list[str]] = []
    words: list[str] = []
    for name, (label, measure) in formatting.INDICATORS.items():
        own = [row for row in stated if row["indicator"] == name]
        words.append("不一致" if name in differing else _compare(own))
        cells = [_cell(own, place) for place in held]
        rows.append([f"{label}（{measure}）", *cells, words[-1]])
    counts = {word: words.count(word) for word in ("不一致", UNPROVED) if word in words}
    apart = "，".join(f"{count}项{word}" for word, count in counts.items())
    titles = [PLACES[place] for place in held]
    sums = "；推荐表不大于单位数即可" if "nominees" in held else ""
    return {
        "message": f"数字互核：{apart or _agreement(words, stated)}",
        "columns": ["指标", *titles, "结论"],
        "rows": rows,
        "numeric": titles,
        "note": f"只比较全单位、全期间的数{sums}。{_sources(stated)}",
    }


def _agreement(words: Sequence[str], stated: Sequence[Mapping[str, Any]]) -> str:
    """Return which papers agree, by name, where no two disagree."""
    whole = {row["where"] for row in stated if row["scope"] == "total"} - {"nominees"}
    if AGREED in words:
        return f"{'、'.join(PLACES[place] for place in PLACES if place in whole)}相符"
    return "各数只有一份材料写有，无从比较"


def _sources(stated: Sequence[Mapping[str, Any]]) -> str:
    """Return the files that the figures stand in."""
    files = {
        row["where"]: str(row.get("source", "")).rpartition("/")[2]
        for row in stated
        if row["where"] != "nominees"
    }
    named = [f"{PLACES[place]} {files[place]}" for place in PLACES if files.get(place)]
    listed = formatting.remove_control_chars("；".join(named))
    return mask_personal_numbers(f"来源：{listed}。") if named else ""


def _compare(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return how the papers stand to each other, where no finding says that they differ."""
    values = {
        place: {row["value"] for row in rows if row["where"] == place and row["scope"] == "total"}
        for place in ("stocktake", "spot_check")
    }
    if all(values.values()) and values["stocktake"] != values["spot_check"]:
        return UNPROVED
    places = {row["where"] for row in rows if row["scope"] == "total"} - {"nominees"}
    if len(places) > 1:
        return AGREED
    sums = any(row["where"] == "nominees" for row in rows)
    return "未超出" if sums and places else ONLY_ONE if rows else formatting.MISSING


def _cell(rows: Sequence[Mapping[str, Any]], place: str) -> str:
    """Return the figures of one paper, each once; of nominees, the sum of each kind."""
    shown = dict.fromkeys(
        f"{_kind_word(row) if place == 'nominees' else ''}{formatting.format_number(row['value'])}"
        for row in rows
        if row["where"] == place and (row["scope"] == "total" or place == "nominees")
    )
    return mask_personal_numbers("、".join(shown)) or "没有写"


def _kind_word(row: Mapping[str, Any]) -> str:
    """Return 团队 or 个人, whose forms a sum is of."""
    return str(row["source"]).partition("推荐表")[0].removeprefix("先进")


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
