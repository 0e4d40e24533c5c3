"""One thing at a time: previous, next, a jump list, the next unfinished, and progress."""

from collections.abc import Callable, Sequence

import ipywidgets as widgets

from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.screen_frame import hbox, html_widget, name_control


class Navigator:
    """Walks over keys in a fixed order.

    Parameters
    ----------
    keys : sequence of str
        What is walked over.
    label : callable
        Key to the words of the jump list.
    done : callable
        Key to whether it is finished.
    leave : callable
        Called before another key is shown; returns False to stay.
    show : callable
        Shows a key.
    noun : str
        Measure word for buttons, such as ``件``.
    undone, finished : str
        Words for what is not finished, and for what is.
    """

    def __init__(
        self,
        keys: Sequence[str],
        *,
        label_of: Callable[[str], str],
        is_done: Callable[[str], bool],
        on_show: Callable[[str], None],
        measure: str,
        unfinished_label: str,
        finished_label: str,
        on_leave: Callable[[], bool] = lambda: True,
    ) -> None:
        self.keys = list(keys)
        self.current = ""
        self._label, self._done, self._leave, self._show = label_of, is_done, on_leave, on_show
        self._syncing = False
        self._words = {"noun": measure, "finished": finished_label}
        self.back = widgets.Button(description=f"上一{measure}", layout={"width": "82px"})
        self.forward = widgets.Button(description=f"下一{measure}", layout={"width": "82px"})
        self.unfinished = widgets.Button(
            description=f"下一{measure}{unfinished_label}", layout={"width": "120px"}
        )
        self.jump = name_control(widgets.Dropdown(layout={"width": "300px"}), "跳至")
        self.progress = html_widget()
        self.widget = hbox(self.back, self.jump, self.forward, self.unfinished, self.progress)
        self.back.on_click(lambda _: self.show(self._neighbor(-1)))
        self.forward.on_click(lambda _: self.show(self._neighbor(1)))
        self.unfinished.on_click(lambda _: self.show_next_unfinished())
        self.jump.observe(self._on_jump, "value")

    def show_first(self) -> None:
        """Show the first unfinished key, else the first."""
        self._arrive(self._first_unfinished(self.keys) or self.keys[0])

    def set_keys(self, keys: Sequence[str], at: int = 0) -> None:
        """Walk over other keys from now on, from the one at a place; there is at least one."""
        self.keys = list(keys)
        self._arrive(self.keys[min(at, len(self.keys) - 1)])

    def show(self, key: str) -> None:
        """Show a key, unless leaving the present one is refused."""
        if self._leave():
            self._arrive(key)
        else:
            self.refresh()

    def show_next_unfinished(self) -> None:
        """Go to the next unfinished key, round to the first."""
        if not self._leave():
            self.refresh()
            return
        at = self.keys.index(self.current)
        order = self.keys[at + 1 :] + self.keys[:at]
        self._arrive(self._first_unfinished(order) or self.current)

    def refresh(self) -> None:
        """Bring the jump list, the buttons and the progress up to date."""
        self._syncing = True
        options = [(self._label(key), key) for key in self.keys]
        if self.jump.options != tuple(options):
            self.jump.options = options
        self.jump.value = self.current
        self._syncing = False
        at, done = self.keys.index(self.current), sum(map(self._done, self.keys))
        self.back.disabled = at == 0
        self.forward.disabled = at == len(self.keys) - 1
        self.unfinished.disabled = done == len(self.keys)
        self.progress.value = render_template(
            "progress", at=at + 1, done=done, total=len(self.keys), **self._words
        )

    def _first_unfinished(self, keys: Sequence[str]) -> str | None:
        return next((key for key in keys if not self._done(key)), None)

    def _arrive(self, key: str) -> None:
        self.current = key
        self._show(key)
        self.refresh()

    def _neighbor(self, step: int) -> str:
        at = self.keys.index(self.current) + step
        return self.keys[min(max(at, 0), len(self.keys) - 1)]

    def _on_jump(self, change: dict[str, str]) -> None:
        if not self._syncing and change["new"] and change["new"] != self.current:
            self.show(change["new"])
