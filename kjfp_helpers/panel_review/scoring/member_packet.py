"""Member packet: one member's cases and scores, from the ledger."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kjfp_helpers.core.events import (
    CaseDeferred,
    ConflictRuled,
    ConflictsDeclared,
    DecisionRevoked,
    DeclarationWithdrawn,
    Event,
    IdentitiesRevealed,
    MemberRecused,
    MemberReinstated,
    MemberWithdrawn,
    PacketReopened,
    PacketSealed,
    ReadingsAssigned,
    ScoreGiven,
    ScoringClosed,
    SheetSigned,
    stored_kind,
)
from kjfp_helpers.core.records import Case, kind_of_case
from kjfp_helpers.panel_review.conflicts.member_relationships import MemberRelationships
from kjfp_helpers.panel_review.roster import Departure
from kjfp_helpers.panel_review.scoring import scoring_rules
from kjfp_helpers.panel_review.scoring.case_scores import CaseScores, EarlierScores, SavedScores
from kjfp_helpers.rules import AnonymityPolicy, Criterion, Rubric

COMMENT_LIMIT = 4000
"""Maximum characters of a comment or a reason."""


@dataclass(kw_only=True)
class MemberPacket:
    """What one member reads: the cases in reading order, without those recused from.

    Attributes
    ----------
    code : str
        Code of the packet, see :func:`packet_code`.
    cases, scores
        Case id to the case, and to its scores as last saved.
    numbers
        Case id to its number in the reading order, shown instead of the id: an id holds the
        code of the unit, and reading is anonymous.
    round, since
        The round being read, and the first round whose scores are still open; scores of earlier
        rounds are sealed and stand in ``earlier_rounds`` (case to round to scores).
    anchors
        Cases that the whole panel reads first.
    recusals
        Cases that the member recused from, whatever was ruled since. A recusal removes its case
        only once the packet ``is_loaded``, that is built with the rulings given before.
    last_seq
        Number of the last event applied.
    closings
        Numbers of the closings of scoring that hold.
    outdated, membership_changed
        Whether readings were assigned anew, and whether the member left or came back, since the
        packet was built.
    declared, relationships
        Number of the last declaration; the relationships that the member declared or recused
        for, with their rulings.
    sealed, reopened, signed, needs_new_signature
        Number of the seal in force, how often it was reopened, number of the signed sheet taken
        in, and whether the scores changed since it was signed.
    departure
        How the member left the panel: nothing is recorded any more.
    revealed_at, first_revealed_at
        Number of the event from which the member sees the identities (0: from the start), None
        before it and after the reveal was revoked; and of the first such event, which no
        revocation undoes.
    """

    member: str
    code: str
    rubric: Rubric
    cases: dict[str, Case]
    numbers: dict[str, int]
    scores: dict[str, CaseScores]
    round: int = 1
    since: int = 1
    anchors: frozenset[str] = frozenset()
    recusals: set[str] = field(default_factory=set)
    last_seq: int = 0
    closings: set[int] = field(default_factory=set)
    outdated: bool = False
    membership_changed: bool = False
    is_loaded: bool = False
    earlier_rounds: dict[str, dict[int, SavedScores]] = field(default_factory=dict)
    declared: int | None = None
    relationships: MemberRelationships = field(init=False)
    sealed: int | None = None
    reopened: int = 0
    signed: int | None = None
    needs_new_signature: bool = False
    departure: Departure | None = None
    blind: AnonymityPolicy = "until_reveal"
    revealed_at: int | None = None
    first_revealed_at: int | None = None

    def __post_init__(self) -> None:
        self.relationships = MemberRelationships(self.member)
        if self.blind == "open":
            self._reveal(0)

    @property
    def closed(self) -> bool:
        """Whether scoring is closed."""
        return bool(self.closings)

    @property
    def declarations(self) -> dict[int, str]:
        """The declarations in force, by event number."""
        return self.relationships.declared

    @property
    def recusal_count(self) -> int:
        """Number of cases that the member recused from and does not read."""
        return len(self.recusals - self.cases.keys())

    def label(self, case: str) -> str:
        """Return the label of a case for the member, such as ``团队 07 号``."""
        return case_label(case, self.numbers)

    def criteria(self, case: str) -> tuple[Criterion, ...]:
        """Return the criteria of a case's kind."""
        return self.rubric.criteria(self.cases[case].kind)

    def total(self, case: str) -> float | None:
        """Return the weighted total, None while a score is missing."""
        return scoring_rules.weighted_total(self.scores[case].scores, self.criteria(case))

    def is_complete(self, case: str) -> bool:
        """Whether every score of the case is saved."""
        return not scoring_rules.missing_criteria(self.scores[case].scores, self.criteria(case))

    def lacks_comment(self, case: str) -> bool:
        """Whether the case is complete but an extreme score lacks its comment."""
        scores, scale = self.scores[case], self.rubric.scale
        return self.is_complete(case) and scoring_rules.lacks_comment(
            scores.scores, scores.comment, scale
        )

    def incomplete_cases(self) -> list[str]:
        """Return the cases that prevent sealing: incomplete or without a required comment."""
        return [
            case for case in self.cases if not self.is_complete(case) or self.lacks_comment(case)
        ]

    def earlier_scores(self, case: str) -> list[EarlierScores]:
        """Return the member's scores of a case in sealed rounds, oldest first."""
        titles = {criterion.id: criterion.title for criterion in self.criteria(case)}
        return [
            EarlierScores(
                round,
                tuple(
                    (titles[name], f"{step.scores[name]:g}")
                    for name in titles
                    if name in step.scores
                ),
                step.comment,
            )
            for round, step in sorted(self.earlier_rounds.get(case, {}).items())
            if step.scores or step.comment
        ]

    def adds_relationship(self, statement: str) -> bool:
        """Whether a statement declares a relationship not declared before."""
        return self.relationships.is_new(statement)

    def is_saved_after_reveal(self, case: str) -> bool:
        """Whether the scores of the case were last saved after identities were revealed."""
        seq = self.scores[case].seq
        return (
            bool(self.first_revealed_at) and seq is not None and seq > (self.first_revealed_at or 0)
        )

    def digest(self) -> str:
        """Return the SHA-256 of the current scores, by case in reading order."""
        rows = [
            [case, sorted(self.scores[case].scores.items()), self.scores[case].comment]
            for case in self.cases
        ]
        return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()

    def apply(self, event: Event) -> None:
        """Apply a later event; events of other members are ignored."""
        body, self.last_seq = event.body, event.seq
        self.relationships.apply(event)
        if isinstance(body, ScoringClosed):
            self.closings.add(event.seq)
        elif isinstance(body, IdentitiesRevealed):
            self._reveal(event.seq)
        elif isinstance(body, DecisionRevoked):
            self._apply_revocation(body)
        elif isinstance(body, ReadingsAssigned):
            cases = tuple(body.readings.get(self.member, ()))
            self.outdated = body.round != self.round or cases != tuple(self.numbers)
        elif isinstance(body, ConflictRuled) and body.member == self.member:
            known = body.case in self.numbers and body.bars is not None
            self.outdated = self.outdated or (known and body.bars == (body.case in self.cases))
        elif isinstance(body, MemberWithdrawn | MemberReinstated):
            self.membership_changed = self.membership_changed or body.member == self.member
            self.outdated = self.outdated or self.membership_changed
        elif getattr(body, "member", "") == self.member:
            self._apply_own(event.seq, body)

    def _apply_own(self, seq: int, body: object) -> None:
        """Apply an event of this member."""
        if isinstance(body, ScoreGiven) and body.case in self.scores:
            self._apply_score(seq, body)
        elif isinstance(body, CaseDeferred) and body.case in self.scores:
            self.scores[body.case].parked = body.parked
        elif isinstance(body, MemberRecused) and body.case in self.numbers:
            self.recusals.add(body.case)
            if self.is_loaded:
                self.cases.pop(body.case, None)
                self.scores.pop(body.case, None)
        elif isinstance(body, ConflictsDeclared):
            self.declared = seq
        elif isinstance(body, DeclarationWithdrawn):
            entry = self.relationships.entries.get(body.declared)
            returns = entry is not None and entry.case in self.numbers and not entry.bars
            self.outdated = self.outdated or returns
        elif getattr(body, "packet", "") == self.code:
            self._apply_packet_event(seq, body)

    def _apply_score(self, seq: int, body: ScoreGiven) -> None:
        """Apply a score event to the current scores or to those of a sealed round."""
        if body.round >= self.since:
            self.scores[body.case].apply(seq, body)
            return
        step = SavedScores(seq=seq, scores=dict(body.scores), comment=body.comment)
        self.earlier_rounds.setdefault(body.case, {})[body.round] = step

    def _apply_packet_event(self, seq: int, body: object) -> None:
        """Apply an event on the packet as a whole: seal, reopening or signed sheet."""
        if isinstance(body, PacketSealed):
            self.sealed = seq
            if self.blind == "until_seal":
                self._reveal(seq)
        elif isinstance(body, PacketReopened):
            self.sealed, self.reopened = None, self.reopened + 1
            self.needs_new_signature = self.signed is not None
        elif isinstance(body, SheetSigned):
            self.signed = seq
            self.needs_new_signature = self.sealed is None or body.digest != self.digest()

    def _apply_revocation(self, body: DecisionRevoked) -> None:
        """Apply the revocation of a decision."""
        self.closings.discard(body.decision)
        if self.revealed_at and self.revealed_at == body.decision:
            self.revealed_at = None
        if self.signed is not None and self.signed == body.decision:
            self.signed, self.needs_new_signature = None, False
        if body.decided == stored_kind(ConflictRuled) and body.member == self.member:
            self.outdated = True

    def _reveal(self, seq: int) -> None:
        """Record that identities are visible from this event on."""
        self.revealed_at = seq if self.revealed_at is None else self.revealed_at
        self.first_revealed_at = seq if self.first_revealed_at is None else self.first_revealed_at


def case_label(case: str, numbers: Mapping[str, int]) -> str:
    """Return the label of a case by its reading number, such as ``团队 07 号``.

    >>> case_label("T11-1", {"T11-1": 7})
    '团队 07 号'
    """
    kind = "团队" if kind_of_case(case) == "team" else "个人"
    return f"{kind} {numbers[case]:02d} 号" if case in numbers else f"{kind}（已不在卷中）"


def short_digest(digest: str) -> str:
    """Return the first eight characters of a digest, as printed on a score sheet and typed back.

    >>> short_digest("43da3bd2deded12e")
    '43DA3BD2'
    """
    return digest[:8].upper()


def packet_code(member: str, assigned: Iterable[ReadingsAssigned]) -> str:
    """Return the code of a member's packet, which changes with the member's readings or the round.

    An assignment that does not change a member's readings keeps their code and their seal.
    """
    cases: list[str] = []
    draws: list[object] = []
    round = 0
    for body in assigned:
        ids = list(body.readings.get(member, ()))
        if (ids, body.round) != (cases, round):
            cases, draws, round = ids, [body.digest, body.seed], body.round
    text = json.dumps([member, cases, draws], ensure_ascii=False)
    return f"{member}-{hashlib.sha256(text.encode()).hexdigest()[:10].upper()}"
