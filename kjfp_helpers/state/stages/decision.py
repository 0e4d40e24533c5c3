"""Decision: the meeting's votes, the shortlist, and the table of the public notice.

Depends on the rankings, the quotas and limits of the rules, and what the meeting recorded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from kjfp_helpers.core.errors import KjfpError, UnprovedError
from kjfp_helpers.core.events import Event
from kjfp_helpers.core.records import KIND_TITLES, NOMINEE_KINDS
from kjfp_helpers.notice import public_notice
from kjfp_helpers.rules import Round
from kjfp_helpers.selection import Ballot, TieAtCut, fold_ballots
from kjfp_helpers.selection.shortlist import COLUMNS, build_shortlist
from kjfp_helpers.state.stages.scores import Scores
from kjfp_helpers.state.stages.screening import Screening


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is decided, as far as scores and votes go.

    ``ballots`` are the meeting's votes, by number. ``problems`` says, in Chinese, why a ranking or
    a list cannot be made yet; ``ties`` holds, by kind of nominee, the tie that only a vote can
    break, and ``unproved`` the searches that were given up. Frames:

    ``shortlist``
        see :func:`kjfp_helpers.selection.shortlist.build_shortlist`; empty before the first score
    ``publication``
        see :func:`kjfp_helpers.notice.public_notice.public_table`
    """

    ballots: tuple[Ballot, ...]
    shortlist: pd.DataFrame
    publication: pd.DataFrame
    problems: tuple[str, ...]
    ties: Mapping[str, TieAtCut]
    unproved: Mapping[str, UnprovedError]


def derive_decision(
    round: Round, screening: Screening, scores: Scores, events: Sequence[Event]
) -> Decision:
    """Count the votes and fill the seats of each kind; what prevents a list is a problem."""
    commendations = {case: len(rows) for case, rows in screening.prior_awards.items()}
    failed = dict(scores.unranked)
    lists = []
    for kind, ranking in scores.rankings.items():
        try:
            table = build_shortlist(
                round, kind, screening.cases, ranking, events, commendations=commendations
            )
            lists.append(table)
        except KjfpError as error:
            failed[kind] = error
    shortlist = pd.concat(lists, ignore_index=True) if lists else pd.DataFrame(columns=COLUMNS)
    return Decision(
        ballots=fold_ballots(events, round.notice.ruling),
        shortlist=shortlist,
        publication=public_notice.public_table(round, screening.cases, shortlist),
        problems=tuple(
            f"{KIND_TITLES[kind]}：{failed[kind]}" for kind in NOMINEE_KINDS if kind in failed
        ),
        ties={kind: error for kind, error in failed.items() if isinstance(error, TieAtCut)},
        unproved={
            kind: error for kind, error in failed.items() if isinstance(error, UnprovedError)
        },
    )
