"""Chinese titles and texts of the events on a work item; numbers always masked."""

from kjfp_helpers.core.events import (
    ArrivalRecorded,
    ConflictRuled,
    ConflictsDeclared,
    CorrectionDeadlineExtended,
    DeclarationWithdrawn,
    Event,
    FieldCorrected,
    FindingReopened,
    FindingReviewed,
    FindingSettled,
    FormEntered,
    FormWithdrawn,
    LetterIssued,
    MaterialClassified,
    MemberRecused,
    NominationRestored,
    NominationWithdrawn,
    NomineesChosen,
    PaperReceived,
    SenderRemembered,
    UnitAssigned,
    VersionChosen,
)
from kjfp_helpers.core.findings import FINDING_TYPES
from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.intake.field_editing import field_label
from kjfp_helpers.reports.data.masked_values import change_texts, mask_value
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.secretary.work_item import WorkItem

Description = tuple[str, str]
_REVIEWED = {"confirmed": "确认无误", "handled": "线下已办结"}


def describe_event(state: RoundState, item: WorkItem, event: Event) -> Description:
    """Return the title and the words of an event; blank for one that no item is about."""
    body = event.body
    if isinstance(body, FieldCorrected):
        return _corrected(item, body)
    if isinstance(body, UnitAssigned):
        unit = state.round.unit_by_code.get(body.unit)
        whole = "这份材料" if body.record else "整封来件"
        return "指定单位", f"{whole}：{unit.short_name if unit else '未知单位'}"
    return (
        _on_letters(body)
        or _on_finding(body)
        or _on_nominees(body)
        or _on_material(body)
        or _on_tie(body)
        or ("", "")
    )


def event_reason(event: Event) -> str:
    """Return why an event was recorded."""
    body = event.body
    said = body.document if isinstance(body, NomineesChosen) else getattr(body, "reason", "")
    return mask_value("", said)


def _corrected(item: WorkItem, body: FieldCorrected) -> Description:
    kind = item.record.kind if item.record else ""
    old, new = change_texts(kind, body)
    channel = f"（依据：{body.channel}）" if body.channel else ""
    return "更正", f"{field_label(kind, body.field)}：{_short(old)} → {_short(new)}{channel}"


def _on_finding(body: object) -> Description | None:
    if not isinstance(body, FindingReviewed | FindingReopened | FindingSettled):
        return None
    title = FINDING_TYPES[body.code].title if body.code in FINDING_TYPES else ""
    if isinstance(body, FindingReopened):
        return "撤销", title
    return _REVIEWED.get(getattr(body, "outcome", ""), "准予进入评审"), title


def _on_letters(body: object) -> Description | None:
    if isinstance(body, LetterIssued):
        until = f"，补正至{body.until}" if body.until else ""
        return "发函", f"第{body.number}号{body.title}（{body.day}{until}）"
    if isinstance(body, CorrectionDeadlineExtended):
        first = "，首次报送照此延期" if body.first else ""
        return ("延长期限", f"延至{body.until}{first}") if body.until else ("撤销延期", "")
    return None


def _on_nominees(body: object) -> Description | None:
    if isinstance(body, NomineesChosen):
        named = "、".join(body.cases) + _by(body.receipt)
        return ("选定对象", named) if body.cases else ("撤销选定", "")
    if isinstance(body, NominationWithdrawn):
        return "撤回推荐", f"{body.case}{_by(body.receipt)}"
    return ("恢复推荐", body.case) if isinstance(body, NominationRestored) else None


def _on_material(body: object) -> Description | None:
    if isinstance(body, ArrivalRecorded):
        return ("登记时间", body.at[:16].replace("T", " ")) if body.at else ("撤销登记", "")
    if isinstance(body, VersionChosen):
        return ("选定版本", f"记录{body.record}") if body.record else ("撤销选定", "")
    if isinstance(body, SenderRemembered):
        return ("登记发件地址" if body.unit else "撤销登记"), body.address
    if isinstance(body, MaterialClassified):
        return "归类", KIND_TITLES.get(body.kind, "未归类")
    if isinstance(body, PaperReceived):
        return "登记报送", f"{body.channel}，{body.at[:16].replace('T', ' ')}收到"
    if isinstance(body, FormEntered):
        return "录入", KIND_TITLES.get(body.kind, "")
    return ("撤销录入", "") if isinstance(body, FormWithdrawn) else None


def _on_tie(body: object) -> Description | None:
    if isinstance(body, ConflictRuled):
        ruled = {True: "准予回避", False: "不构成回避", None: "待说明"}[body.bars]
        words = "，".join(filter(None, (body.case, body.kind, body.about and f"与{body.about}")))
        return ruled, mask_value("", f"{words or '与参评对象无关'}；经办 {'、'.join(body.by)}")
    if isinstance(body, ConflictsDeclared):
        return "评委声明", mask_value("", _short(body.statement))
    if isinstance(body, MemberRecused):
        return "评委申请回避", body.case
    return (
        ("评委撤回声明", f"台账第{body.declared}号")
        if isinstance(body, DeclarationWithdrawn)
        else None
    )


def _by(receipt: int | None) -> str:
    return f"（收讫第{receipt}号）" if receipt else ""


def _short(words: str) -> str:
    line = " ".join(words.split())
    return f"{line[:40]}…" if len(line) > 40 else line or "空白"
