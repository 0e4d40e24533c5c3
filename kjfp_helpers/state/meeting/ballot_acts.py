"""Opening a ballot at the meeting: an approval of the list, or a vote among tied cases."""

from collections.abc import Sequence
from typing import Literal

from kjfp_helpers.core.events import BallotOpened
from kjfp_helpers.state.meeting.voters import list_voters, recused_by_case
from kjfp_helpers.state.round_state import RoundState


def make_ballot(
    state: RoundState,
    purpose: Literal["tie", "approval"],
    cases: Sequence[str],
    places: int,
    *,
    present: Sequence[str],
    issued: int,
    maximum: int | None = None,
) -> BallotOpened:
    """Return the ballot as it would be opened; tied cases are voted on as the rules say.

    Parameters
    ----------
    state : RoundState
        The round whose registered voters vote; who is recused from a case follows from it.
    purpose : "tie" or "approval"
        A vote among tied cases, or an approval of cases for the list.
    cases : sequence of str
        At least one case, all of one kind of nominee.
    places : int
        Places that the ballot decides.
    present : sequence of str
        Numbers of the voters who are at the meeting.
    issued : int
        Papers that were handed out.
    maximum : int, optional
        Cases that one paper may approve; as many as there are places unless given. Where papers
        give points or ranks they name every case.
    """
    ruling = state.round.notice.ruling
    voting = ruling.tie_vote.value if purpose == "tie" else "approval"
    most = places if maximum is None else maximum
    return BallotOpened(
        ballot=len(state.decision.ballots) + 1,
        nominees=state.screening.case_by_id[cases[0]].kind,
        purpose=purpose,
        cases=tuple(cases),
        places=places,
        most=most if voting == "approval" else len(cases),
        due=tuple(voter.id for voter in list_voters(state)),
        present=tuple(present),
        recused=recused_by_case(state, cases),
        issued=issued,
        voting=voting,
        points=ruling.tie_points.value if voting == "allotment" else 0,
    )
