"""A frozen frame of the spot check, held against the rule files as they are now."""

from collections.abc import Sequence
from datetime import date

from kjfp_helpers.core.events import Event, LotFrameFrozen, RulesAmended
from kjfp_helpers.notice.spot_check.sampling_frame import build_frame, freeze_frame, parse_frame
from kjfp_helpers.rules import Round
from kjfp_helpers.state.frozen_rules import rules_in_force


def rules_at_freeze(round: Round, events: Sequence[Event], seq: int) -> Round:
    """Return the rules under which event ``seq`` froze a frame: without the amendments after it."""
    before = [one for one in events if one.seq < seq or not isinstance(one.body, RulesAmended)]
    return rules_in_force(round, before)


def list_frame_changes(
    round: Round, events: Sequence[Event], seq: int, frozen: LotFrameFrozen
) -> list[str]:
    """Return the lines that the frame of event ``seq`` and the one by the rules do not share."""
    frame = parse_frame(frozen.lines)
    again = build_frame(
        rules_at_freeze(round, events, seq),
        source=frame.source,
        day=frame.day,
        excluded=frame.excluded,
        today=date.min,
    )
    if freeze_frame(again, frozen.reason) == frozen:
        return []
    return sorted({*again.lines} ^ {*frozen.lines})
