"""Decision: the meeting's votes, the shortlist, and the table of the public notice.

Depends on the rankings, the quotas and limits of the rules, and what the meeting recorded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

import pandas as pd

from kjfp_helpers.core.errors import KjfpError, UnprovedError
from kjfp_helpers.core.events import (
    BallotCounted,
    BallotOpened,
    BallotVoided,
    CaseVetoed,
    Event,
    EventLog,
    LevelConfirmed,
    ObjectionRuled,
    SeatAdded,
    SeatsLeftVacant,
)
from kjfp_helpers.core.records import KIND_TITLES, LISTED, NOMINEE_KINDS
from kjfp_helpers.notice import public_notice
from kjfp_helpers.rules import Round
from kjfp_helpers.rules.rulings import Rulings
from kjfp_helpers.selection import Ballot, TieAtCut, fold_ballots
from kjfp_helpers.selection.shortlist import COLUMNS, build_shortlist
from kjfp_helpers.state.stages.scores import Scores
from kjfp_helpers.state.stages.screening import Screening

DECISION_KINDS = (
    CaseVetoed,
    SeatAdded,
    SeatsLeftVacant,
    LevelConfirmed,
    BallotOpened,
    BallotCounted,
    BallotVoided,
    ObjectionRuled,
)
"""Kinds of event that the decision depends on, besides those of the stages before."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is decided, as far as scores and votes go.

    ``ballot_events`` are votes opened, counted and voided. ``problems`` says, in Chinese, why a
    ranking or a list cannot be made yet; ``ties`` holds, by kind of nominee, the tie that only a
    vote can break, and ``unproved`` the searches that were given up. Frames:

    ``shortlist``
        see :func:`kjfp_helpers.selection.shortlist.build_shortlist`; empty before the first score
    ``publication``
        see :func:`kjfp_helpers.notice.public_notice.public_table`
    """

    ballot_events: EventLog = field(repr=False)
    rulings: Rulings = field(repr=False)
    shortlist: pd.DataFrame
    publication: pd.DataFrame
    problems: tuple[str, ...]
    ties: Mapping[str, TieAtCut]
    unproved: Mapping[str, UnprovedError]

    @property
    def listed(self) -> pd.DataFrame:
        """The rows of ``shortlist`` that stand on the list, added seats among them."""
        return self.shortlist[self.shortlist["status"].isin(LISTED)]

    @cached_property
    def ballots(self) -> tuple[Ballot, ...]:
        """The meeting's votes, by number.

        Raises
        ------
        SelectionError
            When a vote was recorded that cannot be; no list can be made then either.
        """
        return fold_ballots(self.ballot_events, self.rulings)


def derive_decision(
    round: Round, screening: Screening, scores: Scores, events: EventLog
) -> Decision:
    """Count the votes and fill the seats of each kind; what prevents a list is a problem."""
    commendations = {case: len(rows) for case, rows in screening.prior_awards.items()}
    failed = dict(scores.unranked)
    lists, decided = [], _with_rule_vetoes(screening, events)
    for kind, ranking in scores.rankings.items():
        try:
            table = build_shortlist(
                round, kind, screening.cases, ranking, decided, commendations=commendations
            )
            lists.append(table)
        except KjfpError as error:
            failed[kind] = error
    shortlist = pd.concat(lists, ignore_index=True) if lists else pd.DataFrame(columns=COLUMNS)
    shortlist["note"] = _with_rule_notes(screening, shortlist)
    return Decision(
        ballot_events=EventLog(events.of(BallotOpened, BallotCounted, BallotVoided)),
        rulings=round.notice.ruling,
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


def _with_rule_vetoes(screening: Screening, events: EventLog) -> EventLog:
    """Return the events with the vetoes by rule before those of the meeting."""
    at = datetime.min.replace(tzinfo=UTC)  # of no consequence: only their order counts
    vetoes = (
        Event(seq=seq, at=at, actor="", body=body) for seq, body in screening.rule_vetoes.values()
    )
    return EventLog((*vetoes, *events))


def _with_rule_notes(screening: Screening, shortlist: pd.DataFrame) -> list[str]:
    """Return the notes of the list, with what is noted on a nominee by rule."""
    return [
        "；".join(filter(None, (note, screening.rule_notes.get(case, ""))))
        for case, note in zip(shortlist["case"], shortlist["note"], strict=True)
    ]
