import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.intake import boxes, contacts, persons, values
from kjfp_helpers.intake.words import fold, half_width, is_blank, quote


def codes(reading):
    return [finding.code for finding in reading.findings]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("测试甲、测试乙，测试丙", ("测试甲", "测试乙", "测试丙")),
        ("张  三、李四光", ("张三", "李四光")),
        ("张 三  李四光  王 五", ("张三", "李四光", "王五")),
        ("测试甲\n测试乙", ("测试甲", "测试乙")),
        ("测试甲（教授）、测试乙", ("测试甲", "测试乙")),
        ("阿卜杜拉·买买提、John Smith", ("阿卜杜拉·买买提", "John Smith")),
    ],
)
def test_names_are_split_and_lose_inner_spaces(text, names):
    reading = persons.read_names(text)
    assert (reading.value, codes(reading)) == (names, [])


@pytest.mark.parametrize(
    "text", ["测试甲、测试乙等", "测试甲、测试乙等5人", "测试甲、12名专家若干位同志"]
)
def test_a_list_that_is_cut_short_is_ambiguous(text):
    assert "ambiguous" in codes(persons.read_names(text))


def test_name_loses_inner_spaces():
    assert persons.read_name("张　三").value == "张三"


@given(st.integers(0, 10**17 - 1))
def test_a_wrong_check_digit_is_always_found(first):
    digits = f"{first:017d}"
    right = values.check_digit(digits)
    wrong = "0" if right != "0" else "1"
    reading = values.read_id_number(digits + wrong)
    assert codes(reading)[-1] == "id_checksum"
    assert reading.value == digits + wrong


def test_identity_number_is_half_width_with_capital_x():
    reading = values.read_id_number("１１０１０５ 19491231 002x")
    assert (reading.value, codes(reading)) == ("11010519491231002X", [])


def test_identity_number_of_wrong_length_is_kept_as_typed():
    reading = values.read_id_number("110105491231002")
    assert (reading.value, codes(reading)) == ("110105491231002", ["id15"])


@pytest.mark.parametrize("text", ["13900000000", "010-62345678", "0851-8888888", "（0851）88888888",
                                  "400-810-1234", "13900000000/010-62345678", "139 0000 0000", "+86 13900000000"])  # fmt: skip
def test_phones_of_china_are_valid(text):
    assert codes(contacts.read_phone(text)) == []


@pytest.mark.parametrize("text", ["1390000000", "12345", "电话待定1", "23900000000"])
def test_other_phones_are_found(text):
    assert codes(contacts.read_phone(text)) == ["phone_invalid"]


@pytest.mark.parametrize("text", ["a@b.cn", "ａ@b.com.cn", "x.y-z@a-b.org.cn"])
def test_addresses_are_valid(text):
    assert codes(contacts.read_email(text)) == []


@pytest.mark.parametrize("text", ["a@b", "a b.cn", "@b.cn", "a@-b.cn", "a@b..cn"])
def test_broken_addresses_are_found(text):
    assert codes(contacts.read_email(text)) == ["email_invalid"]


@pytest.mark.parametrize("text", ["12345", "1234567", "abc123"])
def test_a_postcode_has_six_digits(text):
    assert codes(contacts.read_postcode(text)) == ["postcode_invalid"]
    assert contacts.read_postcode("１０００３８").value == "100038"


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
    assert values.read_gender(text).value == value


@given(st.text(max_size=60))
def test_no_finding_holds_a_long_number_and_no_reader_stops(text):
    for reader in (*boxes.TEXT_READERS.values(), persons.read_names):
        for finding in reader(text).findings:
            assert not re.search(r"\d{7}", finding.found + finding.expected)


@given(st.from_regex(r"\d{17}[\dX]|1[3-9]\d{9}|0\d{2}-\d{8}", fullmatch=True))
def test_quoted_words_mask_numbers(number):
    assert not re.search(r"\d{7}", quote(f"电话{number}。"))


@given(st.text())
def test_folded_labels_hold_no_space(text):
    assert not any(sign.isspace() for sign in fold(text))
    assert half_width(half_width(text)) == half_width(text)


@pytest.mark.parametrize("text", ["有", "0", "无锡", "X光", "张三"])
def test_answers_are_not_blanks(text):
    assert not is_blank(text)
