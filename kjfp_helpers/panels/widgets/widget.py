"""The panel in the page: one anywidget that carries code and style, and no data.

Cases travel by messages alone: what is a trait would land in the widget state, and with it in a
saved notebook.
"""

from typing import Any

import anywidget

from kjfp_helpers.panels.widgets.esm_bundle import bundle_modules
from kjfp_helpers.panels.widgets.layout import HERE, sheet
from kjfp_helpers.panels.widgets.protocol import Conversation


class Panel(anywidget.AnyWidget):
    """The screen of one conversation; it comes to life when a page says hello."""

    _esm = bundle_modules(HERE / "page" / "panel.js")
    _css = sheet() + (HERE / "page" / "page.css").read_text("utf-8")

    def __init__(self, conversation: Conversation) -> None:
        super().__init__()
        self._conversation = conversation
        self.on_msg(self._hear)

    def _hear(self, _: object, message: dict[str, Any], __: object) -> None:
        answer = self._conversation.hear(message)
        if answer is not None:
            self.send(answer)
