"""All methods side by side: only once the rules are frozen, and that they were seen is recorded."""

import ipywidgets as widgets

from kjfp_helpers.core.events import MethodsCompared
from kjfp_helpers.panels.tables.data_table import DataTable, Row
from kjfp_helpers.panels.widgets.html_templates import Column
from kjfp_helpers.panels.widgets.save_status import SaveStatus
from kjfp_helpers.panels.widgets.screen_frame import hbox, set_visible, vbox
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.frozen_rules import freeze_state

NOT_FROZEN = "规则尚未冻结，不作比较。"
COLUMNS = (
    Column("name", "名称／姓名", heading=True),
    Column("adjusted", "宽严校正分", "decimal", blank="—"),
    Column("mean", "平均分", "decimal", blank="—"),
    Column("trimmed", "去掉最高最低分均值", "decimal", blank="—"),
    Column("standard", "标准分", "decimal", blank="—"),
)


class MethodComparison:
    """A button, and the table that it shows once the ledger has that methods were compared."""

    def __init__(self, session: RoundSession) -> None:
        self._session, self._rows = session, list[Row]()
        self._saving = SaveStatus(session, session.access().user, before="")
        self._button = widgets.Button(description="比较各种方法", layout={"width": "140px"})
        self._button.on_click(lambda _: self._compare())
        self._table = DataTable(session, "各种方法的得分", COLUMNS, empty="还没有评分")
        self.widget = vbox(hbox(self._button, self._saving.widget), self._table)

    def show(self, state: RoundState, rows: list[Row]) -> None:
        """Take the rows of a ranking; they are seen where the comparison is recorded."""
        self._rows = rows
        compared = has_compared(state)
        set_visible(self._table, compared)
        set_visible(self._button, not compared)
        self._table.show(rows if compared else ())

    def _compare(self) -> None:
        session = self._session
        frozen = freeze_state(session.round, session.events()) == "frozen"
        problem = None if frozen else NOT_FROZEN
        body = MethodsCompared(digest=session.round.digest)
        note = "名单只依冻结的方法"
        if self._saving.record_if_valid(problem, body, note=note) is not None:
            self.show(session.current_state(), self._rows)


def has_compared(state: RoundState) -> bool:
    """Return whether the methods were compared under the rules as they stand."""
    return any(body.digest == state.round.digest for body in state.events.bodies(MethodsCompared))
