"""Stock-take against targets, and the units drawn for the spot check."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import ipywidgets as widgets
import pandas as pd
from markupsafe import Markup

from kjfp_helpers import reports
from kjfp_helpers.core.events import FindingAssigned
from kjfp_helpers.core.form_schema import STOCKTAKE_ROWS
from kjfp_helpers.core.state_labels import MET, NO_TARGET, NOT_ALL_SENT, NOT_SENT, UNMET
from kjfp_helpers.panels.pages.plot_tab import add_figure_tab
from kjfp_helpers.panels.pages.row_details import describe_unit, unit_orders
from kjfp_helpers.panels.pages.stocktake_tables import build_stocktake_tables, draw_questions
from kjfp_helpers.panels.queue.figure_assignment_form import FigureAssignmentForm
from kjfp_helpers.panels.spot_check.spot_check_page import SpotCheckPage
from kjfp_helpers.panels.tables.data_table import DataTable, Row
from kjfp_helpers.panels.widgets.html_templates import (
    Across,
    Column,
    read_rows,
    render_template,
)
from kjfp_helpers.panels.widgets.screen_frame import build_screen, html_widget, screen
from kjfp_helpers.reports.office.stocktake.stocktake_rows import question_rows
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.secretary.figure_questions import list_figure_questions

TITLE, ASSIGN = "盘点与抽查", "核实分工"
SHORT = {"assoc": "农技协", "experts": "专家", "people": "脱贫人数"}
STATES = (UNMET, MET, NO_TARGET, NOT_ALL_SENT, NOT_SENT)

STOCKTAKE = (
    Column("unit_name", "单位", heading=True, order="unit_order"),
    Column("state", "“两数”", "chip"),
    *(
        item
        for name, word in SHORT.items()
        for item in (
            Column(name, f"{word}完成／目标", "pair"),
            Column(f"{name}_shown", "完成率", "rate", "—"),
        )
    ),
)

DOUBTS = Column("doubts", "待核实", blank="—")
"""Where a figure is doubted: the sums hold it as it was sent."""


@screen(TITLE, "stocktake")
def show_stocktake(session: RoundSession) -> widgets.Widget:
    """Return every unit's two numbers against target, and the spot check."""
    state = session.current_state()
    frame, orders = with_pairs(state.screening.stocktake), unit_orders(state)
    open_unit = partial(describe_unit, session)
    table = DataTable(
        session,
        "盘点",
        STOCKTAKE,
        filters={"“两数”": "state"},
        on_open=open_unit,
        total=lambda rows: sum_indicators(pd.DataFrame(rows)),
        empty="还没有推荐单位。",
    )
    doubts = _doubts(state)
    table.show(
        (
            {**row, "unit_order": orders[row["unit"]], "doubts": doubts.get(row["unit"])}
            for row in read_rows(frame)
        ),
        (*STOCKTAKE, *([DOUBTS] if doubts else [])),
    )
    spot_check = SpotCheckPage(session)
    more: dict[str, widgets.Widget] = dict(build_stocktake_tables(session))
    if session.access().may_record(FindingAssigned):
        more[ASSIGN] = _assignment(session, more)
    tabs = widgets.Tab([table, *more.values(), spot_check.widget])
    tabs.titles = ("盘点", *more, "抽查")
    plots = (reports.plot_stocktake, reports.plot_province_map)
    add_figure_tab(session, tabs, plots, empty="下达了目标、报送了盘点表以后，这里画出各省完成率。")
    counts = frame["state"].value_counts()
    note = "，".join(f"{word} {counts[word]} 个" for word in STATES if word in counts)
    return build_screen(session, TITLE, _without_target(state), tabs, note=note)


def _assignment(session: RoundSession, tables: Mapping[str, widgets.Widget]) -> widgets.Widget:
    """Return the form of who inquires; what it records is shown in the tables."""

    def show() -> None:
        state = session.current_state(check_members=False)
        form.refresh(state)
        draw_questions(state, tables)

    form = FigureAssignmentForm(session, show)
    return form.widget


def _doubts(state: RoundState) -> dict[str, str]:
    """Return by unit what is doubted of its figures and not settled yet."""
    told: dict[str, list[str]] = {}
    for row in question_rows(state, list_figure_questions(state)):
        if not row["resolution"]:
            told.setdefault(row["unit"], []).append(f"{row['indicator']}：{row['title']}")
    return {unit: "；".join(words) for unit, words in told.items()}


def _without_target(state: RoundState) -> widgets.Widget:
    """Say which units were assigned no target; nothing where all were."""
    stated = [one for one in state.screening.findings if one.code == "target_missing"]
    units = state.round.unit_by_code
    named = "、".join(units[one.unit].short_name for one in stated if one.unit in units)
    who = f"{len(stated)} 个单位（{named}）" if named else "本轮各单位"
    told = f"{who}{NO_TARGET}：自报的目标数只供了解，不计完成率和合计。请补入 targets.csv。"
    return html_widget(render_template("note", words=told) if stated else "")


def with_pairs(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the stock-take with (done, target) pairs, a target by the unit's word beside."""
    pairs: dict[str, list[Any]] = {}
    for name in SHORT:
        pairs[name] = _pairs(frame, name)
        figures = frame[[f"{name}_{part}" for part in ("rate", "own", "state")]]
        pairs[f"{name}_shown"] = [_rate(*row) for row in figures.itertuples(index=False)]
    first = next(iter(SHORT))
    pairs[first] = [
        _nothing(row) if row["state"] == NOT_SENT else pair
        for row, pair in zip(read_rows(frame), pairs[first], strict=True)
    ]
    return frame.join(pd.DataFrame(pairs, index=frame.index, dtype=object))


def _nothing(row: Row) -> Across:
    """Return 未报送 across the row of a unit that sent nothing, with what it was to reach."""
    aims = [
        f"{word} {row[f'{name}_target']:,.0f}"
        for name, word in SHORT.items()
        if not pd.isna(row[f"{name}_target"])
    ]
    words = f"{NOT_SENT}（目标：{'，'.join(aims)}）" if aims else f"{NOT_SENT}，{NO_TARGET}"
    return Across(Markup('<span class="kj-muted">{}</span>').format(words))


def _rate(rate: float, own: float, state: str) -> float | Markup | None:
    """Return a rate, or where no target was assigned the unit's own by its word, and no rate."""
    if state == NO_TARGET and not pd.isna(own):
        return Markup('<span class="kj-small kj-muted">自报目标 {:,.0f}</span>').format(own)
    return None if pd.isna(rate) else rate


def _pairs(frame: pd.DataFrame, name: str) -> list[tuple[float | None, float | None]]:
    """Return done and target, ``None`` for a figure that is missing."""
    figures = frame[[f"{name}_done", f"{name}_target"]]
    return [
        (None if pd.isna(done) else done, None if pd.isna(target) else target)
        for done, target in figures.itertuples(index=False)
    ]


def sum_indicators(frame: pd.DataFrame) -> dict[str, object]:
    """Return the sums over the units that gave both figures of an indicator."""
    sums: dict[str, object] = {"unit_name": "合计（已填）"}
    for name, _label in STOCKTAKE_ROWS:
        both = frame.dropna(subset=[f"{name}_target", f"{name}_done"])
        target, done = both[f"{name}_target"].sum(), both[f"{name}_done"].sum()
        if len(both):
            sums[name] = (done, target)
        sums[f"{name}_shown"] = done / target if target > 0 else None
    return sums
