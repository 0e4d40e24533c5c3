"""A packet that comes back on paper or as a file, weighed against what the ledger holds by now."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from kjfp_helpers.core.events import MemberRecused, ScoreGiven
from kjfp_helpers.core.events.panel import WORKBOOK_EDIT_PREFIX
from kjfp_helpers.panel_review.scoring.member_packet import Marks, Packet


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What stands in a case's row: marks, comment, and why the member steps back, if so."""

    scores: Mapping[str, float]
    comment: str = ""
    reason: str = ""

    @classmethod
    def of(cls, marks: Marks) -> "Filled":
        """Return the row that says what the ledger's marks say."""
        return cls(scores=marks.scores, comment=marks.comment.strip())

    def agrees(self, marks: Marks) -> bool:
        """Whether the ledger's marks say the same."""
        return dict(marks.scores) == dict(self.scores) and marks.comment.strip() == self.comment


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A case on which a file and the ledger differ, so that a person has to decide.

    It was changed in both since the export, or the file leaves blank what the ledger holds.
    """

    case: str
    exported: Filled | None
    typed: Filled
    now: Marks

    @property
    def cleared(self) -> bool:
        """Whether the file leaves blank a mark or a comment that the ledger holds."""
        comment = bool(self.now.comment.strip()) and not self.typed.comment
        return comment or not set(self.now.scores) <= set(self.typed.scores)


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """What to record; conflicts left alone; changed cases no longer in the packet; those known.

    ``replaced`` are those of which the file's marks, or its blanks, are taken by the office's
    word. ``blank`` are cases that the file leaves as they were exported, while an earlier copy of
    the same export brought marks for them: it may be that copy, cleared, or one never filled in.
    """

    bodies: tuple[ScoreGiven | MemberRecused, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    replaced: tuple[Conflict, ...] = ()
    blank: tuple[Conflict, ...] = ()
    gone: tuple[str, ...] = ()


_Open = tuple[ScoreGiven, Conflict]
"""What a file would have recorded, and what a person has to decide first."""


def weigh(
    base: Packet,
    now: Packet,
    exported: Mapping[str, Filled],
    typed: Mapping[str, Filled],
    *,
    given: Collection[str],
    take: bool,
) -> Weighed:
    """Return what a returned file changes: a comparison of three, case by case.

    A mark that is blank in the file and held by the ledger is never taken back without a word:
    it is a conflict, and with ``take`` the case is recorded as the file has it, not fully marked.

    Parameters
    ----------
    base, now : Packet
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
        if case not in now.cases or row.agrees(now.marks[case]):
            continue
        mark, held = _mark(base, case, row), now.marks[case]
        conflict = Conflict(case=case, exported=exported.get(case), typed=row, now=replace(held))
        if case not in changed:
            if held.edit == _mark(base, case, Filled.of(held)).edit:
                blank.append((mark, conflict))
        elif held.seq == base.marks[case].seq and not conflict.cleared:
            bodies.append(mark)
        elif take or mark.edit not in given:
            conflicts.append((mark, conflict))
    told, left = (tuple(conflict for _, conflict in rows) for rows in (conflicts, blank))
    taken = (mark for mark, _ in (*conflicts, *blank) if take)
    return Weighed(
        bodies=(*bodies, *taken),
        conflicts=() if take else told,
        replaced=(*told, *left) if take else (),
        blank=() if take else left,
        gone=gone,
    )


def _mark(base: Packet, case: str, row: Filled) -> ScoreGiven:
    """Return the mark, under a name that the same row of the same export always gets."""
    told = [base.code, base.seen, case, sorted(row.scores.items()), row.comment]
    name = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]
    return ScoreGiven(
        member=base.member,
        case=case,
        scores=dict(row.scores),
        comment=row.comment,
        edit=f"{WORKBOOK_EDIT_PREFIX}{name}",
        round=base.round,
    )
