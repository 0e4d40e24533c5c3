"""Draw with units added by order: all of it or nothing."""

from datetime import date

import pytest

from kjfp_helpers.commands.spot_check.lot_steps import draw_spot_check
from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import LotDrawn
from kjfp_helpers.state.spot_check.lot_acts import make_freeze
from support.rounds.panel_round import open_round
from support.spot_check_round import DAY, TWO


def test_a_draw_with_a_wrong_order_records_nothing(tmp_path):
    session = open_round(tmp_path)
    freeze = {"source": "上证综合指数", "day": DAY, "excluded": {}, "reason": ""}
    session.record(make_freeze(session.current_state(), today=date(2020, 8, 20), **freeze))
    before = len(session.events())
    for told in (
        {"add": ["没有"], "reason": "举报", "document": "文1号", "by": TWO},
        {"add": ["13"], "reason": "", "document": "", "by": ()},
    ):
        with pytest.raises(ParameterError):
            draw_spot_check(session, lambda done, total: None, value="3380.68", as_of=DAY, **told)
        assert len(session.events()) == before
    draw_spot_check(session, lambda done, total: None, value="3380.68", as_of=DAY)
    assert session.events().of(LotDrawn)
