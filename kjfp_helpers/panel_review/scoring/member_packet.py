"""A member's own cases and marks, folded from the ledger: nothing of anyone else's."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

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
from kjfp_helpers.panel_review.conflicts.member_relationships import OwnTies
from kjfp_helpers.panel_review.roster import Departure
from kjfp_helpers.rules import Blind, Criterion, Rubric

COMMENT_LIMIT = 4000
"""Characters of a comment or a reason."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One saved state of a case's marks, which an undo can bring back."""

    seq: int = 0
    scores: Mapping[str, float] = field(default_factory=dict)
    comment: str = ""


class MarksBefore(NamedTuple):
    """Marks of a sealed round: titles of criteria with the marks as shown, and the comment."""

    round: int
    scores: tuple[tuple[str, str], ...]
    comment: str


@dataclass(kw_only=True)
class Marks:
    """Marks of one case as last saved; ``seq`` is the event's number, None when never saved.

    ``trail`` holds the saved states still in force, oldest first: an undo shortens it.
    """

    scores: dict[str, float] = field(default_factory=dict)
    comment: str = ""
    seq: int | None = None
    edit: str = ""
    parked: bool = False
    trail: list[Step] = field(default_factory=list)

    def before(self) -> Step:
        """Return the state that an undo brings back."""
        return self.trail[-2] if len(self.trail) > 1 else Step()

    def take(self, seq: int, body: ScoreGiven) -> None:
        """Fold a later mark in."""
        self.scores, self.comment = dict(body.scores), body.comment
        self.seq, self.edit = seq, body.edit
        if body.restores is None:
            self.trail.append(Step(seq=seq, scores=self.scores, comment=self.comment))
        else:
            self.trail = [step for step in self.trail if step.seq <= body.restores]


@dataclass(kw_only=True)
class Packet:
    """What one member reads: cases in reading order, without those stepped back from.

    ``numbers`` gives each case its place in the order, for the screen: a case's own id holds
    its unit's code, and reading is blind. ``seen`` is the number of the last event folded;
    ``outdated`` says that readings were assigned anew since. Marks of rounds before ``since`` are
    sealed: they are not among ``marks`` but, by case and round, in ``before``. ``anchors`` are the
    cases that everybody reads first.
    ``named`` is the number of the event from which on the member sees who the nominees are (0:
    from the start), None before and after a reveal was taken back; ``saw`` that of the first such
    event, which nothing takes back: what was seen cannot be unseen. ``closings`` are the closings
    of marks that hold. ``signed`` is the number of the
    signed sheet that was taken in, and ``resign`` says that the packet was opened again after it.
    ``left`` says how the member left the panel: from then on nothing is written any more. ``moved``
    says that they left, or came back, since the packet was gathered.
    ``recusals`` are the cases that the member stepped back from, whatever was ruled since; one
    takes its case away only once the packet is ``live``, gathered with what was ruled before.
    ``declared`` is the number of the last declaration; ``own`` are the ties that the member
    declared and the cases stepped back from, with what was ruled: a later one adds to those before.
    """

    member: str
    code: str
    rubric: Rubric
    cases: dict[str, Case]
    numbers: dict[str, int]
    marks: dict[str, Marks]
    round: int = 1
    since: int = 1
    anchors: frozenset[str] = frozenset()
    recusals: set[str] = field(default_factory=set)
    seen: int = 0
    closings: set[int] = field(default_factory=set)
    outdated: bool = False
    moved: bool = False
    live: bool = False
    before: dict[str, dict[int, Step]] = field(default_factory=dict)
    declared: int | None = None
    own: OwnTies = field(init=False)
    sealed: int | None = None
    reopened: int = 0
    signed: int | None = None
    resign: bool = False
    left: Departure | None = None
    blind: Blind = "until_reveal"
    named: int | None = None
    saw: int | None = None

    def __post_init__(self) -> None:
        self.own = OwnTies(self.member)
        if self.blind == "open":
            self._name(0)

    @property
    def closed(self) -> bool:
        """Whether no mark counts any more."""
        return bool(self.closings)

    @property
    def ties(self) -> dict[int, str]:
        """The ties declared in the member's own words, by number, without those taken back."""
        return self.own.declared

    @property
    def recused(self) -> int:
        """Number of cases that the member stepped back from and does not read."""
        return len(self.recusals - self.cases.keys())

    def label(self, case: str) -> str:
        """Return what the member calls a case, such as ``团队 07 号``."""
        return case_label(case, self.numbers)

    def criteria(self, case: str) -> tuple[Criterion, ...]:
        """Return the criteria of a case's kind."""
        return self.rubric.criteria(self.cases[case].kind)

    def total(self, case: str) -> float | None:
        """Return the weighted total, or None while a mark is missing."""
        scores, criteria = self.marks[case].scores, self.criteria(case)
        if any(criterion.id not in scores for criterion in criteria):
            return None
        return sum(criterion.weight * scores[criterion.id] for criterion in criteria)

    def done(self, case: str) -> bool:
        """Whether every mark is saved: then the case counts as given."""
        return self.total(case) is not None

    def owing(self, case: str) -> bool:
        """Whether the case counts as given but an extreme mark still lacks its comment."""
        marks = self.marks[case]
        extreme = any(map(self.rubric.scale.extreme, marks.scores.values()))
        return extreme and not marks.comment.strip() and self.done(case)

    def unfinished(self) -> list[str]:
        """Return the cases that keep the packet from being sealed."""
        return [case for case in self.cases if not self.done(case) or self.owing(case)]

    def marks_before(self, case: str) -> list["MarksBefore"]:
        """Return the member's own marks of a case in rounds that are sealed, oldest first."""
        titles = {criterion.id: criterion.title for criterion in self.criteria(case)}
        return [
            MarksBefore(
                round,
                tuple(
                    (titles[name], f"{step.scores[name]:g}")
                    for name in titles
                    if name in step.scores
                ),
                step.comment,
            )
            for round, step in sorted(self.before.get(case, {}).items())
            if step.scores or step.comment
        ]

    def adds_ties(self, statement: str) -> bool:
        """Whether a statement names a tie that was not declared before."""
        return self.own.adds(statement)

    def after_reveal(self, case: str) -> bool:
        """Whether the case's marks were last saved when the member knew who it is."""
        seq = self.marks[case].seq
        return bool(self.saw) and seq is not None and seq > (self.saw or 0)

    def digest(self) -> str:
        """Return the SHA-256 of the marks as they stand, by case in reading order."""
        rows = [
            [case, sorted(self.marks[case].scores.items()), self.marks[case].comment]
            for case in self.cases
        ]
        return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()

    def take(self, event: Event) -> None:
        """Fold a later event in; those of other members change nothing here."""
        body, self.seen = event.body, event.seq
        self.own.take(event)
        if isinstance(body, ScoringClosed):
            self.closings.add(event.seq)
        elif isinstance(body, IdentitiesRevealed):
            self._name(event.seq)
        elif isinstance(body, DecisionRevoked):
            self._take_back(body)
        elif isinstance(body, ReadingsAssigned):
            mine = tuple(body.readings.get(self.member, ()))
            self.outdated = body.round != self.round or mine != tuple(self.numbers)
        elif isinstance(body, ConflictRuled) and body.member == self.member:
            known = body.case in self.numbers and body.bars is not None
            self.outdated = self.outdated or (known and body.bars == (body.case in self.cases))
        elif isinstance(body, MemberWithdrawn | MemberReinstated):
            self.moved = self.moved or body.member == self.member
            self.outdated = self.outdated or self.moved
        elif getattr(body, "member", "") == self.member:
            self._take_own(event.seq, body)

    def _take_own(self, seq: int, body: object) -> None:
        if isinstance(body, ScoreGiven) and body.case in self.marks:
            self._mark(seq, body)
        elif isinstance(body, CaseDeferred) and body.case in self.marks:
            self.marks[body.case].parked = body.parked
        elif isinstance(body, MemberRecused) and body.case in self.numbers:
            self.recusals.add(body.case)
            if self.live:
                self.cases.pop(body.case, None)
                self.marks.pop(body.case, None)
        elif isinstance(body, ConflictsDeclared):
            self.declared = seq
        elif isinstance(body, DeclarationWithdrawn):
            taken = self.own.entries.get(body.declared)
            back = taken is not None and taken.case in self.numbers and not taken.bars
            self.outdated = self.outdated or back
        elif getattr(body, "packet", "") == self.code:
            self._take_end(seq, body)

    def _mark(self, seq: int, body: ScoreGiven) -> None:
        """Fold a mark in: among those in force, or among those of a sealed round."""
        if body.round >= self.since:
            self.marks[body.case].take(seq, body)
            return
        step = Step(seq=seq, scores=dict(body.scores), comment=body.comment)
        self.before.setdefault(body.case, {})[body.round] = step

    def _take_end(self, seq: int, body: object) -> None:
        """Fold in what happens to the packet as a whole."""
        if isinstance(body, PacketSealed):
            self.sealed = seq
            if self.blind == "until_seal":
                self._name(seq)
        elif isinstance(body, PacketReopened):
            self.sealed, self.reopened = None, self.reopened + 1
            self.resign = self.signed is not None
        elif isinstance(body, SheetSigned):
            self.signed = seq
            self.resign = self.sealed is None or body.digest != self.digest()

    def _take_back(self, body: DecisionRevoked) -> None:
        """Fold in that a decision does not hold any more."""
        self.closings.discard(body.decision)
        if self.named and self.named == body.decision:
            self.named = None
        if self.signed is not None and self.signed == body.decision:
            self.signed, self.resign = None, False
        if body.decided == stored_kind(ConflictRuled) and body.member == self.member:
            self.outdated = True

    def _name(self, seq: int) -> None:
        self.named = seq if self.named is None else self.named
        self.saw = seq if self.saw is None else self.saw


def case_label(case: str, numbers: Mapping[str, int]) -> str:
    """Return what a member calls a case by its place in the order, such as ``团队 07 号``."""
    kind = "团队" if kind_of_case(case) == "team" else "个人"
    return f"{kind} {numbers[case]:02d} 号" if case in numbers else f"{kind}（已不在卷中）"


def sheet_code(digest: str) -> str:
    """Return how a signed sheet shows the digest of its marks: eight signs, to be typed."""
    return digest[:8].upper()


def packet_code(member: str, assigned: Iterable[ReadingsAssigned]) -> str:
    """Return the code of a member's packet: other readings or another round give another code.

    An assignment that leaves a member's readings as they are leaves their code, and their seal.
    """
    mine: list[str] = []
    drawn: list[object] = []
    round = 0
    for body in assigned:
        ids = list(body.readings.get(member, ()))
        if (ids, body.round) != (mine, round):
            mine, drawn, round = ids, [body.digest, body.seed], body.round
    text = json.dumps([member, mine, drawn], ensure_ascii=False)
    return f"{member}-{hashlib.sha256(text.encode()).hexdigest()[:10].upper()}"
