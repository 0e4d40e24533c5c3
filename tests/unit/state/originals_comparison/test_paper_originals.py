"""Paper originals are ticked off, with what differs, and taken back with a reason."""

import pytest

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.state.originals_comparison.paper_originals import (
    AGREES,
    DIFFERS,
    UNCHECKED,
    describe_original,
    list_originals,
    make_original_check,
)
from support.rounds.panel_round import FIVE_CASES, open_round

pytestmark = pytest.mark.slow


def test_an_original_is_checked_again_and_taken_back(tmp_path):
    session = open_round(tmp_path, **FIVE_CASES)
    state = session.current_state()
    case = state.screening.cases[0].id

    def word():
        return describe_original(list_originals(session.ledger.events()).get(case))

    def record(**given):
        session.record(make_original_check(session.current_state(), case, **given))

    assert word() == UNCHECKED
    with pytest.raises(ParameterError, match="没有核对过"):
        record(pages=0, reason="误")
    for pages in (-1, 2001):
        with pytest.raises(ParameterError, match="页数"):
            record(pages=pages)
    with pytest.raises(ParameterError, match="推荐对象"):
        make_original_check(state, "T99-9", pages=3)
    record(pages=6)
    assert word() == AGREES
    record(pages=6, difference="印章日期不同")
    assert word() == DIFFERS
    with pytest.raises(ParameterError, match="理由"):
        record(pages=0)
    record(pages=0, reason="登记有误")
    assert word() == UNCHECKED
    session.close()
