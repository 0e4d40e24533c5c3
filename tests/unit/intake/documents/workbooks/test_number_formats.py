from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.intake.documents.workbooks.number_formats import (
    date_of_serial,
    is_date_format,
    shown_text,
)
from kjfp_helpers.intake.fields.quantities import read_count


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (12, '0"万人"', "12万人"),
        (1.2, '0.0"万人"', "1.2万人"),
        (300, '0"户"', "300户"),
        (3, '0"年"', "3年"),
        (3, "0年", "3年"),
        (365, 'G/通用格式"天"', "365天"),
        (12000, '0!.0,"万"', "1.2万"),
        (12345, '0!.0000"万"', "1.2345万"),
        (3_400_000, "#,##0,", "3400"),
        (50000, "000000", "050000"),
        (851, "0000", "0851"),
        (0.98, "0%", "98%"),
        (12, '[>=10000]0.0,"千";0"人"', "12人"),
        (-5, '0"人";(0"人")', "(5人)"),
        (5, ";;;", ""),
        (0, "0;-0;;@", ""),
        ("甲", '@"同志"', "甲同志"),
        ("甲", ";;;", ""),
        (12, "0", None),
        (1200, "#,##0", None),
        (1200, "#,##0.00", None),
        (1200, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', None),
        (1200, "General", None),
        (1200, "@", None),
        (1200, "", None),
        ("甲", "General", None),
        (12.6, "0", None),
        (True, '0"人"', None),
    ],
)
def test_a_number_is_shown_with_what_its_format_adds(value, number_format, shown):
    assert shown_text(value, number_format) == shown


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [
        ('yyyy"年"m"月"', "2020年7月"),
        ("yyyy-mm", "2020年7月"),
        ("mmm-yy", "2020年7月"),
        ("yyyy", "2020年"),
        ('m"月"d"日"', "7月10日"),
        ('[$-804]m"月"d"日";@', "7月10日"),
        ("h:mm", "9:05"),
        ("yyyy/m/d", None),
        ("yyyy-mm-dd hh:mm:ss", None),
        ('yyyy"年"m"月"d"日"', None),
        ("mm:ss", None),
    ],
)
def test_a_date_is_shown_as_far_as_its_format_shows_it(number_format, shown):
    assert is_date_format(number_format)
    assert shown_text(datetime(2020, 7, 10, 9, 5), number_format) == shown


@pytest.mark.parametrize(
    "number_format", ["0", '0"月"', '"d"0', "#,##0_);[Red](#,##0)", "General", "@"]
)
def test_a_number_format_is_no_date_format(number_format):
    assert not is_date_format(number_format)


@given(
    st.integers(1, 10**7),
    st.sampled_from(["人", "名", "位"]),
    st.sampled_from(["0", "#,##0", "General"]),
)
def test_a_figure_shown_with_its_measure_is_the_same_figure(value, measure, number_format):
    shown = shown_text(value, f'{number_format}"{measure}"')
    assert read_count(shown).value == value


@given(st.integers(1, 10**8), st.integers(1, 4))
def test_a_figure_shown_in_ten_thousands_is_the_same_figure(value, digits):
    shown = shown_text(value, f'0!.{"0" * digits}"万"')
    assert read_count(shown).value in (value * 10 ** (4 - digits), None)


@given(
    st.text(max_size=40), st.one_of(st.integers(-(10**9), 10**9), st.floats(), st.text(max_size=5))
)
def test_no_format_raises(number_format, value):
    is_date_format(number_format)
    shown_text(value, number_format)


@given(st.dates(date(1900, 3, 1), date(2099, 12, 31)))
def test_a_day_number_is_its_day(day):
    serial = (day - date(1899, 12, 30)).days
    assert date_of_serial(serial) == datetime(day.year, day.month, day.day)
    assert date_of_serial(serial - 1462, is_1904=True) in (
        None,
        datetime(day.year, day.month, day.day),
        (datetime(day.year, day.month, day.day) + timedelta(0)).time(),
    )
