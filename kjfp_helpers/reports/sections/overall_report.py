"""Tables and plots of the overall report, made from the report's data; used by notebook 08."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import escape

from kjfp_helpers.core.records import KIND_TITLES, NOMINEE_KINDS
from kjfp_helpers.core.state_labels import (
    FAULTY,
    IN_ORDER,
    IN_TIME,
    LATE,
    MET,
    NO_TARGET,
    NOT_ALL_SENT,
    NOT_DUE,
    NOT_NOMINATED,
    NOT_SENT,
    RECEIVED,
    UNDATED,
    UNMET,
    UNREADABLE,
)
from kjfp_helpers.infra.code_version import build_fingerprint
from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.reports.charts.chart import RenderedChart
from kjfp_helpers.reports.charts.chart_cache import ChartCache, ShowChart, draw_uncached
from kjfp_helpers.reports.charts.cutoff_chart import cutoff_message, draw_cutoff_chart
from kjfp_helpers.reports.charts.severity_chart import draw_member_scores
from kjfp_helpers.reports.charts.target_completion_chart import draw_completion_bars
from kjfp_helpers.reports.charts.target_dot_plot import completion_message
from kjfp_helpers.reports.charts.tile_map import draw_tile_map
from kjfp_helpers.reports.data.report_data_file import ReportData
from kjfp_helpers.reports.html_blocks import HtmlBlock
from kjfp_helpers.reports.page_style import page_foot
from kjfp_helpers.reports.report_types import OVERALL
from kjfp_helpers.reports.sections.assessment import describe_overview
from kjfp_helpers.reports.sections.spot_check import render_check_overview

_TOLD_BY_ANOTHER = ("superseded",)
"""Findings on an earlier file, of which the later file has one too."""


def open_figure_cache(outputs_dir: str) -> ChartCache:
    """Open the figure cache of the last overall report in the outputs of a round."""
    path = Path(outputs_dir) / "reports" / f"{OVERALL}.ipynb"
    return ChartCache(path, build_fingerprint())


def render_header(whole: ReportData) -> HtmlBlock:
    """Return title, round and document."""
    about = whole["round"]
    head = f"台账第{whole['head']['seq']}条" if whole["head"] else "台账为空"
    lines = [
        f"{about['document']}　{about['office']}",
        f"截至{whole['as_of']}收到的来件　{head}",
    ]
    shown = html_blocks.render_heading(f"{about['title']}总报告", lines, about)
    return HtmlBlock(shown.html + page_foot(f"总报告　{head}"), shown.text, head=True)


def render_overview(whole: ReportData) -> HtmlBlock:
    """Return the round in numbers."""
    counts = whole["counts"]
    pairs: list[tuple[str, Any]] = [
        ("推荐单位", counts["units"]),
        ("已来件单位", counts["reporting"]),
        ("来件（封）", counts["mails"]),
        ("文件（个）", counts["files"]),
    ]
    for kind, title in _titled_kinds():
        pairs.append((f"推荐{title}", counts["cases"][kind]))
        pairs.append((f"{title}合格", counts["eligible"][kind]))
    pairs += [("有效评分（份）", counts["marks"]), ("回避（件次）", counts["recusals"])]
    blocks = [html_blocks.render_facts(pairs)]
    if counts["unread"]:
        unread = f"推荐数含{counts['unread']}件{UNREADABLE}的，均暂缓。"
        blocks.append(html_blocks.render_note(unread, tone="warn"))
    return html_blocks.join_blocks(*blocks)


def _titled_kinds() -> Iterable[tuple[str, str]]:
    return [(kind, KIND_TITLES[kind]) for kind in NOMINEE_KINDS]


def render_totals(whole: ReportData) -> HtmlBlock:
    """Return the national sums, over units that reported, with those that did not beside."""
    rows = [
        (
            f"{row['label']}（{row['measure']}）",
            formatting.format_number(row["reported"]),
            formatting.format_number(row["target"]),
            formatting.format_number(row["done"]),
            formatting.format_percent(row["done"] / row["target"] if row["target"] else None, 1),
            row["units"],
            row["met"],
            row["absent"],
            row["untargeted"],
        )
        for row in whole["totals"]
    ]
    columns = (
        "指标",
        "已报完成数",
        "下达目标合计",
        "对应完成数",
        "完成率",
        "可比单位",
        "其中完成",
        "未报送或未填",
        "目标未下达",
    )
    table = html_blocks.render_table(columns, rows, numeric_columns=columns[1:])
    return html_blocks.join_blocks(table, *_target_notes(whole))


def _target_notes(whole: ReportData) -> list[HtmlBlock]:
    """Say of which units no target is known, in one sentence; nothing where all have theirs."""
    stated = [
        row
        for row in whole["stocktake"]
        if NO_TARGET in (row[f"{prefix}_state"] for prefix in formatting.INDICATORS)
    ]
    if not whole["assigned"]:
        note = f"本轮{NO_TARGET}：任务目标表没有一个目标数。各单位自报的目标数不作依据，"
    elif stated:
        named = "、".join(row["short_name"] for row in stated)
        note = f"{NO_TARGET}的{len(stated)}个单位：{named}。自报的目标数不作依据，"
    else:
        return []
    return [
        html_blocks.render_note(
            f"{note}不计完成率，也不计入合计。请补入任务目标表（targets.csv）。", tone="warn"
        )
    ]


def _province_rows(whole: ReportData) -> list[Mapping[str, Any]]:
    return [row for row in whole["stocktake"] if row["kind"] == "province"]


def plot_map(whole: ReportData, show: ShowChart = draw_uncached) -> RenderedChart | HtmlBlock:
    """Return the provinces as tiles; in a round without targets, that there is nothing to draw."""
    if not whole["assigned"]:
        return html_blocks.render_note(f"本轮{NO_TARGET}，没有完成率可画。")
    ruling = next(row["value"] for row in whole["rulings"] if row["name"] == "two_numbers")
    three = "三项中最低的完成率" if ruling.startswith("三项") else "三项完成率的平均"
    return show(
        draw_tile_map,
        _province_rows(whole),
        heading=completion_message("省级办公室", _province_rows(whole)),
        note=f"所示为{three}（裁定：{ruling}）。",
        rehearsal=whole["round"]["rehearsal"],
    )


def plot_completion(
    whole: ReportData, show: ShowChart = draw_uncached
) -> RenderedChart | HtmlBlock:
    """Return every province's three completion rates; nothing in a round without targets."""
    if not whole["assigned"]:
        return html_blocks.render_note(f"本轮{NO_TARGET}，不与目标比较。")
    return show(
        draw_completion_bars,
        _province_rows(whole),
        heading=_met_message(_province_rows(whole)),
        rehearsal=whole["round"]["rehearsal"],
    )


def _met_message(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return how many units met each target."""
    met = (
        f"{label}{sum(row[f'{prefix}_state'] == MET for row in rows)}个"
        for prefix, (label, _) in formatting.INDICATORS.items()
    )
    return f"省级办公室{len(rows)}个单位中各项完成的：{'，'.join(met)}"


_MOST_SILENT = 30
"""Societies that one sentence names."""


def render_societies(whole: ReportData) -> HtmlBlock:
    """Return the societies that fall short or cannot be judged; the silent ones in one sentence."""
    listed = [row for row in whole["stocktake"] if row["kind"] == "society"]
    known = {UNMET, NOT_ALL_SENT, *([NO_TARGET] if whole["assigned"] else [])}
    rows = [
        (
            row["short_name"],
            *(formatting.format_percent(row[f"{prefix}_rate"]) for prefix in formatting.INDICATORS),
            row["state"],
        )
        for row in listed
        if row["state"] in known
    ]
    columns = ("全国学会", *(label for label, _ in formatting.INDICATORS.values()), "情况")
    silent = [row["short_name"] for row in listed if row["state"] == NOT_SENT]
    empty = "已报送盘点表的学会没有这类情形。" if silent else "没有。"
    table = html_blocks.render_table(columns, rows, empty=empty, numeric_columns=columns[1:4])
    note = f"盘点表{NOT_SENT}的全国学会{len(silent)}个{_name_silent(silent, listed)}。"
    return html_blocks.join_blocks(table, *([html_blocks.render_note(note)] if silent else []))


def _name_silent(silent: Sequence[str], listed: Sequence[Mapping[str, Any]]) -> str:
    """Return who did not report, or, where these fill a page, who did."""
    if len(silent) <= _MOST_SILENT:
        return f"：{'、'.join(silent)}"
    others = [row["short_name"] for row in listed if row["state"] != NOT_SENT]
    told = f"，已报送的{len(others)}个：{'、'.join(others)}" if len(others) <= _MOST_SILENT else ""
    return f"{told}；逐个见报告目录，按“未报送”筛选"


def render_spot_check(whole: ReportData) -> HtmlBlock:
    """Return the spot check, and how the summaries were assessed."""
    assessed = whole["assessment"]
    levels = "，".join(f"{level}{count}个" for level, count in assessed["levels"].items())
    result = f"：{levels}。" if levels else "。"
    summaries = f"工作总结收到{assessed['received']}份，已考核{assessed['assessed']}份{result}"
    told = assessed.get("overview")
    points = [f"工作总结收到{assessed['received']}份。", *describe_overview(told)] if told else None
    return html_blocks.join_blocks(
        render_check_overview(whole["spot_check"]),
        html_blocks.render_points(points or [summaries]),
    )


def render_completeness(whole: ReportData) -> HtmlBlock:
    """Return how many units' materials arrived and are in order, by kind of material."""
    states = (RECEIVED, IN_TIME, LATE, UNDATED, NOT_SENT, NOT_DUE, NOT_NOMINATED)
    used = [
        state for state in states if any(row["states"].get(state) for row in whole["completeness"])
    ]
    orders = (IN_ORDER, FAULTY)
    rows = [
        (
            row["label"],
            *(row["states"].get(state, 0) for state in used),
            *(row["orders"].get(order, 0) for order in orders),
        )
        for row in whole["completeness"]
    ]
    return html_blocks.render_table(
        ("材料", *used, *orders), rows, numeric_columns=(*used, *orders)
    )


def render_findings(whole: ReportData) -> HtmlBlock:
    """Return the number of findings by type and severity."""
    order = ("须补正", "待核实", "请留意")
    ranked = sorted(
        whole["findings"], key=lambda row: (order.index(row["severity"]), -row["count"])
    )
    rows = [
        (
            row["severity"],
            escape(row["title"]),
            row["clause"],
            row["count"],
            row["open"],
            row["units"],
        )
        for row in ranked
        if row["code"] not in _TOLD_BY_ANOTHER
    ]
    columns = ("级别", "问题", "通知条款", "件数", "未了结", "涉及单位")
    return html_blocks.render_table(
        columns,
        rows,
        empty="没有发现问题。",
        numeric_columns=columns[3:],
        title="核对发现",
        filter_columns=("级别",),
        heading=1,
    )


def render_reading_loads(whole: ReportData) -> HtmlBlock:
    """Return how much each member read."""
    titles = {
        "assigned": "分到",
        "scored": "已评",
        "recused": "回避",
        "left": "退出，改由他人评阅",
        "unread": "未评",
    }
    shown = [key for key in titles if key != "left" or any(row[key] for row in whole["loads"])]
    rows = [(row["label"], *(row[key] for key in shown)) for row in whole["loads"]]
    columns = ("评委", *(titles[key] for key in shown))
    return html_blocks.render_table(columns, rows, empty="尚未分派。", numeric_columns=columns[1:])


def plot_member_scores(
    whole: ReportData, kind: str, show: ShowChart = draw_uncached
) -> RenderedChart | HtmlBlock:
    """Return the chart of each member's scores for one kind of nominee."""
    if not any(row["totals"] for row in whole["panel"][kind]):
        return html_blocks.render_note(f"{KIND_TITLES[kind]}尚无评分。")
    return show(
        draw_member_scores,
        whole["panel"][kind],
        heading=_severity_message(kind, whole["panel"][kind]),
        rehearsal=whole["round"]["rehearsal"],
    )


def plot_cutoff(
    whole: ReportData, kind: str, show: ShowChart = draw_uncached
) -> RenderedChart | HtmlBlock:
    """Return the cutoff chart of one kind."""
    ranked = [row for row in whole["ranking"][kind] if row["rank"] is not None]
    if not ranked:
        return html_blocks.render_note(f"{KIND_TITLES[kind]}尚无排名。")
    return show(
        draw_cutoff_chart,
        ranked,
        places=whole["places"][kind],
        heading=cutoff_message(f"{KIND_TITLES[kind]}名额线", ranked, whole["places"][kind]),
        rehearsal=whole["round"]["rehearsal"],
    )


def _severity_message(kind: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """Return how many members are surely milder or stricter than the panel."""
    known = [row for row in rows if row["severity_low"] is not None]
    mild = sum(row["severity_low"] > 0 for row in known)
    strict = sum(row["severity_high"] < 0 for row in known)
    title = f"{KIND_TITLES[kind]}：各评委评分与宽严"
    if not known:
        return title
    return f"{title}，{mild}名偏宽、{strict}名偏严" if mild or strict else f"{title}，没有明显宽严"
