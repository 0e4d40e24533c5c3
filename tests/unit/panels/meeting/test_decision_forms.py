"""Decision forms: what is confirmed is what was shown."""

import pytest

from kjfp_helpers import panels
from kjfp_helpers.core.events import CaseVetoed, DecisionRevoked
from kjfp_helpers.panels.meeting.search_picker import CasePicker
from support.pages.widget_tree import button, everything, form_of, send, table_of, text
from support.rounds.panel_round import open_round
from support.state.recorded_scores import score

BY = ("测试甲", "测试乙")


@pytest.fixture
def session(tmp_path):
    session = open_round(tmp_path)
    score(session)
    return session


def listed(session):
    return list(
        session.current_state().decision.shortlist.query("kind == 'team' and status == 'listed'")[
            "case"
        ]
    )


def veto(session, case):
    session.record(CaseVetoed(case=case, clause="二", document="函1号", by=BY))


def confirm_button(screen, title):
    forms = (one for one in everything(screen) if "kj-decision" in one._dom_classes)
    own = (
        one
        for one in forms
        if any(getattr(w, "description", "") == f"确认{title}" for w in everything(one))
    )
    return button(next(own), "确认办理")


def ask_for_a_veto(session):
    screen = panels.show_results(session)
    picker = next(one for one in everything(screen) if isinstance(one, CasePicker))
    picker.value = listed(session)[0]
    for entry, words in zip(form_of(screen, "一票否决"), ("二", "函1号", *BY), strict=True):
        entry.value = words
    button(screen, "确认一票否决").click()
    return screen


@pytest.mark.slow
def test_one_click_strikes_nobody_and_the_preview_names_who_goes_and_who_comes(session):
    screen = ask_for_a_veto(session)
    assert "将退出" in text(screen) and "将递补或列入" in text(screen)
    assert not session.ledger.events().has(CaseVetoed)
    confirm_button(screen, "一票否决").click()
    assert session.ledger.events().has(CaseVetoed)


def test_what_changed_since_the_preview_is_shown_before_anything_is_recorded(session):
    screen = ask_for_a_veto(session)
    veto(session, listed(session)[1])
    head = session.ledger.head()
    confirm_button(screen, "一票否决").click()
    assert session.ledger.head() == head and "情况刚有变动" in text(screen)
    confirm_button(screen, "一票否决").click()
    assert len(session.ledger.events().of(CaseVetoed)) == 2


def test_the_decision_taken_back_is_the_one_on_the_screen(session):
    first, second = listed(session)[:2]
    veto(session, first)
    veto(session, second)
    screen = panels.show_results(session)
    table = table_of(screen, "已作出的决定")
    send(table, "act", row=0, act="revoke")
    for entry, words in zip(form_of(screen, "撤销决定"), ("点错", "纪要", *BY), strict=True):
        entry.value = words
    button(screen, "确认撤销决定").click()
    send(table, "act", row=1, act="revoke")
    confirm_button(screen, "撤销决定").click()
    assert not session.ledger.events().has(DecisionRevoked) and "情况刚有变动" in text(screen)
    confirm_button(screen, "撤销决定").click()
    revoked = session.ledger.events().last(DecisionRevoked)
    vetoes = session.ledger.events().of(CaseVetoed)
    assert revoked.decision == vetoes[1].seq
