"""Shortlist: the seats of the notice, reserves, and a reason for every name."""

from collections.abc import Iterable, Mapping

import pandas as pd

from kjfp_helpers.core.errors import SelectionError
from kjfp_helpers.core.events import Event
from kjfp_helpers.core.records import STATUS_TITLES, Case
from kjfp_helpers.rules import Round
from kjfp_helpers.selection.allocation.problem_builder import build_problem
from kjfp_helpers.selection.allocation.seat_allocation import TieAtCut
from kjfp_helpers.selection.ranking.case_ranking import Ranking
from kjfp_helpers.selection.status_reasons import StatusExplainer

COLUMNS = "kind status place case unit name value low high p_in n reason note vote basis".split()


def build_shortlist(
    round: Round,
    kind: str,
    cases: Iterable[Case],
    ranking: Ranking,
    events: Iterable[Event],
    *,
    commendations: Mapping[str, int],
) -> pd.DataFrame:
    """Fill the seats of one kind under quotas and limits; input order does not matter.

    The seat of a case that was vetoed or failed a vote goes to the next, or lapses, by the ruling
    ``vacancy``. A seat added by resolution comes on top of the plan: its case leaves the order,
    and the plan is filled from the others. Equal values go through the tie-break steps of
    the ruling ``ties``, then through the meeting's votes on them.

    Parameters
    ----------
    cases : iterable of Case
        All cases of the round; those not eligible get no row.
    commendations : Mapping
        Case id to how many rows of the register show it (clause 二); a case that is not in it,
        for instance one settled by a person, has no known number.

    Returns
    -------
    DataFrame
        ``kind``; ``status`` (keys of ``STATUS_TITLES``); ``place`` from 1 within listed, going
        on through added, and from 1 within reserves, else NaN; ``case unit name``; ``value
        low high p_in`` as ranked, NaN without scores; ``n`` scores; ``reason`` in Chinese, and
        ``note``, what of it is peculiar to the case, blank where its rank says it all; ``vote``
        what the meeting voted; ``basis`` in short the resolution or vote that it is listed by.

    Raises
    ------
    TieAtCut
        When a tie meets a cut.
    SelectionError
        When limits clash or seats stay empty, a decision is not in order, or members fall into
        groups that cannot be compared.
    """
    require_connected(ranking)
    cases = tuple(cases)
    problem = build_problem(
        round,
        kind,
        cases,
        events,
        means=column_by_case(ranking.table, "mean"),
        commendations=commendations,
    )
    eligible = {case.id: case for case in cases if case.kind == kind and case.eligible}
    table = ranking.table[ranking.table["case"].isin(list(eligible))]
    values, ranks = column_by_case(table, "value"), column_by_case(table, "rank")
    ranked = {case: values[case] for case in ranks}
    allocation = problem.allocate(ranked)
    if allocation.tied:
        raise TieAtCut(kind, allocation.tied, allocation.contested_seats)
    marks = {case: int(number) for case, number in column_by_case(table, "n").items()}
    verdict = StatusExplainer(
        ranks=ranks,
        values=values,
        score_counts=marks,
        order=problem.order(ranked),
        allocation=allocation,
        problem=problem,
        method=ranking.method,
        quorum=round.notice.ruling.quorum.value,
    )
    return _frame(kind, eligible, table, verdict)


def column_by_case(table: pd.DataFrame, name: str) -> dict[str, float]:
    """Return a column by case id, without what is missing."""
    pairs = zip(table["case"], table[name].astype(float), strict=True)
    return {str(case): value for case, value in pairs if value == value}


def _frame(
    kind: str, cases: Mapping[str, Case], table: pd.DataFrame, verdict: StatusExplainer
) -> pd.DataFrame:
    """Return one row a case: by status, then position, then rank; ids order only ties."""
    statuses = {case: verdict.status(case) for case in cases}
    decided = pd.DataFrame(
        [
            (
                kind,
                status,
                verdict.position(case, status),
                case,
                cases[case].unit,
                cases[case].name,
                verdict.reason(case, status),
                verdict.note(case, status),
                verdict.vote(case, status),
                verdict.basis(case, status),
                list(STATUS_TITLES).index(status),
            )
            for case, status in statuses.items()
        ],
        columns="kind status place case unit name reason note vote basis turn".split(),
    ).astype({"place": float})
    ranked = table[["case", "rank", "value", "low", "high", "p_in", "n"]]
    rows = decided.merge(ranked, on="case", how="left")
    rows["n"] = rows["n"].fillna(0).astype(int)
    return rows.sort_values(["turn", "place", "rank", "case"], ignore_index=True)[COLUMNS]


def require_connected(ranking: Ranking) -> None:
    """Refuse groups of members that no common case links."""
    if len(ranking.components) > 1 and not ranking.set_aside:
        named = "；".join("、".join(group) for group in ranking.components)
        raise SelectionError(
            "入围名单",
            expected="全部评委经由共同评阅的个案连成一体",
            found=f"互不相连的 {len(ranking.components)} 组（{named}）",
            advice="催办未完成的评分，或增派评委跨组评阅",
        )
