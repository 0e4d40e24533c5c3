"""Voters of the meeting: the register, or the panel where a round has none; who leaves the room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kjfp_helpers.core.events import MemberRecused
from kjfp_helpers.infra.cache import once_per_object
from kjfp_helpers.panel_review import detect_relationships
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

    What bars a panel member from a case bars the voter; others are held against the cases by name,
    employer and units of the register as members are.
    """
    reasons = _member_recusals(state)
    voters = list_voters(state)
    found = {
        (case, voter.id): reason
        for voter in voters
        for (case, member), reason in reasons.items()
        if voter.member and member == voter.member
    }
    people = tuple(map(_as_member, state.round.voters))
    if people:
        for tie in detect_relationships(
            replace(state.round, panel=people), state.screening.eligible_cases
        ):
            if tie.strength == "certain":
                found.setdefault((tie.case, tie.member), tie.reason)
    return found


def recused_by_case(state: RoundState, cases: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return per case the voters who do not vote on it, barred by rule or recused by request."""
    recusals = find_recusals(state)
    voters = {
        case: tuple(one.id for one in list_voters(state) if (case, one.id) in recusals)
        for case in cases
    }
    return {case: ids for case, ids in voters.items() if ids}


def _member_recusals(state: RoundState) -> dict[tuple[str, str], str]:
    """Return the reasons that keep panel members from cases, by case and member."""
    rows = state.scores.conflicts[["case", "member", "reason"]]
    found = {(case, member): reason for case, member, reason in rows.itertuples(index=False)}
    for event in state.events.of(MemberRecused):
        found.setdefault((event.body.case, event.body.member), event.body.reason or "本人申请回避")
    return found


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
