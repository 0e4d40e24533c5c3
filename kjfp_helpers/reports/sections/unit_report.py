"""The pieces of a unit's report, each made from the unit's slice; used by notebook 07."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.core.state_labels import (
    BLANK,
    FAULTY,
    IN_TIME,
    LATE,
    MET,
    NO_TARGET,
    NOT_DUE,
    NOT_SENT,
    UNDATED,
    UNMET,
)
from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.reports.figures.completion_bars import draw_unit_bars
from kjfp_helpers.reports.figures.figure import RenderedFigure
from kjfp_helpers.reports.html_blocks import HtmlBlock

Slice = Mapping[str, Any]
DOSSIER = Markup('<a href="cases/{}.html">{}</a>')


def load(path: str | Path) -> dict[str, Any]:
    """Read a slice.

    Raises
    ------
    OutputError
        When there is no such slice, or it is not one.
    """
    try:
        content: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise OutputError(
            f"报告数据 {Path(path).name}",
            expected="本轮的数据文件",
            found="没有找到或不完整",
            advice="先运行 kjfp regenerate",
        ) from error
    return content


def header(unit: Slice) -> HtmlBlock:
    """Return title, unit, document and group."""
    about, own = unit["round"], unit["unit"]
    lines = [f"{about['title']}（{about['document']}）", f"所属类别：{own['class']}"]
    lines += ["已抽中参加检查"] if unit["drawn"] else []
    lines += ["写有推荐对象姓名，揭示身份以前不给评委看"]
    return html_blocks.render_heading(f"{own['name']}审核情况报告", lines, about)


def overview(unit: Slice) -> HtmlBlock:
    """Return the figures that matter most, then what they say in sentences."""
    counts = unit["counts"]
    facts = html_blocks.render_facts(
        [
            ("“两数”", unit["state"]),
            ("未报送材料（类）", counts["owed"]),
            ("须补正", counts["faults"]),
            ("待核实", counts["questions"]),
            ("推荐团队", _count(unit, "先进团队")),
            ("推荐个人", _count(unit, "先进个人")),
        ]
    )
    says = (
        _on_figures(unit),
        _on_materials(unit),
        _on_summary(unit),
        _on_nominees(unit),
        _on_exhibition(unit),
        _on_outstanding(unit),
    )
    return html_blocks.join_blocks(
        facts, html_blocks.render_points([line for line in says if line])
    )


def _in_state(unit: Slice, state: str, part: str = "state") -> str:
    """Return the materials of a unit that are in a state, joined."""
    return "、".join(
        formatting.MATERIAL_TITLES[kind]
        for kind, cell in unit["completeness"].items()
        if cell[part] == state
    )


def _on_figures(unit: Slice) -> str:
    """Say which of the three quantities reach their target, and by how much the others fail."""
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
    parts += [_shortfall(row) for row in by_state[UNMET]]
    for state, words_ in ((BLANK, "完成数未填"), (NO_TARGET, "目标未下达")):
        named = "、".join(row["label"] for row in by_state[state])
        parts += [f"{named}{words_}，不能判断"] if named else []
    return "；".join(parts) + "。"


def _shortfall(row: Mapping[str, Any]) -> str:
    """Say by how much one quantity falls short, and how its peers do where there are enough."""
    rate = f"完成{formatting.format_percent(row['rate'])}"
    if row["peer_rate"] is not None:
        rate += (
            f"，同类{row['peer_count']}个单位的中位数{formatting.format_percent(row['peer_rate'])}"
        )
    return f"{row['label']}差{-row['gap']:,.0f}{row['measure']}（{rate}）"


def _on_materials(unit: Slice) -> str:
    parts = [
        f"{state}{named}"
        for state in (NOT_SENT, NOT_DUE, LATE, UNDATED)
        if (named := _in_state(unit, state))
    ]
    faulty = _in_state(unit, FAULTY, "order")
    parts += [f"{faulty}{FAULTY}"] if faulty else []
    said = "；".join(parts) or "应报材料都已按期收到，没有须补正之处"
    return f"来件{len(unit['receipts'])}封；{said}。"


def _on_summary(unit: Slice) -> str:
    heads = unit["summary"]["heads"]
    lacking = [head["title"] for head in heads if head["held"] is False]
    if all(head["held"] is None for head in heads):
        return ""  # said among the materials
    level = unit["summary"]["level"] or "未评定"
    what = f"缺{'、'.join(lacking)}" if lacking else f"应含的{len(heads)}部分齐全"
    return f"工作总结{what}；考核等次：{level}。"


def _on_nominees(unit: Slice) -> str:
    if not unit["nominees"]:
        return ""
    held: dict[str, list[str]] = {}
    for row in unit["nominees"]:
        if not row["eligible"]:
            held.setdefault(row["reasons"], []).append(row["name"])
    listed = [row["name"] for row in unit["nominees"] if row["status"] in ("入围", "增列")]
    count = sum(map(len, held.values()))
    said = f"推荐{len(unit['nominees'])}件，合格{len(unit['nominees']) - count}件"
    whom = "；".join(f"{'、'.join(names)}（{why}）" for why, names in held.items())
    said += f"，暂缓{count}件：{whom}" if held else ""
    return said + (f"；入围：{'、'.join(listed)}。" if listed else "。")


def _on_exhibition(unit: Slice) -> str:
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


def _on_outstanding(unit: Slice) -> str:
    owed = len(unit["outstanding"])
    return f"还须报送或说明{owed}项，见第六部分。" if owed else "没有需要补报或说明的事项。"


def _count(unit: Slice, kind: str) -> int:
    return sum(nominee["kind"] == kind for nominee in unit["nominees"])


def figures(unit: Slice) -> HtmlBlock:
    """Return the three quantities against target and peers."""
    rows = [
        (
            f"{row['label']}（{row['measure']}）",
            formatting.format_number(row["target"]),
            formatting.format_number(row["own"]),
            formatting.format_number(row["done"]),
            _gap(row["gap"]),
            formatting.format_percent(row["rate"]),
            _peers(row),
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
        "超出或缺口",
        "完成率",
        "同类中位数",
        "同类位置",
        "情况",
    )
    return html_blocks.render_table(columns, rows, numeric_columns=columns[1:7])


def _peers(row: Mapping[str, Any]) -> str:
    """Return the peers' median and of how many units, or that they are too few."""
    if row["peer_rate"] is None:
        return f"不作比较（{row['peer_count']}个单位）"
    return f"{formatting.format_percent(row['peer_rate'])}（{row['peer_count']}个单位）"


def _gap(gap: float | None) -> str:
    if gap is None:
        return formatting.MISSING
    return f"+{gap:,.0f}" if gap > 0 else formatting.format_number(gap).replace("-", "−")


def figures_plot(unit: Slice) -> RenderedFigure:
    """Return the same as bars."""
    return draw_unit_bars(
        unit["figures"], peers=unit["unit"]["class"], rehearsal=unit["round"]["rehearsal"]
    )


def materials(unit: Slice) -> HtmlBlock:
    """Return which materials arrived, when, and which are in order."""
    rows = [
        (
            formatting.MATERIAL_TITLES[kind],
            unit["due"][kind],
            cell["state"],
            _arrived(cell),
            cell["order"] or formatting.MISSING,
            cell["faults"],
        )
        for kind, cell in unit["completeness"].items()
    ]
    columns = ("材料", "报送期限", "收到情况", "收到时间", "是否合格", "须补正")
    return html_blocks.render_table(columns, rows, nowrap_columns=("收到情况", "是否合格"))


def _arrived(cell: Mapping[str, str]) -> str:
    """Return when a material came and how late, without the state that stands beside it."""
    return (
        cell["arrived"].removesuffix(f"，{cell['state']}") if cell["order"] else formatting.MISSING
    )


def summary(unit: Slice) -> HtmlBlock:
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
    told = f"考核等次：{part['level'] or '未评定'}" + (
        f"；评语：{part['comment']}" if part["comment"] else ""
    )
    return html_blocks.join_blocks(
        html_blocks.render_table(columns, rows, numeric_columns=("字数",)),
        html_blocks.render_note(f"{told}。"),
    )


def nominees(unit: Slice) -> HtmlBlock:
    """Return the nominees with the weight of what was found on each."""
    revealed = unit["round"]["revealed"]
    rows = [
        (
            row["kind"],
            row["rank"] or formatting.MISSING,
            DOSSIER.format(row["case"], row["name"]) if row["case"] else row["name"],
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


def findings(unit: Slice) -> HtmlBlock:
    """Return all that was found, what must be mended first."""
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
    columns = ("级别", "问题", "涉及", "通知条款", "应为", "实为", "位置")
    return html_blocks.render_table(
        columns, rows, empty="没有发现问题。", nowrap_columns=("级别",), optional_columns=("位置",)
    )


def exhibition(unit: Slice) -> HtmlBlock:
    """Return the state of the exhibition materials."""
    part = unit["exhibition"]
    rows = [(head["title"], formatting.format_presence(head["held"])) for head in part["parts"]]
    faults = "、".join(f"{title}{count}项" for title, count in part["faults"].items())
    rows.append(("图片（幅）", formatting.format_number(part["pictures"])))
    rows.append(("其中符合要求（幅）", formatting.format_number(part["pictures_ok"])))
    rows.append(("图片和注释的问题", faults or ("无" if part["pictures"] else formatting.MISSING)))
    rows.append(("总的情况", part["state"] or NOT_SENT))
    return html_blocks.render_table(("展览素材", "情况"), rows)


def outstanding(unit: Slice) -> HtmlBlock:
    """Return what the unit must still send or answer, as its letters say it."""
    columns = ("事项", "应为", "现状", "级别或期限", "办理要求")
    return html_blocks.render_table(
        columns, unit["outstanding"], empty="没有需要补报或说明的事项。"
    )


def receipts(unit: Slice) -> HtmlBlock:
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
