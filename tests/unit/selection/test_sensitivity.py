"""What a list hangs on: every answer is held against the list made anew."""

from dataclasses import replace

import pytest
from test_shortlist import FIVE, UNITS, round2020, small, teams, veto

from kjfp_helpers.core.events import SeatsLeftVacant
from kjfp_helpers.rules import ListLimit
from kjfp_helpers.selection import rank_cases, sensitivity
from kjfp_helpers.selection.allocation.problem_builder import build_problem
from kjfp_helpers.selection.sensitivity import METHODS, SCORE_STEP, SensitivityAnalysis
from kjfp_helpers.selection.shortlist import column_by_case
from support.rounds.builders import ruling
from support.rounds.panels_and_scores import case, cases_of, events, simulated, table

pytestmark = pytest.mark.slow

__all__ = ["round2020", "small"]


def ask(round, cases, totals, *bodies, method="mean", quorum=1):
    ranking = rank_cases(totals, seats=3, method=method, quorum=quorum)
    contest = build_problem(
        round,
        "team",
        cases,
        events(*bodies),
        means=column_by_case(ranking.table, "mean"),
        commendations={},
    )
    return SensitivityAnalysis(contest, totals, method, quorum, round.rubric.scale, ranking)


def two_each(marks):
    return table({c: {"E1": t, "E2": t} for c, t in marks.items()})


def limited(round, **fields):
    rule = ListLimit(
        clause="会议决定", title="社团至少两个", kind="team", attribute="class", **fields
    )
    return replace(round, notice=round.notice.model_copy(update={"limit": (rule,)}))


def test_quota_names_whom_it_kept_out_who_is_in_instead_and_the_cost(small):
    cases = [*teams(*UNITS), case(unit="11", serial=2)]
    found = ask(small, cases, two_each(FIVE | {"T11-2": 92})).analyze()
    (shift,) = found.rule_effects
    assert shift.rule == "各单位推荐名额（通知二）"
    assert (shift.kept_out, shift.listed_instead, shift.cost) == (("T11-2",), ("T62-1",), 7.0)


def test_every_rule_that_moves_a_name_is_told_and_no_other(small):
    round = limited(small, values=("society",), least=2)
    empty = SeatsLeftVacant(nominees="team", places=1, resolution="决议4号", reason="宁缺毋滥")
    found = ask(round, teams(*UNITS), two_each(FIVE), veto("T11-1"), empty).analyze()
    moved = {shift.rule: (shift.kept_out, shift.listed_instead) for shift in found.rule_effects}
    assert moved == {
        "各单位推荐名额（通知二）": ((), ()),
        "社团至少两个（会议决定）": (("T61-1", "T62-1"), ("TS001-1", "TS002-1")),
        "否决 T11-1（会议纪要1号）": ((), ()),
        "名额空缺（决议4号）": (("T61-1",), ()),
    }


def test_floor_takes_the_best_of_the_class_and_the_displaced_learn_why(small):
    from test_shortlist import decide

    rows = decide(limited(small, values=("society",), least=2), teams(*UNITS), FIVE)
    assert rows.index[rows["status"] == "listed"].tolist() == ["T11-1", "TS001-1", "TS002-1"]
    assert "名额须留给“社团至少两个（会议决定）”" in rows.loc["T61-1", "reason"]


def test_method_that_would_list_others_is_told(small):
    marks = table(
        {
            "T11-1": {"A": 90, "B": 90, "C": 90, "D": 90},
            "T61-1": {"A": 85, "B": 85, "C": 85, "D": 85},
            "T62-1": {"A": 80, "B": 80, "C": 80, "D": 80},
            "T63-1": {"A": 81, "B": 81, "C": 81, "D": 20},
        }
    )
    found = ask(small, teams("11", "61", "62", "63"), marks).analyze()
    assert "T62-1" in found.methods["mean"].listed
    assert "T63-1" in found.methods["trimmed"].listed


def test_leaving_a_member_out_is_the_list_without_their_marks(small):
    marks = table(
        {
            "T11-1": {"A": 90, "B": 90},
            "T61-1": {"A": 85, "B": 85},
            "T62-1": {"A": 80, "B": 80},
            "T63-1": {"A": 60, "B": 82},
        }
    )
    found = ask(small, teams("11", "61", "62", "63"), marks, quorum=2).analyze()
    assert "T62-1" in found.without_member["B"].listed
    assert "T63-1" in found.without_member["A"].listed


@pytest.mark.parametrize("method", ["mean", "trimmed", "adjusted"])
def test_smallest_change_of_a_mark_moves_the_name_and_a_grain_less_does_not(round2020, method):
    totals, *_ = simulated(40, 8, 4, seed=5)
    units = [unit.code for unit in round2020.units][:40]
    names = {f"T{n:03}": f"T{unit}-1" for n, unit in enumerate(units)}
    totals["case"] = totals["case"].map(names)
    question = ask(ruling(round2020, method=method), teams(*units), totals, method=method)
    flips = question.analyze().smallest_changes
    assert len(flips) == 12 and sum(flip is not None for flip in flips.values()) >= 8
    for name, flip in flips.items():
        if flip is None:
            continue
        step = SCORE_STEP if flip.new_score > flip.score else -SCORE_STEP
        assert question.is_moved_by(name, flip.member, flip.new_score)
        assert not question.is_moved_by(name, flip.member, round(flip.new_score - step, 6))


def floor_and_cap(round, method):
    """The individuals of a whole round under a floor of women and a cap of societies."""
    cases = [
        replace(
            one,
            record=replace(one.record, body=replace(one.record.body, gender="男女"[n % 3 == 0])),
        )
        for n, one in enumerate(cases_of(round, "individual"))
    ]
    limits = (
        ListLimit(
            clause="会议决定",
            title="女性不少于20名",
            kind="individual",
            attribute="sex",
            values=("女",),
            least=20,
        ),
        ListLimit(
            clause="会议决定",
            title="全国学会不多于12名",
            kind="individual",
            attribute="class",
            values=("society",),
            most=12,
        ),
    )
    round = replace(round, notice=round.notice.model_copy(update={"limit": limits}))
    totals, *_ = simulated(len(cases), 15, 5, seed=7)
    names = {f"T{number:03}": one.id for number, one in enumerate(cases)}
    totals = totals.assign(case=totals["case"].map(names), total=totals["total"].round())
    ranking = rank_cases(totals, seats=50, method=method, quorum=1)
    contest = build_problem(
        round,
        "individual",
        cases,
        (),
        means=column_by_case(ranking.table, "mean"),
        commendations={},
    )
    return SensitivityAnalysis(contest, totals, method, 1, round.rubric.scale, ranking)


@pytest.mark.parametrize("method", METHODS)
def test_floor_and_cap_on_a_whole_round_end_by_every_method(round2020, method):
    question = floor_and_cap(round2020, method)
    found = question.analyze()
    assert (
        len(question.allocation.listed) + question.allocation.contested_seats == 50
        and not found.unproved
    )
    women = [c for c, sex in question.problem.attributes["sex"].items() if sex == "女"]
    for places in (question.allocation, *found.without_member.values(), *found.methods.values()):
        assert sum(c in places.listed or c in places.tied for c in women) >= 20
    assert all(found.methods[one] is not None for one in METHODS)


def test_questions_that_the_solver_could_not_answer_are_named_and_the_list_stands(
    round2020, monkeypatch
):
    monkeypatch.setattr(sensitivity, "QUESTIONS_WORK", 0.0)
    question = floor_and_cap(round2020, "mean")
    found = question.analyze()
    assert len(question.allocation.listed) + question.allocation.contested_seats == 50
    sorts = {sort for sort, _ in found.unproved}
    assert {"member", "method", "flip"} <= sorts and found.smallest_changes
    assert {("method", one) for one in METHODS} <= found.unproved


def test_a_rule_without_which_there_is_no_list_does_not_stop_the_rest(small):
    empty = SeatsLeftVacant(nominees="team", places=1, resolution="决议4号", reason="只有两件")
    found = ask(small, teams("11", "61"), two_each({"T11-1": 95, "T61-1": 90}), empty).analyze()
    assert found.without_rule["名额空缺（决议4号）"] is None and not found.unproved
