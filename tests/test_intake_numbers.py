from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.intake.numbers import DAYS, PEOPLE, read_count
from kjfp_helpers.intake.numerals import parse_number


def read(text, units=PEOPLE):
    result = read_count(text, units)
    return result.value, {finding.code for finding in result.findings}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1200", 1200),
        ("1200人", 1200),
        ("１２００人", 1200),
        ("1,200人", 1200),
        ("1.2万人", 12000),
        ("1万2千人", 12000),
        ("三百人", 300),
        ("一千二百三十四人", 1234),
        ("叁佰人", 300),
        ("300户1200人", 1200),
        ("共320人，其中A县120人，B县200人", 320),
        ("2016-2020年带动脱贫300人", 300),
        ("0", 0),
        ("累计带动1200人脱贫", 1200),
    ],
)
def test_plain_counts_are_read_without_a_finding(text, value):
    assert read(text)[0] == value
    assert read(text)[1] - {"ambiguous"} == set()


@pytest.mark.parametrize("text", ["1200", "1.2万人", "1,200人", "三百人", "300户1200人", "12人"])
def test_exact_counts_raise_nothing(text):
    assert read(text)[1] == set()


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("约300户1200人", 1200, "approx"),
        ("近1200人", 1200, "approx"),
        ("1200余人", 1200, "approx"),
        ("百余人", 100, "approx"),
        ("1200+", 1200, "approx"),
        ("300户", None, "unit_mismatch"),
        ("1200人/年", None, "unit_mismatch"),
        ("5000人次", 5000, "unit_mismatch"),
        ("年均60人", None, "unit_mismatch"),
        ("12+16", None, "ambiguous"),
        ("12人+16人", None, "ambiguous"),
        ("100-200人", None, "ambiguous"),
        ("12.5人", None, "ambiguous"),
        ("300、400人", 300, "ambiguous"),
        ("-5", None, "ambiguous"),
        ("2016-2020年", None, "ambiguous"),
        ("数百人", None, "ambiguous"),
        ("三百五", 350, "approx"),
        ("1万2", 12000, "approx"),
        ("没有300人", 300, "ambiguous"),
        ("很多", None, "ambiguous"),
    ],
)
def test_doubtful_counts_carry_their_finding(text, value, code):
    got, codes = read(text)
    assert (got, code in codes) == (value, True)


@pytest.mark.parametrize(
    ("text", "value", "codes"),
    [
        ("365天", 365, set()),
        ("三百余天", 300, {"approx"}),
        ("3年", None, {"unit_mismatch"}),
        ("半年", None, {"unit_mismatch"}),
        ("每年60天", None, {"unit_mismatch"}),
        ("180天/年", None, {"unit_mismatch"}),
        ("18个月", None, {"unit_mismatch"}),
        ("1年200天", 200, {"ambiguous"}),
        ("8月10日", None, {"ambiguous"}),
    ],
)
def test_days_in_another_unit_are_not_days(text, value, codes):
    assert read(text, DAYS) == (value, codes)


@pytest.mark.parametrize("text", ["", "  ", "无", "/", "——", "待补", "XXX", "_____", "（无）"])
def test_placeholders_are_blank_and_never_zero(text):
    assert read(text) == (None, set())


def spell(number):
    """Chinese numerals of a number under 10,000, as taught."""
    digits, scales = "零一二三四五六七八九", ("", "十", "百", "千")
    text = ""
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += digits[digit] + scales[place]
        elif text and number % 10**place:
            text += "零"
    while "零零" in text:
        text = text.replace("零零", "零")
    return text or "零"


@given(st.integers(0, 9999))
def test_spelt_numbers_come_back(number):
    assert parse_number(spell(number)) == Decimal(number)


@given(st.integers(0, 10**9))
def test_any_plain_number_comes_back_exactly(number):
    for text in (str(number), f" {number} 人", f"{number:,}人", f"{number}名"):
        assert read(text) == (number, set())


@given(st.text("0123456789.,，+-—人户名年天月约余多万千百十一二三两零共其中、；/ ", max_size=14))
def test_a_count_without_finding_stands_in_the_text(text):
    result = read_count(text)
    if result.value is not None and not result.findings:
        assert any(sign.isdigit() or sign in "一二三两零十百千万" for sign in text)


@given(st.text(max_size=40))
def test_no_text_stops_the_reader(text):
    result = read_count(text)
    assert result.value is None or result.value >= 0
