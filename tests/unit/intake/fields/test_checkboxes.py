import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.core.form_schema import SERVICE_MODES, SERVICE_TYPES
from kjfp_helpers.intake.fields.checkbox_tokenizer import EMPTY_BOX_CHARS, TICKED_CHARS
from kjfp_helpers.intake.fields.checkboxes import read_options


def read(text, options=SERVICE_TYPES):
    reading = read_options(text, options)
    return reading.value.ticked, reading.value.other_text, [item.code for item in reading.findings]


@pytest.mark.parametrize(
    ("text", "ticked", "other", "codes"),
    [
        ("☑种植 □养殖 □其他_____。", ("种植",), None, []),
        ("□种植 □养殖 □其他_____。", (), None, []),
        ("☑种植　☑养殖　☑其他林下经济。", ("种植", "养殖", "其他"), "林下经济", []),
        ("☑种植 □养殖 ☑其他_____。", ("种植", "其他"), None, ["other_blank"]),
        ("☑种植 □养殖 □其他 养蜂", ("种植",), "养蜂", ["other_unticked"]),
        ("√种植 养殖 其他", ("种植",), None, []),
        ("□√种植 □养殖 □其他", ("种植",), None, []),
        ("□(√)种植 □养殖 □其他", ("种植",), None, []),
        ("■种植 □养殖 □其他", ("种植",), None, []),
        ("种植√ 养殖□ 其他□", ("种植",), None, []),
        ("☑其他（茶叶种植）", ("其他",), "茶叶种植", []),
        ("☑种植 ☑电商 □养殖", ("种植", "电商"), None, ["unknown_option"]),
        ("种植 养殖 其他", (), None, []),
        ("种植", ("种植",), None, []),
        ("", (), None, []),
        ("✅种植 □养殖 □其他", ("种植",), None, []),
        ("V种植 □养殖 □其他____。", ("种植",), None, []),
        ("R种植 £养殖 £其他____。", ("种植",), None, []),
        ("□种植 ü养殖 □其他", ("养殖",), None, []),
        ("□1.种植 ☑2.养殖 □3.其他", ("养殖",), None, []),
        ("A.种植√ B.养殖 C.其他", ("种植",), None, []),
        ("种植（是） 养殖（否） 其他（否）", ("种植",), None, []),
        ("☑种植 ☒养殖 ☒其他", ("种植",), None, ["ambiguous"]),
        ("☑种植、养殖 □其他", ("种植",), None, ["ambiguous"]),
        ("种植 √  养殖 √  其他 √ 光伏", ("种植", "养殖", "其他"), "光伏", []),
        ("服务类别：种植", ("种植",), None, []),
        ("☑种植 ☒养殖 □其他", ("种植", "养殖"), None, ["ambiguous"]),
        ("种植是 养殖否", ("种植",), None, []),
        ("种植是养殖否其他否", ("种植",), None, []),
        ("种植：否，养殖：是，其他：无", ("养殖",), None, []),
        ("种植 Y 养殖 N 其他 Y 养蜂", ("种植", "其他"), "养蜂", []),
        ("种植：是☑否□ 养殖：是□否☑ 其他：是□否☑", ("种植",), None, []),
        ("种植 □是 ☑否 养殖 ☑是 □否", ("养殖",), None, []),
        ("种植：是☑否□ 养殖：是☑否☑", ("种植", "养殖"), None, ["ambiguous"]),
        ("☑种植 □养殖 ☑其他 有机茶", ("种植", "其他"), "有机茶", []),
    ],
)
def test_ticks_of_every_make(text, ticked, other, codes):
    assert read(text) == (ticked, other, codes)


def test_a_tick_between_a_word_and_the_next_box_is_ambiguous():
    ticked, _, codes = read("□种植√□养殖□其他")
    assert (ticked, codes) == (("种植",), ["ambiguous"])


@given(
    st.sets(st.sampled_from(SERVICE_MODES[:3])),
    st.sampled_from(["☑", "√", "■"]),
    st.sampled_from([" ", "　", ""]),
)
def test_any_choice_comes_back_in_the_forms_order(chosen, tick, gap):
    text = gap.join((tick if option in chosen else "□") + option for option in SERVICE_MODES)
    expected = tuple(option for option in SERVICE_MODES if option in chosen)
    assert read(text + "_____。", SERVICE_MODES) == (expected, None, [])


@given(st.text("种植养殖其他茶" + TICKED_CHARS[:4] + EMPTY_BOX_CHARS[:2] + " ()_。", max_size=24))
def test_no_text_stops_the_reader(text):
    read_options(text, SERVICE_TYPES)
