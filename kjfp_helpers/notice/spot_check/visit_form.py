"""Visit form (实地检查表, clause 一): its entries by head of the notice, and what each may hold.

An entry is named ``<row>.<column>``: ``experts.found``, ``q4.answer``, ``issue2.text``,
``visit.day``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kjfp_helpers.core.form_schema import INDICATORS
from kjfp_helpers.rules import Round

ISSUE_ROWS = 6
"""Rows for what the checkers found beside the figures."""
MAX_TEXT = 600
"""Characters of one entry."""
ANSWERS = ("属实", "基本属实", "不属实", "未查")
"""What a question of the form can be answered with."""
UNTRUE = "不属实"
ALL_NOMINEES = ""

EntryKind = Literal["count", "text", "day", "answer", "case"]


@dataclass(frozen=True, kw_only=True)
class FormRow:
    """A row of the form: what it is about, and its entries with their headings and kinds."""

    name: str
    head: int
    title: str
    entries: Mapping[str, tuple[str, EntryKind]]

    def key(self, column: str) -> str:
        """Return the name of an entry of the row."""
        return f"{self.name}.{column}"


_PROOF: Mapping[str, tuple[str, EntryKind]] = {
    "evidence": ("查证依据", "text"),
    "photos": ("照片文件名", "text"),
}
FIGURE_ENTRIES: Mapping[str, tuple[str, EntryKind]] = {
    "found": ("核实数", "count"),
    "sampled": ("抽核样本", "count"),
    "wrong": ("其中不符", "count"),
    **_PROOF,
}
QUESTION_ENTRIES: Mapping[str, tuple[str, EntryKind]] = {
    "answer": ("结论", "answer"),
    "note": ("情况说明", "text"),
    **_PROOF,
}
ISSUE_ENTRIES: Mapping[str, tuple[str, EntryKind]] = {
    "text": ("发现的问题", "text"),
    "case": ("所涉推荐对象", "case"),
    **_PROOF,
}
VISIT_ENTRIES: Mapping[str, tuple[str, EntryKind]] = {
    "day": ("实际检查日期", "day"),
    "places": ("检查地点", "text"),
    "people": ("参加人员", "text"),
    "summary": ("检查情况小结", "text"),
}
FIGURE_TITLES: Mapping[str, str] = {one.name: one.label for one in INDICATORS}


def form_rows(round: Round) -> tuple[FormRow, ...]:
    """Return the rows of the form: figures and questions by head, issues, the visit itself.

    A figure that no unit of the round has a target for, and that is not asked of all, is left out.
    """
    rows = []
    targeted = {one.name for one in INDICATORS if any(t.count(one.name) for t in round.targets)}
    asked = {one.name for one in INDICATORS if not one.optional} | targeted
    for number, item in enumerate(round.notice.spot_check.form_items, start=1):
        if item.figure and item.figure not in asked:
            continue
        if item.figure:
            rows.append(
                FormRow(
                    name=item.figure,
                    head=item.head,
                    title=FIGURE_TITLES[item.figure],
                    entries=FIGURE_ENTRIES,
                )
            )
        else:
            rows.append(
                FormRow(
                    name=f"q{number}", head=item.head, title=item.title, entries=QUESTION_ENTRIES
                )
            )
    rows.sort(key=lambda row: row.head)
    issues = (
        FormRow(name=f"issue{number}", head=0, title=f"问题{number}", entries=ISSUE_ENTRIES)
        for number in range(1, ISSUE_ROWS + 1)
    )
    return (*rows, *issues, FormRow(name="visit", head=0, title="检查情况", entries=VISIT_ENTRIES))


def entry_titles(round: Round) -> dict[str, str]:
    """Return what each entry is called: ``组织动员专家数（人）核实数``."""
    return {
        row.key(column): f"{row.title}·{title}"
        for row in form_rows(round)
        for column, (title, _) in row.entries.items()
    }
