"""Whatever keeps a nomination out has an answer in the queue, which the letters and the list obey."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kjfp_helpers.reports.data.deadline_texts import build_dossiers
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.secretary import resolutions as say
from kjfp_helpers.state.secretary.audit_trail import item_history
from kjfp_helpers.state.secretary.reversals import revert
from kjfp_helpers.state.secretary.work_queue import record_items, work_items
from support.rounds.ruling_round import open_ruling_round

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def session(tmp_path: Path) -> RoundSession:
    return open_ruling_round(tmp_path)


def item(session, code, done=False):
    found = [one for one in work_items(session.current_state()) if one.finding.code == code]
    return next(one for one in found if (one.done is not None) == done)


def reasons(session, name):
    return next(
        case.reasons for case in session.current_state().screening.cases if case.name == name
    )


def asked(session, unit):
    own = next(one for one in build_dossiers(session.current_state()) if one.unit.code == unit)
    return {one.code for one in (*own.faults, *own.questions)}


@pytest.mark.parametrize(("code", "name"), [("late", "测甲某13"), ("story_too_long", "测乙某13")])
def test_a_late_or_long_nomination_is_admitted_and_the_ruling_is_taken_back(session, code, name):
    assert code in reasons(session, name) and code in asked(session, "13")
    session.record(*say.confirm_finding(session.current_state(), item(session, code), "同意接收"))
    assert code not in reasons(session, name) and code not in asked(session, "13")
    session.record(*revert(session.current_state(), item(session, code, done=True), "误记"))
    assert code in reasons(session, name) and code in asked(session, "13")


def test_an_over_quota_unit_chooses_and_may_choose_again(session):
    question = item(session, "over_quota")
    listed = say.list_candidates(session.current_state(), question)
    assert len(listed) == 3 and all("over_quota" in case.reasons for case in listed)
    kept = [case.id for case in listed[:2]]
    session.record(*say.choose_nominees(question, kept, "复函1号", 3))
    done = item(session, "over_quota", done=True)
    assert done.done.body.receipt == 3 and len(item_history(session.current_state(), done)) == 1
    held = {
        case.id for case in session.current_state().screening.cases if "over_quota" in case.reasons
    }
    assert held == {listed[2].id} and not [
        one
        for one in work_items(session.current_state())
        if one.finding.code == "over_quota" and not one.done
    ]
    session.record(*revert(session.current_state(), done, "误记"))
    assert (
        len(
            [
                case
                for case in session.current_state().screening.cases
                if "over_quota" in case.reasons
            ]
        )
        == 3
    )


def test_any_nomination_is_withdrawn_from_the_list_of_all_material_and_restored(session):
    every = record_items(session.current_state())
    assert {one.record.kind for one in every} == {"team", "individual"} and len(every) == 6
    first = next(one for one in every if one.finding.case.startswith("T34"))
    session.record(*say.withdraw_nomination(first, "来函", 3))
    assert "over_quota" not in reasons(session, "测试团队34之2")
    assert session.current_state().screening.case_by_id[first.finding.case].reasons == (
        "withdrawn",
    )
    session.record(*revert(session.current_state(), item(session, "withdrawn", done=True), "误记"))
    assert (
        "withdrawn" not in session.current_state().screening.case_by_id[first.finding.case].reasons
    )


def test_any_record_is_corrected_and_its_source_is_kept(session):
    one = next(one for one in record_items(session.current_state()) if one.nominee == "测甲某13")
    session.record(
        *say.correct_fields(one, [("employer", one.record.body.employer, "新单位")], "来电", "电话")
    )
    assert (
        session.current_state().screening.case_by_id[one.finding.case].nominee.employer == "新单位"
    )
    assert session.current_state().events[-1].body.channel == "电话"


def test_a_form_without_a_time_waits_for_it_and_the_entry_is_taken_back(session):
    assert reasons(session, "测试团队52") == ("arrival_unknown",)
    for day, held in ((10, ()), (20, ("late",))):
        question = item(session, "arrival_unknown")
        at = datetime(2020, 8, day, 9, tzinfo=ZONE)
        session.record(*say.record_arrival(question, at, "见收件登记"))
        assert reasons(session, "测试团队52") == held
        done = item(session, "arrival_unknown", done=True)
        session.record(*revert(session.current_state(), done, "误记"))
        assert reasons(session, "测试团队52") == ("arrival_unknown",)


def uphold(session, one):
    return say.mark_handled(one, "不予接收")


def admit(session, one):
    return say.confirm_finding(session.current_state(), one, "同意接收")


def withdraw(session, one):
    return say.withdraw_nomination(one, "来函")


def choose(session, one):
    return say.choose_nominees(
        one, [case.id for case in say.list_candidates(session.current_state(), one)][:2], "复函"
    )


def date_it(session, one):
    return say.record_arrival(one, datetime(2020, 8, 10, 9, tzinfo=ZONE), "见收件登记")


def shorten(session, one):
    return say.correct_fields(
        one, [("story", one.record.body.story, "带领专家开展培训。")], "来电", "电话"
    )


def move(session, one):
    return say.assign_unit(one, "62", "见来函")


@pytest.mark.slow
def test_no_reason_that_was_settled_stands_in_the_next_letter(session):
    """One for each kind of ruling: what was answered, and taken back, is asked again."""
    kinds = [
        ("late", "13", admit),
        ("late", "13", uphold),
        ("late", "13", withdraw),
        ("story_too_long", "13", shorten),
        ("story_too_long", "13", admit),
        ("late", "13", move),
        ("over_quota", "34", choose),
        ("over_quota", "34", admit),
        ("arrival_unknown", "52", date_it),
    ]
    for code, unit, rule in kinds:
        assert code in asked(session, unit), (code, rule.__name__)
        session.record(*rule(session, item(session, code)))
        assert code not in asked(session, unit), (code, rule.__name__)
        done = [
            one
            for one in work_items(session.current_state())
            if one.done and one.done.seq == session.ledger.events()[-1].seq
        ]
        if done:
            session.record(*revert(session.current_state(), done[0], "误记"))
