"""The queue: everything that needs a person, one item at a time, the source beside the value."""

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.events import (
    ConflictRuled,
    FindingReviewed,
    IdentityViewed,
    PaperReceived,
)
from kjfp_helpers.panels.queue.item_list import ItemList
from kjfp_helpers.panels.queue.paper_entry_form import PaperEntryForm
from kjfp_helpers.panels.queue.resolution_panel import ResolutionEditor
from kjfp_helpers.panels.queue.source_viewer import SourceView, list_originals, read_source
from kjfp_helpers.panels.queue.work_item_card import (
    UNKNOWN_UNIT,
    has_masked_numbers,
    list_row,
    render_history,
    render_item_card,
    unit_name,
)
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.screen_frame import (
    hbox,
    html_widget,
    message_widget,
    name_control,
    set_visible,
    vbox,
)
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.office_conflicts import conflict_error
from kjfp_helpers.state.secretary.work_item import ITEM_TITLES, WorkItem
from kjfp_helpers.state.secretary.work_queue import record_items, work_items

ALL, UNKNOWN = "", "?"
OPEN, DONE, EVERY = "待处理", "已处理", "全部材料"


class QueuePage:
    """Filters, the walk over the items, and the answers to the one on screen.

    ``on_change`` is called after each answer that the ledger has.
    """

    def __init__(self, session: RoundSession, on_change: Callable[[], None]) -> None:
        self._session, self._changed, self._quiet = session, on_change, False
        self._round_state = session.current_state()
        self._items: dict[str, WorkItem] = {}
        self._rows: dict[str, dict[str, object]] = {}
        self._source: SourceView | None = None
        self._kind, self._unit = (
            name_control(widgets.Dropdown(layout={"width": "150px"}), name)
            for name in ("事项种类", "单位")
        )
        self._state = widgets.ToggleButtons(
            options=[OPEN, DONE, EVERY], style={"button_width": "82px"}
        )
        self._count, self._nothing = html_widget(), html_widget("", "kj-pane")
        self._working = html_widget()
        self._open = widgets.ToggleButton(description="显示号码", layout={"width": "88px"})
        self._card = html_widget("", "kj-pane", "kj-left", "kj-fresh", "kj-item")
        self._past = html_widget("", "kj-pane", "kj-grow", "kj-history")
        self._past.tabbable = True  # it scrolls
        self._answers = ResolutionEditor(session, self._answered, self._look)
        self._steps = ItemList(
            lambda: self._answers.may_leave(),
            self._show,
            lambda number: self._answers.choose(number),
        )
        self._walk = hbox(self._steps.steps, self._open, self._working)
        self._refused = html_widget()
        self._right = vbox(self._refused, self._answers.widget, self._past, classes=("kj-right",))
        panes = (self._steps.widget, self._card, self._right)
        self._body = hbox(*panes, classes=("kj-split", "kj-tall", "kj-queue"))
        self._paper = PaperEntryForm(session, self._entered, self._narrow)
        filters = (self._state, self._kind, self._unit, self._paper.opener, self._count)
        tools = hbox(*filters, self._walk, classes=("kj-tools", "kj-queue-tools"))
        self.widget = vbox(tools, self._nothing, self._body, self._paper.widget)
        self._read()
        for control in (self._kind, self._unit, self._state):
            control.observe(self._filtered, "value")
        self._open.observe(lambda _: self._unveil(), "value")
        self._narrow()

    @property
    def open_count(self) -> int:
        """How many items are open."""
        return sum(item.done is None for item in self._asked())

    def _asked(self) -> list[WorkItem]:
        """Return the items that ask something: all but those that only list a record."""
        return [item for item in self._items.values() if item.kind != "record"]

    def _read(self) -> None:
        """Take the items as they stand, and what the filters can choose among them."""
        state = self._round_state = self._session.current_state()
        self._items = {item.key: item for item in (*work_items(state), *record_items(state))}
        self._rows = {key: list_row(state, item) for key, item in self._items.items()}
        found = self._items.values()
        kinds = [kind for kind in ITEM_TITLES if any(one.kind == kind for one in found)]
        held = {one.unit for one in found}
        units = [unit.code for unit in state.round.units if unit.code in held]
        nobody = [(UNKNOWN_UNIT, UNKNOWN)] if "" in held else []
        self._quiet = True
        _choices(self._kind, [("全部种类", ALL), *((ITEM_TITLES[kind], kind) for kind in kinds)])
        named = [(unit_name(state, code), code) for code in units]
        _choices(self._unit, [("全部单位", ALL), *nobody, *named])
        self._quiet = False

    def _wanted(self) -> list[str]:
        return [
            key
            for key, item in self._items.items()
            if self._kind.value in (ALL, item.kind)
            and self._unit.value in (ALL, item.unit or UNKNOWN)
            and self._state.value == self._state_of(item)
        ]

    def _state_of(self, item: WorkItem) -> str:
        return EVERY if item.kind == "record" else DONE if item.done else OPEN

    def _filtered(self, change: dict[str, Any]) -> None:
        """Narrow the list, unless leaving the item is refused: then the filter goes back."""
        if self._quiet:
            return
        if self._answers.may_leave():
            self._narrow()
            return
        self._quiet = True
        change["owner"].value = change["old"]
        self._quiet = False

    def _narrow(self, at: int = 0, said: str = "", left: str = "") -> None:
        """Show the items wanted, from the one at a place; ``left`` was answered just before."""
        keys = self._wanted()
        self._show_counts(keys)
        self._nothing.value = render_template("queue_nothing", said=said)
        typing = self._paper.is_open
        may = self._session.access().may_record(PaperReceived)
        for part, visible in (
            (self._nothing, not keys and not typing),
            (self._walk, keys and not typing),
            (self._body, keys and not typing),
            (self._paper.opener, may and self._state.value == EVERY and not typing),
        ):
            set_visible(part, bool(visible))
        self._steps.set_rows([self._rows[key] for key in keys])
        if keys:
            self._steps.arrive(keys[min(at, len(keys) - 1)], left)

    def _show_counts(self, keys: Sequence[str]) -> None:
        self._count.value = render_template(
            "queue_count",
            open=self.open_count,
            done=len(self._asked()) - self.open_count,
            shown=len(keys),
        )

    def _show(self, key: str) -> None:
        item = self._items[key]
        self._source = None
        self._answers.fill(item, self._round_state)
        self._allow(item)
        self._past.value = render_history(self._round_state, item)
        self._open.value = False
        self._look()

    def _allow(self, item: WorkItem) -> None:
        """Show the answers to who may give them; who is tied to the case is told who can."""
        access, act = self._session.access(), ConflictRuled if item.tie else FindingReviewed
        case = [item.finding.case] if item.finding.case else []
        refused = conflict_error(self._round_state, access, act, case)
        self._refused.value = message_widget(str(refused)).value if refused else ""
        set_visible(self._answers.widget, access.may_record(act) and not refused)

    def _look(self) -> None:
        """Read the source of the field that is looked at."""
        item = self._items[self._steps.current]
        self._source = read_source(self._session, item, self._answers.field)
        self._draw()

    def _draw(self) -> None:
        item, source, field = self._items[self._steps.current], self._source, self._answers.field
        if source is not None:
            self._card.value = render_item_card(
                self._round_state,
                item,
                field,
                source,
                originals=list_originals(self._session, item),
                open=self._open.value,
            )
            set_visible(self._open, has_masked_numbers(item, field, source))

    def _unveil(self) -> None:
        """Show or mask the numbers; that they are looked at is recorded before they are shown."""
        if self._open.value:
            subject = self._items[self._steps.current].subject
            try:
                self._session.record(IdentityViewed(subject=subject, field=self._answers.field))
            except KjfpError as error:
                self._refused.value = message_widget(str(error)).value
                self._open.value = False
                return
        self._open.description = "遮住号码" if self._open.value else "显示号码"
        self._answers.set_masked(open=self._open.value)
        self._draw()

    def _entered(self, words: str, seq: int) -> None:
        """Show the records with the new one; say that the ledger has it."""
        self._read()
        self._narrow(said=f"已保存 #{seq}　{words}")
        self._answers.saving.show_saved(seq, words)
        self._changed()

    def reload(self) -> None:
        """Take the items as they stand after something was recorded elsewhere."""
        if self._answers.saving.is_dirty:
            return  # what is being typed stays; the next answer reads them
        self._read()
        self._narrow()

    def _answered(self, words: str, seq: int) -> None:
        """Go on to the next item at once; say of the last one that the ledger has it.

        What the answer changes elsewhere is worked out after the next item stands.
        """
        left, keys = self._steps.current, self._steps.keys
        at = keys.index(left) if left in keys else 0
        said = f"{words}：{self._rows[left]['about']}　{self._rows[left]['told']}"
        ahead = keys[at + 1] if at + 1 < len(keys) else ""
        self._working.value = render_template("queue_working")
        if ahead:
            self._steps.arrive(ahead, left)
            self._answers.saving.show_saved(seq, said)
        shown = self._items.get(ahead)
        self._read()
        keys = self._wanted()
        if ahead in keys and self._items[ahead] == shown:
            self._recount(keys)
        else:
            if ahead not in keys:
                self._renew_answers()
            at = keys.index(ahead) if ahead in keys else at
            self._narrow(at, f"已保存 #{seq}　{said}", left)
            self._answers.saving.show_saved(seq, said)
        self._changed()
        self._working.value = ""

    def _renew_answers(self) -> None:
        """Put other controls in place, so that a click still on its way does nothing.

        It was meant for an item that stood on the screen and does so no more.
        """
        self._answers.retire()
        self._answers = ResolutionEditor(self._session, self._answered, self._look)
        self._right.children = (self._refused, self._answers.widget, self._past)

    def _recount(self, keys: Sequence[str]) -> None:
        """Bring list and counts up to date around the item that is shown already."""
        self._steps.set_rows([self._rows[key] for key in keys])
        self._show_counts(keys)
        self._past.value = render_history(self._round_state, self._items[self._steps.current])


def _choices(control: widgets.Dropdown, options: Sequence[tuple[str, str]]) -> None:
    """Give a filter other options; what was chosen stays where it still is one."""
    kept = control.value
    control.options = options
    control.value = kept if kept in [value for _, value in options] else ALL
