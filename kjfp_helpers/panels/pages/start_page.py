"""Start: which round this is, how far it has come, who does what next."""

import ipywidgets as widgets

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.panels.pages.scoring_oversight_page import build_scoring_oversight
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.screen_frame import (
    build_screen,
    html_widget,
    message_widget,
    screen,
)
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.panel.pending_relationship_rulings import list_open_questions
from kjfp_helpers.state.panel.review_progress import expected_errors_text
from kjfp_helpers.state.secretary.round_progress import describe_freeze, list_steps, next_step

TITLE = "开始与进度"


@screen(TITLE, "start")
def show_start(session: RoundSession) -> widgets.Widget:
    """Return the state of the round: its rules, the steps of the flow, each member's progress."""
    state = session.current_state(require_frozen=False) if session.received.exists() else None
    flow = list_steps(session, state)
    notice = session.round.notice.round
    page = render_template(
        "start",
        notice=notice,
        name=session.round.name,
        units=len(session.round.units),
        steps=flow,
        now=next_step(flow),
        freeze=describe_freeze(session),
        default_rubric=session.round.rubric.default,
        told=expected_errors_text(state) if state else "",
        ties=list_open_questions(state) if state and session.access().may_open("results") else (),
    )
    assigned = state is not None and not state.scores.readings.empty
    parts = [_conduct(session)] if assigned else []
    return build_screen(session, notice.title, html_widget(page), *parts, note=notice.document)


def _conduct(session: RoundSession) -> widgets.Widget:
    """Return the members' progress, or why it cannot be shown."""
    try:
        return build_scoring_oversight(session)
    except KjfpError as error:
        return message_widget(str(error))
