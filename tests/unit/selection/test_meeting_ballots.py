"""Votes: quorum, two tellers, papers, majorities; and what they do to the list."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_shortlist import FIVE, UNITS, decide, ids, round2020, small, teams, veto

from kjfp_helpers.core.errors import SelectionError
from kjfp_helpers.core.events import BallotCounted, BallotOpened, BallotVoided, SeatsLeftVacant
from kjfp_helpers.selection import TieAtCut, fold_ballots
from support.rounds.builders import ruling
from support.rounds.panels_and_scores import case, events
from support.thoroughness import times

__all__ = ["round2020", "small"]
MEMBERS = tuple(f"E{n:02}" for n in range(1, 13))
TIED = ("T62-1", "T63-1")


def opened(cases=TIED, number=1, purpose="tie", places=1, present=MEMBERS, issued=12, **fields):
    values = {"most": places if purpose == "tie" else len(cases), "due": MEMBERS, "recused": {}}
    return BallotOpened(
        ballot=number,
        nominees="team" if cases[0].startswith("T") else "individual",
        purpose=purpose,
        cases=tuple(cases),
        places=places,
        present=tuple(present),
        issued=issued,
        **values | fields,
    )


def counted(votes, teller="甲", number=1, returned=12, spoiled=0):
    votes = {
        c: v if isinstance(v, tuple) else (v, 0, returned - spoiled - v) for c, v in votes.items()
    }
    return BallotCounted(
        ballot=number, teller=teller, returned=returned, spoiled=spoiled, votes=votes
    )


def twice(votes, **fields):
    return counted(votes, "甲", **fields), counted(votes, "乙", **fields)


def fold(round, *bodies):
    return fold_ballots(events(*bodies), round.notice.ruling)


def tied_teams():
    return [case(unit=unit, people_lifted=10) for unit in UNITS], FIVE | {"T62-1": 85, "T63-1": 85}


def test_second_ballot_of_the_tied_settles_the_cut(small):
    cases, marks = tied_teams()
    with pytest.raises(TieAtCut) as caught:
        decide(small, cases, marks)
    assert (caught.value.cases, caught.value.seats) == (TIED, 1)
    rows = decide(small, cases, marks, opened(), *twice({"T62-1": 4, "T63-1": 8}))
    assert ids(rows, "listed")[-1] == "T63-1"
    assert "与 T62-1 同分，依第1次投票得票分先后" in rows.loc["T63-1", "reason"]


def test_ballot_that_leaves_a_tie_asks_for_another_of_those_still_level(small):
    cases = [case(unit=unit, people_lifted=10) for unit in UNITS]
    marks = FIVE | {"T62-1": 85, "T63-1": 85, "TS001-1": 85}
    first = (opened((*TIED, "TS001-1"), places=1), *twice({"T62-1": 5, "T63-1": 5, "TS001-1": 2}))
    with pytest.raises(TieAtCut) as caught:
        decide(small, cases, marks, *first)
    assert caught.value.cases == TIED
    second = opened(number=2), *twice({"T62-1": 7, "T63-1": 5}, number=2)
    rows = decide(small, cases, marks, *first, *second)
    assert ids(rows, "listed")[-1] == "T62-1"


def test_ballot_on_fewer_than_the_tied_settles_nothing(small):
    cases = [case(unit=unit, people_lifted=10) for unit in UNITS]
    marks = FIVE | {"T62-1": 85, "T63-1": 85, "TS001-1": 85}
    with pytest.raises(TieAtCut):
        decide(small, cases, marks, opened(), *twice({"T62-1": 4, "T63-1": 8}))


@pytest.mark.parametrize(
    ("bodies", "state", "words"),
    [
        ((), "waiting", ""),
        ((counted({"T62-1": 4, "T63-1": 8}),), "half", ""),
        ((counted({"T62-1": 4, "T63-1": 8}), counted({"T62-1": 5, "T63-1": 7})), "half", ""),
        (
            (counted({"T62-1": 4, "T63-1": 8}), counted({"T62-1": 5, "T63-1": 7}, "乙")),
            "differs",
            "T62-1",
        ),
        (twice({"T62-1": 4, "T63-1": 7}, returned=11), "faulty", "两数不等"),
        (twice({"T62-1": 4, "T63-1": 9}, returned=13), "faulty", "多于发出"),
        (twice({"T62-1": 8, "T63-1": 8}), "faulty", "超过每张至多 1 件"),
        (twice({"T62-1": (4, 0, 0), "T63-1": 8}), "faulty", "T62-1 赞成、反对、弃权合计 4 张"),
        (
            (*twice({"T62-1": 4, "T63-1": 8}), BallotVoided(ballot=1, reason="唱票有误")),
            "voided",
            "唱票有误",
        ),
    ],
)
def test_vote_counts_only_when_two_tellers_agree_and_the_papers_do(small, bodies, state, words):
    (ballot,) = fold(small, opened(), *bodies)
    assert ballot.state == state and words in "；".join(ballot.faults) and not ballot.tallies


def test_disagreement_is_told_without_any_number(small):
    one, other = counted({"T62-1": 4, "T63-1": 8}), counted({"T62-1": 5, "T63-1": 7}, "乙")
    (ballot,) = fold(small, opened(), one, other)
    said = "".join(ballot.faults).replace("T62-1", "").replace("T63-1", "")
    assert not any(sign.isdigit() for sign in said)
    (ballot,) = fold(small, opened(), one, other, counted({"T62-1": 4, "T63-1": 8}, "乙"))
    assert ballot.state == "settled"


def test_missing_papers_do_no_harm_where_the_ruling_says_so(small):
    votes = twice({"T62-1": 4, "T63-1": 7}, returned=11)
    (ballot,) = fold(ruling(small, papers="not_more"), opened(), *votes)
    assert ballot.state == "settled" and ballot.tallies["T62-1"].abstained == 7


def test_too_few_present_make_no_vote(small):
    there = MEMBERS[:7]
    (ballot,) = fold(
        small, opened(present=there, issued=7), *twice({"T62-1": 3, "T63-1": 4}, returned=7)
    )
    assert (
        ballot.state == "faulty" and "到会 7 人，不足应到 12 人的 2/3（8 人）" in ballot.faults[0]
    )


@pytest.mark.parametrize(
    ("of", "base", "needed"), [("present", 9, 6), ("cast", 8, 6), ("due", 10, 7)]
)
def test_two_thirds_are_of_the_denominator_that_the_ruling_names(small, of, base, needed):
    """12 due, 10 present, 9 papers; of the two who step back one is there."""
    body = opened(
        ("T62-1",),
        purpose="approval",
        present=MEMBERS[:10],
        issued=9,
        recused={"T62-1": (MEMBERS[0], MEMBERS[11])},
    )
    votes = twice({"T62-1": (6, 1, 1)}, returned=9)
    (ballot,) = fold(ruling(small, majority_of=of), body, *votes)
    tally = ballot.tallies["T62-1"]
    assert (tally.base, tally.needed, tally.carried) == (base, needed, needed <= 6)


def test_case_that_fails_the_vote_leaves_and_the_next_moves_up(small):
    body = opened(("T11-1", "T61-1", "T62-1"), purpose="approval", places=3)
    votes = twice({"T11-1": 12, "T61-1": (7, 4, 1), "T62-1": 8})
    rows = decide(small, teams(*UNITS), FIVE, body, *votes)
    assert ids(rows, "listed") == ["T11-1", "T62-1", "T63-1"]
    assert ids(rows, "rejected") == ["T61-1"]
    assert "第1次投票赞成 7 票，应得 8 票（分母 12），表决未通过" in rows.loc["T61-1", "reason"]
    assert "表决未通过 1 件，名额依次递补" in rows.loc["T63-1", "reason"]


def test_vacancy_lapses_where_the_ruling_says_so(small):
    rows = decide(
        ruling(small, vacancy="lapse"), teams(*UNITS), FIVE, veto("T61-1"), veto("TS001-1")
    )
    assert ids(rows, "listed") == ["T11-1", "T62-1"] and "名额作废" in rows.loc["T61-1", "reason"]
    assert "名额作废" not in rows.loc["TS001-1", "reason"]
    assert ids(rows, "reserve") == ["T63-1", "TS002-1"]


def test_resolution_leaves_a_place_empty_and_a_later_one_takes_it_back(small):
    empty = SeatsLeftVacant(nominees="team", places=1, resolution="决议4号", reason="宁缺毋滥")
    rows = decide(small, teams(*UNITS), FIVE, empty)
    assert ids(rows, "listed") == ["T11-1", "T61-1"] and ids(rows, "reserve")[0] == "T62-1"
    back = SeatsLeftVacant(nominees="team", places=0, resolution="决议5号", reason="复议")
    assert len(ids(decide(small, teams(*UNITS), FIVE, empty, back), "listed")) == 3
    for faulty in ({"resolution": " "}, {"reason": ""}, {"places": 3}, {"places": -1}):
        fields = {"nominees": "team", "places": 1, "resolution": "决议", "reason": "理由"} | faulty
        with pytest.raises(SelectionError, match="台账第1条"):
            decide(small, teams(*UNITS), FIVE, SeatsLeftVacant(**fields))


@pytest.mark.parametrize(
    "bodies",
    [
        (counted({"T62-1": 4, "T63-1": 8}),),
        (opened(), opened()),
        (opened(("T62-1", "P63-1")),),
        (opened(), counted({"T62-1": 4})),
        (opened(), counted({"T62-1": 4, "T63-1": 8}, " ")),
        (opened(issued=13),),
        (opened(), counted({"T62-1": -1, "T63-1": 8})),
    ],
)
def test_events_that_cannot_be_are_refused_by_their_number(small, bodies):
    with pytest.raises(SelectionError, match=f"台账第{len(bodies)}条"):
        fold(small, *bodies)


@settings(max_examples=times(20, 60), deadline=None)
@given(st.integers(1, 30), st.integers(0, 30), st.integers(0, 30))
def test_a_case_carries_exactly_from_two_thirds_on(small_round, present, yes, away):
    if yes + away > present:
        return
    members = tuple(f"E{n:02}" for n in range(present))
    body = opened(
        ("T62-1",),
        purpose="approval",
        present=members,
        issued=present,
        due=members,
        recused={"T62-1": members[:away]},
    )
    votes = twice({"T62-1": (yes, 0, present - away - yes)}, returned=present)
    (ballot,) = fold(small_round, body, *votes)
    assert ballot.tallies["T62-1"].carried == (3 * yes >= 2 * (present - away))


@pytest.fixture(scope="module")
def small_round(round2020):
    return round2020
