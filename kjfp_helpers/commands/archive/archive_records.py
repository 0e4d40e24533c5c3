"""Records of an archive: the ledger, the round's frames and the forms, in open formats."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from kjfp_helpers.commands.archive.archive_layout import DATABASE, LEDGER, LINES, RECORDS, RULES
from kjfp_helpers.commands.archive.identity_vault import Identities
from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.events import ObjectionInquired, ObjectionReceived
from kjfp_helpers.core.records import NOMINEE_KINDS
from kjfp_helpers.library.column_reference import frames_page
from kjfp_helpers.library.frames.frame_builders import BUILDERS
from kjfp_helpers.library.round_frames import RoundFrames
from kjfp_helpers.library.schemas.frame_catalogue import BY_KIND
from kjfp_helpers.reports.office.registers.daily_heads_page import write_daily_heads
from kjfp_helpers.reports.office.registers.event_log_workbook import write_event_log
from kjfp_helpers.state import RoundSession, RoundState

_CONFIDENTIAL_KINDS = (ObjectionReceived.__name__, ObjectionInquired.__name__)
"""Events that may tell who objected."""
_UNRECORDED = ("sensitivity", "reweighted", "events")
"""Frames that follow from others, or that the ledger itself holds."""
FORMS, EXCLUDED = "forms.json", "excluded_scores"


def write_rules(session: RoundSession, folder: Path) -> None:
    """Write the rule files, each in UTF-8 as freezing hashes it; the calendar is among them."""
    (folder / RULES).mkdir()
    for name, text in sorted(session.round.texts.items()):
        (folder / RULES / name).write_bytes(text.encode())


def write_ledger(
    session: RoundSession, state: RoundState, identities: Identities, folder: Path
) -> tuple[int, ...]:
    """Write the ledger as lines of text, as SQLite and in plain Chinese.

    A line is the text whose SHA-256 is the hash of the event, so that ``sha256sum`` alone checks
    the chain. Of an event that holds a personal number, or may tell who objected, only the hash is
    written; then the database is left out too.

    Returns
    -------
    tuple of int
        Numbers of the events that are withheld.
    """
    place, withheld, lines = folder / LEDGER, [], []
    place.mkdir()
    for row, text in session.ledger.hashed_lines():
        if row.kind in _CONFIDENTIAL_KINDS or identities.occur_in(text.encode()):
            withheld.append(row.seq)
            text = json.dumps({"withheld": row.seq, "hash": row.hash})
        lines.append(f"{text}\n")
    (place / LINES).write_bytes("".join(lines).encode())
    if not withheld:
        session.ledger.copy_to(place / DATABASE)
    write_event_log(state, place / "台账.xlsx")
    write_daily_heads(state, place / "台账每日校验值签字页.docx")
    return tuple(withheld)


def write_records(
    session: RoundSession, state: RoundState, identities: Identities, folder: Path
) -> tuple[str, ...]:
    """Write every frame as CSV and as JSON, and the forms; return the names of the frames."""
    place = folder / RECORDS
    place.mkdir()
    frames = RoundFrames(session.round, session.outputs, session=session)
    tables = {name: _read_frame(frames, name) for name in BUILDERS if name not in _UNRECORDED}
    tables["units"] = frames.frame("units")
    tables[EXCLUDED] = _tabulate_excluded(state)
    for name, table in sorted(tables.items()):
        if table is not None:
            _write_table(table, place / name)
    forms = [identities.without_numbers(record) for record in state.submissions.arrived]
    (place / FORMS).write_text(_to_json(forms), "utf-8")
    (place / "字段说明.md").write_text(frames_page(), "utf-8")
    return tuple(name for name, table in sorted(tables.items()) if table is not None)


def _read_frame(frames: RoundFrames, name: str) -> pd.DataFrame | None:
    """Return a frame, of both kinds where it is asked for by kind; ``None`` where there is none."""
    if name not in BY_KIND:
        try:
            return frames.frame(name)
        except KjfpError:
            return None
    tables = []
    for kind in NOMINEE_KINDS:
        try:
            tables.append(frames.frame(name, kind).assign(kind=kind))
        except KjfpError:
            continue
    return pd.concat(tables, ignore_index=True) if tables else None


def _tabulate_excluded(state: RoundState) -> pd.DataFrame:
    """Return ``member case reason seq`` of the last scores that do not count."""
    tables = state.scores.tables
    parts = (
        tables.excluded,
        tables.unfinished.assign(reason="没有评完：" + tables.unfinished["missing"]),
        tables.late.assign(reason="截止以后给的"),
    )
    columns: Sequence[str] = ["member", "case", "reason", "seq"]
    return pd.concat([part[columns] for part in parts], ignore_index=True)


def _write_table(table: pd.DataFrame, stem: Path) -> None:
    path = stem.with_suffix(".csv")
    path.write_bytes(table.to_csv(index=False, lineterminator="\n").encode("utf-8-sig"))
    rows = json.loads(table.to_json(orient="records", date_format="iso", force_ascii=False))
    stem.with_suffix(".json").write_text(_to_json(rows), "utf-8")


def _to_json(rows: Any) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=1, default=str) + "\n"
