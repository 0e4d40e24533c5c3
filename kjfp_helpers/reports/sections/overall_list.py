"""The list in the overall report: names, whether it is final, and its basis."""

from markupsafe import escape

from kjfp_helpers.core.records import KIND_TITLES, LISTED, NOMINEE_KINDS, STATUS_TITLES
from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.reports.data.report_data_file import ReportData
from kjfp_helpers.reports.html_blocks import HtmlBlock


def render_shortlist(whole: ReportData, kind: str) -> HtmlBlock:
    """Return the shortlist, followed by the reserves."""
    wanted = (*LISTED, "reserve")
    chosen = [row for row in whole["ranking"][kind] if row["status"] in wanted]
    chosen.sort(key=lambda row: (wanted.index(row["status"]), row["place"] or 0))
    asked = whole["list"]["questions"]
    rows = [
        (
            STATUS_TITLES[row["status"]],
            formatting.format_number(row["place"]),
            row["name"],
            row["unit_name"],
            formatting.format_number(row["value"], 2),
            formatting.format_probability(row["p_in"]),
            html_blocks.render_alert("；".join(asked.get(row["case"], ()))),
            row["vote"],
            row["note"],
        )
        for row in chosen
    ]
    columns = (
        "结果",
        "序号",
        KIND_TITLES[kind],
        "推荐单位",
        "得分",
        "入围概率",
        "未了结的问题",
        "表决",
        "说明",
    )
    return html_blocks.render_table(
        columns,
        rows,
        empty="尚未产生入围名单。",
        numeric_columns=("序号", "得分", "入围概率"),
        optional_columns=("未了结的问题", "表决", "说明"),
        title=f"入围{KIND_TITLES[kind]}",
        filter_columns=("结果", "推荐单位"),
        heading=2,
    )


def render_answer(whole: ReportData) -> HtmlBlock:
    """Return the answer that the report opens with: the list in a few lines."""
    points = whole["list"]["points"]
    if not points:
        return html_blocks.render_note("尚未产生入围名单。")
    rows = [
        (title, html_blocks.render_alert(result) if is_open else result, said)
        for title, result, said, is_open in points
    ]
    columns = ("要点", "结论", "说明")
    return html_blocks.render_table(
        columns, rows, optional_columns=("说明",), nowrap_columns=("要点",)
    )


def render_list_state(whole: ReportData) -> HtmlBlock:
    """Return every step before the list is final: done, open or let go."""
    state = whole["list"]
    if not any(whole["ranking"].values()):
        return html_blocks.render_note("尚未产生入围名单。")
    rows = [(*done, escape(note)) for *done, note in state["gates"]]
    return html_blocks.render_table(
        ("事项", "已办", "情况", "说明"),
        rows,
        numeric_columns=("已办",),
        optional_columns=("说明",),
    )


def render_list_changes(whole: ReportData) -> HtmlBlock:
    """Return the differences between the decided and the computed list."""
    rows = [
        (
            row["kind"],
            row["name"],
            row["unit_name"],
            row["computed"],
            row["decided"],
            row["basis"],
            row["by"],
            f"第{row['seq']}条" if row["seq"] else "",
        )
        for row in whole["list"]["changed"]
    ]
    columns = ("类别", "名称或姓名", "推荐单位", "计算名单", "决定名单", "依据", "决定人", "台账")
    made = any(whole["ranking"].values())
    return html_blocks.render_table(
        columns,
        rows,
        empty="决定名单与计算名单相同。" if made else "尚未产生入围名单。",
        nowrap_columns=("台账",),
    )


def render_rulings(whole: ReportData) -> HtmlBlock:
    """Return the points that the notice leaves open, and this round's ruling on each."""
    rows = [(row["question"], row["value"]) for row in whole["rulings"]]
    return html_blocks.render_table(("通知未明事项", "本轮裁定"), rows)


def render_basis(whole: ReportData) -> HtmlBlock:
    """Return criteria, seats, and the digests by which an inspector knows rules and records."""
    head = whole["head"]
    seats = []
    criteria = []
    for kind in NOMINEE_KINDS:
        title = KIND_TITLES[kind]
        weights = "、".join(f"{name}{weight:.0%}" for name, weight in whole["criteria"][kind])
        seats.append((f"{title}名额", formatting.format_number(whole["places"][kind])))
        criteria.append((f"{title}评分标准", weights))
    rows = [
        *seats,
        *criteria,
        ("规则文件指纹", whole["digest"]),
        ("台账截至", f"第{head['seq']}条 {head['hash']}" if head else "台账为空"),
    ]
    return html_blocks.render_table(("依据", "内容"), rows)
