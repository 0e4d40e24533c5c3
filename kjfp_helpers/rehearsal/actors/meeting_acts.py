"""The meeting of a year that is played to its decision: the tie, and the votes.

What is planted in ``answers.json`` under ``acts``:

================ ==================================================================
act              what is done
================ ==================================================================
tied             members raise a score, so that two persons are level at the cut
tie_vote         the first vote on them ends level, the second one decides
recounted        two tellers differ; the one who was wrong counts again
struck           an objection to the notice is upheld and strikes a person
added            a resolution adds a person beyond the plan
================ ==================================================================
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from kjfp_helpers.core.events import BallotCounted, BallotOpened, EventLog, ScoreGiven
from kjfp_helpers.ledger import PendingEvent
from kjfp_helpers.panel_review.scoring.scoring_rules import weighted_total
from kjfp_helpers.rehearsal.actors.office_hours import add_working_seconds
from kjfp_helpers.rehearsal.actors.panel_formalities import actor_label
from kjfp_helpers.rehearsal.faults.answer_key import find_first_act, read_answers
from kjfp_helpers.rehearsal.generator.year_model import PlannedAct
from kjfp_helpers.rules import Round
from kjfp_helpers.selection.ballot_papers import count_papers
from kjfp_helpers.selection.point_papers import gives_points
from kjfp_helpers.state import RoundState

KIND = "individual"
"""Kind of nominee whose list has the tie, the strike and the added seat."""
GRID, SEARCHED = 20, 60
"""Steps of a mean in a point, and how many of them on either side of the middle are tried."""
MOST_POINTS = 8
"""Points by which a member changes a total at most."""
MOVES = (0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5)
"""Points by which the first score moves; another one makes up the rest."""


def plan_meeting() -> Iterator[PlannedAct]:
    """Yield the acts of the meeting and after it."""
    for act, says in (
        ("tied", "两名先进个人平均分相同，并列于名额线上，按规则再次投票"),
        ("tie_vote", "首次投票票数相同，仍并列；第二次投票分出先后"),
        ("recounted", "两名计票人所计不一致，重计后一致"),
        ("struck", "公示期内一件实名异议经核查成立，撤下一人，由候补递补并经表决，另行公示"),
        ("added", "经决议增列一人，名单超出计划，再公示一次"),
    ):
        yield PlannedAct(act=act, says=says, kind=KIND)


def is_played(round: Round) -> bool:
    """Return whether a rehearsal goes through the meeting by itself."""
    return find_first_act(read_answers(round), "tied") is not None


def plan_tie(state: RoundState, at: datetime) -> tuple[PendingEvent, ...]:
    """Return the scores by which the persons on either side of the cut have the same mean.

    The nearest mean is taken that a few members of each can bring about by moderate changes.
    """
    if not is_played(state.round) or KIND not in state.scores.rankings:
        return ()
    table = state.scores.rankings[KIND].table
    seats = state.round.notice.commended.seats[KIND]
    if len(table) <= seats:
        return ()
    pair = table.iloc[seats - 1 : seats + 1]
    middle = round(float(pair["mean"].mean() * GRID))
    for step in sorted(range(middle - SEARCHED, middle + SEARCHED), key=lambda t: abs(t - middle)):
        made = [_change_mean(state, case, Fraction(step, GRID)) for case in pair["case"]]
        if all(body is not None for body in made):
            bodies = [body for one in made for body in one or ()]
            return tuple(
                (body, actor_label(state.round, body.member), add_working_seconds(at, 60 * number))
                for number, body in enumerate(bodies, start=1)
            )
    return ()


def _change_mean(state: RoundState, case: str, mean: Fraction) -> list[ScoreGiven] | None:
    """Return changed scores of a case that give it a mean, ``None`` where a few cannot."""
    totals = state.scores.tables.totals
    rows = totals[totals["case"] == case]
    given = {event.seq: event.body for event in EventLog(state.events).of(ScoreGiven)}
    missing = mean * len(rows) - sum(Fraction(str(total)) for total in rows["total"])
    changed: list[ScoreGiven] = []
    for seq in rows.sort_values("total", ascending=missing > 0)["seq"]:
        if not missing:
            break
        share = max(min(missing, Fraction(MOST_POINTS)), Fraction(-MOST_POINTS))
        body = _change_total(state.round, given[seq], share)
        if body is not None:
            changed.append(body)
            missing -= share
    return None if missing else changed


def _change_total(round: Round, given: ScoreGiven, points: Fraction) -> ScoreGiven | None:
    """Return a score whose total is higher by so many points, ``None`` where no moderate one is.

    All criteria move by whole points; the first and the lightest make up the rest.
    """
    criteria, scale = round.rubric.criteria(KIND), round.rubric.scale
    before = weighted_total(given.scores, criteria)
    pair = criteria[0], min(criteria[1:], key=lambda criterion: criterion.weight)
    weights = [Fraction(str(criterion.weight)) for criterion in pair]
    whole = int(points)
    for steps in MOVES:
        rest = (points - whole - weights[0] * steps) / weights[1]
        moves = {pair[0].id: steps, pair[1].id: float(rest)}
        scores = {key: mark + whole + moves.get(key, 0) for key, mark in given.scores.items()}
        is_moderate = all(
            scale.is_valid(mark) and bool(given.comment or not scale.needs_comment(mark))
            for mark in scores.values()
        )
        if is_moderate and before is not None:
            assert weighted_total(scores, criteria) == float(Fraction(str(before)) + points)
            return replace(given, scores=scores, edit="", restores=None)
    return None


def count_tie(opened: BallotOpened, teller: str, *, level: bool) -> BallotCounted:
    """Return the count of a vote among tied cases: the first two level, or a paper apart.

    Where papers give points, each paper gives all that it can to one case.
    """
    valid = opened.issued
    least = min(valid - _recused(opened, case) for case in opened.cases)
    ahead = least // 2
    yes = [ahead, ahead if level else ahead - 1, *[0] * len(opened.cases)]
    votes = {}
    for case, count in zip(opened.cases, yes, strict=False):
        if gives_points(opened):
            votes[case] = (count * (opened.points or len(opened.cases)), 0, 0)
        else:
            votes[case] = (count, 0, valid - _recused(opened, case) - count)
    return BallotCounted(
        ballot=opened.ballot, teller=teller, returned=valid, spoiled=0, votes=votes
    )


def count_approval(opened: BallotOpened, teller: str, *, miscounted: bool = False) -> BallotCounted:
    """Return the count of an approval, paper by paper: a few against, all carried.

    ``miscounted`` reads the first paper otherwise than it is marked.
    """
    papers = []
    for number in range(opened.issued):
        voter = opened.present[number]
        signs = "".join(
            "－"
            if voter in opened.recused.get(case, ())
            else "×"
            if number == 0 and place % 3 == 0
            else "√"
            for place, case in enumerate(opened.cases)
        )
        if miscounted and number == 1:
            signs = "○" + signs[1:]
        papers.append(f"{number + 1:03d} {signs}")
    count = count_papers(papers, opened)
    return BallotCounted(
        ballot=opened.ballot,
        teller=teller,
        returned=count.returned,
        spoiled=count.spoiled,
        votes=count.votes,
        papers=tuple(papers),
    )


def _recused(opened: BallotOpened, case: str) -> int:
    return len(set(opened.recused.get(case, ())) & set(opened.present))
