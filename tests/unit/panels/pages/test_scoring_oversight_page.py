"""The secretary's part of the start page: packets, signed sheets, the reveal, phrases, whose page."""

from dataclasses import replace

import ipywidgets as widgets
import pytest

from kjfp_helpers import panels
from kjfp_helpers.core.events import IdentitiesRevealed, SheetSigned
from kjfp_helpers.panel_review.scoring.member_packet import short_digest
from kjfp_helpers.panels.widgets.page_widget import PanelWidget
from kjfp_helpers.state.panel.member_progress import describe_members
from kjfp_helpers.state.panel.packet_building import build_packet, build_packets
from support.pages.scoring_messages import Page, bodies
from support.pages.widget_tree import (
    button,
    confirm,
    form_of,
    of_kind,
    on_screen,
    table_of,
    text,
    tick,
)
from support.rounds.panel_round import FIVE_CASES, open_round

pytestmark = pytest.mark.slow


@pytest.fixture
def session(tmp_path):
    return open_round(tmp_path, **FIVE_CASES)


def score_all(page, mark=80):
    for case in page.say("hello")["cases"]:
        page.save(
            case=case["key"], base_seq=case["event_seq"], answers=page.full(mark, case["key"])
        )


def state(session, member="M01"):
    return next(row for row in describe_members(session.current_state()) if row["member"] == member)


def real(session, **users):
    """Make the round a real one with accounts in the panel's table."""
    about = session.round.notice.round.model_copy(update={"rehearsal": False})
    notice = session.round.notice.model_copy(update={"round": about})
    panel = tuple(replace(one, user=users.get(one.member, "")) for one in session.round.panel)
    session.round = replace(session.round, notice=notice, panel=panel)


def tick_in(screen, member, code):
    whose = next(w for w in of_kind(screen, widgets.Dropdown) if ("请选择", "") in w.options)
    assert member in {value for _, value in whose.options}
    whose.value = member
    entries = of_kind(screen, widgets.Text)
    entries[0].value, entries[1].value = code, "收件员"
    button(screen, "确认收回签字表").click()


@pytest.mark.slow
def test_states_follow_a_packet_from_declaration_to_signature(session):
    assert state(session)["declared"] == "未声明" and state(session)["sealed"] == ""
    page = Page(session)
    score_all(page)
    assert (state(session)["declared"], state(session)["share"]) == ("已声明", (5, 5))
    page.say("seal")
    assert (state(session)["sealed"], state(session)["signed"]) == ("已封存", "")
    tick_in(panels.show_start(session), "M01", short_digest(page.handler.packet.digest()))
    assert state(session)["signed"] == "已收回"
    page.say("reopen", reason="笔误")
    row = state(session)
    assert (row["sealed"], row["signed"], row["reopened"]) == ("已启封", "须重签", 1)
    assert "已启封" in text(panels.show_start(session)) and "须重签" in text(
        panels.show_start(session)
    )


def test_a_sheet_of_other_marks_is_refused_and_the_right_one_names_what_was_sealed(session):
    page = Page(session)
    score_all(page)
    before = page.handler.packet.digest()
    first = next(iter(page.say("hello")["cases"]))
    page.save(case=first["key"], base_seq=first["event_seq"], answers=page.full(81, first["key"]))
    page.say("seal")
    screen = panels.show_start(session)
    tick_in(screen, "M01", short_digest(before))
    assert not bodies(session, SheetSigned) and "核对码与封存的评分不符" in text(screen)
    tick_in(screen, "M01", short_digest(page.handler.packet.digest()).lower())
    (signed,) = bodies(session, SheetSigned)
    assert signed.digest == page.handler.packet.digest() and signed.by == ("收件员",)
    assert signed.packet == page.handler.packet.code
    whose = of_kind(screen, widgets.Dropdown)[0]
    assert "M01" not in {value for _, value in whose.options}


def test_a_packet_opened_between_choosing_and_confirming_takes_no_sheet(session):
    page = Page(session)
    score_all(page)
    page.say("seal")
    screen = panels.show_start(session)
    page.say("reopen", reason="笔误")
    tick_in(screen, "M01", short_digest(page.handler.packet.digest()))
    assert not bodies(session, SheetSigned) and "此卷没有封存" in text(screen)


def test_member_sees_that_the_sheet_came_back_and_that_it_went_stale(session):
    page = Page(session)
    score_all(page)
    page.say("seal")
    digest, code = page.handler.packet.digest(), page.handler.packet.code
    session.record(SheetSigned(member="M01", packet=code, digest=digest, by=("收件员",)))
    assert page.say("hello")["signed"] and not page.say("hello")["needs_new_signature"]
    page.say("reopen", reason="笔误")
    assert page.say("hello")["needs_new_signature"] is True


def test_reveal_asks_for_reason_and_names_and_is_recorded_once(session):
    screen = panels.show_start(session)
    assert "还有 3 卷没有封存" in text(screen)
    reveal = button(screen, "确认揭示身份")
    reveal.click()
    assert "请先填写：理由、决定人" in text(screen) and not bodies(session, IdentitiesRevealed)
    reason, by = form_of(screen, "揭示身份")
    for _ in range(2):
        reason.value, by.value = "进入合议", "测试甲、测试乙"
        confirm(screen, "揭示身份")
    (event,) = bodies(session, IdentitiesRevealed)
    assert (event.reason, event.by) == ("进入合议", ("测试甲", "测试乙"))
    assert "身份已经揭示" in text(screen) and "台账第" in text(screen)


def test_what_an_account_has_typed_and_chosen_stays_when_a_member_saves(session):
    screen = panels.show_start(session)
    reason, by = form_of(screen, "揭示身份")
    reason.value, by.value = "进入合议", "测试甲"
    confirm(screen, "揭示身份")
    reason.value = "还没有写完"
    whom = form_of(screen, "评委退出", widgets.Dropdown)[0]
    whom.value = "M02"
    (tab,) = of_kind(screen, widgets.Tab)
    tab.selected_index = 3
    phrases, step = table_of(screen, "常用评语"), button(screen, "登记来件")
    edition = phrases.describe()["edition"]
    page = Page(session)
    page.save(case="1", answers=page.full(80))
    tick(screen)
    assert "1/5" in text(screen)
    assert form_of(screen, "揭示身份")[0] is reason and reason.value == "还没有写完"
    assert whom.value == "M02" and of_kind(screen, widgets.Tab) == [tab] and tab.selected_index == 3
    assert phrases.describe()["edition"] == edition and "已保存 #" in text(screen)
    assert button(screen, "登记来件") is not step and step.comm is None


def test_marks_after_the_reveal_are_counted_for_the_secretary(session):
    page = Page(session)
    page.save(case="1", answers=page.full(80))
    session.record(IdentitiesRevealed(reason="进入合议", by=("测试甲",)))
    page.save(case="2", answers=page.full(80, "2"))
    assert state(session)["after"] == 1


def test_all_packets_at_once_are_what_each_is_alone(session):
    for member in ("M01", "M02"):
        page = Page(session, member=member, window=member)
        page.save(case="3", answers=page.full(77, "3"))
        page.say("park", case="2", parked=True)
    session.record(IdentitiesRevealed(reason="进入合议", by=("测试甲",)))
    state = session.current_state()
    for member, packet in build_packets(state).items():
        alone = build_packet(state, member)
        assert replace_seen(packet) == replace_seen(alone)


def replace_seen(packet):
    packet.last_seq = 0  # a packet gathered with others saw its own member's events alone
    return packet


def test_phrases_used_are_listed_with_their_counts(session):
    page = Page(session)
    phrase = session.round.rubric.criteria("team")[0].phrases[0]
    case = next(one for one in page.welcome["cases"] if one["kind"] == "team")["key"]
    page.save(case=case, answers=page.full(80, case), comment=f"{phrase}。")
    shown = text(panels.show_start(session))
    assert phrase in shown and "用了几件" in shown
    assert phrase not in text(panels.show_start(open_round(session.outputs / "other")))


def test_alerts_are_for_the_office_and_never_for_a_member(tmp_path, monkeypatch):
    session = open_round(tmp_path)
    page = Page(session)
    score_all(page)
    assert "16 件总分全部相同" in text(panels.show_start(session))
    real(session, M02="bob")
    monkeypatch.setenv("JUPYTERHUB_USER", "bob")
    shown = panels.show_start(session)
    assert "16/16" in text(shown) and "全部相同" not in text(shown)
    assert not [w for w in on_screen(shown) if isinstance(w, widgets.Button)]


@pytest.mark.parametrize(
    ("user", "opens"), [("alice", True), ("演练秘书", True), ("bob", False), ("who", False)]
)
def test_a_packet_opens_to_its_member_and_the_office_alone(session, monkeypatch, user, opens):
    real(session, M01="alice", M02="bob")
    monkeypatch.setenv("JUPYTERHUB_USER", user)
    screen = panels.show_scoring(session, "M01")
    assert isinstance(screen, PanelWidget) == opens
    if not opens:
        told = text(screen)
        assert user in told and ("M02.ipynb" in told) == (user == "bob")
        assert not any(case.name in told for case in session.current_state().screening.cases)


def test_without_an_account_in_the_table_and_in_a_rehearsal_anybody_may_open(session, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "who")
    assert isinstance(panels.show_scoring(session, "M01"), PanelWidget)
    real(session, M02="bob")
    assert isinstance(panels.show_scoring(session, "M01"), PanelWidget)
