"""Figures against each other: asked only where the deeds plainly tell another number."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.intake.common.text_cleanup import to_half_width
from kjfp_helpers.rules import load_round
from support.rounds.builders import commended, intake, person, screen_intake, stocktake, team

FORM = {"people_lifted": 1200, "service_days": 320}


@pytest.fixture(scope="module")
def rules(rules_folder):
    """The rules, without anybody commended earlier: the figures are not held against those."""
    return replace(load_round(rules_folder), commended=())


def raised(rules, *records):
    found = screen_intake(
        commended(rules, *(r for r in records if r.kind != "stocktake")), intake(*records), ()
    )
    codes = ("claim_differs", "names_over_count", "claims_over_unit", "claim_over_unit")
    return [f for f in found.findings if f.code in codes]


def asked(rules, story, **fields):
    return [
        (f.field, f.found) for f in raised(rules, person("测试甲", story=story, **(FORM | fields)))
    ]


@pytest.mark.parametrize(
    ("story", "field"),
    [
        ("三年来累计带动1500名贫困群众脱贫。", "people_lifted"),
        ("累计帮助建档立卡贫困户400户1000人实现脱贫。", "people_lifted"),
        ("通过培训带动脱贫贫困人口2.3万人。", "people_lifted"),
        ("换来３０００名乡亲的脱贫。", "people_lifted"),
        ("2016年以来，共带动九百人稳定脱贫。", "people_lifted"),
        ("他累计深入贫困地区服务500天，走遍全部村组。", "service_days"),
        ("累计驻村二百一十天。", "service_days"),
        ("从2016年3月到2020年6月累计驻村服务900天。", "service_days"),
        ("截至２０２０年６月，累计帮助七个村2100人摆脱贫困。", "people_lifted"),
    ],
)
def test_another_total_in_the_deeds_is_asked_and_quoted(rules, story, field):
    [(name, found)] = asked(rules, story)
    assert name == field and found.startswith("事迹写“") and found[4:8] in to_half_width(story)


@pytest.mark.parametrize(
    "story",
    [
        "累计带动1200人脱贫，累计服务320天。",
        "累计带动1200余人脱贫。",
        "累计带动近1300人脱贫。",
        "累计带动0.12万人脱贫。",
        "2018年带动300人脱贫，2019年带动900人脱贫。",
        "其中带动300人脱贫。",
        "每年带动400人脱贫。",
        "又带动60人脱贫。",
        "全县3000人脱贫，他功不可没。",
        "该村380人全部脱贫。",
        "所在乡镇实现5000人脱贫。",
        "带动300户脱贫。",
        "培训5000人次，助力脱贫攻坚。",
        "组织80人投身脱贫攻坚战。",
        "带动20名脱贫致富带头人。",
        "累计培训3000人。",
        "2016年至2020年带动脱贫。",
        "助力示例县16000名贫困人口脱贫。",
        "从2016年3月到2020年6月共带动1200人脱贫。",
        "连续60天驻村服务。",
        "每年驻村服务100天。",
        "培训班为期10天。",
        "6月15日深入一线服务。",
        "2019年服务90天。",
        "累计带动1500人脱贫。表内按核定数填1200人。",
        "与10名专家共同带动200人脱贫。",
        "带动数百人脱贫。",
    ],
)
def test_parts_rates_rounded_figures_and_other_counts_are_not_asked(rules, story):
    assert asked(rules, story) == []


@pytest.mark.parametrize(
    ("story", "count"),
    [
        ("团队共有28名专家。", 1),
        ("服务团由31位专家组成。", 1),
        ("团队28名专家长期驻点。", 1),
        ("团队现有专家12人。", 0),
        ("团队派出3名专家。", 0),
        ("团队有3名专家是博士。", 0),
        ("团队培训农民280人。", 0),
    ],
)
def test_the_number_of_experts_in_the_deeds_is_held_against_the_form(rules, story, count):
    found = raised(rules, team("示例甲队", story=story, expert_count=12))
    assert [f.field for f in found] == ["expert_count"] * count


def test_a_number_that_intake_already_asked_for_is_not_asked_twice(rules):
    about = Finding(code="approx", field="people_lifted", expected="确数", found="约数")
    record = person("测试甲", story="累计带动1500人脱贫。", findings=[about], people_lifted=1200)
    assert raised(rules, record) == []


def test_more_names_than_experts_are_asked(rules):
    [found] = raised(rules, team("示例甲队", expert_count=1, expert_names=("测试甲", "测试乙")))
    assert (found.code, found.found) == ("names_over_count", "2个姓名")
    assert not raised(rules, team("示例甲队", expert_count=2, expert_names=("测试甲", "测试乙")))
    assert not raised(rules, team("示例甲队", expert_count=1, expert_names=("测试甲", "测试甲")))


def test_persons_of_a_unit_are_added_up_but_not_with_its_team(rules):
    two = [person("测试甲", people_lifted=60), person("测试乙", serial=2, people_lifted=50)]
    [found] = raised(rules, *two, stocktake(people_done=100))
    assert (found.code, found.case, found.found) == ("claims_over_unit", "", "2件合计110人")
    mixed = [team("示例甲队"), person("测试甲", people_lifted=95)]
    assert not raised(rules, *mixed, stocktake(people_done=100))


@pytest.mark.slow
@given(st.integers(1, 10**6), st.integers(1, 2000))
def test_deeds_that_tell_the_form_s_own_figures_are_never_asked(rules, people, days):
    story = f"累计带动建档立卡贫困人口{people}人脱贫，累计深入贫困地区服务{days}天。"
    assert asked(rules, story, people_lifted=people, service_days=days) == []


@pytest.mark.slow
@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_whole_that_differs_is_always_asked(rules, told, form):
    found = asked(rules, f"累计带动{told}人脱贫。", people_lifted=form)
    assert bool(found) is (told != form)


@pytest.mark.slow
@given(
    st.text(alphabet="带动累计共脱贫服务天团队专家人名户年0123456789一二百万，。 其中", max_size=80)
)
def test_any_text_is_read_without_an_error(rules, story):
    asked(rules, story)
