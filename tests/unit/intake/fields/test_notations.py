"""Numbers, dates and ticks in every way of writing: what is written is read, or is told."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.core.form_schema import SERVICE_MODES
from kjfp_helpers.intake.fields.checkboxes import read_options
from kjfp_helpers.intake.fields.dates import find_date
from kjfp_helpers.intake.fields.quantities import DAY_MEASURES, read_count

_HAN, _FORMAL = "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"


def han(number: int, digits: str = _HAN, scales: str = "千百十", wan: str = "万") -> str:
    """Spell a number below a hundred million."""
    if number >= 10_000:
        rest = number % 10_000
        gap = digits[0] if rest and rest < 1000 else ""
        return (
            han(number // 10_000, digits, scales, wan)
            + wan
            + (gap + han(rest, digits, scales, wan) if rest else "")
        )
    words, gap = "", False
    for scale, value in zip((*scales, ""), (1000, 100, 10, 1), strict=True):
        digit = number // value % 10
        if digit:
            words += (digits[0] if gap and words else "") + digits[digit] + scale
            gap = False
        else:
            gap = True
    return words or digits[0]


def wide(text: str) -> str:
    return text.translate({48 + n: 0xFF10 + n for n in range(10)})


WAYS = {
    "plain": str,
    "wide": lambda n: wide(str(n)),
    "commas": lambda n: f"{n:,}",
    "han": han,
    "formal": lambda n: han(n, _FORMAL, "仟佰拾"),
    "unit": lambda n: f"{n}人",
    "since": lambda n: f"2016年以来共{n}人",
    "years": lambda n: f"2016-2020年累计带动{n}人",
    "houses": lambda n: f"300户{n}人",
    "rules": lambda n: f"__{n}__人",
}


@given(st.integers(1, 9_999_999), st.sampled_from(sorted(WAYS)))
def test_a_count_in_any_way_of_writing_is_that_count(number, way):
    read = read_count(WAYS[way](number))
    assert (read.value, read.findings) == (number, ())


@given(
    st.integers(1, 9_999),
    st.sampled_from(["约{}人", "{}余人", "近{}人", "{}人左右", "{}多人", "超过{}人"]),
)
def test_a_round_count_keeps_its_number_and_is_told(number, way):
    read = read_count(way.format(number))
    assert read.value == number
    assert {finding.code for finding in read.findings} >= {"approx"}


@given(
    st.integers(2, 999),
    st.sampled_from(["{}年", "{}个月", "每年{}天", "{}小时", "{}周", "年均{}天", "{}天/年"]),
)
def test_a_measure_of_another_kind_is_no_count_of_days(number, way):
    read = read_count(way.format(number), DAY_MEASURES)
    assert read.value is None and read.findings


@given(
    st.text("0123456789一二三十百千万约余人户天年月日共其中每均半-—至,，、（）+ 2016", max_size=16)
)
def test_a_count_is_either_spelt_out_or_told(text):
    read = read_count(text)
    if read.value is not None and not read.findings:
        plain = text.translate({0xFF0C: 44})
        shown = any(sign.isdigit() or sign in "一二三十百千万" for sign in plain)
        assert shown


DATES = {
    "plain": "{0.year}年{0.month}月{0.day}日",
    "padded": "{0:%Y}年{0:%m}月{0:%d}日",
    "dots": "{0.year}.{0.month}.{0.day}",
    "iso": "{0:%Y-%m-%d}",
    "slashes": "{0.year}/{0.month}/{0.day}",
    "solid": "{0:%Y%m%d}",
    "spaced": "{0.year} 年 {0.month} 月 {0.day} 日",
    "han": "",
    "stamped": "（单位盖章）  {0.year}年{0.month}月{0.day}日",
}


@given(st.dates(date(2016, 1, 1), date(2021, 12, 31)), st.sampled_from(sorted(DATES)))
def test_a_date_in_any_way_of_writing_is_that_date(day, way):
    text = DATES[way].format(day)
    if way == "han":
        year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
        text = f"{year}年{_tens(day.month)}月{_tens(day.day)}日"
    read, _ = find_date(f"同意推荐。\n{text}")
    assert (read.value, read.findings) == (day, ())


def _tens(number: int) -> str:
    ten, one = divmod(number, 10)
    words = ("" if ten < 2 else _HAN[ten]) + ("十" if ten else "")
    return words + (_HAN[one] if one or not ten else "")


@given(st.text("同意推荐0123456789年月日.-/〇二八十 \n盖章（）", max_size=30))
def test_no_text_stops_the_reader_of_dates(text):
    find_date(text)


MARKS = [
    ("☑", "□"),
    ("√", "□"),
    ("■", "□"),
    ("●", "○"),
    ("◎", "○"),
    ("（√）", "（ ）"),
    ("[√]", "[ ]"),
    ("√", ""),
]


@given(
    st.sets(st.sampled_from(SERVICE_MODES[:3]), min_size=1),
    st.sampled_from(MARKS),
    st.booleans(),
    st.sampled_from(["　", "  ", "\n", "、"]),
)
def test_a_choice_in_any_make_of_boxes_is_that_choice_or_told(chosen, signs, behind, gap):
    on, off = signs
    marked = [(option, on if option in chosen else off) for option in SERVICE_MODES]
    row = gap.join(option + sign if behind else sign + option for option, sign in marked)
    read = read_options(row, SERVICE_MODES)
    expected = tuple(option for option in SERVICE_MODES if option in chosen)
    assert read.value.ticked == expected or read.findings
    assert read.value.ticked == expected
