"""Round state: everything derived from mail, decisions and rules, and from nothing else.

The same three inputs give the same state, whoever derives it and whenever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from kjfp_helpers.core.errors import UnprovedError
from kjfp_helpers.core.events import Event
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Case, Intake, Record
from kjfp_helpers.eligibility import (
    Overlap,
    UnreadableForm,
    screen_submissions,
    tabulate_completeness,
)
from kjfp_helpers.eligibility.history.correspondence import Correspondence
from kjfp_helpers.eligibility.history.overdue_corrections import (
    check_missing_corrections,
    drop_pending_findings,
)
from kjfp_helpers.infra.cache import CachedCall, call_uncached
from kjfp_helpers.notice import exhibition, public_notice, stocktake, summaries
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
    with_substitutes,
)
from kjfp_helpers.rules import Commendation, Member, Round
from kjfp_helpers.selection import Ballot, Ranking, TieAtCut, fold_ballots
from kjfp_helpers.state.derivation.masked_numbers import mask_finding, mask_version_changes
from kjfp_helpers.state.derivation.published_unit_texts import PublicTraces
from kjfp_helpers.state.derivation.receipt_tables import tabulate_receipts, tabulate_spot_check
from kjfp_helpers.state.derivation.selection_tables import rank_and_select
from kjfp_helpers.state.frozen_rules import with_amendments
from kjfp_helpers.state.revocations import standing_events


@dataclass(frozen=True, kw_only=True)
class RoundState:
    """Everything that screens and documents show of a round.

    Frames and their columns (``unit`` is a unit code, ``case`` a case id, NaN is missing):

    ``receipts``
        ``receipt unit unit_name sender subject sent received files kinds late note``
    ``completeness``
        what arrived and whether it is in order, see
        :func:`kjfp_helpers.eligibility.completeness.tabulate_completeness`
    ``stocktake``
        see :func:`kjfp_helpers.notice.stocktake.tabulate_stocktakes`
    ``spot_check``
        ``order unit unit_name`` of the drawn units, empty before the draw
    ``summaries``
        see :func:`kjfp_helpers.notice.summaries.check_summaries`
    ``readings``, ``conflicts``
        ``member case position since`` of the current round, see
        ``reading_table``; ``member case reason`` of what bars a member,
        of which ``detected_relationships`` are those found by rule
    ``shortlist``
        see :func:`kjfp_helpers.selection.shortlist`; empty before the first score
    ``publication``
        see :func:`kjfp_helpers.notice.public_notice.public_table`
    ``exhibition``
        see :func:`kjfp_helpers.notice.exhibition.check_exhibits`
    ``evidence``
        matches in the register of commendations, certain and possible, see
        :func:`kjfp_helpers.eligibility.prior_awards.tabulate_evidence`
    ``versions``
        what later versions changed, see
        :func:`kjfp_helpers.eligibility.history.version_diff.tabulate_changes`; numbers masked
    ``lengths``
        the three counts of each story, see
        :func:`kjfp_helpers.eligibility.story_length.tabulate_story_lengths`
    ``stale_decisions``
        decisions made stale by a later correction, see
        :func:`kjfp_helpers.eligibility.history.stale_decisions.tabulate_stale_decisions`

    ``events`` are all events, ``standing_events`` those without revoked decisions. ``intake``
    includes the decisions about the mail itself, ``original_intake`` is as it was read. ``late``
    maps a record id to the minutes by which its document is late; ``unread_forms`` are nominations
    whose form arrived but cannot be read. ``prior_awards`` maps a case to the commendations that
    count; ``overlaps`` are stories that share passages
    (:class:`kjfp_helpers.eligibility.Overlap`, names are case ids). ``problems`` says, in Chinese,
    why a ranking or a list cannot be made yet; ``ties`` holds, by kind, the tie that only a vote
    can break, and ``unproved`` the searches that were given up. The panel of ``round`` is that of
    its table and the substitutes; ``departed`` maps members who left to their ``Departure``. Their
    readings without a score are no longer among ``readings``. ``letters`` holds the letters issued
    with their answers, the extensions, and the document date.
    """

    round: Round
    intake: Intake
    original_intake: Intake
    events: tuple[Event, ...]
    findings: tuple[Finding, ...]
    cases: tuple[Case, ...]
    records: tuple[Record, ...]
    late: Mapping[str, int]
    unread_forms: tuple[UnreadableForm, ...]
    prior_awards: Mapping[str, tuple[Commendation, ...]]
    receipts: pd.DataFrame
    completeness: pd.DataFrame
    stocktake: pd.DataFrame
    spot_check: pd.DataFrame
    summaries: pd.DataFrame
    readings: pd.DataFrame
    conflicts: pd.DataFrame
    detected_relationships: tuple[DetectedRelationship, ...]
    scores: ScoreTables
    rankings: Mapping[str, Ranking]
    shortlist: pd.DataFrame
    publication: pd.DataFrame
    exhibition: pd.DataFrame
    evidence: pd.DataFrame
    overlaps: tuple[Overlap, ...]
    versions: pd.DataFrame
    lengths: pd.DataFrame
    stale_decisions: pd.DataFrame
    problems: tuple[str, ...]
    ties: Mapping[str, TieAtCut]
    unproved: Mapping[str, UnprovedError]
    departed: Mapping[str, Departure]
    letters: Correspondence

    @property
    def active_members(self) -> tuple[Member, ...]:
        """The panel without those who left."""
        return tuple(member for member in self.round.panel if member.member not in self.departed)

    @property
    def eligible_cases(self) -> tuple[Case, ...]:
        """The cases that may be read and ranked."""
        return tuple(case for case in self.cases if case.eligible)

    @cached_property
    def case_by_id(self) -> Mapping[str, Case]:
        """Cases by their id."""
        return {case.id: case for case in self.cases}

    @cached_property
    def standing_events(self) -> tuple[Event, ...]:
        """The events without revoked decisions."""
        return standing_events(self.events)

    @cached_property
    def public_traces(self) -> PublicTraces:
        """Numbers and names on the public page of each unit."""
        return PublicTraces(self.records, self.stocktake)

    @cached_property
    def ballots(self) -> tuple[Ballot, ...]:
        """The meeting's votes, by number."""
        return fold_ballots(self.standing_events, self.round.notice.ruling)


def derive_state(
    round: Round, intake: Intake, events: Sequence[Event], recall: CachedCall = call_uncached
) -> RoundState:
    """Derive the round state; ``problems`` says what cannot be ranked or listed yet.

    ``recall`` caches expensive pure calls: the comparison of stories and the rankings.
    """
    all_events, events = tuple(events), standing_events(events)
    roster = fold_roster(round.panel, events)
    round = with_amendments(with_substitutes(round, roster), events)
    screening = screen_submissions(round, intake, events, recall)
    stocktakes, stocktake_findings = stocktake.tabulate_stocktakes(
        round, screening.record_by_unit("stocktake")
    )
    summary_table, summary_findings = summaries.check_summaries(
        round, screening.record_by_unit("summary"), events
    )
    exhibits, exhibit_findings = exhibition.check_exhibits(
        round, screening.record_by_unit("exhibit")
    )
    eligible = [case for case in screening.cases if case.eligible]
    relationships = detect_relationships(round, eligible)
    conflicts = settle_conflicts(select_certain_conflicts(relationships), events, eligible)
    aside = {
        member: f"评委已退出，评分按决定不计：{left.reason}"
        for member, left in roster.departed.items()
        if left.set_aside
    }
    scores = fold_scores(events, round.rubric, screening.cases, conflicts, aside)
    selection = rank_and_select(round, screening, scores, events, recall)
    findings = [*screening.findings, *stocktake_findings, *summary_findings, *exhibit_findings]
    findings = drop_pending_findings(round, screening.correspondence, findings)
    findings += check_missing_corrections(screening.correspondence, findings, events)
    return RoundState(
        round=round,
        intake=screening.intake,
        original_intake=intake,
        events=all_events,
        findings=tuple(sorted(map(mask_finding, findings), key=_sort_key)),
        cases=screening.cases,
        records=screening.records,
        late=screening.late,
        unread_forms=screening.unreadable_forms,
        prior_awards=screening.earlier,
        receipts=tabulate_receipts(round, screening),
        completeness=tabulate_completeness(
            round,
            screening,
            {
                "stocktake": stocktake_findings,
                "summary": summary_findings,
                "exhibit": exhibit_findings,
            },
            events,
        ),
        stocktake=stocktakes,
        spot_check=tabulate_spot_check(round, events),
        summaries=summary_table,
        readings=_readings_in_force(reading_table(events), scores, roster.departed),
        conflicts=conflicts,
        detected_relationships=relationships,
        scores=scores,
        rankings=selection.rankings,
        shortlist=selection.shortlist,
        publication=public_notice.public_table(round, screening.cases, selection.shortlist),
        exhibition=exhibits,
        evidence=screening.evidence,
        overlaps=screening.overlaps,
        versions=mask_version_changes(screening.versions),
        lengths=screening.lengths,
        stale_decisions=screening.stale_decisions,
        problems=selection.problems,
        ties=selection.ties,
        departed=roster.departed,
        unproved=selection.unproved,
        letters=screening.correspondence,
    )


def _readings_in_force(
    readings: pd.DataFrame, scores: ScoreTables, departed: Mapping[str, Departure]
) -> pd.DataFrame:
    """Return the readings without the unscored ones of members who left."""
    given = scores.totals.set_index(["member", "case"])["round"].to_dict()
    aside = set(zip(scores.excluded["member"], scores.excluded["case"], strict=True))
    rows = readings[["member", "case", "since"]].itertuples(index=False, name=None)
    kept = [
        member not in departed or (member, case) in aside or given.get((member, case), 0) >= since
        for member, case, since in rows
    ]
    return readings[kept].reset_index(drop=True) if not all(kept) else readings


def _sort_key(finding: Finding) -> tuple[str, ...]:
    return finding.unit, finding.case, finding.code, finding.field, finding.found
