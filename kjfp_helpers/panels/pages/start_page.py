"""Start: which round this is, how far it has come, who does what next."""

import ipywidgets as widgets

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.panels.pages.scoring_oversight import conduct
from kjfp_helpers.panels.widgets.html_templates import render
from kjfp_helpers.panels.widgets.layout import html, message, panel, screen
from kjfp_helpers.state import Desk
from kjfp_helpers.state.panel.review_progress import misplacement
from kjfp_helpers.state.panel.tie_questions import open_ties
from kjfp_helpers.state.secretary.round_progress import freeze_state, next_step, steps

TITLE = "开始与进度"


@screen(TITLE, "start")
def start(desk: Desk) -> widgets.Widget:
    """Return the state of the round: its rules, the steps of the flow, each member's progress."""
    review = desk.review(require_frozen=False) if desk.received.exists() else None
    flow = steps(desk, review)
    notice = desk.round.notice.round
    page = render(
        "start",
        notice=notice,
        name=desk.round.name,
        units=len(desk.round.units),
        steps=flow,
        now=next_step(flow),
        freeze=freeze_state(desk),
        default_rubric=desk.round.rubric.default,
        told=misplacement(review) if review else "",
        ties=open_ties(review) if review and desk.access().may_open("results") else (),
    )
    assigned = review is not None and not review.readings.empty
    parts = [_conduct(desk)] if assigned else []
    return panel(desk, notice.title, html(page), *parts, note=notice.document)


def _conduct(desk: Desk) -> widgets.Widget:
    """Return the members' progress, or why it cannot be shown."""
    try:
        return conduct(desk)
    except KjfpError as error:
        return message(str(error))
