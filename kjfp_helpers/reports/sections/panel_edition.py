"""Parts of a unit's report for the panel: bands and counts, nothing that tells who it is."""

from markupsafe import Markup

from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.reports.data.report_data_file import ReportData
from kjfp_helpers.reports.html_blocks import HtmlBlock


def render_header(unit: ReportData) -> HtmlBlock:
    """Return the blind number, and what may be told by it."""
    lines = [
        f"{unit['round']['document']}　所属类别：{unit['unit']['class']}",
        "评委用：不写单位、姓名、地点和确数；盲号与评阅材料的编号无关，不可对照",
    ]
    return html_blocks.render_heading(unit["title"], lines, unit["round"])


def render_matters(unit: ReportData) -> HtmlBlock:
    """Return the kinds of matters that are open."""
    if not unit["matters"]:
        return HtmlBlock(Markup('<p class="quiet">未了结的问题：无。</p>'), "未了结的问题：无。")
    rows = [(title, count) for title, count in unit["matters"]]
    table = html_blocks.render_table(("问题", "处"), rows, numeric_columns=("处",))
    return html_blocks.join_blocks(_heading("未了结的问题"), table)


def render_scorecard(unit: ReportData) -> HtmlBlock:
    """Return the completion rates in bands, beside the peers' median."""
    rows = [
        (
            f"{row['label']}（{row['measure']}）",
            row["state"],
            row["band"],
            _median_text(row),
            row["peers"]["place"] or "不作比较",
        )
        for row in unit["figures"]
    ]
    columns = ("指标", "情况", "完成率", "同类中位数", "同类位置")
    materials = "；".join(
        f"{formatting.MATERIAL_TITLES[kind]}{cell['state']}"
        + (f"、{cell['order']}" if cell["order"] else "")
        for kind, cell in unit["completeness"].items()
    )
    held = sum(head["held"] is True for head in unit["summary"])
    parts = f"工作总结应含的{len(unit['summary'])}部分有{held}部分"
    text = f"材料：{materials}。{parts}；展览图片{unit['pictures']}。"
    return html_blocks.join_blocks(
        _heading("任务目标和材料"),
        html_blocks.render_table(columns, rows),
        HtmlBlock(Markup("<p>{}</p>").format(text), text),
    )


def _median_text(row: ReportData) -> str:
    if not row["peers"]["range"]:
        return "不作比较"
    median = formatting.format_percent(row["peers"]["range"]["median"])
    return f"{median}（{row['peers']['n']}个单位）"


def render_nominees(unit: ReportData) -> HtmlBlock:
    """Return how many were nominated and may be read."""
    rows = [
        (row["kind"], row["count"], row["eligible"], row["reasons"]) for row in unit["nominees"]
    ]
    columns = ("类别", "推荐", "可参评", "未参评原因")
    table = html_blocks.render_table(
        columns, rows, numeric_columns=columns[1:3], optional_columns=("未参评原因",)
    )
    return html_blocks.join_blocks(_heading("推荐对象"), table)


def render_nothing(unit: ReportData) -> HtmlBlock:
    """Return nothing: the part would tell who the unit is."""
    return HtmlBlock(Markup(""), "")


def render_notes(unit: ReportData) -> HtmlBlock:
    """Return how to read it."""
    text = "完成率按十个百分点分档；同类不足6个单位的不作比较；没有报送的写“—”，不作零计。"
    return HtmlBlock(Markup('<p class="small">{}</p>').format(text), text)


def _heading(title: str) -> HtmlBlock:
    return HtmlBlock(Markup("<h2>{}</h2>").format(title), title)
