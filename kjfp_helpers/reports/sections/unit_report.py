"""Tables and plot of a unit's report, each made from the report's data; used by notebook 07."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from kjfp_helpers.core.state_labels import (
    IN_TIME,
    LATE,
    NOT_SENT,
)
from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.reports.data.report_data_file import ReportData
from kjfp_helpers.reports.figures.figure import RenderedFigure
from kjfp_helpers.reports.figures.target_completion_chart import draw_unit_bars
from kjfp_helpers.reports.html_blocks import HtmlBlock

DOSSIER_LINK = Markup('<a href="cases/{}.html">{}</a>')


def render_header(unit: ReportData) -> HtmlBlock:
    """Return title, unit, document and group."""
    about, own = unit["round"], unit["unit"]
    lines = [f"{about['title']}（{about['document']}）", f"所属类别：{own['class']}"]
    if unit["drawn"]:
        lines.append("已抽中参加检查")
    lines.append("写有推荐对象姓名，揭示身份以前不给评委看")
    return html_blocks.render_heading(f"{own['name']}审核情况报告", lines, about)


def render_indicators(unit: ReportData) -> HtmlBlock:
    """Return the three quantities against target and peers."""
    rows = [
        (
            f"{row['label']}（{row['measure']}）",
            formatting.format_number(row["target"]),
            formatting.format_number(row["own"]),
            formatting.format_number(row["done"]),
            _gap_text(row["gap"]),
            formatting.format_percent(row["rate"]),
            _peer_text(row),
            row["peer_third"],
            row["state"],
        )
        for row in unit["figures"]
    ]
    columns = (
        "指标",
        "下达目标",
        "自报目标",
        "完成",
        "超额或缺口",
        "完成率",
        "同类中位数",
        "同类位置",
        "情况",
    )
    return html_blocks.render_table(columns, rows, numeric_columns=columns[1:7])


def _peer_text(row: Mapping[str, Any]) -> str:
    """Return the peers' median and of how many units, or that they are too few."""
    if row["peer_rate"] is None:
        return f"不作比较（{row['peer_count']}个单位）"
    return f"{formatting.format_percent(row['peer_rate'])}（{row['peer_count']}个单位）"


def _gap_text(gap: float | None) -> str:
    if gap is None:
        return formatting.MISSING
    return f"+{gap:,.0f}" if gap > 0 else formatting.format_number(gap).replace("-", "−")


def plot_indicators(unit: ReportData) -> RenderedFigure:
    """Return the three quantities as a bar chart."""
    return draw_unit_bars(
        unit["figures"], peers=unit["unit"]["class"], rehearsal=unit["round"]["rehearsal"]
    )


def render_materials(unit: ReportData) -> HtmlBlock:
    """Return which materials arrived, when, and which are in order."""
    rows = [
        (
            formatting.MATERIAL_TITLES[kind],
            unit["due"][kind],
            cell["state"],
            _arrival_text(cell),
            cell["order"] or formatting.MISSING,
            cell["faults"],
        )
        for kind, cell in unit["completeness"].items()
    ]
    columns = ("材料", "报送期限", "收到情况", "收到时间", "是否合格", "须补正")
    return html_blocks.render_table(columns, rows, nowrap_columns=("收到情况", "是否合格"))


def _arrival_text(cell: Mapping[str, str]) -> str:
    """Return when a material came and how late, without the state that stands beside it."""
    return (
        cell["arrived"].removesuffix(f"，{cell['state']}") if cell["order"] else formatting.MISSING
    )


def render_summary(unit: ReportData) -> HtmlBlock:
    """Return which heads the summary holds, how much each says and how it begins."""
    part = unit["summary"]
    if all(head["held"] is None for head in part["heads"]):
        return html_blocks.render_note("工作总结未报送。", tone="bad")
    rows = [
        (
            head["title"],
            formatting.format_presence(head["held"]),
            formatting.format_number(head["length"]),
            head["opening"],
        )
        for head in part["heads"]
    ]
    columns = ("工作总结应含内容", "情况", "字数", "开头")
    note = f"考核等次：{part['level'] or '未评定'}" + (
        f"；评语：{part['comment']}" if part["comment"] else ""
    )
    return html_blocks.join_blocks(
        html_blocks.render_table(columns, rows, numeric_columns=("字数",)),
        html_blocks.render_note(f"{note}。"),
    )


def render_nominees(unit: ReportData) -> HtmlBlock:
    """Return the nominees with the severity of the findings on each."""
    revealed = unit["round"]["revealed"]
    rows = [
        (
            row["kind"],
            row["rank"] or formatting.MISSING,
            DOSSIER_LINK.format(row["case"], row["name"]) if row["case"] else row["name"],
            formatting.format_number(row["people_lifted"]),
            formatting.format_number(row["service_days"]),
            "、".join(f"{label}{count}项" for label, count in row["counts"].items()) or "无",
            "合格" if row["eligible"] else "暂缓",
            row["reasons"],
            *([row["status"] or "未参评", row["reason"]] if revealed else []),
        )
        for row in unit["nominees"]
    ]
    columns = [
        "类别",
        "顺序",
        "名称或姓名",
        "带动脱贫（人）",
        "服务天数",
        "发现问题",
        "资格",
        "暂缓原因",
    ] + (["结果", "说明"] if revealed else [])
    return html_blocks.render_table(
        columns,
        rows,
        empty="未推荐先进团队和先进个人。",
        numeric_columns=columns[3:5],
        nowrap_columns=("类别", "资格", "结果"),
        optional_columns=("暂缓原因", "说明"),
    )


def render_findings(unit: ReportData) -> HtmlBlock:
    """Return all findings, those to be corrected first."""
    rows = [
        (
            row["severity"],
            row["title"],
            row["name"] or "全单位",
            row["clause"],
            row["expected"],
            row["found"],
            row["place"],
        )
        for row in unit["findings"]
    ]
    columns = ("级别", "问题", "涉及", "通知条款", "要求", "报送情况", "位置")
    return html_blocks.render_table(
        columns, rows, empty="没有发现问题。", nowrap_columns=("级别",), optional_columns=("位置",)
    )


def render_exhibition(unit: ReportData) -> HtmlBlock:
    """Return the state of the exhibition materials."""
    part = unit["exhibition"]
    rows = [(head["title"], formatting.format_presence(head["held"])) for head in part["parts"]]
    faults = "、".join(f"{title}{count}项" for title, count in part["faults"].items())
    rows.append(("图片（幅）", formatting.format_number(part["pictures"])))
    rows.append(("其中符合要求（幅）", formatting.format_number(part["pictures_ok"])))
    rows.append(("图片和注释的问题", faults or ("无" if part["pictures"] else formatting.MISSING)))
    rows.append(("总的情况", part["state"] or NOT_SENT))
    return html_blocks.render_table(("展览素材", "情况"), rows)


def render_outstanding(unit: ReportData) -> HtmlBlock:
    """Return what the unit must still send or answer, as its letters say it."""
    columns = ("事项", "要求", "现状", "级别或期限", "办理要求")
    return html_blocks.render_table(
        columns, unit["outstanding"], empty="没有需要补报或说明的事项。"
    )


def render_receipts(unit: ReportData) -> HtmlBlock:
    """Return the history of submissions."""
    rows = [
        (
            row["receipt"],
            row["received"],
            row["subject"],
            row["files"],
            row["kinds"],
            LATE if row["late"] else IN_TIME,
            row["note"],
        )
        for row in unit["receipts"]
    ]
    columns = ("收件编号", "收到时间", "邮件主题", "文件数", "材料", "时限", "备注")
    return html_blocks.render_table(
        columns,
        rows,
        empty="没有收到来件。",
        numeric_columns=("文件数",),
        nowrap_columns=("收到时间",),
        optional_columns=("备注",),
    )
