"""Members' packets: write notebooks, export workbooks, import returned workbooks."""

from collections.abc import Sequence
from pathlib import Path

from kjfp_helpers import reports
from kjfp_helpers.commands.packets.workbook_exchange import (
    Drafts,
    ReturnedWorkbook,
    WorkbookExports,
)
from kjfp_helpers.commands.steps.assignment_making import members_with_readings
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.errors import PacketError, ParameterError
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.infra.atomic_files import atomic_write, output_errors
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.intake.common.unsafe_text_checks import is_system_file
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.packets.packet_conflicts import (
    MergeConflict,
    format_conflict_lines,
    write_conflict_workbook,
)
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.frozen_rules import require_frozen_rules

FOLDER, CONFLICTS = "packets", "conflicts.xlsx"


def issue_notebooks(
    session: RoundSession, on_progress: ProgressCallback, *, members: Sequence[str] = ()
) -> StepResult:
    """Write members' notebooks, also again at any time: scores are in the ledger alone.

    Raises
    ------
    PacketError
        When nothing is assigned yet.
    ParameterError
        When a member is unknown or reads nothing.
    """
    made = reports.write_packet_notebooks(session, _choose_members(session, members), on_progress)
    return StepResult(made=len(made), notes=(f"评分笔记本在 {FOLDER}/",))


def export_workbooks(
    session: RoundSession, on_progress: ProgressCallback, *, members: Sequence[str] = ()
) -> StepResult:
    """Write members' workbooks; one with entries that are not yet imported is not replaced.

    Raises
    ------
    PacketError
        When nothing is assigned yet.
    ParameterError
        When a member is unknown or reads nothing.
    """
    chosen, exports, failed = _choose_members(session, members), WorkbookExports(session), []
    seq = exports.events[-1].seq
    for done, member in enumerate(chosen, start=1):
        path = session.outputs / FOLDER / f"{member}.xlsx"
        if path.exists() and not _can_replace(exports, path):
            failed.append(
                f"{FOLDER}/{path.name}：其中可能有尚未导入的填写，未覆盖。请先导入，或移走后重试。"
            )
        else:
            atomic_write(path, exports.export_workbook(member, seq))
        on_progress(done, len(chosen))
    notes = (f"评分表在 {FOLDER}/，台账至第{seq}号",)
    return StepResult(made=len(chosen) - len(failed), failed=tuple(failed), notes=notes)


def import_workbooks(
    session: RoundSession,
    on_progress: ProgressCallback,
    *,
    files: Sequence[Path],
    prefer_files: Sequence[Path] = (),
    is_preview: bool = False,
) -> StepResult:
    """Import filled-in workbooks: what a member changed since the export, and nothing else.

    A case that the ledger changed meanwhile, or in which the file leaves blank what the ledger
    holds, is a conflict: it is reported and not recorded, unless its file is in ``prefer_files``.
    Other files, which a shell pattern may include, are skipped. A preview tells the same and
    records nothing, nor writes the list of the conflicts.
    """
    exports, preferred = WorkbookExports(session), {path.resolve() for path in prefer_files}
    paths = {path.resolve(): path for path in (*files, *prefer_files)}
    skipped = {key: why for key, path in paths.items() if (why := _skip_reason(path.name))}
    drafts: Drafts = {}
    made, notes, failed, conflicts = 0, list[str](), list[str](), list[MergeConflict]()
    for done, (key, path) in enumerate(paths.items(), start=1):
        if key in skipped:
            notes.append(f"未导入 {formatting.to_single_line(path.name, 60)}：{skipped[key]}")
            on_progress(done, len(paths))
            continue
        try:
            book, prefer = ReturnedWorkbook(exports, path), key in preferred
            result = (
                book.preview(drafts, prefer_file=prefer)
                if is_preview
                else book.record(prefer_file=prefer)
            )
        except PacketError as error:
            failed.append(str(error))
        else:
            made += result.made
            notes += result.notes
            failed += result.failed
            conflicts += result.conflicts
        on_progress(done, len(paths))
    if is_preview:
        notes.insert(0, f"预览，没有记入台账：可记入{made}件，与台账冲突{_count(conflicts)}件")
        notes += format_conflict_lines(conflicts) if conflicts else []
        return StepResult(made=0, skipped=len(skipped), failed=tuple(failed), notes=tuple(notes))
    if conflict_message := _write_conflicts(session, conflicts):
        failed.append(conflict_message)
        notes += format_conflict_lines(conflicts)
    return StepResult(made=made, skipped=len(skipped), failed=tuple(failed), notes=tuple(notes))


def _skip_reason(name: str) -> str:
    """Return why the name shows that a file is no member's workbook, or blank."""
    if name == CONFLICTS:
        return "是上次导入列出的冲突，不是评分表"
    return "是系统或办公软件自动生成的文件，不是评分表" if is_system_file(name) else ""


def _write_conflicts(session: RoundSession, conflicts: Sequence[MergeConflict]) -> str:
    """Write the conflicts of this import, or remove those of the last; return the message."""
    path = session.outputs / FOLDER / CONFLICTS
    if not conflicts:
        with output_errors(path):
            path.unlink(missing_ok=True)
        return ""
    write_conflict_workbook(conflicts, path, rehearsal=session.round.rehearsal)
    return (
        f"冲突{_count(conflicts)}件：导出后台账另有评分，或表中清空了台账已有的评分、评语，台账未动"
        f"（见 {FOLDER}/{CONFLICTS}）。以表中为准（空白即撤回）的，"
        "勾选“以这些表为准”（命令加 --take 和该文件）重新导入。"
    )


def _count(conflicts: Sequence[MergeConflict]) -> int:
    """Return how many cases conflicts are about."""
    return len({(conflict.file, conflict.label) for conflict in conflicts})


def _can_replace(exports: WorkbookExports, path: Path) -> bool:
    try:
        return not ReturnedWorkbook(exports, path).has_pending_changes()
    except PacketError:
        return False


def _choose_members(session: RoundSession, members: Sequence[str]) -> list[str]:
    """Return the members named, or all who read."""
    reading = members_with_readings(session)  # reports members missing in the panel first
    require_frozen_rules(session.round, session.ledger.events(), strict=True)
    if not reading:
        raise PacketError(
            "评阅分派",
            expected="已分派",
            found="尚未分派",
            advice=f"先运行 kjfp assign {session.round.name}",
        )
    for member in members:
        if member not in reading:
            raise ParameterError(
                "--member",
                expected="有评阅任务的评委编号",
                found=f"“{member}”",
                advice=f"更正（{suggest(member, reading)}）",
            )
    return list(dict.fromkeys(members)) or reading
