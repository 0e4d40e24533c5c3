from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import (
    AssessmentConfirmed,
    AssessmentPointsRuled,
    Event,
    SummaryAssessed,
)
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import File, Section, Summary
from kjfp_helpers.notice.assessment.reader_view import hide_others
from kjfp_helpers.notice.assessment.unread_summaries import find_unread_files
from kjfp_helpers.rules import RoleHolder, load_round
from kjfp_helpers.state import derive_state
from kjfp_helpers.state.assessment.assessment_acts import make_confirmation, make_experience_tag
from kjfp_helpers.state.assessment.assessor_conflicts import find_assessor_conflicts
from kjfp_helpers.state.assessment.reader_acts import make_reader_release
from kjfp_helpers.state.assessment.reader_assignment import plan_summary_readings
from kjfp_helpers.state.assessment.summary_acts import (
    make_heads_ruling,
    make_set_aside,
    make_typed_summary,
)
from kjfp_helpers.state.exhibition.approval_acts import make_decision
from kjfp_helpers.state.exhibition.approvals import list_approvals
from kjfp_helpers.state.exhibition.published_exhibition import list_published
from support.rounds.builders import intake, mail, person, record

AT = datetime(2020, 8, 20, tzinfo=UTC)
TOLD = "专家带着协会干，协会领着农户干，收成归农户，技术留在村里。"
WHY = {"reason": "复核", "document": "纪要1号", "by": ("甲", "乙")}
SCAN = "63工作总结.pdf"


@pytest.fixture(scope="module")
def rules(rules_folder):
    holders = tuple(RoleHolder(user=f"a{n}", role="考核", name=f"考{n}") for n in range(1, 5))
    return replace(load_round(rules_folder), roles=holders)


@pytest.mark.parametrize("code", ["truncated", "encrypted", "unsupported", "scanned"])
def test_a_file_meant_as_a_summary_that_nobody_can_open_is_unread_not_absent(code):
    told = {"unit": "63", "code": code, "expected": "文字", "found": "打不开"}
    meant = Finding(source=f"inbox/0003.eml/{SCAN}", **told)
    other = Finding(source="inbox/0003.eml/推荐表.docx", **told)
    assert find_unread_files((meant, other), {}) == {"63": (meant.source,)}


def derive(rules, *bodies, people=()):
    """Three units: 61 and 62 sent a summary, that of 63 is a scan that nobody could read."""
    summaries = [
        record(Summary(sections=(Section(heading="典型经验", text=TOLD),)), unit=unit, receipt=n)
        for n, unit in enumerate(("61", "62"), start=1)
    ]
    unread = Finding(
        code="scanned", unit="63", source=f"inbox/0003.eml/{SCAN}", expected="文字", found="扫描"
    )
    scan = replace(
        mail(3, "63", findings=(unread,)),
        files=(File(path=SCAN, sha256="1" * 64, size=9, kind="pdf"),),
    )
    mails = [mail(1, "61"), mail(2, "62"), scan]
    received = intake(*summaries, *people, mails=mails)
    events = [Event(seq=n, at=AT, actor="秘书", body=body) for n, body in enumerate(bodies, 1)]
    return derive_state(rules, received, events)


def readings(rules, *who, units=("61", "62"), **fields):
    marks = {one.id: one.levels[0].title for one in rules.assessment.read_indicators}
    return [
        SummaryAssessed(unit=unit, level="", reader=reader, marks=marks, **fields)
        for unit in units
        for reader in who
    ]


def test_a_summary_that_cannot_be_read_holds_up_its_own_unit_alone(rules):
    state = derive(rules)
    states = {code: one.state for code, one in state.assessment.by_unit.items()}
    assert states["63"] == "总结无法阅读" and states["64"] == "未收总结"
    assert "63" not in {one.unit.code for one in state.assessment.ungraded}
    assert "63" not in state.assessment.absent and "64" in state.assessment.absent
    asked = make_set_aside(state, unit="63", how="asked", **WHY)
    aside = make_set_aside(state, unit="63", how="set_aside", **WHY)
    assert derive(rules, asked).assessment.by_unit["63"].state == "已请另报"
    assert derive(rules, asked, aside).assessment.by_unit["63"].state == "不予评定"
    back = make_set_aside(derive(rules, aside), unit="63", how="", **WHY)
    assert derive(rules, aside, back).assessment.by_unit["63"].state == "总结无法阅读"
    with pytest.raises(ParameterError, match="已能阅读"):
        make_set_aside(state, unit="61", how="asked", **WHY)


def test_a_summary_is_typed_from_the_scan_with_its_time_and_can_be_taken_back(rules):
    text = f"一、工作开展\n{TOLD}\n二、存在问题\n人手不足，电话13912345678。"
    typed = make_typed_summary(derive(rules), unit="63", text=text, reason="扫描件")
    state = derive(rules, typed)
    kept = state.submissions.record_by_unit("summary")["63"]
    assert kept.receipt == 3 and "13912345678" not in kept.body.sections[0].text
    assert state.assessment.by_unit["63"].state == "待评定" and not state.assessment.unread_files
    row = state.screening.summaries.set_index("unit").loc["63"]
    assert row["work"] is True and row["problems"] is True
    back = make_typed_summary(state, unit="63", text="", reason="录错")
    again = derive(rules, typed, back)
    assert again.assessment.by_unit["63"].state == "总结无法阅读"
    anew = make_typed_summary(again, unit="63", text=TOLD, reason="扫描件")
    assert anew.record != typed.record
    with pytest.raises(ParameterError, match="没有"):
        make_typed_summary(derive(rules), unit="64", text=TOLD, reason="扫描件")


def test_who_leaves_keeps_what_was_read_and_the_substitute_takes_the_rest(rules):
    state = derive(replace(rules, roles=rules.roles[:3]))
    first = plan_summary_readings(state, state.assessment, seed=7)
    reader = next(who for who, units in first.readings.items() if len(units) == 2)
    (done, *left) = first.readings[reader]
    read = readings(rules, reader, units=(done,))
    before = derive(rules, first, *read)
    gone = make_reader_release(before, reader=reader, substitute="a4", **WHY)
    state = derive(rules, first, *read, gone)
    second = plan_summary_readings(state, state.assessment, seed=8)
    assert second.readings[reader] == (done,) and set(left) <= set(second.readings["a4"])
    for unit in ("61", "62"):
        assert sum(unit in units for units in second.readings.values()) == 2
    after = derive(rules, first, *read, gone, second)
    assert after.assessment.by_unit[done].readers == (reader,)
    with pytest.raises(ParameterError, match="现任考核人"):
        make_reader_release(after, reader=reader, **WHY)
    back = make_reader_release(after, reader=reader, released=False, **WHY)
    assert not derive(rules, first, gone, second, back).assessment.released


def test_readers_who_differ_on_a_head_keep_the_unit_from_its_grade_until_it_is_ruled(rules):
    differ = [
        replace(one, heads={"problems": one.reader == "a1"})
        for one in readings(rules, "a1", "a2", units=("61",))
    ]
    state = derive(rules, *differ)
    assert state.assessment.by_unit["61"].state == "须裁定"
    ruled = make_heads_ruling(state, unit="61", head="problems", there=False, **WHY)
    state = derive(rules, *differ, ruled)
    rows = {one.indicator.id: one for one in state.assessment.by_unit["61"].indicators}
    assert rows["heads"].points is not None
    with pytest.raises(ParameterError, match="已作的裁定"):
        make_heads_ruling(state, unit="61", head="work", there=None, **WHY)


def test_the_engine_of_the_panel_finds_home_and_employer_of_a_nominee(rules):
    home = rules.unit_by_code["61"].region
    holders = (
        replace(rules.roles[0], region=home),
        replace(rules.roles[1], employer="示例所"),
        *rules.roles[2:],
    )
    state = derive(replace(rules, roles=holders), people=[person("张三", unit="62", receipt=2)])
    found = find_assessor_conflicts(state)
    assert "所在地" in found["a1", "61"].reason and found["a1", "61"].is_certain
    assert "同一工作单位" in found["a2", "62"].reason
    planned = plan_summary_readings(state, state.assessment, seed=3)
    assert "61" not in planned.readings["a1"] and "62" not in planned.readings["a2"]


def test_units_without_a_summary_are_named_in_the_confirmation_by_the_rule_of_the_scheme(rules):
    graded = [
        AssessmentPointsRuled(unit=unit, indicator=one.id, points=1.0, **WHY)
        for unit in ("61", "62")
        for one in rules.assessment.indicators
    ]
    body = make_confirmation(derive(rules, *graded), **WHY)
    assert "64" in body.absent and "63" not in body.absent and "61" not in body.absent
    plain = rules.assessment.model_copy(update={"no_summary": "none"})
    state = derive(replace(rules, assessment=plain), *graded)
    assert state.assessment.absent == ()
    stale = AssessmentConfirmed(results={}, **WHY)
    assert "64" in derive(rules, stale).assessment.changed


def test_a_tagged_experience_is_an_item_of_the_exhibition_and_public_once_approved(rules):
    tag = make_experience_tag(
        derive(rules), unit="61", excerpt=TOLD, title="协会领着干", reader="a1"
    )
    state = derive(rules, tag)
    ((unit, (item,)),) = list_approvals(state).items()
    assert unit == "61" and item.is_open and "典型经验　第1段" in item.item.origin
    assert list_published(state).exhibits == ()
    with pytest.raises(ParameterError, match="缓发"):
        make_decision(rules, item, "return", reason="改")
    public = make_decision(rules, item, "publish")
    (shown,) = list_published(derive(rules, tag, public)).exhibits
    assert [one.title for one in shown.experiences] == ["协会领着干"]


def test_a_reader_sees_nobody_else_s_levels_before_the_confirmation_or_by_rule_once_both_are_done(
    rules,
):
    both = readings(rules, "a1", "a2")
    hidden = hide_others(derive(rules, *both).assessment, "a1").by_unit["61"]
    assert hidden.total is None and hidden.readers == ("a1",)
    assert all("a2" not in f"{row.levels} {row.text}" for row in hidden.indicators)
    confirmed = derive(rules, *both, AssessmentConfirmed(results={}, **WHY)).assessment
    assert hide_others(confirmed, "a1") == confirmed
    open_scheme = rules.assessment.model_copy(update={"others_shown": "both"})
    state = derive(replace(rules, assessment=open_scheme), *both)
    shown = hide_others(state.assessment, "a1").by_unit["61"]
    assert set(shown.readers) == {"a1", "a2"}
