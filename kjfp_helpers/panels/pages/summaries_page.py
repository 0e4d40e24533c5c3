"""Summaries and assessment: reading desk, results, heads, copied passages, experiences, acts."""

import ipywidgets as widgets

from kjfp_helpers.core.events import AssessmentConfirmed
from kjfp_helpers.notice.assessment.reader_view import hide_others
from kjfp_helpers.panels.assessment.assessment_forms import AssessmentForms
from kjfp_helpers.panels.assessment.assessment_tables import AssessmentTables
from kjfp_helpers.panels.scoring.summary_assessment_handler import TITLE, SummaryAssessmentHandler
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.page_widget import PanelWidget
from kjfp_helpers.panels.widgets.screen_frame import (
    build_screen,
    empty_widget,
    html_widget,
    screen,
    vbox,
)
from kjfp_helpers.reports.office.assessment.assessment_workbook import result_note
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.access import ASSESSOR, current_user


@screen(TITLE, "summaries")
def show_summaries(session: RoundSession, reader: str = "") -> widgets.Widget:
    """Return the walk through the summaries received, and the assessment of the units around it.

    ``reader`` is who assesses; without one it is the system's or the hub's user. In a round without
    a scheme there is the walk alone.
    """
    state = session.current_state()
    readings = SummaryAssessmentHandler(session, state, reader)
    if state.assessment is None:
        return PanelWidget(readings) if readings.units else _nothing(session)
    tables, user = AssessmentTables(session, state), current_user(session.round)
    note = html_widget()

    def draw() -> None:
        state = session.current_state(check_members=False)
        if state.assessment is not None:
            reads_only = not session.access().may_record(AssessmentConfirmed)
            reads_only = reads_only and ASSESSOR in session.access().roles
            shown = hide_others(state.assessment, user) if reads_only else state.assessment
            tables.draw(state, shown)
            forms.refresh(state)
            note.value = render_template("note", words=result_note(state.assessment))

    forms = AssessmentForms(session, draw)
    children: dict[str, widgets.Widget] = {
        "评定": PanelWidget(readings) if readings.units else _no_reading(),
        **tables.by_title,
    }
    children["结果"] = vbox(note, tables.by_title["结果"])
    if forms.is_shown:
        children["办理"] = forms.widget
    tabs = widgets.Tab(list(children.values()))
    tabs.titles = tuple(children)
    tabs.observe(lambda _: draw(), "selected_index")
    draw()
    return build_screen(session, TITLE, tabs)


def _nothing(session: RoundSession) -> widgets.Widget:
    return build_screen(
        session, TITLE, empty_widget("还没有收到工作总结", "收到并登记后，刷新本页（F5）。")
    )


def _no_reading() -> widgets.Widget:
    advice = "没有分派给您的总结，或还没有收到总结。由秘书在“办理”里分派后，刷新本页（F5）。"
    return empty_widget("没有要评定的总结", advice)
