"""The public notice (公示): only written for a final list; a superseded one is archived."""

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from kjfp_helpers import reports
from kjfp_helpers.core.events import Event, EventLog, OutputsRecorded
from kjfp_helpers.infra.atomic_files import atomic_write, output_errors
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.secretary.list_status import ListStatus
from kjfp_helpers.state.secretary.publication_gates import draft_line, is_ready, list_gates

NOTICE = ("publication.docx", "publication.xlsx")
WITHDRAWN = "withdrawn"
"""Folder of the outputs for superseded notices."""
DRAFT_MARK = "草案，不得公布"
"""Text on a notice of an earlier version whose list was a draft."""
NOTICE_NOT_WRITTEN = (
    "公示件未生成：名单还是草案。办结上列各项；确不能办的，由两人在“结果与入围”页“作出决定”里"
    "写明理由和文件逐项放行，再运行 kjfp shortlist"
)


def write_notice(state: RoundState, folder: Path) -> list[Path]:
    """Write the notice where it may be published, else remove it; return the paths written."""
    if is_ready(state) and not state.round.notice.office.lacking:
        reports.write_public_notice(state, folder)
        return [folder / name for name in NOTICE]
    with output_errors(folder):
        for name in NOTICE:
            (folder / name).unlink(missing_ok=True)
    return []


def read_notice(folder: Path) -> dict[str, bytes]:
    """Return the files of the notice in the outputs, by name."""
    paths = [folder / name for name in NOTICE]
    return {path.name: path.read_bytes() for path in paths if path.is_file()}


def describe_stale_notice(state: RoundState, folder: Path) -> str:
    """Return in Chinese that there is a notice although the list is a draft; blank for none."""
    line = draft_line(list_gates(state))
    standing = [name for name in NOTICE if (folder / name).is_file()]
    if not line or not standing:
        return ""
    return f"{'、'.join(standing)}：生成以后名单成了草案（{line}）。请重新运行 kjfp shortlist"


def archive_superseded_notices(session: RoundSession, before: Mapping[str, bytes]) -> list[str]:
    """Keep a copy of each notice that was replaced or withdrawn; return their names.

    One that is marked as a draft was not for publication, and is not kept.
    """
    now, events = read_notice(session.outputs), session.ledger.events()
    kept = []
    for name, content in before.items():
        if now.get(name) == content or _is_draft(content):
            continue
        stem, _, ending = name.partition(".")
        path = session.outputs / WITHDRAWN / f"{stem}-{_recording_event(events, content)}.{ending}"
        atomic_write(path, content)
        kept.append(f"{WITHDRAWN}/{path.name}")
    return kept


def shortlist_notes(round_state: RoundState, counted: str, kept: list[str]) -> Iterator[str]:
    """Yield the lines about a list: whether it is a draft, its counts, and what is open."""
    state = ListStatus.of(round_state)
    if state.draft:
        yield state.draft
    yield counted
    yield from state.waived
    for gate in state.gates:
        if gate.blocks:
            which = f"（{'、'.join(gate.open)}）" if gate.total > 1 else ""
            yield f"未办：{gate.lacking}{which}，{gate.advice}"
    if state.moved:
        yield state.moved
    if state.changed:
        yield f"决定名单与计算名单有{len(state.changed)}处不同，见 shortlist.xlsx“决定与计算”"
    if kept:
        yield f"先前的公示件不再有效，已移到 {'、'.join(kept)}"
    if lacking := round_state.round.notice.office.lacking:
        lack = f"notice.toml [office] 没有{'、'.join(lacking)}"
        yield f"公示件未生成：{lack}，补入后再运行 kjfp shortlist"
    else:
        yield NOTICE_NOT_WRITTEN if state.draft else "公示件：publication.docx、publication.xlsx"


def _recording_event(events: Sequence[Event], content: bytes) -> int:
    """Return the number of the last event that recorded a document, 0 for none."""
    value = hashlib.sha256(content).hexdigest()
    number = 0
    for event in EventLog(events).of(OutputsRecorded):
        if value in event.body.papers.values():
            number = event.seq
    return number


def _is_draft(content: bytes) -> bool:
    """Return whether a notice is marked as a draft; False where it cannot be read."""
    try:
        with ZipFile(io.BytesIO(content)) as pack:
            texts = (pack.read(part).decode("utf-8", "replace") for part in pack.namelist())
            return any(DRAFT_MARK in unescape(text) for text in texts)
    except BadZipFile:
        return False
