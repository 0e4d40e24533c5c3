import shutil

import ipywidgets as widgets
import pytest

from kjfp_helpers import panels
from kjfp_helpers.core.events import (
    AssessmentConfirmed,
    AssessmentPointsRuled,
    ExperienceTagged,
    RulesAmended,
    SummaryAssessed,
)
from kjfp_helpers.core.records import Summary
from kjfp_helpers.notice.assessment.unit_grades import readers_needed
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.secretary.progress.round_progress import list_steps
from support.pages.widget_tree import confirm, form_of, of_kind, table_of, text
from support.project import RULES
from support.rounds.panel_round import open_round

pytestmark = pytest.mark.slow
PEOPLE = ("甲", "乙", "丙")


@pytest.fixture
def session(tmp_path):
    """A round in which the scheme was added by resolution after the rules were frozen."""
    frozen = open_round(tmp_path)
    shutil.copy(RULES / "assessment.toml", frozen.round.folder)
    session = RoundSession.open(frozen.round.folder, frozen.outputs)
    rules = session.round
    session.record(
        RulesAmended(
            digest=rules.digest,
            files=dict(rules.files),
            texts=dict(rules.texts),
            changes=(),
            resolution="决议9号",
            reason="增列考核办法",
            by=("甲", "乙"),
        )
    )
    return session


def desk(widget):
    (tabs,) = of_kind(widget, widgets.Tab)
    return tabs.children[0].handler


def step(session):
    return next(one for one in list_steps(session, session.current_state()) if one.title == "考核")


def read_all(session, place):
    """Every summary read by as many as the rule says, each with the level at a place."""
    state = session.current_state()
    scheme = session.round.assessment
    marks = {one.id: one.levels[place].title for one in scheme.read_indicators}
    summaries = state.submissions.record_by_unit("summary")
    session.record(
        *(
            SummaryAssessed(unit=unit, level="", reader=reader, marks=marks)
            for unit in summaries
            for reader in PEOPLE[: readers_needed(scheme, session.round.unit_by_code[unit])]
        )
    )


def test_levels_are_given_on_the_panel_s_form_and_move_points_and_start_page(session):
    widget = panels.show_summaries(session, "甲")
    page = desk(widget).handle({"type": "hello", "window": "w"})
    (questions,) = page["questions"].values()
    read = [one for one in questions if one.get("levels")]
    assert [one["id"] for one in read] == [
        f"mark_{one.id}" for one in session.round.assessment.read_indicators
    ]
    assert all(one["phrases"] and one["levels"][0]["text"] for one in read)
    unit = page["cases"][0]["key"]
    given = {"window": "w", "case": unit, "base_seq": None, "comment": "", "request_id": "1"}
    refused = desk(widget).handle(given | {"type": "save", "answers": {"mark_results": "极好"}})
    assert refused["type"] == "refused"
    answers = {one["id"]: one["options"][0] for one in read} | {
        "mark_problems": "不足",
        "problems": "缺",
    }
    saved = desk(widget).handle(given | {"type": "save", "answers": answers, "request_id": "2"})
    assert saved["type"] == "saved" and saved["case"]["answers"]["mark_results"] == "突出"
    (event,) = session.ledger.events().of(SummaryAssessed)
    assert event.body.heads == {"problems": False} and event.body.marks["problems"] == "不足"
    read_all(session, 0)
    assert step(session).open


def test_points_are_ruled_and_results_confirmed_on_the_page(session):
    read_all(session, 1)
    widget = panels.show_summaries(session)
    scheme, state = session.round.assessment, session.current_state()
    for unit in state.assessment.ungraded:
        for row in unit.open_indicators:
            form = form_of(widget, "裁定得分")
            what = next(
                one
                for one in of_kind(widget, widgets.Dropdown)
                if any(row.indicator.id in str(value) for _, value in one.options)
            )
            what.value = f"{unit.unit.code} {row.indicator.id}"
            for entry, words in zip(form, ("1", "补报前", "纪要1号", "甲", "乙"), strict=True):
                entry.value = words
            confirm(widget, "裁定得分")
    assert len(session.ledger.events().of(AssessmentPointsRuled)) > 0
    for entry, words in zip(form_of(widget, "审定结果"), ("纪要2号", "", "甲", "乙"), strict=True):
        entry.value = words
    confirm(widget, "审定结果")
    (event,) = session.ledger.events().of(AssessmentConfirmed)
    received = session.current_state().submissions.record_by_unit("summary")
    assert set(event.body.results) == set(received) and scheme.default
    assert step(session).state == "已完成" and "纪要2号" in text(widget)
    rows = table_of(widget, "考核结果").rows
    assert any(row["confirmed"] for row in rows)


def test_a_passage_is_tagged_on_the_page_and_listed(session):
    widget = panels.show_summaries(session)
    records = session.current_state().submissions.record_by_unit("summary")
    unit, record = next((u, r) for u, r in records.items() if isinstance(r.body, Summary))
    passage = max((one.text for one in record.body.sections), key=len)[:60]
    assert len(passage) >= 20
    chosen = [
        one for one in of_kind(widget, widgets.Dropdown) if unit in dict(one.options).values()
    ]
    chosen[-1].value = unit
    (title,) = form_of(widget, "标记典型经验")
    (excerpt,) = form_of(widget, "标记典型经验", widgets.Textarea)
    title.value, excerpt.value = "协会领着干", passage
    confirm(widget, "标记典型经验")
    assert len(session.ledger.events().of(ExperienceTagged)) == 1
    assert [row["title"] for row in table_of(widget, "典型经验").rows] == ["协会领着干"]
    offered = table_of(panels.show_exhibition(session), "典型经验（选自工作总结）").rows
    assert [row["unit"] for row in offered] == [unit] and offered[0]["place"]
