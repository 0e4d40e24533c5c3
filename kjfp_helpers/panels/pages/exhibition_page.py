"""Exhibition materials, unit by unit: parts present, pictures with captions, findings."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from kjfp_helpers.core.records import Exhibit, Picture
from kjfp_helpers.core.state_labels import IN_ORDER, NOT_SENT
from kjfp_helpers.intake.received_folder import ReceivedFolder
from kjfp_helpers.panels.pages.row_details import describe_unit
from kjfp_helpers.panels.tables.data_table import DataTable, Row
from kjfp_helpers.panels.widgets.html_templates import Column, read_rows, render_template
from kjfp_helpers.panels.widgets.navigator import Navigator
from kjfp_helpers.panels.widgets.screen_frame import (
    build_screen,
    empty_widget,
    html_widget,
    screen,
    vbox,
)
from kjfp_helpers.panels.widgets.sent_pictures import show_pictures
from kjfp_helpers.panels.widgets.thumbnails import read_thumbnail
from kjfp_helpers.state import RoundSession, RoundState

TITLE = "展览素材"


@screen(TITLE, "exhibition")
def show_exhibition(session: RoundSession) -> widgets.Widget:
    """Return the walk through the exhibits received, as they would be shown."""
    state = session.current_state()
    frame = state.screening.exhibition
    units = list(frame.loc[frame["state"] != NOT_SENT, "unit"])
    if not units:
        return build_screen(
            session, TITLE, empty_widget("还没有收到展览素材", "收到并登记后，刷新本页（F5）。")
        )
    page = html_widget("", "kj-pane")
    orders = state.screening.completeness.set_index("unit")["exhibit_order"].to_dict()
    states = {unit: orders[unit] or NOT_SENT for unit in frame["unit"]}
    steps = Navigator(
        units,
        label_of=lambda unit: f"{state.round.unit_by_code[unit].short_name}（{states[unit]}）",
        is_done=lambda unit: states[unit] == IN_ORDER,
        on_show=lambda unit: setattr(page, "value", _page(session, state, unit)),
        measure="家",
        unfinished_label="待补正",
        finished_label="已合格",
    )
    steps.show_first()
    tabs = widgets.Tab()

    def open_unit(row: Row) -> tuple[str, str] | None:
        """Go to what a unit sent; of one that sent nothing, tell what else it did."""
        if row["unit"] not in units:
            return describe_unit(session, row)
        steps.show(row["unit"])
        tabs.selected_index = 0
        return None

    table = DataTable(
        session, "各单位展览素材", _columns(state), filters={"状态": "order"}, on_open=open_unit
    )
    table.show(_rows(state, states))
    tabs.children = [vbox(steps.widget, page), table]
    tabs.titles = ("逐家查看", "各单位")
    note = f"已报送 {len(units)} 家，共 {len(frame)} 个单位"
    return build_screen(session, TITLE, tabs, note=note)


def _columns(state: RoundState) -> tuple[Column, ...]:
    parts = state.round.notice.exhibition.parts
    return (
        Column("unit_name", "单位", heading=True, order="unit_order"),
        Column("order", "状态", "chip"),
        *(Column(part.id, part.title, "chip", blank="—") for part in parts),
        Column("pictures", "图片", "count", blank="—"),
        Column("pictures_ok", "其中合格", "count", blank="—"),
    )


def _rows(state: RoundState, states: Mapping[str, str]) -> Iterator[Row]:
    parts = [part.id for part in state.round.notice.exhibition.parts]
    for at, row in enumerate(read_rows(state.screening.exhibition)):
        held = {part: None if row[part] is None else "有" if row[part] else "缺" for part in parts}
        name = state.round.unit_by_code[row["unit"]].short_name
        order = states[row["unit"]]
        yield {**row, **held, "unit_name": name, "unit_order": at, "order": order}


def _page(session: RoundSession, state: RoundState, unit: str) -> str:
    row = state.screening.exhibition[state.screening.exhibition["unit"] == unit].iloc[0]
    record = next(r for r in state.submissions.records if r.kind == "exhibit" and r.unit == unit)
    body = record.body
    assert isinstance(body, Exhibit)
    parts = [(part.title, bool(row[part.id])) for part in state.round.notice.exhibition.parts]
    mine = [
        f for f in state.screening.findings if f.unit == unit and f.finding_type.clause == "三(三)"
    ]
    return render_template(
        "exhibit",
        unit=state.round.unit_by_code[unit],
        state=state.screening.completeness.set_index("unit")["exhibit_order"][unit],
        parts=parts,
        pictures=[_picture(session.received, picture, body.captions) for picture in body.pictures],
        sections=body.sections,
        others=body.others,
        findings=[(one, show_pictures(state, session.received, unit, one)) for one in mine],
    )


def _picture(received: ReceivedFolder, picture: Picture, captions: Any) -> dict[str, Any]:
    stem = Path(picture.name).stem
    return {
        "name": picture.name,
        "source": read_thumbnail(received, picture.stored),
        "caption": captions.get(stem),
        "size": picture.size / 1_000_000,
        "width": picture.width,
        "height": picture.height,
    }
