"""Line ends inside a short value: one answer is read whole, several answers stay apart and are asked."""

import pytest

from kjfp_helpers.intake.forms.answers.broken_lines import join_broken_lines
from kjfp_helpers.intake.forms.plausibility.field_values import find_strangeness


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("team_name", "测试高原农业\n服务团队"),
        ("employer", "测试市农业\n科学研究所"),
        ("employer", "测试市农业科学研究所\n茶叶研究室"),
        ("address", "贵州省遵义市\n测试路8号"),
        ("address", "贵州省遵义市测试县\n测试镇\n测试街9号"),
        ("political_status", "中共\n党员"),
        ("title", "高级农\n艺师"),
        ("employer_contact_title", "办公室主\n任"),
    ],
)
def test_an_answer_broken_into_lines_is_one(name, text):
    for broken in (text, text.replace("\n", " \n\n ")):
        assert join_broken_lines(name, broken) == text.replace("\n", "")


@pytest.mark.parametrize(
    ("name", "text", "is_asked"),
    [
        ("team_name", "测试茶叶服务团\n测试果树服务队", True),
        ("employer", "测试市农业科学研究所\n测试县农技站", True),
        ("address", "贵州省遵义市测试路8号\n贵州省贵阳市测试街9号", True),
        ("political_status", "中共党员\n群众", True),
        ("title", "高级农艺师\n省人大代表", False),
        ("leader_title", "教授\n测试学会理事长", False),
    ],
)
def test_two_answers_are_never_joined(name, text, is_asked):
    assert join_broken_lines(name, text) == text
    assert bool(find_strangeness(name, text)) is is_asked


def test_texts_of_sentences_keep_their_lines():
    assert join_broken_lines("honors", "2018年测试奖\n2019年测试奖") == "2018年测试奖\n2019年测试奖"
    assert join_broken_lines("story", "一\n二") == "一\n二"


def test_words_in_latin_letters_stay_apart():
    assert join_broken_lines("employer", "Test\nInstitute") == "Test Institute"
