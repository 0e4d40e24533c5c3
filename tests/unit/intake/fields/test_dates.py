import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.intake.fields.dates import find_date


def read(text):
    reading, rest = find_date(text)
    return reading.value, [finding.code for finding in reading.findings], rest


@pytest.mark.parametrize(
    "text",
    [
        "2020年8月10日",
        "2020.8.10",
        "2020-08-10",
        "2020/8/10",
        "20200810",
        "二〇二〇年八月十日",
        "２０２０年８月１０日",
        "2020 年 8 月 10 日",
        "2020年8月10号",
    ],
)
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


@pytest.mark.parametrize(
    ("behind", "day"),
    [
        ("测试省科协（章）", 10),
        (" 测试省科协", 10),
        ("经测试省科协研究同意", None),
        ("赴贵州调研", None),
    ],
)
def test_only_a_units_name_may_stand_behind_the_date(behind, day):
    assert read(f"同意。\n2020年8月10日{behind}")[0] == (day and date(2020, 8, day))


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_date_comes_back(day):
    for text in (
        f"{day.year}年{day.month}月{day.day}日",
        day.isoformat(),
        day.strftime("%Y.%m.%d"),
    ):
        assert read(text)[:2] == (day, [])


@pytest.mark.parametrize(
    ("text", "value", "codes"),
    [
        ("20年8月3日", date(2020, 8, 3), ["date_incomplete"]),
        ("8月3日", None, ["date_incomplete"]),
        ("2020年8月上旬", None, ["date_incomplete"]),
        ("8.3", None, ["date_incomplete"]),
        ("去年8月3日", None, ["date_incomplete"]),
        ("202年8月3日", None, ["date_invalid"]),
        ("20220年8月3日", None, ["date_invalid"]),
        ("二十二〇年8月3日", None, ["date_invalid"]),
        ("2020年8月3-5日", date(2020, 8, 3), ["ambiguous"]),
        ("2020年8月3日至8月5日", date(2020, 8, 3), ["ambiguous"]),
        ("2020年8月3日、2020年8月5日", date(2020, 8, 3), ["ambiguous"]),
        ("2020年8月3日\n2020年8月5日", date(2020, 8, 3), ["ambiguous"]),
        ("2020年8月3日\n2020年8月3日", date(2020, 8, 3), []),
        ("3/8/2020", None, ["ambiguous"]),
        ("13/8/2020", date(2020, 8, 13), []),
        ("44046", date(2020, 8, 3), ["ambiguous"]),
        ("农历2020年六月十四", None, ["ambiguous"]),
        ("2020年\n8月\n3日", date(2020, 8, 3), []),
        ("日期：2020年8月3日（星期一）", date(2020, 8, 3), []),
        ("2020年8月3日星期一上午", date(2020, 8, 3), []),
        ("2020-08-03 00:00:00", date(2020, 8, 3), []),
        ("__2020__年__8__月__3__日", date(2020, 8, 3), []),
        ("×年×月×日", None, []),
        ("——", None, []),
    ],
)
def test_what_stands_for_a_date_is_told_and_taken_out_of_the_opinion(text, value, codes):
    assert read(f"经研究，同意推荐。\n{text}") == (value, codes, "经研究，同意推荐。")


@pytest.mark.parametrize(
    "text",
    [
        "经2020年7月20日会议研究，同意推荐。",
        "同意推荐，自2016年起服务至2020年8月。",
        "公示期为2020年7月20日至2020年7月26日",
        "同意推荐（2020年8月3日党组会议通过）",
        "从事科技工作20年",
        "同意推荐，增收8.3",
    ],
)
def test_a_date_inside_a_sentence_stays_there(text):
    assert read(text) == (None, [], text)
    assert read(f"{text}\n    年  月  日")[::2] == (None, text)


@pytest.mark.slow
@given(
    st.dates(date(2020, 6, 1), date(2020, 12, 31)),
    st.sampled_from(
        [
            "（单位盖章）\n{}",
            "{}（盖章）",
            "　　　　{}",
            "（单位盖章）　{}",
            "\n{}\n（公章）",
            "{}\n年  月  日",
        ]
    ),
)
def test_a_date_wherever_it_stands_leaves_the_words_alone(day, way):
    text = "经研究，同意推荐。" + way.format(f"{day.year}年{day.month}月{day.day}日")
    got, codes, rest = read(text)
    assert (got, codes, rest.split("\n")[0].split("（")[0].strip()) == (
        day,
        [],
        "经研究，同意推荐。",
    )


@given(st.text("20189月日年.-/〇二八十 \n", max_size=20))
def test_a_date_without_finding_is_spelt_in_the_text(text):
    got, codes, _ = read(text)
    if got is not None and not codes:
        digits = "".join(
            str("〇一二三四五六七八九".find(sign)) if sign in "〇二八" else sign for sign in text
        )
        assert str(got.year) in re.sub(r"[\s.]", "", digits)


@given(st.text("0123456789年月日.-/〇一二三十 \n", max_size=20))
def test_no_text_stops_the_reader(text):
    find_date(text)
