"""The act of the spot check that a secretary finds open is the one that comes next."""

from types import SimpleNamespace

import pytest

from kjfp_helpers.notice.spot_check.check_progress import INCOMPLETE, NOT_VISITED
from kjfp_helpers.notice.spot_check.visit_findings import AWAITING_DECISION, AWAITING_REPLY, DECIDED
from kjfp_helpers.panels.spot_check.spot_check_forms import due_act


def check(frame=None, drawn=None, visits=(), findings=()):
    return SimpleNamespace(
        frame=frame,
        drawn=drawn,
        visits=dict(enumerate(SimpleNamespace(**one) for one in visits)),
        findings=[SimpleNamespace(state=one) for one in findings],
    )


BARE, PLANNED = {"plan": None, "forms": (), "state": ""}, {"plan": 1, "forms": (), "state": ""}
ISSUED, BACK = ({"plan": 1, "forms": (1,), "state": state} for state in (NOT_VISITED, ""))


@pytest.mark.parametrize(
    ("stands", "title"),
    [
        ({}, "冻结名册"),
        ({"frame": 1}, "抽签"),
        ({"frame": 1, "drawn": 1, "visits": [PLANNED, BARE]}, "安排人员"),
        ({"visits": [BARE]}, "安排人员"),
        ({"frame": 1, "drawn": 1, "visits": [ISSUED, PLANNED]}, "制发与发函"),
        ({"frame": 1, "drawn": 1, "visits": [ISSUED, BACK]}, "导入检查表"),
        ({"visits": [BACK | {"state": INCOMPLETE}]}, "导入检查表"),
        ({"visits": [BACK], "findings": [AWAITING_REPLY, AWAITING_DECISION]}, "处理问题"),
        ({"visits": [BACK], "findings": [DECIDED, AWAITING_REPLY]}, "单位说明"),
        ({"visits": [BACK], "findings": [DECIDED]}, "结束"),
    ],
)
def test_the_form_of_the_next_act_is_open(stands, title):
    assert due_act(check(**stands)) == title
