"""Three-way merge of a returned workbook: as exported, as filled in, as the ledger stands."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from kjfp_helpers.core.events import MemberRecused, ScoreGiven
from kjfp_helpers.core.events.panel import WORKBOOK_EDIT_PREFIX
from kjfp_helpers.panel_review.scoring.case_scores import CaseScores
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket


@dataclass(frozen=True, kw_only=True)
class ReturnedRow:
    """A case's row in a workbook: scores, comment, and the reason of a recusal, if any."""

    scores: Mapping[str, float]
    comment: str = ""
    reason: str = ""

    @classmethod
    def from_saved(cls, saved: CaseScores) -> "ReturnedRow":
        """Return the row that equals the scores in the ledger."""
        return cls(scores=saved.scores, comment=saved.comment.strip())

    def matches(self, saved: CaseScores) -> bool:
        """Whether the row equals the scores in the ledger."""
        return dict(saved.scores) == dict(self.scores) and saved.comment.strip() == self.comment


@dataclass(frozen=True, kw_only=True)
class ScoreConflict:
    """A merge conflict on a case, which a person has to resolve.

    It was changed in both since the export, or the file leaves blank what the ledger holds.
    """

    case: str
    exported: ReturnedRow | None
    typed: ReturnedRow
    saved: CaseScores

    @property
    def leaves_blank(self) -> bool:
        """Whether the file leaves a score or a comment blank that the ledger holds."""
        comment = bool(self.saved.comment.strip()) and not self.typed.comment
        return comment or not set(self.saved.scores) <= set(self.typed.scores)


@dataclass(frozen=True, kw_only=True)
class MergeResult:
    """Events to record, unresolved conflicts, and changed cases no longer in the packet.

    ``replaced`` are conflicts resolved in favour of the file, blanks included. ``blank`` are cases
    unchanged in the file while an earlier copy of the same export brought scores for them: it may
    be that copy, cleared, or one never filled in.
    """

    decisions: tuple[ScoreGiven | MemberRecused, ...] = ()
    conflicts: tuple[ScoreConflict, ...] = ()
    replaced: tuple[ScoreConflict, ...] = ()
    blank: tuple[ScoreConflict, ...] = ()
    removed_cases: tuple[str, ...] = ()


_PendingScore = tuple[ScoreGiven, ScoreConflict]
"""A score that the file would record, and the conflict to resolve first."""


def merge_returned_rows(
    base: MemberPacket,
    now: MemberPacket,
    exported: Mapping[str, ReturnedRow],
    typed: Mapping[str, ReturnedRow],
    *,
    imported_edits: Collection[str],
    prefer_file: bool,
) -> MergeResult:
    """Return the three-way merge of a returned file, case by case.

    A score that is blank in the file and present in the ledger is never removed silently: it is a
    conflict; with ``prefer_file`` the case is recorded as in the file, incomplete.

    Parameters
    ----------
    base, now : MemberPacket
        As the ledger stood at export, and as it stands.
    exported, typed : mapping
        Case id to its row as exported, and as it came back.
    imported_edits : collection of str
        Ids of the edits in the ledger: a row imported once is not imported again, even if the case
        was changed since.
    prefer_file : bool
        Whether scores and blanks of the file replace those of the ledger.
    """
    bodies: list[ScoreGiven | MemberRecused] = []
    conflicts, blank = list[_PendingScore](), list[_PendingScore]()
    changed = {case: row for case, row in typed.items() if row != exported.get(case)}
    removed = tuple(case for case in changed if case not in now.cases)
    for case, row in typed.items():
        if case in now.cases and row.reason:
            bodies.append(MemberRecused(member=now.member, case=case, reason=row.reason))
            continue
        if case not in now.cases or row.matches(now.scores[case]):
            continue
        score, saved = _make_score_event(base, case, row), now.scores[case]
        conflict = ScoreConflict(
            case=case, exported=exported.get(case), typed=row, saved=replace(saved)
        )
        if case not in changed:
            if saved.edit == _make_score_event(base, case, ReturnedRow.from_saved(saved)).edit:
                blank.append((score, conflict))
        elif saved.seq == base.scores[case].seq and not conflict.leaves_blank:
            bodies.append(score)
        elif prefer_file or score.edit not in imported_edits:
            conflicts.append((score, conflict))
    unresolved, unchanged = (tuple(conflict for _, conflict in rows) for rows in (conflicts, blank))
    imported = (score for score, _ in (*conflicts, *blank) if prefer_file)
    return MergeResult(
        decisions=(*bodies, *imported),
        conflicts=() if prefer_file else unresolved,
        replaced=(*unresolved, *unchanged) if prefer_file else (),
        blank=() if prefer_file else unchanged,
        removed_cases=removed,
    )


def _make_score_event(base: MemberPacket, case: str, row: ReturnedRow) -> ScoreGiven:
    """Return the score event; its edit id is the same for the same row of the same export."""
    parts = [base.code, base.last_seq, case, sorted(row.scores.items()), row.comment]
    edit_id = hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:16]
    return ScoreGiven(
        member=base.member,
        case=case,
        scores=dict(row.scores),
        comment=row.comment,
        edit=f"{WORKBOOK_EDIT_PREFIX}{edit_id}",
        round=base.round,
    )
