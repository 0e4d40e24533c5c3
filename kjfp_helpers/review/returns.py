"""A packet that comes back on paper or as a file, weighed against what the ledger holds by now."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kjfp_helpers.events import MarkGiven, Recused
from kjfp_helpers.review.packet import Marks, Packet


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What stands in a case's row: marks, comment, and why the member steps back, if so."""

    scores: Mapping[str, float]
    comment: str = ""
    reason: str = ""

    def agrees(self, marks: Marks) -> bool:
        """Whether the ledger's marks say the same."""
        return dict(marks.scores) == dict(self.scores) and marks.comment.strip() == self.comment


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A case that was changed both in the file and, since it was exported, in the ledger."""

    case: str
    exported: Filled | None
    typed: Filled
    now: Marks


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """What to record; conflicts left alone; changed cases no longer in the packet; those known.

    ``replaced`` are conflicts of which the file's marks are taken, by the office's word.
    """

    bodies: tuple[MarkGiven | Recused, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    replaced: tuple[Conflict, ...] = ()
    gone: tuple[str, ...] = ()


def weigh(
    base: Packet,
    now: Packet,
    exported: Mapping[str, Filled],
    typed: Mapping[str, Filled],
    *,
    given: Collection[str],
    take: bool,
) -> Weighed:
    """Return what a returned file changes.

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
        Whether the file's marks replace newer ones of the ledger.
    """
    bodies: list[MarkGiven | Recused] = []
    conflicts, gone = [], []
    for case, row in typed.items():
        if row == exported.get(case):
            continue
        if case not in now.cases:
            gone.append(case)
        elif row.reason:
            bodies.append(Recused(member=now.member, case=case, reason=row.reason))
        elif not row.agrees(now.marks[case]):
            mark = _mark(base, case, row)
            if now.marks[case].seq == base.marks[case].seq:
                bodies.append(mark)
            elif take or mark.edit not in given:
                conflicts.append((mark, Conflict(case=case, exported=exported.get(case), typed=row,
                                                 now=now.marks[case])))  # fmt: skip
    told = tuple(conflict for _, conflict in conflicts)
    return Weighed(
        bodies=(*bodies, *(mark for mark, _ in conflicts if take)),
        conflicts=() if take else told,
        replaced=told if take else (),
        gone=tuple(gone),
    )


def _mark(base: Packet, case: str, row: Filled) -> MarkGiven:
    """Return the mark, under a name that the same row of the same export always gets."""
    told = [base.code, base.seen, case, sorted(row.scores.items()), row.comment]
    name = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]
    return MarkGiven(member=base.member, case=case, scores=dict(row.scores), comment=row.comment,
                     edit=f"xlsx-{name}", round=base.round)  # fmt: skip
