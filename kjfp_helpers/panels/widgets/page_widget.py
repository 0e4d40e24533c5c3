"""The panel in the page: one anywidget that carries code and style, and no data.

Cases travel by messages alone: what is a trait would land in the widget state, and with it in a
saved notebook.
"""

from typing import Any

import anywidget

from kjfp_helpers.infra.page_scripts.esm_bundle import bundle_modules
from kjfp_helpers.panels.widgets.protocol import MessageHandler
from kjfp_helpers.panels.widgets.screen_frame import HERE, stylesheet


class PanelWidget(anywidget.AnyWidget):
    """The screen whose messages one handler answers; it comes to life when a page says hello."""

    _esm = bundle_modules(HERE / "page" / "panel.js")
    _css = stylesheet() + (HERE / "page" / "page.css").read_text("utf-8")

    def __init__(self, handler: MessageHandler) -> None:
        super().__init__()
        self.handler = handler
        self.on_msg(self._on_message)

    def _on_message(self, _: object, message: dict[str, Any], __: object) -> None:
        reply = self.handler.handle(message)
        if reply is not None:
            self.send(reply)
