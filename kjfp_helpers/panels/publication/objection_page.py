"""The tab of objections: the register, who objects on demand, and the forms of each act."""

from collections.abc import Callable

import ipywidgets as widgets
from markupsafe import Markup

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.panels.publication.objection_forms import ObjectionForms
from kjfp_helpers.panels.tables.data_table import DataTable, Row
from kjfp_helpers.panels.widgets.html_templates import Column, describe_row
from kjfp_helpers.panels.widgets.screen_frame import html_widget, message_widget, vbox
from kjfp_helpers.reports.data.objection_rows import build_objection_rows
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.publication.objection_acts import view_objector

OBJECTION_COLUMNS = (
    Column("number", "编号", "nowrap", heading=True, order="order"),
    Column("at", "收到", "nowrap"),
    Column("channel", "来源", "nowrap"),
    Column("signed", "署名", "nowrap"),
    Column("period", "时间", "nowrap"),
    Column("about", "所指对象", blank="—"),
    Column("subject", "反映的问题"),
    Column("evidence", "材料", "count"),
    Column("inquirers", "核查人", blank="—"),
    Column("outcome", "裁定", blank="—"),
    Column("struck", "撤下名单", blank="—"),
    Column("reply", "答复", "nowrap", blank="—"),
    Column("state", "状态", "chip"),
)
_DETAIL = (*OBJECTION_COLUMNS, Column("findings", "核查结果", blank="—"))
_LOOK = Markup('<p><button type="button" data-act="who">查看署名（记入台账）</button></p>')


class ObjectionPage:
    """The objections; ``on_change`` is called after each act that the ledger has."""

    def __init__(self, session: RoundSession, on_change: Callable[[], None]) -> None:
        self._session, self._changed = session, on_change
        self._who = html_widget()
        self._rows = DataTable(
            session,
            "异议登记",
            OBJECTION_COLUMNS,
            filters={"状态": "state", "署名": "signed", "时间": "period"},
            on_open=self._describe,
            on_act=lambda row, _: self._show_objector(row),
            empty="没有登记异议",
        )
        self._forms = ObjectionForms(session, on_change)
        self.widget: widgets.Widget = vbox(self._rows, self._who, self._forms.widget)
        self.draw()

    def draw(self) -> None:
        """Bring all up to date; a name that was shown goes."""
        state = self._session.current_state()
        rows = build_objection_rows(state)
        self._rows.show([{**row, "order": at} for at, row in enumerate(rows, start=1)])
        self._who.value = ""
        self._forms.draw(state)

    def _describe(self, row: Row) -> tuple[str, str]:
        page = describe_row(row, _DETAIL)
        return f"{row['number']}异议", page + _LOOK if row["signed"] == "实名" else page

    def _show_objector(self, row: Row) -> None:
        """Show who objects; that it was looked at is recorded before."""
        try:
            objector = view_objector(self._session, int(row["order"]))
        except KjfpError as error:
            self._who.value = message_widget(str(error)).value
            return
        if objector is not None:
            parts = filter(None, (objector.name, objector.unit, objector.contact))
            self._who.value = Markup(
                '<div class="kj-next">{}异议的署名：<b>{}</b>（已记入台账，请勿外传）</div>'
            ).format(row["number"], "，".join(parts))
