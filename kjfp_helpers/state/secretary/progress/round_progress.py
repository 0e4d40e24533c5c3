"""Progress of a round: the steps of the year, and the next act of the office."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kjfp_helpers.rules import describe_changes
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.frozen_rules import last_freeze, rule_changes, with_amendments
from kjfp_helpers.state.secretary.progress.material_steps import (
    STOCKTAKE,
    SUMMARIES,
    list_material_steps,
)
from kjfp_helpers.state.secretary.progress.progress_step import ProgressStep
from kjfp_helpers.state.secretary.progress.review_steps import (
    EXHIBITION,
    INTAKE,
    PUBLICATION,
    REPORTS,
    RESULTS,
    SITE,
    START,
    list_review_steps,
)

SCREEN_BY_PAGE: Mapping[str, str] = {
    START: "start",
    INTAKE: "intake",
    STOCKTAKE: "stocktake",
    SUMMARIES: "summaries",
    RESULTS: "results",
    EXHIBITION: "exhibition",
    SITE: "exhibition",
    PUBLICATION: "publication",
}
"""Pages of the steps to the screens whose rights they have."""


def list_steps(session: RoundSession, state: RoundState | None) -> list[ProgressStep]:
    """Return the steps of the year in order, as the round stands.

    Counts, open points and what is due are there for who may open the page where they stand; the
    public notice and the unit reports for who may read these.
    """
    access = session.access()
    may_read = access.may_read_reports(session.ledger.events())

    def may_open(page: str) -> bool:
        if page == REPORTS:
            return may_read
        return access.may_open(SCREEN_BY_PAGE[page])

    steps = [*list_material_steps(session, state), *list_review_steps(session, state)]
    shown = [
        replace(step, open=tuple(point for point in step.open if may_open(point.page)))
        for step in steps
    ]
    return [
        step if may_open(step.page) else replace(step, count="—", more="", note="", due="")
        for step in shown
    ]


def next_step(steps: Sequence[ProgressStep]) -> ProgressStep | None:
    """Return the first step in which the office has something to do now."""
    return next((step for step in steps if step.due), None)


def describe_freeze(session: RoundSession) -> dict[str, str]:
    """Say whether the rules are frozen, still what was frozen, and by what amended."""
    round, events = session.round, session.ledger.events()
    frozen = last_freeze(events)
    if frozen is None:
        return {"word": "未冻结", "detail": "评分开放前须冻结规则"}
    if frozen.digest != round.digest:
        detail = describe_changes(rule_changes(round, frozen))
        return {"word": "冻结后有改动", "detail": detail}
    amended = with_amendments(round, events).amendments
    word = "已冻结，后经修订" if amended else "已冻结"
    return {"word": word, "detail": "；".join(amended)}
