"""Results of the meeting's votes in words: by case, what was needed, who won a seat."""

from kjfp_helpers.core.events import BallotCounted, BallotOpened, Event
from kjfp_helpers.rules import MAJORITY_TITLES
from kjfp_helpers.selection.meeting_ballots import Ballot
from kjfp_helpers.selection.point_papers import gives_points
from kjfp_helpers.state.round_state import RoundState


def last_count(state: RoundState, ballot: Ballot) -> Event[BallotCounted] | None:
    """Return the last count of a ballot, whose number and hash its result slip bears."""
    counts = [
        event
        for event in state.standing_events.of(BallotCounted)
        if event.body.ballot == ballot.opened.ballot
    ]
    return counts[-1] if counts else None


def ballot_results(state: RoundState, ballot: Ballot) -> list[dict[str, object]]:
    """Return a valid ballot's result by case, most votes in favour first."""
    breaks_tie = ballot.opened.purpose == "tie"
    order = sorted(
        ballot.tallies,
        key=lambda case: (-ballot.tallies[case].yes, state.screening.case_by_id[case].name),
    )
    rows: list[dict[str, object]] = []
    for case in order:
        tally = ballot.tallies[case]
        if breaks_tie:
            verdict = _tie_verdict(ballot, case)
        else:
            verdict = "通过" if tally.carried else "未通过"
        rows.append(
            {
                "name": state.screening.case_by_id[case].name,
                "yes": tally.yes,
                "no": None if breaks_tie else tally.no,
                "abstained": tally.abstained,
                "base": tally.base,
                "needed": None if breaks_tie else tally.needed,
                "verdict": verdict,
            }
        )
    return rows


def describe_majority(state: RoundState, opened: BallotOpened | None = None) -> str:
    """Return in Chinese which result a ballot needs; an approval where none is open yet."""
    if opened and opened.purpose == "tie":
        return "得分多者优先" if gives_points(opened) else "得票多者优先"
    ruling = state.round.notice.ruling
    return f"须得{MAJORITY_TITLES[ruling.majority_of.value]}的 {ruling.majority.value} 以上"


def _tie_verdict(ballot: Ballot, case: str) -> str:
    """Return whether a tied case wins one of the seats, loses, or is tied again at the cut."""
    votes = ballot.tallies[case].yes
    all_votes = [tally.yes for tally in ballot.tallies.values()]
    seats = ballot.opened.places
    if sum(other >= votes for other in all_votes) <= seats:
        return "当选"
    if sum(other > votes for other in all_votes) >= seats:
        return "未当选"
    return "仍并列"
