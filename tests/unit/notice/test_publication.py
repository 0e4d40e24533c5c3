"""What the public may see."""

import re
import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.notice.publication import mask_number, mask_text, public_table
from kjfp_helpers.rules import load_round
from support.rounds.panels_and_scores import case

ID = "110101199001011234"


@pytest.fixture(scope="module")
def round2020(rules_folder):
    return load_round(rules_folder)


def listed(*cases, status="listed"):
    return pd.DataFrame({"case": [c.id for c in cases], "status": status})


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
    masked = mask_text(f"{before}，{written}，{after}")
    assert number.upper() not in digits(masked)
    assert number[6:14] not in digits(masked)


@given(st.text(max_size=60), st.text("0123456789", min_size=15, max_size=40), st.text(max_size=60))
def test_no_long_run_of_digits_survives(before, run, after):
    assert not re.search(r"\d{15}", mask_text(before + run + after))


@given(st.text("0123456789xX 　-.年月日，电话１９８２０", max_size=80))
def test_no_mobile_number_survives_among_figures_and_dates(text):
    once = mask_text(text)
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
    assert mask_text(text) == shown


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
    assert mask_text(text) == text


def test_masks_keep_the_ends_and_nothing_of_what_is_short():
    assert mask_number(ID) == "110*************34"
    assert mask_number("１１０１０１９００１０１１２３") == "110**********23"
    assert mask_number("138-0013-8000") == "138******00"
    assert mask_number("12345") == "*****"


def test_table_holds_who_is_listed_in_the_order_of_the_units(round2020):
    cases = [
        case("individual", "62", name="测试乙"),
        case(unit="61", name="示范团队"),
        case(unit="13", name="甲团队"),
        case("individual", "11", name="测试丙", employer=None),
        case("individual", "12", name="测试丁"),
    ]
    shortlist = pd.concat([listed(*cases[:4]), listed(cases[4], status="reserve")])
    rows = public_table(round2020, cases, shortlist)
    assert rows["名称/姓名"].tolist() == ["甲团队", "示范团队", "测试丙", "测试乙"]
    assert rows["序号"].tolist() == [1, 2, 1, 2]
    assert rows["工作单位"].tolist() == ["", "", "未填", "示例所"]
    assert rows["推荐单位"].iloc[0] == "河北省科技助力精准扶贫领导小组办公室"
    again = public_table(round2020, cases[::-1], shortlist[::-1])
    pd.testing.assert_frame_equal(rows, again)


def test_added_names_are_published_too(round2020):
    one = case("individual", "62")
    assert len(public_table(round2020, [one], listed(one, status="added"))) == 1


def test_nobody_listed_gives_an_empty_table(round2020):
    empty = public_table(round2020, [case()], pd.DataFrame(columns=["case", "status"]))
    assert empty.columns[0] == "类别" and empty.empty


def test_same_names_are_told_apart_by_as_little_as_will_do(round2020):
    def twins(**fields):
        people = [
            case(
                "individual",
                "61",
                n,
                name="测试甲",
                id_number=ID[:-1] + str(n),
                **{k: v[n - 1] for k, v in fields.items()},
            )
            for n in (1, 2)
        ]
        return public_table(round2020, people, listed(*people))["备注"].tolist()

    assert twins(employer=["甲所", "乙所"], title=["教授", "讲师"]) == ["", ""]
    assert twins(employer=["甲所", "甲所"], title=["教授", "讲师"]) == ["教授", "讲师"]
    assert twins(title=["教授", "教授"]) == [f"证件号：110*************3{n}" for n in (1, 2)]


def test_no_cell_shows_an_identity_or_phone_number(round2020):
    one = case("individual", "61", name=f"测试甲{ID}", employer="某所 13800138000", id_number=ID)
    shown = public_table(round2020, [one], listed(one)).to_csv()
    assert ID not in shown and "13800138000" not in shown
