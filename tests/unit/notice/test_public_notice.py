"""What the public may see."""

import pandas as pd
import pytest

from kjfp_helpers.notice.public_notice import public_table
from kjfp_helpers.rules import load_round
from support.rounds.panels_and_scores import case

ID = "110101199001011234"


@pytest.fixture(scope="module")
def round2020(rules_folder):
    return load_round(rules_folder)


def listed(*cases, status="listed"):
    return pd.DataFrame({"case": [c.id for c in cases], "status": status})


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
