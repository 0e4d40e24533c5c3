"""The list: exactly the places, under the quotas, with a reason a name."""

import random
from dataclasses import replace
from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.errors import SelectionError
from kjfp_helpers.core.events import CaseVetoed, SeatAdded
from kjfp_helpers.core.records import STATUS_TITLES
from kjfp_helpers.rules import load_round
from kjfp_helpers.selection import rank_cases
from kjfp_helpers.selection.shortlist import build_shortlist
from support.rounds.builders import ruling
from support.rounds.panels_and_scores import case, cases_of, events, table
from support.thoroughness import times

UNITS = "11 61 62 63 S001 S002".split()


@pytest.fixture(scope="module")
def round2020(rules_folder):
    return load_round(rules_folder)


@pytest.fixture(scope="module")
def small(round2020):
    """Three teams and five persons are commended; two reserves; plain means decide."""
    return small_plan(round2020, 3)


def small_plan(round, teams, **rulings):
    commended = round.notice.commended.model_copy(update={"teams": teams, "individuals": 5})
    notice = round.notice.model_copy(update={"commended": commended})
    return ruling(replace(round, notice=notice), **{"method": "mean", "reserves": 2} | rulings)


def ranking(marks, places=3, quorum=1):
    totals = table({c: {"E1": t, "E2": t} for c, t in marks.items()})
    return rank_cases(totals, seats=places, method="mean", quorum=quorum)


def decide(round, cases, marks, *bodies, kind="team", commendations=None):
    """Return the list with case ids as index; cases and marks may come in any order."""
    places = round.notice.commended.teams if kind == "team" else round.notice.commended.individuals
    rows = build_shortlist(
        round,
        kind,
        cases,
        ranking(marks, places),
        events(*bodies),
        commendations=commendations or {},
    )
    return rows.set_index("case")


def teams(*units, **fields):
    return [case(unit=unit, **fields) for unit in units]


def ids(rows, status):
    return rows.index[rows["status"] == status].tolist()


def veto(case_id, **fields):
    values = {"clause": "二", "document": "会议纪要1号", "by": ("甲", "乙")}
    return CaseVetoed(case=case_id, **values | fields)


def added(case_id, resolution="决议2号"):
    return SeatAdded(case=case_id, resolution=resolution, reason="事迹突出")


FIVE = {"T11-1": 95, "T61-1": 90, "T62-1": 85, "T63-1": 80, "TS001-1": 75, "TS002-1": 70}


def test_real_plan_lists_exactly_twenty_and_fifty(round2020):
    chance = random.Random(0)
    for kind, number in (("team", 20), ("individual", 50)):
        cases = cases_of(round2020, kind)
        marks = {c.id: chance.uniform(50, 100) for c in cases}
        rows = decide(ruling(round2020, method="mean"), cases, marks, kind=kind)
        assert rows["status"].value_counts()[["listed", "reserve"]].tolist() == [number, 5]
        assert rows.loc[ids(rows, "listed"), "place"].tolist() == list(range(1, number + 1))
        assert len(rows) == len(cases) and rows["reason"].str.endswith("。").all()


def test_rows_are_in_the_order_of_the_list_with_reasons(small):
    rows = decide(small, teams(*UNITS), FIVE)
    assert rows["status"].tolist() == ["listed"] * 3 + ["reserve"] * 2 + ["out"]
    assert rows["place"].tolist()[:5] == [1, 2, 3, 1, 2]
    assert rows.loc["T11-1", "reason"] == "名次第 1，平均分 95.00；按名次入围。"
    assert "列为候补" in rows.loc["T63-1", "reason"]
    assert "未进入前 3 名及候补" in rows.loc["TS002-1", "reason"]


def test_veto_frees_the_place_for_the_next(small):
    rows = decide(small, teams(*UNITS), FIVE, veto("T61-1"))
    assert ids(rows, "listed") == ["T11-1", "T62-1", "T63-1"]
    assert ids(rows, "vetoed") == ["T61-1"]
    assert "一票否决：依据二，文件会议纪要1号，决定人乙、甲" in rows.loc["T61-1", "reason"]
    assert "前列中被否决 1 件，名额依次递补" in rows.loc["T63-1", "reason"]


@pytest.mark.parametrize(
    "fields",
    [{"by": ("甲",)}, {"by": ("甲", " 甲 ")}, {"by": ()}, {"clause": " "}, {"document": ""}],
)
def test_veto_without_two_names_clause_and_document_is_refused(small, fields):
    with pytest.raises(SelectionError, match="台账第1条"):
        decide(small, teams(*UNITS), FIVE, veto("T61-1", **fields))


def test_decision_on_a_case_that_does_not_exist_is_refused(small):
    with pytest.raises(SelectionError, match="T99-9"):
        decide(small, teams(*UNITS), FIVE, veto("T99-9"))


def test_decisions_on_persons_do_not_touch_the_teams(small):
    rows = decide(small, teams(*UNITS), FIVE, veto("P61-1"), added("P62-1"))
    assert rows["status"].tolist().count("listed") == 3


def test_resolution_adds_beyond_the_plan(small):
    rows = decide(small, teams(*UNITS), FIVE, added("TS002-1"))
    assert ids(rows, "listed") == ["T11-1", "T61-1", "T62-1"]
    assert rows.loc["TS002-1", ["status", "place"]].tolist() == ["added", 4]
    assert "经决议（决议2号）增列" in rows.loc["TS002-1", "reason"]


def test_added_name_never_takes_a_place_of_the_plan(small):
    rows = decide(small, teams(*UNITS), FIVE, added("T61-1"))
    assert ids(rows, "listed") == ["T11-1", "T62-1", "T63-1"]
    assert ids(rows, "added") == ["T61-1"]
    assert "另行增列 1 件" in rows.loc["T63-1", "reason"]


def test_veto_stands_above_an_addition(small):
    rows = decide(small, teams(*UNITS), FIVE, added("T61-1"), veto("T61-1"), added("TS002-1"))
    assert ids(rows, "vetoed") == ["T61-1"]
    assert rows.loc["TS002-1", "place"] == 4


def test_addition_is_refused_without_rule_number_or_eligibility(small):
    cases = [*teams(*UNITS[:5]), case(unit="S002", eligible=False)]
    marks = {c: t for c, t in FIVE.items() if c != "TS002-1"}
    for round, body in (
        (ruling(small, exceed="never"), added("TS001-1")),
        (small, added("TS001-1", resolution=" ")),
        (small, added("TS002-1")),
    ):
        with pytest.raises(SelectionError, match="台账第1条"):
            decide(round, cases, marks, body)


def test_unit_over_its_quota_gives_way_to_the_next(small):
    cases = [*teams(*UNITS), case(unit="11", serial=2)]
    rows = decide(small, cases, FIVE | {"T11-2": 92})
    assert ids(rows, "listed") == ["T11-1", "T61-1", "T62-1"]
    assert rows.loc["T11-2", "reason"].endswith("所在单位名额（至多 1 个）已满，不列入。")
    assert "单位名额已满 1 件" in rows.loc["T62-1", "reason"]


def test_priority_province_may_hold_two_teams(small):
    cases = [*teams(*UNITS), case(unit="61", serial=2), case(unit="61", serial=3)]
    rows = decide(small, cases, FIVE | {"T61-2": 89, "T61-3": 88})
    assert ids(rows, "listed") == ["T11-1", "T61-1", "T61-2"]


def test_too_few_cases_say_how_many_are_missing(small):
    with pytest.raises(SelectionError, match="2 件，尚缺 1 件"):
        decide(small, teams("11", "61"), {"T11-1": 90, "T61-1": 80})
    with pytest.raises(SelectionError, match="尚缺 1 件"):
        crowded = [case(unit="11", serial=n) for n in (1, 2, 3)] + teams("61")
        decide(small, crowded, {"T11-1": 90, "T11-2": 80, "T11-3": 70, "T61-1": 60})


def test_below_the_quorum_and_unread_cases_are_unranked(small):
    totals = table({c: {"E1": t, "E2": t} for c, t in FIVE.items() if c != "TS002-1"})
    totals = totals[~((totals["case"] == "T11-1") & (totals["member"] == "E2"))]
    result = rank_cases(totals, seats=3, method="mean", quorum=2)
    rows = build_shortlist(
        ruling(small, quorum=2), "team", teams(*UNITS), result, (), commendations={}
    ).set_index("case")
    assert ids(rows, "unranked") == ["T11-1", "TS002-1"]
    assert "评分 1 份，不足 2 份" in rows.loc["T11-1", "reason"]
    assert rows.loc["TS002-1", "reason"] == "尚无评分，不排名次。"
    assert rows.loc["TS002-1", "n"] == 0 and pd.isna(rows.loc["TS002-1", "value"])


def test_ineligible_cases_have_no_row(small):
    cases = [*teams(*UNITS), case(unit="12", eligible=False)]
    assert "T12-1" not in decide(small, cases, FIVE | {"T12-1": 99}).index


def tied(**fields):
    """The third and the fourth have the same value."""
    people = fields.get("people", {})
    cases = [case(unit=u, people_lifted=people.get(u, 10)) for u in UNITS]
    return cases, FIVE | {"T62-1": 85, "T63-1": 85}


def test_tie_at_the_cut_goes_to_the_next_step_of_the_ladder(small):
    cases, marks = tied(people={"62": 10, "63": 11})
    rows = decide(small, cases, marks)
    assert ids(rows, "listed")[-1] == "T63-1"
    assert "与 T62-1 同分，依带动脱贫人数分先后" in rows.loc["T63-1", "reason"]


def test_earlier_commendations_come_before_people_lifted(small):
    cases, marks = tied(people={"62": 10, "63": 11})
    rows = decide(small, cases, marks, commendations={"T62-1": 2, "T63-1": 1})
    assert ids(rows, "listed")[-1] == "T62-1"


def test_unknown_number_of_commendations_is_not_none_at_all(small):
    cases, marks = tied(people={"62": 10, "63": 11})
    rows = decide(small, cases, marks, commendations={"T62-1": 2})
    assert ids(rows, "listed")[-1] == "T63-1"


def test_decision_registered_anew_stands_for_the_faulty_one(small):
    rows = decide(small, teams(*UNITS), FIVE, veto("T61-1", by=("甲",)), veto("T61-1"))
    assert ids(rows, "vetoed") == ["T61-1"]


def test_step_with_a_missing_figure_separates_nobody(small):
    cases, marks = tied(people={"62": None, "63": 11})
    with pytest.raises(SelectionError, match="T62-1、T63-1 逐级比较后仍然并列"):
        decide(small, cases, marks)


def test_tie_left_at_the_cut_is_never_settled_by_order(small):
    cases, marks = tied()
    for order in (cases, cases[::-1]):
        with pytest.raises(SelectionError, match="T62-1、T63-1"):
            decide(small, order, marks)


def test_resolution_settles_a_tie_at_the_cut(small):
    cases, marks = tied()
    rows = decide(small, cases, marks, added("T62-1"))
    assert ids(rows, "listed")[-1] == "T63-1" and ids(rows, "added") == ["T62-1"]


def test_tie_within_one_units_last_room_is_refused(small):
    cases = [*teams(*UNITS), case(unit="11", serial=2)]
    with pytest.raises(SelectionError, match="T11-1、T11-2"):
        decide(small, cases, FIVE | {"T11-2": 95})


def test_tie_above_the_cut_shares_a_place_and_below_it_all_are_reserves(small):
    marks = {"T11-1": 95, "T61-1": 95, "T62-1": 85, "T63-1": 80, "TS001-1": 75, "TS002-1": 75}
    rows = decide(small, teams(*UNITS), marks)
    assert rows["place"].tolist() == [1, 1, 3, 1, 2, 2]
    assert "与 T61-1 并列" in rows.loc["T11-1", "reason"]
    assert ids(rows, "reserve") == ["T63-1", "TS001-1", "TS002-1"]


def test_groups_that_cannot_be_compared_are_refused(small):
    totals = table({c: {f"E{n % 2}": t, f"F{n % 2}": t} for n, (c, t) in enumerate(FIVE.items())})
    result = rank_cases(totals, seats=3, method="mean", quorum=1)
    with pytest.raises(SelectionError, match="互不相连"):
        build_shortlist(small, "team", teams(*UNITS), result, (), commendations={})


@pytest.mark.slow
@settings(max_examples=times(13, 40), deadline=None)
@given(st.data())
def test_list_is_the_best_that_the_quotas_allow_whatever_the_order(round2020, data):
    round = small_plan(round2020, data.draw(st.integers(1, 4), "places"))
    units = data.draw(st.lists(st.sampled_from(UNITS[:4]), min_size=4, max_size=8), "units")
    cases = [case(unit=unit, serial=n) for n, unit in enumerate(units, 1)]
    scores = data.draw(st.permutations([50 + 3 * n for n in range(len(cases))]), "marks")
    marks = {c.id: s for c, s in zip(cases, scores, strict=True)}
    gone = set(data.draw(st.lists(st.sampled_from(sorted(marks)), max_size=2), "vetoed"))
    bodies = [veto(c) for c in sorted(gone)]
    caps = {u: round.quota(round.unit_by_code[u]).teams.most for u in UNITS}
    places = round.notice.commended.teams
    allowed = [
        set(chosen)
        for chosen in combinations(set(marks) - gone, places)
        if all(sum(c.split("-")[0] == f"T{u}" for c in chosen) <= caps[u] for u in UNITS)
    ]
    if not allowed:
        with pytest.raises(SelectionError, match="尚缺"):
            decide(round, cases, marks, *bodies)
        return
    rows = decide(round, cases, marks, *bodies)
    assert set(ids(rows, "listed")) == max(allowed, key=lambda some: sum(marks[c] for c in some))
    assert len(rows) == len(rows.index.unique()) == len(cases)
    assert set(rows["status"]) <= set(STATUS_TITLES)
    shuffled = data.draw(st.permutations(cases))
    turned = dict(reversed(marks.items()))
    pd.testing.assert_frame_equal(decide(round, shuffled, turned, *bodies), rows)
