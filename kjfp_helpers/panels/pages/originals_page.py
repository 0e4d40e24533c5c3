"""The tab of paper originals: which were held against the electronic copy, and the form for it."""

from collections.abc import Callable, Iterator

import ipywidgets as widgets

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.events import PaperOriginalChecked
from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.panels.meeting.decision_list import case_name
from kjfp_helpers.panels.meeting.search_picker import CasePicker
from kjfp_helpers.panels.tables.data_table import DataTable, Row
from kjfp_helpers.panels.widgets.decision_form import (
    Texts,
    build_decision_form,
    offer_forms,
    text_entry,
)
from kjfp_helpers.panels.widgets.html_templates import Column, describe_row
from kjfp_helpers.panels.widgets.screen_frame import add_classes, set_visible, vbox
from kjfp_helpers.reports.data.masked_values import mask_value
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.originals_comparison.paper_originals import (
    describe_original,
    list_originals,
    make_original_check,
)

COLUMNS = (
    Column("unit_name", "单位", order="unit_order"),
    Column("kind", "类别", "nowrap"),
    Column("name", "推荐对象", heading=True),
    Column("state", "原件", "chip"),
    Column("pages", "页数", "count", blank="—"),
    Column("difference", "与电子件不同之处", blank="—"),
    Column("case", "编号", "nowrap"),
    Column("seq", "台账", "nowrap", blank="—"),
)


class OriginalsPage:
    """The originals; ``on_change`` is called after each check that the ledger has."""

    def __init__(self, session: RoundSession, on_change: Callable[[], None]) -> None:
        self._session, self._changed = session, on_change
        self._rows = DataTable(
            session,
            "纸质原件",
            COLUMNS,
            filters={"原件": "state", "单位": "unit_name", "类别": "kind"},
            on_open=lambda row: (row["name"], describe_row(row, COLUMNS)),
            empty="没有推荐对象",
        )
        self._to_check, self._to_revoke = CasePicker(), CasePicker()
        check = build_decision_form(
            session,
            "核对原件",
            "收到盖章的纸质推荐表后，与电子件逐页核对，填写页数；不同之处写明，没有不同的不填。",
            {
                "case": ("推荐对象", self._to_check),
                "pages": ("页数", text_entry(90, "如 6")),
                "difference": ("与电子件不同之处", text_entry(420, "没有不同的不填")),
            },
            self._make_check,
            self._recorded,
            optional=("difference",),
        )
        revoke = build_decision_form(
            session,
            "撤销核对",
            "登记有误的撤销，原登记仍留在台账；再核对一次以最后一次为准。",
            {"case": ("推荐对象", self._to_revoke), "reason": ("理由", text_entry(420))},
            self._make_revocation,
            self._recorded,
        )
        forms = add_classes(widgets.HBox([]), "kj-decisions")
        offer_forms(forms, {"核对原件": check, "撤销核对": revoke})
        set_visible(forms, session.access().may_record(PaperOriginalChecked))
        self.widget = vbox(self._rows, forms)
        self.draw()

    @property
    def unchecked_count(self) -> int:
        """Number of nominations whose original was not checked."""
        return sum(not row["seq"] for row in self._rows.rows)

    def draw(self) -> None:
        """Bring all up to date."""
        state = self._session.current_state()
        self._rows.show(_rows(state))
        checked = list_originals(state.events)
        cases = sorted(state.screening.cases, key=lambda case: (case.id in checked, case.id))
        self._to_check.offer([(case_name(state, case.id), case.id) for case in cases])
        self._to_revoke.offer([(case_name(state, case), case) for case in sorted(checked)])

    def _recorded(self) -> None:
        self.draw()
        self._changed()

    def _make_check(self, values: Texts) -> PaperOriginalChecked | str:
        if not values["pages"].isdecimal() or not int(values["pages"]):
            return "“页数”请填大于0的整数。"
        return self._make(values["case"], int(values["pages"]), values["difference"], "")

    def _make_revocation(self, values: Texts) -> PaperOriginalChecked | str:
        return self._make(values["case"], 0, "", values["reason"])

    def _make(
        self, case: str, pages: int, difference: str, reason: str
    ) -> PaperOriginalChecked | str:
        try:
            return make_original_check(
                self._session.current_state(),
                case,
                pages=pages,
                difference=difference,
                reason=reason,
            )
        except KjfpError as error:
            return str(error)


def _rows(state: RoundState) -> Iterator[Row]:
    checked = list_originals(state.events)
    orders = {unit.code: at for at, unit in enumerate(state.round.units)}
    for case in sorted(state.screening.cases, key=lambda case: (orders[case.unit], case.id)):
        event = checked.get(case.id)
        yield {
            "case": case.id,
            "unit_name": state.round.unit_by_code[case.unit].short_name,
            "unit_order": orders[case.unit],
            "kind": KIND_TITLES[case.kind],
            "name": mask_value("", case.name),
            "state": describe_original(event),
            "pages": event.body.pages if event else None,
            "difference": mask_value("", event.body.difference) if event else "",
            "seq": f"第{event.seq}条" if event else "",
        }
