"""The pieces of a unit's report, each made from the unit's slice; used by notebook 07."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from kjfp_helpers.errors import OutputError
from kjfp_helpers.reports import tables, words
from kjfp_helpers.reports.plots.canvas import Picture
from kjfp_helpers.reports.plots.completion import unit_bars
from kjfp_helpers.reports.tables import Html

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
            f"报告数据 {Path(path).name}", expected="本轮的数据文件",
            found="没有找到或不完整", advice="先运行 kjfp regenerate",
        ) from error  # fmt: skip
    return content


def header(unit: Slice) -> Html:
    """Return title, unit, document and group."""
    about, own = unit["round"], unit["unit"]
    lines = [f"{about['title']}（{about['document']}）", f"所属类别：{own['class']}"]
    lines += ["已抽中参加检查"] if unit["drawn"] else []
    lines += ["写有推荐对象姓名，揭示身份以前不给评委看"]
    return tables.heading(f"{own['name']}审核情况报告", lines, about)


def overview(unit: Slice) -> Html:
    """Return the figures that matter most, then what they say in sentences."""
    counts = Counter(found["severity"] for found in unit["findings"])
    facts = tables.facts(
        [
            ("“两数”", words.met(unit["met"])),
            ("未收材料（类）", len(_owed(unit))),
            ("须补正", counts["须补正"]),
            ("待核实", counts["待核实"]),
            ("推荐团队", _count(unit, "先进团队")),
            ("推荐个人", _count(unit, "先进个人")),
        ]
    )
    says = (_on_figures(unit), _on_materials(unit), _on_summary(unit), _on_nominees(unit),
            _on_exhibition(unit), _on_outstanding(unit))  # fmt: skip
    return tables.joined(facts, tables.points([line for line in says if line]))


def _owed(unit: Slice) -> list[str]:
    return [words.MATERIALS[kind] for kind, state in unit["completeness"].items()
            if state in (None, "未收")]  # fmt: skip


def _on_figures(unit: Slice) -> str:
    """Say which of the three quantities reach their target, and by how much the others fail."""
    known = [row for row in unit["figures"] if row["gap"] is not None]
    short = [row for row in known if row["gap"] < 0]
    absent = "、".join(row["label"] for row in unit["figures"] if row["gap"] is None)
    if len(known) == len(unit["figures"]) and not short:
        return "三项任务目标全部完成。"
    if not known:
        return "三项任务目标都未报齐，不能判断。"
    parts = [f"三项任务目标中，完成{len(known) - len(short)}项"]
    parts += [
        f"{row['label']}差{-row['gap']:,.0f}{row['measure']}（完成{words.percent(row['rate'])}，"
        f"同类中位数{words.percent(row['peer_rate'])}）"
        for row in short
    ]
    return "；".join(parts + ([f"{absent}未报齐，不能判断"] if absent else [])) + "。"


def _on_materials(unit: Slice) -> str:
    owed, late = _owed(unit), sum(row["late"] for row in unit["receipts"])
    said = f"未收到{'、'.join(owed)}" if owed else "应报材料都已收到"
    return f"来件{len(unit['receipts'])}封，{said}" + (f"；逾期{late}封。" if late else "。")


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


def figures(unit: Slice) -> Html:
    """Return the three quantities against target and peers."""
    rows = [
        (
            f"{row['label']}（{row['measure']}）",
            words.number(row["target"]),
            words.number(row["done"]),
            _gap(row["gap"]),
            words.percent(row["rate"]),
            words.percent(row["peer_rate"]),
            row["peer_third"],
            words.met(None if row["gap"] is None else row["gap"] >= 0),
        )
        for row in unit["figures"]
    ]
    columns = ("指标", "目标", "完成", "超出或缺口", "完成率", "同类中位数", "同类位置", "情况")
    return tables.table(columns, rows, numeric=columns[1:6])


def _gap(gap: float | None) -> str:
    if gap is None:
        return words.MISSING
    return f"+{gap:,.0f}" if gap > 0 else words.number(gap).replace("-", "−")


def figures_plot(unit: Slice) -> Picture:
    """Return the same as bars."""
    return unit_bars(
        unit["figures"], peers=unit["unit"]["class"], rehearsal=unit["round"]["rehearsal"]
    )


def materials(unit: Slice) -> Html:
    """Return which materials are in, and until when each was to come."""
    rows = [
        (words.MATERIALS[kind], unit["due"][kind], state or "未收")
        for kind, state in unit["completeness"].items()
    ]
    return tables.table(("材料", "报送期限", "情况"), rows)


def summary(unit: Slice) -> Html:
    """Return which heads the summary holds, how much each says and how it begins."""
    part = unit["summary"]
    if all(head["held"] is None for head in part["heads"]):
        return tables.note("工作总结未收到。", tone="bad")
    rows = [(head["title"], words.held(head["held"]), words.number(head["length"]),
             head["opening"]) for head in part["heads"]]  # fmt: skip
    columns = ("工作总结应含内容", "情况", "字数", "开头")
    told = f"考核等次：{part['level'] or '未评定'}" + (
        f"；评语：{part['comment']}" if part["comment"] else ""
    )
    return tables.joined(
        tables.table(columns, rows, numeric=("字数",)), tables.note(f"{told}。")
    )  # fmt: skip


def nominees(unit: Slice) -> Html:
    """Return the nominees with the weight of what was found on each."""
    revealed = unit["round"]["revealed"]
    rows = [
        (
            row["kind"], row["rank"], DOSSIER.format(row["case"], row["name"]),
            words.number(row["people_lifted"]), words.number(row["service_days"]),
            "、".join(f"{label}{count}项" for label, count in row["counts"].items()) or "无",
            "合格" if row["eligible"] else "暂缓", row["reasons"],
            *([row["status"] or "未参评", row["reason"]] if revealed else []),
        )
        for row in unit["nominees"]
    ]  # fmt: skip
    columns = ["类别", "顺序", "名称或姓名", "带动脱贫（人）", "服务天数", "发现问题", "资格",
               "暂缓原因"] + (["结果", "说明"] if revealed else [])  # fmt: skip
    return tables.table(columns, rows, empty="未推荐先进团队和先进个人。", numeric=columns[3:5],
                        firm=("类别", "资格", "结果"), spare=("暂缓原因", "说明"))  # fmt: skip


def findings(unit: Slice) -> Html:
    """Return all that was found, what must be mended first."""
    rows = [
        (row["severity"], row["title"], row["name"] or "全单位", row["clause"], row["expected"],
         row["found"], row["place"])
        for row in unit["findings"]
    ]  # fmt: skip
    columns = ("级别", "问题", "涉及", "通知条款", "应为", "实为", "位置")
    return tables.table(columns, rows, empty="没有发现问题。", firm=("级别",), spare=("位置",))


def exhibition(unit: Slice) -> Html:
    """Return the state of the exhibition materials."""
    part = unit["exhibition"]
    rows = [(head["title"], words.held(head["held"])) for head in part["parts"]]
    faults = "、".join(f"{title}{count}项" for title, count in part["faults"].items())
    rows.append(("图片（幅）", words.number(part["pictures"])))
    rows.append(("其中符合要求（幅）", words.number(part["pictures_ok"])))
    rows.append(("图片和注释的问题", faults or ("无" if part["pictures"] else words.MISSING)))
    rows.append(("总的情况", part["state"] or "未收"))
    return tables.table(("展览素材", "情况"), rows)


def outstanding(unit: Slice) -> Html:
    """Return what the unit must still send or answer, as its letters say it."""
    columns = ("事项", "应为", "现状", "级别或期限", "办理要求")
    return tables.table(columns, unit["outstanding"], empty="没有需要补报或说明的事项。")


def receipts(unit: Slice) -> Html:
    """Return the history of submissions."""
    rows = [
        (row["receipt"], row["received"], row["subject"], row["files"], row["kinds"],
         "逾期" if row["late"] else "准时", row["note"])
        for row in unit["receipts"]
    ]  # fmt: skip
    columns = ("收件编号", "收到时间", "邮件主题", "文件数", "材料", "时限", "备注")
    return tables.table(
        columns, rows, empty="没有收到来件。", numeric=("文件数",), firm=("收到时间",),
        spare=("备注",),
    )  # fmt: skip
