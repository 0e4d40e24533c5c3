"""Why a report is made again: which of its figures changed since it was made last."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.unit.edition_versions import describe_changes, summarize_edition
from kjfp_helpers.reports.report_types import (
    CASE_TYPE,
    MEMBER_TYPE,
    OVERALL_TYPE,
    PANEL,
    audience_of,
    report_type_of,
)

Data = Mapping[str, Any]
FIRST, LOST = "首次生成", "文件缺失或有改动，重新生成"
PROGRAM, FORCED, AGAIN = "模板、程序或参数有更新", "按要求重新生成", "上次生成失败，重新生成"
UNCHANGED = (LOST, PROGRAM, FORCED, AGAIN)
"""Reasons that are no change of what a report says."""
_NO_PARTS = ("version", "title")
_PART_TITLES: Mapping[str, str] = {
    "round": "轮次说明和草案状态",
    "unit": "单位信息",
    "figures": "盘点数字或同类范围",
    "scorecard": "各条款成绩或同类范围",
    "verdict": "结论",
    "duties": "要办的事",
    "findings": "核对发现",
    "nominees": "推荐对象",
    "summary": "工作总结",
    "exhibition": "展览素材",
    "reconciliation": "数字互核",
    "spot_check": "抽查",
    "receipts": "来件",
    "timeline": "报送经过",
    "completeness": "材料齐全情况",
    "counts": "各项计数",
    "case": "推荐对象信息",
    "result": "结果",
    "form": "推荐表各栏",
    "story": "事迹",
    "overlaps": "事迹雷同",
    "decided": "处理经过",
    "kinds": "评分",
    "ranking": "名次",
    "list": "名单",
    "panel": "评委评分情况",
    "loads": "评阅进度",
    "stocktake": "各单位盘点",
    "totals": "合计",
    "head": "台账编号",
}
"""Part of a report's data to what it is called."""
MAX_PARTS = 3
"""Changed parts that are named before they are only counted."""


def summarize_report(name: str, data: Data) -> dict[str, str]:
    """Return the short facts of a report, label to text, by which a change is told."""
    kind = report_type_of(name)
    if kind is OVERALL_TYPE:
        return _overall_facts(data)
    if kind is CASE_TYPE:
        return _case_facts(data)
    if kind is MEMBER_TYPE:
        return {"已评": f"{data['done']}件", "应评": f"{data['cases']}件"}
    return {} if audience_of(name) == PANEL else summarize_edition(data)


def _overall_facts(data: Data) -> dict[str, str]:
    counts = data["counts"]
    facts = {"来件": f"{counts['mails']}封", "有效评分": f"{counts['marks']}份"}
    facts |= {
        row["label"]: formatting.format_number(row["done"])
        for row in data["totals"]
        if "label" in row and "done" in row
    }
    return facts


def _case_facts(data: Data) -> dict[str, str]:
    case, result = data["case"], data["result"]
    facts = {"资格": formatting.describe_nominee_state(case)}
    facts |= {row["label"]: f"{row['value']}" for row in data["figures"] if "value" in row}
    if result:
        facts["结果"] = f"{result['status']}"
    open_matters = [row for row in data["findings"] if row["severity"] != "已了结"]
    return facts | {"未了结的问题": f"{len(open_matters)}项"}


def digest_parts(data: Data) -> dict[str, str]:
    """Return a short digest of each part of a report's data."""
    return {
        name: hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()[:8]
        for name, part in data.items()
        if name not in _NO_PARTS
    }


def explain_change(
    old: Mapping[str, Mapping[str, str]], facts: Mapping[str, str], parts: Mapping[str, str]
) -> str:
    """Return what changed in a report's data: figures, else the parts that are not the same.

    Parameters
    ----------
    old : mapping
        ``facts`` and ``parts`` of the report as it was made.
    facts, parts : mapping
        Those of its data now.

    Examples
    --------
    >>> old = {"facts": {"组织动员专家": "52人"}, "parts": {"figures": "a"}}
    >>> explain_change(old, {"组织动员专家": "62人"}, {"figures": "b"})
    '组织动员专家52人→62人'
    >>> explain_change(old, {"组织动员专家": "52人"}, {"figures": "b"})
    '盘点数字或同类范围有变化'
    """
    changes = describe_changes(old.get("facts", {}), facts)
    if changes:
        return _shorten(changes, "；")
    before = old.get("parts", {})
    names = dict.fromkeys((*parts, *before))
    moved = [name for name in names if parts.get(name) != before.get(name)]
    titles = tuple(dict.fromkeys(_PART_TITLES.get(name, "其他内容") for name in moved))
    return f"{_shorten(titles, '、')}有变化" if titles else "版次有变化"


def _shorten(texts: "tuple[str, ...]", mark: str) -> str:
    more = f"等{len(texts)}处" if len(texts) > MAX_PARTS else ""
    return mark.join(texts[:MAX_PARTS]) + more
