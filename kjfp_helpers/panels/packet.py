"""A member's own cases and marks, folded from the ledger: nothing of anyone else's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kjfp_helpers.derivation import Review
from kjfp_helpers.events import MarkGiven, MarksClosed, Recused
from kjfp_helpers.records import Case
from kjfp_helpers.rules import Criterion, Rubric


@dataclass(kw_only=True)
class Marks:
    """Marks of one case as last saved; ``seq`` is the event's number, None when never saved."""

    scores: dict[str, float] = field(default_factory=dict)
    comment: str = ""
    seq: int | None = None


@dataclass(kw_only=True)
class Packet:
    """What one member reads: cases in reading order, without those stepped back from.

    ``numbers`` gives each case its place in the order, for the screen: a case's own id holds
    its unit's code, and reading is blind.
    """

    member: str
    rubric: Rubric
    cases: dict[str, Case]
    numbers: dict[str, int]
    marks: dict[str, Marks]
    closed: bool

    def label(self, case: str) -> str:
        """Return what the member calls a case, such as ``团队 07 号``."""
        kind = {"team": "团队", "individual": "个人"}[self.cases[case].kind]
        return f"{kind} {self.numbers[case]:02d} 号"

    def criteria(self, case: str) -> tuple[Criterion, ...]:
        """Return the criteria of a case's kind."""
        return self.rubric.criteria(self.cases[case].kind)

    def total(self, case: str, scores: Mapping[str, float]) -> float | None:
        """Return the weighted total, or None while a mark is missing."""
        criteria = self.criteria(case)
        if any(criterion.id not in scores for criterion in criteria):
            return None
        return sum(criterion.weight * scores[criterion.id] for criterion in criteria)

    def unexplained(self, case: str, scores: Mapping[str, float], comment: str) -> tuple[str, ...]:
        """Return titles of criteria whose extreme mark still lacks a comment."""
        scale = self.rubric.scale
        if comment.strip():
            return ()
        return tuple(
            criterion.title
            for criterion in self.criteria(case)
            if criterion.id in scores
            and not scale.comment_below <= scores[criterion.id] < scale.comment_from
        )

    def done(self, case: str) -> bool:
        """Whether every mark is saved: then the case counts as given."""
        return self.total(case, self.marks[case].scores) is not None

    def owing(self, case: str) -> bool:
        """Whether the case counts as given but an extreme mark still lacks its comment."""
        marks = self.marks[case]
        return self.done(case) and bool(self.unexplained(case, marks.scores, marks.comment))

    def state(self, case: str) -> str:
        """Return ``done``, ``owing``, ``begun`` or ``open``."""
        if self.done(case):
            return "owing" if self.owing(case) else "done"
        return "begun" if self.marks[case].scores or self.marks[case].comment else "open"


def gather(review: Review, member: str) -> Packet:
    """Return a member's packet as the ledger stands."""
    mine = review.readings[review.readings["member"] == member].sort_values("position")
    away = {
        event.body.case
        for event in review.events
        if isinstance(event.body, Recused) and event.body.member == member
    }
    known = {case.id: case for case in review.cases}
    numbers = {case: number for number, case in enumerate(mine["case"], start=1)}
    ids = [case for case in numbers if case in known and case not in away]
    return Packet(
        member=member,
        rubric=review.round.rubric,
        cases={case: known[case] for case in ids},
        numbers=numbers,
        marks=_latest(review, member, ids),
        closed=any(isinstance(event.body, MarksClosed) for event in review.events),
    )


def _latest(review: Review, member: str, cases: Iterable[str]) -> dict[str, Marks]:
    marks = {case: Marks() for case in cases}
    for event in review.events:
        body = event.body
        if isinstance(body, MarkGiven) and body.member == member and body.case in marks:
            marks[body.case] = Marks(scores=dict(body.scores), comment=body.comment, seq=event.seq)
    return marks
