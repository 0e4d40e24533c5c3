"""``kjfp spotcheck import``: filled-in visit forms, held against their blanks and merged."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kjfp_helpers.commands.spot_check.form_issue import rebuild_form, rules_of_form
from kjfp_helpers.commands.spot_check.lot_steps import current_check_state, finish
from kjfp_helpers.commands.spot_check.visit_photos import VisitPhotos
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.errors import KjfpError, PacketError, os_error_reason
from kjfp_helpers.core.events import Event, VisitFormImported, VisitFormIssued
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.intake.common.unsafe_text_checks import is_system_file
from kjfp_helpers.notice.spot_check import Visit
from kjfp_helpers.notice.spot_check.visit_form import entry_titles
from kjfp_helpers.notice.spot_check.visit_form_merge import (
    Value,
    VisitConflict,
    VisitMerge,
    merge_copy,
)
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.packets.returned_cells import Cells, read_cells
from kjfp_helpers.reports.office.spot_check.visit_parser import (
    ParsedVisit,
    parse_visit,
    read_stamp,
)
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.spot_check.checker_conflicts import find_checker_conflicts
from kjfp_helpers.state.spot_check.lot_acts import require_running
from kjfp_helpers.state.spot_check.visit_acts import require_undecided

MAX_FORM_BYTES = 20_000_000
_NAME_BREAK = re.compile(r"[、;；,，\n]+")


def import_visit_forms(
    session: RoundSession,
    on_progress: ProgressCallback,
    *,
    files: Sequence[Path],
    prefer_files: Sequence[Path] = (),
    photos: Path | None = None,
) -> StepResult:
    """Import filled-in forms: what the ledger does not hold yet, and nothing else.

    An entry that another checker's copy holds otherwise, or that a copy leaves blank again, is a
    conflict: it is told and not recorded, unless its file is in ``prefer_files``.

    Parameters
    ----------
    photos : Path, optional
        Folder of the photographs; by default that of each workbook.

    Raises
    ------
    NotReadyError
        When the spot check is closed.
    """
    require_running(current_check_state(session))
    preferred = {path.resolve() for path in prefer_files}
    paths = {path.resolve(): path for path in (*files, *prefer_files)}
    made, notes, failed = 0, list[str](), list[str]()
    for done, (key, path) in enumerate(paths.items(), start=1):
        name = formatting.to_single_line(path.name, 60)
        if is_system_file(path.name):
            notes.append(f"未导入 {name}：是系统或办公软件自动生成的文件，不是检查表")
            continue
        try:
            form = _ReturnedForm(session, path, photos or path.parent)
            result = form.record(prefer_file=key in preferred)
        except KjfpError as error:
            failed.append(str(error))
        else:
            made += result.made
            notes += [f"{name}：{line}" for line in result.notes]
            failed += [f"{name} {line}" for line in result.failed]
        on_progress(done, len(paths))
    finished = finish(session, on_progress, made, *notes)
    return StepResult(made, failed=tuple(failed), notes=finished.notes)


@dataclass(frozen=True, kw_only=True)
class _FormResult:
    made: int
    notes: tuple[str, ...]
    failed: tuple[str, ...]


class _ReturnedForm:
    """A form as filled in and returned.

    Raises
    ------
    PacketError
        When nothing of it can be imported.
    """

    def __init__(self, session: RoundSession, path: Path, photo_folder: Path) -> None:
        self._session, self._name = session, formatting.to_single_line(path.name, 60)
        self._folder = photo_folder
        data = _read_bytes(path)
        self._sha256 = hashlib.sha256(data).hexdigest()
        cells = read_cells(self._name, data)
        stamp = read_stamp(self._name, cells)
        self._issued = self._find_form(stamp)
        self._parsed = self._parse(cells, int(stamp["number"]))
        self._require_checker()

    def _find_form(self, stamp: Mapping[str, str]) -> Event[VisitFormIssued]:
        issued = self._session.events().of(VisitFormIssued)
        number = int(stamp["number"])
        event = issued[number - 1] if number <= len(issued) else None
        known = event and (event.body.unit, event.body.checker) == (stamp["unit"], stamp["checker"])
        if event is None or not known:
            raise self._error("本轮次制发的检查表", f"表号{number}与台账不符")
        return event

    def _parse(self, cells: Cells, number: int) -> ParsedVisit:
        blank = rebuild_form(self._session, self._session.events(), number)
        assert blank is not None
        self._same_blank = hashlib.sha256(blank).hexdigest() == self._issued.body.sha256
        self._rules = rules_of_form(self._session, self._issued)
        return parse_visit(
            self._name, self._rules, self._issued.body.cases, read_cells(self._name, blank), cells
        )

    def _require_checker(self) -> None:
        """Refuse a form of somebody who does not check the unit now, or must not."""
        state, body = current_check_state(self._session), self._issued.body
        visit = state.spot_check.visits.get(body.unit)
        if visit is None or visit.plan is None or body.checker not in visit.checkers:
            raise self._error("现任检查人员的检查表", f"{body.checker}不在该单位的检查人员中")
        certain = [
            one.reason
            for one in find_checker_conflicts(state, body.unit, visit.plan.checkers)
            if one.is_certain and one.checker == body.checker
        ]
        if certain:
            raise PacketError(
                self._name,
                expected="没有利害关系的检查人员的检查表",
                found=f"{body.checker}应当回避（{'；'.join(certain)}）",
                advice="改派他人重新检查，原表存档备查",
            )

    def record(self, *, prefer_file: bool) -> _FormResult:
        """Record what the form adds, in one event; return what was said, in Chinese."""
        state, body = current_check_state(self._session), self._issued.body
        visit = state.spot_check.visits[body.unit]
        merged = merge_copy(
            visit.imports, body.checker, self._parsed.values, prefer_file=prefer_file
        )
        if prefer_file:
            changed = [key for key in merged.news if key in visit.values]
            require_undecided(visit, f"{self._name} --take", changed)
        photos = VisitPhotos(self._session.round, body.unit, self._folder)
        taken = photos.take(self._due_photos(visit, merged))
        if merged.news or taken or self._is_first_to_agree(visit, merged):
            self._session.record(
                VisitFormImported(
                    unit=body.unit,
                    checker=body.checker,
                    values=merged.news,
                    photos=taken,
                    file=self._name,
                    sha256=self._sha256,
                )
            )
        titles = entry_titles(self._rules)
        return _FormResult(
            made=len(merged.news) or len(taken),
            notes=tuple(self._notes(merged, taken, titles)),
            failed=(
                *self._parsed.faults,
                *(_describe_conflict(one, titles) for one in merged.conflicts),
                *photos.problems,
            ),
        )

    def _due_photos(self, visit: Visit, merged: VisitMerge) -> list[str]:
        """Return the files of new entries, and those of held ones that did not come before."""
        refused = {one.key for one in merged.conflicts} | {*merged.outdated}
        held = {k: value for k, value in self._parsed.values.items() if k not in refused}
        missing = [name for name in _photo_names(held) if name not in visit.photos]
        return [*_photo_names(merged.news), *missing]

    def _is_first_to_agree(self, visit: Visit, merged: VisitMerge) -> bool:
        """Whether a checker without an import so far says what the other's copy says."""
        came = {event.body.checker for event in visit.imports}
        is_sound = not (merged.conflicts or merged.outdated or self._parsed.faults)
        is_filled = any(value != "" for value in self._parsed.values.values())
        return self._issued.body.checker not in came and is_sound and is_filled

    def _notes(
        self, merged: VisitMerge, taken: Mapping[str, str], titles: Mapping[str, str]
    ) -> list[str]:
        unit = self._session.round.unit_by_code[self._issued.body.unit].short_name
        photos = f"，照片{len(taken)}份" if taken else ""
        notes = [f"{unit}，{self._issued.body.checker}：收下{len(merged.news)}项{photos}"]
        if merged.outdated:
            old = "、".join(titles[key] for key in merged.outdated)
            notes.append(f"此前已交、后来改过的未再采用：{old}")
        if not self._same_blank:
            notes.append("本机重制的空白表与制发时字节不同（程序版本有变），已按内容逐格核对")
        return notes

    def _error(self, expected: str, found: str) -> PacketError:
        return PacketError(
            self._name, expected=expected, found=found, advice="核对轮次，用制发的检查表填写"
        )


def _describe_conflict(conflict: VisitConflict, titles: Mapping[str, str]) -> str:
    saved = conflict.saved
    typed = f"此表为“{_shown(conflict.typed)}”" if conflict.typed != "" else "此表已清空"
    return (
        f"{titles[conflict.key]}：{saved.checker}填“{_shown(saved.value)}”（台账第{saved.seq}条），"
        f"{typed}，未收。两人核对后以此表为准的，"
        "勾选“以这次导入的为准”（命令加 --take 和该文件）重新导入。"
    )


def _shown(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else formatting.to_single_line(value, 30)


def _photo_names(values: Mapping[str, Value]) -> list[str]:
    """Return the file names in the entries for photographs."""
    return [
        name.strip()
        for key, value in values.items()
        if key.endswith(".photos")
        for name in _NAME_BREAK.split(str(value))
        if name.strip()
    ]


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FORM_BYTES:
            raise PacketError(
                path.name, expected="检查表", found="文件过大", advice="照片另存，不贴入表中"
            )
        return path.read_bytes()
    except OSError as error:
        raise PacketError(
            path.name,
            expected="可以读取的检查表",
            found=f"不能读取（{os_error_reason(error)}）",
            advice="核对文件名和权限",
        ) from error
