"""What marks count and what they add up to."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kjfp_helpers.core.events import (
    ConflictRuled,
    MemberRecused,
    ReadingsAssigned,
    ScoreGiven,
    ScoringClosed,
)
from kjfp_helpers.panel_review import fold_scores
from kjfp_helpers.rules import load_round
from support.rounds.panels_and_scores import case, events

CASES = [case(unit="61"), case("individual", "62"), case(unit="63", eligible=False)]


@pytest.fixture(scope="module")
def rubric(rules_folder):
    return load_round(rules_folder).rubric


@pytest.fixture
def mark(rubric):
    def give(member, case_id="T61-1", score=80.0, without=(), **scores):
        criteria = rubric.criteria("team" if case_id[0] == "T" else "individual")
        given = {c.id: score for c in criteria if c.id not in without} | scores
        return ScoreGiven(member=member, case=case_id, scores=given, comment=f"{member}的意见")

    return give


@pytest.fixture
def fold(rubric):
    return lambda *bodies: fold_scores(events(*bodies), rubric, CASES)


def test_total_is_weighted_by_the_rubric_of_the_kind(fold, mark, rubric):
    marks = fold(mark("E1", outcome=90.0), mark("E2", "P62-1", service=70.0))
    assert marks.totals["total"].tolist() == [pytest.approx(83), pytest.approx(77)]
    assert marks.totals["kind"].tolist() == ["team", "individual"]
    assert len(marks.by_criterion) == len(rubric.team) + len(rubric.individual)


def test_latest_mark_wins_and_the_ledger_number_is_kept(fold, mark):
    marks = fold(mark("E1", score=60.0), mark("E1", score=90.0))
    assert marks.totals[["total", "seq"]].to_numpy().tolist() == [[90.0, 2]]


def test_missing_criterion_is_unfinished_and_never_nought(fold, mark):
    blank = mark("E2", without=("outcome",), service=None)
    marks = fold(mark("E1"), mark("E1", without=("outcome",)), blank)
    assert marks.totals.empty
    assert marks.unfinished["missing"].tolist() == ["脱贫成效", "脱贫成效、一线服务"]
    assert np.isnan(
        marks.by_criterion.set_index(["member", "criterion"]).loc[("E1", "outcome"), "score"]
    )


def test_mark_after_closing_is_kept_apart(fold, mark):
    marks = fold(mark("E1", score=70.0), ScoringClosed(), mark("E1", score=99.0), mark("E2"))
    assert marks.totals["total"].tolist() == [70.0]
    assert marks.late[["member", "total"]].to_numpy().tolist() == [["E1", 99.0], ["E2", 80.0]]


@pytest.mark.parametrize("order", [1, -1])
def test_recusal_takes_the_mark_away_whenever_it_comes(fold, mark, order):
    bodies = [mark("E1"), MemberRecused(member="E1", case="T61-1", reason="师生")][::order]
    marks = fold(*bodies, mark("E2"))
    assert marks.totals["member"].tolist() == ["E2"]
    assert marks.recusals["reason"].tolist() == ["师生"]
    assert "E1" not in set(marks.by_criterion["member"])


@pytest.mark.parametrize(
    ("case_id", "scores", "reason"),
    [
        ("T99-1", {}, "不在评审范围"),
        ("T63-1", {}, "不在评审范围"),
        ("T61-1", {"outcome": 101.0}, "0 至 100"),
        ("T61-1", {"outcome": float("inf")}, "0 至 100"),
        ("T61-1", {"beauty": 80.0}, "以外"),
    ],
)
def test_mark_that_cannot_count_is_put_aside_with_a_reason(fold, mark, case_id, scores, reason):
    marks = fold(mark("E1", case_id, **scores))
    assert marks.totals.empty
    assert reason in marks.excluded["reason"].item()


def test_mark_for_a_case_never_assigned_does_not_count(fold, mark):
    first = ReadingsAssigned(readings={"E1": ("T61-1",), "E2": ()}, seed=1, digest="")
    second = ReadingsAssigned(readings={"E1": (), "E3": ("T61-1",)}, seed=1, digest="")
    marks = fold(first, mark("E1"), mark("E2"), second, mark("E3"))
    assert marks.totals["member"].tolist() == ["E1", "E3"]
    assert marks.excluded["reason"].tolist() == ["未分派给该评委"]


def test_mark_of_the_last_round_counts_whichever_was_saved_last(fold, mark):
    again = replace(mark("E1", score=90.0), round=2)
    for order in ((mark("E1", score=60.0), again), (again, mark("E1", score=60.0))):
        assert fold(*order).totals[["total", "round"]].to_numpy().tolist() == [[90.0, 2]]


def test_any_conflict_keeps_a_mark_out_and_a_ruling_brings_it_back(rubric, mark):
    barred = pd.DataFrame([("E1", "T61-1", "裁定回避")], columns=["member", "case", "reason"])
    marks = fold_scores(events(mark("E1"), mark("E2")), rubric, CASES, barred)
    assert marks.totals["member"].tolist() == ["E2"] and marks.excluded["reason"].tolist() == [
        "已回避"
    ]
    away = MemberRecused(member="E1", case="T61-1", reason="师生")
    ruled = ConflictRuled(member="E1", case="T61-1", bars=False, reason="核实", by=("甲", "乙"))
    marks = fold_scores(events(mark("E1"), away, ruled), rubric, CASES, barred.head(0))
    assert marks.totals["member"].tolist() == ["E1"] and marks.recusals.empty


def test_no_events_give_empty_tables_with_their_columns(fold):
    marks = fold()
    assert marks.totals.columns.tolist() == [
        "member",
        "case",
        "kind",
        "total",
        "comment",
        "seq",
        "round",
    ]
    assert all(len(frame) == 0 for frame in vars(marks).values())
