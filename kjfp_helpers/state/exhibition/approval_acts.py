"""Events of the acts on items of the exhibition, each checked before it is recorded."""

from collections.abc import Iterable, Mapping, Sequence

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import ExhibitionItemsDecided
from kjfp_helpers.core.events.exhibition import (
    CANCEL,
    DECISION_TITLES,
    DECISIONS,
    PUBLISH,
    RETURN,
    WITHDRAW,
)
from kjfp_helpers.core.privacy import find_personal_numbers, mask_personal_numbers
from kjfp_helpers.intake.online_column.column_folder import COLUMN_TITLES, NEWS
from kjfp_helpers.notice.exhibition_hints import HINT_TITLES, NUMBERS
from kjfp_helpers.rules import Round
from kjfp_helpers.state.exhibition.approvals import Approval
from kjfp_helpers.state.exhibition.column_texts import read_column_text
from kjfp_helpers.state.exhibition.exhibition_items import EXPERIENCE, TEXT
from kjfp_helpers.state.exhibition.exhibition_items import NUMBERS as FIGURES_KIND

MAX_TEXT = 20_000
"""Characters that an edited text may have."""


def make_decision(
    round: Round,
    approval: Approval,
    decision: str,
    *,
    reason: str = "",
    text: str | None = None,
    confirmed: Iterable[str] = (),
) -> ExhibitionItemsDecided:
    """Return the event that decides on one item, checked.

    Parameters
    ----------
    round : Round
        The rules.
    approval : Approval
        The item as it stands.
    decision : str
        One of :data:`~kjfp_helpers.core.events.exhibition.DECISIONS`.
    reason : str
        Why; needed for all but an approval of what has no fault, and for taking a decision back.
    text : str, optional
        The text that may be public, where it is not the unit's own.
    confirmed : iterable of str
        Codes of the hints that were looked into; for an approval all of them.

    Raises
    ------
    ParameterError
        When something is missing, or what would be public holds a personal number.
    """
    item, where = approval.item, f"“{approval.item.title}”"
    _require(decision in DECISIONS, where, "已有的处理方式", decision)
    said = mask_personal_numbers(reason.strip())
    if decision == PUBLISH:
        edited = _edited_text(approval, text)
        shown = item.text if edited is None else edited
        ticked = tuple(code for code in item.hint_codes if code in set(confirmed))
        _require_publishable(round, approval, shown, ticked, said)
        return ExhibitionItemsDecided(
            unit=item.unit,
            items=((item.id, item.content),),
            decision=PUBLISH,
            reason=said,
            text=edited,
            confirmed=ticked,
        )
    if decision == RETURN and item.kind == EXPERIENCE:
        raise ParameterError(
            where, expected="缓发", found="退回", advice="典型经验请缓发，另行告知单位"
        )
    is_article = item.kind in COLUMN_TITLES
    if decision == RETURN and is_article and not item.unit:
        raise ParameterError(
            where,
            expected="知道退给哪个单位",
            found="单位待定",
            advice="请缓发，另行查明报送单位",
        )
    is_known = approval.is_public if decision == WITHDRAW else True
    _require(is_known, where, "已批准发布的内容", approval.state)
    _require(decision != CANCEL or not approval.is_open, where, "已有决定的内容", approval.state)
    _require(
        bool(said) or decision == CANCEL, f"{DECISION_TITLES[decision]}理由", "写明理由", "空白"
    )
    return ExhibitionItemsDecided(
        unit=item.unit,
        items=((item.id, item.content),),
        decision=decision,
        reason=said,
        title=mask_personal_numbers(item.title) if decision == RETURN and is_article else "",
    )


def make_batch_approval(approvals: Sequence[Approval]) -> ExhibitionItemsDecided:
    """Return the event that approves every unremarkable open item of a unit by one act.

    Raises
    ------
    ParameterError
        When there is none.
    """
    chosen = [one for one in approvals if one.is_unremarkable]
    _require(bool(chosen), "一并批准", "没有提示和问题的待审定内容", "没有")
    return ExhibitionItemsDecided(
        unit=chosen[0].item.unit,
        items=tuple((one.item.id, one.item.content) for one in chosen),
        decision=PUBLISH,
        reason="核对没有发现问题，一并批准",
    )


def make_batch_cancellation(approvals: Sequence[Approval], decision: int) -> ExhibitionItemsDecided:
    """Return the event that takes back what stands of one decision on several items.

    ``decision`` is its number in the ledger.

    Raises
    ------
    ParameterError
        When nothing of it stands.
    """
    standing = [one for one in approvals if one.decision and one.decision.seq == decision]
    _require(bool(standing), "取消决定", "尚有效的决定", f"台账第{decision}条")
    return ExhibitionItemsDecided(
        unit=standing[0].item.unit,
        items=tuple((one.item.id, one.item.content) for one in standing),
        decision=CANCEL,
        reason=f"取消台账第{decision}条",
    )


def _edited_text(approval: Approval, text: str | None) -> str | None:
    """Return a text that differs from the unit's own, ``None`` for its own."""
    if text is None:
        return None
    written = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if written == approval.item.text.strip():
        return None
    where = f"“{approval.item.title}”的文字"
    _require(approval.item.kind != FIGURES_KIND, where, "不改动的数字", "改动的文字")
    _require(bool(written) or approval.item.kind not in (TEXT, EXPERIENCE), where, "有内容", "空白")
    _require(len(written) <= MAX_TEXT, where, f"至多{MAX_TEXT}字", f"{len(written)}字")
    return written


def _require_publishable(
    round: Round, approval: Approval, shown: str, confirmed: Sequence[str], reason: str
) -> None:
    """Refuse what must not be public, or what nobody looked into."""
    item, where = approval.item, f"“{approval.item.title}”"
    if item.kind in COLUMN_TITLES:
        _require_column_heads(round, where, item.kind, shown)
    if find_personal_numbers(shown):
        raise ParameterError(
            where,
            expected="没有身份证号码、电话等号码的文字",
            found="含有号码",
            advice="删去号码后再批准，或退回单位修改",
        )
    unread = [code for code in item.hint_codes if code not in confirmed and code != NUMBERS]
    if unread:
        titles: Mapping[str, str] = HINT_TITLES
        raise ParameterError(
            where,
            expected="各条提示都已核对",
            found="未核对：" + "、".join(titles[code] for code in unread),
            advice="逐条核对后勾选，再批准",
        )
    _require(
        bool(reason) or not item.faults,
        "批准理由",
        "写明为何仍予发布",
        "空白，而核对有须补正的问题",
    )


def _require_column_heads(round: Round, where: str, kind: str, shown: str) -> None:
    """Refuse news without a day, and what names no unit of the round."""
    parts = read_column_text(round, shown)
    advice = "点“删改文字”，在标题下一行补上后再批准"
    if kind == NEWS and parts.day is None:
        found = "空白或不是日期"
        raise ParameterError(
            where, expected="日期：2020-07-01 这样的一行", found=found, advice=advice
        )
    if parts.unit is None:
        found = "空白或不是本轮单位"
        raise ParameterError(where, expected="单位：单位简称或全称", found=found, advice=advice)
    if not parts.title or not parts.paragraphs:
        raise ParameterError(where, expected="有标题和正文", found="空白", advice=advice)


def _require(holds: bool, where: str, expected: str, found: str) -> None:
    if not holds:
        raise ParameterError(where, expected=expected, found=found, advice="请核对后重试")
