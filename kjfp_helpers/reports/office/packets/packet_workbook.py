"""A member's packet as a protected workbook, for scoring without Jupyter.

The same packet at the same head of the ledger gives the same bytes; so a filled-in workbook can be
held against a fresh one, and nothing in it needs to be trusted.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from kjfp_helpers.core.records import KIND_TITLES, NOMINEE_KINDS
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket
from kjfp_helpers.panel_review.scoring.scoring_rules import TOTAL_DECIMALS
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.packets import packet_layout as layout
from kjfp_helpers.reports.office.packets.packet_input_rules import add_colour_rules, add_input_rules
from kjfp_helpers.reports.office.packets.packet_materials import summarize_case, write_materials
from kjfp_helpers.reports.office.writers.cell_styles import (
    BODY_FONT,
    HEAD_FILL,
    HEAD_FONT,
    NOTE_FONT,
    THIN_BORDER,
    TITLE_FONT,
    new_workbook,
)
from kjfp_helpers.reports.office.writers.deterministic_zip import normalize_zip
from kjfp_helpers.reports.office.writers.sheet_layout import estimate_row_height, set_up_printing
from kjfp_helpers.reports.office.writers.xlsx_writer import write_banner, write_text
from kjfp_helpers.state.anonymization.anonymized_case import AnonymizedCase

INPUT_FILL = PatternFill("solid", fgColor="FFFBE6")
LINK_FONT = Font(name="宋体", size=11, color="1F5FA8", underline="single")
SUMMARY_WIDTH, SCORE_WIDTH, TOTAL_WIDTH, COMMENT_WIDTH, RECUSAL_WIDTH, REASON_WIDTH = (
    52,
    11,
    9,
    34,
    8,
    20,
)
"""Widths of the columns of a score sheet."""

GUIDE = """1　先在上面“回避声明”一格写明利害关系，没有的写“无”；写了之后评分才会收下。
2　到“团队评分”“个人评分”逐件填写浅黄色的格子；点第一列的编号，可翻到该件的全文。
3　各项评分的档次见“评分标准”。评分过低或过高的，评语一格变色，须写明理由。
4　需要回避的，在“回避”一格选“回避”并写明理由，该件不必评分。
5　可以分几次填，随时存盘；交回的仍应是 .xlsx 文件，文件名可以改。
6　其余格子已锁定；改动过的行不会收下。收下与否以工作人员回复的台账编号为准。"""


@dataclass(frozen=True, kw_only=True)
class PacketStamp:
    """The member of a packet and the ledger head (``seq``, ``hash``) that it was made from."""

    title: str
    rehearsal: bool
    member: str
    name: str
    found: tuple[str, ...]
    seq: int
    amendments: tuple[str, ...]
    hash: str
    rules: str


def build_packet_workbook(
    packet: MemberPacket, cases: Mapping[str, AnonymizedCase], stamp: PacketStamp
) -> bytes:
    """Return the workbook of one packet.

    Parameters
    ----------
    packet : MemberPacket
        The member's cases and marks.
    cases : mapping
        Case id to the case as the member may read it.
    stamp : Stamp
        What the cover and the document's properties say.
    """
    book = new_workbook()
    book.remove(book.active)
    _write_cover(book.create_sheet(layout.COVER_SHEET), packet, stamp)
    for kind in NOMINEE_KINDS:
        if ids := layout.case_ids_of_kind(packet, kind):
            scores = book.create_sheet(layout.SCORE_SHEETS[kind])
            materials = book.create_sheet(layout.MATERIAL_SHEETS[kind])
            starts = write_materials(materials, packet, ids, cases)
            _write_scores(scores, packet, kind, cases, starts)
    _write_levels(book.create_sheet(layout.LEVEL_SHEET), packet)
    for tab in book:
        tab.protection.sheet = True
        tab.protection.formatColumns = tab.protection.formatRows = False
    book.security = WorkbookProtection(lockStructure=True)
    _set_properties(book, packet, stamp)
    buffer = io.BytesIO()
    book.save(buffer)
    return normalize_zip(buffer.getvalue())


def _set_properties(book: Workbook, packet: MemberPacket, stamp: PacketStamp) -> None:
    book.properties.title = f"评分表 {packet.code}"
    book.properties.creator = book.properties.lastModifiedBy = "kjfp"
    book.properties.identifier = packet.code
    properties = {
        "packet": packet.code,
        "ledger": f"#{stamp.seq} {stamp.hash}",
        "rules": stamp.rules,
    }
    for name, value in properties.items():
        book.custom_doc_props.append(StringProperty(name=f"kjfp-{name}", value=value))


def _write_cover(tab: Worksheet, packet: MemberPacket, stamp: PacketStamp) -> None:
    mark = f"【{formatting.REHEARSAL}】" if stamp.rehearsal else ""
    write_banner(tab, 1, "B", f"{mark}{stamp.title}评委评分表", TITLE_FONT, 34)
    counts = "，".join(
        f"{KIND_TITLES[kind]}{len(layout.case_ids_of_kind(packet, kind))}件"
        for kind in NOMINEE_KINDS
    )
    summary = f"{stamp.name}：{counts}。只有您自己的评分。"
    write_banner(tab, 2, "B", "　".join((summary, *stamp.amendments)), NOTE_FONT, 20)
    facts = {
        "评委编号": packet.member,
        "卷号": packet.code,
        "台账序号": str(stamp.seq),
        "台账校验值": stamp.hash,
        "规则指纹": stamp.rules,
        "按规则应回避的": "\n".join(stamp.found) or "没有",
        "回避声明": f"已声明（台账第{packet.declared}号）" if packet.declared else "",
        "填写说明": GUIDE,
    }
    tab.column_dimensions["A"].width, tab.column_dimensions["B"].width = 18, 92
    for row, (title, text) in enumerate(facts.items(), start=3):
        _write_heading(tab.cell(row, 1), title)
        cell = tab.cell(row, 2)
        _write_body(cell, text)
        tab.row_dimensions[row].height = max(estimate_row_height(text, 88), 22)
    if not packet.declared:
        _write_declaration(tab)
    set_up_printing(tab, landscape=False)


def _write_declaration(tab: Worksheet) -> None:
    cell = tab[layout.DECLARATION_CELL]
    _unlock(cell)
    tab.row_dimensions[cell.row].height = 44
    ask = DataValidation(type="list", formula1='"无"', allow_blank=True, showErrorMessage=False)
    ask.promptTitle, ask.showInputMessage = "回避声明", True
    ask.prompt = "除上面按规则列出的以外，还与哪些推荐单位或个人有利害关系？没有的写“无”。"
    tab.add_data_validation(ask)
    ask.add(cell)


def _write_scores(
    tab: Worksheet,
    packet: MemberPacket,
    kind: str,
    cases: Mapping[str, AnonymizedCase],
    starts: Mapping[str, int],
) -> None:
    criteria = packet.rubric.criteria(kind)
    titles = layout.score_headings(criteria)
    last = get_column_letter(len(titles))
    write_banner(tab, 1, last, f"{KIND_TITLES[kind]}评分　卷号 {packet.code}", TITLE_FONT, 30)
    scale = packet.rubric.scale
    low, high = f"{scale.comment_below:g}", f"{scale.comment_from:g}"
    note = f"浅黄色格子供填写。低于{low}分、{high}分及以上须写评语。"
    write_banner(tab, 2, last, note, NOTE_FONT, 18)
    widths = (
        13,
        SUMMARY_WIDTH,
        *(SCORE_WIDTH for _ in criteria),
        TOTAL_WIDTH,
        COMMENT_WIDTH,
        RECUSAL_WIDTH,
        REASON_WIDTH,
    )
    for index, (title, width) in enumerate(zip(titles, widths, strict=True), start=1):
        _write_heading(tab.cell(layout.HEADING_ROW, index), title)
        tab.column_dimensions[get_column_letter(index)].width = width
    tab.row_dimensions[layout.HEADING_ROW].height = max(
        estimate_row_height(title, SCORE_WIDTH) for title in titles
    )
    rows = [line for line in layout.case_rows(packet) if line.tab == tab.title]
    for line in rows:
        _write_case(tab, packet, line, summarize_case(cases[line.case]))
        link = tab.cell(line.row, 1)
        link.hyperlink = f"#'{layout.MATERIAL_SHEETS[kind]}'!A{starts[line.case]}"
        link.font = LINK_FONT
    add_input_rules(tab, criteria, packet.rubric.scale, rows)
    add_colour_rules(tab, packet.rubric.scale, rows)
    tab.freeze_panes = f"B{layout.FIRST_CASE_ROW}"
    set_up_printing(tab, landscape=True)
    tab.print_title_rows = f"{layout.HEADING_ROW}:{layout.HEADING_ROW}"


def _write_case(tab: Worksheet, packet: MemberPacket, line: layout.CaseRow, text: str) -> None:
    """Write one case's row."""
    marks = packet.scores[line.case]
    for cell, value in ((f"A{line.row}", packet.label(line.case)), (f"B{line.row}", text)):
        _write_body(tab[cell], value)
    for name, cell in line.marks.items():
        _write_body(tab[cell], "")
        tab[cell].value, tab[cell].number_format = marks.scores.get(name), "General"
        tab[cell].alignment = Alignment(horizontal="center", vertical="center")
    for cell, value in ((line.comment, marks.comment), (line.away, ""), (line.reason, "")):
        _write_body(tab[cell], value)
    for cell in line.inputs:
        _unlock(tab[cell])
    total = tab[line.total]
    _write_body(total, "")
    total.value, total.number_format = _total_formula(packet, line), "0.00"
    height = max(
        estimate_row_height(text, SUMMARY_WIDTH),
        estimate_row_height(marks.comment, COMMENT_WIDTH),
        34,
    )
    tab.row_dimensions[line.row].height = height


def _total_formula(packet: MemberPacket, line: layout.CaseRow) -> str:
    """Return the formula of what :func:`.scoring_rules.weighted_total` works out."""
    weighted = "+".join(
        f"{line.marks[criterion.id]}*{criterion.weight!r}"
        for criterion in packet.criteria(line.case)
    )
    cells = list(line.marks.values())
    span = f"{cells[0]}:{cells[-1]}"
    return f'=IF(COUNT({span})={len(cells)},ROUND({weighted},{TOTAL_DECIMALS}),"")'


def _write_levels(tab: Worksheet, packet: MemberPacket) -> None:
    write_banner(tab, 1, "F", f"评分标准：{packet.rubric.note}", NOTE_FONT, 22)
    widths = (14, 20, 9, 46, 12, 62)
    for index, (title, width) in enumerate(
        zip(("类别", "项目", "权重", "看什么", "档次", "说明"), widths, strict=True), start=1
    ):
        _write_heading(tab.cell(2, index), title)
        tab.column_dimensions[get_column_letter(index)].width = width
    row = 3
    for kind in NOMINEE_KINDS:
        for criterion in packet.rubric.criteria(kind):
            shared = (KIND_TITLES[kind], criterion.title, f"{criterion.weight:.0%}", criterion.ask)
            last = row + len(criterion.levels) - 1
            for index, text in enumerate(shared, start=1):
                _write_body(tab.cell(row, index), text)
                tab.merge_cells(start_row=row, start_column=index, end_row=last, end_column=index)
            least = estimate_row_height(criterion.ask, widths[3]) / len(criterion.levels)
            for level in criterion.levels:
                told = (f"{level.title} ≥{level.least:g}", level.text)
                for index, text in enumerate(told, start=5):
                    _write_body(tab.cell(row, index), text)
                own = max(map(estimate_row_height, told, widths[4:]))
                tab.row_dimensions[row].height = max(own, least)
                row += 1
    tab.freeze_panes = "A3"
    set_up_printing(tab, landscape=True)
    tab.print_title_rows = "2:2"


def _write_heading(cell: Any, text: str) -> None:
    cell.value = text
    cell.font, cell.fill, cell.border = HEAD_FONT, HEAD_FILL, THIN_BORDER
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _write_body(cell: Any, text: str) -> None:
    if text:
        write_text(cell, text.replace("\r\n", "\n").replace("\r", "\n"))
    cell.number_format = "@"  # what is typed here stays text: no date, no formula
    cell.font, cell.border = BODY_FONT, THIN_BORDER
    cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)


def _unlock(cell: Any) -> None:
    """Unlock a cell for input."""
    cell.protection, cell.fill = Protection(locked=False), INPUT_FILL
