"""Summaries, unit by unit: the text beside the unit's numbers, its heads to confirm, a level."""

import ipywidgets as widgets

from kjfp_helpers.panels.scoring.summary_assessment import TITLE, Readings
from kjfp_helpers.panels.widgets.layout import message, panel, screen
from kjfp_helpers.panels.widgets.widget import Panel
from kjfp_helpers.state import RoundSession


@screen(TITLE, "summaries")
def summaries(session: RoundSession, reader: str = "") -> widgets.Widget:
    """Return the walk through the summaries received; ``reader`` is who assesses.

    Without one it is the system's or the hub's user.
    """
    readings = Readings(session, session.current_state(), reader)
    if not readings.units:
        return panel(session, TITLE, message("还没有收到工作总结。", "收到并登记后重新运行本页。"))
    return Panel(readings)
