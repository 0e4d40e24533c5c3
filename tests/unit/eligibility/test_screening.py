from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.core.events import (
    ArrivalRecorded,
    DocumentDateSet,
    Event,
    FieldCorrected,
    FindingReopened,
    FindingReviewed,
    FindingSettled,
    NominationRestored,
    NominationWithdrawn,
    NomineesChosen,
)
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.eligibility import collect_submissions, screen_submissions, tabulate_completeness
from kjfp_helpers.eligibility.history import lateness
from kjfp_helpers.eligibility.story_length import count_characters
from kjfp_helpers.rules import load_round
from support.rounds.builders import (
    commended,
    intake,
    mail,
    person,
    ruling,
    screen_intake,
    stocktake,
    team,
)

AT = datetime(2020, 8, 20, tzinfo=UTC)
LATE = datetime(2020, 8, 16, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def rules(rules_folder):
    return load_round(rules_folder)


def event(body):
    return Event(seq=1, at=AT, actor="秘书", body=body)


def codes(screening, case=None):
    return sorted(f.code for f in screening.findings if case is None or f.case == case)


def eligible(screening):
    return [case.id for case in screening.cases if case.eligible]


def completeness(round, intake, before, checked, events=()):
    submissions = collect_submissions(round, intake, before)
    screening = screen_submissions(round, submissions, before)
    return tabulate_completeness(round, submissions, screening, checked, events)


def test_a_commended_nominee_within_quota_and_in_time_may_enter(rules):
    records = [team("示例甲队"), person("测试甲"), person("测试乙", serial=2)]
    found = screen_intake(commended(rules, *records), intake(*records), ())
    assert eligible(found) == ["P61-1", "P61-2", "T61-1"] and not codes(found)
    assert found.prior_awards["T61-1"][0].year == 2018


def test_who_was_never_commended_is_kept_out_with_the_reason(rules):
    found = screen_intake(rules, intake(person("测试甲")), ())
    assert codes(found, "P61-1") == ["not_commended"]
    assert found.cases[0].reasons == ("not_commended",) and not eligible(found)


def test_a_name_that_is_only_near_is_put_before_a_person(rules):
    earlier = team("高山蔬菜技术服务示例团队")
    now = team("高山蔬菜技术服务示例团")
    found = screen_intake(commended(rules, earlier), intake(now), ())
    assert codes(found) == ["commended_near"] and not eligible(found)
    settled = event(FindingSettled(case="T61-1", code="commended_near", reason="同一团队"))
    assert eligible(screen_intake(commended(rules, earlier), intake(now), [settled])) == ["T61-1"]


def test_width_spaces_and_brackets_do_not_tell_names_apart(rules):
    earlier = team("示例（果树）团队")
    found = screen_intake(commended(rules, earlier), intake(team("示例(果树) 团队")), ())
    assert eligible(found) == ["T61-1"]


def test_an_over_quota_set_is_held_as_a_whole_until_the_unit_chooses(rules):
    records = [team(f"示例{c}队", unit="11", serial=n) for n, c in enumerate("甲乙", start=1)]
    round = commended(rules, *records)
    found = screen_intake(round, intake(*records), ())
    assert codes(found) == ["over_quota"] and not eligible(found)
    chosen = event(NomineesChosen(unit="11", cases=("T11-2",), document="复函1号"))
    assert eligible(screen_intake(round, intake(*records), [chosen])) == ["T11-2"]
    kept = screen_intake(ruling(round, over_quota="keep_order"), intake(*records), ())
    assert eligible(kept) == ["T11-1"]


def test_fewer_than_the_notice_hopes_for_is_a_question_only(rules):
    records = [person("测试甲")]
    found = screen_intake(commended(rules, *records), intake(*records), ())
    assert codes(found) == ["under_minimum"] and eligible(found) == ["P61-1"]


@pytest.mark.parametrize(
    ("day", "value", "late"),
    [
        ("2020-08-15T23:59:59+08:00", "inclusive", False),
        ("2020-08-16T00:00:00+08:00", "inclusive", True),
        ("2020-08-15T00:00:00+08:00", "exclusive", True),
        ("2020-08-14T23:59:59+08:00", "exclusive", False),
    ],
)
def test_the_ruling_decides_whether_the_day_itself_counts(rules, day, value, late):
    records = [team("示例甲队")]
    round = ruling(commended(rules, *records), deadline=value)
    found = screen_intake(
        round, intake(*records, mails=[mail(1, at=datetime.fromisoformat(day))]), ()
    )
    assert ("late" in codes(found)) is late
    assert eligible(found) == ([] if late else ["T61-1"])


def test_a_correction_after_the_last_day_is_not_late_and_a_late_first_version_stays_late(rules):
    early, after = datetime(2020, 8, 14, tzinfo=UTC), datetime(2020, 8, 24, tzinfo=UTC)
    versions = [team("示例甲队"), team("示例甲队", receipt=2, expert_count=9)]
    for first, late in ((early, False), (after, True)):
        mails = [mail(1, at=first), mail(2, at=after)]
        found = screen_intake(commended(rules, *versions), intake(*versions, mails=mails), ())
        assert found.cases[0].record.receipt == 2 and found.cases[0].eligible is not late
        assert ("late" in codes(found)) is late


def test_a_nomination_without_a_time_waits_until_the_time_is_recorded(rules):
    records = [team("示例甲队")]
    round, undated = commended(rules, *records), intake(*records, mails=[mail(1, at=None)])
    assert codes(screen_intake(round, undated, ())) == ["arrival_unknown"]
    assert not eligible(screen_intake(round, undated, ()))
    for day, late in ((14, False), (16, True)):
        at = event(ArrivalRecorded(receipt=1, at=f"2020-08-{day}T09:00:00+08:00", reason="登记"))
        found = screen_intake(round, undated, [at])
        assert codes(found) == (["late"] if late else [])
        assert eligible(found) == ([] if late else ["T61-1"])


@pytest.mark.parametrize("times", [(None, 24), (24, None)])
def test_a_version_without_a_time_hides_no_late_one_and_stops_nothing(rules, times):
    days = [day and datetime(2020, 8, day, tzinfo=UTC) for day in times]
    versions = [team("示例甲队"), team("示例甲队", receipt=2, expert_count=9)]
    both = intake(*versions, mails=[mail(n, at=day) for n, day in enumerate(days, start=1)])
    found = screen_intake(commended(rules, *versions), both, ())
    assert set(codes(found)) & {"late", "arrival_unknown"} and not eligible(found)
    assert [one.code for one in lateness.check_late_mail(rules, both)] == ["late"]


def test_a_nomination_that_the_unit_took_back_takes_no_place_and_can_be_restored(rules):
    records = [team(f"示例{c}队", unit="11", serial=n) for n, c in enumerate("甲乙", start=1)]
    round = commended(rules, *records)
    gone = event(NominationWithdrawn(case="T11-1", reason="来函"))
    found = screen_intake(round, intake(*records), [gone])
    assert eligible(found) == ["T11-2"] and codes(found) == ["withdrawn"]
    back = event(NominationRestored(case="T11-1", reason="误记"))
    assert not eligible(screen_intake(round, intake(*records), [gone, back]))


def test_a_choice_among_too_many_can_be_taken_back(rules):
    records = [team(f"示例{c}队", unit="11", serial=n) for n, c in enumerate("甲乙", start=1)]
    round = commended(rules, *records)
    chosen = event(NomineesChosen(unit="11", cases=("T11-2",), document="复函", kind="team"))
    undone = event(NomineesChosen(unit="11", cases=(), document="误记", kind="team"))
    assert eligible(screen_intake(round, intake(*records), [chosen])) == ["T11-2"]
    assert not eligible(screen_intake(round, intake(*records), [chosen, undone]))


def test_a_later_version_replaces_and_keeps_the_number_of_the_case(rules):
    first, second = team("示例甲队"), team("示例甲队", receipt=2, expert_count=9)
    other = team("示例乙队", receipt=1, serial=2)
    found = screen_intake(commended(rules, first, other), intake(first, other, second), ())
    assert codes(found) == ["resubmission", "superseded"]
    assert {case.id: case.record.id for case in found.cases} == {"T61-1": "2-1", "T61-2": "1-2"}


def test_one_person_from_two_units_is_found_by_number_even_under_two_spellings(rules):
    one = person("测试甲", unit="11", id_number="999999190001010018")
    two = person("测试曱", unit="12", receipt=2, id_number="999999190001010018")
    found = screen_intake(commended(rules, one, two), intake(one, two), ())
    assert codes(found, "P11-1") == codes(found, "P12-1") == ["duplicate_person"]
    assert not eligible(found)
    assert not [f for f in found.findings if "999999" in f.message]


def test_a_leader_who_is_also_nominated_is_asked_and_kept_out_only_by_ruling(rules):
    records = [team("示例甲队", leader_name="测试甲"), person("测试甲"), person("测试乙", serial=2)]
    round = commended(rules, *records)
    found = screen_intake(round, intake(*records), ())
    assert codes(found) == ["leader_also_individual"] and "P61-1" in eligible(found)
    assert "P61-1" not in eligible(
        screen_intake(ruling(round, leader="forbid"), intake(*records), ())
    )
    assert not codes(screen_intake(ruling(round, leader="allow"), intake(*records), ()))


def test_copied_deeds_are_found_on_both_sides_and_different_ones_are_not(rules):
    text = "，".join(f"第{n}年带领专家走进第{n * 7}个村开展种植培训" for n in range(20))
    one = person("测试甲", unit="11", story=text)
    two = person("测试乙", unit="12", receipt=2, story="他" + text[:300])
    three = person(
        "测试丙", unit="13", receipt=3, story="完全不同的一段文字，讲的是另外一件事情，没有雷同"
    )
    found = screen_intake(commended(rules, one, two, three), intake(one, two, three), ())
    copied = [f.case for f in found.findings if f.code == "copied_text"]
    assert copied == ["P11-1", "P12-1"] and eligible(found) == ["P11-1", "P12-1", "P13-1"]


def test_a_nominee_cannot_have_lifted_more_than_the_whole_unit(rules):
    records = [team("示例甲队"), stocktake(people_done=9)]
    found = screen_intake(commended(rules, records[0]), intake(*records), ())
    assert codes(found) == ["claim_over_unit"]


def test_a_correction_replaces_the_value_and_its_finding(rules):
    blank = Finding(code="missing", field="people_lifted", expected="人数", found="空白")
    records = [team("示例甲队", findings=[blank])]
    fixed = event(
        FieldCorrected(record="1-1", field="people_lifted", old=None, new=12, reason="见原件")
    )
    found = screen_intake(commended(rules, *records), intake(*records), [fixed])
    assert not codes(found) and found.cases[0].nominee.people_lifted == 12


def test_stories_over_the_limit_are_kept_out_by_the_count_of_the_ruling(rules):
    records = [person("测试甲", story="长" * 1001), person("测试乙", serial=2, story="字 " * 1000)]
    found = screen_intake(commended(rules, *records), intake(*records), ())
    assert codes(found, "P61-1") == ["story_too_long"] and eligible(found) == ["P61-2"]


def test_completeness_tells_received_incomplete_late_and_absent_apart(rules):
    blank = Finding(
        code="missing",
        field="address",
        expected="地址",
        found="空白",
        source="inbox/0001.eml/1.docx",
    )
    records = [
        team("示例甲队", findings=[blank]),
        person("测试甲", receipt=2),
        stocktake(receipt=1),
    ]
    mails = [mail(1), mail(2, at=LATE)]
    given = commended(rules, *records[:2]), intake(*records, mails=mails), ()
    kinds = ["team", "individual", "stocktake", "summary"]

    def states(*codes):
        found = [Finding(code=code, unit="61", expected="", found="") for code in codes]
        table = completeness(*given, {"stocktake": found})
        row = table.set_index("unit").loc["61"]
        return [(row[kind], row[f"{kind}_order"], row[f"{kind}_faults"]) for kind in kinds]

    team_form, person_form = ("按期", "不全", "必填栏空白"), ("逾期", "合格", "")
    absent = ("未报送", "", "")
    assert (
        states()
        == states("target_not_met")
        == [
            team_form,
            person_form,
            ("已收到", "合格", ""),
            absent,
        ]
    )
    assert states("figure_missing")[2] == ("已收到", "不全", "盘点数字未填")


def test_a_figure_whose_question_was_answered_is_no_fault(rules):
    asked = Finding(code="ambiguous", field="assoc_done", unit="61", expected="整数", found="两处")
    record = replace(stocktake(), findings=(asked,))
    answer = event(
        FindingReviewed(
            subject="61",
            code=asked.code,
            field=asked.field,
            mark=asked.fingerprint,
            outcome="handled",
            reason="已电话核实",
        )
    )
    for events, state in (((), "不全"), ((answer,), "合格")):
        table = completeness(rules, intake(record), (), {}, events).set_index("unit")
        assert table.loc["61", "stocktake_order"] == state


def test_a_fault_that_the_office_settled_leaves_its_material_in_order(rules):
    found = Finding(code="figure_missing", unit="61", expected="整数", found="空白")
    answer = event(
        FindingReviewed(
            subject="61",
            code=found.code,
            field="",
            mark=found.fingerprint,
            outcome="handled",
            reason="已电话核实",
        )
    )
    back = event(
        FindingReopened(
            subject="61", code=found.code, field="", mark=found.fingerprint, reason="误按"
        )
    )
    given = rules, intake(stocktake(receipt=1), mails=[mail(1)]), ()

    def order(*events):
        table = completeness(*given, {"stocktake": [found]}, events)
        return table.set_index("unit").loc["61", "stocktake_order"]

    assert (order(), order(answer), order(answer, back)) == ("不全", "合格", "不全")


def test_a_material_both_late_and_faulty_shows_both(rules):
    blank = Finding(
        code="missing",
        field="address",
        expected="地址",
        found="空白",
        source="inbox/0001.eml/1.docx",
    )
    records = [team("示例甲队", findings=[blank])]
    listed = commended(rules, *records)
    given = listed, intake(*records, mails=[mail(1, at=LATE)]), ()
    row = completeness(*given, {}).set_index("unit").loc["61"]
    assert (row["team"], row["team_order"]) == ("逾期", "不全")
    assert row["team_arrived"].startswith("2020-08-") and "收到，逾期" in row["team_arrived"]
    assert row["team_faults"] == "必填栏空白"


def test_what_is_not_due_yet_is_told_from_what_did_not_come(rules):
    dated = (event(DocumentDateSet(day="2020-07-20")),)
    given = rules, intake(stocktake(receipt=1), mails=[mail(1)]), dated
    row = completeness(*given, {}).set_index("unit").loc["61"]
    assert (row["exhibit"], row["summary"]) == ("未报送", "未到期")
    assert row["summary_arrived"] == "未报送（未到期）"


def test_the_three_counts_differ_as_their_rulings_say():
    text = "共 3 个村，use Word 2016。"
    assert [count_characters(text, how) for how in ("word", "no_space", "han")] == [9, 17, 3]


@given(st.text())
def test_counting_never_fails_and_han_never_exceeds_all(text):
    assert count_characters(text, "han") <= count_characters(text, "no_space")


def test_a_word_processor_counts_a_run_of_half_width_signs_as_one():
    assert count_characters("增产50%，A/B两种；“好”", "word") == 11


def test_a_choice_of_teams_and_a_later_choice_of_persons_both_hold(rules):
    records = [team(f"示例{c}队", unit="11", serial=n) for n, c in enumerate("甲乙", start=1)]
    records += [person(f"测试{c}", unit="11", serial=n) for n, c in enumerate("甲乙", start=1)]
    replies = [
        event(NomineesChosen(unit="11", cases=("T11-2",), document="复函1号")),
        event(NomineesChosen(unit="11", cases=("P11-1",), document="复函2号")),
    ]
    found = screen_intake(commended(rules, *records), intake(*records), replies)
    assert eligible(found) == ["P11-1", "T11-2"]


def test_forms_without_a_name_are_not_one_and_the_same_nominee(rules):
    records = [team(None, unit="11"), team(None, unit="12", receipt=2)]
    records += [person(None, unit="11"), person(None, unit="12", receipt=2)]
    found = codes(screen_intake(rules, intake(*records), ()))
    assert "duplicate_team" not in found and "duplicate_person" not in found


def test_namesakes_of_no_known_employer_are_not_one_person(rules):
    one = person("测试甲", unit="11", employer=None)
    two = person("测试甲", unit="12", receipt=2, employer=None)
    assert "duplicate_person" not in codes(screen_intake(rules, intake(one, two), ()))


def test_a_corrected_name_moves_no_other_case_to_another_number(rules):
    first, typo, other = team("示例甲队"), team("示例曱队", serial=2), team("示例乙队", serial=3)
    before = screen_intake(rules, intake(first, typo, other), ())
    assert [case.id for case in before.cases] == ["T61-1", "T61-2", "T61-3"]
    fixed = event(
        FieldCorrected(
            record="1-2", field="team_name", old="示例曱队", new="示例甲队", reason="见原件"
        )
    )
    after = screen_intake(rules, intake(first, typo, other), [fixed])
    assert {case.id: case.name for case in after.cases} == {
        "T61-1": "示例甲队",
        "T61-3": "示例乙队",
    }


def test_a_version_that_a_correction_makes_another_nominee_gets_a_number_of_its_own(rules):
    first, later = team("示例甲队"), team("示例甲队", receipt=2)
    other = team("示例乙队", receipt=3)
    fixed = event(
        FieldCorrected(
            record="2-1", field="team_name", old="示例甲队", new="示例丙队", reason="见原件"
        )
    )
    after = screen_intake(rules, intake(first, later, other), [fixed])
    assert {case.id: case.name for case in after.cases} == {
        "T61-1": "示例甲队",
        "T61-1b": "示例丙队",
        "T61-2": "示例乙队",
    }


def test_a_correction_of_a_field_nobody_knows_keeps_value_and_finding(rules):
    blank = Finding(code="missing", field="people_lifted", expected="人数", found="空白")
    records = [team("示例甲队", findings=[blank])]
    wrong = event(FieldCorrected(record="1-1", field="people", old=None, new=12, reason="见原件"))
    found = screen_intake(commended(rules, *records), intake(*records), [wrong])
    assert codes(found) == ["missing"]


def test_whom_a_text_was_shared_with_is_told_in_order(rules):
    text = "，".join(f"第{n}年带领专家走进第{n * 7}个村开展种植培训" for n in range(20))
    units = ("11", "12", "13", "14")
    records = [
        person("测试甲", unit=u, receipt=n, story=text) for n, u in enumerate(units, start=1)
    ]
    found = [
        f.found
        for f in screen_intake(rules, intake(*records), ()).findings
        if f.code == "copied_text"
    ]
    assert [
        found[0].find(f"与{name}推荐的“测试甲”雷同100%") for name in ("天津", "河北", "山西")
    ] == sorted(found[0].find(f"与{name}推荐的") for name in ("天津", "河北", "山西"))
    assert "P12" not in found[0] and "第0年带领专家" in found[0]
