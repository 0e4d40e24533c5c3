"""Parts of a unit's review report in the order of their consequence; used by notebook 07.

Each function returns one part, or a grey line where the part has nothing to say. The edition for
the panel holds other facts and stands in :mod:`kjfp_helpers.reports.sections.panel_edition`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from kjfp_helpers.core.state_labels import SETTLED
from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.reports.data.report_data_file import ReportData
from kjfp_helpers.reports.html_blocks import HtmlBlock
from kjfp_helpers.reports.page_style import page_foot
from kjfp_helpers.reports.sections import peer_strips
from kjfp_helpers.reports.sections.unit_parts import (
    NOTHING,
    or_for_panel,
    render_quiet,
    render_section,
    two_lines,
)


@or_for_panel("render_header")
def render_header(unit: ReportData) -> HtmlBlock:
    """Return title, number, version, as of which mail and ledger entry, and what changed."""
    about, version = unit["round"], unit["version"]
    lines = [f"{about['office']}　{about['document']}", _version_line(unit), _change_line(version)]
    if unit["audience"] == "office":
        lines.append(f"办公室用，不外发；盲号{unit['blind_number']}")
    head = html_blocks.render_heading(unit["title"], [line for line in lines if line], about)
    footer = f"{unit['unit']['short_name']}　{_version_text(version)}"
    return HtmlBlock(head.html + page_foot(footer), head.text, head=True)


def _version_text(version: Mapping[str, Any] | None) -> str:
    if version is None:
        return "未登记版次"
    return f"第{version['number']}版　台账第{version['seq']}条"


def _version_line(unit: ReportData) -> str:
    version, receipts = unit["version"], unit["receipts"]
    number = f"编号{unit['unit']['code']}-{version['number']}　" if version else ""
    last = receipts[-1]["receipt"] if receipts else 0
    came = f"最后一件为{formatting.format_receipt_number(last)}" if last else "没有来件"
    day = f"截至{unit['as_of']}收到的来件（{came}）"
    return f"{number}{_version_text(version)}　{day}"


def _change_line(version: Mapping[str, Any] | None) -> str:
    if version is None or not version["earlier"]:
        return ""
    said = "；".join(version["changes"]) or "内容没有变化"
    earlier = version["number"] - 1
    return f"与第{earlier}版（台账第{version['earlier']}条）相比：{said}"


def render_verdict(unit: ReportData) -> HtmlBlock:
    """Return the verdict in one sentence, what is to be done by which day, and whom to ask."""
    verdict, contact = unit["verdict"], unit["round"].get("contact")
    told = list(verdict["steps"])
    if contact and unit.get("duties") and unit["audience"] == "unit":
        told.append(f"办妥后报{unit['round']['office']}（{contact}）。")
    steps = Markup("").join(Markup("<span>{}</span>").format(step) for step in told)
    html = Markup('<div class="verdict {}"><b>{}</b>{}</div>').format(
        verdict["tone"], verdict["sentence"], steps
    )
    return HtmlBlock(html, "\n".join((verdict["sentence"], *told)))


@or_for_panel("render_matters")
def render_duties(unit: ReportData) -> HtmlBlock:
    """Return what the unit has to do, under the numbers of its letters."""
    settled = f"已了结{unit['settled']}项" if unit["settled"] else ""
    if not unit["duties"]:
        return render_quiet(f"要办的事：{settled}。") if settled else NOTHING
    rows = [
        (
            duty["number"],
            two_lines(duty["title"], f"依据：{_basis_text(duty)}"),
            two_lines(duty["about"], duty["where"]),
            two_lines(duty["how"], _wanted_text(duty)),
            duty["due_text"],
            duty["consequence"],
            duty["state"],
        )
        for duty in unit["duties"]
    ]
    columns = ("序号", "事项", "涉及", "怎样算办妥", "期限", "不办的后果", "状态")
    title = f"要办的事（{len(rows)}件）" + (f"，{settled}" if settled else "")
    table = html_blocks.render_table(columns, rows, nowrap_columns=("序号", "期限", "状态"))
    return render_section(title, table)


def _basis_text(duty: Mapping[str, Any]) -> str:
    """Return the clause, and the letter that was issued; a draft has the number of the row."""
    letter = "" if duty["letter"].startswith("《") else duty["letter"]
    return "；".join(filter(None, (duty["clause"], letter)))


def _wanted_text(duty: Mapping[str, Any]) -> str:
    parts = (("要求", duty["wanted"]), ("现状", _found(duty)))
    return "；".join(f"{title}：{text}" for title, text in parts if text)


def _found(duty: Mapping[str, Any]) -> str:
    """Return what was found; only the office's edition names another unit in it."""
    return str(duty.get("told") or duty["found"])


@or_for_panel("render_scorecard")
def render_scorecard(unit: ReportData) -> HtmlBlock:
    """Return the figures of the clauses, each beside the range of the peers."""
    card = unit["scorecard"]
    rates = [row for row in card["rows"] if row["scale"] == "rate"]
    scale = peer_strips.rate_scale(rates)
    rows = [_score_row(row, scale) for row in card["rows"]]
    axis = peer_strips.draw_axis(scale) if rates else ""
    peers = Markup("同类范围和中位数{}").format(axis)
    columns = ("项目", "要求", "本单位", peers, "情况")
    note = (
        f"同类为{unit['unit']['class']}；灰线从最低到最高，色带为中间一半，短竖线为中位数，虚线为目标，"
        "圆点为本单位。"
    )
    if not any(row["scale"] for row in card["rows"]):
        note = ""
    table = html_blocks.render_table(
        columns, rows, numeric_columns=("要求", "本单位"), optional_columns=(peers,)
    )
    blank = [render_quiet(card["blank"])] if card["blank"] else []
    return render_section(card["message"], table, *blank, note=note)


def _score_row(row: Mapping[str, Any], scale: peer_strips.StripScale) -> tuple[Any, ...]:
    own = " · ".join(
        filter(None, (row["own"], row["shown"] if row["shown"] != formatting.MISSING else ""))
    )
    among = Markup("")
    if row["scale"]:
        drawn = scale if row["scale"] == "rate" else peer_strips.count_scale(row)
        strip = peer_strips.draw_strip(row, drawn) if row["peers"]["range"] else ""
        among = Markup("{}<small>{}</small>").format(strip, _median_text(row))
    source = "　".join(filter(None, (formatting.format_clause(row["clause"]), row["source"])))
    beside = Markup('{}　<span class="small">{}</span>').format(row["label"], source)
    return (
        two_lines(row["label"], source) if row["scale"] else beside,
        row["target"] or Markup(""),
        own or Markup(""),
        among,
        row["word"],
    )


def _median_text(row: Mapping[str, Any]) -> str:
    peers = row["peers"]
    if not peers["range"]:
        return f"不作比较（{peers['n']}个单位）"
    middle = peer_strips.format_scaled(row, peers["range"]["median"])
    return f"中位数{middle}（{peers['n']}个单位）"


@or_for_panel("render_nothing")
def render_reconciliation(unit: ReportData) -> HtmlBlock:
    """Return the same figure as several papers of the unit have it."""
    part = unit["reconciliation"]
    if not part:
        return render_quiet("数字互核：尚未进行。")
    table = html_blocks.render_table(part["columns"], part["rows"], numeric_columns=part["numeric"])
    return render_section(part["message"], table, note=part["note"])


@or_for_panel("render_notes")
def render_notes(unit: ReportData) -> HtmlBlock:
    """Return the definitions; for the office also every finding with its place."""
    notes = [
        "完成率＝完成数÷下达目标；自报目标不作依据；没有报送、没有填写、没有下达的写“—”，不作零计。",
        "同类各值取整到1%（字数取整到10字或100字），本单位在内。",
        "期限都含当日，以函件所写为准；期限内补正的不作逾期。同类不足6个单位的不作比较。",
    ]
    text = "　".join(notes)
    blocks = [HtmlBlock(Markup('<p class="small">{}</p>').format(text), text)]
    if unit["audience"] == "office":
        blocks.insert(0, _other_findings(unit))
    return html_blocks.join_blocks(*blocks)


def _told_once(findings: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the findings without those on an earlier file that the later file's finding tells."""
    is_told = any(row["code"] == "resubmission" for row in findings)
    return [row for row in findings if not (is_told and row["code"] == "superseded")]


def _other_findings(unit: ReportData) -> HtmlBlock:
    """Return the findings that no duty tells: what is settled, and what only the office notes."""
    told = {(duty["code"], duty["case"], _found(duty)) for duty in unit["duties"]}
    owed = {duty["code"] for duty in unit["duties"] if duty["key"].startswith("owed|")}
    findings = _told_once(unit["findings"])
    left = [
        row
        for row in findings
        if row["severity"] == SETTLED
        or not (row["code"] in owed or (row["code"], row["case"], row["found"]) in told)
    ]
    if not left:
        listed = f"{len(findings)}项，都在要办的事中" if findings else "无"
        return render_quiet(f"核对发现：{listed}。")
    alike: dict[tuple[str, ...], list[str]] = {}
    for row in left:
        about = tuple(row[key] for key in ("severity", "title", "expected", "found", "place"))
        alike.setdefault(about, []).append(row["name"] or "全单位")
    rows = [
        (
            severity,
            escape(title),
            "、".join(dict.fromkeys(names)),
            expected,
            two_lines(found, place),
        )
        for (severity, title, expected, found, place), names in alike.items()
    ]
    columns = ("级别", "问题", "涉及", "要求", "报送情况")
    table = html_blocks.render_table(columns, rows, nowrap_columns=("级别",))
    rest = len(findings) - len(left)
    others = f"，另{rest}项见要办的事" if rest else ""
    return render_section(f"其余核对发现（办公室用，{len(left)}项{others}）", table)
