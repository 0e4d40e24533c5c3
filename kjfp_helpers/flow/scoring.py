"""The panel's marks: a real round waits for its members, a rehearsal's panel is made up."""

from dataclasses import replace

from kjfp_helpers import rehearsal
from kjfp_helpers.derivation import Desk, Review
from kjfp_helpers.derivation.readings import is_read, rounds_left
from kjfp_helpers.events import ReadingsAssigned, find_last
from kjfp_helpers.flow.assigning import assign
from kjfp_helpers.flow.rehearsed_ties import rule_rehearsed_ties
from kjfp_helpers.flow.steps import Outcome, Tick


def score(desk: Desk, tick: Tick) -> Outcome:
    """Let the made-up panel of a rehearsal score and declare; ties are ruled upon at once."""
    outcome = mark_readings(desk, tick)
    if outcome.made and rule_rehearsed_ties(desk):  # a case that lost its reader gets another
        assign(desk, tick)
        return replace(outcome, made=outcome.made + _mark(desk, desk.review()))
    return outcome


def mark_readings(desk: Desk, tick: Tick) -> Outcome:
    """Let the made-up panel of a rehearsal score, round after round as the rules have it."""
    review = desk.review()
    if not desk.round.rehearsal:
        done = len(review.marks.totals)
        return Outcome(notes=(f"已收评分{done}件次，应评{len(review.readings)}件次",))
    made = 0
    while True:
        made += _mark(desk, desk.review())
        if not rounds_left(desk.review()):
            break
        assign(desk, tick, following=True)
    skipped = len(review.marks.totals)
    return Outcome(made, skipped, notes=("演练评委已按设定的宽严评分",) if made else ())


def _mark(desk: Desk, review: Review) -> int:
    """Mark what the made-up panel still owes of the round that is being read."""
    assigned, rows = find_last(review.events, ReadingsAssigned), review.readings
    left = rows[~is_read(review)]
    if assigned is None or left.empty:
        return 0
    owed = set(zip(left["member"], left["case"], strict=True))
    readable = rows[rows["case"].isin([case.id for case in review.eligible])]
    drawn = rehearsal.score(desk.round, review.eligible, readable, number=assigned.round)
    bodies = [body for body in drawn if (body.member, body.case) in owed]
    desk.record(*bodies, actor="演练评委")
    return len(bodies)
