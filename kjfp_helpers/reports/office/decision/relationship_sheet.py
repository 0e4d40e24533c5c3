"""Sheet of relationships: declared or detected, and ruled upon."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.events import ConflictRuled, Event
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.writers.xlsx_writer import COUNT_FORMAT, Column, Sheet
from kjfp_helpers.state.panel.pending_relationship_rulings import (
    ORIGIN_TITLES,
    STRENGTH_TITLES,
    RelationshipQuestion,
    list_questions,
)

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

Row = dict[str, Any]
_COLUMNS = (
    Column("label", "评委"),
    Column("origin", "来源"),
    Column("seq", "台账序号", COUNT_FORMAT),
    Column("words", "原话或依据"),
    Column("case", "个案"),
    Column("name", "名称或姓名"),
    Column("kind", "关系"),
    Column("about", "与何人"),
    Column("state", "裁定"),
    Column("reason", "理由"),
    Column("by", "经办"),
    Column("ruled", "裁定序号", COUNT_FORMAT),
)


def build_relationship_sheet(state: "RoundState") -> Sheet:
    """Return every tie that a person rules upon, ruled or open; members under neutral numbers."""
    asked = list_questions(state)
    rows = [row for question in asked for row in _relationship_rows(state, question)]
    opened = sum(question.done is None for question in asked)
    note = f"待裁定{opened}项。" if opened else "已全部裁定。"
    note += "按所在地、任职的推荐单位和名册关联自动回避的不在此列。评委以编号代替姓名。"
    title = f"{state.round.notice.round.title}评委利害关系"
    return Sheet("利害关系", title, _COLUMNS, rows, note)


def _relationship_rows(state: "RoundState", relationship: RelationshipQuestion) -> Iterator[Row]:
    """Yield a row a ruling on another case; without any, one for the tie."""
    labels = formatting.member_labels(state.round)
    last: dict[str, Event | None] = {}
    for given in relationship.rulings:
        last[str(getattr(given.body, "case", ""))] = given
    for case, event in (last or {relationship.case: None}).items():
        body = event.body if event else None
        ruled = body if isinstance(body, ConflictRuled) else None
        record = state.screening.case_by_id.get(case)
        yield {
            "label": labels.get(relationship.member, relationship.member),
            "origin": ORIGIN_TITLES[relationship.origin],
            "seq": relationship.seq or None,
            "words": mask_personal_numbers(relationship.text),
            "case": case,
            "name": mask_personal_numbers(record.name) if record else "",
            "kind": (ruled.kind if ruled else "") or relationship.kind,
            "about": mask_personal_numbers((ruled.about if ruled else "") or relationship.about),
            "state": _state_text(relationship, ruled),
            "reason": mask_personal_numbers(ruled.reason) if ruled else "",
            "by": "、".join(ruled.by) if ruled else "",
            "ruled": event.seq if event else None,
        }


def _state_text(relationship: RelationshipQuestion, ruled: ConflictRuled | None) -> str:
    if ruled is not None and relationship.withdrawn is None:
        return {True: "准予回避", False: "不构成回避", None: "待说明"}[ruled.bars]
    strength = (
        f"（{STRENGTH_TITLES[relationship.strength]}）"
        if relationship.origin == "found" and not ruled
        else ""
    )
    return f"{relationship.status_text}{strength}"
