"""Scores: who may read what, which scores count, and the rankings that they give.

Depends on the screening, the panel with its substitutes, the rubric, the rulings on scoring, and
what the panel recorded.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from kjfp_helpers.core.errors import KjfpError
from kjfp_helpers.core.events import (
    ConflictRuled,
    DeclarationWithdrawn,
    EventLog,
    FieldCorrected,
    FindingReopened,
    FindingSettled,
    LateScoresRuled,
    MemberRecused,
    MemberReinstated,
    MemberWithdrawn,
    ReadingsAssigned,
    RulesAmended,
    ScoreGiven,
    ScoringClosed,
    SummaryAssessed,
)
from kjfp_helpers.core.records import NOMINEE_KINDS
from kjfp_helpers.eligibility import Submissions
from kjfp_helpers.eligibility.history.stale_decisions import tabulate_stale_decisions
from kjfp_helpers.infra.cache import CachedCall, call_uncached, once_per_object
from kjfp_helpers.panel_review import (
    Departure,
    DetectedRelationship,
    ScoreTables,
    detect_relationships,
    fold_roster,
    fold_scores,
    reading_table,
    select_certain_conflicts,
    settle_conflicts,
)
from kjfp_helpers.rules import Member, Round
from kjfp_helpers.selection import Ranking, rank_cases
from kjfp_helpers.selection.ranking.case_ranking import read_ranking
from kjfp_helpers.state.stages.screening import Screening

SCORE_RULES = ("name", "notice", "rubric", "units", "targets", "commended", "panel")
"""Parts of the rules that the scores depend on; substitutes and amendments come with events."""
SCORE_KINDS = (
    RulesAmended,
    MemberWithdrawn,
    MemberReinstated,
    MemberRecused,
    ConflictRuled,
    DeclarationWithdrawn,
    ReadingsAssigned,
    ScoreGiven,
    ScoringClosed,
    LateScoresRuled,
    FieldCorrected,
    FindingSettled,
    FindingReopened,
    SummaryAssessed,
)
"""Kinds of event that the scores depend on, besides those of the stages before."""


@dataclass(frozen=True, kw_only=True)
class Scores:
    """The panel at work: members, conflicts, readings, scores that count, rankings.

    ``departed`` maps members who left to their ``Departure``, ``active_members`` are the others;
    ``tables`` are the scores. ``rankings`` holds the ranking by kind of nominee, of each kind that
    has scores; ``unranked`` says why one has none. Frames (``member`` is a member's id):

    ``readings``
        ``member case position since`` of the current round, see
        :func:`kjfp_helpers.panel_review.reading_table`; without the unscored ones of members who
        left
    ``conflicts``
        ``member case reason`` of what bars a member, of which ``detected_relationships`` are those
        found by rule
    ``stale_decisions``
        decisions made stale by a later correction, see
        :func:`kjfp_helpers.eligibility.history.stale_decisions.tabulate_stale_decisions`
    """

    departed: Mapping[str, Departure]
    active_members: tuple[Member, ...]
    readings: pd.DataFrame
    conflicts: pd.DataFrame
    detected_relationships: tuple[DetectedRelationship, ...]
    tables: ScoreTables
    stale_decisions: pd.DataFrame
    rankings: Mapping[str, Ranking]
    unranked: Mapping[str, KjfpError]


def derive_scores(
    round: Round,
    submissions: Submissions,
    screening: Screening,
    events: EventLog,
    cached_call: CachedCall = call_uncached,
) -> Scores:
    """Settle the conflicts, fold the scores and rank; ``cached_call`` caches the rankings.

    The panel of ``round`` is that of its table and the substitutes.
    """
    roster = fold_roster(round.panel, events)
    relationships = _find_relationships(round, screening)
    conflicts = settle_conflicts(
        select_certain_conflicts(relationships), events, screening.eligible_cases
    )
    aside = {
        member: f"评委已退出，评分按决定不计：{left.reason}"
        for member, left in roster.departed.items()
        if left.set_aside
    }
    tables = fold_scores(events, round.rubric, screening.cases, conflicts, aside)
    rankings, unranked = _rank(round, screening, tables, cached_call)
    return Scores(
        departed=roster.departed,
        active_members=roster.active,
        readings=_readings_in_force(reading_table(events), tables, roster.departed),
        conflicts=conflicts,
        detected_relationships=relationships,
        tables=tables,
        stale_decisions=tabulate_stale_decisions(
            screening.cases, submissions.records, screening.findings, events
        ),
        rankings=rankings,
        unranked=unranked,
    )


def _find_relationships(round: Round, screening: Screening) -> tuple[DetectedRelationship, ...]:
    """Return the relationships of the panel to the eligible cases; a score changes none of them."""
    found = _relationships_of(screening)
    rules = (round.panel, round.units, round.commended)
    if rules not in found:
        found.clear()
        found[rules] = detect_relationships(round, screening.eligible_cases)
    return found[rules]


@once_per_object
def _relationships_of(screening: Screening) -> dict[object, tuple[DetectedRelationship, ...]]:
    """Return where the relationships to the cases of a screening are kept, by the rules."""
    return {}


def _readings_in_force(
    readings: pd.DataFrame, scores: ScoreTables, departed: Mapping[str, Departure]
) -> pd.DataFrame:
    """Return the readings without the unscored ones of members who left."""
    aside = set(zip(scores.excluded["member"], scores.excluded["case"], strict=True))
    pairs = zip(readings["member"], readings["case"], strict=True)
    kept = [
        scored or pair[0] not in departed or pair in aside
        for pair, scored in zip(pairs, scores.scored_mask(readings), strict=True)
    ]
    return readings[kept].reset_index(drop=True) if not all(kept) else readings


def _rank(
    round: Round, screening: Screening, scores: ScoreTables, cached_call: CachedCall
) -> tuple[dict[str, Ranking], dict[str, KjfpError]]:
    """Rank each kind that has scores; return also why a kind cannot be ranked."""
    ruling = round.notice.ruling
    rankings: dict[str, Ranking] = {}
    unranked: dict[str, KjfpError] = {}
    for kind in NOMINEE_KINDS:
        ids = {case.id for case in screening.eligible_cases if case.kind == kind}
        totals = scores.totals[scores.totals["case"].isin(ids)]
        if not totals["total"].notna().any():
            continue
        try:
            rankings[kind] = cached_call(
                rank_cases,
                totals,
                seats=round.notice.commended.seats[kind],
                method=ruling.method.value,
                quorum=ruling.quorum.value,
                decimals=ruling.decimals.value,
                decode=read_ranking,
            )
        except KjfpError as error:
            unranked[kind] = error
    return rankings, unranked
