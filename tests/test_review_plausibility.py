"""What the secretary is told of quick and even marks, and how often phrases were used."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from panelwork import case

from kjfp_helpers.events import Event, MarkGiven
from kjfp_helpers.review import fold_marks, phrase_use, watch
from kjfp_helpers.rules import load_round

CASES = {f"T61-{n}": case(unit="61", serial=n) for n in range(1, 13)}
START = datetime(2020, 9, 1, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def rubric(rules_folder):
    return load_round(rules_folder).rubric


@pytest.fixture
def afternoon(rubric):
    """Events of one member who gives each case these marks, so many seconds after the last."""

    def build(marks, seconds, comment="", member="E1"):
        at, events = START, []
        for case_id, row, gap in zip(CASES, marks, [0, *seconds], strict=False):
            at += timedelta(seconds=gap)
            scores = {c.id: float(mark) for c, mark in zip(rubric.team, row, strict=True)}
            body = MarkGiven(member=member, case=case_id, scores=scores, comment=comment)
            events.append(Event(seq=len(events) + 1, at=at, actor=member, body=body))
        return events

    return build


@pytest.fixture
def told(rubric):
    def tell(events, **how):
        marks = fold_marks(events, rubric, CASES.values())
        return watch(events, marks, CASES, rubric, **how).set_index("member").loc["E1"]

    return tell


def varied(count):
    return [[70 + (7 * n + 3 * at) % 25 for at in range(5)] for n in range(count)]


def test_cases_under_twenty_seconds_are_counted_and_the_usual_time_is_told(afternoon, told):
    row = told(afternoon(varied(7), [240, 19, 200, 5, 300, 20]))
    assert (row["quick"], row["alerts"]) == (2, "2 件不足 20 秒")
    assert row["seconds"] == 110


def test_a_pause_is_no_reading_and_what_came_in_together_tells_no_time(afternoon, told):
    assert told(afternoon(varied(4), [240, 7200, 260]))["seconds"] == 250
    together = told(afternoon(varied(8), [0] * 7))
    assert together["quick"] == 0 and together["seconds"] != together["seconds"]


def test_a_clock_that_stands_still_tells_no_pace(afternoon, told):
    row = told(afternoon(varied(7), [3] * 6), timed=False)
    assert row["alerts"] == "" and row["seconds"] != row["seconds"]


def test_marking_again_is_no_second_reading(afternoon, told):
    events = afternoon(varied(6), [240] * 5)
    again = [replace(one, seq=one.seq + 6, at=START + timedelta(seconds=1500 + one.seq))
             for one in events]  # fmt: skip
    assert told([*events, *again])["alerts"] == ""


@pytest.mark.parametrize(
    ("marks", "alert"),
    [
        ([[80] * 5] * 6, "6 件总分全部相同"),
        ([[60 + 5 * n] * 5 for n in range(6)], "6 件各项同分（共 6 件）"),
        ([[80 + (n + at) % 7 for at in range(5)] for n in range(6)], "只用了 80–86 分"),
        ([[80] * 5] * 4, ""),
        (varied(6), ""),
    ],
)
def test_even_marks_are_told_from_five_cases_on(afternoon, told, marks, alert):
    assert told(afternoon(marks, [240] * 11))["alerts"] == alert


def test_a_comment_counts_for_every_phrase_it_holds(afternoon, rubric):
    one, two = rubric.team[0].phrases[0], rubric.team[1].phrases[1]
    events = afternoon(varied(3), [60] * 2, comment=f"{one}；{two}。")
    events += [replace(event, seq=event.seq + 3) for event in
               afternoon(varied(2), [60], comment=two, member="E2")]  # fmt: skip
    table = phrase_use(fold_marks(events, rubric, CASES.values()), rubric)
    rows = table[["member", "phrase", "n", "of"]].to_numpy().tolist()
    assert rows == [["E1", one, 3, 3], ["E1", two, 3, 3], ["E2", two, 2, 2]]
    assert table["criterion"].tolist() == [rubric.team[0].title, *[rubric.team[1].title] * 2]


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_use_of_phrases_is_what_the_comments_hold(rubric, data):
    phrases = [phrase for criterion in rubric.team for phrase in criterion.phrases]
    picked = [data.draw(st.lists(st.sampled_from(phrases), max_size=3, unique=True))
              for _ in range(4)]  # fmt: skip
    scores = {criterion.id: 80.0 for criterion in rubric.team}
    events = [
        Event(seq=n, at=START, actor="E1", body=MarkGiven(
            member="E1", case=f"T61-{n}", scores=scores, comment="；".join(words)))
        for n, words in enumerate(picked, start=1)
    ]  # fmt: skip
    table = phrase_use(fold_marks(events, rubric, CASES.values()), rubric)
    used = dict(zip(table["phrase"], table["n"], strict=True))
    assert used == {p: n for p in phrases if (n := sum(p in words for words in picked))}
