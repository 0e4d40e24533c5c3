"""List status, printed on every document: gates, votes, open questions, meeting changes.

The computed list follows from rules and scores, the decided one also from the meeting's decisions.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.events import (
    CaseVetoed,
    Event,
    ObjectionRuled,
    SeatAdded,
    SeatsLeftVacant,
)
from kjfp_helpers.core.records import (
    LISTED,
    NOMINEE_KINDS,
    STATUS_TITLES,
)
from kjfp_helpers.selection.allocation.seat_allocation import Allocation
from kjfp_helpers.selection.meeting_ballots import Ballot, Tally, approval_votes
from kjfp_helpers.selection.meeting_decisions import last_rulings, strike_text
from kjfp_helpers.selection.shortlist import column_by_case
from kjfp_helpers.selection.status_reasons import vote_text
from kjfp_helpers.state.list_sensitivity import build_kind_problem
from kjfp_helpers.state.panel.expected_changes import changes_text, expected_moves
from kjfp_helpers.state.round_state import RoundState
from kjfp_helpers.state.secretary.publication_gates import (
    Gate,
    draft_line,
    list_gates,
    open_questions,
    waiver_lines,
)


@dataclass(frozen=True, kw_only=True)
class ListDifference:
    """A case in the computed list and in the decided one, with what the meeting decided on it.

    ``computed`` and ``decided`` are Chinese status texts with the rank; ``basis`` names the vote,
    resolution or document, ``by`` who decided, ``seq`` the event number (0 for none).
    """

    kind: str
    case: str
    computed: str
    decided: str
    differs: bool
    basis: str = ""
    by: str = ""
    seq: int = 0


@dataclass(frozen=True, kw_only=True)
class ListStatus:
    """Status shown with a list.

    ``questions`` maps a case to the titles of its open findings; ``moves`` maps a kind to the
    expected number of listed cases that would change if scoring were repeated; ``differences``
    holds every case of either list, those that differ first.
    """

    gates: tuple[Gate, ...]
    questions: Mapping[str, tuple[str, ...]]
    moves: Mapping[str, float]
    differences: tuple[ListDifference, ...]

    @classmethod
    def of(cls, state: RoundState) -> "ListStatus":
        """Return the status of the lists of a round."""
        differences = [row for kind in NOMINEE_KINDS for row in compare_lists(state, kind)]
        return cls(
            gates=list_gates(state),
            questions=open_questions(state),
            moves=expected_moves(state),
            differences=tuple(sorted(differences, key=lambda row: not row.differs)),
        )

    @property
    def draft(self) -> str:
        """The line that marks documents as a draft, blank once the list may be published."""
        return draft_line(self.gates)

    @property
    def waived(self) -> tuple[str, ...]:
        """The waived gates with their decisions."""
        return waiver_lines(self.gates)

    @property
    def moved(self) -> str:
        """The expected number of changes, in Chinese; blank without inclusion probabilities."""
        return changes_text(self.moves)

    @property
    def changed(self) -> tuple[ListDifference, ...]:
        """The cases on which the two lists differ."""
        return tuple(row for row in self.differences if row.differs)


def compute_list(state: RoundState, kind: str) -> Allocation | None:
    """Return the list that follows from rules and scores, with votes on equal scores.

    None where there is none, or where optimality was not proved.
    """
    if kind not in state.scores.rankings:
        return None
    table = state.scores.rankings[kind].table
    values, ranks = column_by_case(table, "value"), column_by_case(table, "rank")
    eligible = {case.id for case in state.screening.eligible_cases}
    plain = replace(
        build_kind_problem(state, kind),
        vetoes={},
        added={},
        rejected={},
        vacancy=None,
        seats_lapse=False,
    )
    try:
        return plain.allocate({case: values[case] for case in ranks if case in eligible})
    except KjfpError:
        return None


def compare_lists(state: RoundState, kind: str) -> Iterator[ListDifference]:
    """Yield every case of a kind that is in the computed list or the decided one, or was voted out.

    Cases come in the order of the decided list.
    """
    computed = compute_list(state, kind)
    if computed is None:
        return
    acts, votes = _meeting_acts(state, kind), approval_votes(state.decision.ballots, kind)
    for row in state.decision.shortlist[state.decision.shortlist["kind"] == kind].to_dict(
        "records"
    ):
        case, inside = row["case"], row["status"] in LISTED
        was = case in computed.listed or case in computed.tied
        if not (inside or was or case in acts):
            continue
        basis, by, seq = acts.get(case, ("", "", 0))
        if not basis and case in votes:
            basis, by, seq = _vote_act(*votes[case])
        if inside != was and not basis:
            basis, by, seq = _indirect_change(state, kind, row["note"])
        yield ListDifference(
            kind=kind,
            case=case,
            computed=_computed_status(computed, case),
            decided=_format_status(row["status"], row["place"]),
            differs=inside != was,
            basis=basis,
            by=by,
            seq=seq,
        )


Act = tuple[str, str, int]
"""The decision in Chinese, who decided, and the event number."""


def _meeting_acts(state: RoundState, kind: str) -> dict[str, Act]:
    """Return the veto or the added seat of each case."""
    acts: dict[str, Act] = {}
    standing = tuple(last_rulings(state.standing_events))
    for event in state.standing_events:
        body = event.body
        if isinstance(body, CaseVetoed):
            acts[body.case] = (
                f"一票否决：依据{body.clause}，文件{body.document}",
                _format_deciders(event),
                event.seq,
            )
        elif isinstance(body, ObjectionRuled) and body in standing:
            act = (strike_text(body), _format_deciders(event), event.seq)
            acts = {**dict.fromkeys(body.struck, act), **acts}
        elif isinstance(body, SeatAdded) and body.case not in acts:
            acts[body.case] = (
                f"经会议决议（{body.resolution}）增列：{body.reason}",
                _format_deciders(event),
                event.seq,
            )
    known = {case.id for case in state.screening.cases if case.kind == kind}
    return {case: act for case, act in acts.items() if case in known}


def _indirect_change(state: RoundState, kind: str, note: str) -> Act:
    """Return why a case changed without a decision on it: a vacant seat, or other cases removed."""
    empty = [e for e in state.standing_events.of(SeatsLeftVacant) if e.body.nominees == kind]
    if not note and empty and isinstance(empty[-1].body, SeatsLeftVacant) and empty[-1].body.places:
        body = empty[-1].body
        text = f"经会议决议（{body.resolution}）空缺{body.places}个名额：{body.reason}"
        return text, _format_deciders(empty[-1]), empty[-1].seq
    return note or "随其他决定变动", "", 0


def _vote_act(ballot: Ballot, tally: Tally) -> Act:
    return vote_text(ballot, tally), f"会议表决（计票人{'、'.join(ballot.counts)}）", ballot.seq


def _format_deciders(event: Event) -> str:
    """Return who decided, or who recorded it where an earlier version kept no names."""
    return "、".join(getattr(event.body, "by", ())) or f"记录人{event.actor}"


def _computed_status(allocation: Allocation, case: str) -> str:
    if case in allocation.tied:
        return "名额处并列"
    if case in allocation.listed:
        return _format_status("listed", allocation.listed[case])
    reserve = allocation.reserves.get(case)
    return _format_status("reserve", reserve) if reserve else "未入围"


def _format_status(status: str, rank: float | None) -> str:
    known = rank is not None and rank == rank
    return STATUS_TITLES[status] + (f"第{rank:.0f}" if known else "")
