"""The overview of a unit's report: its main figures, and a sentence on each subject."""

from collections.abc import Mapping
from typing import Any

from kjfp_helpers.core.state_labels import (
    BLANK,
    FAULTY,
    LATE,
    MET,
    NO_TARGET,
    NOT_DUE,
    NOT_SENT,
    UNDATED,
    UNMET,
)
from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.reports.data.report_data_file import ReportData
from kjfp_helpers.reports.html_blocks import HtmlBlock


def render_overview(unit: ReportData) -> HtmlBlock:
    """Return the main figures, then a sentence on each subject."""
    counts = unit["counts"]
    facts = html_blocks.render_facts(
        [
            ("“两数”", unit["state"]),
            ("未报送材料（类）", counts["owed"]),
            ("须补正", counts["faults"]),
            ("待核实", counts["questions"]),
            ("推荐团队", _count_nominees(unit, "先进团队")),
            ("推荐个人", _count_nominees(unit, "先进个人")),
        ]
    )
    says = (
        _indicator_sentence(unit),
        _material_sentence(unit),
        _summary_sentence(unit),
        _nominee_sentence(unit),
        _exhibition_sentence(unit),
        _outstanding_sentence(unit),
    )
    return html_blocks.join_blocks(
        facts, html_blocks.render_points([line for line in says if line])
    )


def _materials_in_state(unit: ReportData, state: str, part: str = "state") -> str:
    """Return the materials of a unit that are in a state, joined."""
    return "、".join(
        formatting.MATERIAL_TITLES[kind]
        for kind, cell in unit["completeness"].items()
        if cell[part] == state
    )


def _indicator_sentence(unit: ReportData) -> str:
    """Return which of the three quantities reach their target, and the shortfall of others."""
    figures = unit["figures"]
    by_state = {
        state: [row for row in figures if row["state"] == state]
        for state in (MET, UNMET, BLANK, NO_TARGET, NOT_SENT)
    }
    if len(by_state[MET]) == len(figures):
        return "三项任务目标全部完成。"
    if by_state[NOT_SENT]:
        return "盘点表未报送，不能判断。"
    if len(by_state[NO_TARGET]) == len(figures):
        return "三项目标任务均未下达，不能判断；单位自报的目标数另列，不作依据。"
    if len(by_state[BLANK]) == len(figures):
        return "三项完成数都未填，不能判断。"
    parts = [f"三项任务目标中，完成{len(by_state[MET])}项"]
    parts += [_shortfall_text(row) for row in by_state[UNMET]]
    for state, reason in ((BLANK, "完成数未填"), (NO_TARGET, "目标未下达")):
        labels = "、".join(row["label"] for row in by_state[state])
        if labels:
            parts.append(f"{labels}{reason}，不能判断")
    return "；".join(parts) + "。"


def _shortfall_text(row: Mapping[str, Any]) -> str:
    """Return the shortfall of one quantity, and the peers' median where there are enough."""
    rate = f"完成{formatting.format_percent(row['rate'])}"
    if row["peer_rate"] is not None:
        rate += (
            f"，同类{row['peer_count']}个单位的中位数{formatting.format_percent(row['peer_rate'])}"
        )
    return f"{row['label']}差{-row['gap']:,.0f}{row['measure']}（{rate}）"


def _material_sentence(unit: ReportData) -> str:
    parts = [
        f"{state}{named}"
        for state in (NOT_SENT, NOT_DUE, LATE, UNDATED)
        if (named := _materials_in_state(unit, state))
    ]
    faulty = _materials_in_state(unit, FAULTY, "order")
    if faulty:
        parts.append(f"{faulty}{FAULTY}")
    text = "；".join(parts) or "应报材料都已按期收到，没有须补正之处"
    return f"来件{len(unit['receipts'])}封；{text}。"


def _summary_sentence(unit: ReportData) -> str:
    heads = unit["summary"]["heads"]
    lacking = [head["title"] for head in heads if head["held"] is False]
    if all(head["held"] is None for head in heads):
        return ""  # said among the materials
    level = unit["summary"]["level"] or "未评定"
    what = f"缺{'、'.join(lacking)}" if lacking else f"应含的{len(heads)}部分齐全"
    return f"工作总结{what}；考核等次：{level}。"


def _nominee_sentence(unit: ReportData) -> str:
    if not unit["nominees"]:
        return ""
    deferred: dict[str, list[str]] = {}
    for row in unit["nominees"]:
        if not row["eligible"]:
            deferred.setdefault(row["reasons"], []).append(row["name"])
    listed = [row["name"] for row in unit["nominees"] if row["status"] in ("入围", "增列")]
    count = sum(map(len, deferred.values()))
    text = f"推荐{len(unit['nominees'])}件，合格{len(unit['nominees']) - count}件"
    if deferred:
        reasons = (f"{'、'.join(names)}（{reason}）" for reason, names in deferred.items())
        text += f"，暂缓{count}件：{'；'.join(reasons)}"
    if listed:
        text += f"；入围：{'、'.join(listed)}"
    return f"{text}。"


def _exhibition_sentence(unit: ReportData) -> str:
    part = unit["exhibition"]
    if all(head["held"] is None for head in part["parts"]):
        return ""
    lacking = [head["title"] for head in part["parts"] if head["held"] is False]
    text = f"文字缺{'、'.join(lacking)}" if lacking else f"文字{len(part['parts'])}部分齐全"
    count, good = part["pictures"], part["pictures_ok"]
    if count is None:
        return f"展览素材{text}。"
    shown = f"图片{count}幅，其中{good}幅符合要求" if count else "没有图片"
    return f"展览素材{text}，{shown}。"


def _outstanding_sentence(unit: ReportData) -> str:
    owed = len(unit["outstanding"])
    return f"还须报送或说明{owed}项，见第六部分。" if owed else "没有需要补报或说明的事项。"


def _count_nominees(unit: ReportData, kind: str) -> int:
    return sum(nominee["kind"] == kind for nominee in unit["nominees"])
