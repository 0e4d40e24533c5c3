"""Later versions, lengths near the limit, and what a correction puts in doubt."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.events import (
    Event,
    FieldCorrected,
    FindingSettled,
    ScoreGiven,
    SummaryAssessed,
)
from kjfp_helpers.core.records import Stocktake
from kjfp_helpers.eligibility import collect_submissions
from kjfp_helpers.eligibility.history.version_diff import PRIVATE_FIELDS
from kjfp_helpers.rules import load_round
from kjfp_helpers.state import derive_state
from support.rounds.builders import (
    commended,
    intake,
    mail,
    person,
    record,
    ruling,
    screen_intake,
    stocktake,
    summary,
    team,
)

AT = datetime(2020, 8, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def rules(rules_folder):
    return load_round(rules_folder)


def events(*bodies):
    return [Event(seq=n, at=AT, actor="秘书", body=body) for n, body in enumerate(bodies, start=1)]


def corrected(field, new, record="1-1"):
    return FieldCorrected(record=record, field=field, old=None, new=new, reason="见原件")


def changed(rules, *records):
    table = collect_submissions(rules, intake(*records), ()).versions
    return list(table[["field", "title", "old", "new"]].itertuples(index=False, name=None))


def test_both_versions_say_so_each_in_its_place(rules):
    first, second = team("示例甲队"), team("示例甲队", receipt=2, expert_count=9)
    found = [
        f
        for f in screen_intake(rules, intake(first, second), ()).findings
        if f.code in ("superseded", "resubmission")
    ]
    assert {(f.code, f.source) for f in found} == {
        ("superseded", first.source),
        ("resubmission", second.source),
    }
    assert all("第0001号来件" in f.found and "第0002号来件" in f.found for f in found)


def test_each_changed_field_is_a_row_with_both_receipts(rules):
    first = team("示例甲队", story="一", expert_count=8)
    second = replace(
        first,
        id="2-1",
        receipt=2,
        source="inbox/0002.eml/1.docx",
        body=replace(first.body, expert_count=9, address="示例路1号"),
    )
    table = collect_submissions(rules, intake(first, second), ()).versions
    assert list(table["title"]) == ["通讯地址", "团队专家总人数"]
    assert list(table["old"]) == ["（空白）", "8"] and list(table["new"]) == ["示例路1号", "9"]
    row = table.iloc[0]
    assert (row["unit_name"], row["kind"], row["name"]) == ("陕西", "team", "示例甲队")
    assert (row["old_receipt"], row["new_receipt"], row["new_source"]) == (1, 2, second.source)


def test_a_long_text_is_told_by_the_passages_that_changed(rules):
    parts = [f"第{n}句讲的是第{n}年的工作和成效。" for n in range(9)]
    later = [*parts[:3], "这一句改过了。", *parts[4:], "最后又加一句。"]
    records = [
        person("测试甲", story="".join(text), receipt=n)
        for n, text in enumerate((parts, later), start=1)
    ]
    assert changed(rules, *records) == [
        ("story", "主要事迹", parts[3], "这一句改过了。"),
        ("story", "主要事迹", "（空白）", "最后又加一句。"),
    ]


def test_the_same_content_sent_again_says_so_and_lists_nothing(rules):
    first = person("测试甲", story="一")
    same = replace(first, id="2-1", receipt=2, source="inbox/0002.eml/1.docx", sha256="1" * 64)
    assert changed(rules, first, same) == [("", "内容相同", "", "")]
    assert changed(rules, first, replace(same, sha256=first.sha256)) == [("", "文件相同", "", "")]
    found = screen_intake(rules, intake(first, same), ()).findings
    assert all("内容相同" in f.found for f in found if f.code in ("superseded", "resubmission"))


def test_three_versions_are_two_steps_whatever_order_they_are_read_in(rules):
    records = [person("测试甲", story=str(n), receipt=n) for n in (1, 2, 3)]
    assert changed(rules, *records) == changed(rules, *records[::-1])
    table = collect_submissions(rules, intake(*records), ()).versions
    assert list(zip(table["old_receipt"], table["new_receipt"], strict=True)) == [(1, 2), (2, 3)]


def test_a_stocktake_s_figures_and_a_summary_s_text_are_told_in_chinese(rules):
    one = [record(Stocktake(people_done=n), receipt=n, serial=9) for n in (1, 2)]
    assert changed(rules, *one)[0][1:] == ("带动建档立卡贫困户脱贫人数（人）实际完成数", "1", "2")
    two = [summary("一、成效"), replace(summary("一、成效", "二、经验"), id="2-8", receipt=2)]
    [(_field, title, old, new)] = changed(rules, *two)
    assert title == "正文" and old != new and "二、经验" in new


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(sorted(PRIVATE_FIELDS - {"leader_phone"})),
    st.from_regex(r"1[3-9]\d{9}|\d{17}[\dX]", fullmatch=True),
)
def test_identity_and_phone_numbers_never_stand_in_the_differences(rules, field, number):
    records = [
        person("测试甲", story="一"),
        person(
            "测试甲", receipt=2, story="二" + number, address=f"联系{number}", **{field: number}
        ),
    ]
    found = derive_state(rules, intake(*records), ())
    assert field in set(found.submissions.versions["field"])
    assert number not in found.submissions.versions.to_csv() and number not in repr(
        found.screening.findings
    )


@pytest.mark.parametrize(
    ("length", "state"), [(899, ""), (900, "接近上限"), (1000, "接近上限"), (1001, "超过上限")]
)
def test_a_story_near_its_limit_is_marked_and_only_beyond_it_a_finding(rules, length, state):
    found = screen_intake(rules, intake(person("测试甲", story="长" * length)), ())
    [row] = found.lengths.to_dict("records")
    assert (row["state"], row["limit"], row["counted"]) == (
        state,
        1000,
        rules.notice.ruling.characters.value,
    )
    assert row["word"] == row["no_space"] == row["han"] == length
    assert ("story_too_long" in {f.code for f in found.findings}) is (length > 1000)


def test_the_finding_on_a_long_story_tells_all_three_counts(rules):
    story = "长" * 990 + "2016" * 5 + "，" * 20
    found = screen_intake(
        ruling(rules, characters="no_space"), intake(person("测试甲", story=story)), ()
    )
    [finding] = [f for f in found.findings if f.code == "story_too_long"]
    assert finding.found == "不计空格1030字（按文字处理软件计1011字，只计汉字990字）"


def test_a_settlement_before_a_correction_of_what_it_rests_on_stands_no_longer(rules):
    record = person("测试甲")
    settle = FindingSettled(case="P61-1", code="not_commended", reason="有文件")
    fix = corrected("name", "测试乙", record.id)

    def enters(*bodies):
        return screen_intake(rules, intake(record), events(*bodies)).cases[0].eligible

    assert enters(settle) and not enters(settle, fix)
    assert enters(settle, fix, settle) and enters(fix, settle)
    assert enters(settle, corrected("address", "示例路1号", record.id))


def test_what_was_decided_before_a_correction_is_listed_with_both_events(rules):
    form, text = person("测试甲"), summary("一、成效")
    chain = events(
        ScoreGiven(member="M01", case="P61-1", scores={}),
        ScoreGiven(member="M02", case="P61-1", scores={}),
        FindingSettled(case="P61-1", code="not_commended", reason="有文件"),
        SummaryAssessed(unit="61", level="好"),
        corrected("employer", "示例研究所", form.id),
        corrected("title", "总结", text.id),
        ScoreGiven(member="M02", case="P61-1", scores={}),
    )
    table = derive_state(rules, intake(form, text, mails=[mail(1)]), chain).scores.stale_decisions
    rows = table[["what", "by", "seq", "correction", "field"]].itertuples(index=False, name=None)
    assert set(rows) == {
        ("评分", "M01", 1, 5, "employer"),
        ("了结", "秘书", 3, 5, "employer"),
        ("考核", "秘书", 4, 6, "title"),
    }
    assert table["note"].str.endswith("需复核").all() and "工作单位" in "".join(table["note"])


def test_a_corrected_figure_of_the_return_calls_the_assessment_of_the_unit_back(rules):
    told, text = stocktake(experts_done=300), summary("一、成效")
    chain = events(SummaryAssessed(unit="61", level="好"), corrected("experts_done", 420, told.id))
    table = derive_state(rules, intake(told, text), chain).scores.stale_decisions
    (row,) = table.to_dict("records")
    assert (row["what"], row["unit"], row["field"]) == ("考核", "61", "experts_done")
    assert "组织动员专家" in row["note"]


def test_without_a_correction_nothing_is_reopened_and_the_frames_have_their_columns(rules):
    records = [person("测试甲")]
    found = derive_state(commended(rules, *records), intake(*records), ())
    assert found.scores.stale_decisions.empty and found.submissions.versions.empty
    assert (
        list(found.scores.stale_decisions) == "unit case what by seq correction field note".split()
    )
    assert "old_source" in found.submissions.versions and "sure" in found.screening.evidence
