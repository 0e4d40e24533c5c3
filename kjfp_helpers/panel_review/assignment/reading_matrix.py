"""Reading matrix, cases by members: who may read what, and who already does."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pandas as pd

from kjfp_helpers.core.errors import AssignmentError
from kjfp_helpers.panel_review.assignment.flow_assignment import (
    ERROR_LOCATION,
    AssignmentProblem,
    Flags,
    Ints,
    is_balanced,
    measure_connectivity,
    solve_assignment,
)

Readings = Mapping[str, Sequence[str]]
"""Member to cases in reading order."""

ATTEMPTS = 10
"""How many seeded designs are tried before the best connected one is taken."""

GOOD_CONNECTIVITY = 0.3
"""Connectivity from which scores of different members compare well (selection.md)."""


class Readable(Protocol):
    """What is assigned to readers: a case, or a unit whose summary is read."""

    @property
    def id(self) -> str:
        """What names it."""

    @property
    def kind(self) -> str:
        """Loads are balanced within each kind."""

    @property
    def eligible(self) -> bool:
        """Whether it is to be read."""


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
class ReadingMatrix:
    """Cases by members: who may read what, and who reads what already.

    Attributes
    ----------
    cases, members
        Rows are the eligible cases by id, columns the members by id, so that the order of the
        inputs does not matter.
    allowed, assigned : array of bool, cases by members
        Pairs without a conflict, and earlier readings that are still in force: a case that the
        member recused from is not among them.
    earlier_readings
        Member to the cases assigned before, in reading order.
    departed_readings : array of bool, cases by departed members
        Scores of departed members that count.
    """

    cases: tuple[Readable, ...]
    members: tuple[str, ...]
    allowed: Flags
    assigned: Flags
    earlier_readings: Readings
    departed_readings: Flags

    @classmethod
    def build(
        cls,
        cases: Iterable[Readable],
        members: Iterable[str],
        conflicts: pd.DataFrame,
        earlier: Readings | None = None,
        kept: Readings | None = None,
    ) -> "ReadingMatrix":
        """Build the matrix from cases, members, conflicts (``member case``) and earlier readings.

        ``kept`` maps members who left to the cases on which their scores count.

        Raises
        ------
        AssignmentError
            When there are no eligible cases or no members.
        """
        eligible = tuple(sorted((one for one in cases if one.eligible), key=lambda case: case.id))
        panel, earlier = tuple(sorted(set(members))), earlier or {}
        if not eligible or not panel:
            what = "可分派的个案" if not eligible else "可评阅的评委"
            raise AssignmentError(
                ERROR_LOCATION, expected=f"有{what}", found="没有", advice="核对名册和资格审查"
            )
        none = np.zeros((len(eligible), len(panel)), dtype=bool)
        empty = cls(
            cases=eligible,
            members=panel,
            allowed=~none,
            assigned=none,
            earlier_readings=earlier,
            departed_readings=_flag_pairs(eligible, sorted(kept or {}), _pairs(kept or {})),
        )
        apart = zip(conflicts["member"], conflicts["case"], strict=True)
        free = ~empty.flag_pairs(apart)
        return replace(empty, allowed=free, assigned=empty.flag_readings(earlier) & free)

    def flag_readings(self, readings: Readings) -> Flags:
        """Return the readings as a boolean matrix, cases by members."""
        return self.flag_pairs(_pairs(readings))

    def flag_pairs(self, pairs: Iterable[tuple[str, str]]) -> Flags:
        """Return pairs of member and case as a boolean matrix; unknown pairs are ignored."""
        return _flag_pairs(self.cases, self.members, pairs)

    @property
    def reader_counts(self) -> Ints:
        """Readings of each case in force, with those of members who left."""
        return np.asarray(
            self.assigned.sum(axis=1) + self.departed_readings.sum(axis=1), dtype=np.int64
        )

    @property
    def is_team(self) -> Flags:
        """Which rows are teams."""
        return np.array([case.kind == "team" for case in self.cases])

    def rows_of(self, ids: Iterable[str]) -> Flags:
        """Return a boolean per row: whether it is one of these cases."""
        wanted = set(ids)
        return np.array([case.id in wanted for case in self.cases])

    def make_problem(
        self, needs: Ints, gains: Ints | None = None, further: tuple[int, int] = (0, 0)
    ) -> AssignmentProblem:
        """Return the assignment problem of these needs, without pairs already assigned."""
        return AssignmentProblem(
            cases=tuple(case.id for case in self.cases),
            members=self.members,
            is_team=self.is_team,
            allowed=self.allowed & ~self.assigned,
            assigned=self.assigned,
            needs=needs.astype(np.int64),
            gains=gains,
            further=further,
        )

    def find_best_design(
        self, problem: AssignmentProblem, seed: tuple[int, ...], *, require_balance: bool = True
    ) -> Flags | None:
        """Return the best connected of several seeded designs, None where no design exists.

        Raises
        ------
        AssignmentError
            When every design tried is disconnected.
        """
        best: tuple[int, float, Flags] | None = None
        for attempt in range(ATTEMPTS):
            solved = solve_assignment(problem, (*seed, attempt))
            whole = self.assigned | solved.new_readings
            if not solved.is_complete or (require_balance and not is_balanced(whole.sum(axis=0))):
                return None
            candidate = (*self.measure_links(whole), solved.new_readings)
            if best is None or (-candidate[0], candidate[1]) > (-best[0], best[1]):
                best = candidate
            if best[0] == 1 and best[1] >= GOOD_CONNECTIVITY:
                break
        assert best is not None
        if best[0] > 1:
            raise _disconnected(best[0])
        return best[2]

    def measure_links(self, design: Flags) -> tuple[int, float]:
        """Return components and connectivity of the worse kind."""
        design = np.hstack([design, self.departed_readings])
        kinds = [kind for kind in (self.is_team, ~self.is_team) if kind.any()]
        measured = [measure_connectivity(design[kind]) for kind in kinds]
        return max(count for count, _ in measured), min(value for _, value in measured)

    def make_assignment(
        self, new: Flags, seed: int, *, anchors: Sequence[str] = (), rescore_all: bool = False
    ) -> Assignment:
        """Return a design in reading order: earlier readings (unless ``rescore_all``), then new."""
        whole = self.assigned | new
        components, connectivity = self.measure_links(whole)
        readings = {}
        for column, member in enumerate(self.members):
            mine = [self.cases[row] for row in np.flatnonzero(new[:, column])]
            before = () if rescore_all else tuple(self.earlier_readings.get(member, ()))
            readings[member] = before + reading_order(member, mine, anchors, seed)
        loads = dict(zip(self.members, whole.sum(axis=0).tolist(), strict=True))
        return Assignment(
            readings=readings,
            loads=loads,
            components=components,
            connectivity=connectivity,
            anchors=tuple(anchors),
        )


def _pairs(readings: Readings) -> Iterator[tuple[str, str]]:
    return ((member, case) for member, ids in readings.items() for case in ids)


def _flag_pairs(
    cases: Sequence[Readable], members: Sequence[str], pairs: Iterable[tuple[str, str]]
) -> Flags:
    rows = {case.id: row for row, case in enumerate(cases)}
    columns = {member: column for column, member in enumerate(members)}
    flags = np.zeros((len(rows), len(columns)), dtype=bool)
    for member, case in pairs:
        if case in rows and member in columns:
            flags[rows[case], columns[member]] = True
    return flags


def reading_order(
    member: str, cases: Iterable[Readable], anchors: Sequence[str], seed: int
) -> tuple[str, ...]:
    """Return the reading order: anchors as given, then teams, individuals, shuffled per member."""
    anchor_index = {case: index for index, case in enumerate(anchors)}

    def key(case: Readable) -> tuple[int, bool, str]:
        own = (case.kind != "team", draw_sort_key(seed, member, case.id))
        return (
            (anchor_index[case.id], False, "")
            if case.id in anchor_index
            else (len(anchor_index), *own)
        )

    return tuple(case.id for case in sorted(cases, key=key))


def draw_sort_key(seed: int, who: str, case: str) -> str:
    """Return a pseudo-random sort key derived from seed, member and case.

    >>> draw_sort_key(7, "M01", "T11-1")[:16]
    '0764ffbaf04314bd'
    """
    return hashlib.sha256(f"{seed}/{who}/{case}".encode()).hexdigest()


def _disconnected(components: int) -> AssignmentError:
    return AssignmentError(
        ERROR_LOCATION,
        expected="所有评委经由共同评阅的个案连成一体",
        found=f"评委分成互不相连的 {components} 组，得分无法相互比较",
        advice="增加共同基准件（ruling.anchors）或每件评阅人数（ruling.readings）后重新分派",
    )
