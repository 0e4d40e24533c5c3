"""The panel's marks: a real round waits for its members, a rehearsal's panel is made up."""

from collections.abc import Iterable
from datetime import datetime

from kjfp_helpers import rehearsal
from kjfp_helpers.commands.amend import amend
from kjfp_helpers.commands.assign import assign
from kjfp_helpers.commands.member import withdraw
from kjfp_helpers.commands.output_recording import make_papers
from kjfp_helpers.commands.simulation.simulated_ties import rule_rehearsed_ties
from kjfp_helpers.commands.steps import Outcome, Tick
from kjfp_helpers.core.events import MarkGiven, MarksClosed, ReadingsAssigned, Recused, find_last
from kjfp_helpers.rehearsal.actors import panel_actions, secretary_rulings, summary_assessors
from kjfp_helpers.rehearsal.actors.rule_amendment import amend_rules
from kjfp_helpers.state import Desk, Review
from kjfp_helpers.state.frozen_rules import has_scores
from kjfp_helpers.state.panel.review_progress import is_read, rounds_left

Pair = tuple[str, str]
"""Member and case."""


def rule(desk: Desk, tick: Tick) -> Outcome:
    """Let the office of a rehearsal rule on what units answered; a real one rules by screen."""
    if not desk.round.rehearsal:
        return Outcome(notes=("由秘书在“收件与核对”页的“待处理”中逐项裁定",))
    made = desk.record_series(secretary_rulings.rule(desk.review(require_frozen=False)))
    return Outcome(len(made), notes=("演练办公室已裁定复函、撤回和逾期来件",) if made else ())


def score(desk: Desk, tick: Tick) -> Outcome:
    """Let the made-up panel of a rehearsal act its part of the year, as the rules have it.

    Members declare, mark round after round, seal and sign; one falls ill; ties are ruled upon;
    summaries are assessed; the marks are closed; a resolution amends a rule. What was done before
    is not done again.
    """
    if not desk.round.rehearsal:
        return mark_readings(desk, tick)
    review = desk.review()
    skipped, before = len(review.marks.totals), review.events[-1].seq
    made = mark_readings(desk, tick).made
    if made and rule_rehearsed_ties(desk):  # a case that lost its reader gets another
        assign(desk, tick)
        made += _mark(desk, desk.review(), tick)
    _conclude(desk, tick)
    review = desk.review()
    if review.events[-1].seq != before:  # papers made before now name the amendment too
        for command in ("intake", "check"):
            make_papers(desk, command, review, tick)
    notes = ("演练评委已按设定的宽严评分，并已声明、封存、签字",) if made else ()
    return Outcome(made, skipped, notes=notes)


def mark_readings(desk: Desk, tick: Tick) -> Outcome:
    """Let the made-up panel of a rehearsal score, round after round as the rules have it."""
    review = desk.review()
    if not desk.round.rehearsal:
        done = len(review.marks.totals)
        return Outcome(notes=(f"已收评分{done}件次，应评{len(review.readings)}件次",))
    made, skipped = 0, len(review.marks.totals)
    while True:
        made += _mark(desk, desk.review(), tick)
        if not rounds_left(desk.review()):
            break
        assign(desk, tick, following=True)
    return Outcome(made, skipped, notes=("演练评委已按设定的宽严评分",) if made else ())


def _mark(desk: Desk, review: Review, tick: Tick = lambda done, total: None) -> int:
    """Let the panel declare and mark what it still owes of the round that is being read."""
    assigned = find_last(review.events, ReadingsAssigned)
    if assigned is None or not _owed(review):
        return 0
    start = panel_actions.first_day(_assigned_at(review, assigned.round))
    begun = any(isinstance(event.body, MarkGiven) for event in review.events)
    drawn = _draw(review, assigned.round, recuse=not begun)
    leaving, made = panel_actions.leaving(review), 0
    if leaving:
        if not begun:
            made += _record(
                desk, review, drawn.values(), start, until=start + panel_actions.LEAVING
            )
        withdraw(desk, tick, **leaving)
        (desk.outputs / "packets" / f"{leaving['member']}.ipynb").unlink(missing_ok=True)
        review = desk.review()
        drawn = _draw(review, assigned.round, recuse=False) | drawn
    owed = _owed(review)
    rest = [body for pair, body in drawn.items() if pair in owed]
    return made + _record(desk, review, rest, start)


def _record(
    desk: Desk,
    review: Review,
    bodies: Iterable[MarkGiven | Recused],
    start: datetime,
    until: datetime | None = None,
) -> int:
    """Record declarations, marks and assessments in their order; return the number of marks."""
    entries = (
        *panel_actions.declare(review, start),
        *panel_actions.timed(review, bodies, start),
        *summary_assessors.assess(review),
    )
    due = [entry for entry in entries if until is None or entry[2] < until]
    desk.record_series(sorted(due, key=lambda entry: entry[2]))
    return sum(isinstance(body, MarkGiven | Recused) for body, _, _ in due)


def _draw(review: Review, number: int, *, recuse: bool) -> dict[Pair, MarkGiven | Recused]:
    """Return what the panel would say of every reading that it owes."""
    rows, known = review.readings, {case.id for case in review.eligible}
    rows = rows[rows["case"].isin(known)]
    drawn = rehearsal.score(review.round, review.eligible, rows, number=number, recuse=recuse)
    owed = _owed(review)
    return {pair: body for body in drawn if (pair := (body.member, body.case)) in owed}


def _owed(review: Review) -> set[Pair]:
    left = review.readings[~is_read(review)]
    return set(zip(left["member"], left["case"], strict=True))


def _assigned_at(review: Review, number: int) -> datetime:
    """Return when the readings of a round were first given."""
    return next(
        event.at
        for event in review.events
        if isinstance(event.body, ReadingsAssigned) and event.body.round == number
    )


def _conclude(desk: Desk, tick: Tick) -> None:
    """Seal, sign, close the marks and amend a rule, each where it is due."""
    review = desk.review()
    if not has_scores(review.events):
        return
    if find_last(review.events, MarksClosed) is None:
        for act in (panel_actions.seal, panel_actions.sign, panel_actions.close):
            review = desk.review()
            desk.record_series(act(review, _last_act(review)))
    if amendment := amend_rules(desk.round, review.events):
        desk.reload_rules()
        amend(desk, tick, **amendment)


def _last_act(review: Review) -> datetime:
    """Return when the panel last acted."""
    return max(event.at for event in review.events if isinstance(event.body, panel_actions.ACTS))
