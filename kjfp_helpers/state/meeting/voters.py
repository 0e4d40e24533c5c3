"""Voters of the meeting: the register, or the panel where a round has none; who leaves the room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kjfp_helpers.infra.cache import once_per_object
from kjfp_helpers.panel_review import DetectedRelationship, detect_relationships
from kjfp_helpers.rules import Member, VoterRow
from kjfp_helpers.state.round_state import RoundState


@dataclass(frozen=True, kw_only=True)
class Voter:
    """A person who votes; ``member`` is the own panel member, ``""`` for who is none."""

    id: str
    name: str
    position: str = ""
    employer: str = ""
    member: str = ""

    @property
    def label(self) -> str:
        """Name with position, as papers of the meeting have it."""
        return f"{self.name}（{self.position}）" if self.position else self.name


def list_voters(state: RoundState) -> tuple[Voter, ...]:
    """Return who votes: the rows of ``voters.csv``, without it the active panel members.

    A member who withdrew from the panel stays a voter of the register.
    """
    if state.round.voters:
        return tuple(
            Voter(
                id=row.voter,
                name=row.name,
                position=row.position,
                employer=row.employer,
                member=row.member,
            )
            for row in state.round.voters
        )
    return tuple(
        Voter(id=one.member, name=one.name, employer=one.employer, member=one.member)
        for one in state.scores.active_members
    )


@once_per_object
def find_recusals(state: RoundState) -> Mapping[tuple[str, str], str]:
    """Return the reason, in Chinese, why a voter leaves the room: by case and voter.

    What bars a panel member from a case now bars the voter, by the rulings made on it; others are
    held against the cases by name, employer and units of the register as members are.
    """
    reasons = _member_recusals(state)
    voters = list_voters(state)
    found = {
        (case, voter.id): reason
        for voter in voters
        for (case, member), reason in reasons.items()
        if voter.member and member == voter.member
    }
    for tie in _find_outsiders_relationships(state):
        if tie.strength == "certain":
            found.setdefault((tie.case, tie.member), _of_voter(tie.reason))
    return found


def list_voter_questions(state: RoundState) -> list[tuple[str, str, str]]:
    """Return case, voter and reason of what may tie a voter outside the panel, to be asked."""
    return [
        (tie.case, tie.member, _of_voter(tie.reason))
        for tie in _find_outsiders_relationships(state)
        if tie.strength != "certain"
    ]


def recused_by_case(state: RoundState, cases: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return per case the voters who do not vote on it, barred by rule or recused by request."""
    recusals = find_recusals(state)
    voters = {
        case: tuple(one.id for one in list_voters(state) if (case, one.id) in recusals)
        for case in cases
    }
    return {case: ids for case, ids in voters.items() if ids}


def _member_recusals(state: RoundState) -> dict[tuple[str, str], str]:
    """Return the reasons that keep panel members from cases now, by case and member."""
    rows = state.scores.conflicts[["case", "member", "reason"]]
    return {(case, member): reason for case, member, reason in rows.itertuples(index=False)}


@once_per_object
def _find_outsiders_relationships(state: RoundState) -> tuple[DetectedRelationship, ...]:
    """Return the relationships of voters outside the panel; those of members are ruled on."""
    people = tuple(_as_member(row) for row in state.round.voters if not row.member)
    if not people:
        return ()
    return detect_relationships(replace(state.round, panel=people), state.screening.eligible_cases)


def _of_voter(reason: str) -> str:
    return reason.replace("评委", "表决人")


def _as_member(row: VoterRow) -> Member:
    return Member(
        member=row.voter,
        name=row.name.partition("（")[0],
        employer=row.employer,
        region="",
        field="",
        user="",
        ties=row.ties,
    )
