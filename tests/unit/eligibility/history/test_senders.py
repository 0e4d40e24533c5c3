"""Whose a message is: by what it says of itself, by an answer, and by an address remembered."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kjfp_helpers.core.events import Event, MailReceived, SenderRemembered, UnitAssigned
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.eligibility import collect_submissions
from kjfp_helpers.rules import load_round
from support.forms.sample_files import PERSON, form, letter, read_inbox_of
from support.rounds.builders import intake, mail, person

AT = datetime(2020, 8, 20, tzinfo=UTC)
QQ = "12345@qq.example.com"


@pytest.fixture(scope="module")
def rules(rules_folder):
    return load_round(rules_folder)


def received(*numbers):
    return [MailReceived(number=n, path=f"inbox/{n:04}.eml", sha256=f"{n:064}") for n in numbers]


def remembered(unit, address=QQ):
    return SenderRemembered(address=address, unit=unit, reason="已电话核实")


def messages(*units, code="unknown_sender", sender=QQ):
    """Messages of one address, of unknown units or of inferred ones."""
    mails, records = [], []
    for n, unit in enumerate(units, 1):
        finding = Finding(code=code, expected="某", found="某", source=f"inbox/{n:04}.eml")
        findings = (finding,) if not unit or code == "unit_inferred" else ()
        mails.append(replace(mail(n, unit, findings=findings), sender=sender))
        records.append(person(f"测试{'甲乙丙丁'[n]}", unit, receipt=n))
    return intake(*records, mails=mails)


def submissions(rules, read, *bodies):
    events = [Event(seq=n, at=AT, actor="秘书", body=body) for n, body in enumerate(bodies, 1)]
    return collect_submissions(rules, read, events)


def test_an_address_once_answered_names_the_unit_of_every_message_from_it(rules):
    read = messages("", "")
    got = submissions(rules, read, *received(1), remembered("62"), *received(2))
    assert [one.unit for one in got.intake.mails] == ["62", "62"]
    assert [case.id for case in got.nominations] == ["P62-1", "P62-2"]
    codes = [[finding.code for finding in one.findings] for one in got.intake.mails]
    assert codes == [["sender_known"], ["sender_known"]]
    assert all(QQ in one.findings[0].found for one in got.intake.mails)


def test_another_word_on_the_address_takes_the_first_back(rules):
    read = messages("", "")
    got = submissions(rules, read, *received(1, 2), remembered("62"), remembered(""))
    assert [one.unit for one in got.intake.mails] == ["", ""]
    got = submissions(rules, read, *received(1, 2), remembered("62"), remembered("52"))
    assert [one.unit for one in got.intake.mails] == ["52", "52"]


def test_what_a_message_says_of_itself_and_an_answer_for_it_go_before_the_address(rules):
    read = messages("52", "", "")
    answer = UnitAssigned(receipt=3, unit="61", reason="见落款")
    got = submissions(rules, read, *received(1, 2, 3), remembered("62"), answer)
    assert [one.unit for one in got.intake.mails] == ["52", "62", "61"]


def test_an_inferred_unit_gives_way_to_a_known_address(rules):
    read = messages("52", code="unit_inferred")
    got = submissions(rules, read, *received(1), remembered("62"))
    assert [one.unit for one in got.intake.mails] == ["62"]


def test_an_address_assigned_later_moves_no_case_to_another_number(rules):
    read = messages("62", "", "62")
    before = submissions(rules, read, *received(1, 2, 3))
    after = submissions(rules, read, *received(1, 2, 3), remembered("62"))
    numbers = {case.name: case.id for case in after.nominations}
    assert all(numbers[case.name] == case.id for case in before.nominations)


@pytest.mark.parametrize(
    ("files", "body", "place"),
    [
        ({"贵州省科协推荐表.docx": form(PERSON)}, "见附件", "文件名"),
        (
            {"表.docx": form(PERSON | {"recommendation": "同意推荐。\n贵州省科协\n2020年8月1日"})},
            "见附件",
            "推荐意见",
        ),
        ({"表.docx": form(PERSON)}, "现报送材料。\n贵州省科学技术协会\n2020年8月1日", "正文"),
    ],
)
def test_a_message_is_filed_by_its_materials_with_the_evidence_in_question(
    tmp_path, files, body, place
):
    got = read_inbox_of(
        tmp_path, {"a.eml": letter(files, subject="报送材料", body=body, sender=QQ)}
    )
    (one,) = got.mails
    assert one.unit == "52" and [finding.code for finding in one.findings] == ["unit_inferred"]
    assert place in one.findings[0].found and "贵州" in one.findings[0].found


def test_a_stranger_is_nobodys(tmp_path):
    mails = {
        "a.eml": letter({"表.docx": form(PERSON)}, subject="吉林大学测试丁推荐材料", sender=QQ)
    }
    (one,) = read_inbox_of(tmp_path, mails).mails
    assert one.unit == "" and [finding.code for finding in one.findings] == ["unknown_sender"]
