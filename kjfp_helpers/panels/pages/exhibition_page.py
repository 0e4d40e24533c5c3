"""Exhibition materials: the desk on which they are approved, and every unit in a table."""

from collections.abc import Iterable, Iterator, Mapping

import ipywidgets as widgets

from kjfp_helpers.core.state_labels import NOT_SENT
from kjfp_helpers.intake.online_column.column_folder import list_entries
from kjfp_helpers.panels.assessment.assessment_tables import EXPERIENCES
from kjfp_helpers.panels.exhibition.approval_desk import ApprovalDesk
from kjfp_helpers.panels.pages.row_details import describe_unit
from kjfp_helpers.panels.tables.data_table import DataTable, Row
from kjfp_helpers.panels.widgets.html_templates import Column, read_rows
from kjfp_helpers.panels.widgets.screen_frame import build_screen, empty_widget, screen
from kjfp_helpers.reports.office.assessment.assessment_rows import experience_rows
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.exhibition.approvals import RETURNED, Approval
from kjfp_helpers.state.exhibition.exhibition_items import TEXT

TITLE = "展览素材"
TABLE = 1
"""Place of the table among the tabs."""


@screen(TITLE, "exhibition")
def show_exhibition(session: RoundSession) -> widgets.Widget:
    """Return the desk of the exhibits received, and the table of all units."""
    state = session.current_state()
    frame = state.screening.exhibition
    sent = set(frame.loc[frame["state"] != NOT_SENT, "unit"])
    has_articles = any(list_entries(session.round.folder))
    if not (sent or has_articles or (state.assessment and state.assessment.experiences)):
        return build_screen(
            session, TITLE, empty_widget("还没有收到展览素材", "收到并登记后，刷新本页（F5）。")
        )
    tabs = widgets.Tab()

    def open_unit(row: Row) -> tuple[str, str] | None:
        """Go to what a unit sent; of one that sent nothing, tell what else it did."""
        if row["unit"] not in desk.units:
            return describe_unit(session, row)
        desk.show_unit(row["unit"])
        tabs.selected_index = 0
        return None

    def refresh() -> None:
        """Show the table as things stand."""
        table.show(_rows(session.current_state(), desk.approvals))

    def refresh_seen(*_: object) -> None:
        if tabs.selected_index == TABLE:  # the desk is seen most of the time
            refresh()

    table = DataTable(
        session,
        "各单位展览素材",
        _columns(state),
        filters={"状态": "order", "各部分": "part_states"},
        on_open=open_unit,
    )
    desk = ApprovalDesk(session, refresh_seen)
    refresh()
    tabs.observe(refresh_seen, "selected_index")
    offered = _offered(session, state)
    tabs.children = [desk.widget, table, *([offered] if offered else [])]
    tabs.titles = ("审定", "各单位", *(["典型经验"] if offered else []))
    note = f"已报送 {len(sent)} 家，共 {len(frame)} 个单位"
    return build_screen(session, TITLE, tabs, note=note)


def _offered(session: RoundSession, state: RoundState) -> DataTable | None:
    """Return the typical experiences that readers of the summaries tagged, with their source."""
    if state.assessment is None or not state.assessment.experiences:
        return None
    table = DataTable(session, "典型经验（选自工作总结）", EXPERIENCES)
    orders = {unit.code: at for at, unit in enumerate(state.round.units)}
    table.show(
        {**row, "unit_order": orders.get(row["unit"], len(orders))}
        for row in experience_rows(state, state.assessment)
    )
    return table


def _columns(state: RoundState) -> tuple[Column, ...]:
    parts = state.round.notice.exhibition.parts
    return (
        Column("unit_name", "单位", heading=True, order="unit_order"),
        Column("order", "状态", "chip"),
        *(Column(part.id, part.title, "chip", blank="—") for part in parts),
        Column("pictures", "图片", "count", blank="—"),
        Column("pictures_ok", "其中合格", "count", blank="—"),
        Column("waiting", "待审定", "count", blank="—"),
        Column("public", "已批准", "count", blank="—"),
        Column("returned", "已退回", "count", blank="—"),
    )


def _rows(state: RoundState, approvals: Mapping[str, tuple[Approval, ...]]) -> Iterator[Row]:
    parts = [part.id for part in state.round.notice.exhibition.parts]
    orders = state.screening.completeness.set_index("unit")["exhibit_order"].to_dict()
    for at, row in enumerate(read_rows(state.screening.exhibition)):
        of_unit = approvals.get(row["unit"])
        held = {part: _part_state(part, row[part], of_unit or ()) for part in parts}
        counts = {
            "waiting": sum(one.is_waiting for one in of_unit) if of_unit else None,
            "public": sum(one.is_public for one in of_unit) if of_unit else None,
            "returned": sum(one.state == RETURNED for one in of_unit) if of_unit else None,
        }
        name = state.round.unit_by_code[row["unit"]].short_name
        order = orders[row["unit"]] or NOT_SENT
        yield {
            **row,
            **held,
            **counts,
            "unit_name": name,
            "unit_order": at,
            "order": order,
            "part_states": tuple(dict.fromkeys(word for word in held.values() if word)),
        }


def _part_state(part: str, is_sent: bool | None, of_unit: Iterable[Approval]) -> str | None:
    """Return how a part of the notice stands: 缺, or where its text stands on the desk."""
    if is_sent is None:
        return None
    named = f"{TEXT}:{part}"
    return next((one.state for one in of_unit if one.item.id == named), "有" if is_sent else "缺")
