from datetime import UTC, datetime

import pytest

from kjfp_helpers.core.events import (
    AssessmentConfirmed,
    Event,
    SummaryAssessed,
    SummaryHeadsRuled,
)
from kjfp_helpers.core.records import Section
from kjfp_helpers.notice.assessment.summary_checks import check_summaries
from kjfp_helpers.notice.assessment.summary_headings import outline_summary
from kjfp_helpers.rules import load_round
from support.rounds.builders import summary

ALL = (
    "一、“两数”指标任务落实情况",
    "二、工作开展情况",
    "三、取得成效",
    "四、典型经验",
    "五、存在问题",
)


@pytest.fixture
def round(rules_folder):
    return load_round(rules_folder)


def row(table, unit="61"):
    return table.set_index("unit").loc[unit]


def test_a_summary_with_the_five_heads_lacks_nothing(round):
    table, findings = check_summaries(round, {"61": summary(*ALL)}, ())
    assert row(table).missing == 0
    assert not [finding for finding in findings if finding.unit == "61"]


def test_each_missing_head_is_named_in_a_finding_of_its_own(round):
    table, findings = check_summaries(round, {"61": summary(*ALL[:3])}, ())
    assert row(table).missing == 2 and row(table).experience is False
    found = [finding for finding in findings if finding.unit == "61"]
    assert [finding.code for finding in found] == ["section_missing"] * 2
    assert "典型经验" in found[0].expected and "存在问题" in found[1].expected


def test_a_heading_that_names_two_heads_stands_for_both(round):
    heads = round.notice.summary.heads
    held = outline_summary(heads, [Section(heading="三、取得成效与典型经验", text="有")])
    assert set(held) == {"results", "experience"}


def test_text_below_a_sub_heading_belongs_to_the_head_above(round):
    sections = [
        Section(heading="二、工作开展", text=""),
        Section(heading="（一）组织发动", text="有"),
    ]
    assert outline_summary(round.notice.summary.heads, sections)["work"].text == "有"


def test_an_empty_head_is_not_held(round):
    assert not outline_summary(
        round.notice.summary.heads, [Section(heading="五、存在问题", text=" ")]
    )


def test_a_unit_without_summary_is_absent_and_its_heads_are_unknown(round):
    table, findings = check_summaries(round, {}, ())
    assert row(table).work is None and row(table)[["missing"]].isna().all()
    assert [f.code for f in findings if f.unit == "61"] == ["summary_absent"]


def test_the_latest_assessment_stands(round):
    at = datetime(2020, 8, 20, tzinfo=UTC)
    events = [
        Event(seq=n, at=at, actor="秘书", body=SummaryAssessed(unit="61", level=level))
        for n, level in enumerate(["合格", "良好"], start=1)
    ]
    assert row(check_summaries(round, {"61": summary(*ALL)}, events)[0]).level == "良好"


def logged(*bodies):
    at = datetime(2020, 8, 20, tzinfo=UTC)
    return [Event(seq=n, at=at, actor="秘书", body=body) for n, body in enumerate(bodies, 1)]


def test_a_confirmed_grade_stands_before_what_a_reader_chose(round):
    events = logged(
        SummaryAssessed(unit="61", level="合格"),
        AssessmentConfirmed(results={"61": (91.0, "优秀")}, document="纪要", reason="", by=()),
    )
    assert row(check_summaries(round, {"61": summary(*ALL)}, events)[0]).level == "优秀"


def test_what_a_reader_confirms_counts_in_place_of_what_was_read(round):
    events = logged(SummaryAssessed(unit="61", level="", heads={"problems": True, "work": False}))
    table, findings = check_summaries(round, {"61": summary(*ALL[:4])}, events)
    assert row(table).problems is True and row(table).work is False and row(table).missing == 1
    (found,) = [finding for finding in findings if finding.unit == "61"]
    assert found.field == "work" and "确认" in found.found


def test_what_was_confirmed_of_an_earlier_summary_says_nothing_of_a_later_one(round):
    reading = SummaryAssessed(unit="61", level="", heads={"problems": True}, record="1-1")
    table, _ = check_summaries(round, {"61": summary(*ALL[:4])}, logged(reading))
    assert row(table).problems is False


def test_two_readers_who_differ_on_a_head_wait_for_a_ruling_and_nobody_s_word_is_the_last(round):
    text = {"61": summary(*ALL[:4])}
    differ = [
        SummaryAssessed(unit="61", level="", reader=who, heads={"problems": there, "work": True})
        for who, there in (("甲", False), ("乙", True))
    ]
    table, _ = check_summaries(round, text, logged(*differ))
    assert row(table).apart == "存在问题" and row(table).problems is False
    assert row(table).work is True
    ruling = {"unit": "61", "record": text["61"].id, "reason": "复核", "document": "纪要"}
    ruled = SummaryHeadsRuled(heads={"problems": True}, by=("甲", "丙"), **ruling)
    table, findings = check_summaries(round, text, logged(*differ, ruled))
    assert row(table).apart == "" and row(table).problems is True
    assert not [finding for finding in findings if finding.unit == "61"]
    back = SummaryHeadsRuled(heads={"problems": None}, by=("甲", "丙"), **ruling)
    assert row(check_summaries(round, text, logged(*differ, ruled, back))[0]).apart
