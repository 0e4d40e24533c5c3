"""The pieces of a unit's report, each made from the unit's slice; used by notebook 07."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kjfp_helpers.errors import OutputError
from kjfp_helpers.reports import tables, words
from kjfp_helpers.reports.plots.canvas import Picture
from kjfp_helpers.reports.plots.completion import unit_bars
from kjfp_helpers.reports.tables import Html

Slice = Mapping[str, Any]


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
    return tables.heading(f"{own['name']}审核情况报告", lines, rehearsal=about["rehearsal"])


def overview(unit: Slice) -> Html:
    """Return the figures that matter most."""
    counts = Counter(found["severity"] for found in unit["findings"])
    owed = sum(state in (None, "未收") for state in unit["completeness"].values())
    return tables.facts(
        [
            ("“两数”", words.met(unit["met"])),
            ("未收材料（类）", owed),
            ("须补正", counts["须补正"]),
            ("待核实", counts["待核实"]),
            ("推荐团队", _count(unit, "先进团队")),
            ("推荐个人", _count(unit, "先进个人")),
        ]
    )


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
            words.met(None if row["gap"] is None else row["gap"] >= 0),
        )
        for row in unit["figures"]
    ]
    columns = ("指标", "目标", "完成", "超出或缺口", "完成率", "同类中位数", "情况")
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
    """Return which materials are in."""
    rows = [
        (words.MATERIALS[kind], state or "未收") for kind, state in unit["completeness"].items()
    ]
    return tables.table(("材料", "情况"), rows)


def summary(unit: Slice) -> Html:
    """Return which heads the summary holds."""
    part = unit["summary"]
    rows = [(head["title"], words.held(head["held"])) for head in part["heads"]]
    rows.append(("考核等次", part["level"] or "未评定"))
    return tables.table(("工作总结应含内容", "情况"), rows)


def nominees(unit: Slice) -> Html:
    """Return the nominees with the weight of what was found on each."""
    revealed = unit["round"]["revealed"]
    rows = [
        (
            row["kind"], row["rank"], row["name"], words.number(row["people_lifted"]),
            words.number(row["service_days"]),
            "、".join(f"{label}{count}项" for label, count in row["counts"].items()) or "无",
            "合格" if row["eligible"] else "暂缓", row["reasons"] or words.MISSING,
            *([row["status"] or "未参评"] if revealed else []),
        )
        for row in unit["nominees"]
    ]  # fmt: skip
    columns = ["类别", "推荐顺序", "名称或姓名", "带动脱贫（人）", "服务天数", "发现问题", "资格",
               "未通过原因"] + (["结果"] if revealed else [])  # fmt: skip
    return tables.table(columns, rows, empty="未推荐先进团队和先进个人。", numeric=columns[3:5])


def findings(unit: Slice) -> Html:
    """Return all that was found, what must be mended first."""
    rows = [
        (row["severity"], row["title"], row["name"] or "全单位", row["clause"], row["expected"],
         row["found"], row["place"] or words.MISSING)
        for row in unit["findings"]
    ]  # fmt: skip
    columns = ("级别", "问题", "涉及", "通知条款", "应为", "实为", "位置")
    return tables.table(columns, rows, empty="没有发现问题。")


def exhibition(unit: Slice) -> Html:
    """Return the state of the exhibition materials."""
    part = unit["exhibition"]
    rows = [(head["title"], words.held(head["held"])) for head in part["parts"]]
    rows.append(("图片（幅）", words.number(part["pictures"])))
    rows.append(("其中符合要求（幅）", words.number(part["pictures_ok"])))
    rows.append(("总的情况", part["state"] or "未收"))
    return tables.table(("展览素材", "情况"), rows)


def outstanding(unit: Slice) -> Html:
    """Return what the unit must still send or answer, each once."""
    owed = [
        (words.MATERIALS[kind], "未收到", "请补齐后重新报送")
        for kind, state in unit["completeness"].items()
        if state in (None, "未收")
    ]
    mend = [
        (f"{row['name']}：{row['title']}" if row["name"] else row["title"], row["found"],
         row["advice"])
        for row in unit["findings"]
        if row["severity"] in ("须补正", "待核实")
    ]  # fmt: skip
    rows = list(dict.fromkeys(owed + mend))
    return tables.table(("事项", "现状", "办理要求"), rows, empty="没有需要补报或说明的事项。")


def receipts(unit: Slice) -> Html:
    """Return the history of submissions."""
    rows = [
        (row["receipt"], row["received"], row["subject"], row["files"], row["kinds"],
         "逾期" if row["late"] else "准时", row["note"] or words.MISSING)
        for row in unit["receipts"]
    ]  # fmt: skip
    columns = ("收件编号", "收到时间", "邮件主题", "文件数", "材料", "时限", "备注")
    return tables.table(columns, rows, empty="没有收到来件。", numeric=("文件数",))
