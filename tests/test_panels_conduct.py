"""The secretary's part of the start page: packets, signed sheets, the reveal, phrases, whose page."""

from dataclasses import replace

import ipywidgets as widgets
import pytest
from panel_round import open_round
from test_panels_screens import button, everything, form_of, of_kind, text
from test_panels_sitting import Page, bodies

from kjfp_helpers import panels
from kjfp_helpers.core.events import IdentitiesRevealed, SheetSigned
from kjfp_helpers.panel_review.scoring.member_packet import sheet_code
from kjfp_helpers.panels.widgets.widget import Panel
from kjfp_helpers.state.panel.member_progress import member_states
from kjfp_helpers.state.panel.packet_building import gather, gather_all


@pytest.fixture
def desk(tmp_path):
    return open_round(tmp_path)


def score_all(page, mark=80):
    for case in page.say("hello")["cases"]:
        page.save(case=case["key"], base=case["seq"], answers=page.full(mark, case["key"]))


def state(desk, member="M01"):
    return next(row for row in member_states(desk.review()) if row["member"] == member)


def real(desk, **users):
    """Make the round a real one with accounts in the panel's table."""
    about = desk.round.notice.round.model_copy(update={"rehearsal": False})
    notice = desk.round.notice.model_copy(update={"round": about})
    panel = tuple(replace(one, user=users.get(one.member, "")) for one in desk.round.panel)
    desk.round = replace(desk.round, notice=notice, panel=panel)


def tick_in(screen, member, code):
    whose = next(w for w in of_kind(screen, widgets.Dropdown) if ("请选择", "") in w.options)
    assert member in {value for _, value in whose.options}
    whose.value = member
    entries = of_kind(screen, widgets.Text)
    entries[0].value, entries[1].value = code, "收件员"
    button(screen, "确认收回签字表").click()


def test_states_follow_a_packet_from_declaration_to_signature(desk):
    assert state(desk)["declared"] == "未声明" and state(desk)["sealed"] == ""
    page = Page(desk)
    score_all(page)
    assert (state(desk)["declared"], state(desk)["share"]) == ("已声明", (16, 16))
    page.say("seal")
    assert (state(desk)["sealed"], state(desk)["signed"]) == ("已封存", "")
    tick_in(panels.start(desk), "M01", sheet_code(page.sitting.packet.digest()))
    assert state(desk)["signed"] == "已收回"
    page.say("reopen", reason="笔误")
    row = state(desk)
    assert (row["sealed"], row["signed"], row["reopened"]) == ("已启封", "须重签", 1)
    assert "已启封" in text(panels.start(desk)) and "须重签" in text(panels.start(desk))


def test_a_sheet_of_other_marks_is_refused_and_the_right_one_names_what_was_sealed(desk):
    page = Page(desk)
    score_all(page)
    before = page.sitting.packet.digest()
    first = next(iter(page.say("hello")["cases"]))
    page.save(case=first["key"], base=first["seq"], answers=page.full(81, first["key"]))
    page.say("seal")
    screen = panels.start(desk)
    tick_in(screen, "M01", sheet_code(before))
    assert not bodies(desk, SheetSigned) and "核对码与封存的评分不符" in text(screen)
    tick_in(screen, "M01", sheet_code(page.sitting.packet.digest()).lower())
    (signed,) = bodies(desk, SheetSigned)
    assert signed.digest == page.sitting.packet.digest() and signed.by == ("收件员",)
    assert signed.packet == page.sitting.packet.code
    whose = of_kind(screen, widgets.Dropdown)[0]
    assert "M01" not in {value for _, value in whose.options}


def test_a_packet_opened_between_choosing_and_confirming_takes_no_sheet(desk):
    page = Page(desk)
    score_all(page)
    page.say("seal")
    screen = panels.start(desk)
    page.say("reopen", reason="笔误")
    tick_in(screen, "M01", sheet_code(page.sitting.packet.digest()))
    assert not bodies(desk, SheetSigned) and "此卷没有封存" in text(screen)


def test_member_sees_that_the_sheet_came_back_and_that_it_went_stale(desk):
    page = Page(desk)
    score_all(page)
    page.say("seal")
    digest, code = page.sitting.packet.digest(), page.sitting.packet.code
    desk.record(SheetSigned(member="M01", packet=code, digest=digest, by=("收件员",)))
    assert page.say("hello")["signed"] and not page.say("hello")["resign"]
    page.say("reopen", reason="笔误")
    assert page.say("hello")["resign"] is True


def test_reveal_asks_for_reason_and_names_and_is_recorded_once(desk):
    screen = panels.start(desk)
    assert "还有 3 卷没有封存" in text(screen)
    reveal = button(screen, "确认揭示身份")
    reveal.click()
    assert "请先填写：理由、决定人" in text(screen) and not bodies(desk, IdentitiesRevealed)
    reason, by = form_of(screen, "揭示身份")
    for _ in range(2):
        reason.value, by.value = "进入合议", "测试甲、测试乙"
        reveal.click()
    (event,) = bodies(desk, IdentitiesRevealed)
    assert (event.reason, event.by) == ("进入合议", ("测试甲", "测试乙"))
    assert "身份已经揭示" in text(screen) and "已揭示 #" in text(screen)


def test_marks_after_the_reveal_are_counted_for_the_secretary(desk):
    page = Page(desk)
    page.save(case="1", answers=page.full(80))
    desk.record(IdentitiesRevealed(reason="进入合议", by=("测试甲",)))
    page.save(case="2", answers=page.full(80, "2"))
    assert state(desk)["after"] == 1


def test_all_packets_at_once_are_what_each_is_alone(desk):
    for member in ("M01", "M02"):
        page = Page(desk, member=member, window=member)
        page.save(case="3", answers=page.full(77, "3"))
        page.say("park", case="2", on=True)
    desk.record(IdentitiesRevealed(reason="进入合议", by=("测试甲",)))
    review = desk.review()
    for member, packet in gather_all(review).items():
        alone = gather(review, member)
        assert replace_seen(packet) == replace_seen(alone)


def replace_seen(packet):
    packet.seen = 0  # a packet gathered with others saw its own member's events alone
    return packet


def test_phrases_used_are_listed_with_their_counts(desk):
    page = Page(desk)
    phrase = desk.round.rubric.criteria("team")[0].phrases[0]
    case = next(one for one in page.welcome["cases"] if one["kind"] == "team")["key"]
    page.save(case=case, answers=page.full(80, case), comment=f"{phrase}。")
    shown = text(panels.start(desk))
    assert phrase in shown and "用了几件" in shown
    assert phrase not in text(panels.start(open_round(desk.outputs / "other")))


def test_alerts_are_for_the_office_and_never_for_a_member(desk, monkeypatch):
    page = Page(desk)
    score_all(page)
    assert "16 件总分全部相同" in text(panels.start(desk))
    real(desk, M02="bob")
    monkeypatch.setenv("JUPYTERHUB_USER", "bob")
    shown = panels.start(desk)
    assert "16/16" in text(shown) and "全部相同" not in text(shown)
    assert not [w for w in everything(shown) if isinstance(w, widgets.Button)]


@pytest.mark.parametrize(
    ("user", "opens"), [("alice", True), ("演练秘书", True), ("bob", False), ("who", False)]
)
def test_a_packet_opens_to_its_member_and_the_office_alone(desk, monkeypatch, user, opens):
    real(desk, M01="alice", M02="bob")
    monkeypatch.setenv("JUPYTERHUB_USER", user)
    screen = panels.show_scoring(desk, "M01")
    assert isinstance(screen, Panel) == opens
    if not opens:
        told = text(screen)
        assert user in told and ("M02.ipynb" in told) == (user == "bob")
        assert not any(case.name in told for case in desk.review().cases)


def test_without_an_account_in_the_table_and_in_a_rehearsal_anybody_may_open(desk, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "who")
    assert isinstance(panels.show_scoring(desk, "M01"), Panel)
    real(desk, M02="bob")
    assert isinstance(panels.show_scoring(desk, "M01"), Panel)
