"""The list of the queue: items in groups, each with its state, walked by mouse and by key."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets

from kjfp_helpers.infra.page_scripts.esm_bundle import bundle_modules
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.screen_frame import HERE, hbox, html_widget


class ListWidget(anywidget.AnyWidget):
    """The list in the page.

    ``rows`` are mappings ``key group about told done``, ``current`` the key of the one that is
    shown. J and K walk the list, digits choose an answer: messages ``type key number sent``, of
    which ``heard`` is the last that was acted on.
    """

    _esm = bundle_modules(HERE / "page" / "itemList.js")
    rows: traitlets.List[Any] = traitlets.List().tag(sync=True)
    current = traitlets.Unicode().tag(sync=True)
    heard = traitlets.Int().tag(sync=True)


class ItemList:
    """Walks over the items in a fixed order, one at a time.

    Parameters
    ----------
    on_leave : callable
        Called before another item is shown; returns False to stay.
    on_show : callable
        Shows the item of a key.
    on_digit : callable
        Gets the digit that was pressed for the item shown.
    """

    def __init__(
        self,
        on_leave: Callable[[], bool],
        on_show: Callable[[str], None],
        on_digit: Callable[[int], None],
    ) -> None:
        self._leave, self._show, self._digit = on_leave, on_show, on_digit
        self.left = ""
        """Key of the item whose answer led to the present one: its digits are meant for this."""
        self.keys: list[str] = []
        self.current = ""
        self.widget = ListWidget()
        self.back = widgets.Button(description="上一项", layout={"width": "82px"})
        self.forward = widgets.Button(description="下一项", layout={"width": "82px"})
        self._position = html_widget()
        self.steps = hbox(self.back, self.forward, self._position)
        self.back.on_click(lambda _: self.show(self._neighbor(-1)))
        self.forward.on_click(lambda _: self.show(self._neighbor(1)))
        self.widget.on_msg(self._receive)

    def set_rows(self, rows: Sequence[dict[str, object]]) -> None:
        """List other items; the one that is shown stays, whether it is among them or not."""
        self.keys = [str(row["key"]) for row in rows]
        self.widget.rows = list(rows)
        self._refresh()

    def arrive(self, key: str, left: str = "") -> None:
        """Show the item of a key; ``left`` is the one that was answered just before."""
        self.current, self.left = key, left
        self._refresh()
        self._show(key)

    def show(self, key: str) -> None:
        """Show the item of a key, unless it has gone or leaving the present one is refused."""
        if key not in self.keys or key == self.current or not self._leave():
            self._refresh()
        else:
            self.arrive(key)

    def _receive(self, _: object, message: Mapping[str, Any], __: object) -> None:
        """Act on a key or a click; the page learns the outcome together with ``heard``."""
        key, number = str(message.get("key")), int(message.get("number") or 0)
        with self.widget.hold_sync():
            try:
                if message.get("type") == "show":
                    self.show(key)
                elif key in (self.current, self.left):
                    self._digit(number)
            finally:
                self.widget.heard = int(message.get("sent") or 0)

    def _refresh(self) -> None:
        self.widget.current = self.current
        at = self.keys.index(self.current) if self.current in self.keys else -1
        self.back.disabled, self.forward.disabled = at <= 0, at in (-1, len(self.keys) - 1)
        self._position.value = render_template("queue_position", at=at + 1, total=len(self.keys))

    def _neighbor(self, step: int) -> str:
        at = self.keys.index(self.current) + step
        return self.keys[min(max(at, 0), len(self.keys) - 1)]
