"""Ledger heads printed on documents in an output folder: they reveal an older ledger copy.

Every command leaves the head of its own record in ``heads.json``; the decision workbook, its page,
the overall report and members' workbooks print one besides. A ledger that does not hold them is an
earlier copy or another ledger, and what it gives would silently replace later papers.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from kjfp_helpers.core.errors import DifferenceError
from kjfp_helpers.core.events import Event, IntakeRead, MailReceived, OutputsRecorded
from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.state.ledger_heads import Head, find_unknown_heads
from kjfp_helpers.state.session import RoundSession

HEADS = "heads.json"
_PRINTED = (
    "shortlist.xlsx",
    "shortlist.html",
    "reports/overall.html",
    "packets/*.xlsx",
    "meeting/*.docx",
)
"""Papers on which a head is printed."""
_TEXTS = (
    re.compile(r"台账第(\d{1,9})条 ([0-9a-f]{16,64})"),
    re.compile(r"#(\d{1,9}) ([0-9a-f]{64})"),
)
"""How a head is printed; one expression for both would not be searched by its first letters."""
_LARGEST = 64 * 1024 * 1024
"""Bytes of a paper, packed and unpacked, that are read."""


def write_heads(outputs: Path, events: Iterable[Event]) -> None:
    """Leave the heads of the last record of each command beside its papers.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    heads: dict[str, str] = {}
    for event in events:
        if isinstance(event.body, OutputsRecorded):
            heads[event.body.command] = str(Head(event.seq, event.hash))
        elif isinstance(event.body, IntakeRead):
            heads["read"] = str(Head(event.seq, event.hash))
    text = json.dumps(heads, ensure_ascii=False, indent=1, sort_keys=True)
    path = outputs / HEADS
    if not path.exists() or path.read_text("utf-8") != f"{text}\n":
        atomic_write(path, f"{text}\n".encode())


def read_output_heads(outputs: Path) -> dict[Head, str]:
    """Return every head that stands in an output folder, with the file that carries it."""
    found: dict[Head, str] = {}
    for head in _read_heads(outputs / HEADS).values():
        found.setdefault(head, HEADS)
    for pattern in _PRINTED:
        for path in sorted(outputs.glob(pattern)):
            for head in read_printed_heads(path):
                found[head] = path.relative_to(outputs).as_posix()
    return found


def recorded_head(outputs: Path, command: str) -> Head | None:
    """Return the head of the last record of a command beside its papers, ``None`` for none."""
    return _read_heads(outputs / HEADS).get(command)


def _read_heads(path: Path) -> dict[str, Head]:
    """Return the recorded heads by command, as far as the file can be read."""
    try:
        values = dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return {}
    heads = {}
    for command, value in values.items():
        seq, _, digits = str(value).partition(":")
        if seq.isdecimal() and digits:
            heads[command] = Head(int(seq), digits)
    return heads


def read_printed_heads(path: Path) -> list[Head]:
    """Return the heads printed on a paper; none where it cannot be read or is no paper.

    Members' workbooks carry theirs in the properties of the file.
    """
    from kjfp_helpers.intake.files.zip_archives import CORRUPT_ZIP_ERRORS, TooManyEntries

    try:
        state = path.stat()
        return list(_printed(path, state.st_mtime_ns, state.st_size))
    except (*CORRUPT_ZIP_ERRORS, TooManyEntries):
        return []


@lru_cache(maxsize=1024)
def _printed(path: Path, _changed: int, size: int) -> tuple[Head, ...]:
    """Look a file through once, as long as it stands unchanged."""
    texts = _texts(path) if size <= _LARGEST else ()
    found = {match for text in texts for one in _TEXTS for match in one.findall(text)}
    return tuple(sorted(Head(int(seq), digits) for seq, digits in found))


def _texts(path: Path) -> Iterator[str]:
    if path.suffix.lower() in (".html", ".txt"):
        yield path.read_text("utf-8", errors="replace")
        return
    from kjfp_helpers.intake.files.ooxml_package import OfficePackage  # loads lxml

    package = OfficePackage(path.read_bytes())
    if package.has_overlapping_parts or package.declared_bytes > _LARGEST:
        return
    for part in package.part_names:
        if part.endswith(".xml"):
            yield (package.read_part(part, _LARGEST) or b"").decode("utf-8", errors="replace")


def require_known_heads(session: RoundSession) -> None:
    """Refuse to replace papers that were made from a later state of the ledger.

    A rehearsal that was made anew may replace the papers of the one before it.

    Raises
    ------
    DifferenceError
        Naming the papers, what the ledger lacks, and the two ways on.
    """
    carried = read_output_heads(session.outputs)
    unknown = find_unknown_heads(carried, session.ledger)
    if not unknown or (session.round.rehearsal and _is_unused(session)):
        return
    last = unknown[-1]
    missing = describe_missing_events(session, last)
    raise DifferenceError(
        f"输出文件夹中的 {carried[last]}",
        expected="出自本台账",
        found=f"出自台账第{last.seq}条（{last.hash[:16]}），{missing}",
        advice=(
            "换回较晚的台账（完整的备份）；"
            f"确需沿用本台账的，运行 kjfp resume {session.round.name} 由两人记入台账"
        ),
    )


def _is_unused(session: RoundSession) -> bool:
    return not session.ledger.events().has(MailReceived)


def describe_missing_events(session: RoundSession, head: Head) -> str:
    """Say in Chinese how the ledger differs from a head that it does not hold."""
    last, _ = session.ledger.head()
    if head.seq > last:
        return f"本台账只有{last}条，是较早的备份"
    digits = session.ledger.hashes_of([head.seq])[head.seq][:16]
    return f"本台账第{head.seq}条的校验值是{digits}，不是同一份台账"
