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
    """What stands in a case's row: marks, comment, and why the member steps back, if so."""

    scores: Mapping[str, float]
    comment: str = ""
    reason: str = ""

    @classmethod
    def from_saved(cls, marks: CaseScores) -> "ReturnedRow":
        """Return the row that says what the ledger's marks say."""
        return cls(scores=marks.scores, comment=marks.comment.strip())

    def matches(self, marks: CaseScores) -> bool:
        """Whether the ledger's marks say the same."""
        return dict(marks.scores) == dict(self.scores) and marks.comment.strip() == self.comment


@dataclass(frozen=True, kw_only=True)
class ScoreConflict:
    """A case on which a file and the ledger differ, so that a person has to decide.

    It was changed in both since the export, or the file leaves blank what the ledger holds.
    """

    case: str
    exported: ReturnedRow | None
    typed: ReturnedRow
    saved: CaseScores

    @property
    def leaves_blank(self) -> bool:
        """Whether the file leaves blank a mark or a comment that the ledger holds."""
        comment = bool(self.saved.comment.strip()) and not self.typed.comment
        return comment or not set(self.saved.scores) <= set(self.typed.scores)


@dataclass(frozen=True, kw_only=True)
class MergeResult:
    """What to record; conflicts left alone; changed cases no longer in the packet; those known.

    ``replaced`` are those of which the file's marks, or its blanks, are taken by the office's
    word. ``blank`` are cases that the file leaves as they were exported, while an earlier copy of
    the same export brought marks for them: it may be that copy, cleared, or one never filled in.
    """

    decisions: tuple[ScoreGiven | MemberRecused, ...] = ()
    conflicts: tuple[ScoreConflict, ...] = ()
    replaced: tuple[ScoreConflict, ...] = ()
    blank: tuple[ScoreConflict, ...] = ()
    removed_cases: tuple[str, ...] = ()


_Open = tuple[ScoreGiven, ScoreConflict]
"""What a file would have recorded, and what a person has to decide first."""


def merge_returned_rows(
    base: MemberPacket,
    now: MemberPacket,
    exported: Mapping[str, ReturnedRow],
    typed: Mapping[str, ReturnedRow],
    *,
    imported_edits: Collection[str],
    prefer_file: bool,
) -> MergeResult:
    """Return what a returned file changes: a comparison of three, case by case.

    A mark that is blank in the file and held by the ledger is never taken back without a word:
    it is a conflict; with ``prefer_file`` the case is recorded as the file has it, incomplete.

    Parameters
    ----------
    base, now : MemberPacket
        As the ledger stood at export, and as it stands.
    exported, typed : mapping
        Case id to its row as exported, and as it came back.
    given : collection of str
        Names of the edits that the ledger holds already: what was taken once from a file is not
        taken again, even if it was changed since.
    take : bool
        Whether the file's marks and blanks replace what the ledger holds.
    """
    bodies: list[ScoreGiven | MemberRecused] = []
    conflicts, blank = list[_Open](), list[_Open]()
    changed = {case: row for case, row in typed.items() if row != exported.get(case)}
    gone = tuple(case for case in changed if case not in now.cases)
    for case, row in typed.items():
        if case in now.cases and row.reason:
            bodies.append(MemberRecused(member=now.member, case=case, reason=row.reason))
            continue
        if case not in now.cases or row.matches(now.scores[case]):
            continue
        mark, held = _mark(base, case, row), now.scores[case]
        conflict = ScoreConflict(
            case=case, exported=exported.get(case), typed=row, saved=replace(held)
        )
        if case not in changed:
            if held.edit == _mark(base, case, ReturnedRow.from_saved(held)).edit:
                blank.append((mark, conflict))
        elif held.seq == base.scores[case].seq and not conflict.leaves_blank:
            bodies.append(mark)
        elif prefer_file or mark.edit not in imported_edits:
            conflicts.append((mark, conflict))
    told, left = (tuple(conflict for _, conflict in rows) for rows in (conflicts, blank))
    taken = (mark for mark, _ in (*conflicts, *blank) if prefer_file)
    return MergeResult(
        decisions=(*bodies, *taken),
        conflicts=() if prefer_file else told,
        replaced=(*told, *left) if prefer_file else (),
        blank=() if prefer_file else left,
        removed_cases=gone,
    )


def _mark(base: MemberPacket, case: str, row: ReturnedRow) -> ScoreGiven:
    """Return the mark, under a name that the same row of the same export always gets."""
    told = [base.code, base.last_seq, case, sorted(row.scores.items()), row.comment]
    name = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]
    return ScoreGiven(
        member=base.member,
        case=case,
        scores=dict(row.scores),
        comment=row.comment,
        edit=f"{WORKBOOK_EDIT_PREFIX}{name}",
        round=base.round,
    )
