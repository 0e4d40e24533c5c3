import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.intake.common import parsed_value
from kjfp_helpers.intake.common.text_cleanup import (
    is_blank,
    normalize_label,
    quote_for_finding,
    to_half_width,
)
from kjfp_helpers.intake.fields import field_readers, person_names


def codes(reading):
    return [finding.code for finding in reading.findings]


@given(st.integers(0, 10**17 - 1))
def test_a_wrong_check_digit_is_always_found(first):
    digits = f"{first:017d}"
    right = parsed_value.id_check_digit(digits)
    wrong = "0" if right != "0" else "1"
    reading = parsed_value.read_id_number(digits + wrong)
    assert codes(reading)[-1] == "id_checksum"
    assert reading.value == digits + wrong


def test_identity_number_is_half_width_with_capital_x():
    reading = parsed_value.read_id_number("１１０１０５ 19491231 002x")
    assert (reading.value, codes(reading)) == ("11010519491231002X", [])


def test_identity_number_of_wrong_length_is_kept_as_typed():
    reading = parsed_value.read_id_number("110105491231002")
    assert (reading.value, codes(reading)) == ("110105491231002", ["id15"])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("男", "男"),
        (" 女 ", "女"),
        ("☑男 □女", "男"),
        ("□男 □女", None),
        ("男√ 女", "男"),
        ("男□ 女√", "女"),
    ],
)
def test_gender_is_written_or_ticked(text, value):
    assert parsed_value.read_gender(text).value == value


@given(st.text(max_size=60))
def test_no_finding_holds_a_long_number_and_no_reader_stops(text):
    for reader in (*field_readers.TEXT_READERS.values(), person_names.read_names):
        for finding in reader(text).findings:
            assert not re.search(r"\d{7}", finding.found + finding.expected)


@given(st.from_regex(r"\d{17}[\dX]|1[3-9]\d{9}|0\d{2}-\d{8}", fullmatch=True))
def test_quoted_words_mask_numbers(number):
    assert not re.search(r"\d{7}", quote_for_finding(f"电话{number}。"))


@given(st.text())
def test_folded_labels_hold_no_space(text):
    assert not any(sign.isspace() for sign in normalize_label(text))
    assert to_half_width(to_half_width(text)) == to_half_width(text)


@pytest.mark.parametrize("text", ["有", "0", "无锡", "X光", "张三"])
def test_answers_are_not_blanks(text):
    assert not is_blank(text)


def test_words_that_a_program_wrote_three_times_are_asked_about():
    for words in (
        "研究员\n研究员研究员\n\n研究员",
        "研究员研究员研究员研究员",
        "柞水县人民路123号柞水县人民路柞水县人民路123号123柞水县人民路123号号",
    ):
        assert [one.code for one in parsed_value.read_text(words).findings] == ["ambiguous"]
    assert (
        parsed_value.read_text(
            "2018年全国先进个人\n2019年全国先进个人\n2020年全国先进个人"
        ).findings
        == ()
    )


def test_every_sign_of_a_user_font_is_framed_in_a_finding():
    assert quote_for_finding("测\ue000甲\U000f0000") == "“测□甲□”"
