"""Identity and phone numbers are masked wherever and however they are written."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.core.privacy import mask_number, mask_personal_numbers

ID = "110101199001011234"


def digits(text):
    plain = "".join(
        str(unicodedata.digit(c, None) if unicodedata.digit(c, None) is not None else c)
        for c in text
    )
    return re.sub("[^0-9X*]", "", plain.upper())


identity = st.builds(
    "{:02}{:04}{:04}{:02}{:02}{:03}{}".format,
    st.sampled_from([11, 15, 23, 37, 46, 54, 65, 81]),
    st.integers(0, 9999),
    st.integers(1930, 2010),
    st.integers(1, 12),
    st.integers(1, 31),
    st.integers(0, 999),
    st.sampled_from("0123456789Xx"),
)
gap = st.sampled_from(["", "", " ", "-", "　", "\u200b", " - ", "．", "\t"])
wide = str.maketrans("0123456789Xx", "０１２３４５６７８９Ｘｘ")
around = st.text(st.characters(exclude_categories=["Cs", "Nd", "No"]), max_size=20)


@given(around, identity, around, st.lists(gap, min_size=18, max_size=18), st.booleans())
def test_no_identity_number_survives_in_free_text(before, number, after, gaps, full_width):
    written = "".join(a + b for a, b in zip(number, gaps, strict=True)).rstrip()
    written = written.translate(wide) if full_width else written
    masked = mask_personal_numbers(f"{before}，{written}，{after}")
    assert number.upper() not in digits(masked)
    assert number[6:14] not in digits(masked)


@pytest.mark.slow
@given(st.text(max_size=60), st.text("0123456789", min_size=15, max_size=40), st.text(max_size=60))
def test_no_long_run_of_digits_survives(before, run, after):
    assert not re.search(r"\d{15}", mask_personal_numbers(before + run + after))


@given(st.text("0123456789xX 　-.年月日，电话１９８２０", max_size=80))
def test_no_mobile_number_survives_among_figures_and_dates(text):
    once = mask_personal_numbers(text)
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)|\d{15}", once)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"身份证{ID}。", "身份证110*************34。"),
        ("11010119900101123x", "110*************3x".upper()),
        ("110101900101123", "110**********23"),
        ("手机138 0013 8000", "手机138******00"),
        ("＋86-13800138000", "861********00"),
        ("5 13800138000", "5 138******00"),
        ("（010）6857 1234", "010******34"),
        ("0931-8412345转2", "093******45转2"),
        ("联系方式：68571234", "联系方式：685***34"),
        (f"2020.07.15 {ID}", "2020.07.15 110*************34"),
    ],
)
def test_numbers_of_persons_are_masked(text, shown):
    assert mask_personal_numbers(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "2016.03.01-2020.12.31 共5年",
        "inbox/20200715-093000-0001.eml",
        "带动 120 135 150 160 170 人",
        "科技助力扶贫办发〔2020〕4号，20个团队、50名个人",
        "脱贫 1234567 人，投入 12,345,678.90 元",
        "0001-01-T61-1.docx",
        "",
    ],
)
def test_figures_dates_and_paths_stay(text):
    assert mask_personal_numbers(text) == text


def test_masks_keep_the_ends_and_nothing_of_what_is_short():
    assert mask_number(ID) == "110*************34"
    assert mask_number("１１０１０１９００１０１１２３") == "110**********23"
    assert mask_number("138-0013-8000") == "138******00"
    assert mask_number("12345") == "*****"
