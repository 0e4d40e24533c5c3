from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kjfp_helpers.core.errors import AssignmentError, NotReadyError, ParameterError
from kjfp_helpers.core.events import AssessmentConfirmed, Event, SummaryAssessed
from kjfp_helpers.core.records import Section, Summary
from kjfp_helpers.rules import RoleHolder, load_round
from kjfp_helpers.state import derive_state
from kjfp_helpers.state.assessment.assessment_acts import make_confirmation, make_experience_tag
from kjfp_helpers.state.assessment.assessor_conflicts import find_assessor_conflicts
from kjfp_helpers.state.assessment.reader_assignment import plan_summary_readings
from support.rounds.builders import intake, person, record

AT = datetime(2020, 8, 20, tzinfo=UTC)
TOLD = "专家带着协会干，协会领着农户干，收成归农户，技术留在村里。"
WHY = {"reason": "先行", "document": "纪要1号", "by": ("甲", "乙")}


@pytest.fixture(scope="module")
def rules(rules_folder):
    holders = (
        RoleHolder(user="a1", role="考核", name="甲"),
        RoleHolder(user="a2", role="考核", name="乙", ties=("61",)),
        RoleHolder(user="a3", role="考核", name="丙"),
    )
    return replace(load_round(rules_folder), roles=holders)


def derive(rules, *bodies, units=("61", "62", "S001", "S002")):
    sections = (Section(heading="典型经验", text=TOLD),)
    records = [
        record(Summary(sections=sections), unit=unit, serial=number)
        for number, unit in enumerate(units, start=1)
    ]
    events = [Event(seq=n, at=AT, actor="秘书", body=body) for n, body in enumerate(bodies, 1)]
    return derive_state(rules, intake(*records), events)


@pytest.mark.slow
def test_readers_are_assigned_without_conflict_and_in_pairs_where_the_rule_says_so(rules):
    state = derive(rules)
    assert set(find_assessor_conflicts(state)) == {("a2", "61")}
    planned = plan_summary_readings(state, state.assessment, seed=7)
    counts = {
        unit: sum(unit in read for read in planned.readings.values()) for unit in ("61", "S001")
    }
    assert counts == {"61": 2, "S001": 1} and "61" not in planned.readings["a2"]
    loads = [len(units) for units in planned.readings.values()]
    assert max(loads) - min(loads) <= 1
    again = derive(rules, planned, units=("61", "62", "S001", "S002", "S003"))
    later = plan_summary_readings(again, again.assessment, seed=8)
    for reader, units in planned.readings.items():
        assert later.readings[reader][: len(units)] == units


def test_too_few_readers_without_conflict_are_said_to_be_too_few(rules):
    few = replace(rules, roles=rules.roles[:2])
    state = derive(few)
    with pytest.raises(AssignmentError) as refused:
        plan_summary_readings(state, state.assessment, seed=7)
    assert "two_readers" in str(refused.value)


def test_results_are_confirmed_once_all_are_graded_or_with_a_reason(rules):
    state = derive(rules)
    with pytest.raises(NotReadyError):
        make_confirmation(state, **(WHY | {"reason": ""}))
    assert state.assessment.by_unit["61"].state == "待评定"
    scheme = rules.assessment
    marks = {one.id: one.levels[0].title for one in scheme.read_indicators}
    read = [SummaryAssessed(unit="S001", level="", reader="a1", marks=marks)]
    assert derive(rules, *read).assessment.by_unit["S001"].state == "缺数据"


def test_a_passage_is_tagged_once_and_can_be_untagged(rules):
    state = derive(rules)
    tag = {"unit": "61", "excerpt": TOLD[:25], "title": "协会领着干", "reader": "甲"}
    body = make_experience_tag(state, **tag)
    tagged = derive(rules, body)
    (one,) = tagged.assessment.experiences
    assert one.place == "典型经验　第1段"
    with pytest.raises(ParameterError):
        make_experience_tag(tagged, **tag)
    with pytest.raises(ParameterError, match="原文"):
        make_experience_tag(
            state, **(tag | {"excerpt": "这一段在总结里没有，是另外写上去的一句话。"})
        )
    back = make_experience_tag(tagged, **tag, tagged=False)
    assert derive(rules, body, back).assessment.experiences == ()


def test_copied_summaries_are_asked_about_and_cost_no_points(rules):
    state = derive(rules)
    assert {f.unit for f in state.screening.findings if f.code == "summary_copied"} == set()
    long = TOLD * 3 + "各地各单位组织科技专家到田间地头开展服务，手把手教农户剪枝、施肥、防病。" * 2
    records = [
        record(Summary(sections=(Section(heading="", text=long),)), unit=unit, serial=n)
        for n, unit in enumerate(("61", "62"), 1)
    ]
    copied = derive_state(rules, intake(*records), [])
    assert {f.unit for f in copied.screening.findings if f.code == "summary_copied"} == {"61", "62"}


@pytest.mark.parametrize("ruling", ["none", "note", "veto"])
def test_the_lowest_grade_bars_or_notes_nominees_once_confirmed_and_by_ruling_only(rules, ruling):
    bar = rules.notice.ruling.assessment_bar.model_copy(update={"value": ruling})
    rulings = rules.notice.ruling.model_copy(update={"assessment_bar": bar})
    ruled = replace(rules, notice=rules.notice.model_copy(update={"ruling": rulings}))
    results = {"61": (50.0, "待改进"), "62": (90.0, "优秀")}
    body = AssessmentConfirmed(results=results, absent=("63",), **WHY)
    named = (("张三", "61"), ("李四", "62"), ("王五", "63"))
    records = [person(name, unit=unit, receipt=n) for n, (name, unit) in enumerate(named, 1)]
    event = Event(seq=1, at=AT, actor="秘书", body=body)
    screening = derive_state(ruled, intake(*records), [event]).screening
    codes = {one.code for one in screening.findings if one.code.startswith("assessment")}
    cases = {one.id for one in screening.cases if one.unit in ("61", "63")}
    wanted = {"none": set(), "note": {"assessment_noted"}, "veto": {"assessment_veto"}}[ruling]
    assert codes == wanted
    assert set(screening.rule_vetoes) == (cases if ruling == "veto" else set())
    assert set(screening.rule_notes) == (cases if ruling == "note" else set())
    found = [one.found for one in screening.findings if one.code.startswith("assessment")]
    assert ruling == "none" or any("没有报送工作总结" in words for words in found)
