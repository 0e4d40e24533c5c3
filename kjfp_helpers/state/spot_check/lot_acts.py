"""Freeze, draw and order of the spot check as checked events."""

from collections.abc import Collection, Mapping
from datetime import date

from kjfp_helpers.core.errors import NotReadyError, ParameterError
from kjfp_helpers.core.events import LotDrawn, LotFrameFrozen, SpotCheckUnitOrdered
from kjfp_helpers.notice.spot_check.lot_drawing import check_public_value, draw_lot
from kjfp_helpers.notice.spot_check.sampling_frame import build_frame, freeze_frame
from kjfp_helpers.state.revocations import require_grounds
from kjfp_helpers.state.round_state import RoundState
from kjfp_helpers.state.spot_check.frozen_frame_check import list_frame_changes


def make_freeze(
    state: RoundState,
    *,
    source: str,
    day: date,
    excluded: Mapping[str, str],
    reason: str,
    today: date,
) -> LotFrameFrozen:
    """Return the freeze of the frame; one after another needs a reason, which voids the lot.

    Raises
    ------
    ParameterError
        When something is missing, or the value's day is not yet to come.
    NotReadyError
        When the spot check is closed.
    """
    require_running(state)
    if state.spot_check.frozen is not None and not reason.strip():
        raise ParameterError(
            "抽查名册",
            expected="重新冻结的理由",
            found="名册已冻结" + ("并已抽签" if state.spot_check.drawn else ""),
            advice="确需重新冻结的写明理由（--reason）；原名册和抽签结果随即作废，仍留在台账",
        )
    frame = build_frame(state.rules, source=source, day=day, excluded=excluded, today=today)
    return freeze_frame(frame, reason.strip())


def make_draw(state: RoundState, *, value: str, today: date) -> LotDrawn:
    """Return the draw from the frozen frame by the public value.

    Raises
    ------
    NotReadyError
        When no frame is frozen, the value is not yet published, the lot was drawn, or the rule
        files give another frame now: such a lot would not verify.
    ParameterError
        When the value is not usable or stands in the rule files.
    """
    require_running(state)
    check = state.spot_check
    frozen = check.frozen.body if check.frozen else None
    if check.frozen is None or not isinstance(frozen, LotFrameFrozen) or check.frame is None:
        raise NotReadyError(
            "抽查抽签",
            expected="已冻结的名册",
            found="较早版本的名册" if frozen else "尚未冻结",
            advice=f"先运行 kjfp spotcheck freeze {state.round.name}",
        )
    if check.drawn is not None:
        raise NotReadyError(
            "抽查抽签",
            expected="尚未抽签",
            found=f"已抽签（台账第{check.drawn.seq}条）",
            advice="确需重抽的，写明理由重新冻结名册",
        )
    if today < check.frame.day:
        raise NotReadyError(
            "抽查抽签",
            expected=f"公开值公布（{check.frame.day}，{check.frame.source}）以后",
            found=str(today),
            advice="公布以后再输入",
        )
    if changed := list_frame_changes(state.round, state.events, check.frozen.seq, frozen):
        raise NotReadyError(
            "抽查抽签",
            expected="冻结以后没有改动的单位表和抽查规则",
            found="；".join(changed[:4]),
            advice="恢复原文件，或写明理由重新冻结名册",
        )
    return draw_lot(frozen, check_public_value(value, list(state.rules.texts.values())))


def make_order(
    state: RoundState,
    *,
    unit: str,
    included: bool,
    document: str,
    reason: str,
    by: tuple[str, ...],
    listed: Collection[str] = (),
) -> SpotCheckUnitOrdered:
    """Return the order to check a unit beside those drawn, or what takes such an order back.

    ``listed`` are units that the same step draws or orders.

    Raises
    ------
    ParameterError
        When grounds are missing, or there is nothing to order or to take back.
    """
    require_running(state)
    ordered = {event.body.unit for event in state.spot_check.orders}
    lot = state.spot_check.drawn.body.units if state.spot_check.drawn else ()
    if unit not in state.round.unit_by_code or (included and unit in {*ordered, *lot, *listed}):
        raise ParameterError(
            "指定抽查单位",
            expected="名单以外的推荐单位",
            found=f"“{unit}”" + ("已在抽查名单" if unit in state.round.unit_by_code else ""),
            advice="核对单位代码",
        )
    if not included and unit not in ordered:
        raise ParameterError(
            "撤销指定", expected="已指定的单位", found=f"“{unit}”", advice="核对单位代码"
        )
    require_grounds("指定抽查单位", reason, document, by)
    return SpotCheckUnitOrdered(
        unit=unit,
        included=included,
        document=document.strip(),
        reason=reason.strip(),
        by=by,
    )


def require_running(state: RoundState) -> None:
    """Refuse an act after the spot check was closed.

    Raises
    ------
    NotReadyError
    """
    closed = state.spot_check.closed
    if closed is not None:
        raise NotReadyError(
            "抽查",
            expected="没有结束",
            found=f"已结束（台账第{closed.seq}条）",
            advice="确需继续的，在“盘点与抽查”页“抽查”里写明理由恢复",
        )
