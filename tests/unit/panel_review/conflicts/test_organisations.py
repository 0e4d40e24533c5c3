"""Employers by organisation: spellings of one match, organisations that only sound alike do not."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.intake.fields.single_region import PROVINCES
from kjfp_helpers.panel_review.conflicts.organisations import (
    compare_employers,
    known_organisations,
    parse_organisations,
)
from support.thoroughness import times

PAIRS = list(
    csv.DictReader(Path(__file__).with_name("organisation_pairs.csv").open("r", -1, "utf-8"))
)
BODIES = ("农业科学院", "农业大学", "农业农村厅", "林业科学研究院茶叶研究所", "科协", "第一医院")
provinces = st.sampled_from([name for name in PROVINCES if name != "新疆生产建设兵团"])
bodies = st.sampled_from(BODIES)
names = st.sampled_from(sorted({row[side] for row in PAIRS for side in ("one", "other")}))


def strength(one, other):
    match = compare_employers(one, other)
    return match.strength if match else "none"


def test_precision_and_recall_on_the_corpus_of_pairs():
    told = Counter((row["expected"], strength(row["one"], row["other"])) for row in PAIRS)
    found = sum(count for (wanted, got), count in told.items() if wanted != "none" != got)
    wrong = sum(count for (wanted, got), count in told.items() if wanted == "none" != got)
    wanted = sum(count for (wanted, _), count in told.items() if wanted != "none")
    assert len(PAIRS) >= 170 and wanted >= 100
    assert wrong == 0, "precision"
    assert found / wanted >= 0.96, "recall"
    assert not told["ask", "certain"]


@pytest.mark.parametrize(
    "spelling",
    [
        "安徽农业大学",
        "安徽农大",
        "安徽农业大学（园艺学院）",
        "安徽 农业大学",
        "安徽農业大學"[:2] + "农大",
    ],
)
def test_every_spelling_of_a_university_is_the_university(spelling):
    assert strength("安徽农业大学园艺学院", spelling) == "certain"


@given(names, names)
def test_order_of_the_two_does_not_matter(one, other):
    assert strength(one, other) == strength(other, one)


@given(names, st.sampled_from(["　", " ", "\u200b", "·"]), st.integers(1, 6))
def test_spaces_and_width_do_not_matter(name, sign, at):
    other = name[:at] + sign + name[at:]
    assert [one.head for one in parse_organisations(other)] == [
        one.head for one in parse_organisations(name)
    ]


@given(provinces, provinces, bodies)
def test_two_provinces_never_match(one, other, body):
    if one != other:
        assert strength(one + body, other + body) == "none"
        assert strength(PROVINCES[one] + body, other + body) == "none"


@given(provinces, bodies)
def test_full_and_short_name_of_a_province_are_one(province, body):
    assert strength(province + body, PROVINCES[province] + body) == "certain"


@settings(max_examples=times(13, 40))
@given(
    st.sampled_from([name for name in known_organisations() if name.endswith("大学")]),
    st.sampled_from(["园艺学院", "生命科学学院", "（动物科技学院）", "茶学系"]),
)
def test_a_college_is_its_university(name, college):
    assert strength(name, name + college) == "certain"
    assert parse_organisations(name)[0].head == parse_organisations(name + college)[0].head


@pytest.mark.parametrize("blank", ["", " ", None, "——", "无"])
def test_a_blank_employer_matches_nobody(blank):
    assert strength(blank, "安徽农业大学") == "none" == strength(blank, blank)
