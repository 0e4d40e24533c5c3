"""Rankings and shortlist of every kind, with what prevents one from being made."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from kjfp_helpers.core.errors import KjfpError, UnprovedError
from kjfp_helpers.core.events import Event
from kjfp_helpers.core.records import KIND_TITLES, NOMINEE_KINDS
from kjfp_helpers.eligibility import Screening
from kjfp_helpers.infra.cache import CachedCall
from kjfp_helpers.panel_review import ScoreTables
from kjfp_helpers.rules import Round
from kjfp_helpers.selection import Ranking, TieAtCut, rank_cases
from kjfp_helpers.selection.ranking.case_ranking import read_ranking
from kjfp_helpers.selection.shortlist import COLUMNS, build_shortlist


class SelectionTables(NamedTuple):
    """Rankings by kind, the shortlist, and by kind why a list cannot be made.

    ``problems`` are Chinese sentences; ``ties`` holds the ties at the last seat that only a vote
    can break, ``unproved`` the searches that were given up before an optimum was proved.
    """

    rankings: Mapping[str, Ranking]
    shortlist: pd.DataFrame
    problems: tuple[str, ...]
    ties: Mapping[str, TieAtCut]
    unproved: Mapping[str, UnprovedError]


def rank_and_select(
    round: Round,
    screening: Screening,
    scores: ScoreTables,
    events: Sequence[Event],
    recall: CachedCall,
) -> SelectionTables:
    """Rank and select each kind that has scores; report what prevents it as a problem."""
    ruling, cases = round.notice.ruling, screening.cases
    commendations = {case: len(rows) for case, rows in screening.earlier.items()}
    rankings: dict[str, Ranking] = {}
    ties: dict[str, TieAtCut] = {}
    unproved: dict[str, UnprovedError] = {}
    lists, problems = [], []
    for kind in NOMINEE_KINDS:
        ids = {case.id for case in cases if case.eligible and case.kind == kind}
        totals = scores.totals[scores.totals["case"].isin(ids)]
        if not totals["total"].notna().any():
            continue
        try:
            rankings[kind] = recall(
                rank_cases,
                totals,
                seats=round.notice.commended.seats[kind],
                method=ruling.method.value,
                quorum=ruling.quorum.value,
                decode=read_ranking,
            )
            table = build_shortlist(
                round, kind, cases, rankings[kind], events, commendations=commendations
            )
            lists.append(table)
        except KjfpError as error:
            problems.append(f"{KIND_TITLES[kind]}：{error}")
            if isinstance(error, TieAtCut):
                ties[kind] = error
            if isinstance(error, UnprovedError):
                unproved[kind] = error
    table = pd.concat(lists, ignore_index=True) if lists else pd.DataFrame(columns=COLUMNS)
    return SelectionTables(rankings, table, tuple(problems), ties, unproved)
