"""Choosing one case or person or several from a long list: a search line, and what it finds."""

from collections.abc import Sequence

import ipywidgets as widgets
import traitlets

from kjfp_helpers.core.text_normalization import alnum_key
from kjfp_helpers.panels.widgets.screen_frame import name_control

CaseOptions = Sequence[tuple[str, str]]
"""What is shown of a case, and its id."""
CHOOSE = ("请选择", "")


class SearchLine(widgets.Text):  # type: ignore[misc]  # ipywidgets has no types
    """The line that narrows a list; no entry of a form."""

    def __init__(self, what: str = "推荐对象") -> None:
        super().__init__(placeholder="查找：姓名、名称、单位、编号", layout={"width": "232px"})
        name_control(self, f"查找{what}")

    def finds(self, text: str) -> bool:
        """Whether a text holds what is looked for."""
        return alnum_key(self.value) in alnum_key(text)


class CasePicker(widgets.HBox):  # type: ignore[misc]  # ipywidgets has no types
    """One case; ``value`` is its id, blank for none."""

    value = traitlets.Unicode()

    def __init__(self) -> None:
        self._all: CaseOptions = ()
        self._search = SearchLine()
        self._list = name_control(
            widgets.Dropdown(options=[CHOOSE], layout={"width": "430px"}), "推荐对象"
        )
        super().__init__([self._search, self._list])
        traitlets.link((self, "value"), (self._list, "value"))
        self._search.observe(lambda _: self._narrow(), "value")

    def offer(self, options: CaseOptions) -> None:
        """Offer other cases, none chosen."""
        self._all = options
        self._search.value = ""
        self._narrow()
        self.value = ""

    def _narrow(self) -> None:
        kept = self.value
        found = [option for option in self._all if self._search.finds(option[0])]
        self._list.options = [CHOOSE, *found]
        self.value = kept if kept in [case for _, case in found] else ""


class Ticks(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Several cases or persons by check boxes; ``value`` are the ids ticked, in the order shown.

    ``measure`` is the Chinese measure word of what is ticked, ``what`` its name; ``in_rows`` says
    that the boxes stand side by side, for short names.
    """

    value: traitlets.Tuple = traitlets.Tuple()

    def __init__(
        self, measure: str = "件", what: str = "推荐对象", *, in_rows: bool = False
    ) -> None:
        self._boxes: dict[str, widgets.Checkbox] = {}
        self._measure, self._search = measure, SearchLine(what)
        self._count = widgets.HTML()
        self._list = (
            widgets.HBox()
            if in_rows
            else widgets.VBox(layout={"max_height": "260px", "overflow": "auto"})
        )
        self._list.add_class("kj-present" if in_rows else "kj-ticks")
        head = widgets.HBox([self._search, self._count])
        head.add_class("kj-search")
        super().__init__([head, self._list])
        self._search.observe(lambda _: self._narrow(), "value")

    def offer(self, options: CaseOptions, ticked: Sequence[str]) -> None:
        """Offer other cases, some of them ticked."""
        self._boxes = {
            case: widgets.Checkbox(
                value=case in ticked, description=label, indent=False, layout={"width": "auto"}
            )
            for label, case in options
        }
        for box in self._boxes.values():
            box.observe(lambda _: self._tell(), "value")
        self._search.value = ""
        self._narrow()
        self._tell()

    def _narrow(self) -> None:
        self._list.children = [
            box for box in self._boxes.values() if self._search.finds(box.description)
        ]

    def _tell(self) -> None:
        self.value = tuple(case for case, box in self._boxes.items() if box.value)
        self._count.value = f"已勾选 <b>{len(self.value)}</b> / {len(self._boxes)} {self._measure}"
