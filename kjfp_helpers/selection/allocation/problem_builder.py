"""Build the allocation problem of a kind from rules, cases and meeting decisions."""

from collections.abc import Iterable, Mapping

from kjfp_helpers.core.events import Event
from kjfp_helpers.core.records import Case, Individual
from kjfp_helpers.rules import ListLimit as Rule
from kjfp_helpers.rules import Round
from kjfp_helpers.selection.allocation.seat_allocation import QUOTA_TITLE, AllocationProblem
from kjfp_helpers.selection.allocation.selection_problem import Limit
from kjfp_helpers.selection.allocation.tie_breaking import tie_break_values
from kjfp_helpers.selection.meeting_ballots import approval_votes, fold_ballots, tie_votes
from kjfp_helpers.selection.meeting_decisions import (
    read_additions,
    read_levels,
    read_vacancy,
    read_vetoes,
)

SEXES = ("男", "女")


def build_problem(
    round: Round,
    kind: str,
    cases: Iterable[Case],
    events: Iterable[Event],
    *,
    means: Mapping[str, float],
    commendations: Mapping[str, int],
) -> AllocationProblem:
    """Return the allocation problem of one kind; ``means`` and ``commendations`` are by case.

    Raises
    ------
    SelectionError
        When a decision or a vote is not in order.
    """
    events, ruling = tuple(events), round.notice.ruling
    by_id = {case.id: case for case in cases if case.kind == kind}
    eligible = {case_id: case for case_id, case in sorted(by_id.items()) if case.eligible}
    plan = round.notice.commended.seats[kind]
    ballots = fold_ballots(events, ruling)
    ties, votes = tie_votes(ballots, kind), approval_votes(ballots, kind)
    given = tie_break_values(eligible.values(), means, commendations)
    vacancy = read_vacancy(events, kind, plan=plan)
    attributes = _attributes(round, eligible, read_levels(events, kind, by_id))
    return AllocationProblem(
        kind=kind,
        plan=plan,
        reserves=ruling.reserves.value,
        limits=tuple(_limits(round, kind, plan, attributes)),
        attributes=attributes,
        tie_break_values={
            **given,
            **{title: _votes_by_case(eligible, papers) for title, papers in ties.items()},
        },
        tie_break_steps=(*ruling.ties.value, *ties),
        vetoes=read_vetoes(events, kind, by_id),
        added=read_additions(events, kind, by_id, allowed=ruling.exceed.value == "resolution"),
        rejected={case: vote for case, vote in votes.items() if not vote[1].carried},
        votes=votes,
        vacancy=vacancy,
        seats_lapse=ruling.vacancy.value == "lapse",
    )


def _votes_by_case(cases: Iterable[str], papers: Mapping[str, float]) -> dict[str, float | None]:
    return {case: papers.get(case) for case in cases}


def _attributes(
    round: Round, cases: Mapping[str, Case], levels: Mapping[str, str]
) -> dict[str, dict[str, object]]:
    units = {case_id: round.unit_by_code[case.unit] for case_id, case in cases.items()}
    return {
        "unit": {case: unit.code for case, unit in units.items()},
        "region": {case: unit.region for case, unit in units.items() if unit.region},
        "class": {case: unit.quota for case, unit in units.items()},
        "sex": {case_id: sex for case_id, case in cases.items() if (sex := _sex(case))},
        "level": dict(levels),
    }


def _sex(case: Case) -> str:
    said = (case.nominee.gender or "").strip() if isinstance(case.nominee, Individual) else ""
    return said if said in SEXES else ""


def _limits(
    round: Round, kind: str, plan: int, attributes: Mapping[str, Mapping[str, object]]
) -> Iterable[Limit]:
    """Yield the units' quotas and the further limits, one for each set of values they bound."""
    clause = round.notice.quota.priority.clause
    for code in sorted({str(unit) for unit in attributes["unit"].values()}):
        most = round.quota(round.unit_by_code[code]).of(kind).most
        yield Limit(f"{QUOTA_TITLE}（通知{clause}）", "unit", frozenset([code]), 0, most)
    for rule in round.notice.limit:
        if rule.kind == kind:
            for values in _value_sets(rule, attributes):
                yield Limit(
                    f"{rule.title}（{rule.clause}）",
                    rule.attribute,
                    values,
                    rule.least,
                    rule.maximum_of(plan),
                )


def _value_sets(
    rule: Rule, attributes: Mapping[str, Mapping[str, object]]
) -> Iterable[frozenset[object]]:
    if rule.values:
        return [frozenset(rule.values)]
    return [
        frozenset([value]) for value in sorted(set(map(str, attributes[rule.attribute].values())))
    ]
