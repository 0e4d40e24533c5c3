"""Widths of text in columns, in office documents and in a terminal."""

import unicodedata

import pytest

from kjfp_helpers.core.text_width import terminal_width, text_width


@pytest.mark.parametrize("char", "甲龥，。“”—…①ａ１Ω°ab1;-　€Ａ")
def test_a_character_is_as_wide_as_its_east_asian_width_says(char):
    width = unicodedata.east_asian_width(char)
    assert text_width(char) == (2 if width in "WFA" else 1)
    assert terminal_width(char) == (2 if width in "WF" else 1)


def test_accents_that_stand_on_another_character_take_no_column():
    assert text_width("e\u0301") == terminal_width("e\u0301") == 1


def test_a_text_of_several_lines_is_as_wide_as_its_widest():
    assert text_width("甲ab\n甲乙丙") == 6
    assert text_width("") == 0
