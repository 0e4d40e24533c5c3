"""Acts on a summary: a ruling on its heads, and what is done where it cannot be read."""

from collections.abc import Sequence

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import (
    EventBody,
    FormWithdrawn,
    SummaryHeadsRuled,
    SummarySetAside,
    SummaryTyped,
)
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import Record
from kjfp_helpers.eligibility.history.intake_overrides import (
    is_entered_by_hand,
    next_typed_record,
)
from kjfp_helpers.notice.assessment.heading_confirmations import (
    HeadConfirmations,
    confirm_heads,
    head_events_by_unit,
)
from kjfp_helpers.notice.assessment.unread_summaries import STATES, has_text
from kjfp_helpers.state.assessment.assessment_acts import require_assessment
from kjfp_helpers.state.revocations import require_grounds
from kjfp_helpers.state.round_state import RoundState

MAX_TYPED = 30_000
"""Characters of a summary that is typed."""
_UNREAD = "无法阅读的总结"


def list_head_confirmations(state: RoundState) -> dict[str, HeadConfirmations]:
    """Return what was confirmed of the heads of each unit's summary."""
    said = head_events_by_unit(state.standing_events)
    summaries = state.submissions.record_by_unit("summary")
    return {unit: confirm_heads(one, said.get(unit, ())) for unit, one in summaries.items()}


def make_heads_ruling(
    state: RoundState,
    *,
    unit: str,
    head: str,
    there: bool | None,
    reason: str,
    document: str,
    by: Sequence[str],
) -> SummaryHeadsRuled:
    """Return the ruling whether a summary holds a head; ``there`` None takes one back.

    Raises
    ------
    ParameterError
        When there is no such summary or head, nothing is to be taken back, or grounds are missing.
    """
    record = state.submissions.record_by_unit("summary").get(unit)
    title = next((one.title for one in state.round.notice.summary.heads if one.id == head), "")
    if record is None or not title:
        raise ParameterError(
            "裁定总结内容",
            expected="已收总结的单位和通知要求的一个方面",
            found=f"{unit} {head}",
            advice="刷新页面重选",
        )
    where = f"{state.round.unit_by_code[unit].short_name}“{title}”"
    if there is None and head not in list_head_confirmations(state)[unit].ruled:
        raise ParameterError(
            where, expected="已作的裁定", found="没有", advice="选“有”或“缺”，或刷新页面"
        )
    require_grounds("裁定总结内容", reason, document, by)
    return SummaryHeadsRuled(
        unit=unit,
        record=record.id,
        heads={head: there},
        reason=reason.strip(),
        document=document.strip(),
        by=tuple(by),
    )


def make_set_aside(
    state: RoundState, *, unit: str, how: str, reason: str, document: str, by: Sequence[str]
) -> SummarySetAside:
    """Return that a unit is asked for another file, or not assessed; blank ``how`` reverses it.

    Raises
    ------
    ParameterError
        When the unit has a summary that can be read, nothing is to be reversed, or grounds are
        missing.
    """
    assessment = require_assessment(state)
    known = assessment.by_unit.get(unit)
    if known is None or how not in ("", *STATES):
        raise ParameterError(_UNREAD, expected="本轮的单位", found=unit, advice="刷新页面重选")
    if how and has_text(state.submissions.record_by_unit("summary").get(unit)):
        raise ParameterError(
            known.unit.short_name,
            expected="没有可以阅读的总结",
            found="总结已能阅读",
            advice="在“评定”里评定",
        )
    if not how and unit not in assessment.set_aside:
        raise ParameterError(
            known.unit.short_name, expected="已作的处理", found="没有", advice="刷新页面"
        )
    require_grounds(_UNREAD, reason, document, by)
    return SummarySetAside(
        unit=unit, how=how, reason=reason.strip(), document=document.strip(), by=tuple(by)
    )


def make_typed_summary(state: RoundState, *, unit: str, text: str, reason: str) -> EventBody:
    """Return that a summary is typed from the file that nobody could read.

    A blank text takes back the one that was typed. Personal numbers are masked.

    Raises
    ------
    ParameterError
        When the unit has no such file, or the text or the reason is missing or too long.
    """
    assessment = require_assessment(state)
    known = state.round.unit_by_code.get(unit)
    where = f"{known.short_name if known else unit}的总结"
    if not reason.strip():
        raise ParameterError(where, expected="写明录入依据", found="未填", advice="补上")
    if not text.strip():
        return _take_back(state.submissions.record_by_unit("summary").get(unit), where, reason)
    if len(text) > MAX_TYPED:
        raise ParameterError(
            where, expected=f"至多{MAX_TYPED}字", found=f"{len(text)}字", advice="只录正文"
        )
    for source in assessment.unread_files.get(unit, ()):
        for mail in state.submissions.intake.mails:
            for file in mail.files:
                if f"{mail.path}/{file.path}" == source:
                    return SummaryTyped(
                        record=next_typed_record(state.events, mail.receipt),
                        receipt=mail.receipt,
                        path=file.path,
                        text=mask_personal_numbers(text.strip()),
                        reason=reason.strip(),
                    )
    raise ParameterError(
        where,
        expected="收到而无法阅读的总结文件",
        found="没有",
        advice="纸质报送的先扫描放入收件夹，或请单位另报",
    )


def _take_back(record: Record | None, where: str, reason: str) -> FormWithdrawn:
    if record is None or not is_entered_by_hand(record):
        raise ParameterError(where, expected="总结全文", found="未填", advice="补上")
    return FormWithdrawn(record=record.id, reason=reason.strip())
