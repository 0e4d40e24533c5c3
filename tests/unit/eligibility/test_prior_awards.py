"""Who was commended before: every match is told, none is guessed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.core.text_normalization import alnum_key
from kjfp_helpers.eligibility.duplicates.organisation_names import (
    is_same_employer,
    normalize_org_name,
)
from kjfp_helpers.rules import Commendation, load_round
from support.rounds.builders import commended, intake, person, ruling, screen_intake, team


@pytest.fixture(scope="module")
def rules(rules_folder):
    return load_round(rules_folder)


def listed(rules, *rows):
    """Return the round with register rows of (kind, name, unit, employer)."""
    entries = [
        Commendation(
            year=2018,
            level="全国",
            kind=kind,
            name=name,
            unit=unit,
            employer=employer,
            document="样例〔2018〕1号",
        )
        for kind, name, unit, employer in rows
    ]
    return replace(rules, commended=tuple(entries))


def judged(round, record):
    """Return the code raised on the only case, if any, and what its matches say."""
    found = screen_intake(round, intake(record), ())
    codes = [f.code for f in found.findings if f.code in ("commended_near", "not_commended")]
    return codes, list(zip(found.evidence["how"], found.evidence["sure"], strict=True)), found


@pytest.mark.parametrize(
    ("entry", "now"),
    [
        ("示例省果树研究所技术服务团", "示例省果树所服务团"),
        ("河北省农业科学院果树专家服务团", "农科院果树服务团"),
        ("陕西省科学技术协会科技特派员团队", "陕西科协特派员团队"),
        ("示例生物科技有限责任公司帮扶队", "示例生物科技有限公司帮扶队"),
        ("示例农业大学（苹果）专家团队", "示例农大苹果团队"),
    ],
)
def test_a_short_form_of_the_same_unit_counts_and_the_rule_is_told(rules, entry, now):
    codes, matches, found = judged(listed(rules, ("team", entry, "61", "")), team(now))
    assert codes == [] and found.prior_awards["T61-1"][0].name == entry
    [(how, sure)] = matches
    assert sure and how.startswith("简称相合（") and ("即" in how or "省去" in how)


def test_a_short_form_of_another_unit_or_kind_is_asked_or_does_not_count(rules):
    name, short = "示例果树研究所技术服务团", "示例果树所服务团"
    codes, matches, _ = judged(listed(rules, ("team", name, "62", "")), team(short))
    assert codes == ["commended_near"] and "异单位" in matches[0][0] and not matches[0][1]
    assert judged(listed(rules, ("individual", name, "61", "")), team(short))[0] == [
        "not_commended"
    ]


def test_a_short_form_that_fits_two_listed_names_is_asked(rules):
    rows = [("team", "示例果树研究所团队", "61", ""), ("team", "示例果树所专家团队", "61", "")]
    codes, matches, _ = judged(listed(rules, *rows), team("示例果树所团队"))
    assert codes == ["commended_near"] and [sure for _how, sure in matches] == [False, False]


def test_a_short_form_listed_beside_the_name_in_one_year_is_another_team(rules):
    rows = [("team", "示例果树研究所团队", "61", ""), ("team", "示例果树所团队", "61", "")]
    codes, matches, found = judged(listed(rules, *rows), team("示例果树所团队"))
    assert codes == [] and [sure for _how, sure in matches] == [False, True]
    assert [row.name for row in found.prior_awards["T61-1"]] == ["示例果树所团队"]


@pytest.mark.parametrize(
    ("entry", "now"),
    [
        ("河北省农业科学院果树团队", "山西省农业科学院果树团队"),
        ("示例果树专家服务团", "示例果树科技服务团"),
    ],
)
def test_names_that_differ_in_what_short_forms_leave_out_are_two(rules, entry, now):
    codes, matches, _ = judged(listed(rules, ("team", entry, "61", "")), team(now))
    assert codes == ["commended_near"] and matches == [("近似", False)]


@pytest.mark.parametrize(
    ("employer", "how", "codes"),
    [
        ("示例所", "同名同单位", []),
        ("", "同名同单位", []),
        ("示例研究所", "同名，工作单位简称相合", []),
        ("另一家公司", "同名异工作单位", ["commended_near"]),
    ],
)
def test_the_employer_is_a_second_witness_for_a_person(rules, employer, how, codes):
    entry = ("individual", "测试甲", "61", employer)
    assert judged(listed(rules, entry), person("测试甲"))[:2] == (codes, [(how, not codes)])


def test_a_mistyped_name_of_the_same_employer_is_asked_and_of_another_is_not_found(rules):
    near = listed(rules, ("individual", "测试曱", "61", "示例研究所"))
    codes, matches, found = judged(near, person("测试甲"))
    assert codes == ["commended_near"] and matches == [("近似", False)] and not found.prior_awards
    far = listed(rules, ("individual", "测试曱", "61", "别处"))
    assert judged(far, person("测试甲"))[0] == ["not_commended"]


def test_a_namesake_under_another_unit_is_asked_with_the_place_in_the_list(rules):
    rows = [("team", "别的队", "61", ""), ("individual", "测试甲", "62", "示例所")]
    codes, matches, found = judged(listed(rules, *rows), person("测试甲"))
    assert codes == ["commended_near"] and matches == [("同名异单位，同工作单位", False)]
    [finding] = [f for f in found.findings if f.code == "commended_near"]
    assert "第2条" in finding.found and "2018年甘肃“测试甲”" in finding.found
    [row] = found.evidence.to_dict("records")
    assert (row["row"], row["year"], row["level"], row["document"], row["listed_name"]) == (
        2,
        2018,
        "全国",
        "样例〔2018〕1号",
        "测试甲",
    )


def test_every_commendation_of_a_nominee_is_a_row_and_counts(rules):
    record = person("测试甲")
    round = commended(commended(rules, record, year=2017), record, year=2019)
    found = screen_intake(round, intake(record), ())
    assert list(found.evidence["year"]) == [2017, 2019] and found.evidence["sure"].all()
    assert [row.year for row in found.prior_awards["P61-1"]] == [2017, 2019]


def test_lists_that_do_not_count_by_the_ruling_prove_nothing(rules):
    row = Commendation(
        year=2018,
        level="省级",
        kind="team",
        name="示例甲队",
        unit="61",
        employer="",
        document="样例",
    )
    round = ruling(replace(rules, commended=(row,)), earlier_lists="national")
    assert judged(round, team("示例甲队"))[0] == ["not_commended"]


def test_a_form_without_a_name_matches_nobody(rules):
    codes, matches, _ = judged(listed(rules, ("team", "未填名称", "61", "")), team(None))
    assert codes == ["not_commended"] and matches == []


NAMES = st.text(alphabet="河北省山西农业科学院研究所大学专家服务团队有限公司 （）·Ａ1", max_size=24)


@given(NAMES)
def test_a_short_form_is_its_own_short_form_up_to_places_and_never_longer(name):
    form = normalize_org_name(name)
    assert len(form.text) <= len(alnum_key(name)) and alnum_key(form.text) == form.text


@given(NAMES, NAMES)
def test_two_names_agree_both_ways_or_neither(one, other):
    assert is_same_employer(one, other) == is_same_employer(other, one)


@given(NAMES)
def test_width_spaces_and_brackets_never_change_a_short_form(name):
    typed = " ".join(name.replace("（", "(").replace("）", ")").replace("1", "１"))
    assert normalize_org_name(typed).text == normalize_org_name(name).text
    assert is_same_employer(name, typed) is bool(alnum_key(name))
