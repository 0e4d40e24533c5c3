"""Assign the first round: equal loads, no conflict, common anchors, one connected design."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from kjfp_helpers.core.events import Event, EventLog, ReadingsAssigned
from kjfp_helpers.core.records import NOMINEE_KINDS
from kjfp_helpers.panel_review.assignment.assignment_infeasibility import infeasibility_error
from kjfp_helpers.panel_review.assignment.flow_assignment import AssignmentProblem
from kjfp_helpers.panel_review.assignment.reading_matrix import (
    Assignment,
    ReadingMatrix,
    draw_sort_key,
)

NOTHING = ReadingsAssigned(readings={}, seed=0, digest="")


def assign_readings(
    matrix: ReadingMatrix, *, readings: int, seed: int, anchors: int = 0
) -> Assignment:
    """Assign readers to every eligible case.

    Loads differ by at most one in all, and by at most one within teams and within individuals
    wherever the conflicts allow. Costs are drawn from the seed, so that every member's cases come
    from all regions.

    Parameters
    ----------
    matrix : ReadingMatrix
        Cases, members and conflicts; a pair in conflict is never assigned.
    readings : int
        Readers per case.
    seed : int
        The same seed gives the same design.
    anchors : int
        Cases of each kind that every free member reads (ruling ``anchors``).

    Raises
    ------
    AssignmentError
        Naming the fewest limits to relax, or the unconnected groups of members.
    """
    common = choose_anchors(matrix, anchors, seed)
    problem = build_first_round(matrix, readings, common)
    new = matrix.find_best_design(problem, (seed,))
    if new is None:
        alternatives = [
            (
                f"每件评阅人数由 {readings} 名减为 {fewer} 名",
                build_first_round(matrix, fewer, common),
            )
            for fewer in range(readings - 1, 0, -1)
        ]
        if common:
            alternatives.insert(
                0,
                (
                    "不设共同基准件（ruling.anchors = 0）",
                    build_first_round(matrix, readings, ()),
                ),
            )
        raise infeasibility_error(problem, alternatives)
    return matrix.make_assignment(new, seed, anchors=common)


def choose_anchors(matrix: ReadingMatrix, number: int, seed: int) -> tuple[str, ...]:
    """Return ``number`` cases of each kind as anchors: fewest conflicts first, then by seed."""
    free = matrix.allowed.sum(axis=1).tolist()
    order = sorted(
        zip(matrix.cases, free, strict=True),
        key=lambda pair: (-pair[1], draw_sort_key(seed, "anchor", pair[0].id)),
    )
    return tuple(
        case.id
        for kind in NOMINEE_KINDS
        for case in [case for case, _ in order if case.kind == kind][:number]
    )


def reading_table(events: Iterable[Event]) -> pd.DataFrame:
    """Return the readings of the last assignment: ``member case position since``.

    ``position`` counts from 1; a score of a round before ``since`` does not complete a reading.
    """
    bodies = EventLog(events).bodies(ReadingsAssigned)
    last = bodies[-1] if bodies else NOTHING
    rows = [
        (member, case, position, last.since)
        for member, ids in sorted(last.readings.items())
        for position, case in enumerate(ids, start=1)
    ]
    table = pd.DataFrame(rows, columns=["member", "case", "position", "since"])
    return table.astype({"member": str, "case": str, "position": int, "since": int})


def assigned_pairs(events: Iterable[Event]) -> set[tuple[str, str]]:
    """Return member and case of every reading that any assignment ever held."""
    bodies = EventLog(events).bodies(ReadingsAssigned)
    return {
        (member, case) for body in bodies for member, ids in body.readings.items() for case in ids
    }


def readings_digest(readings: Mapping[str, Sequence[str]]) -> str:
    """Return the SHA-256 of the readings as JSON with sorted keys and no spaces.

    >>> readings_digest({"M02": ["T11-1"], "M01": []})[:16]
    '85e604b2224a7e48'
    """
    plain = {member: list(ids) for member, ids in readings.items()}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def build_first_round(
    matrix: ReadingMatrix, readings: int, anchors: Sequence[str]
) -> AssignmentProblem:
    """Return the problem of a first round: all members read anchors, ``readings`` the others."""
    common = matrix.rows_of(anchors)
    return matrix.make_problem(
        np.where(common, np.maximum(matrix.allowed.sum(axis=1), readings), readings)
    )
