import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kjfp_helpers.intake.fields.quantities import DAY_MEASURES, PEOPLE_MEASURES, read_count


def read(text, units=PEOPLE_MEASURES):
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
        ("脱贫1200人，未脱贫30人", 1200, "ambiguous"),
        ("计划脱贫1500人，脱贫1200人", 1200, "ambiguous"),
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
        ("1年200天", None, {"ambiguous"}),
        ("2年（另外加 65天）", None, {"ambiguous"}),
        ("1年 又 （外加）20天", None, {"ambiguous"}),
        ("2年，另外还有65天", None, {"ambiguous"}),
        ("1年，其中驻村200天", None, {"ambiguous"}),
        ("4年，参加扶贫1200天", 1200, {"ambiguous"}),
        ("8月10日", None, {"ambiguous"}),
    ],
)
def test_days_in_another_unit_are_not_days(text, value, codes):
    assert read(text, DAY_MEASURES) == (value, codes)


@pytest.mark.parametrize("text", ["", "  ", "无", "/", "——", "待补", "XXX", "_____", "（无）"])
def test_placeholders_are_blank_and_never_zero(text):
    assert read(text) == (None, set())


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


@pytest.mark.parametrize(
    ("text", "value", "codes"),
    [
        ("2016年60人，2017年60人", 60, {"ambiguous"}),
        ("甲县60人、乙县60人", 60, {"ambiguous"}),
        ("60人、60人", 60, {"ambiguous"}),
        ("1200（壹仟贰佰）", 1200, set()),
        ("1200=800+400", 1200, set()),
        ("28人（名单附后）", 28, set()),
        ("1200人（未脱贫）", 1200, {"ambiguous"}),
        ("12，000人", 12000, set()),
        ("1，200人", 1200, {"ambiguous"}),
        ("300 1200", 300, {"ambiguous"}),
        ("12O0", None, {"ambiguous"}),
        (".5", None, {"ambiguous"}),
        ("1200（人次）", 1200, {"unit_mismatch"}),
        ("300戶", None, {"unit_mismatch"}),
        ("1200亩", None, {"unit_mismatch"}),
        ("3村，620人/村", None, {"unit_mismatch"}),
        ("1200人(户)", 1200, {"ambiguous"}),
        ("3支队伍28人", 28, set()),
        ("3个村，480人", 480, set()),
        ("户数：300；人数：1200", 1200, {"ambiguous"}),
        ("xxx人", None, set()),
    ],
)
def test_what_stands_beside_a_count_decides_what_it_counts(text, value, codes):
    assert read(text) == (value, codes)


@pytest.mark.parametrize(
    ("text", "value", "codes"),
    [
        ("4年1200天", 1200, set()),
        ("12个月 47天", 47, {"ambiguous"}),
        ("47天、1年", 47, {"ambiguous"}),
        ("412天（5年）", 412, set()),
        ("2年 500天", 500, {"ambiguous"}),
        ("80天/年×5", None, {"ambiguous"}),
        ("3个月20天", None, {"ambiguous"}),
        ("730天+2个月", None, {"ambiguous"}),
        ("2个季度+5天", None, {"ambiguous"}),
        ("3个月余10天", None, {"ambiguous"}),
        ("2年共730天", 730, set()),
        ("240天（年均60天）", 240, set()),
        ("年均60天，共240天", 240, set()),
        ("每周2天", None, {"unit_mismatch"}),
        ("每季度20天", None, {"unit_mismatch"}),
        ("4年零3个月", None, {"unit_mismatch"}),
        ("200天次", 200, {"unit_mismatch"}),
        ("200个工作日", 200, {"unit_mismatch"}),
        ("近三年来共600天", 600, set()),
        ("2016.1-2020.6共1200天", 1200, set()),
        ("2018年3月1日至2020年6月30日810天", 810, set()),
        ("60次，240天", 240, set()),
    ],
)
def test_days_beside_other_measures(text, value, codes):
    assert read(text, DAY_MEASURES) == (value, codes)


BEFORE = [
    "",
    "共",
    "累计带动",
    "带动脱贫",
    "2016年以来",
    "2016-2020年累计",
    "截至2020年6月底，",
    "300户",
    "300户、",
    "3个村",
    "建档立卡贫困人口",
]
BEHIND = [
    "",
    "人",
    "人（300户）",
    "名贫困群众",
    "人。",
    "人（名单附后）",
    "人（2016-2020年）",
    "人（其中妇女30人）",
]


@given(st.integers(31, 99_999), st.sampled_from(BEFORE), st.sampled_from(BEHIND))
def test_a_count_among_plain_words_is_that_count(number, before, behind):
    if before[0:1] == "3" and not behind:
        behind = "人"
    assert read(f"{before}{number}{behind}") == (number, set())


@given(
    st.integers(1, 9999),
    st.integers(1, 9999),
    st.sampled_from(
        [
            "{}人、{}人",
            "{}/{}",
            "{}人 {}人",
            "甲县{}人，乙县{}人",
            "2019年{}人，2020年{}人",
            "{}或{}人",
            "{}+{}",
            "{}人加{}人",
            "{}-{}人",
            "男{}女{}",
        ]
    ),
)
def test_two_counts_without_a_sum_are_never_read_in_silence(one, other, way):
    other += one == other and " " in way  # 60人 60人 may be one count typed twice
    assert read(way.format(one, other))[1]


@example("8,2,6")
@given(st.text("0123456789,.人户名年天月约余共其中每均和、；/（）()+-= ", max_size=16))
def test_a_count_without_finding_is_a_number_of_the_text(text):
    value, codes = read(text)
    if value is not None and not codes:
        joined = re.sub(r"[\s,_]", "", text)
        assert value in {int(Decimal(one)) for one in re.findall(r"\d+(?:\.\d+)?", joined)}


@given(
    st.integers(1, 9),
    st.sampled_from(["个月余", "季度", "周又", "旬加", "年以及"]),
    st.integers(1, 6),
)
def test_a_period_and_days_beyond_it_are_no_days(count, period, days):
    for more in (days, 366 * count + days):
        assert read_count(f"{count}{period}{more}天", DAY_MEASURES).findings


@given(st.integers(1, 9999), st.integers(1, 9999), st.sampled_from(["计划", "培训", "目标"]))
def test_the_count_that_was_achieved_is_proposed(planned, done, word):
    parsed = read_count(f"{word}{planned}人，脱贫{done}人")
    assert parsed.value == done
    assert parsed.findings or planned == done
