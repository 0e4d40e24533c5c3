"""Scoring page: an anonymized case beside the member's own scores."""

import ipywidgets as widgets

from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.panels.scoring.scoring_handler import TITLE, ScoringHandler
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.page_widget import PanelWidget
from kjfp_helpers.panels.widgets.screen_frame import (
    build_screen,
    empty_widget,
    html_widget,
    message_widget,
    screen,
)
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.panel.member_progress import describe_members


@screen(TITLE, "scoring")
def show_scoring(session: RoundSession, member: str = "") -> widgets.Widget:
    """Return one member's scoring screen, as the ledger left it, at the next unscored case.

    Without a member it is the account's own; to an account that is no member's, the list of the
    scoring pages. Raises nothing: an unknown member or an empty packet is said on the screen.
    """
    state = session.current_state()
    member = member or session.access().member
    if not member:
        return build_screen(session, TITLE, html_widget(_list_packets(state)))
    if member not in state.round.member_by_id:
        hint = suggest(member, state.round.member_by_id)
        return build_screen(
            session,
            TITLE,
            message_widget(
                f"没有编号为“{member}”的评委。",
                f"点上方灰色条展开参数，改正评委编号后重新运行（{hint}）；不清楚请询问工作人员。",
                setup=True,
            ),
        )
    if not session.access().may_open_packet(member, state.events):
        return build_screen(session, TITLE, _not_yours(session, state, member))
    handler = ScoringHandler(session, state, member)
    if not handler.packet.cases:
        if handler.packet.departure:
            return build_screen(session, TITLE, message_widget(handler.lock_reason()))
        return build_screen(
            session,
            TITLE,
            empty_widget(
                "现在没有分给您的推荐材料",
                "请询问工作人员是否已经分派；分派后，刷新本页（F5）即可。",
                to_start=False,
            ),
        )
    return PanelWidget(handler)


def _list_packets(state: RoundState) -> str:
    """Return the links to the members' scoring pages, each with what is scored there."""
    return render_template("packets", members=describe_members(state))


def _not_yours(session: RoundSession, state: RoundState, member: str) -> widgets.HTML:
    """Say whose page it is; nothing of the packet is shown, which may hold cases stepped back from.

    Marks of another member are not for the user's eyes either.
    """
    access, name = session.access(), state.round.member_by_id[member].name
    own, user = access.member, access.user
    advice = (
        f"您的评分笔记本是 {own}.ipynb，请改为打开那一本。"
        if own
        else "请用评委本人的账号登录；评委名册中的账号有误，请告诉工作人员。"
    )
    problem = f"这是评委{name}（{member}）的评分页，您登录的账号是“{user}”，不能查看和评分。"
    return message_widget(problem, advice)
