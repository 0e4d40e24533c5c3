import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.intake.regions import PROVINCES, read_regions


def read(text):
    reading = read_regions(text)
    return list(reading.value), [finding.code for finding in reading.findings]


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("贵州省毕节市威宁县草海镇民族村", [("贵州省", "毕节市", "威宁县", "草海镇", "民族村")]),
        ("贵州省 毕节市 威宁县 草海镇 民族村", [("贵州省", "毕节市", "威宁县", "草海镇", "民族村")]),
        ("贵州 省 毕节 市 威宁 县 草海 乡 民族 村", [("贵州省", "毕节市", "威宁县", "草海乡", "民族村")]),
        ("贵州毕节市威宁县", [("贵州省", "毕节市", "威宁县", None, None)]),
        ("重庆市 市辖区 云阳县", [("重庆市", "市辖区", "云阳县", None, None)]),
        ("重庆市云阳县", [("重庆市", None, "云阳县", None, None)]),
        ("湖南省常德市津市市", [("湖南省", "常德市", "津市市", None, None)]),
        ("江西省景德镇市浮梁县", [("江西省", "景德镇市", "浮梁县", None, None)]),
        ("山西省临汾市乡宁县", [("山西省", "临汾市", "乡宁县", None, None)]),
        ("吉林省吉林市舒兰县", [("吉林省", "吉林市", "舒兰县", None, None)]),
        ("内蒙古自治区兴安盟突泉县", [("内蒙古自治区", "兴安盟", "突泉县", None, None)]),
        ("青海省海南藏族自治州共和县", [("青海省", "海南藏族自治州", "共和县", None, None)]),
        ("贵州省毕节市威宁县、赫章县",
         [("贵州省", "毕节市", "威宁县", None, None), ("贵州省", "毕节市", "赫章县", None, None)]),
        ("贵州省毕节市威宁县；云南省昭通市镇雄县",
         [("贵州省", "毕节市", "威宁县", None, None), ("云南省", "昭通市", "镇雄县", None, None)]),
        ("贵州省毕节市威宁县   乡   村", [("贵州省", "毕节市", "威宁县", None, None)]),
    ],
)  # fmt: skip
def test_regions_are_read_level_by_level(text, regions):
    assert read(text) == (regions, [])


@pytest.mark.parametrize("text", ["", "省      市      县      乡      村", "无", "省市县乡村"])
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
