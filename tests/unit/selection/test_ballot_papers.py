"""Papers as typed: what they sum up to, which lines are refused, who counts by which account."""

import pytest

from kjfp_helpers.core.errors import SelectionError
from kjfp_helpers.core.events import BallotCounted, BallotOpened, Event
from kjfp_helpers.infra.bundled_files import DEFAULT_RULES
from kjfp_helpers.rules import load_round
from kjfp_helpers.selection.ballot_papers import count_papers
from kjfp_helpers.selection.meeting_ballots import fold_ballots

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
