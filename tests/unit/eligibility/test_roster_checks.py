"""A list of nominees is held against the forms of its unit, wherever in its mail they came."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.records import Case, Intake, ListedPerson, PeopleList, Record
from kjfp_helpers.eligibility.roster_checks import check_rosters
from kjfp_helpers.eligibility.unreadable_nominations import UnreadableForm
from support.rounds.builders import mail, person, team

NAMES = ("测试甲", "测试乙", "测试丙", "测试丁")
SOURCE = "inbox/0001.eml/汇总表.xlsx"


def listed(*people, nominees=True):
    body = PeopleList(title="汇总表", nominees=nominees, people=people)
    return Record(
        id="1-u1", kind="people_list", unit="", receipt=1, source=SOURCE, sha256="", body=body
    )


def row(name, kind="individual", **values):
    return ListedPerson(name=name, kind=kind, **values)


def cases(*records):
    return [
        Case(
            id=f"{number}",
            kind=record.kind,
            unit=record.unit,
            name=getattr(record.body, "team_name", None) or record.body.name,
            rank=number,
            record=record,
        )
        for number, record in enumerate(records, 1)
    ]


def check(record, *records, unread=(), unit="61"):
    intake = Intake(mails=(mail(1, unit),), loose=(record,))
    return check_rosters(intake, intake, cases(*records), unread).get(SOURCE)


@settings(deadline=None)
@given(st.sets(st.sampled_from(NAMES), min_size=1), st.sets(st.sampled_from(NAMES)))
def test_every_name_that_only_one_side_has_is_told_and_no_other(on_list, with_form):
    finding = check(listed(*map(row, sorted(on_list))), *map(person, sorted(with_form)))
    assert finding.code == ("people_list" if on_list == with_form else "roster_differs")
    if on_list != with_form:
        assert {name for name in NAMES if name in finding.found} == on_list ^ with_form
    else:
        assert "一致" in finding.found


def test_figures_that_differ_are_told_with_both_values():
    finding = check(listed(row("测试甲", people_lifted=9)), person("测试甲", people_lifted=12))
    assert "名单为9，推荐表为12" in finding.found
    assert check(
        listed(row("测 试甲", people_lifted=12)), person("测试甲", people_lifted=12)
    ).code == ("people_list")


def test_a_list_of_teams_says_nothing_of_persons_without_a_row():
    assert check(listed(row("甲队", "team")), team("甲队"), person("测试甲")).code == "people_list"
    assert check(listed(row("甲队", "")), team("甲队"), person("测试甲")).code == "roster_differs"


def test_a_form_that_cannot_be_read_counts_as_received():
    unread = UnreadableForm(
        unit="61",
        kind="individual",
        name="推荐表-测试甲.ofd",
        receipt=1,
        source="",
        code="unsupported",
    )
    assert check(listed(row("测试甲")), unread=[unread]).code == "people_list"


def test_forms_of_other_units_and_lists_of_others_or_of_nobody_known_say_nothing():
    assert "未收到推荐表" in check(listed(row("测试甲")), person("测试甲", unit="52")).found
    assert check(listed(row("测试甲"), nominees=False)) is None
    assert check(listed(row("测试甲")), unit="") is None


@pytest.mark.parametrize("count", [1, 10, 11, 60])
def test_a_long_list_is_told_by_its_first_names_and_their_number(count):
    people = [row(f"测试{number}") for number in range(count)]
    finding = check(listed(*people))
    assert f"{count}个对象" in finding.found and len(finding.found) < 120


def test_the_unit_assigned_by_the_secretary_counts():
    read = Intake(mails=(mail(1, ""),), loose=(listed(row("测试甲")),))
    decided = replace(read, mails=(mail(1, "61"),))
    found = check_rosters(read, decided, cases(person("测试甲")), ())
    assert [one.code for one in found.values()] == ["people_list"]
