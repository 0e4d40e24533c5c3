"""The list of the queue: items in groups, each with its state, walked by mouse and by key."""

from collections.abc import Callable, Sequence
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
    shown. J and K walk the list, digits choose an answer.
    """

    _esm = bundle_modules(HERE / "page" / "itemList.js")
    rows: traitlets.List[Any] = traitlets.List().tag(sync=True)
    current = traitlets.Unicode().tag(sync=True)


class ItemList:
    """Walks over the items in a fixed order, one at a time.

    Parameters
    ----------
    on_leave : callable
        Called before another item is shown; returns False to stay.
    on_show : callable
        Shows the item of a key.
    """

    def __init__(self, on_leave: Callable[[], bool], on_show: Callable[[str], None]) -> None:
        self._leave, self._show = on_leave, on_show
        self._syncing = False
        self.keys: list[str] = []
        self.current = ""
        self.widget = ListWidget()
        self.back = widgets.Button(description="上一项", layout={"width": "82px"})
        self.forward = widgets.Button(description="下一项", layout={"width": "82px"})
        self._position = html_widget()
        self.steps = hbox(self.back, self.forward, self._position)
        self.back.on_click(lambda _: self.show(self._neighbor(-1)))
        self.forward.on_click(lambda _: self.show(self._neighbor(1)))
        self.widget.observe(self._picked, "current")

    def set_rows(self, rows: Sequence[dict[str, object]]) -> None:
        """List other items; the one that is shown stays, whether it is among them or not."""
        self.keys = [str(row["key"]) for row in rows]
        self._syncing = True
        self.widget.rows = list(rows)
        self._syncing = False
        self._refresh()

    def arrive(self, key: str) -> None:
        """Show the item of a key."""
        self.current = key
        self._refresh()
        self._show(key)

    def show(self, key: str) -> None:
        """Show the item of a key, unless it has gone or leaving the present one is refused."""
        if key not in self.keys or key == self.current or not self._leave():
            self._refresh()
        else:
            self.arrive(key)

    def _picked(self, change: dict[str, str]) -> None:
        if not self._syncing:
            self.show(change["new"])

    def _refresh(self) -> None:
        self._syncing = True
        self.widget.current = ""  # the page may show another one, picked and refused
        self.widget.current = self.current
        self._syncing = False
        at = self.keys.index(self.current) if self.current in self.keys else -1
        self.back.disabled, self.forward.disabled = at <= 0, at in (-1, len(self.keys) - 1)
        self._position.value = render_template("queue_position", at=at + 1, total=len(self.keys))

    def _neighbor(self, step: int) -> str:
        at = self.keys.index(self.current) + step
        return self.keys[min(max(at, 0), len(self.keys) - 1)]
