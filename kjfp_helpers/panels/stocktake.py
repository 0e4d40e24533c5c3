"""Stock-take against targets, and the units drawn for the spot check."""

import ipywidgets as widgets
import pandas as pd

from kjfp_helpers.derivation import Desk, Review
from kjfp_helpers.forms import STOCKTAKE_ROWS
from kjfp_helpers.panels.frame import column, html, panel, row, screen
from kjfp_helpers.panels.pages import Column, render, table

TITLE = "盘点与抽查"
SHORT = {"assoc": "农技协", "experts": "专家", "people": "脱贫人数"}
STATES = ("全部", "未完成", "完成", "部分未填", "未报")

STOCKTAKE = (
    Column("unit_name", "单位"),
    Column("state", "“两数”", "chip"),
    *(
        item
        for name, word in SHORT.items()
        for item in (
            Column(name, f"{word}完成／目标", "pair"),
            Column(f"{name}_rate", "完成率", "rate"),
        )
    ),
)
SPOT_CHECK = (Column("order", "次序", "nowrap"), Column("unit_name", "单位"))


@screen(TITLE, "stocktake")
def stocktake(desk: Desk) -> widgets.Widget:
    """Return every unit's two numbers against target, and the spot-check list."""
    review = desk.review()
    frame = with_state(review.stocktake)
    tabs = widgets.Tab([_stocktake(frame), html(_spot_check(review))])
    tabs.titles = ("盘点", "抽查名单")
    counts = frame["state"].value_counts()
    note = "，".join(f"{word} {counts.get(word, 0)} 个" for word in STATES[1:])
    return panel(desk, TITLE, tabs, note=note)


def with_state(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the stock-take with ``state`` (完成 未完成 部分未填 未报) and (done, target) pairs."""
    done = [f"{name}_done" for name, _label in STOCKTAKE_ROWS]
    none, some = frame[done].isna().all(axis=1), frame["met"].isna()
    state = frame["met"].map({True: "完成", False: "未完成"}).astype(object)
    state = state.mask(some, "部分未填").mask(none, "未报")
    pairs = {name: _pairs(frame[f"{name}_done"], frame[f"{name}_target"]) for name in SHORT}
    return frame.assign(state=state).join(pd.DataFrame(pairs, index=frame.index))


def _pairs(done: pd.Series, target: pd.Series) -> list[tuple[float | None, float | None]]:
    figures = zip(done.astype(object), target.astype(object), strict=True)
    return [tuple(None if pd.isna(x) else x for x in pair) for pair in figures]  # type: ignore[misc]


def totals(frame: pd.DataFrame) -> dict[str, object]:
    """Return the sums over the units that gave both figures of an indicator."""
    sums: dict[str, object] = {"unit_name": "合计（已填）"}
    for name, _label in STOCKTAKE_ROWS:
        both = frame.dropna(subset=[f"{name}_target", f"{name}_done"])
        target, done = both[f"{name}_target"].sum(), both[f"{name}_done"].sum()
        sums[name] = (done, target)
        sums[f"{name}_rate"] = done / target if target > 0 else None
    return sums


def _stocktake(frame: pd.DataFrame) -> widgets.VBox:
    choice = widgets.ToggleButtons(options=STATES, style={"button_width": "92px"})
    order = widgets.Dropdown(
        options=[("按单位次序", ""), *((f"按{word}完成率", name) for name, word in SHORT.items())],
        layout={"width": "180px"},
    )
    page = html()

    def draw(_: object = None) -> None:
        shown = frame if choice.value == STATES[0] else frame[frame["state"] == choice.value]
        if order.value:
            shown = shown.sort_values(f"{order.value}_rate", kind="stable")
        page.value = table(shown, STOCKTAKE, total=totals(shown) if len(shown) else None)

    for control in (choice, order):
        control.observe(draw, "value")
    draw()
    return column(row(choice, order), page)


def _spot_check(review: Review) -> str:
    rule = review.round.notice.spot_check
    page = table(review.spot_check, SPOT_CHECK, empty="还没有抽签")
    return render("spot_check", rule=rule, page=page, deadline=review.round.notice.deadline)
