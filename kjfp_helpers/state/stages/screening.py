"""Screening: which nominations are eligible, and what is wrong with anything that was sent.

Depends on the submissions, the notice, the tables of the rules but the panel, and the decisions on
nominations, findings and summaries.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from kjfp_helpers.core.events import (
    AssessmentConfirmed,
    CaseVetoed,
    EventLog,
    FieldCorrected,
    FindingReopened,
    FindingReviewed,
    FindingSettled,
    NominationRestored,
    NominationWithdrawn,
    NomineesChosen,
    SummaryAssessed,
    SummaryHeadsRuled,
)
from kjfp_helpers.core.events.spot_check import SPOT_CHECK_KINDS
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Case
from kjfp_helpers.eligibility import (
    CaseScreening,
    Overlap,
    Submissions,
    screen_submissions,
    tabulate_completeness,
)
from kjfp_helpers.eligibility.duplicates.copied_summaries import (
    find_copied_summaries,
    question_copies,
)
from kjfp_helpers.eligibility.history.overdue_corrections import (
    check_missing_corrections,
    drop_pending_findings,
)
from kjfp_helpers.eligibility.masked_numbers import mask_finding
from kjfp_helpers.infra.cache import CachedCall, call_uncached
from kjfp_helpers.intake.text_figures.told_numbers import begin_told_numbers
from kjfp_helpers.notice import exhibition, stocktake
from kjfp_helpers.notice.assessment.grade_effects import (
    grade_findings,
    grade_notes,
    grade_vetoes,
    list_grade_effects,
)
from kjfp_helpers.notice.assessment.summary_checks import check_summaries
from kjfp_helpers.notice.spot_check import SpotCheck, fold_spot_check
from kjfp_helpers.notice.spot_check.finding_effects import (
    effect_findings,
    effect_notes,
    effect_vetoes,
    list_effects,
)
from kjfp_helpers.notice.spot_check.unit_results import found_figures
from kjfp_helpers.rules import Commendation, Round
from kjfp_helpers.state.stages.published_unit_texts import PublicTraces

SCREENING_RULES = ("name", "notice", "units", "targets", "commended", "populations", "assessment")
"""Parts of the rules that the screening depends on."""
SCREENING_KINDS = (
    FieldCorrected,
    NomineesChosen,
    NominationWithdrawn,
    NominationRestored,
    FindingSettled,
    FindingReviewed,
    FindingReopened,
    SummaryAssessed,
    SummaryHeadsRuled,
    AssessmentConfirmed,
    *SPOT_CHECK_KINDS,
)
"""Kinds of event that the screening depends on, besides those of the submissions."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Screening:
    """Cases with their eligibility, all findings, and the tables of what each unit sent.

    ``prior_awards`` maps a case to the commendations that count; ``overlaps`` are stories that
    share passages (:class:`kjfp_helpers.eligibility.Overlap`, names are case ids);
    ``summary_overlaps`` are the same of the units' summaries (names are unit codes);
    ``rule_vetoes`` and ``rule_notes`` are what decided findings of the spot check and confirmed
    grades of the units do to nominees, by case, a veto with the number of its decision;
    ``public_traces`` are the numbers and names on the public page of each unit. Frames and their
    columns (``unit`` is a unit code, ``case`` a case id, NaN is missing):

    ``completeness``
        what arrived and whether it is in order, see
        :func:`kjfp_helpers.eligibility.document_completeness.tabulate_completeness`
    ``stocktake``
        see :func:`kjfp_helpers.notice.stocktake.tabulate_stocktakes`
    ``stated_figures``
        what each unit states of each indicator in every place, see
        :func:`kjfp_helpers.notice.stocktake.tabulate_figures`
    ``spot_check``
        ``order unit unit_name how day state findings open`` of the units that are checked (``how``
        抽中 补抽 指定 原签, ``state`` 待安排 待检查 问题未办结 检查结果不全 已办结, counts of
        findings and of those not decided), empty before the draw
    ``summaries``
        see :func:`kjfp_helpers.notice.assessment.summary_checks.check_summaries`
    ``exhibition``
        see :func:`kjfp_helpers.notice.exhibition.check_exhibits`
    ``evidence``
        matches in the register of commendations, certain and possible, see
        :func:`kjfp_helpers.eligibility.prior_awards.tabulate_evidence`
    ``lengths``
        the three counts of each story, see
        :func:`kjfp_helpers.eligibility.story_length.tabulate_story_lengths`
    """

    cases: tuple[Case, ...]
    findings: tuple[Finding, ...]
    prior_awards: Mapping[str, tuple[Commendation, ...]]
    overlaps: tuple[Overlap, ...]
    summary_overlaps: tuple[Overlap, ...]
    rule_vetoes: Mapping[str, tuple[int, CaseVetoed]]
    rule_notes: Mapping[str, str]
    public_traces: PublicTraces = field(repr=False)
    completeness: pd.DataFrame
    stocktake: pd.DataFrame
    stated_figures: pd.DataFrame
    spot_check: pd.DataFrame
    summaries: pd.DataFrame
    exhibition: pd.DataFrame
    evidence: pd.DataFrame
    lengths: pd.DataFrame

    @cached_property
    def eligible_cases(self) -> tuple[Case, ...]:
        """The cases that may be read and ranked."""
        return tuple(case for case in self.cases if case.eligible)

    @cached_property
    def case_by_id(self) -> Mapping[str, Case]:
        """Cases by their id."""
        return {case.id: case for case in self.cases}


def derive_screening(
    round: Round,
    submissions: Submissions,
    events: EventLog,
    cached_call: CachedCall = call_uncached,
) -> Screening:
    """Screen the nominations and check stock-takes, summaries and exhibits.

    ``cached_call`` caches the comparison of stories, of summaries and of pictures, and the
    outlines of the summaries.
    """
    told = begin_told_numbers(submissions.records, cached_call)
    screened = screen_submissions(round, submissions, events, cached_call)
    returns = submissions.record_by_unit("stocktake")
    stocktakes, stocktake_findings = stocktake.tabulate_stocktakes(round, returns)
    check = fold_spot_check(round, events)
    texts = submissions.record_by_unit("summary")
    summary_table, summary_findings = check_summaries(round, texts, events, cached_call)
    exhibits, exhibit_findings = exhibition.check_exhibits(
        round, submissions.record_by_unit("exhibit"), cached_call
    )
    numbers = told()
    figures = stocktake.collect_figures(
        submissions.records,
        screened.cases,
        stocktake.indicators_of(round),
        _found_on_the_spot(check),
        numbers,
    )
    stocktake_findings += stocktake.question_figures(round, returns, figures)
    copied = find_copied_summaries(round, texts.values(), numbers, cached_call)
    summary_findings += question_copies(round, texts, copied)
    by_rule = _apply_rules(round, check, screened.cases, events)
    checked = {
        "stocktake": stocktake_findings,
        "summary": summary_findings,
        "exhibit": exhibit_findings,
    }
    return Screening(
        cases=screened.cases,
        findings=_all_findings(round, submissions, screened, checked, by_rule.findings, events),
        prior_awards=screened.prior_awards,
        overlaps=screened.overlaps,
        summary_overlaps=copied,
        rule_vetoes=by_rule.vetoes,
        rule_notes=by_rule.notes,
        public_traces=PublicTraces(submissions.records, stocktakes),
        completeness=tabulate_completeness(round, submissions, screened, checked, events),
        stocktake=stocktakes,
        stated_figures=stocktake.tabulate_figures(round, figures),
        spot_check=_tabulate_spot_check(round, check),
        summaries=summary_table,
        exhibition=exhibits,
        evidence=screened.evidence,
        lengths=screened.lengths,
    )


@dataclass(frozen=True)
class _RuleEffects:
    """What the rules do to nominees, from the spot check and from the assessment of units."""

    findings: tuple[Finding, ...]
    vetoes: Mapping[str, tuple[int, CaseVetoed]]
    notes: Mapping[str, str]


def _apply_rules(
    round: Round, check: SpotCheck, cases: Sequence[Case], events: EventLog
) -> _RuleEffects:
    visited, clause = list_effects(round, check, cases), round.notice.spot_check.clause
    graded = list_grade_effects(round, events, cases)
    of_grade = round.assessment.clause if round.assessment else ""
    notes = effect_notes(visited), grade_notes(graded)
    return _RuleEffects(
        findings=(*effect_findings(visited, clause), *grade_findings(graded, of_grade)),
        vetoes=grade_vetoes(graded, of_grade) | effect_vetoes(visited, clause),
        notes={
            case: "；".join(part[case] for part in notes if case in part)
            for case in sorted({*notes[0], *notes[1]})
        },
    )


def _found_on_the_spot(check: SpotCheck) -> Iterator[stocktake.FoundFigure]:
    """Yield the figures of the spot check as the reconciliation takes them."""
    for one in found_figures(check):
        yield stocktake.FoundFigure(
            unit=one.unit, indicator=one.indicator, value=round(one.value), place=one.day
        )


def _all_findings(
    round: Round,
    submissions: Submissions,
    screened: CaseScreening,
    checked: Mapping[str, Sequence[Finding]],
    by_rule: Iterable[Finding],
    events: EventLog,
) -> tuple[Finding, ...]:
    """Return the findings of all checks, sorted, their personal numbers masked."""
    letters = submissions.letters
    findings = [*screened.findings, *(one for found in checked.values() for one in found)]
    findings = drop_pending_findings(round, letters, findings)
    findings += check_missing_corrections(letters, findings, events)
    findings += by_rule
    return tuple(sorted(map(mask_finding, findings), key=_sort_key))


def _sort_key(finding: Finding) -> tuple[str, ...]:
    return finding.unit, finding.case, finding.code, finding.field, finding.found


def _tabulate_spot_check(round: Round, check: SpotCheck) -> pd.DataFrame:
    """Return the units that are checked, those drawn first, in the order drawn."""
    rows = [
        {
            "order": visit.order,
            "unit": code,
            "unit_name": round.unit_by_code[code].short_name,
            "how": visit.how,
            "day": visit.day,
            "state": visit.state,
            "findings": len(visit.findings),
            "open": len(visit.open_findings),
        }
        for code, visit in check.visits.items()
    ]
    return pd.DataFrame(rows, columns="order unit unit_name how day state findings open".split())
