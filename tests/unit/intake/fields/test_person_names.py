import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.intake.fields import person_names


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
    reading = person_names.read_names(text)
    assert (reading.value, codes(reading)) == (names, [])


@pytest.mark.parametrize(
    "text",
    [
        *("测试甲、测试乙等", "测试甲、测试乙等5人", "测试甲、12名专家若干位同志"),
        *("测试甲、某某", "测试甲、待定", "测试甲、XXX"),
    ],
)
def test_a_list_that_is_cut_short_is_ambiguous(text):
    assert "ambiguous" in codes(person_names.read_names(text))


def test_name_loses_inner_spaces():
    assert person_names.read_name("张　三").value == "张三"


GIVEN = ["建国", "强", "明", "丽华", "志伟", "和平", "红"]
NAME = st.builds(str.__add__, st.sampled_from("王李张刘陈欧司"), st.sampled_from(GIVEN)).map(
    lambda name: name.replace("欧", "欧阳").replace("司", "司马")
) | st.sampled_from(["古丽·艾买提", "旦增·多吉", "扎西次仁"])


def apart(name):
    """A name as typed to line up with longer ones."""
    return " ".join(name) if len(name) == 2 else name


LISTS = {
    "commas": "、".join,
    "stops": "；".join,
    "lines": "\n".join,
    "spaces": "  ".join,
    "slashes": "/".join,
    "ended": lambda names: "、".join(names) + "。",
    "apart": lambda names: "、".join(map(apart, names)),
    "apart by spaces": lambda names: "    ".join(map(apart, names)),
    "numbered": lambda names: " ".join(f"{at}.{name}" for at, name in enumerate(names, 1)),
    "ringed": lambda names: "".join(f"{chr(0x2460 + at)}{name}" for at, name in enumerate(names)),
    "employed": lambda names: "、".join(f"{name}（贵州大学）" for name in names),
    "titled": lambda names: "、".join(f"{name} 研究员" for name in names),
    "led": lambda names: f"组长：{names[0]}；成员：{'、'.join(names[1:])}",
    "columns": lambda names: "\n".join(
        "    ".join(names[at : at + 2]) for at in range(0, len(names), 2)
    ),
}


@given(st.lists(NAME, min_size=2, max_size=8, unique=True), st.sampled_from(sorted(LISTS)))
def test_a_list_in_any_order_is_those_names(names, way):
    reading = person_names.read_names(LISTS[way](names))
    assert (reading.value, codes(reading)) == (tuple(names), [])


@given(
    st.lists(NAME, min_size=2, max_size=6, unique=True),
    st.sampled_from(["等", "等5人", "等专家", "等12名专家", "……"]),
)
def test_a_list_that_says_it_goes_on_is_told(names, more):
    reading = person_names.read_names("、".join(names) + more)
    assert (reading.value, codes(reading)) == (tuple(names), ["ambiguous"])


@given(NAME, NAME)
def test_two_names_in_a_box_for_one_are_told(one, other):
    for gap in ("、", " ", "", "和", "/"):
        reading = person_names.read_name(one + gap + other)
        assert codes(reading) == ["ambiguous"] or "·" in one + other or "扎西" in one + other


@pytest.mark.parametrize(
    "text",
    [
        *("贵州大学", "王强、李明", "王强 李明", "王强李明", "王强 教授", "A"),
        *("王强1", "王强2（曾用名）", "（曾用名：王勇）王强", "王强（原名王勇）"),
    ],
)
def test_what_is_not_one_name_is_told(text):
    assert codes(person_names.read_name(text)) == ["ambiguous"]


@pytest.mark.parametrize(
    "text", ["王 强", "王强（组长）", "姓名：王强", "王强。", "王强 女", "王\n强"]
)
def test_what_stands_beside_one_name_is_left_out(text):
    reading = person_names.read_name(text)
    assert (reading.value, codes(reading)) == ("王强", [])


@pytest.mark.parametrize("text", ["详见附件", "名单附后", "见附表（28人）"])
def test_a_list_elsewhere_is_no_name(text):
    reading = person_names.read_names(text)
    assert (reading.value, codes(reading)) == ((), ["ambiguous"])


@given(st.text("王强李明和、 ，；\n（）教授1.①等：组长大学", max_size=20))
def test_no_text_stops_the_readers(text):
    for name in person_names.read_names(text).value:
        assert name.strip()
    person_names.read_name(text)


def test_the_count_behind_a_list_is_no_name_and_is_held_against_it():
    whole = person_names.read_names("测试甲、测试乙共2人")
    assert (whole.value, codes(whole)) == (("测试甲", "测试乙"), [])
    assert codes(person_names.read_names("测试甲、测试乙（共3人）")) == ["ambiguous"]


@given(st.lists(st.sampled_from(["测试乙", "样例丁", "王小芳"]), min_size=2, max_size=4))
def test_numbers_without_separators_and_titles_are_no_part_of_names(names):
    numbered = "".join(f"{number}、{name}" for number, name in enumerate(names, 1))
    assert person_names.read_names(numbered).value == tuple(names)
    assert person_names.read_names("教授、".join(names)).value == tuple(names)
    for employer in ("农科院", "测试县农业局 "):
        assert person_names.read_names("、".join(employer + name for name in names)).findings


def test_a_name_of_three_parts_is_one_in_its_own_box_and_asked_in_a_list():
    name = "阿卜杜拉·买买提·艾山"
    assert person_names.read_name(name).findings == ()
    assert codes(person_names.read_names(f"{name}、测试甲")) == ["ambiguous"]


@pytest.mark.parametrize("piece", ["甲", "甲乙教", "。", "、", "\n", ".", "王"])
def test_a_long_text_is_no_list_of_names_and_read_in_one_go(piece):
    assert person_names.read_names(piece * 60_000 + "丙丁戊己庚辛壬癸").findings
