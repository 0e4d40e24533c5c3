"""Parser of a filled-in packet: compared cell by cell with the workbook as exported."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kjfp_helpers.core.errors import PacketError
from kjfp_helpers.panel_review.conflicts.declaration import normalize_declaration
from kjfp_helpers.panel_review.scoring.member_packet import COMMENT_LIMIT, MemberPacket
from kjfp_helpers.panel_review.scoring.returned_packet_merge import ReturnedRow
from kjfp_helpers.reports.office.packets import packet_layout as layout
from kjfp_helpers.reports.office.packets.returned_cells import (
    Cell,
    Cells,
    cell_position,
    cell_text,
    describe_value,
)

_DEFAULT_ADVICE = "重新导出评分表填写"
_BLANK: Cell = ("n", None)


@dataclass(frozen=True, kw_only=True)
class ParsedPacket:
    """The valid rows by case, and the faults of the others."""

    rows: Mapping[str, ReturnedRow]
    faults: tuple[str, ...]


class _InvalidCell(Exception):
    """An invalid row: the cell, what was expected, what it contains."""

    def __init__(self, cell: str, expected: str, actual: str) -> None:
        super().__init__(cell)
        self.cell, self.expected, self.found = cell, expected, actual


def read_cover(name: str, given: Cells) -> Mapping[str, str]:
    """Return what the cover says: ``member packet seq hash rules``.

    Raises
    ------
    PacketError
        When there is no such cover.
    """
    cover = given.get(layout.COVER_SHEET, {})
    stamp = {
        part: str(cover.get(cell, _BLANK)[1] or "").strip()
        for part, cell in layout.STAMP_CELLS.items()
    }
    if not all(stamp.values()) or not re.fullmatch(r"[1-9]\d{0,8}", stamp["seq"]):
        raise _packet_error(
            name,
            "由 kjfp packet export 导出的评分表",
            "没有卷号和台账序号",
            "用导出的评分表填写，不要另建",
        )
    return stamp


def parse_rows(name: str, packet: MemberPacket, fresh: Cells, given: Cells) -> ParsedPacket:
    """Return the rows that a member filled in; a row with any fault is left out.

    Parameters
    ----------
    name : str
        How to call the file.
    packet : MemberPacket
        The packet as it was exported.
    fresh, given : Cells
        The workbook as exported from the ledger, and as it came back.

    Raises
    ------
    PacketError
        When something was altered that concerns every row.
    """
    altered = list(_changed_cells(packet, fresh, given))
    whole = [cell for case, cell in altered if not case]
    if whole:
        raise _packet_error(
            name,
            f"{whole[0]}与导出时一致",
            "有改动、缺失，或导出后材料或程序有变",
            "重新导出评分表填写",
        )
    spoilt: dict[str, str] = {}
    for case, cell in altered:
        spoilt.setdefault(case, cell)
    rows, faults = {}, []
    for line in layout.case_rows(packet):
        try:
            if line.case in spoilt:
                raise _InvalidCell(
                    spoilt[line.case], "与导出时一致", _describe_found(given, spoilt[line.case])
                )
            rows[line.case] = _parse_row(packet, line, given[line.tab])
        except _InvalidCell as wrong:
            label = packet.label(line.case)
            faults.append(
                f"{wrong.cell}（{label}）：应填{wrong.expected}，表中为{wrong.found}。"
                "此行未收，请更正。"
            )
    faults += [f"{cell}：没有这一件，此行未收。请删去。" for cell in _extra_rows(packet, given)]
    return ParsedPacket(rows=rows, faults=tuple(faults))


def _changed_cells(packet: MemberPacket, fresh: Cells, given: Cells) -> Iterator[tuple[str, str]]:
    """Yield every changed locked cell: the case whose row it affects (blank: all), its address."""
    lines = {(line.tab, line.row): line for line in layout.case_rows(packet)}
    for tab, current in fresh.items():
        came = given.get(tab)
        if came is None:
            yield "", f"“{tab}”页"
            continue
        for at in sorted({*current, *came}, key=cell_position):
            row = cell_position(at)[0]
            line = lines.get((tab, row))
            if line and at in (*line.inputs, line.total):
                continue
            if tab == layout.COVER_SHEET and at == layout.DECLARATION_CELL and not packet.declared:
                continue
            if tab in layout.SCORE_SHEETS.values() and row >= layout.FIRST_CASE_ROW and not line:
                continue  # a row of nobody's, told by itself
            if cell_text(current.get(at)) != cell_text(came.get(at)):
                yield line.case if line else _case_of_row(packet, fresh, tab, row), f"{tab}!{at}"


def _case_of_row(packet: MemberPacket, fresh: Cells, tab: str, row: int) -> str:
    """Return the case whose materials are in a row, blank on any other sheet."""
    kinds = [kind for kind, name in layout.MATERIAL_SHEETS.items() if name == tab]
    if not kinds:
        return ""
    starts = sorted(cell_position(at)[0] for at in fresh[tab] if at.startswith("B"))
    return layout.case_ids_of_kind(packet, kinds[0])[max(bisect_right(starts, row) - 1, 0)]


def _extra_rows(packet: MemberPacket, given: Cells) -> Iterator[str]:
    last = {line.tab: line.row for line in layout.case_rows(packet)}
    for tab, end in last.items():
        rows = sorted({row for at in given[tab] if (row := cell_position(at)[0]) > end})
        yield from (f"{tab}!A{row}" for row in rows)


def _parse_row(packet: MemberPacket, line: layout.CaseRow, tab: Mapping[str, Cell]) -> ReturnedRow:
    """Return what was typed in a case's row."""
    scale, scores = packet.rubric.scale, {}
    for name, at in line.marks.items():
        kind, value = tab.get(at, _BLANK)
        if value is None:
            continue
        if kind != "n" or not scale.is_valid(value):
            raise _InvalidCell(line.place(at), scale.allowed, describe_value(kind, value))
        scores[name] = float(value)
    comment = _parse_text(line, line.comment, tab)
    away, reason = _parse_text(line, line.away, tab), _parse_text(line, line.reason, tab)
    if away not in ("", layout.RECUSED):
        raise _InvalidCell(
            line.place(line.away), f"“{layout.RECUSED}”或留空", describe_value("s", away)
        )
    if bool(away) != bool(reason):
        raise (
            _InvalidCell(line.place(line.reason), "回避的理由", "空白")
            if away
            else _InvalidCell(line.place(line.away), f"写了理由的选“{layout.RECUSED}”", "空白")
        )
    return ReturnedRow(scores=scores, comment=comment, reason=reason)


def _parse_text(line: layout.CaseRow, at: str, tab: Mapping[str, Cell]) -> str:
    kind, value = tab.get(at, _BLANK)
    if value is None:
        return ""
    if kind not in ("s", "n", "inlineStr"):
        raise _InvalidCell(line.place(at), "文字", describe_value(kind, value))
    text = cell_text((kind, value))
    if len(text) > COMMENT_LIMIT:
        raise _InvalidCell(line.place(at), f"至多{COMMENT_LIMIT}字", f"{len(text)}字")
    return text


def read_declaration(
    name: str, packet: MemberPacket, given: Cells, *, declared: bool
) -> str | None:
    """Return the declared relationships, ``""`` for none; None if there is nothing to read.

    Nothing is read when they were declared before the export, or since then with the cell blank.

    Raises
    ------
    PacketError
        When nothing is declared.
    """
    if packet.declared:
        return None
    cell = f"{layout.COVER_SHEET}!{layout.DECLARATION_CELL}"
    text = cell_text(given[layout.COVER_SHEET].get(layout.DECLARATION_CELL))
    if not text and declared:
        return None
    if not text:
        raise _packet_error(name, f"{cell}写明利害关系，没有的写“无”", "空白", "补上后重新导入")
    if len(text) > COMMENT_LIMIT:
        raise _packet_error(
            name, f"{cell}至多{COMMENT_LIMIT}字", f"{len(text)}字", "删减后重新导入"
        )
    return normalize_declaration(text)


def _describe_found(given: Cells, cell: str) -> str:
    tab, _, at = cell.partition("!")
    return describe_value(*given[tab].get(at, _BLANK))


def _packet_error(
    name: str, expected: str, actual: str, advice: str = _DEFAULT_ADVICE
) -> PacketError:
    return PacketError(name, expected=expected, found=actual, advice=advice)
