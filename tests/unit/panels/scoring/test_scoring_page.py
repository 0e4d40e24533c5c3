"""The scoring screen as the notebook shows it: code and style in the widget, never a case."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers import panels
from kjfp_helpers.panels.scoring.claim_highlighting import highlight_claims
from kjfp_helpers.panels.widgets.page_widget import PanelWidget
from kjfp_helpers.state.panel.packet_building import build_packet
from support.rounds.panel_round import open_round


@pytest.fixture
def session(tmp_path):
    return open_round(tmp_path)


def text(widget):
    parts = [widget, *getattr(widget, "children", ())]
    return "\n".join(str(getattr(part, "value", "")) for part in parts)


def test_widget_state_holds_no_case_and_no_mark(session):
    widget = panels.show_scoring(session, "M01")
    widget.handler.handle({"type": "hello", "window": "w"})
    state = json.dumps(widget.get_state(), ensure_ascii=False, default=str)
    assert isinstance(widget, PanelWidget)
    packet = build_packet(session.current_state(), "M01")
    for case in packet.cases.values():
        assert case.id not in state and case.name not in state
        assert case.nominee.story[:20] not in state
    assert "测试评委" not in state and "团队 01 号" not in state


def test_what_a_page_says_is_answered_through_the_widget(session, monkeypatch):
    widget, said = panels.show_scoring(session, "M01"), []
    monkeypatch.setattr(widget, "send", said.append)
    widget._handle_custom_msg({"type": "hello", "window": "w"}, [])
    assert [answer["type"] for answer in said] == ["welcome"] and said[0]["to"] == "w"


def test_unknown_member_is_told_the_nearest(session):
    words = text(panels.show_scoring(session, "M1"))
    assert "没有编号为“M1”的评委" in words and "M01" in words


def test_member_without_cases_is_told_so(session):
    assert "没有分给您" in text(panels.show_scoring(session, "M04"))


def test_numbers_and_claims_are_marked_and_the_form_s_own_stand_out():
    page = highlight_claims("带动3,200人脱贫，荣获一等奖，<b>增收6000元</b>", (3200,))
    assert '<mark class="kj-num same">3,200人</mark>' in page
    assert '<mark class="kj-claim">荣获</mark>' in page and "&lt;b&gt;" in page
    assert '<mark class="kj-num">6000元</mark>' in page
    assert highlight_claims("2017年春") == "2017年春"


@given(st.text(alphabet="一二三百人户获奖第一<>&\"'3,.年", max_size=40))
def test_marking_changes_no_word_and_lets_no_tag_through(words):
    page = highlight_claims(words)
    bare = page.replace("</mark>", "")
    for look in ("kj-num same", "kj-num", "kj-claim"):
        bare = bare.replace(f'<mark class="{look}">', "")
    assert bare.unescape() == words and "<" not in bare
