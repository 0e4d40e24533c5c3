"""Desk of the exhibition: a unit's items in a list, the picture large, keys for each act."""

from collections.abc import Callable, Mapping, Sequence

import ipywidgets as widgets

from kjfp_helpers.core.events import ExhibitionItemsDecided
from kjfp_helpers.intake.online_column.column_items import read_column
from kjfp_helpers.panels.exhibition.decision_controls import DecisionControls
from kjfp_helpers.panels.exhibition.exhibit_card import (
    LARGE,
    item_key,
    list_row,
    render_approval_card,
)
from kjfp_helpers.panels.exhibition.picture_preloading import PicturePreparation
from kjfp_helpers.panels.queue.item_list import ItemList
from kjfp_helpers.panels.queue.work_item_card import unit_name
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.screen_frame import (
    hbox,
    html_widget,
    name_control,
    set_visible,
    vbox,
)
from kjfp_helpers.panels.widgets.thumbnails import EDGE
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.exhibition.approvals import Approval, fold_approvals
from kjfp_helpers.state.exhibition.column_texts import add_column_items
from kjfp_helpers.state.exhibition.exhibition_items import ExhibitionItem, collect_items
from kjfp_helpers.state.exhibition.experience_items import add_experience_items

WAITING, DECIDED = "待审定", "已审定"
ALL = "*"


class ApprovalDesk:
    """Filters, the walk over the items of the exhibition, and what is decided on each.

    ``on_change`` is called after each decision that the ledger has.
    """

    def __init__(self, session: RoundSession, on_change: Callable[[], None]) -> None:
        self._session, self._changed, self._quiet = session, on_change, False
        self._screening: object = None
        self._items: dict[str, tuple[ExhibitionItem, ...]] = {}
        self._all_items: dict[str, tuple[ExhibitionItem, ...]] = {}
        self._seen: object = None
        self._approvals: dict[str, tuple[Approval, ...]] = {}
        self._state = widgets.ToggleButtons(
            options=[WAITING, DECIDED], style={"button_width": "82px"}
        )
        self._unit = name_control(widgets.Dropdown(layout={"width": "260px"}), "单位")
        self._count, self._nothing = html_widget(), html_widget("", "kj-pane")
        self._card = html_widget("", "kj-pane", "kj-left", "kj-fresh", "kj-item")
        self._controls = DecisionControls(session, self._decided)
        self._pictures = PicturePreparation(session.received)
        self._walk = ItemList(lambda: True, self._show, self._controls.choose)
        right = vbox(self._controls.widget, classes=("kj-right",))
        panes = (self._walk.widget, self._card, right)
        self._body = hbox(*panes, classes=("kj-split", "kj-tall", "kj-queue"))
        tools = hbox(self._state, self._unit, self._count, self._walk.steps)
        self.widget = vbox(tools, self._nothing, self._body)
        set_visible(right, session.access().may_record(ExhibitionItemsDecided))
        self._read()
        self._choose_unit(self._next_unit(ALL))
        for control in (self._state, self._unit):
            control.observe(self._filtered, "value")
        self._narrow()

    @property
    def units(self) -> Sequence[str]:
        """The units that sent an exhibit."""
        return tuple(self._approvals)

    @property
    def approvals(self) -> Mapping[str, tuple[Approval, ...]]:
        """The items of each unit with the decisions that count."""
        return self._approvals

    def show_unit(self, unit: str) -> None:
        """Show the items of a unit: those that wait, or else those that are decided."""
        waiting = any(one.is_waiting for one in self._approvals[unit])
        self._quiet = True
        self._state.value = WAITING if waiting else DECIDED
        self._quiet = False
        self._choose_unit(unit)
        self._narrow()

    def _read(self) -> None:
        """Take the items as they stand; they are collected anew where what was sent changed."""
        state = self._session.current_state()
        if state.screening is not self._screening:
            self._items, self._screening = collect_items(state), state.screening
        column = read_column(self._session.round, self._session.received)
        items = add_experience_items(state, self._items)
        if (items, column) != self._seen:  # what is said of articles takes long to find
            self._all_items, self._seen = add_column_items(state, items, column), (items, column)
        self._approvals = fold_approvals(self._all_items, state.standing_events)
        waiting = {
            unit: sum(one.is_waiting for one in of_unit)
            for unit, of_unit in self._approvals.items()
        }
        names = {unit: unit_name(state, unit) for unit in waiting}
        told = {
            unit: f"（待审定{count}）" if count else "（已审定）" for unit, count in waiting.items()
        }
        self._set_units([(names[unit] + told[unit], unit) for unit in waiting])
        every = [one for of_unit in self._approvals.values() for one in of_unit]
        self._count.value = render_template(
            "approval_count",
            open=sum(waiting.values()),
            public=sum(one.is_public for one in every),
            total=len(every),
        )

    def _set_units(self, options: Sequence[tuple[str, str]]) -> None:
        kept = self._unit.value
        self._quiet = True
        self._unit.options = [("全部单位", ALL), *options]
        self._unit.value = kept if kept in dict.fromkeys(value for _, value in options) else ALL
        self._quiet = False

    def _choose_unit(self, unit: str) -> None:
        self._quiet = True
        self._unit.value = unit
        self._quiet = False

    def _next_unit(self, after: str) -> str:
        """Return the next unit with something that waits, round to the first; blank for none."""
        units = list(self._approvals)
        at = units.index(after) + 1 if after in units else 0
        waiting = (
            unit
            for unit in units[at:] + units[:at]
            if any(one.is_waiting for one in self._approvals[unit])
        )
        return next(waiting, ALL)

    def _filtered(self, _: object) -> None:
        if not self._quiet:
            self._narrow()

    def _wanted(self) -> list[Approval]:
        return [
            one
            for unit, of_unit in self._approvals.items()
            for one in of_unit
            if self._unit.value in (ALL, unit) and one.is_waiting == (self._state.value == WAITING)
        ]

    def _narrow(self, at: int = 0, said: str = "") -> None:
        """List the items wanted and show the one at a place."""
        state, wanted = self._session.current_state(), self._wanted()
        self._nothing.value = render_template("queue_nothing", said=said)
        set_visible(self._nothing, not wanted)
        set_visible(self._body, bool(wanted))
        self._walk.set_rows([list_row(state, one) for one in wanted])
        if wanted:
            self._walk.arrive(item_key(wanted[min(at, len(wanted) - 1)].item))

    def _show(self, key: str) -> None:
        unit, _, id = key.partition(" ")
        of_unit = self._approvals[unit]
        approval = next(one for one in of_unit if one.item.id == id)
        others = [
            one
            for other, item in approval.item.repeats
            for one in self._approvals.get(other, ())
            if one.item.id == item
        ]
        self._controls.fill(approval, of_unit)
        self._card.value = render_approval_card(
            self._session.current_state(), self._session.received, approval, of_unit, others
        )
        self._prepare_next(key)

    def _prepare_next(self, key: str) -> None:
        """Have the pictures made small that are looked at next, here and in the next unit."""
        unit = key.partition(" ")[0]
        following = self._approvals.get(self._next_unit(unit), ())
        here = {item_key(one.item): one for one in self._approvals[unit]}
        at = self._walk.keys.index(key) + 1 if key in self._walk.keys else 0
        listed = [here[name] for name in self._walk.keys[at : at + 2] if name in here]
        waiting = [one for one in following if one.is_waiting][:1]
        self._pictures.prepare(
            (
                *((one.item.picture, LARGE) for one in (*listed, *waiting)),
                *((one.item.picture, EDGE) for one in following),
            )
        )

    def _decided(self, words: str, seq: int) -> None:
        """Go on to the next item that waits, of this unit or of the next one."""
        key, keys = self._walk.current, self._walk.keys
        unit, at = key.partition(" ")[0], keys.index(key) if key in keys else 0
        self._read()
        if self._state.value == WAITING and not self._wanted() and self._unit.value != ALL:
            self._choose_unit(self._next_unit(unit))
            at = 0
        said = f"{words}：{unit_name(self._session.current_state(), unit)}"
        self._narrow(at, f"已保存 #{seq}　{said}")
        self._controls.saving.show_saved(seq, said)
        self._changed()
