from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.intake.fields.chinese_numerals import (
    expand_contractions,
    parse_digit_sequence,
    parse_number,
)


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


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("壹仟贰佰", 1200),
        ("1万2千", 12000),
        ("1.2万", 12000),
        ("一二〇〇", 1200),
        ("一万零五十", 10050),
        ("两千", 2000),
    ],
)
def test_numerals_of_every_kind(text, value):
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["二三", "一万五十", "三百五", "〇一二", "十十", "万", "1万2"])
def test_signs_that_spell_no_one_number_spell_none(text):
    assert parse_number(text) is None


@given(st.integers(0, 9999))
def test_digits_come_back_sign_by_sign(number):
    assert parse_digit_sequence(
        "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))
    ) == str(number)


def test_joined_signs_are_written_out():
    assert [expand_contractions(text) for text in ("廿三", "卅", "俩")] == ["二十三", "三十", "两"]


@given(st.text(max_size=12))
def test_no_text_stops_the_parser(text):
    parse_number(text), parse_number(text, loose=True), parse_digit_sequence(text)
