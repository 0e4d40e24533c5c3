"""Summaries, unit by unit: the text beside the unit's numbers, its heads to confirm, a level."""

import ipywidgets as widgets

from kjfp_helpers.panels.scoring.summary_assessment_handler import TITLE, SummaryAssessmentHandler
from kjfp_helpers.panels.widgets.screen_frame import build_screen, empty_widget, screen
from kjfp_helpers.panels.widgets.widget import PanelWidget
from kjfp_helpers.state import RoundSession


@screen(TITLE, "summaries")
def show_summaries(session: RoundSession, reader: str = "") -> widgets.Widget:
    """Return the walk through the summaries received; ``reader`` is who assesses.

    Without one it is the system's or the hub's user.
    """
    readings = SummaryAssessmentHandler(session, session.current_state(), reader)
    if not readings.units:
        return build_screen(
            session, TITLE, empty_widget("还没有收到工作总结", "收到并登记后，刷新本页（F5）。")
        )
    return PanelWidget(readings)
