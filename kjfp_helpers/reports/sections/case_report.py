"""Sections of a case report, each made from the report's data; used by notebook 09."""

from collections import Counter

from markupsafe import Markup

from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.reports.data.report_data_file import ReportData
from kjfp_helpers.reports.html_blocks import HtmlBlock
from kjfp_helpers.reports.page_style import page_foot

SECRETARY = "本卷宗含姓名和单位，供评审办公室秘书使用：不发评委，不对外公布。"


def render_header(case: ReportData) -> HtmlBlock:
    """Return title, nomination, unit, and who may read it."""
    about, own = case["round"], case["case"]
    lines = [
        f"{about['title']}（{about['document']}）",
        f"{own['kind']}　编号{own['id']}　{own['unit_name']}推荐（{own['class']}）",
    ]
    head = html_blocks.render_heading(f"{own['name']}推荐卷宗", lines, about)
    head = HtmlBlock(head.html + page_foot(f"推荐卷宗　{own['id']}"), head.text, head=True)
    return html_blocks.join_blocks(head, html_blocks.render_note(SECRETARY, tone="warn"))


def render_overview(case: ReportData) -> HtmlBlock:
    """Return what matters most."""
    own, result = case["case"], case["result"]
    counts = Counter(row["severity"] for row in case["findings"])
    pairs = [
        ("资格", own["state"]),
        ("推荐顺序", own["rank"]),
        ("须补正", counts["须补正"]),
        ("待核实", counts["待核实"]),
        ("曾获表扬（认定）", sum(row[-1] == "认定" for row in case["earlier"])),
    ]
    if result:
        pairs.append(("结果", result["status"]))
    facts = html_blocks.render_facts(pairs)
    if own["eligible"]:
        return facts
    return html_blocks.join_blocks(
        facts, html_blocks.render_note(f"{own['state']}原因：{own['reasons']}", tone="bad")
    )


def render_form(case: ReportData) -> HtmlBlock:
    """Return the form as read, each value with its location in the source."""
    columns = ("栏目", "填写内容", "原件位置", "备注")
    return html_blocks.render_table(
        columns,
        case["form"],
        empty="没有读出推荐表。",
        nowrap_columns=("栏目", "原件位置", "备注"),
        optional_columns=("备注",),
    )


def render_source(case: ReportData) -> HtmlBlock:
    """Return which file the form was read from."""
    own = case["source"]
    rows = [
        ("收讫号", own["receipt"]),
        ("收到时间", own["came"]),
        ("文件", own["file"]),
        ("文件指纹", own["sha256"]),
    ]
    return html_blocks.render_table(("来源", "内容"), rows)


def render_indicators(case: ReportData) -> HtmlBlock:
    """Return the form's figures beside what the unit reported in all."""
    rows = [
        (
            f"{row['label']}（{row['measure']}）",
            formatting.format_number(row["own"]),
            *(
                (
                    formatting.format_number(row["unit_done"]),
                    formatting.format_number(row["unit_target"]),
                    formatting.format_percent(row["share"], 1),
                )
                if row["compared"]
                else ("不适用",) * 3
            ),
        )
        for row in case["figures"]
    ]
    columns = ("指标", "推荐表", "单位盘点完成", "单位任务目标", "占单位完成数")
    return html_blocks.render_table(columns, rows, numeric_columns=columns[1:])


def render_story(case: ReportData, *, whole: bool) -> HtmlBlock:
    """Return the story and the unit's opinion; ``whole`` shows it in full, else its length."""
    how, count, limit = case["length"]
    length = html_blocks.render_note(
        f"事迹{formatting.format_number(count)}字（{how}），上限{limit:,}字。"
    )
    if not whole:
        return length
    texts = [("主要事迹", case["story"]), ("推荐意见", case["recommendation"])]
    parts = [html_blocks.render_passage(title, text) for title, text in texts]
    return html_blocks.join_blocks(length, *parts)


def render_findings(case: ReportData) -> HtmlBlock:
    """Return the findings on the nomination, most severe first."""
    rows = [
        (
            row["severity"],
            row["title"],
            row["clause"],
            row["expected"],
            row["found"],
            row["place"],
            row["advice"],
        )
        for row in case["findings"]
    ]
    columns = ("级别", "问题", "通知条款", "要求", "报送情况", "位置", "处理意见")
    return html_blocks.render_table(
        columns, rows, empty="没有发现问题。", optional_columns=("位置",)
    )


def render_prior_awards(case: ReportData) -> HtmlBlock:
    """Return the prior awards that may be the nominee's."""
    columns = ("年份", "级别", "名单所载名称", "名单所载单位", "工作单位", "文件", "比对", "结论")
    return html_blocks.render_table(columns, case["earlier"], empty="名册中没有相合或近似的记录。")


def render_versions(case: ReportData) -> HtmlBlock:
    """Return what later versions of the form changed."""
    columns = ("来件", "栏目", "前件", "后件")
    return html_blocks.render_table(
        columns, case["versions"], empty="只收到一份，没有前后版本。", nowrap_columns=("来件",)
    )


def render_overlaps(case: ReportData) -> HtmlBlock:
    """Return the stories that share text with this one, passage by passage."""
    if not case["overlaps"]:
        return html_blocks.render_table((), (), empty="没有发现与其他个案雷同的文字。")
    parts = []
    for row in case["overlaps"]:
        head = f"{row['way']}：与{row['unit']}推荐的“{row['name']}”（{row['case']}）"
        more = f"，另有{row['more']}处" if row["more"] else ""
        parts.append(
            html_blocks.render_note(f"{head}相同部分占较短一件的{row['share']:.0%}{more}。")
        )
        parts.append(html_blocks.render_table(("本件", "对方"), row["passages"]))
    return html_blocks.join_blocks(*parts)


def render_decisions(case: ReportData) -> HtmlBlock:
    """Return the decisions on the nomination so far."""
    columns = ("台账", "时间", "经办", "事项", "理由或依据")
    return html_blocks.render_table(
        columns, case["decided"], empty="没有更正、认定或决定。", nowrap_columns=("台账", "时间")
    )


def render_result(case: ReportData) -> HtmlBlock:
    """Return the result of the nomination; before the reveal, a note that results are closed."""
    own = case["result"]
    if own is None:
        known = case["round"]["revealed"]
        return html_blocks.render_note(
            "本件没有进入评审。" if known else "名单产生以前，评分和名次不显示。"
        )
    span = formatting.MISSING
    if own["low"] is not None and own["high"] is not None:
        span = f"{own['low']:.1f}–{own['high']:.1f}"
    rows = [
        ("结果", own["status"]),
        ("名次", formatting.format_number(own["rank"])),
        ("有效评分（份）", formatting.format_number(own["n"])),
        ("得分", formatting.format_number(own["value"], 2)),
        ("95%区间", span),
        ("入围概率", own["chance"]),
        *([("表决", own["vote"])] if own["vote"] else []),
        ("说明", own["reason"] or formatting.MISSING),
    ]
    return html_blocks.render_table(("评审结果", "内容"), rows)


def render_links(case: ReportData) -> HtmlBlock:
    """Return a link to the unit's report."""
    own = case["case"]
    html = Markup('<p class="links"><a href="../office/{}.html">{}的审核情况反馈单</a></p>').format(
        own["unit"], own["unit_name"]
    )
    return HtmlBlock(html, f"另见{own['unit_name']}的审核情况报告")
