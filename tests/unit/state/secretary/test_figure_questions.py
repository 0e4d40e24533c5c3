from datetime import UTC, datetime

import pytest

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import Event, LetterIssued
from kjfp_helpers.core.records import Section, Summary
from kjfp_helpers.rules import load_round
from kjfp_helpers.state import derive_state
from kjfp_helpers.state.secretary.figure_questions import (
    list_figure_questions,
    make_figure_assignment,
)
from kjfp_helpers.state.secretary.resolutions import confirm_finding, correct_fields
from kjfp_helpers.state.secretary.work_queue import work_items
from support.rounds.builders import intake, record, stocktake

AT = datetime(2020, 8, 20, tzinfo=UTC)
FIGURES = {"assoc_done": 126, "experts_done": 3427, "people_done": 52_643}


@pytest.fixture(scope="module")
def rules(rules_folder):
    return load_round(rules_folder)


def events(*bodies):
    return [Event(seq=n, at=AT, actor="秘书", body=body) for n, body in enumerate(bodies, start=1)]


def told(text, receipt=1):
    return record(Summary(sections=(Section(heading="", text=text),)), receipt=receipt, serial=8)


def derive(rules, *bodies, again=False):
    """A unit whose summary tells another number than its return, and perhaps sends it again."""
    text = "累计支持建设农技协162个。"
    records = [stocktake(**FIGURES), told(text)]
    if again:
        records.append(told(f"修改稿。{text}", receipt=2))
    return derive_state(rules, intake(*records), events(*bodies))


def question(state):
    (one,) = list_figure_questions(state)
    return one


def figure_item(state):
    return next(item for item in work_items(state) if item.kind == "figure")


def test_a_question_is_the_office_s_until_it_is_asked_and_then_the_unit_s(rules):
    first = question(derive(rules))
    assert (first.owner, first.state, first.resolution) == ("办公室", "待发函核实", "")
    finding = first.finding
    letter = LetterIssued(
        number=3,
        unit="61",
        title="退回补正通知",
        day="2020-08-20",
        path="letters/3.docx",
        sha256="",
        findings=((finding.code, finding.field, "", finding.source, finding.fingerprint),),
    )
    asked = question(derive(rules, letter))
    assert (asked.owner, asked.state, asked.letter) == ("报送单位", "待单位答复", 3)


def test_an_answered_question_is_not_asked_again_when_the_paper_is_sent_anew(rules):
    state = derive(rules)
    answer = confirm_finding(state, figure_item(state), "口径不同，来函说明")
    for again in (False, True):
        settled = question(derive(rules, *answer, again=again))
        assert settled.state == "已办结" and settled.owner == ""
        assert "口径不同，来函说明" in settled.resolution


def test_a_corrected_return_ends_the_question_and_a_wrong_one_asks_anew(rules):
    state = derive(rules)
    item = figure_item(state)
    assert item.record and item.record.kind == "stocktake" and item.subject == "61"
    right = correct_fields(item, [("assoc_done", 126, 162)], "见台账", "来信")
    assert list_figure_questions(derive(rules, *right)) == ()
    answer = confirm_finding(state, item, "口径不同")
    wrong = correct_fields(item, [("assoc_done", 126, 130)], "见台账", "来信")
    assert question(derive(rules, *answer, *wrong)).state == "待发函核实"


def test_a_question_has_who_inquires_and_until_when_until_that_is_taken_back(rules):
    first = question(derive(rules))
    given = make_figure_assignment(first, person="王芳", until="2020-08-31", reason="")
    named = question(derive(rules, given))
    assert (named.person, named.until, named.state) == ("王芳", "2020-08-31", "待发函核实")
    back = make_figure_assignment(named, person="", until="", reason="另行安排")
    assert question(derive(rules, given, back)).person == ""
    for person, until in (("王芳", "八月底"), ("", "2020-08-31")):
        with pytest.raises(ParameterError):
            make_figure_assignment(first, person=person, until=until, reason="")
    settled = confirm_finding(derive(rules), figure_item(derive(rules)), "口径不同")
    with pytest.raises(ParameterError, match="未办结"):
        make_figure_assignment(
            question(derive(rules, *settled)), person="王芳", until="2020-08-31", reason=""
        )
