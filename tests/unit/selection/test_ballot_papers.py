"""Papers as typed: what they sum up to, which lines are refused, who counts by which account."""

from dataclasses import replace

import pytest

from kjfp_helpers.core.errors import SelectionError
from kjfp_helpers.core.events import BallotCounted, BallotOpened, Event
from kjfp_helpers.infra.bundled_files import DEFAULT_RULES
from kjfp_helpers.rules import load_round
from kjfp_helpers.selection.ballot_papers import count_papers
from kjfp_helpers.selection.meeting_ballots import find_count_faults, fold_ballots, tie_votes

VOTERS = ("V1", "V2", "V3", "V4")
OPENED = BallotOpened(
    ballot=1,
    nominees="team",
    purpose="approval",
    cases=("T1-1", "T2-1"),
    places=2,
    most=1,
    due=VOTERS,
    present=VOTERS,
    recused={"T2-1": ("V4",)},
    issued=4,
)
LINES = ("001 √×", "2　○√", "3, √√", "004 √－")


def test_papers_are_summed_and_one_with_too_many_in_favour_is_spoiled():
    count = count_papers(LINES, OPENED)
    assert (count.returned, count.spoiled) == (4, 1)
    assert count.votes == {"T1-1": (2, 0, 1), "T2-1": (1, 1, 0)}
    assert count_papers(("001 废",), OPENED).spoiled == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("√×", "票号 划票"),
        ("001 √", "1个"),
        ("001 √?", "“?”"),
        ("009 √×", "“009”"),
        ("001 √×\n1 √×", "第2行"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_by_its_number(line, said):
    with pytest.raises(SelectionError, match=said):
        count_papers(line.splitlines(), OPENED)


def fold(*bodies):
    events = [Event(seq=n, at=None, actor="", body=b) for n, b in enumerate(bodies, start=1)]
    return fold_ballots(events, load_round(DEFAULT_RULES).notice.ruling)


def counted(teller, papers=LINES, account="", **given):
    count = count_papers(papers, OPENED)
    return BallotCounted(
        ballot=1,
        teller=teller,
        returned=count.returned,
        spoiled=count.spoiled,
        votes=given.get("votes", count.votes),
        papers=papers,
        account=account,
    )


def test_a_count_by_paper_and_one_by_total_agree_and_a_forged_sum_is_refused():
    total = BallotCounted(
        ballot=1, teller="乙", returned=4, spoiled=1, votes={"T1-1": (2, 0, 1), "T2-1": (1, 1, 0)}
    )
    (ballot,) = fold(OPENED, counted("甲"), total)
    assert ballot.state == "settled"
    forged = counted("甲", votes={"T1-1": (3, 0, 0), "T2-1": (1, 1, 0)})
    with pytest.raises(SelectionError, match="合计不符"):
        fold(OPENED, forged)


def test_two_tellers_have_two_accounts():
    with pytest.raises(SelectionError, match="同为“tom”"):
        fold(OPENED, counted("甲", account="tom"), counted("乙", account="tom"))
    again = fold(OPENED, counted("甲", account="tom"), counted("甲", account="tom"))
    assert again[0].state == "half"


@pytest.mark.parametrize(
    ("voting", "lines", "spoiled", "points"),
    [
        # ten points shared out; 12 of 10 is spoiled, and what is not given is lost
        ("allotment", ("001 7,3", "2 －，10", "003 6 6", "004 5,0"), 1, (12, 13)),
        # the first of two gets two points, the second one; two firsts or a second alone are spoiled
        ("ranked", ("001 1,2", "002 －,1", "003 1,1", "004 －,2"), 2, (2, 3)),
        ("ranked", ("001 废", "002 －,－", "003 1,2", "004 2,1"), 1, (3, 3)),
    ],
)
def test_papers_that_give_points_are_summed_and_most_points_win(voting, lines, spoiled, points):
    opened = replace(OPENED, purpose="tie", voting=voting, points=10, most=2, places=1)
    count = count_papers(lines, opened)
    assert (count.returned, count.spoiled) == (4, spoiled)
    assert tuple(votes[0] for votes in count.votes.values()) == points
    with pytest.raises(SelectionError, match="2件各一个数"):
        count_papers(("001 1,2,3",), opened)
    with pytest.raises(SelectionError, match="整数"):
        count_papers(("001 √×",), opened)
    body = {"ballot": 1, "returned": 4, "spoiled": spoiled, "votes": count.votes}
    (ballot,) = fold(opened, *(BallotCounted(teller=name, **body) for name in "甲乙"))
    assert ballot.state == "settled"
    assert tie_votes([ballot], "team") == {
        "第1次投票得分": dict(zip(OPENED.cases, map(float, points), strict=True))
    }


def test_points_that_the_papers_cannot_have_given_make_a_count_void():
    opened = replace(OPENED, purpose="tie", voting="allotment", points=10, places=1)
    ruling = load_round(DEFAULT_RULES).notice.ruling

    def faults(**votes):
        votes = {case.replace("_", "-"): (given, 0, 0) for case, given in votes.items()}
        body = BallotCounted(ballot=1, teller="甲", returned=4, spoiled=1, votes=votes)
        return find_count_faults(opened, body, ruling)

    assert not faults(T1_1=20, T2_1=10)
    assert faults(T1_1=31, T2_1=0) == [
        "T1-1 得分 31，有效票 3 张至多 30 分",
        "得分合计 31，有效票 3 张至多 30 分",
    ]
    assert faults(T1_1=20, T2_1=11) == ["得分合计 31，有效票 3 张至多 30 分"]


def test_the_list_is_approved_by_ticks_alone():
    with pytest.raises(SelectionError, match="一律划票"):
        fold(replace(OPENED, voting="ranked"))
