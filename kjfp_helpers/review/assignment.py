"""Who reads what: equal loads, no conflict, and one connected design, solved as a flow."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kjfp_helpers.errors import DesignError
from kjfp_helpers.events import Event, ReadingsAssigned
from kjfp_helpers.records import Case

ATTEMPTS = 10
"""How many seeded designs are tried before the best connected one is taken."""

GOOD_CONNECTIVITY = 0.3
"""Connectivity from which marks of different members compare well (selection.md)."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Who reads what, in reading order.

    ``loads`` counts readings a member; ``components`` is the number of groups of members
    that no common case links (1 is right); ``connectivity`` runs from 0 (not comparable) to
    1 (as good as everybody reading everything). Both are of the worse kind of nominee.
    """

    readings: Mapping[str, tuple[str, ...]]
    loads: Mapping[str, int]
    components: int
    connectivity: float


def assign(
    cases: Iterable[Case],
    members: Sequence[str],
    conflicts: pd.DataFrame,
    *,
    readings: int,
    seed: int,
) -> Assignment:
    """Give every eligible case its readers.

    Loads differ by at most one in all, and by at most one within teams and within
    individuals wherever the conflicts allow. Costs are drawn from the seed, so that every
    member's cases come from all regions. The order of the inputs does not matter.

    Parameters
    ----------
    cases : iterable of Case
        Those not eligible are left out.
    members : sequence of str
        Ids of the panel members who read.
    conflicts : DataFrame
        ``member``, ``case``; such a pair is never assigned.
    readings : int
        Readers a case (ruling ``readings``).
    seed : int
        Same seed, same design.

    Raises
    ------
    DesignError
        Naming the cases with too few free members, the members who cannot carry an equal
        load, or the groups of members that stay apart.
    """
    chosen = sorted((case for case in cases if case.eligible), key=lambda case: case.id)
    panel = sorted(set(members))
    free = _free(chosen, panel, conflicts)
    _require_readers(chosen, panel, free, readings)
    best: tuple[int, float, Flags] | None = None
    for attempt in range(ATTEMPTS):
        design = _solve(chosen, panel, free, readings, (seed, attempt))
        found = (*_worst(chosen, design), design)
        if best is None or (-found[0], found[1]) > (-best[0], best[1]):
            best = found
        if best[0] == 1 and best[1] >= GOOD_CONNECTIVITY:
            break
    assert best is not None
    if best[0] > 1:
        raise _disconnected(best[0])
    reading = {
        member: _reading_order(member, [chosen[row] for row in np.flatnonzero(best[2][:, column])],
                               seed)
        for column, member in enumerate(panel)
    }  # fmt: skip
    loads = {member: len(ids) for member, ids in reading.items()}
    return Assignment(readings=reading, loads=loads, components=best[0], connectivity=best[1])


def reading_table(events: Iterable[Event]) -> pd.DataFrame:
    """Return the readings of the last assignment: ``member``, ``case``, ``position`` from 1."""
    last: Mapping[str, tuple[str, ...]] = {}
    for event in events:
        if isinstance(event.body, ReadingsAssigned):
            last = event.body.readings
    rows = [
        (member, case, position)
        for member, ids in sorted(last.items())
        for position, case in enumerate(ids, start=1)
    ]
    table = pd.DataFrame(rows, columns=["member", "case", "position"])
    return table.astype({"member": str, "case": str, "position": int})


def readings_digest(readings: Mapping[str, Sequence[str]]) -> str:
    """Return the SHA-256 of the readings as JSON with sorted keys and no spaces."""
    plain = {member: list(ids) for member, ids in readings.items()}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def measure(design: Flags) -> tuple[int, float]:
    """Return the components and the connectivity of a design (cases by members).

    Members are linked by the cases they share, each case weighing one over its readers. The
    connectivity is the second smallest eigenvalue of the normalised Laplacian of that graph
    (the smallest canonical efficiency of the member contrasts); members without a reading
    are left out.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    read = design[:, design.any(axis=0)].astype(float)
    if read.shape[1] < 2:
        return 1, 1.0
    shared = read.T @ (read / np.maximum(read.sum(axis=1, keepdims=True), 1))
    parts, _ = connected_components(csr_matrix(shared), directed=False)
    if parts > 1:
        return int(parts), 0.0
    loads = np.sqrt(read.sum(axis=0))
    eigenvalues = np.linalg.eigvalsh(np.eye(len(loads)) - shared / np.outer(loads, loads))
    return 1, float(min(1.0, eigenvalues[1]))


def _worst(cases: Sequence[Case], design: Flags) -> tuple[int, float]:
    kinds = np.array([case.kind for case in cases])
    measured = [measure(design[kinds == kind]) for kind in sorted(set(kinds.tolist()))]
    return max(parts for parts, _ in measured), min(value for _, value in measured)


def _reading_order(member: str, cases: Sequence[Case], seed: int) -> tuple[str, ...]:
    """Teams, then individuals; within each in an order of the member's own."""

    def key(case: Case) -> tuple[bool, str]:
        text = f"{seed}/{member}/{case.id}"
        return case.kind != "team", hashlib.sha256(text.encode()).hexdigest()

    return tuple(case.id for case in sorted(cases, key=key))


def _free(cases: Sequence[Case], panel: Sequence[str], conflicts: pd.DataFrame) -> Flags:
    rows = {case.id: row for row, case in enumerate(cases)}
    columns = {member: column for column, member in enumerate(panel)}
    free = np.ones((len(cases), len(panel)), dtype=bool)
    for member, case in zip(conflicts["member"], conflicts["case"], strict=True):
        if case in rows and member in columns:
            free[rows[case], columns[member]] = False
    return free


def _require_readers(
    cases: Sequence[Case], panel: Sequence[str], free: Flags, readings: int
) -> None:
    if not cases or not panel:
        what = "可分派的个案" if not cases else "可评阅的评委"
        raise DesignError(
            "评阅分派", expected=f"有{what}", found="没有", advice="核对名册和资格审查"
        )
    short = [(case.id, int(row.sum())) for case, row in zip(cases, free, strict=True)
             if row.sum() < readings]  # fmt: skip
    if short:
        named = "、".join(f"{case}（{count} 名）" for case, count in short[:10])
        more = f"等 {len(short)} 件" if len(short) > 10 else ""
        raise DesignError(
            "评阅分派",
            expected=f"每件至少有 {readings} 名无须回避的评委",
            found=f"{named}{more}不足",
            advice="增补评委，或在 notice.toml 的 ruling.readings 中减少每件评阅人数",
        )


def _solve(
    cases: Sequence[Case], panel: Sequence[str], free: Flags, readings: int, seed: tuple[int, int]
) -> Flags:
    """Return the cheapest design with equal loads, by kind where possible, else in all."""
    for by_kind in (True, False):
        design = _flow(cases, len(panel), free, readings, seed, by_kind)
        if design is not None:
            return design
    counts = sorted(zip((~free).sum(axis=0).tolist(), panel, strict=True), reverse=True)[:3]
    named = "、".join(f"{member}（{count} 件）" for count, member in counts)
    raise DesignError(
        "评阅分派",
        expected="各评委负担相差不超过一件",
        found=f"回避过于集中，须回避最多的是 {named}",
        advice="更换或增补评委后重新分派",
    )


def _flow(
    cases: Sequence[Case],
    members: int,
    free: Flags,
    readings: int,
    seed: tuple[int, int],
    by_kind: bool,
) -> Flags | None:
    """Solve one minimum-cost flow: case -> member's share of a kind -> member -> surplus.

    Lower bounds are demands of the nodes, so that equal loads hold exactly.
    """
    from ortools.graph.python import min_cost_flow

    team = np.array([case.kind == "team" for case in cases])
    slots = np.array([team.sum(), (~team).sum()]) * readings
    floors = slots // members if by_kind else np.zeros(2, dtype=int)
    least = int(slots.sum()) // members - int(floors.sum())
    surplus = int(slots.sum()) - members * (int(floors.sum()) + least)
    shares = len(cases) + np.arange(2 * members).reshape(2, members)
    people = shares[-1, -1] + 1 + np.arange(members)
    rows, columns = np.nonzero(free)
    # PCG64's raw stream is fixed for good, unlike numpy's distributions.
    costs = np.random.PCG64(seed).random_raw(free.size).reshape(free.shape) >> np.uint64(44)

    flow = min_cost_flow.SimpleMinCostFlow()
    heads = shares[np.where(team[rows], 0, 1), columns]
    reading = _arcs(flow, rows, heads, 1, costs[rows, columns].astype(np.int64))
    _arcs(flow, shares.ravel(), np.tile(people, 2), 1 if by_kind else len(cases))
    _arcs(flow, people, np.full(members, people[-1] + 1), 1)
    supplies = np.concatenate(
        [np.full(len(cases), readings), -np.repeat(floors, members), np.full(members, -least),
         [-surplus]]
    )  # fmt: skip
    flow.set_nodes_supplies(np.arange(len(supplies)), supplies)
    if flow.solve() != flow.OPTIMAL:
        return None
    design = np.zeros(free.shape, dtype=bool)
    design[rows, columns] = np.asarray(flow.flows(reading)) > 0
    return design


def _arcs(flow: Any, tails: Any, heads: Any, capacity: int, costs: Any = 0) -> Any:
    size = len(tails)
    return flow.add_arcs_with_capacity_and_unit_cost(
        tails, heads, np.full(size, capacity), np.broadcast_to(costs, size).copy()
    )


def _disconnected(parts: int) -> DesignError:
    return DesignError(
        "评阅分派",
        expected="所有评委经由共同评阅的个案连成一体",
        found=f"评委分成互不相连的 {parts} 组，得分无法相互比较",
        advice="增加每件评阅人数（ruling.readings）或减少评委人数后重新分派",
    )
