"""Who or what stands twice: persons, teams, passages of deeds."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.form_schema import TEAM_FORM
from kjfp_helpers.core.text_normalization import alnum_key
from kjfp_helpers.eligibility.duplicates.duplicate_search import find_shared_stories, identity_key
from kjfp_helpers.eligibility.duplicates.text_overlap import LONG_PASSAGE_LETTERS, find_overlaps
from kjfp_helpers.intake.common.parsed_value import id_check_digit
from kjfp_helpers.rules import load_round
from support.rounds.builders import commended, intake, person, screen_intake, team
from support.thoroughness import times

ONE, OTHER = (first + id_check_digit(first) for first in ("99999919700101001", "99999919700101003"))


@pytest.fixture(scope="module")
def rules(rules_folder):
    return load_round(rules_folder)


def raised(rules, *records, code):
    found = screen_intake(commended(rules, *records), intake(*records), ())
    return {finding.case: finding for finding in found.findings if finding.code == code}


def signs(length, seed):
    """Return made-up prose: no two seeds share a passage."""
    draw = random.Random(seed)
    return "".join(chr(draw.randrange(0x4E00, 0x9000)) for _ in range(length))


def folded(text):
    """Return text as copies are compared: letters alone, every figure the same."""
    letters = [alnum_key(sign)[0] for sign in text if alnum_key(sign)]
    even = ["0" if letter.isdecimal() else letter for letter in letters]
    return "".join(
        now for was, now in zip(["", *even], even, strict=False) if (was, now) != ("0", "0")
    )


@pytest.mark.parametrize(
    "typed", [ONE.lower(), " ".join(ONE), ONE[:6] + ONE[8:17]], ids=["case", "spaces", "old"]
)
def test_a_person_is_known_by_the_number_however_it_is_typed(rules, typed):
    one = person("测试甲", unit="11", id_number=ONE)
    two = person("测试乙", unit="12", receipt=2, id_number=typed, employer="别处")
    assert set(raised(rules, one, two, code="duplicate_person")) == {"P11-1", "P12-1"}


@pytest.mark.parametrize(("number", "twice"), [(None, True), ("123", True), (OTHER, False)])
def test_name_and_employer_tell_a_person_unless_two_sound_numbers_differ(rules, number, twice):
    one = person("测试甲", unit="11", id_number=ONE, employer="示例省农业科学院")
    two = person("测试 甲", unit="12", receipt=2, id_number=number, employer="示例省农科院")
    assert bool(raised(rules, one, two, code="duplicate_person")) is twice


def test_name_and_phone_tell_a_person_where_the_employer_is_blank(rules):
    one = person("测试甲", unit="11", employer=None, phone="19900001111")
    two = person("测试甲", unit="12", receipt=2, phone="1990000 1111")
    assert len(raised(rules, one, two, code="duplicate_person")) == 2


def test_the_other_nomination_is_named_by_unit_and_name_and_no_number(rules):
    one = person("测试甲", unit="11", id_number=ONE)
    two = person("测试曱", unit="12", receipt=2, id_number=ONE)
    found = raised(rules, one, two, code="duplicate_person")
    assert found["P11-1"].found == "天津推荐的“测试曱”（身份证号码相同）"
    assert "999999" not in found["P11-1"].message + found["P12-1"].message


def test_a_team_under_two_names_is_known_by_its_leader_and_experts(rules):
    experts = ("测试甲", "测试乙", "测试丙", "测试丁")
    one = team("示例果树队", unit="11", leader_name="测试戊", expert_names=experts)
    two = team("示例林果团", unit="12", receipt=2, leader_name="测试戊", expert_names=experts[1:])
    other = team("示例蔬菜队", unit="13", receipt=3, leader_name="测试戊", expert_names=("测试己",))
    assert set(raised(rules, one, two, other, code="duplicate_team")) == {"T11-1", "T12-1"}


def test_an_expert_of_a_team_may_be_recommended_as_a_person(rules):
    records = [team("示例甲队", expert_names=("测试甲",)), person("测试甲")]
    found = screen_intake(commended(rules, *records), intake(*records), ())
    assert {f.code for f in found.findings} <= {"under_minimum"}


def test_a_leader_is_known_in_another_unit_by_the_phone(rules):
    led = team("示例甲队", unit="11", leader_name="测试甲", leader_phone="19900001111")
    same = person("测试甲", unit="12", receipt=2, phone="199-0000-1111")
    found = raised(rules, led, same, code="leader_also_individual")
    assert found["P12-1"].found == "又是北京推荐的团队“示例甲队”的负责人"


def test_a_copy_with_other_figures_and_signs_is_found_with_its_passages(rules):
    words = [signs(11, seed) for seed in range(30)]
    one = "，".join(f"{word}{n * 7 + 3}户" for n, word in enumerate(words))
    two = "；".join(f"{word} {n * 11 + 900} 户" for n, word in enumerate(words[:20])) + signs(
        120, 99
    )
    [found] = find_overlaps({"a": one, "b": two})
    assert found.share > 0.6
    texts = {"a": one, "b": two}
    for passage in found.passages:
        ours = texts[found.one][passage.one_start : passage.one_end]
        theirs = texts[found.other][passage.other_start : passage.other_end]
        assert folded(ours) == folded(theirs) and len(folded(ours)) >= 13


def test_a_long_passage_is_told_in_long_texts_and_short_phrases_are_not():
    shared, phrase = signs(LONG_PASSAGE_LETTERS, 1), signs(30, 2)
    texts = {
        "a": signs(900, 3) + shared + signs(900, 4),
        "b": signs(600, 5) + shared + signs(900, 6),
        "c": signs(50, 7) + phrase + signs(60, 8),
        "d": phrase + signs(100, 9),
    }
    [found] = find_overlaps(texts)
    assert (found.one, found.other) == ("b", "a")
    [passage] = found.passages
    assert texts["b"][passage.one_start : passage.one_end] == shared


def reworded(text, every):
    """Return text with one sign in so many replaced by others."""
    draw = random.Random(every)
    return "".join(
        signs(2, draw.random()) if n % every == 0 else sign for n, sign in enumerate(text)
    )


@pytest.mark.parametrize("every", [8, 10, 12])
def test_a_text_reworded_throughout_is_found_with_its_short_passages(every):
    texts = {"a": signs(500, 1), "c": signs(500, 2)}
    texts["b"] = reworded(texts["a"], every)
    [found] = find_overlaps(texts)
    assert {found.one, found.other} == {"a", "b"} and found.reworded and found.share > 0.6
    for passage in found.passages:
        ours = texts[found.one][passage.one_start : passage.one_end]
        assert len(ours) >= 6
        assert ours == texts[found.other][passage.other_start : passage.other_end]


def test_deeds_of_one_trade_in_the_same_words_are_not_reworded_copies():
    words = [signs(4, n) for n in range(40)]
    texts = {}
    for name in "abcdef":
        draw = random.Random(name)
        texts[name] = "，".join("".join(draw.choices(words, k=3)) for _ in range(40))
    assert find_overlaps(texts) == ()


def test_what_everybody_writes_and_the_notice_s_own_words_are_no_copies(rules):
    phrase = signs(35, 1)
    texts = {f"{n:02}": signs(40, 10 + n) + phrase + signs(20, 90 + n) for n in range(12)}
    assert find_overlaps(texts) == ()
    story = TEAM_FORM.title + rules.notice.round.office + TEAM_FORM.title[:20]
    records = [person("测试甲", story=story + "甲"), person("测试乙", serial=2, story=story + "乙")]
    assert find_shared_stories(rules, screen_intake(rules, intake(*records), ()).cases) == ()


def test_a_text_that_stands_in_many_forms_is_found_on_each():
    text = signs(400, 1)
    texts = {f"{n:02}": text + signs(60, n + 2) for n in range(30)}
    found = find_overlaps(texts)
    assert {name for item in found for name in (item.one, item.other)} == set(texts)


PARTS = [signs(25, seed) for seed in range(6)] + ["2016年", "，", "。\n", "（１２３户）", "Ａbc"]


@settings(max_examples=times(20, 60), deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(PARTS), max_size=12).map("".join), min_size=2, max_size=5),
    st.randoms(),
)
def test_passages_occur_in_both_texts_and_order_changes_nothing(texts, draw):
    named = {f"t{n}": text for n, text in enumerate(texts)}
    found = find_overlaps(named)
    for item in found:
        one, other = named[item.one], named[item.other]
        ends = 0
        for part in item.passages:
            ours = one[part.one_start : part.one_end]
            assert folded(ours) == folded(other[part.other_start : part.other_end])
            assert part.one_start >= ends and len(folded(ours)) >= 13
            ends = part.one_end
        assert 0 < item.share <= 1 and item.one != item.other
    names = list(named)
    draw.shuffle(names)
    assert find_overlaps({name: named[name] for name in names}) == found


@pytest.mark.slow
@settings(max_examples=times(13, 40), deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_the_records_changes_no_finding(rules, order):
    round = rules
    text = signs(200, 1)
    records = [
        person("测试甲", unit="11", id_number=ONE, story=text),
        team("示例甲队", unit="12", receipt=2),
        person("测试甲", unit="13", receipt=3, story=text + signs(90, 5)),
        team("示例甲队", unit="14", receipt=4, leader_name="测试甲"),
        person("测试乙", unit="15", receipt=5, id_number=ONE),
        person("测试甲", unit="14", receipt=6),
    ]
    before = screen_intake(round, intake(*records), ())
    after = screen_intake(round, intake(*(records[at] for at in order)), ())
    assert sorted(map(repr, before.findings)) == sorted(map(repr, after.findings))
    assert before.overlaps == after.overlaps and before.evidence.equals(after.evidence)


def test_an_old_and_a_new_number_name_one_person_and_rubbish_names_nobody():
    assert identity_key(ONE) == identity_key(ONE[:6] + ONE[8:17]) != ""
    assert identity_key("123") == identity_key(None) == ""
