"""Compare published notices and the files of objections with the ledger: by hash, all of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from kjfp_helpers.commands.verification.output_check import DocumentCheck
from kjfp_helpers.core.events import Event, EventLog, ObjectionReceived, ObjectionReplied
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.publication.objection_files import FOLDER, ObjectionFiles
from kjfp_helpers.state.publication.published_notices import list_notices


def check_publications(session: RoundSession, events: Sequence[Event]) -> DocumentCheck:
    """Return what is equal, altered or missing of notices, evidence, identities and replies."""
    total = DocumentCheck()
    for notice in list_notices(events):
        for name, sha256 in notice.body.files.items():
            path, title = session.outputs / name, f"第{notice.body.version}版公示（{name}）"
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
    for notice in list_notices(events):
        if value in notice.body.files.values():
            state = "，已撤回" if notice.withdrawn else ""
            said = f"与第{notice.body.version}版公示发布的文件相同（{notice.body.day}起）{state}"
            return DocumentCheck(matching=1, notes=(f"{path.name}：{said}",))
    return None


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
