from dataclasses import replace

import pytest
from panel_round import PHONE, open_round

from kjfp_helpers.derivation.blind import MASK, Veil
from kjfp_helpers.panels.casecard import case_card
from kjfp_helpers.records import Team


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    return open_round(tmp_path_factory.mktemp("blind")).review()


def telling(review, case):
    unit, nominee = review.round.unit_by_code[case.unit], case.nominee
    words = [case.name, case.id, unit.name, unit.short_name, unit.region, PHONE, "测试县", "测试市"]
    if isinstance(nominee, Team):
        return [*words, nominee.leader_name, *nominee.expert_names]
    return [*words, nominee.employer]


def test_card_holds_nothing_that_tells_who_it_is(review):
    for case in review.cases:
        card = case_card(review, case, "01 号")
        assert MASK in card
        assert [word for word in telling(review, case) if word in card] == []


def test_card_names_no_other_case(review):
    card = case_card(review, review.cases[0], "01 号")
    assert "事迹文字雷同" in card and "另一件" in card
    assert not any(case.id in card or case.name in card for case in review.cases)


def test_deeds_stay_text_and_never_become_html(review):
    case = next(c for c in review.cases if c.kind == "individual")
    card = case_card(review, case, "01 号")
    assert "<script" not in card and "&lt;script&gt;" in card


def test_missing_figure_is_not_zero(review):
    case = next(c for c in review.cases if c.nominee.people_lifted is None)
    assert "未填" in case_card(review, case, "01 号")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("王建国常说", f"{MASK}常说"),
        ("王 建 国常说", f"{MASK}常说"),
        ("建国常说", f"{MASK}常说"),
        ("王老师和老王", f"{MASK}老师和{MASK}"),
        ("邮箱 wang@example.com、电话010-12345678", f"邮箱 {MASK}、电话{MASK}"),
        ("国王的新衣", "国王的新衣"),
        (None, None),
    ],
)
def test_names_are_masked_inside_text(review, text, masked):
    case = next(c for c in review.cases if c.kind == "individual")
    body = replace(case.nominee, name="王建国")
    case = replace(case, name="王建国", record=replace(case.record, body=body))
    assert Veil(review.round, case)(text) == masked


def test_names_of_other_units_are_masked_as_well(review):
    case = next(case for case in review.cases if case.unit == "13")
    other = review.round.unit_by_code["34"]
    shown = Veil(review.round, case)(f"{other.name}与{other.short_name}的做法")
    assert shown == f"{MASK}与{MASK}的做法"
