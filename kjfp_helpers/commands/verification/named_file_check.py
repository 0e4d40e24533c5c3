"""Compare one file, whatever its name and folder, with all that the ledger recorded."""

from collections.abc import Iterator
from pathlib import Path

from kjfp_helpers.commands.document_writing import WRITERS
from kjfp_helpers.commands.packets.workbook_exchange import ReturnedWorkbook, WorkbookExports
from kjfp_helpers.commands.verification.output_check import (
    DocumentArchive,
    DocumentCheck,
    difference_check,
    site_digests,
)
from kjfp_helpers.core.errors import KjfpError, OutputError, PacketError
from kjfp_helpers.core.events import Event, OutputsRecorded
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.intake.common.resource_limits import MAX_OFFICE_FILE_BYTES
from kjfp_helpers.reports.office.document_comparison import (
    compare_content,
    equal_share,
    read_content,
    text_digest,
)
from kjfp_helpers.reports.office.packets.packet_parser import read_cover
from kjfp_helpers.reports.office.packets.returned_cells import read_cells
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.ledger_heads import find_missing_heads
from kjfp_helpers.state.printed_heads import describe_missing_events, read_printed_heads

_MIN_EQUAL_SHARE = 0.6
"""Share of equal cells or paragraphs from which a file counts as an altered copy."""

Record = tuple[Event, OutputsRecorded]


def check_file(session: RoundSession, archive: DocumentArchive, path: Path) -> DocumentCheck:
    """Compare one file with all that the ledger recorded, by its bytes, then by its content."""
    if not path.is_file():
        return DocumentCheck(differences=(f"{path.name}：找不到这个文件，请核对路径。",))
    try:
        values = {sha256_file(path), text_digest(path)} - {""}
    except OSError:
        return DocumentCheck(differences=(f"{path.name}：不能读取这个文件，请核对权限。",))
    for event, body in reversed(archive.records):
        for name in (name for name, known in body.papers.items() if known in values):
            return DocumentCheck(
                matching=1, notes=(_match_record(archive, path, (event, body), name),)
            )
    for name, value in site_digests(archive).items():
        if value in values:
            return DocumentCheck(matching=1, notes=(f"{path.name}：与展览文件 {name} 相同",))
    return (
        _match_head(session, path)
        or _match_name(archive, path)
        or _match_packet(session, path)
        or _match_content(archive, path)
        or _unknown(path)
    )


def _match_record(archive: DocumentArchive, path: Path, record: Record, name: str) -> str:
    event, body = record
    now = archive.expected_digests(body.command).get(name)
    newer = {None: "；此后已不再需要，是早先的文件", body.papers[name]: ""}.get(
        now, "；此后另有新版，请以新版为准"
    )
    made = f"{event.at:%Y年%m月%d日 %H:%M}"
    return f"{path.name}：与台账第{event.seq}条所记 {name} 相同（{made}生成）{newer}"


def _match_head(session: RoundSession, path: Path) -> DocumentCheck | None:
    """Return that a file comes from a later ledger or from another one; ``None`` where not."""
    later = find_missing_heads(read_printed_heads(path), session.ledger)
    if not later:
        return None
    why = describe_missing_events(session, later[-1])
    return difference_check(path.name, f"出自台账第{later[-1].seq}条，而{why}，请用较晚的台账核对")


def _match_packet(session: RoundSession, path: Path) -> DocumentCheck | None:
    """Compare a member's workbook with the scores in the ledger; ``None`` for other files."""
    if path.suffix.lower() != ".xlsx" or path.stat().st_size > MAX_OFFICE_FILE_BYTES:
        return None
    try:
        read_cover(path.name, read_cells(path.name, path.read_bytes()))
    except PacketError:
        return None
    try:
        returned = ReturnedWorkbook(WorkbookExports(session), path)
    except KjfpError as error:
        return DocumentCheck(differences=(str(error),))
    if faults := returned.reading.faults:
        return DocumentCheck(differences=tuple(f"{path.name} {fault}" for fault in faults))
    who = f"{path.name}：是评委 {returned.member} 的评分表"
    if returned.has_pending_changes():
        return DocumentCheck(differences=(f"{who}，其中的填写与台账所记的评分不同或尚未导入。",))
    return DocumentCheck(matching=1, notes=(f"{who}，固定内容没有改动，填写的内容台账都有",))


def _match_name(archive: DocumentArchive, path: Path) -> DocumentCheck | None:
    """Compare it with every record of a document of its name, the newest first."""
    newest: DocumentCheck | None = None
    for event, body in reversed(archive.records):
        for name in (name for name in body.papers if name.rpartition("/")[2] == path.name):
            check = archive.compare(path, (event, body), name)
            newest = newest or check
            if not check.differences:
                return check
    return newest


def _match_content(archive: DocumentArchive, path: Path) -> DocumentCheck | None:
    """Find the recorded document with the same content, or most of it, under another name."""
    try:
        content = read_content(path)
    except OutputError as error:
        return (
            DocumentCheck(differences=(str(error),)) if path.suffix in (".xlsx", ".docx") else None
        )
    best, best_share = "", _MIN_EQUAL_SHARE
    for name, again in _candidates(archive, path.suffix.lower()):
        expected = read_content(again)
        difference = compare_content(expected, content)
        if difference is None:
            return DocumentCheck(
                matching=1, notes=(f"{path.name}：内容与 {name} 一致，文件经另存",)
            )
        share = equal_share(expected, content)
        if share > best_share:
            best, best_share = f"像是 {name} 的改动件，{difference}", share
    return difference_check(path.name, best) if best else None


def _candidates(archive: DocumentArchive, extension: str) -> Iterator[tuple[str, Path]]:
    """Yield the current documents with a file extension, regenerated."""
    for command in WRITERS:
        record = archive.last_record(command)
        folder = archive.regenerate_document(*record) if record else None
        for name in archive.expected_digests(command) if folder else ():
            if folder and name.endswith(extension) and (folder / name).is_file():
                yield name, folder / name


def _unknown(path: Path) -> DocumentCheck:
    return DocumentCheck(
        differences=(f"{path.name}：台账没有记载这份文件，不能核对，不能作为本轮的文件使用。",)
    )
