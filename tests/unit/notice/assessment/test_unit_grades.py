import shutil
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from kjfp_helpers.core.errors import RuleErrors
from kjfp_helpers.core.events import AssessmentPointsRuled, Event, EventLog, SummaryAssessed
from kjfp_helpers.notice.assessment.computed_shares import ComputedShare
from kjfp_helpers.notice.assessment.unit_grades import assess_units
from kjfp_helpers.rules import load_round
from kjfp_helpers.rules.round_folders import default_rules_folder
from kjfp_helpers.rules.terms.assessment_scheme import AssessmentScheme

FULL = {
    measure: ComputedShare(share=1.0, text="")
    for measure in ("two_numbers", "heads", "on_time", "consistency")
}


@pytest.fixture(scope="module")
def round():
    return load_round(default_rules_folder())


@pytest.fixture
def copied_rules(rules_folder, tmp_path):
    return shutil.copytree(rules_folder, tmp_path / "2020")


def log(*bodies):
    at = datetime(2020, 8, 20, tzinfo=UTC)
    return EventLog(Event(seq=n, at=at, actor="秘书", body=one) for n, one in enumerate(bodies, 1))


def reading(scheme, place, reader, unit="61", record=""):
    marks = {one.id: one.levels[place].title for one in scheme.read_indicators}
    return SummaryAssessed(unit=unit, level="", reader=reader, marks=marks, record=record)


def assess(round, *bodies, unit="61", shares=FULL):
    summaries = {unit: SimpleNamespace(id="summary-2")}
    rows = assess_units(round, round.assessment, {unit: shares}, summaries, log(*bodies))
    return next(row for row in rows if row.unit.code == unit)


def test_levels_given_to_a_summary_that_was_replaced_do_not_count(round):
    scheme = round.assessment
    old, new = (
        [reading(scheme, 0, who, record=record) for who in ("甲", "乙")]
        for record in ("summary-1", "summary-2")
    )
    assert assess(round, *old).state == assess(round).state == "待评定"
    assert assess(round, *old, *new).total == assess(round, *new).total is not None


def test_a_unit_that_two_read_has_no_grade_after_one(round):
    scheme = round.assessment
    assert assess(round).state == "待评定"
    assert assess(round, reading(scheme, 0, "甲")).state == "评定中"
    both = assess(round, reading(scheme, 0, "甲"), reading(scheme, 0, "乙"))
    assert (both.state, both.total, both.grade) == ("已评定", 100.0, "优秀")


def test_points_of_two_readers_are_their_mean_and_far_apart_they_wait_for_a_ruling(round):
    scheme = round.assessment
    near = assess(round, reading(scheme, 0, "甲"), reading(scheme, 1, "乙"))
    assert near.total == pytest.approx(96.3)
    far = (reading(scheme, 0, "甲"), reading(scheme, 2, "乙"))
    assert assess(round, *far).state == "须裁定"
    ruled = [
        AssessmentPointsRuled(
            unit="61", indicator=one.id, points=3, reason="复核", document="纪要", by=("甲", "乙")
        )
        for one in scheme.read_indicators
    ]
    settled = assess(round, *far, *ruled)
    assert settled.state == "已评定" and settled.total == 62.0
    back = [replace(one, points=None) for one in ruled]
    assert assess(round, *far, *ruled, *back).state == "须裁定"


def test_a_missing_figure_gives_no_points_and_no_grade(round):
    lacking = FULL | {"two_numbers": ComputedShare(share=None, text="盘点未报齐")}
    scheme = round.assessment
    both = reading(scheme, 0, "甲"), reading(scheme, 0, "乙")
    found = assess(round, *both, shares=lacking)
    assert found.state == "缺数据" and found.total is None
    assert [row.indicator.id for row in found.open_indicators] == ["two_numbers"]


def test_the_default_scheme_says_that_it_is_one(round):
    assert round.assessment.default and "2017" in round.assessment.note


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("points = 30", "points = 29", "之和为 100"),
        ('measure = "heads"', "", "computed"),
        ("least = 90", "least = 60", "由高到低"),
        ("share = 0.85", "share = 1.0", "由高到低"),
        ('measure = "heads"', 'measure = "headz"', "heads"),
    ],
)
def test_a_faulty_scheme_is_refused_in_words(copied_rules, old, new, said):
    path = copied_rules / "assessment.toml"
    text = (default_rules_folder() / "assessment.toml").read_text("utf-8")
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(RuleErrors) as refused:
        load_round(copied_rules)
    assert said in str(refused.value)


def test_self_scores_are_held_against_units_and_indicators(copied_rules):
    text = (default_rules_folder() / "assessment.toml").read_text("utf-8")
    text = text.replace('source = "computed"\nmeasure = "on_time"', 'source = "self"', 1)
    (copied_rules / "assessment.toml").write_text(text, "utf-8")
    path = copied_rules / "self_scores.csv"
    path.write_text("单位,指标,自评分,说明\n61,on_time,4,\n", "utf-8")
    round = load_round(copied_rules)
    assert isinstance(round.assessment, AssessmentScheme) and round.self_scores[0].points == 4
    path.write_text("单位,指标,自评分,说明\n61,on_tine,4,\n61,on_time,9,\n6l,on_time,1,\n", "utf-8")
    with pytest.raises(RuleErrors) as refused:
        load_round(copied_rules)
    said = str(refused.value)
    assert "on_time" in said and "不超过该指标的分值 5" in said and "6l" in said
