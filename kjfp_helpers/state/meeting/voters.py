"""Voters of the meeting: the register, or the panel where a round has none; who leaves the room."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import VoterConflictRuled
from kjfp_helpers.infra.cache import once_per_object
from kjfp_helpers.panel_review import DetectedRelationship, detect_relationships
from kjfp_helpers.rules import Member, VoterRow
from kjfp_helpers.state.revocations import has_two_names
from kjfp_helpers.state.round_state import RoundState

VOTER_RULINGS = {True: "应当退场", False: "无须退场"}
"""What is ruled on a voter and a case, in Chinese."""


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
    held against the cases by name, employer and units of the register as members are, unless two
    persons ruled on it.
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
    for pair, ruling in _find_rulings(state).items():
        if not ruling.bars:
            found.pop(pair, None)
        else:
            found.setdefault(pair, ruling.reason)
    return found


def make_voter_ruling(
    state: RoundState, *, voter: str, case: str, bars: bool, reason: str, by: Iterable[str]
) -> VoterConflictRuled:
    """Return the ruling whether a voter outside the panel leaves the room for a case, checked.

    Raises
    ------
    ParameterError
        When the voter is none or a panel member, the case is unknown, or something is missing.
    """
    names = tuple(name.strip() for name in by)
    outsiders = {one.id: one for one in list_outsiders(state)}
    checks = (
        (voter in outsiders, "不兼任评委的表决人（评委在“回避裁定”里裁定）", voter or "空缺"),
        (case in state.screening.case_by_id, "本轮的推荐对象", case or "空缺"),
        (bool(reason.strip()), "写明理由", "空缺"),
        (has_two_names(names), "两名不同的经办人", "、".join(names) or "空缺"),
    )
    for holds, expected, found in checks:
        if not holds:
            raise ParameterError("表决人回避", expected=expected, found=found, advice="补正后重试")
    return VoterConflictRuled(voter=voter, case=case, bars=bars, reason=reason.strip(), by=names)


def list_outsiders(state: RoundState) -> tuple[Voter, ...]:
    """Return the voters who are no panel members: rulings on members do not reach them."""
    return tuple(one for one in list_voters(state) if not one.member)


def voter_name(state: RoundState, voter: str) -> str:
    """Return a voter's name and number, the number alone where nobody has it."""
    names = {one.id: one.name for one in list_voters(state)}
    return f"{names[voter]}（{voter}）" if voter in names else voter


def _find_rulings(state: RoundState) -> dict[tuple[str, str], VoterConflictRuled]:
    """Return the last ruling on each case and voter outside the panel."""
    outside = {one.id for one in list_outsiders(state)}
    rulings = state.standing_events.bodies(VoterConflictRuled)
    return {(body.case, body.voter): body for body in rulings if body.voter in outside}


def list_voter_questions(state: RoundState) -> list[tuple[str, str, str]]:
    """Return case, voter and reason of what may tie a voter outside the panel, to be asked."""
    ruled = _find_rulings(state)
    return [
        (tie.case, tie.member, _of_voter(tie.reason))
        for tie in _find_outsiders_relationships(state)
        if tie.strength != "certain" and (tie.case, tie.member) not in ruled
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
