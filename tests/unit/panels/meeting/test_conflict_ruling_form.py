"""A ruling on a conflict: from the form to the member's packet and to the totals."""

import ipywidgets as widgets
import pytest

from kjfp_helpers.core.events import ConflictRuled, MemberRecused, ReadingsAssigned, ScoreGiven
from kjfp_helpers.panels.meeting.conflict_ruling_form import build_conflict_ruling_form
from kjfp_helpers.panels.meeting.decision_list import list_decisions
from kjfp_helpers.panels.scoring.scoring_handler import ScoringHandler
from support.pages.scoring_messages import with_cards
from support.rounds.panel_round import open_round

pytestmark = pytest.mark.slow


@pytest.fixture
def session(tmp_path):
    return open_round(tmp_path)


@pytest.fixture
def form(session):
    return build_conflict_ruling_form(session, lambda: None)


def controls(widget):
    found = [widget]
    for one in found:
        found += getattr(one, "children", ())
    return found


def fill(form, member, case, said, reason="核实过", first="甲", second="乙"):
    whom, what, act = [one for one in controls(form) if isinstance(one, widgets.Dropdown)]
    whom.value, act.value = member, said
    what.value = case
    entries = [one for one in controls(form) if isinstance(one, widgets.Text)]
    for entry, words in zip(entries, (reason, first, second), strict=True):
        entry.value = words
    next(one for one in controls(form) if isinstance(one, widgets.Button)).click()
    return "".join(one.value for one in controls(form) if isinstance(one, widgets.HTML))


def rulings(session):
    return [
        event.body for event in session.ledger.events() if isinstance(event.body, ConflictRuled)
    ]


def open_page(session, member="M01"):
    handler = ScoringHandler(session, session.current_state(), member)
    say = {"window": "w", "request_id": "1", "type": "hello"}
    handler.handle(say)
    handler.handle({**say, "type": "declare", "none": True, "statement": "", "request_id": "2"})
    return handler, with_cards(handler, handler.handle({**say, "request_id": "3"}))


def test_ruling_needs_two_different_persons_and_a_reason(session, form):
    case = session.current_state().screening.eligible_cases[0].id
    assert "应为不同的人" in fill(form, "M01", case, "裁定应当回避", second="甲")
    assert "请先填写：理由" in fill(form, "M01", case, "裁定应当回避", reason=" ")
    assert not rulings(session)


def test_cases_a_member_may_not_read_come_first_with_the_reason(session, form):
    case = session.current_state().screening.eligible_cases[-1].id
    session.record(MemberRecused(member="M02", case=case, reason="师生"))
    whom, what, _ = [one for one in controls(form) if isinstance(one, widgets.Dropdown)]
    whom.value = "M02"
    label, value = what.options[1]
    assert value == case and "师生" in label


def test_case_ruled_in_leaves_the_packet_the_page_and_the_totals_and_comes_back(session, form):
    handler, welcome = open_page(session)
    case = next(iter(handler.packet.cases))
    key = str(handler.packet.numbers[case])
    scores = {one.id: 80.0 for one in handler.packet.criteria(case)}
    session.record(ScoreGiven(member="M01", case=case, scores=scores))
    assert len(session.current_state().scores.tables.totals) == 1
    fill(form, "M01", case, "裁定应当回避")
    state = session.current_state()
    assert state.scores.tables.totals.empty and state.scores.tables.excluded["reason"].tolist() == [
        "已回避"
    ]
    save = {
        "window": "w",
        "request_id": "9",
        "type": "save",
        "packet": welcome["packet"],
        "case": key,
    }
    answer = handler.handle({**save, "base_seq": None, "answers": scores})
    assert answer["type"] == "refused" and answer["renew"]
    _, page = open_page(session)
    assert key not in {one["key"] for one in page["cases"]}
    fill(form, "M01", case, "提出异议，待裁定")
    assert session.current_state().scores.tables.totals.empty
    fill(form, "M01", case, "裁定无须回避")
    assert len(session.current_state().scores.tables.totals) == 1
    _, page = open_page(session)
    assert key in {one["key"] for one in page["cases"]}
    assert [body.bars for body in rulings(session)] == [True, None, False]
    rows = list_decisions(session.current_state())
    assert [row.what for row in rows] == ["回避裁定"] * 3
    assert [row.words.partition("；")[0] for row in rows] == ["准予回避", "待说明", "不构成回避"]


def test_nothing_of_a_case_is_handed_out_once_it_is_ruled_in(session):
    handler, welcome = open_page(session)
    case = next(iter(handler.packet.cases))
    asked = {"window": "w", "case": str(handler.packet.numbers[case])}
    session.record(
        ConflictRuled(member="M01", case=case, bars=True, reason="同事", by=("甲", "乙"))
    )
    card, photo = (handler.handle({**asked, "type": kind}) for kind in ("card", "photo"))
    assert card["page"] is photo["photo"] is None and card["renew"] and photo["renew"]
    left = handler.handle({"window": "w", "type": "hello"})["cases"]
    assert [one["key"] for one in left] == [
        one["key"] for one in welcome["cases"] if one["key"] != asked["case"]
    ]
    assert handler.handle({**asked, "type": "card", "case": left[0]["key"]})["page"]


def test_second_round_afresh_opens_an_unsealed_packet_with_the_marks_before_beside_it(session):
    handler, _ = open_page(session)
    case = next(iter(handler.packet.cases))
    session.record(
        ScoreGiven(member="M01", case=case, scores={"outcome": 93.0}, comment="首轮评语")
    )
    again = ReadingsAssigned(
        readings={"M01": (case,)}, seed=1, digest="2" * 64, round=2, afresh=True
    )
    session.record(again)
    handler, page = open_page(session)
    (one,) = page["cases"]
    assert not one["answers"] and not one["comment"] and one["event_seq"] is None
    assert "您第 1 轮的评分" in one["page"] and "首轮评语" in one["page"]
    say = {
        "window": "w",
        "request_id": "8",
        "type": "save",
        "packet": page["packet"],
        "case": one["key"],
    }
    assert handler.handle({**say, "base_seq": None, "answers": {"outcome": 70}})["type"] == "saved"
    marks = [event.body for event in session.ledger.events() if isinstance(event.body, ScoreGiven)]
    assert [(mark.round, mark.scores["outcome"]) for mark in marks] == [(1, 93.0), (2, 70.0)]


def test_common_anchor_case_is_told_on_its_card(session):
    handler, _ = open_page(session)
    cases = tuple(handler.packet.cases)
    session.record(
        ReadingsAssigned(
            readings={"M01": cases}, seed=1, digest="2" * 64, anchors=cases[:1], round=2
        )
    )
    _, page = open_page(session)
    assert ["共同基准件" in one["page"] for one in page["cases"][:2]] == [True, False]
