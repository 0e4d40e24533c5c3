"""What a page may have recorded, and what it is told: messages in, events and answers out."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.errors import LedgerError
from kjfp_helpers.core.events import (
    CaseDeferred,
    ConflictsDeclared,
    MemberRecused,
    PacketReopened,
    PacketSealed,
    ReadingsAssigned,
    ScoreGiven,
    ScoringClosed,
)
from support.pages.scoring_messages import Page, bodies
from support.rounds.panel_round import FIVE_CASES, open_round
from support.thoroughness import times

CASES = 5


@pytest.fixture
def session(tmp_path):
    return open_round(tmp_path, **FIVE_CASES)


@pytest.fixture
def page(session):
    return Page(session)


def test_saved_names_the_event_that_the_ledger_holds(page, session):
    answer = page.save(answers={"outcome": 80, "service": 75}, comment="扎实")
    event = session.ledger.events()[-1]
    assert (answer["type"], answer["event_seq"]) == ("saved", event.seq)
    assert dict(event.body.scores) == {"outcome": 80, "service": 75}
    assert event.actor == event.body.member == "M01" and event.body.comment == "扎实"


def test_a_save_sent_twice_is_recorded_once(page, session):
    first = page.save(request_id="same")
    second = page.save(request_id="same")
    assert first["event_seq"] == second["event_seq"] and second["type"] == "saved"
    assert len(bodies(session, ScoreGiven)) == 1


def test_a_save_sent_again_to_a_new_kernel_is_recorded_once(page, session):
    first = page.save(request_id="same")
    assert Page(session).save(request_id="same")["event_seq"] == first["event_seq"]
    assert len(bodies(session, ScoreGiven)) == 1


def test_a_page_left_open_never_overwrites_a_newer_mark(page, session):
    other = Page(session, window="w2")
    other.say("takeover")
    newer = other.save(answers={"outcome": 61})
    page.say("takeover")
    answer = page.save(answers={"outcome": 99})
    assert answer["type"] == "stale" and answer["case"]["answers"] == {"outcome": 61}
    assert len(bodies(session, ScoreGiven)) == 1
    assert page.save(answers={"outcome": 99}, base_seq=newer["event_seq"])["type"] == "saved"


@pytest.mark.parametrize(
    "answers",
    [
        {"outcome": 101},
        {"outcome": -1},
        {"outcome": 80.5},
        {"outcome": "80"},
        {"outcome": True},
        {"outcome": None},
        {"nothing": 80},
        [80],
        None,
    ],
)
def test_marks_off_the_scale_are_refused_and_not_tried_again(page, session, answers):
    answer = page.save(answers=answers)
    assert answer["type"] == "refused" and not answer["retry"] and answer["reason"]
    assert not bodies(session, ScoreGiven)


def test_failed_write_is_refused_to_be_tried_again(page, session, monkeypatch):
    def full(*_, **__):
        raise LedgerError("台账", expected="可以写入", found="磁盘已满", advice="清理磁盘")

    with monkeypatch.context() as patch:
        patch.setattr(session, "record_atomically", full)
        answer = page.save(request_id="a")
        assert answer["type"] == "refused" and answer["retry"] and "磁盘已满" in answer["reason"]
    assert page.save(request_id="a")["type"] == "saved"


def test_unforeseen_failure_tells_no_text_of_it(page, session, monkeypatch):
    def crash(*_, **__):
        raise RuntimeError("评语全文")

    monkeypatch.setattr(session, "record_atomically", crash)
    answer = page.save()
    assert answer["type"] == "refused" and "评语全文" not in answer["reason"]


def test_undo_walks_back_step_by_step_with_events_of_its_own(page, session):
    page.save(answers={"outcome": 80})
    seq = page.save(answers={"outcome": 85}, base_seq=session.ledger.head()[0])["event_seq"]
    back = page.say("undo", case="1", base_seq=seq)
    assert back["case"]["answers"] == {"outcome": 80}
    empty = page.say("undo", case="1", base_seq=back["event_seq"])
    assert empty["case"]["answers"] == {} and empty["case"]["undo_seq"] == 0
    assert page.say("undo", case="1", base_seq=empty["event_seq"])["type"] == "refused"
    assert [dict(mark.scores) for mark in bodies(session, ScoreGiven)] == [
        {"outcome": 80},
        {"outcome": 85},
        {"outcome": 80},
        {},
    ]


STEPS = st.lists(st.one_of(st.none(), st.integers(0, 100)), max_size=12)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_undo_is_a_stack_whatever_was_typed(any_page, steps):
    page, stack = any_page, []
    page.say("takeover")
    base = page.handler.packet.scores[next(iter(page.handler.packet.cases))].seq
    while (answer := page.say("undo", case="1", base_seq=base))["type"] == "saved":
        base = answer["event_seq"]
    for mark in steps:
        if mark is None:
            answer, stack = page.say("undo", case="1", base_seq=base), stack[:-1]
        else:
            answer = page.save(answers={"outcome": mark}, base_seq=base)
            stack.append(mark)
        base = answer.get("event_seq", base)
    (shown,) = [one for one in page.say("hello")["cases"] if one["key"] == "1"]
    assert shown["answers"] == ({"outcome": stack[-1]} if stack else {})
    assert shown["event_seq"] == base


def test_undo_goes_on_after_the_kernel_was_replaced(page, session):
    seq = page.save(answers={"outcome": 80})["event_seq"]
    seq = page.save(answers={"outcome": 85}, base_seq=seq)["event_seq"]
    seq = page.say("undo", case="1", base_seq=seq)["event_seq"]
    again = Page(session)
    assert again.say("undo", case="1", base_seq=seq)["case"]["answers"] == {}


def test_nothing_is_shown_before_the_conflicts_are_declared(session):
    page = Page(session, declared=False)
    assert page.welcome["cases"] == []
    assert page.save()["type"] == "refused" and not bodies(session, ScoreGiven)
    assert page.say("declare", statement=" ")["type"] == "refused"
    page.say("declare", statement="与某协会有合作")
    assert bodies(session, ConflictsDeclared)[0].statement == "与某协会有合作"
    assert len(page.say("hello")["cases"]) == CASES


def test_recused_case_is_gone_from_packet_and_page(page, session):
    assert page.say("recuse", case="1", reason=" ")["type"] == "refused"
    answer = page.say("recuse", case="1", reason="同单位")
    assert answer["gone"] == "1" and bodies(session, MemberRecused)[0].reason == "同单位"
    assert page.save()["gone"] == "1" and not bodies(session, ScoreGiven)
    again = Page(session).welcome
    assert "1" not in {case["key"] for case in again["cases"]} and len(again["cases"]) == CASES - 1


def test_parked_case_is_parked_until_taken_up(page, session):
    assert page.say("park", case="2", parked=True)["case"]["parked"] is True
    assert Page(session).welcome["cases"][1]["parked"] is True
    assert page.say("park", case="2", parked=False)["case"]["parked"] is False
    assert [body.parked for body in bodies(session, CaseDeferred)] == [True, False]


def test_seal_asks_for_every_mark_and_ends_the_packet(page, session):
    assert f"{CASES} 件" in page.say("seal")["reason"]
    for case in page.welcome["cases"]:
        page.save(case=case["key"], answers=page.full(80, case["key"]))
    assert page.say("seal")["sealed"] and len(bodies(session, PacketSealed)) == 1
    assert "已封存" in page.save(answers={"outcome": 1})["reason"]
    assert page.say("reopen", reason="")["type"] == "refused"
    assert page.say("reopen", reason="笔误")["sealed"] is None
    assert bodies(session, PacketReopened)[0].reason == "笔误"


def test_extreme_mark_without_a_comment_keeps_the_packet_open(page):
    for case in page.welcome["cases"]:
        page.save(
            case=case["key"], answers=page.full(59 if case["key"] == "3" else 80, case["key"])
        )
    assert "1 件" in page.say("seal")["reason"]


def test_second_window_reads_only_until_it_takes_over(page, session):
    second = Page(session, window="w2")
    assert second.welcome["readonly"] and second.save()["type"] == "readonly"
    assert not bodies(session, ScoreGiven)
    assert second.say("takeover")["readonly"] is False
    assert page.say("ping")["readonly"] and page.save()["type"] == "readonly"
    assert second.save()["type"] == "saved"


def test_seat_of_a_closed_window_is_free_at_once_and_of_a_killed_one_when_it_lapses(
    session, monkeypatch
):
    monkeypatch.setattr("kjfp_helpers.panels.widgets.protocol.LEASE_SECONDS", 0)
    page = Page(session)
    assert not Page(session, window="w2").welcome["readonly"]
    monkeypatch.undo()
    page.say("takeover")
    page.say("leave")
    assert not Page(session, window="w3").welcome["readonly"]


def test_members_do_not_take_each_other_s_seats(page, session):
    assert not Page(session, window="w2", member="M02").welcome["readonly"]


def test_readings_assigned_anew_are_told_and_the_old_keys_write_nothing(page, session):
    cases = tuple(reversed(page.handler.packet.numbers))
    session.record(ReadingsAssigned(readings={"M01": cases[:4]}, seed=2, digest="1" * 64))
    answer = page.save()
    assert answer["type"] == "refused" and answer["renew"] and not bodies(session, ScoreGiven)
    welcome = page.say("hello")
    assert welcome["packet"] != page.welcome["packet"] and len(welcome["cases"]) == 4


def test_marks_after_closing_are_recorded_and_said_not_to_count(page, session):
    session.record(ScoringClosed(reason="到期"))
    assert page.save()["type"] == "saved"
    assert page.say("hello")["closed"] is True


def test_page_holds_no_case_id_no_masked_word_and_no_mark_of_another(session):
    other = Page(session, member="M02", window="x")
    other.save(answers={"outcome": 97}, comment="另一评委的评语")
    welcome = Page(session, cards=True).welcome
    assert all(case["page"] for case in welcome["cases"])
    text = json.dumps(welcome, ensure_ascii=False)
    for case in session.current_state().screening.cases:
        assert case.id not in text and case.name not in text
    assert "另一评委的评语" not in text and "13800000000" not in text
    assert "<script" not in text
    assert not any(case["answers"] for case in welcome["cases"])


def test_declaration_speaks_of_units_alone(session):
    page = Page(session, declared=False)
    text = json.dumps(page.welcome, ensure_ascii=False)
    assert not any(case.name in text for case in session.current_state().screening.cases)


def test_sheet_carries_packet_code_ledger_head_and_own_marks(page, session):
    page.save(answers={"outcome": 88})
    seq, digest = session.ledger.head()
    sheet = page.say("sheet")["page"]
    assert page.welcome["packet"] in sheet and f"#{seq}" in sheet and digest in sheet
    assert ">88<" in sheet and "size: A4" in sheet
    assert '@top-left { content: "评委 M01' in sheet and "没有回避的材料" in sheet
    page.say("recuse", case="2", reason="同一课题组", kind="")
    assert "同一课题组" in page.say("sheet")["page"]


@settings(max_examples=times(20, 60), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    message=st.dictionaries(
        st.sampled_from(
            ["type", "case", "answers", "comment", "base_seq", "packet", "window", "request_id"]
        ),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.text(max_size=8),
            st.lists(st.integers(), max_size=2),
            st.sampled_from(["save", "undo", "park", "recuse", "seal", "reopen", "ping", "1"]),
        ),
    )
)
def test_whatever_a_page_says_is_answered_and_never_half_recorded(any_page, message):
    before = any_page.session.ledger.head()
    answer = any_page.handler.handle(message)
    assert answer is None or answer["type"] in {"pong", "refused", "stale", "readonly", "saved"}
    if answer is None or answer["type"] != "saved":
        assert any_page.session.ledger.head() == before


@pytest.fixture(scope="module")
def any_page(tmp_path_factory):
    return Page(open_round(tmp_path_factory.mktemp("any"), **FIVE_CASES))
