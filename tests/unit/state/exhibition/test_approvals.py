"""Nothing is public that nobody approved, and an approval covers what was seen and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import Event
from kjfp_helpers.core.events.exhibition import CANCEL, HOLD, PUBLISH, RETURN, WITHDRAW
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.notice.exhibition_hints import MEETING, find_text_hints
from kjfp_helpers.rules import load_round
from kjfp_helpers.state.exhibition.approval_acts import (
    make_batch_approval,
    make_batch_cancellation,
    make_decision,
)
from kjfp_helpers.state.exhibition.approvals import HELD, OPEN, PUBLIC, TAKEN_DOWN, fold_approvals
from kjfp_helpers.state.exhibition.exhibition_items import TEXT, ExhibitionItem
from kjfp_helpers.state.exhibition.published_exhibition import collect_published
from support.project import RULES

ROUND = load_round(RULES)
UNIT = ROUND.unit_by_code["13"]


def item(id="text:work", text="田间培训", **more):
    hints = tuple(find_text_hints(text))
    plain = {"unit": "13", "kind": TEXT, "title": id, "content": text, "hints": hints}
    return ExhibitionItem(id=id, text=text, **plain | more)


class Desk:
    """Items of one unit and the decisions on them, in order."""

    def __init__(self, *items):
        self.items, self.events = items, []

    def __getitem__(self, id):
        return next(one for one in self.approvals if one.item.id == id)

    @property
    def approvals(self):
        return fold_approvals({"13": self.items}, self.events)["13"]

    def record(self, body):
        at = datetime(2020, 7, 20, tzinfo=UTC)
        self.events.append(Event(seq=len(self.events) + 1, at=at, actor="秘书", body=body))

    def decide(self, decision, id="text:work", **given):
        self.record(make_decision(ROUND, self[id], decision, **given))

    @property
    def public(self):
        shown = collect_published(UNIT, self.approvals)
        return {part: sections[0].text for part, sections in shown.sections.items()}


def test_nothing_is_public_before_it_is_approved_and_after_it_is_taken_back():
    desk = Desk(item())
    assert desk.public == {} and desk["text:work"].state == OPEN
    desk.decide(PUBLISH)
    assert desk.public == {"work": "田间培训"} and desk["text:work"].state == PUBLIC
    desk.decide(WITHDRAW, reason="单位来电要求")
    assert desk.public == {} and desk["text:work"].state == TAKEN_DOWN
    desk.decide(CANCEL)
    assert desk.public == {} and desk["text:work"].state == OPEN


def test_an_approval_lapses_with_the_content_it_was_given_for():
    desk = Desk(item())
    desk.decide(PUBLISH)
    desk.items = (item(text="田间培训，新版"),)
    assert desk.public == {} and desk["text:work"].is_open and desk["text:work"].lapsed


@pytest.mark.parametrize(
    "text", ["联系13800138000", "身份证号码110101199001011237", "电话０１０－６８５７１２３４"]
)
def test_a_personal_number_is_cut_or_not_public_and_never_a_row_of_stars(text):
    desk = Desk(item(text=f"田间培训。{text}"))
    for given in ({}, {"confirmed": ["numbers"], "reason": "可以"}, {"text": f"培训 {text}"}):
        with pytest.raises(ParameterError, match="删去号码"):
            desk.decide(PUBLISH, **given)
    desk.decide(PUBLISH, text="田间培训。")
    assert desk.public == {"work": "田间培训。"} and desk["text:work"].is_edited


def test_hints_are_confirmed_before_approval_and_kept_with_it():
    desk = Desk(item(text="召开部署会"))
    with pytest.raises(ParameterError, match="未核对"):
        desk.decide(PUBLISH)
    desk.decide(PUBLISH, confirmed=[MEETING, "unknown"])
    assert desk.events[-1].body.confirmed == (MEETING,)


def test_what_has_a_fault_is_public_with_a_reason_only_and_all_else_needs_one():
    fault = Finding(code="too_small", expected="大", found="小")
    desk = Desk(item(findings=(fault,)))
    assert desk["text:work"].item.proposed == RETURN
    for decision in (PUBLISH, HOLD, RETURN):
        with pytest.raises(ParameterError, match="理由"):
            desk.decide(decision)
    with pytest.raises(ParameterError, match="已批准"):
        desk.decide(WITHDRAW, reason="撤")
    desk.decide(HOLD, reason="待换图，联系13800138000")
    assert desk["text:work"].state == HELD and "13800138000" not in desk.events[-1].body.reason


def test_one_act_approves_all_that_is_unremarkable_and_another_takes_the_rest_of_it_back():
    desk = Desk(item("text:a"), item("text:b"), item("text:c", "印发通知"), item("text:d"))
    desk.decide(HOLD, "text:d", reason="待核")
    desk.record(make_batch_approval(desk.approvals))
    assert set(desk.public) == {"a", "b"}
    batch = desk.events[-1].seq
    desk.decide(HOLD, "text:b", reason="待核")
    desk.record(make_batch_cancellation(desk.approvals, batch))
    assert desk.public == {} and [one.state for one in desk.approvals] == [OPEN, HELD, OPEN, HELD]
    with pytest.raises(ParameterError):
        make_batch_approval([replace(one, decision=desk.events[0]) for one in desk.approvals])
