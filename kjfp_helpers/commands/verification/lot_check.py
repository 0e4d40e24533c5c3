"""Draw every lot of the spot check again, from its frame and the public value alone."""

from collections.abc import Sequence

from kjfp_helpers.commands.verification.intake_check import verification_error
from kjfp_helpers.core.events import (
    Event,
    EventLog,
    LotDrawn,
    LotFrameFrozen,
    SamplingFrameFrozen,
    SpotCheckDrawn,
)
from kjfp_helpers.notice.spot_check.earlier_lot_procedure import redraw_earlier
from kjfp_helpers.notice.spot_check.lot_drawing import draw_lot
from kjfp_helpers.rules import Round
from kjfp_helpers.state.spot_check.frozen_frame_check import list_frame_changes, rules_at_freeze

_STEP = "抽查抽签"


def check_lots(round: Round, events: Sequence[Event]) -> bool:
    """Return whether there is a lot; each is drawn again, the last frame also from the rules.

    Raises
    ------
    DifferenceError
        Where a lot or the frame differs.
    """
    log = EventLog(events)
    frames = log.of(SamplingFrameFrozen, LotFrameFrozen)
    draws = log.of(SpotCheckDrawn, LotDrawn)
    for drawn in draws:
        frozen = [event for event in frames if event.seq < drawn.seq][-1:]
        if frozen:
            rules = rules_at_freeze(round, events, frozen[0].seq)
            _check_lot(rules, frozen[0].body, drawn.body)
    if frames and isinstance(body := frames[-1].body, LotFrameFrozen):
        changed = list_frame_changes(round, events, frames[-1].seq, body)
        if changed:
            raise verification_error("抽查名册", "按规则文件得出的名册", "；".join(changed[:4]))
    return bool(draws)


def _check_lot(
    rules: Round, frozen: SamplingFrameFrozen | LotFrameFrozen, drawn: SpotCheckDrawn | LotDrawn
) -> None:
    again: SpotCheckDrawn | LotDrawn
    if isinstance(frozen, SamplingFrameFrozen):
        again = redraw_earlier(rules, frozen)
        stated = rules.notice.spot_check.public_value.strip()
        if frozen.public_value != stated:
            raise verification_error(
                _STEP, f"公开值“{frozen.public_value}”（冻结时）", f"“{stated}”（规则文件）"
            )
    else:
        again = draw_lot(frozen, drawn.value if isinstance(drawn, LotDrawn) else "")
    if again != drawn:
        raise verification_error(_STEP, "、".join(again.units), "、".join(drawn.units))
