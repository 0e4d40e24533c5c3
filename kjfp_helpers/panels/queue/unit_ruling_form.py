"""Form of a ruling on a unit's nominations and messages: kept, withdrawn, arrival time."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import ipywidgets as widgets

from kjfp_helpers.core.events import EventBody
from kjfp_helpers.core.records import Record
from kjfp_helpers.panels.widgets.screen_frame import set_visible, vbox
from kjfp_helpers.reports.data.masked_values import mask_value
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.secretary import resolutions as say
from kjfp_helpers.state.secretary.work_item import WorkItem

CHOOSE, WITHDRAW, ARRIVED, EXTEND = "选定对象", "撤回推荐", "登记时间", "延长期限"
PICK = "选定版本"
RULINGS = (CHOOSE, WITHDRAW, ARRIVED, EXTEND, PICK)
_TIME = "%Y-%m-%d %H:%M"
_NO_MAIL = "无来件（电话、纸质）"

Resolution = tuple[str, tuple[EventBody, ...]]
"""What is wrong with what was entered, ``""`` for nothing, and the events it makes."""


class RulingForm:
    """Controls of the answers in ``RULINGS``; ``on_edit`` is called at every change by hand."""

    def __init__(self, session: RoundSession, on_edit: Callable[[], None]) -> None:
        self._session, self._on_edit, self._filling, self._what = session, on_edit, False, ""
        self._cases = widgets.VBox()
        self._receipt = widgets.Dropdown(description="来件", layout={"width": "100%"})
        self._at = widgets.Text(
            placeholder="年-月-日 时:分，如 2020-08-14 16:30", layout={"width": "100%"}
        )
        self._until = widgets.Text(
            placeholder="延至（含当日），如 2020-08-31", layout={"width": "100%"}
        )
        self._version = widgets.RadioButtons(layout={"width": "100%"})
        self.widget = vbox(self._cases, self._receipt, self._at, self._until, self._version)
        for control in (self._receipt, self._at, self._until, self._version):
            control.observe(self._edited, "value")

    def load(self, item: WorkItem, state: RoundState) -> None:
        """Begin anew with an item of a state."""
        self._filling = True
        listed = say.list_candidates(state, item)
        self._cases.children = [
            self._box(f"{one.id}　{mask_value('', one.name)}") for one in listed
        ]
        mails = [
            mail for mail in state.submissions.intake.mails if mail.unit == item.unit and item.unit
        ]
        named = [
            (f"收讫第{one.receipt}号　{mask_value('', one.subject)}", one.receipt) for one in mails
        ]
        self._receipt.options = [(_NO_MAIL, None), *named]
        self._receipt.value, self._at.value, self._until.value = None, "", ""
        self._version.options = [
            (_version_label(record), record.id) for record in say.list_versions(state, item)
        ]
        chosen = getattr(item.done and item.done.body, "record", None)
        if chosen in [record for _, record in self._version.options]:
            self._version.value = chosen
        self._filling = False

    def show(self, what: str) -> None:
        """Show the controls of an answer."""
        self._what = what
        for control, visible in (
            (self._cases, what == CHOOSE),
            (self._receipt, what in (CHOOSE, WITHDRAW)),
            (self._at, what == ARRIVED),
            (self._until, what == EXTEND),
            (self._version, what == PICK),
            (self.widget, what in RULINGS),
        ):
            set_visible(control, visible)

    def build_resolution(self, item: WorkItem, reason: str) -> Resolution:
        """Return what is wrong with what was entered, and the events it makes."""
        if self._what == ARRIVED:
            return self._dated(item, reason)
        if self._what == EXTEND:
            return self._extended(item, reason)
        if self._what == WITHDRAW:
            return "", say.withdraw_nomination(item, reason, self._receipt.value)
        if self._what == PICK:
            return self._picked(item, reason)
        return self._chosen(item, reason)

    def _picked(self, item: WorkItem, reason: str) -> Resolution:
        listed = say.list_versions(self._session.current_state(), item)
        chosen = next((record for record in listed if record.id == self._version.value), None)
        if chosen is None:
            return "请先选定一份。", ()
        return "", say.choose_version(listed, chosen, reason)

    def _chosen(self, item: WorkItem, reason: str) -> Resolution:
        listed = say.list_candidates(self._session.current_state(), item)
        boxes = zip(listed, self._cases.children, strict=True)
        kept = [case.id for case, box in boxes if box.value]
        quota = self._session.round.quota(self._session.round.unit_by_code[item.unit])
        most = quota.of(item.finding.field).most
        if not 0 < len(kept) <= most:
            return f"请勾选1至{most}个，现勾选{len(kept)}个。", ()
        return "", say.choose_nominees(item, kept, reason, self._receipt.value)

    def _dated(self, item: WorkItem, reason: str) -> Resolution:
        try:
            at = datetime.strptime(self._at.value.strip(), _TIME)
        except ValueError:
            return "时间请写成“2020-08-14 16:30”的样子。", ()
        zone = ZoneInfo(self._session.round.notice.round.timezone)
        return "", say.record_arrival(item, at.replace(tzinfo=zone), reason)

    def _extended(self, item: WorkItem, reason: str) -> Resolution:
        try:
            until = date.fromisoformat(self._until.value.strip())
        except ValueError:
            return "日期请写成“2020-08-31”的样子。", ()
        return "", say.extend_correction(item, until, reason)

    def _box(self, words: str) -> widgets.Checkbox:
        box = widgets.Checkbox(description=words, indent=False, layout={"width": "100%"})
        box.observe(self._edited, "value")
        return box

    def _edited(self, _: object) -> None:
        if not self._filling:
            self._on_edit()


def _version_label(record: Record) -> str:
    """Return a version as it stands in a list to choose from: its file, and what it fills in."""
    name = mask_value("", record.source.rpartition("/")[2])
    count = sum(value not in (None, ()) for value in vars(record.body).values())
    return f"收讫第{record.receipt}号　{name}（填{count}栏）"
