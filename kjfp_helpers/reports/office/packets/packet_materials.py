"""Sheets with the materials of a packet, one case below the other."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.packets import packet_layout as layout
from kjfp_helpers.reports.office.writers.sheet_layout import estimate_row_height, set_up_printing
from kjfp_helpers.reports.office.writers.xlsx_writer import write_text
from kjfp_helpers.state.anonymization.anonymized_case import AnonymizedCase
from kjfp_helpers.state.anonymization.anonymizer import MASK
from kjfp_helpers.state.anonymization.gendered_terms import NEUTRAL

TEXT_WIDTH = 86
"""Width of the text: 42 Chinese characters a line."""
MAX_PIECE_CHARS = 600
"""Most characters of a cell: a taller row could not be scrolled through."""
_SENTENCES = re.compile(r"[^。！？；\n]*[。！？；\n]|[^。！？；\n]+")
CASE_STYLE = Font(name="黑体", size=14, color="FFFFFF"), PatternFill("solid", fgColor="2B6CA3")
PART_STYLE = Font(name="黑体", size=11, color="2B6CA3"), None
TEXT_STYLE = Font(name="宋体", size=12), None
FACT_STYLE = Font(name="宋体", size=11), PatternFill("solid", fgColor="F3F6FA")


def summarize_case(case: AnonymizedCase) -> str:
    """Return facts, figures and findings of a case in a few lines."""
    lines = ["；".join(f"{title}：{_value_text(value)}" for title, value in case.facts)]
    lines += [f"{title}：{_value_text(value)}" for title, value in case.figures]
    lines.append(f"曾获表扬：{'；'.join(case.earlier) or '未列入名单'}")
    remarks = [f"{remark.severity.label}·{remark.finding_type.title}" for remark in case.remarks]
    return "\n".join([*lines, *([f"核对发现：{'；'.join(remarks)}"] if remarks else [])])


def write_materials(
    tab: Worksheet, packet: MemberPacket, ids: Sequence[str], cases: Mapping[str, AnonymizedCase]
) -> Mapping[str, int]:
    """Write the cases below each other; return the row at which each begins."""
    tab.column_dimensions["A"].width, tab.column_dimensions["B"].width = TEXT_WIDTH, 10
    starts, row = {}, 1
    rows = {line.case: line for line in layout.case_rows(packet)}
    for case in ids:
        starts[case] = row
        back = tab.cell(row, 2, "回评分")
        line = rows[case]
        back.hyperlink = f"#'{line.tab}'!{next(iter(line.marks.values()))}"
        back.font = Font(name="宋体", size=11, color="1F5FA8", underline="single")
        for text, (font, fill) in _case_lines(packet, case, cases[case]):
            cell = tab.cell(row, 1)
            if text:
                write_text(cell, text)
            cell.font, cell.alignment = font, Alignment(wrap_text=True, vertical="center", indent=1)
            if fill:
                cell.fill = fill
            tab.row_dimensions[row].height = _row_height(text, font)
            row += 1
        row += 1
    set_up_printing(tab, landscape=False)
    tab.oddHeader.left.text = f"{tab.title}　卷号 {packet.code}"
    tab.page_margins.top, tab.page_margins.header = 0.75, 0.35
    return starts


def _row_height(text: str, font: Font) -> float:
    larger = font.size / 11
    return float(estimate_row_height(text, TEXT_WIDTH / larger) * larger + 3)


def _case_lines(packet: MemberPacket, id: str, case: AnonymizedCase) -> Iterator[tuple[str, Any]]:
    """Return the lines of a case with their looks."""
    label = packet.label(id)
    masked = "联系方式" if case.named else "姓名、单位、地点、联系方式等"
    neutral = "" if case.named else f"，他、她均作{NEUTRAL}"
    yield f"{label}　（{masked}以{MASK}代替{neutral}）", CASE_STYLE
    for marks in packet.earlier_scores(id):
        given = "，".join(f"{title}{mark}" for title, mark in marks.scores)
        comment = f"　评语：{marks.comment}" if marks.comment else ""
        yield f"您第{marks.round}轮的评分（已封存，供对照）：{given}{comment}", FACT_STYLE
    for title, value in (*case.facts, *case.figures):
        yield f"{title}：{_value_text(value)}", FACT_STYLE
    yield f"曾获表扬（名册）：{'；'.join(case.earlier) or '未列入名单'}", FACT_STYLE
    for remark in case.remarks:
        details = f"要求：{remark.expected}　报送情况：{remark.found}"
        yield (
            f"核对发现·{remark.severity.label}　{remark.finding_type.title}　{details}",
            FACT_STYLE,
        )
    for title, text in (("主要事迹", case.story), ("获得表扬或荣誉（省部级及以上）", case.honors)):
        yield title, PART_STYLE
        for piece in _split_text(_value_text(text)):
            yield piece, TEXT_STYLE


def _value_text(value: Any) -> str:
    return "未填" if is_missing(value) else formatting.remove_control_chars(value)


def _split_text(text: str) -> Iterator[str]:
    """Split a text at its paragraphs, and long ones at the end of a sentence."""
    for paragraph in filter(None, map(str.strip, text.splitlines())):
        piece = ""
        for sentence in _SENTENCES.findall(paragraph):
            while len(sentence) > MAX_PIECE_CHARS:
                if piece:
                    yield piece
                piece, sentence = sentence[:MAX_PIECE_CHARS], sentence[MAX_PIECE_CHARS:]
            if piece and len(piece) + len(sentence) > MAX_PIECE_CHARS:
                yield piece
                piece = ""
            piece += sentence
        yield piece
