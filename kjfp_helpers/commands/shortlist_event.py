"""Build the shortlist event: one digest per selection step."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

import pandas as pd

from kjfp_helpers.core.events import ShortlistComputed, to_payload
from kjfp_helpers.state import RoundState

LIST_STEP_TITLES: Mapping[str, str] = {
    "eligible": "合格名单",
    "marks": "评分",
    "ranking": "名次",
    "ballots": "投票表决",
}
"""Steps before the list, in the order in which they are derived."""


def shortlist_event(state: RoundState) -> ShortlistComputed:
    """Return the event with the digest of a list: status, place and value to six decimals."""
    table = state.decision.shortlist
    on_list = state.decision.listed.sort_values("place")
    names = {kind: tuple(rows["case"]) for kind, rows in on_list.groupby("kind")}
    return ShortlistComputed(
        digest=_list_digest(table),
        team=names.get("team", ()),
        individual=names.get("individual", ()),
        steps={step: _step_digest(state, step) for step in LIST_STEP_TITLES},
    )


def _list_digest(table: pd.DataFrame) -> str:
    columns = ["kind", "status", "place", "case", "value"]
    rows = table[columns].sort_values(["kind", "case"]).astype(object)
    plain = [[None if pd.isna(cell) else cell for cell in row] for row in rows.to_numpy().tolist()]
    lines = [[*row[:4], None if row[4] is None else f"{row[4]:.6f}"] for row in plain]
    return hashlib.sha256(json.dumps(lines, default=float).encode()).hexdigest()


def _step_digest(state: RoundState, step: str) -> str:
    if step == "eligible":
        return _digest([case.id, case.unit, case.name] for case in state.screening.eligible_cases)
    if step == "marks":
        return _table_digest(state.scores.tables.totals, ["kind", "case", "member", "total"])
    if step == "ranking":
        tables = [
            ranking.table.assign(kind=kind)
            for kind, ranking in sorted(state.scores.rankings.items())
        ]
        return _table_digest(pd.concat(tables), ["kind", "case", "rank", "value"])
    return _digest(
        [
            to_payload(ballot.opened),  # as recorded: without fields that it got later
            ballot.state,
            {case: asdict(tally) for case, tally in ballot.tallies.items()},
        ]
        for ballot in state.decision.ballots
    )


def _table_digest(table: pd.DataFrame, columns: list[str]) -> str:
    """Return the hash of some columns in the order of kind, case and the rest."""
    by = [name for name in ("kind", "case", "member") if name in columns]
    rows = table[columns].sort_values(by).astype(object)
    return _digest(
        [
            f"{cell:.6f}"
            if isinstance(cell, float) and cell == cell
            else None
            if pd.isna(cell)
            else cell
            for cell in row
        ]
        for row in rows.to_numpy().tolist()
    )


def _digest(lines: Iterable[object]) -> str:
    plain = json.dumps(list(lines), ensure_ascii=False, sort_keys=True, default=float)
    return hashlib.sha256(plain.encode()).hexdigest()
