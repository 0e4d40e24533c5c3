"""The index of the units' reports as a workbook, with the lines of the page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kjfp_helpers.reports.office.writers.xlsx_writer import (
    COUNT_FORMAT,
    DATE_FORMAT,
    Column,
    Sheet,
    build_workbook,
)

COLUMNS = (
    Column("code", "代码"),
    Column("name", "单位", width=16),
    Column("class", "类别"),
    Column("verdict", "结论", width=46),
    Column("duties", "要办（件）", COUNT_FORMAT),
    Column("first", "先办什么", width=18, blank=""),
    Column("day", "期限", DATE_FORMAT, blank=""),
    Column("state", "“两数”", state_key="state"),
    Column("material", "材料", width=18),
    Column("nominees", "推荐（件）", COUNT_FORMAT),
    Column("eligible", "可参评（件）", COUNT_FORMAT),
    Column("version", "版次", blank=""),
    Column("change", "与上版相比", width=30, blank=""),
    Column("page", "反馈单", width=18, link_key="page"),
)


def build_index_workbook(lines: Sequence[Mapping[str, Any]], about: Mapping[str, Any]) -> bytes:
    """Return the workbook of the index.

    Parameters
    ----------
    lines : sequence of mapping
        See :func:`kjfp_helpers.reports.batch.overview.unit_lines.list_unit_lines`.
    about : mapping
        The round as reports describe it.
    """
    rows = [
        {
            **line,
            "material": "、".join(line["materials"]),
            "day": _day(line["due"]),
            "page": line["reports"][-1][1],
        }
        for line in lines
    ]
    sheet = Sheet("单位报告目录", f"{about['title']}单位报告目录", COLUMNS, rows)
    return build_workbook([sheet], rehearsal=about["rehearsal"], amendments=about["amendments"])


def _day(due: str) -> date | str:
    """Return a day as a date, by which a workbook sorts and filters; words as they are."""
    return date.fromisoformat(due) if due[:1].isdigit() else due
