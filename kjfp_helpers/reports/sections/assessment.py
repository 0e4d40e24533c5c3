"""Tables of the assessment on the screen and in the reports of a unit and of the round."""

from collections.abc import Mapping
from typing import Any

from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.reports.html_blocks import HtmlBlock

HEADINGS = ("指标", "来源", "分值", "得分", "依据")
MAX_NAMED = 10
"""Typical experiences that the report of the round names."""


def render_unit_assessment(told: Mapping[str, Any] | None) -> HtmlBlock:
    """Return a unit's points with their ground, for the office."""
    if told is None:
        return html_blocks.render_note("本轮没有考核办法（assessment.toml）。")
    rows = [
        (
            row["title"],
            row["source"],
            f"{row['most']:g}",
            formatting.format_number(row["points"], 1),
            row["text"] or formatting.MISSING,
        )
        for row in told["rows"]
    ]
    blocks = [
        html_blocks.render_facts(
            [
                ("情况", told["state"]),
                ("得分", formatting.format_number(told["total"], 1)),
                ("等次", told["grade"] or formatting.MISSING),
                ("已评人数", told["readers"]),
                ("审定结果", told["confirmed"] or "尚未审定"),
            ]
        ),
        html_blocks.render_table(
            HEADINGS, rows, empty="没有指标。", numeric_columns=("分值", "得分")
        ),
    ]
    if told["changed"]:
        blocks.insert(0, html_blocks.render_note("审定以后数据有变动，须重新审定。"))
    if told["note"]:
        blocks.append(html_blocks.render_note(told["note"]))
    return html_blocks.join_blocks(*blocks)


def describe_result(told: Mapping[str, Any]) -> str:
    """Return the confirmed result of a unit in a sentence, as the unit itself may read it."""
    points = "，".join(
        f"{row['title']}{formatting.format_number(row['points'], 1)}/{row['most']:g}"
        for row in told["rows"]
    )
    total = formatting.format_number(told["total"], 1)
    return f"考核得{total}分，等次{told['grade']}（{told['document']}）：{points}。"


def describe_overview(told: Mapping[str, Any]) -> list[str]:
    """Return in sentences how the assessment of all units stands."""
    states = "，".join(f"{word}{count}个单位" for word, count in told["states"].items())
    grades = "，".join(f"{word}{count}个" for word, count in told["grades"].items() if count)
    sentences = [f"单位考核：{states}。"]
    if grades:
        sentences.append(f"等次：{grades}。")
    if told["document"]:
        changed = f"，审定后变动{told['changed']}个单位" if told["changed"] else ""
        sentences.append(f"结果已审定（{told['document']}）{changed}。")
    else:
        sentences.append("结果尚未审定。")
    if told["absent"]:
        sentences.append(f"{told['absent']}。")
    if told["copies"]:
        sentences.append(f"总结文字雷同的有{told['copies']}对单位。")
    if told["experiences"]:
        named = "、".join(told["experiences"][:MAX_NAMED])
        sentences.append(f"典型经验{len(told['experiences'])}条：{named}。")
    if told["note"]:
        sentences.append(f"{told['note']}。")
    return sentences
