"""The screen of what follows the list: public notice and objections (公示与异议)."""

import ipywidgets as widgets

from kjfp_helpers.panels.publication.notice_page import NoticePage
from kjfp_helpers.panels.publication.objection_page import ObjectionPage
from kjfp_helpers.panels.widgets.screen_frame import build_screen, screen
from kjfp_helpers.state import RoundSession

TITLE = "公示与异议"


@screen(TITLE, "publication")
def show_publication(session: RoundSession) -> widgets.Widget:
    """Return the versions of the public notice, and the register of objections."""
    return _Publication(session).widget


class _Publication:
    """Both tabs; what is recorded on one brings the other up to date."""

    def __init__(self, session: RoundSession) -> None:
        self._notices = NoticePage(session, self._draw)
        self._objections = ObjectionPage(session, self._draw)
        tabs = widgets.Tab([self._notices.widget, self._objections.widget])
        tabs.titles = ("公示", "异议")
        self.widget = build_screen(session, TITLE, tabs)

    def _draw(self) -> None:
        self._notices.draw()
        self._objections.draw()
