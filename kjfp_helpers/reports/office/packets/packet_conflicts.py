"""Merge conflicts between a returned packet and the ledger, as console lines or a workbook."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kjfp_helpers.core.text_width import align_columns, text_width
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket
from kjfp_helpers.panel_review.scoring.returned_packet_merge import ReturnedRow, ScoreConflict
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.packets.packet_layout import CaseRow
from kjfp_helpers.reports.office.writers.xlsx_writer import (
    Column,
    Sheet,
    write_workbook,
)


@dataclass(frozen=True, kw_only=True)
class MergeConflict:
    """A score or comment that differs between the file and the ledger."""

    member: str
    label: str
    item: str
    exported: str
    ledger: str
    typed: str
    place: str
    file: str
    seq: int
    about: str


_COLUMNS = (
    Column("member", "评委"),
    Column("label", "材料"),
    Column("item", "项目"),
    Column("exported", "导出时"),
    Column("ledger", "台账现为"),
    Column("typed", "表中填写"),
    Column("about", "情形"),
    Column("place", "单元格"),
    Column("file", "文件"),
    Column("seq", "台账序号", "0"),
)


def list_merge_conflicts(
    file: str, packet: MemberPacket, line: CaseRow, conflict: ScoreConflict
) -> Iterator[MergeConflict]:
    """Return what differs in a case between a file and the ledger, score by score."""
    typed, now = conflict.typed, conflict.saved
    exported = conflict.exported or ReturnedRow(scores={})
    rows = [
        (
            criterion.title,
            line.marks[criterion.id],
            *(
                _score_text(scores.get(criterion.id))
                for scores in (exported.scores, now.scores, typed.scores)
            ),
        )
        for criterion in packet.criteria(conflict.case)
    ]
    rows.append(("评语", line.comment, exported.comment, now.comment.strip(), typed.comment))
    for item, column, exported_text, saved_text, typed_text in rows:
        if saved_text != typed_text:
            yield MergeConflict(
                member=packet.member,
                label=packet.label(conflict.case),
                item=item,
                exported=exported_text or "空白",
                ledger=saved_text or "空白",
                typed=typed_text or "空白",
                place=line.place(column),
                file=file,
                seq=now.seq or 0,
                about="表中已改动" if typed_text else "表中已清空",
            )


def _score_text(score: float | None) -> str:
    return "" if score is None else f"{score:g}"


def write_conflict_workbook(rows: Sequence[MergeConflict], path: Path, *, rehearsal: bool) -> None:
    """Write the conflicts as a workbook.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    note = (
        "台账未动。以表中为准的（空白即撤回），在“开始与进度”的“评分表”勾选“以这些表为准”重新导入。"
    )
    sheet = Sheet("冲突", "评分表与台账的冲突", _COLUMNS, [vars(row) for row in rows], note)
    write_workbook(path, [sheet], rehearsal=rehearsal)


def format_conflict_lines(rows: Sequence[MergeConflict]) -> list[str]:
    """Return the conflicts as lines of a table for a console."""
    shown = _COLUMNS[:6]
    table = [[column.title for column in shown]]
    table += [
        [formatting.to_single_line(getattr(row, column.key), 16) for column in shown]
        for row in rows
    ]
    return align_columns(table, width=text_width)
