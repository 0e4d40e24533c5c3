"""Scores that one member gave one case: as saved now, earlier saved states, earlier rounds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kjfp_helpers.core.events import ScoreGiven


@dataclass(frozen=True, kw_only=True)
class SavedScores:
    """One saved state of a case's scores, which an undo can restore."""

    seq: int = 0
    scores: Mapping[str, float] = field(default_factory=dict)
    comment: str = ""


class EarlierScores(NamedTuple):
    """Scores of a sealed round: criterion titles with scores as displayed, and the comment."""

    round: int
    scores: tuple[tuple[str, str], ...]
    comment: str


@dataclass(kw_only=True)
class CaseScores:
    """Scores of one case as last saved; ``seq`` is the event number, None when never saved.

    ``undo_stack`` holds the saved states, oldest first: an undo shortens it.
    """

    scores: dict[str, float] = field(default_factory=dict)
    comment: str = ""
    seq: int | None = None
    edit: str = ""
    parked: bool = False
    undo_stack: list[SavedScores] = field(default_factory=list)

    def previous_state(self) -> SavedScores:
        """Return the state that an undo restores."""
        return self.undo_stack[-2] if len(self.undo_stack) > 1 else SavedScores()

    def apply(self, seq: int, body: ScoreGiven) -> None:
        """Apply a later score event."""
        self.scores, self.comment = dict(body.scores), body.comment
        self.seq, self.edit = seq, body.edit
        if body.restores is None:
            self.undo_stack.append(SavedScores(seq=seq, scores=self.scores, comment=self.comment))
        else:
            self.undo_stack = [saved for saved in self.undo_stack if saved.seq <= body.restores]
