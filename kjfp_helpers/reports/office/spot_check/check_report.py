"""Summary report of the whole spot check (抽查情况报告), as an official paper and as a page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from kjfp_helpers.core.state_labels import NOT_SENT
from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.reports.data.checks.spot_check_data import build_check_overview
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument
from kjfp_helpers.reports.page_style import read_style_sheet
from kjfp_helpers.reports.sections.spot_check import (
    check_notes,
    finding_cells,
    render_check_overview,
)
from kjfp_helpers.state import RoundState

REPORT, PAGE = "report.docx", "report.html"
_UNIT_COLUMNS = (
    ("单位", 2.4),
    ("来由", 1.6),
    ("检查日期", 2.6),
    ("问题", 1.4),
    ("未办结", 1.6),
    ("情况", 2.6),
)
_FIGURE_COLUMNS = (("指标", 4.45), ("上报数", 2.1), ("核实数", 2.1), ("相差", 3.55), ("抽核", 3.4))
_FINDING_COLUMNS = (("检查内容", 3.0), ("检查情况", 5.0), ("单位说明", 4.0), ("处理", 5.0))


def write_check_report(state: RoundState, folder: Path) -> list[Path]:
    """Write report and page once a unit was visited; nothing before."""
    if not any(visit.values for visit in state.spot_check.visits.values()):
        return []
    overview = build_check_overview(state)
    _write_paper(state, overview, folder / REPORT)
    _write_page(state, overview, folder / PAGE)
    return [folder / REPORT, folder / PAGE]


def _write_paper(state: RoundState, overview: dict[str, Any], path: Path) -> None:
    about, rule = state.round.notice.round, state.round.notice.spot_check
    document = OfficialDocument(rehearsal=state.round.rehearsal, amendments=state.round.amendments)
    document.add_title("抽查情况报告")
    units = overview["units"]
    done = sum(row["state"] == "已办结" for row in units)
    document.add_paragraph(
        f"根据{about.citation}{formatting.format_clause_part(rule.clause)}，抽查{len(units)}个单位，已办结{done}个；发现问题"
        f"{len(overview['findings'])}项，未作处理{sum(row['open'] for row in units)}项。"
    )
    document.add_heading("一、抽查单位")
    for note in check_notes(overview):
        document.add_paragraph(note)
    document.add_table(
        _UNIT_COLUMNS,
        [
            (
                row["name"],
                row["how"],
                row["day"] or "—",
                str(row["findings"]),
                str(row["open"]),
                row["state"],
            )
            for row in units
        ],
    )
    document.add_heading("二、上报数与核实数")
    document.add_table(_FIGURE_COLUMNS, _figure_rows(overview))
    document.add_heading("三、发现的问题和处理")
    document.add_table(_FINDING_COLUMNS, _finding_rows(overview))
    left = "各单位均已办结。" if done == len(units) else "尚有单位未办结，本报告随办理情况更新。"
    document.add_paragraph(left, keep=True)
    document.add_signature(about.office, _last_day(state), seal=state.round.notice.office.seal)
    document.save(path)


def _last_day(state: RoundState) -> str:
    """Return the day of the last act of the check: of its close, else of the last import."""
    check = state.spot_check
    last = [event.at for visit in check.visits.values() for event in visit.imports]
    at = check.closed.at if check.closed else max(last)
    zone = ZoneInfo(state.round.notice.round.timezone)
    return formatting.format_date(at.astimezone(zone).date())


def _figure_rows(overview: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    unit = ""
    for row in overview["figures"]:
        if row["unit"] != unit:
            unit = row["unit"]
            yield (unit,)
        share = f"（{formatting.format_percent(row['share'], 1)}）" if row["share"] else ""
        yield (
            row["label"],
            formatting.format_number(row["reported"]) if row["reported"] is not None else NOT_SENT,
            formatting.format_number(row["found"]),
            f"{formatting.format_number(row['difference'])}{share}",
            row["error"] or "—",
        )


def _finding_rows(overview: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    unit = ""
    for row in overview["findings"]:
        if row["unit"] != unit:
            unit = row["unit"]
            yield (unit,)
        title, text, _, reply, decision, _ = finding_cells(row)
        yield title, text, reply, decision


def _write_page(state: RoundState, overview: dict[str, Any], path: Path) -> None:
    about = state.round.notice.round
    head = html_blocks.render_heading(
        "抽查情况报告",
        [f"{about.document}　{about.office}"],
        {"rehearsal": state.round.rehearsal, "amendments": state.round.amendments},
    )
    section = html_blocks.HtmlBlock(Markup("<h2>抽查单位</h2>"), "抽查单位")
    body = html_blocks.join_blocks(head, section, render_check_overview(overview))
    page = Markup(
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n<title>抽查情况报告</title>\n<style>{style}</style></head>\n"
        "<body><main>{body}</main></body></html>\n"
    ).format(style=Markup(read_style_sheet()), body=body.html)
    atomic_write(path, page.encode())
