from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.intake.dates import find_date


def read(text):
    reading, rest = find_date(text)
    return reading.value, [finding.code for finding in reading.findings], rest


@pytest.mark.parametrize(
    "text", ["2020年8月10日", "2020.8.10", "2020-08-10", "2020/8/10", "20200810",
             "二〇二〇年八月十日", "２０２０年８月１０日", "2020 年 8 月 10 日", "2020年8月10号"],
)  # fmt: skip
def test_dates_in_every_hand(text):
    assert read(text) == (date(2020, 8, 10), [], "")


@pytest.mark.parametrize("text", ["2020年8月  日", "2020年8月", "2020.8", "2020年  月  日"])
def test_a_date_without_its_day_is_incomplete(text):
    assert read(text)[:2] == (None, ["date_incomplete"])


@pytest.mark.parametrize("text", ["2020年2月30日", "2020年13月1日", "20200231", "2020-00-10"])
def test_an_impossible_date_is_none(text):
    assert read(text)[:2] == (None, ["date_invalid"])


@pytest.mark.parametrize("text", ["", "年　　月　　日", "    年   月   日", "同意推荐。"])
def test_the_printed_template_is_no_date(text):
    assert read(text)[:2] == (None, [])


def test_the_last_date_counts_and_the_words_stay():
    assert read("2018年起表现突出，同意。\n2020年8月1日")[::2] == (
        date(2020, 8, 1),
        "2018年起表现突出，同意。",
    )


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_date_comes_back(day):
    for text in (
        f"{day.year}年{day.month}月{day.day}日",
        day.isoformat(),
        day.strftime("%Y.%m.%d"),
    ):
        assert read(text)[:2] == (day, [])


@given(st.text("0123456789年月日.-/〇一二三十 \n", max_size=20))
def test_no_text_stops_the_reader(text):
    find_date(text)
