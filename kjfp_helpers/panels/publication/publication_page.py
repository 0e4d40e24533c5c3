"""The screen of what follows the list (公示与异议): public notice, objections, decision."""

import ipywidgets as widgets

from kjfp_helpers.panels.publication.decision_page import DecisionPage
from kjfp_helpers.panels.publication.notice_page import NoticePage
from kjfp_helpers.panels.publication.objection_page import ObjectionPage
from kjfp_helpers.panels.widgets.screen_frame import build_screen, screen
from kjfp_helpers.state import RoundSession

TITLE = "公示与异议"


@screen(TITLE, "publication")
def show_publication(session: RoundSession) -> widgets.Widget:
    """Return public notice, register of objections and decision."""
    return _Publication(session).widget


class _Publication:
    """The tabs; what is recorded on one brings the others up to date."""

    def __init__(self, session: RoundSession) -> None:
        self._notices = NoticePage(session, self._draw)
        self._objections = ObjectionPage(session, self._draw)
        self._decision = DecisionPage(session, self._draw)
        pages = (self._notices, self._objections, self._decision)
        tabs = widgets.Tab([page.widget for page in pages])
        tabs.titles = ("公示", "异议", "决定")
        self.widget = build_screen(session, TITLE, tabs)

    def _draw(self) -> None:
        self._notices.draw()
        self._objections.draw()
        self._decision.draw()
