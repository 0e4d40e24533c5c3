"""What the secretary is told of quick and even marks, and how often phrases were used."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.events import Event, ScoreGiven
from kjfp_helpers.panel_review import count_phrases, detect_anomalies, fold_scores
from kjfp_helpers.rules import load_round
from support.rounds.panels_and_scores import case
from support.thoroughness import times

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
            body = ScoreGiven(member=member, case=case_id, scores=scores, comment=comment)
            events.append(Event(seq=len(events) + 1, at=at, actor=member, body=body))
        return events

    return build


@pytest.fixture
def told(rubric):
    def tell(events):
        marks = fold_scores(events, rubric, CASES.values())
        return detect_anomalies(events, marks, CASES, rubric).set_index("member").loc["E1"]

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


def test_marking_again_is_no_second_reading(afternoon, told):
    events = afternoon(varied(6), [240] * 5)
    again = [
        replace(one, seq=one.seq + 6, at=START + timedelta(seconds=1500 + one.seq))
        for one in events
    ]
    assert told([*events, *again])["alerts"] == ""


JUMP = timedelta(minutes=15, seconds=55)


def set_back(events, after, by=JUMP):
    """The same events, with the clock set back once after the event of a number."""
    return [replace(one, at=one.at - by * (one.seq > after)) for one in events]


@pytest.mark.parametrize("after", range(1, 12))
def test_a_clock_set_back_accuses_nobody(afternoon, told, after):
    row = told(set_back(afternoon(varied(12), [240] * 11), after))
    assert (row["quick"], row["alerts"], row["seconds"]) == (0, "", 240)


@pytest.mark.slow
@settings(max_examples=times(20, 60), deadline=None)
@given(data=st.data())
def test_whenever_and_however_far_the_clock_is_set_back_nobody_is_accused(rubric, data):
    """Marks are saved one by one, each at least twenty seconds after the one before."""
    gaps = data.draw(st.lists(st.integers(20, 600), min_size=29, max_size=29))
    by = timedelta(seconds=data.draw(st.integers(0, 7200)))
    at, events, scores = START, [], {}
    for n, gap in enumerate([0, *gaps]):
        case_id, place = f"T61-{n // 5 + 1}", n % 5
        scores = {**(scores if place else {}), rubric.team[place].id: 70.0 + n}
        at += timedelta(seconds=gap)
        body = ScoreGiven(member="E1", case=case_id, scores=scores)
        events.append(Event(seq=n + 1, at=at, actor="E1", body=body))
    moved = set_back(events, data.draw(st.integers(1, 29)), by)
    marks = fold_scores(moved, rubric, CASES.values())
    assert detect_anomalies(moved, marks, CASES, rubric)["alerts"].tolist() == [""]


def test_a_jump_that_only_another_member_s_marks_show_accuses_nobody(afternoon, told):
    """The clock goes back by 3 min 50 s: the next case seems to have taken 10 seconds."""
    mine = afternoon(varied(4), [240] * 3)
    others = [
        replace(one, at=one.at + timedelta(seconds=200))
        for one in afternoon(varied(4), [240] * 3, member="E2")
    ]
    both = sorted([*mine, *others], key=lambda one: one.at)
    events = set_back(
        [replace(one, seq=n) for n, one in enumerate(both, start=1)], 4, timedelta(seconds=230)
    )
    assert told(events)["alerts"] == ""


def test_quick_cases_are_counted_though_the_machines_clocks_differ_a_little(afternoon, told):
    mine = afternoon(varied(6), [9] * 5)
    others = [
        replace(one, at=one.at - timedelta(seconds=3))
        for one in afternoon(varied(6), [9] * 5, member="E2")
    ]
    pairs = [one for pair in zip(mine, others, strict=True) for one in pair]
    events = [replace(one, seq=n) for n, one in enumerate(pairs, start=1)]
    assert told(events)["quick"] == 5


def test_the_import_of_a_workbook_is_no_reading(afternoon, told):
    """Half on the page, then a workbook, then the page again five seconds later."""
    events = afternoon(varied(6), [240, 240, 5, 5, 240])
    for place in (3, 4):
        body = replace(events[place].body, edit="xlsx-0123456789abcdef")
        events[place] = replace(events[place], actor="E1 评分表", body=body)
    row = told(events)
    assert row["quick"] == 0 and row["seconds"] == 240


def test_events_are_taken_in_the_order_of_the_ledger(afternoon, told):
    events = afternoon(varied(7), [240, 19, 200, 5, 300, 20])
    assert told(events[::-1])["alerts"] == "2 件不足 20 秒"


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
    events += [
        replace(event, seq=event.seq + 3)
        for event in afternoon(varied(2), [60], comment=two, member="E2")
    ]
    table = count_phrases(fold_scores(events, rubric, CASES.values()), rubric)
    rows = table[["member", "phrase", "n", "of"]].to_numpy().tolist()
    assert rows == [["E1", one, 3, 3], ["E1", two, 3, 3], ["E2", two, 2, 2]]
    assert table["criterion"].tolist() == [rubric.team[0].title, *[rubric.team[1].title] * 2]


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_use_of_phrases_is_what_the_comments_hold(rubric, data):
    phrases = [phrase for criterion in rubric.team for phrase in criterion.phrases]
    picked = [
        data.draw(st.lists(st.sampled_from(phrases), max_size=3, unique=True)) for _ in range(4)
    ]
    scores = {criterion.id: 80.0 for criterion in rubric.team}
    events = [
        Event(
            seq=n,
            at=START,
            actor="E1",
            body=ScoreGiven(member="E1", case=f"T61-{n}", scores=scores, comment="；".join(words)),
        )
        for n, words in enumerate(picked, start=1)
    ]
    table = count_phrases(fold_scores(events, rubric, CASES.values()), rubric)
    used = dict(zip(table["phrase"], table["n"], strict=True))
    assert used == {p: n for p in phrases if (n := sum(p in words for words in picked))}
