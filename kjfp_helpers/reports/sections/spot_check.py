"""Tables of the spot check in the reports of a unit and of the round, and in its own report."""

from collections.abc import Mapping, Sequence
from typing import Any

from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.reports.html_blocks import HtmlBlock

NOT_DRAWN = "本单位不在抽查之列。"
FIGURE_HEADINGS = ("指标", "目标", "上报数", "核实数", "相差", "相差比例", "抽核")
FINDING_HEADINGS = ("检查内容", "检查情况", "查证依据", "单位说明", "处理", "状态")


def render_unit_check(check: Mapping[str, Any] | None) -> HtmlBlock:
    """Return what came of a unit's check: figures, findings, replies and decisions."""
    if check is None:
        return html_blocks.render_note(NOT_DRAWN)
    blocks = [
        html_blocks.render_facts(
            [
                ("来由", check["how"]),
                ("检查日期", check["day"] or formatting.MISSING),
                ("检查人员", "、".join(check["checkers"]) or formatting.MISSING),
                ("情况", check["state"]),
            ]
        ),
        html_blocks.render_table(
            FIGURE_HEADINGS,
            [figure_cells(row) for row in check["figures"]],
            empty="尚无核实数。",
            numeric_columns=FIGURE_HEADINGS[1:6],
        ),
        render_check_findings(check["findings"]),
    ]
    if check["summary"]:
        blocks.append(html_blocks.render_passage("检查情况小结", check["summary"]))
    return html_blocks.join_blocks(*blocks)


def render_check_findings(findings: Sequence[Mapping[str, Any]], unit: str = "") -> HtmlBlock:
    """Return the findings; ``unit`` is the heading of the column that names the unit, if any."""
    headings = ((unit,) if unit else ()) + FINDING_HEADINGS
    rows = [((row["unit"],) if unit else ()) + finding_cells(row) for row in findings]
    return html_blocks.render_table(
        headings, rows, empty="检查没有发现问题。", nowrap_columns=("状态",)
    )


def render_check_overview(check: Mapping[str, Any]) -> HtmlBlock:
    """Return the whole check: how the units were drawn, each unit, differences, findings."""
    if not check["units"]:
        return html_blocks.render_note("本轮没有抽查。")
    headings = ("单位", "来由", "检查日期", "检查人员", "问题", "未办结", "情况")
    names = ("name", "how", "day", "checkers", "findings", "open", "state")
    units = [tuple(row[name] for name in names) for row in check["units"]]
    apart = [row for row in check["figures"] if row["difference"] != 0]
    figures = [(row["unit"], *figure_cells(row)) for row in apart]
    same = len(check["figures"]) - len(apart)
    equal = [html_blocks.render_note(f"其余{same}个核实数与上报数相同。")] if same else []
    blocks = [
        *map(html_blocks.render_note, check_notes(check)),
        html_blocks.render_table(
            headings, units, numeric_columns=("问题", "未办结"), nowrap_columns=("情况", "检查日期")
        ),
        html_blocks.render_subheading("上报数与核实数"),
        html_blocks.render_table(
            ("单位", *FIGURE_HEADINGS),
            figures,
            empty="没有不同。" if check["figures"] else "尚无核实数。",
            numeric_columns=FIGURE_HEADINGS[1:6],
        ),
        *equal,
        html_blocks.render_subheading("检查发现的问题"),
        render_check_findings(check["findings"], unit="单位"),
    ]
    return html_blocks.join_blocks(*blocks)


def check_notes(check: Mapping[str, Any]) -> list[str]:
    """Return in sentences how the units came to be checked, and whether the check is closed."""
    notes = []
    if check["value"]:
        notes.append(
            f"名册{check['frame']}个单位，公开值{check['value']}（{check['source']}），抽签结果可以重抽核对。"
        )
    if check["orders"]:
        notes.append(f"按文件指定：{'、'.join(check['orders'])}。")
    notes.append(f"核实数与上报数相差超过上报数{check['tolerance']:.0%}的列为问题。")
    return [*notes, *([f"{check['closed']}。"] if check["closed"] else [])]


def figure_cells(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the cells of a figure: target, reported, found, difference, share, sample."""
    share = formatting.format_percent(row["share"], 1)
    return (
        row["label"],
        formatting.format_number(row["target"]),
        formatting.format_number(row["reported"]),
        formatting.format_number(row["found"]),
        formatting.format_number(row["difference"]),
        html_blocks.render_alert(share) if row["beyond"] else share,
        row["error"] or formatting.MISSING,
    )


def finding_cells(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the cells of a finding."""
    case = f"（{row['case']}）" if row["case"] else ""
    return (
        f"{row['title']}{case}",
        row["text"],
        row["evidence"] or formatting.MISSING,
        row["reply"] or formatting.MISSING,
        row["decision"] or formatting.MISSING,
        row["state"],
    )
