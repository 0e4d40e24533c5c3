"""The queue derived: what needs a person, what an answer does to the round, and how it is undone."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kjfp_helpers import commands
from kjfp_helpers.core.events import (
    FieldCorrected,
    FindingReviewed,
    FindingSettled,
    FormEntered,
    UnitAssigned,
)
from kjfp_helpers.reports.data.deadline_texts import build_dossiers
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.secretary import resolutions as say
from kjfp_helpers.state.secretary.audit_trail import item_history
from kjfp_helpers.state.secretary.reversals import revert
from kjfp_helpers.state.secretary.work_queue import work_items
from support.rounds.panel_round import close_with_screening
from support.rounds.queue_round import WRONG_ID, open_mail_round

QUIET = lambda done, total: None  # noqa: E731


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("queue")
    close_with_screening(open_mail_round(root))
    return root


@pytest.fixture
def session(made, tmp_path) -> RoundSession:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return RoundSession.open(tmp_path / "data" / "practice", tmp_path / "outputs" / "practice")


def find(session, code, field="", done=False):
    found = [
        one
        for one in work_items(session.current_state())
        if one.finding.code == code
        and field in ("", one.finding.field)
        and (one.done is not None) == done
    ]
    assert found, f"{code} {field}"
    return found[0]


def open_codes(session):
    return {one.finding.code for one in work_items(session.current_state()) if one.done is None}


def codes(session, case):
    return {one.code for one in session.current_state().screening.findings if one.case == case}


def correct(session, item, new, name="", reason="见原件"):
    name = name or item.finding.field
    change = (name, getattr(item.record.body, name), new)
    return session.record(*say.correct_fields(item, [change], reason))


def test_the_queue_holds_what_needs_a_person_and_no_reminder_of_what_has_not_come(session):
    kinds = {one.kind for one in work_items(session.current_state())}
    assert kinds == {"unit", "file", "link", "field", "eligibility", "held"}
    assert {
        "unknown_sender",
        "scanned",
        "unsorted",
        "cloud_link",
        "approx",
        "unit_mismatch",
        "id_checksum",
        "seal_missing",
        "commended_near",
        "missing",
    } <= open_codes(session)
    assert not {"target_not_met", "stocktake_absent"} & open_codes(session)


def test_items_name_where_to_look_in_chinese(session):
    item = find(session, "approx")
    assert (item.field, item.nominee, item.unit) == ("带动脱贫贫困人口数", "测试团队13", "13")
    assert item.file.stored.endswith(".docx") and item.mail.receipt == 1


def test_a_corrected_number_changes_the_case_and_its_finding_is_gone(session):
    item = find(session, "approx")
    correct(session, item, 2980)
    assert session.current_state().screening.case_by_id["T13-1"].nominee.people_lifted == 2980
    assert "approx" not in codes(session, "T13-1")
    done = find(session, "approx", done=True)
    assert isinstance(done.done.body, FieldCorrected) and done.done.body.old == 3000
    assert [event.kind for event in item_history(session.current_state(), done)] == [
        "FieldCorrected"
    ]


def test_a_correction_taken_back_brings_value_and_finding_back(session):
    correct(session, find(session, "unit_mismatch"), 12)
    session.record(
        *revert(session.current_state(), find(session, "unit_mismatch", done=True), "看错了")
    )
    assert find(session, "unit_mismatch").record.body.people_lifted is None
    assert len(item_history(session.current_state(), find(session, "unit_mismatch"))) == 2


def test_a_wrong_correction_does_not_pass_in_silence(session):
    correct(session, find(session, "id_checksum"), "110101198001011234")
    assert "id_checksum" in codes(session, "P34-1")


def test_a_right_identity_number_leaves_nothing_to_ask(session):
    correct(session, find(session, "id_checksum"), "11010519491231002X")
    assert "id_checksum" not in codes(session, "P34-1")
    assert WRONG_ID not in repr(find(session, "id_checksum", done=True).finding)


def test_a_confirmed_reading_leaves_the_queue_and_stays_on_record(session):
    session.record(
        *say.confirm_finding(session.current_state(), find(session, "approx"), "与原件一致")
    )
    assert "approx" not in open_codes(session) and "approx" in codes(session, "T13-1")
    session.record(*revert(session.current_state(), find(session, "approx", done=True), "再核"))
    assert "approx" in open_codes(session)


def test_letters_ask_no_more_about_what_was_confirmed(session):
    def asked():
        own = next(one for one in build_dossiers(session.current_state()) if one.unit.code == "13")
        return {(one.code, one.field) for one in own.findings}

    item = find(session, "approx")
    assert ("approx", item.finding.field) in asked()
    session.record(*say.confirm_finding(session.current_state(), item, "与原件一致"))
    assert ("approx", item.finding.field) not in asked()
    session.record(*revert(session.current_state(), find(session, "approx", done=True), "再核"))
    assert ("approx", item.finding.field) in asked()


def test_a_confirmed_nominee_enters_and_a_corrected_name_is_asked_again(session):
    assert not session.current_state().screening.case_by_id["T34-1"].eligible
    near = find(session, "commended_near", "team_name")
    events = session.record(*say.confirm_finding(session.current_state(), near, "同一团队"))
    assert [event.kind for event in events] == ["FindingSettled", "FindingReviewed"]
    assert session.current_state().screening.case_by_id["T34-1"].eligible
    correct(
        session,
        find(session, "commended_near", "team_name", done=True),
        "测试团队34部",
        "team_name",
    )
    assert not session.current_state().screening.case_by_id["T34-1"].eligible
    assert find(session, "commended_near", "team_name")
    assert "T34-1" in set(session.current_state().scores.stale_decisions["case"])


def test_a_settlement_taken_back_keeps_the_case_out_again(session):
    session.record(
        *say.confirm_finding(
            session.current_state(), find(session, "commended_near", "name"), "同一人"
        )
    )
    assert "commended_near" not in session.current_state().screening.case_by_id["P34-1"].reasons
    done = find(session, "commended_near", "name", done=True)
    session.record(*revert(session.current_state(), done, "弄错"))
    assert "commended_near" in session.current_state().screening.case_by_id["P34-1"].reasons


def test_a_settlement_holds_only_for_what_was_found(session):
    session.record(FindingSettled(case="P34-1", code="commended_near", reason="看过", mark="别的"))
    assert "commended_near" in session.current_state().screening.case_by_id["P34-1"].reasons


def test_a_named_unit_brings_the_records_into_the_review(session):
    item = find(session, "unknown_sender")
    assert not [case for case in session.current_state().screening.cases if case.unit == "62"]
    session.record(*say.assign_unit(item, "62", "见邮件正文"))
    state = session.current_state()
    assert state.screening.case_by_id[
        "P62-1"
    ].name == "测丙某62" and "unknown_sender" not in open_codes(session)
    assert state.submissions.receipts.set_index("receipt")["unit"][3] == "62"
    assert state.screening.completeness.set_index("unit")["individual"]["62"] != "未推荐"
    session.record(*revert(state, find(session, "unknown_sender", done=True), "弄错"))
    assert "unknown_sender" in open_codes(session) and not find(session, "unknown_sender").unit


def test_a_unit_named_later_moves_no_other_case_to_another_number(session):
    item = find(session, "unknown_sender")
    before = {case.id: case.name for case in session.current_state().screening.cases}
    session.record(*say.assign_unit(item, "34", "见邮件正文"))
    after = {case.id: case.name for case in session.current_state().screening.cases}
    assert before.items() <= after.items() and after["P34-2"] == "测丙某62"
    session.record(*say.assign_unit(item, "62", "更正"), *say.assign_unit(item, "34", "还是这里"))
    assert {case.id: case.name for case in session.current_state().screening.cases} == after


def test_a_record_alone_can_go_to_another_unit(session):
    item = find(session, "missing", "address")
    session.record(*say.assign_unit(item, "52", "见落款", alone=True))
    cases = {case.id: case.name for case in session.current_state().screening.cases}
    assert cases["T52-1"] == "测试团队34队" and "P34-1" in cases
    assert find(session, "missing", "address").unit == "52"


def test_a_scan_is_typed_and_what_was_left_blank_is_asked(session):
    item = next(
        one
        for one in work_items(session.current_state())
        if one.file and one.file.path.endswith("jpg")
    )
    values = {"team_name": "测试团队52", "people_lifted": 40, "story": "做了许多。"}
    session.record(*say.enter_form(session.current_state(), item, "team", values, "照原件录入"))
    case = session.current_state().screening.case_by_id["T52-1"]
    assert (case.name, case.nominee.people_lifted, case.record.id) == ("测试团队52", 40, "4-t1")
    assert ("missing", "address") in {
        (f.code, f.field) for f in session.current_state().screening.findings if f.case == "T52-1"
    }
    done = next(one for one in work_items(session.current_state()) if one.key == item.key)
    assert isinstance(done.done.body, FindingReviewed)
    assert any(
        isinstance(event.body, FormEntered) for event in item_history(session.current_state(), done)
    )
    session.record(*revert(session.current_state(), done, "录错了"))
    assert "T52-1" not in session.current_state().screening.case_by_id
    again = next(one for one in work_items(session.current_state()) if one.key == item.key)
    assert again.done is None
    session.record(*say.enter_form(session.current_state(), again, "team", values, "照原件录入"))
    assert (
        session.current_state().screening.case_by_id["T52-2"].record.id == "4-t2"
    )  # a number is never given twice


@pytest.mark.slow
def test_answers_outlive_a_new_run_of_intake_and_the_inspector_derives_them_again(session):
    correct(session, find(session, "approx"), 2980)
    session.record(*say.assign_unit(find(session, "unknown_sender"), "62", "见邮件正文"))
    session.record(
        *say.confirm_finding(
            session.current_state(), find(session, "commended_near", "team_name"), "同一团队"
        )
    )
    session.record(*say.mark_handled(find(session, "cloud_link"), "已下载存档"))
    item = next(
        one
        for one in work_items(session.current_state())
        if one.file and one.file.path.endswith("jpg")
    )
    session.record(
        *say.enter_form(
            session.current_state(), item, "team", {"team_name": "测试团队52"}, "照原件"
        )
    )
    commands.check(session, QUIET)
    before = {one.key: one.done and one.done.seq for one in work_items(session.current_state())}
    cases = session.current_state().screening.cases
    commands.register_mail(session, QUIET)
    assert {
        one.key: one.done and one.done.seq for one in work_items(session.current_state())
    } == before
    assert session.current_state().screening.cases == cases
    commands.verify(session, QUIET)


def test_every_answer_is_kept_with_who_when_and_why(session):
    (event,) = session.record(*say.assign_unit(find(session, "unknown_sender"), "62", "见邮件正文"))
    kept = session.ledger.events()[-1]
    assert kept == event and kept.body == UnitAssigned(receipt=3, unit="62", reason="见邮件正文")
    assert kept.actor and kept.at.tzinfo


def test_a_finding_has_the_same_mark_before_and_after_its_numbers_are_masked():
    from kjfp_helpers.core.findings import Finding
    from kjfp_helpers.core.privacy import mask_personal_numbers

    found = Finding(code="approx", expected="确数", found="电话19900000002", place=f"表{WRONG_ID}")
    masked = replace(
        found, found=mask_personal_numbers(found.found), place=mask_personal_numbers(found.place)
    )
    assert masked != found and masked.fingerprint == found.fingerprint
    assert (
        replace(found, found="约3000人").fingerprint != replace(found, found="约4000人").fingerprint
    )


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "state"), [("summary", "summary"), ("story_attachment", None)])
def test_a_text_that_nobody_could_sort_becomes_what_the_secretary_says(session, kind, state):
    item = find(session, "unsorted")
    text = say.find_unclassified_text(session.current_state(), item)
    assert text.id == "5-u1" and not [
        r for r in session.current_state().submissions.records if r.receipt == 5
    ]
    session.record(*say.classify_material(text, item, kind, "见标题和内容"))
    (record,) = [r for r in session.current_state().submissions.records if r.receipt == 5]
    assert (record.kind, record.unit) == (kind, "62")
    if state:
        assert (
            session.current_state().screening.completeness.set_index("unit")[state]["62"]
            != "未报送"
        )
    commands.verify(session, QUIET)
    session.record(*revert(session.current_state(), find(session, "unsorted", done=True), "归错了"))
    assert find(session, "unsorted") and not [
        r for r in session.current_state().submissions.records if r.receipt == 5
    ]


def test_a_field_corrected_without_a_finding_can_be_taken_back_too(session):
    correct(session, find(session, "approx"), 480, "service_days")
    done = find(session, "corrected", done=True)
    assert (done.field, done.record.body.service_days) == ("深入贫困地区开展服务累计天数", 480)
    session.record(*revert(session.current_state(), done, "看错了"))
    assert session.current_state().screening.case_by_id["T13-1"].nominee.service_days == 500
    assert not [
        one for one in work_items(session.current_state()) if one.finding.code == "corrected"
    ]
