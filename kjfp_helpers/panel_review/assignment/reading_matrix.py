"""The panel's board, cases by members: who may read what, who reads what already."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kjfp_helpers.core.errors import AssignmentError
from kjfp_helpers.core.records import Case
from kjfp_helpers.panel_review.assignment.flow_assignment import (
    PLACE,
    Demand,
    Flags,
    Ints,
    level,
    measure,
    solve,
)

Readings = Mapping[str, Sequence[str]]
"""Member to cases in reading order."""

ATTEMPTS = 10
"""How many seeded designs are tried before the best connected one is taken."""

GOOD_CONNECTIVITY = 0.3
"""Connectivity from which marks of different members compare well (selection.md)."""


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Who reads what, in reading order.

    ``anchors`` are the cases that every free member reads, first and in this order. ``loads``
    counts the readings of a member over all rounds; ``components`` is the number of groups of
    members that no common case links (1 is right); ``connectivity`` runs from 0 (not comparable)
    to 1 (as good as everybody reading everything). Both are of the worse kind of nominee.
    """

    readings: Mapping[str, tuple[str, ...]]
    loads: Mapping[str, int]
    components: int
    connectivity: float
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Board:
    """Cases by members: who is free to read what, and what is read already.

    Rows are the eligible cases by id, columns the members by id, so that the order of the inputs
    does not matter. ``earlier`` maps members to the cases given before, in reading order; ``held``
    are those of them that stand: what a member stepped back from since is not among them. ``kept``
    (cases by members who left) are the marks that count of those who read no more.
    """

    cases: tuple[Case, ...]
    members: tuple[str, ...]
    free: Flags
    held: Flags
    earlier: Readings
    kept: Flags

    @classmethod
    def of(
        cls,
        cases: Iterable[Case],
        members: Iterable[str],
        conflicts: pd.DataFrame,
        earlier: Readings | None = None,
        kept: Readings | None = None,
    ) -> "Board":
        """Lay out eligible cases, members, conflicts (``member case``) and earlier readings.

        ``kept`` maps members who left to the cases on which their marks count.

        Raises
        ------
        DesignError
            When there is nothing to read or nobody who reads.
        """
        chosen = tuple(sorted((one for one in cases if one.eligible), key=lambda case: case.id))
        panel, earlier = tuple(sorted(set(members))), earlier or {}
        if not chosen or not panel:
            what = "可分派的个案" if not chosen else "可评阅的评委"
            raise AssignmentError(
                PLACE, expected=f"有{what}", found="没有", advice="核对名册和资格审查"
            )
        none = np.zeros((len(chosen), len(panel)), dtype=bool)
        empty = cls(
            cases=chosen,
            members=panel,
            free=~none,
            held=none,
            earlier=earlier,
            kept=_marked(chosen, sorted(kept or {}), _pairs(kept or {})),
        )
        apart = zip(conflicts["member"], conflicts["case"], strict=True)
        free = ~empty.marked(apart)
        return replace(empty, free=free, held=empty.read(earlier) & free)

    def read(self, readings: Readings) -> Flags:
        """Return which readings these are."""
        return self.marked(_pairs(readings))

    def marked(self, pairs: Iterable[tuple[str, str]]) -> Flags:
        """Return which readings these pairs of member and case are; others are passed over."""
        return _marked(self.cases, self.members, pairs)

    @property
    def standing(self) -> Ints:
        """How many readings of each case stand, those of members who left among them."""
        return np.asarray(self.held.sum(axis=1) + self.kept.sum(axis=1), dtype=np.int64)

    @property
    def team(self) -> Flags:
        """Which rows are teams."""
        return np.array([case.kind == "team" for case in self.cases])

    def chosen(self, ids: Iterable[str]) -> Flags:
        """Return which rows are these cases."""
        wanted = set(ids)
        return np.array([case.id in wanted for case in self.cases])

    def demand(
        self, needs: Ints, gains: Ints | None = None, further: tuple[int, int] = (0, 0)
    ) -> Demand:
        """Return what a solver is to give, nothing to anybody who has it already."""
        return Demand(
            cases=tuple(case.id for case in self.cases),
            members=self.members,
            team=self.team,
            free=self.free & ~self.held,
            held=self.held,
            needs=needs.astype(np.int64),
            gains=gains,
            further=further,
        )

    def best(self, demand: Demand, seed: tuple[int, ...], *, equal: bool = True) -> Flags | None:
        """Return the best connected of some seeded designs, None where there is none at all.

        Raises
        ------
        DesignError
            When every design falls apart.
        """
        best: tuple[int, float, Flags] | None = None
        for attempt in range(ATTEMPTS):
            solved = solve(demand, (*seed, attempt))
            whole = self.held | solved.new
            if not solved.whole or (equal and not level(whole.sum(axis=0))):
                return None
            found = (*self.links(whole), solved.new)
            if best is None or (-found[0], found[1]) > (-best[0], best[1]):
                best = found
            if best[0] == 1 and best[1] >= GOOD_CONNECTIVITY:
                break
        assert best is not None
        if best[0] > 1:
            raise _disconnected(best[0])
        return best[2]

    def links(self, design: Flags) -> tuple[int, float]:
        """Return components and connectivity of the worse kind."""
        design = np.hstack([design, self.kept])
        kinds = [kind for kind in (self.team, ~self.team) if kind.any()]
        measured = [measure(design[kind]) for kind in kinds]
        return max(parts for parts, _ in measured), min(value for _, value in measured)

    def assignment(
        self, new: Flags, seed: int, *, anchors: Sequence[str] = (), afresh: bool = False
    ) -> Assignment:
        """Return a design in reading order: earlier readings, unless ``afresh``, then the new."""
        whole = self.held | new
        parts, connectivity = self.links(whole)
        readings = {}
        for column, member in enumerate(self.members):
            mine = [self.cases[row] for row in np.flatnonzero(new[:, column])]
            before = () if afresh else tuple(self.earlier.get(member, ()))
            readings[member] = before + reading_order(member, mine, anchors, seed)
        loads = dict(zip(self.members, whole.sum(axis=0).tolist(), strict=True))
        return Assignment(
            readings=readings,
            loads=loads,
            components=parts,
            connectivity=connectivity,
            anchors=tuple(anchors),
        )


def _pairs(readings: Readings) -> Iterator[tuple[str, str]]:
    return ((member, case) for member, ids in readings.items() for case in ids)


def _marked(
    cases: Sequence[Case], members: Sequence[str], pairs: Iterable[tuple[str, str]]
) -> Flags:
    rows = {case.id: row for row, case in enumerate(cases)}
    columns = {member: column for column, member in enumerate(members)}
    flags = np.zeros((len(rows), len(columns)), dtype=bool)
    for member, case in pairs:
        if case in rows and member in columns:
            flags[rows[case], columns[member]] = True
    return flags


def reading_order(
    member: str, cases: Iterable[Case], anchors: Sequence[str], seed: int
) -> tuple[str, ...]:
    """Return anchors as given, then teams, then individuals, in an order of the member's own."""
    turn = {case: place for place, case in enumerate(anchors)}

    def key(case: Case) -> tuple[int, bool, str]:
        own = (case.kind != "team", drawn(seed, member, case.id))
        return (turn[case.id], False, "") if case.id in turn else (len(turn), *own)

    return tuple(case.id for case in sorted(cases, key=key))


def drawn(seed: int, who: str, case: str) -> str:
    """Return a text to sort by: an order drawn from the seed, for whom it is."""
    return hashlib.sha256(f"{seed}/{who}/{case}".encode()).hexdigest()


def _disconnected(parts: int) -> AssignmentError:
    return AssignmentError(
        PLACE,
        expected="所有评委经由共同评阅的个案连成一体",
        found=f"评委分成互不相连的 {parts} 组，得分无法相互比较",
        advice="增加共同基准件（ruling.anchors）或每件评阅人数（ruling.readings）后重新分派",
    )
