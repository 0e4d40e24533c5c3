import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjfp_helpers.intake.common.charset_detection import decode_undeclared, decode_unmarked_utf16

COMMON = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=30)


@pytest.mark.parametrize("name", ["图1.jpg", "图一", "推荐表.docx", "展览（定稿）.zip", "镕基·甲"])
@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_short_names_are_read_in_whichever_charset_they_were_written(name, charset):
    assert decode_undeclared(name.encode(charset)) == name


@given(COMMON)
def test_chinese_in_utf8_is_never_taken_for_gbk(text):
    assert decode_undeclared(text.encode()) == text


@given(COMMON)
def test_utf16_without_its_mark_is_read(text):
    for charset in ("utf-16-le", "utf-16-be"):
        assert decode_unmarked_utf16(f"{text}\t12\r\n".encode(charset)) == f"{text}\t12\r\n"


def test_bytes_in_no_charset_are_no_words():
    assert decode_undeclared(b"\xff\xfe\x80\x81\xff") is None
