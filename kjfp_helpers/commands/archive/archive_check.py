"""``kjfp verify ARCHIVE``: an archive verified by itself, with its vault from the mail on."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kjfp_helpers.commands.archive.archive_layout import (
    ABOUT,
    DATABASE,
    LEDGER,
    PAPERS,
    RULES,
    VAULT_MANIFEST,
    ArchiveInfo,
    list_files,
    read_info,
)
from kjfp_helpers.commands.archive.archive_ledger import (
    ArchivedLedger,
    compare_database,
    read_ledger,
)
from kjfp_helpers.commands.archive.archive_manifest import compare_manifest, read_manifest
from kjfp_helpers.commands.archive.archive_papers import recorded_papers
from kjfp_helpers.commands.archive.archive_tables_check import (
    check_lists,
    check_scores,
    compare_tables,
)
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.commands.verification.intake_check import verification_error
from kjfp_helpers.commands.verification.output_check import shorten_list
from kjfp_helpers.commands.verification.round_verification import verify
from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.core.events import EventLog
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.ledger_heads import parse_head


def require_archive(path: Path) -> None:
    """Stop unless a path is an archive of this program: a folder, or a zip of one.

    Raises
    ------
    OutputError
    """
    if path.is_dir():
        read_info(path)
        return
    if path.is_file() and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            if any(name.endswith(f"/{ABOUT}") for name in archive.namelist()):
                return
    raise OutputError(
        path.name,
        expected="kjfp archive 所做的档案",
        found="没有找到" if not path.exists() else "别的文件",
        advice="核对路径",
    )


def verify_archive(
    path: Path,
    on_progress: ProgressCallback,
    *,
    vault: Path | None = None,
    heads: Sequence[str] = (),
) -> StepResult:
    """Verify manifest, chain, papers, scores and lists; with the vault, derive everything again.

    Nothing is written beside the archive, so that it may lie on a read-only medium.

    Parameters
    ----------
    path : Path
        The archive.
    vault : Path, optional
        The vault; by default the one beside the archive, if it is there.
    heads : sequence of str
        Heads printed on documents, as ``number:hash``.

    Raises
    ------
    DifferenceError
        At the first thing that differs in ledger, scores or lists.
    OutputError
        When it is no whole archive.
    """
    with _opened(path) as folder:
        info, done, unchecked = read_info(folder), list[str](), list[str]()
        matching, differences, more = compare_manifest(folder)
        done.append(f"清单{matching}个文件")
        unchecked += more
        ledger = read_ledger(folder)
        _require_head(info, ledger, heads)
        done.append(f"台账{ledger.head[0]}条，末条校验值{ledger.head[1][:16]}")
        if compare_database(folder, ledger):
            done.append("数据库与文本")
        papers, changed, missing = _compare_papers(folder, ledger.events)
        differences += changed
        done.append(f"文件{papers}份")
        done.append(f"评分{check_scores(folder, ledger.events)}份和平均分")
        done.append(f"名单{check_lists(folder, ledger.events)}个")
        tables, incomplete = compare_tables(folder, info.tables, ledger.events)
        differences += incomplete
        done.append(f"数据表{tables}张")
        if missing:
            unchecked.append(f"台账记有而没有归档的文件{len(missing)}份（{shorten_list(missing)}）")
        place = vault or path.absolute().parent / info.vault
        if place.is_file():
            whole = _verify_whole(folder, info, place, on_progress)
            notes, differences = [*whole.notes], [*differences, *whole.failed]
            skipped = whole.skipped
        else:
            notes, skipped = [], 1
            unchecked.append(
                f"身份信息卷不在这里（{info.vault}）：来件、资格、回避、分派和名次没有从头复算"
            )
    lines = (
        ("档案不符，已核对：" if differences else "档案一致：") + "、".join(done),
        *notes,
        *(f"未核对：{line}" for line in unchecked),
    )
    return StepResult(len(done), skipped, tuple(differences), lines)


@contextmanager
def _opened(path: Path) -> Iterator[Path]:
    """Yield the folder of an archive; a zip is unpacked elsewhere."""
    if path.is_dir():
        yield path
        return
    with tempfile.TemporaryDirectory() as scratch:
        _unpack(path, Path(scratch))
        found = [one.parent for one in Path(scratch).glob(f"*/{ABOUT}")]
        if not found:
            raise OutputError(path.name, expected="档案", found="别的压缩文件", advice="核对路径")
        yield found[0]


def _unpack(path: Path, folder: Path) -> None:
    """Unpack a zip that has room on the disk; its names never lead out of the folder."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(info.file_size for info in archive.infolist())
            if size > shutil.disk_usage(folder).free:
                raise OutputError(
                    path.name,
                    expected="临时文件夹放得下",
                    found=f"需要{size // 1_000_000 + 1} MB",
                    advice="腾出磁盘空间，或用 TMPDIR 另指临时文件夹",
                )
            archive.extractall(folder)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
        raise OutputError(
            path.name, expected="完整的压缩文件", found="打不开", advice="用另一份副本"
        ) from error


def _require_head(info: ArchiveInfo, ledger: ArchivedLedger, heads: Sequence[str]) -> None:
    if ledger.head != (info.until, info.head):
        found = f"第{ledger.head[0]}条（{ledger.head[1][:16]}）"
        raise verification_error("台账末条", f"第{info.until}条（{info.head[:16]}）", found)
    for head in map(parse_head, heads):
        known = ledger.hashes[head.seq - 1] if head.seq <= len(ledger.hashes) else ""
        if not known.startswith(head.hash):
            found = known[:16] or "没有这一条"
            raise verification_error(f"台账第{head.seq}条", f"校验值{head.hash}", found)


def _compare_papers(folder: Path, events: EventLog) -> tuple[int, list[str], list[str]]:
    """Return how many papers are as recorded, what differs and what is not here."""
    matching, differences, missing = 0, list[str](), list[str]()
    for name, value in sorted(recorded_papers(events).items()):
        path = folder / PAPERS / name
        if not path.is_file():
            missing.append(name)
        elif sha256_file(path) == value:
            matching += 1
        else:
            differences.append(f"{name}：与台账所记的校验值不符")
    return matching, differences, missing


def _verify_whole(
    folder: Path, info: ArchiveInfo, vault: Path, on_progress: ProgressCallback
) -> StepResult:
    """Put the round together from archive and vault, and verify it from the mail on."""
    sealed = next(iter(read_manifest(folder / VAULT_MANIFEST).values()), "")
    if sha256_file(vault) != sealed:
        raise verification_error(f"身份信息卷 {vault.name}", f"校验值{sealed[:16]}", "不同")
    with tempfile.TemporaryDirectory() as scratch:
        round_folder = Path(scratch) / "data" / info.round
        round_folder.mkdir(parents=True)
        _unpack(vault, round_folder)
        for path in list_files(folder / RULES):
            shutil.copyfile(path, round_folder / path.name)
        database = folder / LEDGER / DATABASE
        shutil.copyfile(
            database if database.is_file() else round_folder / LEDGER / DATABASE,
            round_folder / DATABASE,
        )
        outputs = folder / PAPERS
        if (round_folder / PAPERS).is_dir():  # some papers are in the vault
            outputs = Path(scratch) / "outputs"
            shutil.copytree(folder / PAPERS, outputs)
            shutil.copytree(round_folder / PAPERS, outputs, dirs_exist_ok=True)
        session = RoundSession.open(round_folder, outputs, readonly=True)
        try:
            return verify(session, on_progress)
        finally:
            session.close()
