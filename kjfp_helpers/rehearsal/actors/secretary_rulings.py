"""Rulings of the office on the replies of units: the secretary's events."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from kjfp_helpers.core.events import EventBody, NominationWithdrawn
from kjfp_helpers.core.findings import Severity
from kjfp_helpers.eligibility.history.intake_overrides import withdrawal_events
from kjfp_helpers.ledger import PendingEvent
from kjfp_helpers.rehearsal.faults.answer_key import filter_acts, office_actor_label, read_answers
from kjfp_helpers.rehearsal.generator.faultless_year import CHINA
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.secretary import resolutions as say
from kjfp_helpers.state.secretary.figure_questions import (
    SETTLED,
    list_figure_questions,
    make_figure_assignment,
)
from kjfp_helpers.state.secretary.work_item import WorkItem
from kjfp_helpers.state.secretary.work_queue import work_items

START = datetime(2020, 8, 20, 9, 30, tzinfo=CHINA)
INTERVAL = timedelta(minutes=4)
MEETING = "主任办公会（演练纪要〔2020〕7号）"
ADMITTED = f"发件在8月15日，服务器8月16日零时许收到，单位已书面说明；经{MEETING}研究，同意接收"
UPHELD = f"8月17日收到，已过期限，单位未作说明；经{MEETING}研究，不予接收"
_OF_NOMINEE = ("handled", "version_chosen", "corrected")
"""Acts on a question about one nominee, or about none."""
CHOSEN = "见单位关于推荐对象的复函"
WITHDRAWN = "因工作调动撤回推荐，见单位来函"
NOTED = "来函只有正文，系撤回推荐，已登记"
ASKED = "已电话核实，单位书面说明附卷"
INQUIRY = {"person": "测试秘书", "until": "2020-09-04", "reason": "函询单位，核对原始台账"}
PROMISED = "已电话催补，单位答复另行补报，经办人已登记"


def plan_rulings(state: RoundState) -> tuple[PendingEvent, ...]:
    """Return the rulings that are still to be made, each with who made it and when.

    Over-quota units' choices, withdrawn nominations, late messages, versions, senders, figures
    that a unit explained, and what the office settled by telephone; what somebody answered
    already stays as it is.
    """
    answers = read_answers(state.round)
    bodies = [body for group in _planned_events(state, answers) for body in group]
    actor = office_actor_label(state.round, "秘书")
    return tuple((body, actor, START + number * INTERVAL) for number, body in enumerate(bodies))


def _planned_events(
    state: RoundState, answers: Mapping[str, Any]
) -> Iterator[tuple[EventBody, ...]]:
    open_items = [item for item in work_items(state) if item.done is None]
    receipts = {mail.path: mail.receipt for mail in state.submissions.intake.mails}
    for row in filter_acts(answers, "chosen"):
        cases = _named_cases(state, row)
        for item in _matching_items(open_items, row):
            yield say.choose_nominees(item, cases, CHOSEN, receipts.get(row["file"]))
    for row in filter_acts(answers, "withdrawn"):
        for case in set(_named_cases(state, row)) - withdrawal_events(state.events).keys():
            receipt = receipts.get(row["file"])
            yield (NominationWithdrawn(case=case, reason=WITHDRAWN, receipt=receipt),)
        for item in _matching_items(open_items, {**row, "code": "no_material"}):
            yield say.mark_handled(item, NOTED)
    yield from _inquiries(state, answers)
    for row in filter_acts(answers, *_ANSWERS):
        for item in _matching_items(open_items, row):
            yield _ANSWERS[row["act"]](state, item, row)


def _inquiries(state: RoundState, answers: Mapping[str, Any]) -> Iterator[tuple[EventBody, ...]]:
    """Yield who inquires into open questions on figures, and until when."""
    for row in filter_acts(answers, "inquiry"):
        for question in list_figure_questions(state):
            is_meant = (question.finding.unit, question.finding.code) == (row["unit"], row["code"])
            if is_meant and question.state != SETTLED and question.assigned is None:
                yield (make_figure_assignment(question, **INQUIRY),)


def _admit(state: RoundState, item: WorkItem, row: Mapping[str, Any]) -> tuple[EventBody, ...]:
    return say.confirm_finding(state, item, ADMITTED)


def _uphold(state: RoundState, item: WorkItem, row: Mapping[str, Any]) -> tuple[EventBody, ...]:
    return say.mark_handled(item, UPHELD)


def _settle(state: RoundState, item: WorkItem, row: Mapping[str, Any]) -> tuple[EventBody, ...]:
    """Confirm what a unit explained; a fault it only promised to mend stays a fault."""
    if item.finding.severity is Severity.QUESTION:
        return say.confirm_finding(state, item, row.get("reason") or ASKED)
    return say.mark_handled(item, PROMISED)


def _choose(state: RoundState, item: WorkItem, row: Mapping[str, Any]) -> tuple[EventBody, ...]:
    """Choose the version that was read, the proposed one."""
    versions = say.list_versions(state, item)
    return say.choose_version(versions, versions[0], row["reason"])


def _assign(state: RoundState, item: WorkItem, row: Mapping[str, Any]) -> tuple[EventBody, ...]:
    return say.assign_unit(item, row["unit"], row["reason"], remember=True)


def _correct(state: RoundState, item: WorkItem, row: Mapping[str, Any]) -> tuple[EventBody, ...]:
    assert item.record is not None
    name = item.finding.field
    old, new = getattr(item.record.body, name), row["values"][name]
    return say.correct_fields(item, [(name, old, new)], row["reason"], channel="来信")


_ANSWERS = {
    "admitted": _admit,
    "upheld": _uphold,
    "handled": _settle,
    "version_chosen": _choose,
    "assigned": _assign,
    "corrected": _correct,
}
"""Act to the events by which the secretary answers an item."""


def _matching_items(open_items: list[WorkItem], row: Mapping[str, str]) -> Iterator[WorkItem]:
    """Yield the open items that an act answers: of a unit, for one nominee where it names one."""
    for item in open_items:
        same = (item.unit, item.finding.code) == (row["unit"], row["code"])
        is_named = row["act"] not in _OF_NOMINEE or item.nominee == row["case"]
        if same and is_named and item.finding.field in (row.get("values") or (item.finding.field,)):
            yield item


def _named_cases(state: RoundState, row: Mapping[str, str]) -> list[str]:
    named = (row["unit"], row["kind"], row["case"])
    return [case.id for case in state.screening.cases if (case.unit, case.kind, case.name) == named]
