"""``kjfp archive``: a round in open formats for thirty years, and its identities apart from it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from kjfp_helpers.commands.archive.archive_guide import write_guide
from kjfp_helpers.commands.archive.archive_index import (
    list_pieces,
    piece_papers,
    with_pages,
    write_index,
)
from kjfp_helpers.commands.archive.archive_layout import (
    ABOUT,
    DATABASE,
    IDENTITIES,
    LEDGER,
    PAPERS,
    VAULT_MANIFEST,
    VAULT_SUFFIX,
    ArchiveInfo,
    list_files,
)
from kjfp_helpers.commands.archive.archive_ledger import open_snapshot
from kjfp_helpers.commands.archive.archive_manifest import write_manifest
from kjfp_helpers.commands.archive.archive_papers import CopiedPapers, copy_papers, print_papers
from kjfp_helpers.commands.archive.archive_records import (
    write_ledger,
    write_records,
    write_rules,
)
from kjfp_helpers.commands.archive.identity_vault import (
    Identities,
    list_private_files,
    write_archive_zip,
)
from kjfp_helpers.commands.archive.program_copy import copy_program
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.commands.verification.output_check import shorten_list
from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.core.events import ArchiveMade
from kjfp_helpers.infra.atomic_files import moved_together, output_errors, sha256_file
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.intake.files.libreoffice import find_libreoffice
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.publication.commendations import standing_commendation

ZIP = ".zip"
ARCHIVES = "archives"
"""Folder beside the outputs of a round for archives that were given no place."""


def make_archive(
    session: RoundSession,
    on_progress: ProgressCallback,
    *,
    target: Path | None = None,
    prints: bool = True,
) -> StepResult:
    """Write the archive and beside it the vault of identities; record both by their hashes.

    Parameters
    ----------
    session, on_progress
        The round, and the progress callback.
    target : Path, optional
        A folder that does not exist yet, or a file that ends with ``.zip``; by default a folder of
        the day beside the outputs.
    prints : bool
        Whether to print papers as PDF/A, where LibreOffice is installed.

    Raises
    ------
    OutputError
        When something of that name is there, or it cannot be written.
    LedgerBroken
        When the chain of the ledger does not hold.
    """
    places = () if target else (f"档案存于输出文件夹旁的 {ARCHIVES}/，请移到保管的介质上",)
    target = (target or _default_target(session)).absolute()
    name = target.name.removesuffix(ZIP)
    vault, draft = target.with_name(f"{name}{VAULT_SUFFIX}"), target.with_name(f".{name}.part")
    _require_new(target, vault)
    _require_apart(session, target)
    try:
        with output_errors(target):
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(parents=True)
            with open_snapshot(session, draft / DATABASE) as snapshot:
                result, made = _fill(snapshot, on_progress, draft / name, vault.name, prints)
            if target.suffix == ZIP:
                files = list(list_files(draft / name))
                entries = ((path.relative_to(draft).as_posix(), path) for path in files)
                write_archive_zip(draft / target.name, entries)
            with moved_together(draft, vault, target):
                session.record(made)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return replace(result, notes=(*result.notes, *places, *_later_lines(session, made)))


def _later_lines(session: RoundSession, made: ArchiveMade) -> Iterator[str]:
    """Yield in Chinese what was recorded while the archive was made, and is not in it."""
    later = [
        event.seq for event in session.events() if event.seq > made.until and event.body != made
    ]
    if later:
        yield (
            f"归档期间台账新增{len(later)}条（第{later[0]}至{later[-1]}条），不在这份档案里："
            f"档案内容截至第{made.until}条，需要收入的请再归档一次"
        )


def _fill(
    session: RoundSession, on_progress: ProgressCallback, folder: Path, vault: str, prints: bool
) -> tuple[StepResult, ArchiveMade]:
    on_progress(0, 6)
    folder.mkdir()
    state = session.current_state()
    identities = Identities(session.load_intake(), state.events, session.round.texts.values())
    until, head = session.ledger.head()
    write_rules(session, folder)
    withheld = write_ledger(session, state, identities, folder)
    on_progress(1, 6)
    tables = write_records(session, state, identities, folder)
    on_progress(2, 6)
    copied = copy_papers(session, state.events, identities, folder)
    papers = [path.relative_to(folder / PAPERS).as_posix() for path in list_files(folder / PAPERS)]
    pieces = list_pieces(state, papers)
    on_progress(3, 6)
    pages = print_papers(folder, piece_papers(pieces, state.events)) if prints else {}
    count = write_index(state, with_pages(pieces, pages), folder)
    copy_program(folder)
    on_progress(4, 6)
    about = state.round.notice.round
    info = ArchiveInfo(
        round=session.round.name,
        title=about.title,
        office=about.office,
        until=until,
        head=head,
        withheld=withheld,
        vault=vault,
        tables=tables,
    )
    (folder / ABOUT).write_bytes(info.to_bytes())
    write_guide(state, info, folder)
    place = folder.parent / vault
    entries = _vault_entries(session, identities, withheld, copied.private, folder)
    write_archive_zip(place, entries, private=True)
    on_progress(5, 6)
    sealed = sha256_file(place)
    (folder / VAULT_MANIFEST).write_bytes(f"{sealed}  ../{vault}\n".encode())
    manifest = write_manifest(folder)
    on_progress(6, 6)
    notes = [
        f"{folder.name}：归档文件{count}件，文件{len(papers)}份，PDF/A {len(pages)}份，"
        f"数据表{len(tables)}张，台账至第{until}条",
        f"{vault}：号码、原始邮件、异议署名，请另行保管",
        f"移交清单请抄：manifest.sha256 校验值 {manifest}；身份信息卷 {sealed}",
        *_lacking_lines(state, withheld, copied, prints),
    ]
    made = ArchiveMade(name=folder.name, manifest=manifest, vault=sealed, until=until)
    return StepResult(count, notes=tuple(notes)), made


def _vault_entries(
    session: RoundSession,
    identities: Identities,
    withheld: tuple[int, ...],
    private: dict[str, Path],
    folder: Path,
) -> Iterator[tuple[str, Path | bytes]]:
    yield IDENTITIES, identities.table()
    if withheld:
        lines = (text for row, text in session.ledger.hashed_lines() if row.seq in withheld)
        yield f"{LEDGER}/withheld.jsonl", "".join(f"{line}\n" for line in lines).encode()
        yield f"{LEDGER}/{DATABASE}", folder.parent / DATABASE
    for name, path in private.items():
        yield f"{PAPERS}/{name}", path
    yield from list_private_files(session.round.folder)


def _lacking_lines(
    state: RoundState, withheld: tuple[int, ...], copied: CopiedPapers, prints: bool
) -> Iterator[str]:
    """Yield in Chinese what an archive lacks or holds elsewhere."""
    if standing_commendation(state.events) is None:
        yield "本轮还没有现行的表扬决定：办结后请再归档一次"
    if withheld:
        yield f"台账第{'、'.join(map(str, withheld))}条含号码或异议内容，原文和数据库在身份信息卷"
    told = (
        (list(copied.private), "含号码的文件{}份在身份信息卷"),
        (copied.missing, "台账记有而输出文件夹里没有的文件{}份没有归档，请重新生成后再归档一次"),
        (copied.altered, "与台账所记校验值不符的文件{}份按现状归档，请核对是否有人改动"),
        (copied.strays, "台账没有记载的文件{}份没有归档"),
    )
    for names, text in told:
        if names:
            yield f"{text.format(len(names))}：{shorten_list(names)}"
    if prints and find_libreoffice() is None:
        yield "没有安装 LibreOffice，未打印 PDF/A；文件原样仍在 papers/"


def _default_target(session: RoundSession) -> Path:
    """Return a folder for the archive of today that is not there yet."""
    folder, stem = session.outputs.parent / ARCHIVES, f"{session.round.name}-{session.now():%Y%m%d}"
    for number in count(1):
        name = stem if number == 1 else f"{stem}-{number}"
        places = (folder / name, folder / f"{name}{ZIP}", folder / f"{name}{VAULT_SUFFIX}")
        if not any(place.exists() for place in places):
            break
    return places[0]


def _require_new(*paths: Path) -> None:
    for path in paths:
        if path.exists():
            raise OutputError(
                f"档案 {path.name}",
                expected="还没有的名称",
                found="已有",
                advice="另取名称；已有的档案没有改动",
            )


def _require_apart(session: RoundSession, target: Path) -> None:
    """Refuse an archive within the round or its outputs: the next one would take it along."""
    inside = (session.round.folder.resolve(), session.outputs.resolve())
    if any(target.resolve().is_relative_to(folder) for folder in inside):
        raise OutputError(
            f"档案 {target.name}",
            expected="轮次文件夹和输出文件夹以外的位置",
            found="在其中",
            advice="另指文件夹",
        )
