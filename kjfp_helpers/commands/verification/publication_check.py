"""Compare notices, decisions and the files of objections with the ledger: by hash, all of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from kjfp_helpers.commands.verification.output_check import DocumentCheck
from kjfp_helpers.core.events import Event, EventLog, ObjectionReceived, ObjectionReplied
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.publication.commendations import (
    IssuedCommendation,
    list_commendations,
)
from kjfp_helpers.state.publication.objection_files import FOLDER, ObjectionFiles
from kjfp_helpers.state.publication.published_notices import PublishedNotice, list_notices


def check_publications(session: RoundSession, events: Sequence[Event]) -> DocumentCheck:
    """Return what is equal, altered or missing of notices, decisions and files of objections."""
    total = DocumentCheck()
    for one, issued in _list_issued(events):
        for name, sha256 in one.body.files.items():
            path, title = session.outputs / name, f"{issued}（{name}）"
            if not path.is_file():
                line = f"{title}：发布的文件不见了，请从备份恢复"
                total += DocumentCheck(missing=(name,), unchecked=(line,))
            elif sha256_file(path) != sha256:
                total += DocumentCheck(differences=(f"{title}：与发布时不同",))
            else:
                total += DocumentCheck(matching=1)
    return total + _check_objections(session, EventLog(events))


def match_published_file(events: Sequence[Event], path: Path) -> DocumentCheck | None:
    """Return that a file in hand is one of a published notice, ``None`` where it is none."""
    try:
        value = sha256_file(path) if path.is_file() else ""
    except OSError:
        return None
    for one, issued in _list_issued(events):
        if value in one.body.files.values():
            state = "，已撤回" if one.withdrawn else ""
            said = f"与{issued}的文件相同（{one.body.day}）{state}"
            return DocumentCheck(matching=1, notes=(f"{path.name}：{said}",))
    return None


def _list_issued(
    events: Sequence[Event],
) -> Iterator[tuple[PublishedNotice | IssuedCommendation, str]]:
    """Yield every notice and every decision with what it is called."""
    for notice in list_notices(events):
        yield notice, f"第{notice.body.version}版公示"
    for decision in list_commendations(events):
        yield decision, f"第{decision.body.version}版表扬决定"


def _check_objections(session: RoundSession, events: EventLog) -> DocumentCheck:
    files = ObjectionFiles(session.round.folder)
    entered = events.bodies(ObjectionReceived)
    has_files = any(body.identity or body.evidence for body in entered)
    if has_files and not files.folder.is_dir():
        line = f"异议的署名、证明材料和答复：轮次文件夹中没有 {FOLDER}（另行保管的，在原处核对）"
        return DocumentCheck(unchecked=(line,))
    altered = tuple(
        line
        for body in entered
        for line in files.find_altered(body.number, body.identity, body.evidence)
    )
    return DocumentCheck(differences=(*altered, *_altered_replies(session, events)))


def _altered_replies(session: RoundSession, events: EventLog) -> Iterator[str]:
    for body in events.bodies(ObjectionReplied):
        path = session.round.folder / body.path
        if not path.is_file():
            yield f"第{body.number}号异议的答复不见了"
        elif sha256_file(path) != body.sha256:
            yield f"第{body.number}号异议的答复有改动"
