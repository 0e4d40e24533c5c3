"""Sections of a member's score sheet, each made from the report's data; used by notebook 10."""

from markupsafe import Markup

from kjfp_helpers.infra.templating import css_text
from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.reports.data.report_data_file import ReportData
from kjfp_helpers.reports.html_blocks import HtmlBlock

_LOOK = (
    "table.report.dense td.n, table.report.dense th.n { padding-left: 1em } "
    ".signed { break-inside: avoid } .signed .sign { margin-top: 28px }"
)
"""Figures stand apart; what is signed stands on the page of the signature."""


def render_header(sheet: ReportData) -> HtmlBlock:
    """Return title and whose sheet it is."""
    about = sheet["round"]
    state = f"已封存（台账第{sheet['sealed']}号）" if sheet["sealed"] else "尚未封存"
    if sheet["signed"]:
        state += f"，签字表已收回（台账第{sheet['signed']}号）"
    if left := sheet["left"]:
        marks = "已给的评分按决定不计入结果" if left["set_aside"] else "已给的评分照计"
        state += f"，已退出评审（台账第{left['seq']}号，{left['reason']}），{marks}"
    lines = [
        f"{about['title']}　{about['office']}",
        f"评委：{sheet['name']}（{sheet['member']}）　卷号：{sheet['packet']}　{state}",
        f"规则文件校验值：{sheet['rules']}",
    ]
    head = html_blocks.render_heading("评委评分表", lines, about)
    whose = "只含本人的评分，个案以卷内编号代替名称；封存后发给本人核对签字，不给其他评委看。"
    return html_blocks.join_blocks(_page_boxes(sheet), head, html_blocks.render_note(whose))


def _page_boxes(sheet: ReportData) -> HtmlBlock:
    """Return the style by which every printed page says whose it is, so that a signature binds all.

    Name, packet and code are those of the sheet that the scoring page prints.
    """
    boxes = {
        "top-left": f"评委 {sheet['member']}　{sheet['name']}",
        "top-right": f"{sheet['round']['title']}评委评分表",
        "bottom-left": f"卷号 {sheet['packet']}　核对码 {sheet['code']}",
    }
    rules = "".join(f'@{box} {{ content: "{css_text(text)}"; }} ' for box, text in boxes.items())
    pages = '@bottom-right { content: "第 " counter(page) " 页 共 " counter(pages) " 页"; }'
    style = f"@page {{ margin: 18mm 16mm 20mm; font: 9pt serif; {rules}{pages} }} {_LOOK}"
    return HtmlBlock(Markup(f"<style>{style}</style>"), "")


def render_overview(sheet: ReportData) -> HtmlBlock:
    """Return the member's progress."""
    return html_blocks.render_facts(
        [
            ("应评（件）", sheet["cases"]),
            ("已评（件）", sheet["done"]),
            ("未评完（件）", sheet["cases"] - sheet["done"]),
            ("待补评语（件）", sheet["owing"]),
            ("回避声明", f"第{sheet['declared']}号" if sheet["declared"] else "未声明"),
        ]
    )


def render_scores(sheet: ReportData) -> HtmlBlock:
    """Return the current scores, teams first, each with its number in the ledger."""
    parts = []
    for kind in sheet["kinds"]:
        if not kind["rows"]:
            continue
        names = [f"{title}（{weight:.0%}）" for title, weight in kind["criteria"]]
        columns = ["材料", *names, "总分", "评语", "台账号", "说明"]
        rows = [
            (
                row["label"],
                *(_score_text(score) for score in row["scores"]),
                formatting.format_number(row["total"], 2),
                row["comment"],
                row["seq"],
                row["note"],
            )
            for row in kind["rows"]
        ]
        parts += [
            html_blocks.render_subheading(f"{kind['title']}（{len(rows)}件）"),
            html_blocks.render_table(
                columns,
                rows,
                numeric_columns=(*names, "总分", "台账号"),
                nowrap_columns=("材料",),
                optional_columns=("评语", "说明"),
            ),
        ]
    return html_blocks.join_blocks(*parts) if parts else html_blocks.render_note("没有应评的材料。")


def _score_text(score: float | None) -> str:
    return "未评" if score is None else f"{score:g}"


def render_signature(sheet: ReportData) -> HtmlBlock:
    """Return the signature line, and the code for recording the signed sheet."""
    counts = "、".join(
        f"{one['title']}{len(one['rows'])}件" for one in sheet["kinds"] if one["rows"]
    )
    read = f"以上{counts or '没有应评的材料'}，已评{sheet['done']}件，本人核对无误。"
    text = f"核对码 {sheet['code']}，评分校验值 {sheet['digest']}。以台账所记为准。"
    html = Markup(
        '<div class="signed"><p>{}</p><p class="small">{}</p><p class="sign">'
        "<span>评委签字：________________</span><span>日期：{}</span></p></div>"
    ).format(read, text, formatting.BLANK_DAY)
    return HtmlBlock(html, f"{read}{text}")
