"""Screening of the nominations (clause 二): cases, findings, eligibility."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kjfp_helpers.core.events import Event
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import NOMINEE_KINDS, Case, Record
from kjfp_helpers.eligibility import cross_checks, prior_awards, quota, roster_checks, story_length
from kjfp_helpers.eligibility.duplicates import duplicate_search
from kjfp_helpers.eligibility.duplicates.text_overlap import Overlap
from kjfp_helpers.eligibility.history import (
    lateness,
    overdue_corrections,
    stale_decisions,
    versions,
)
from kjfp_helpers.eligibility.history.intake_overrides import withdrawal_events
from kjfp_helpers.eligibility.submissions import Submissions
from kjfp_helpers.infra.cache import CachedCall, call_uncached
from kjfp_helpers.rules import Commendation, Round

if TYPE_CHECKING:
    import pandas as pd
_OPINION_CODE = "opinion_incomplete"
_OPINION_FIELDS = ("recommendation", "recommend_date")
_BLANK_CODES = ("missing", "date_incomplete", "date_invalid")
"""Codes of an opinion without text, and of one without a date."""


@dataclass(frozen=True, kw_only=True)
class CaseScreening:
    """Every case with its eligibility, and the findings on the submissions.

    ``prior_awards`` maps a case to the commendations that count; ``overlaps`` are the stories that
    share passages. Frames:

    ``evidence``
        see :func:`kjfp_helpers.eligibility.prior_awards.tabulate_evidence`
    ``lengths``
        see :func:`kjfp_helpers.eligibility.story_length.tabulate_story_lengths`
    """

    cases: tuple[Case, ...]
    findings: tuple[Finding, ...]
    prior_awards: Mapping[str, tuple[Commendation, ...]]
    evidence: "pd.DataFrame"
    overlaps: tuple[Overlap, ...]
    lengths: "pd.DataFrame"


def screen_submissions(
    round: Round,
    submissions: Submissions,
    events: Sequence[Event],
    cached_call: CachedCall = call_uncached,
) -> CaseScreening:
    """Check the nominations and decide which are eligible.

    A case stays out while a finding named by the ruling ``keeps_out`` stands on it and no
    ``FindingSettled`` event settles it; the finding itself stays on record.
    """
    cases, gone = submissions.nominations, withdrawal_events(events)
    standing = [case for case in cases if case.id not in gone]
    matches, unmatched = prior_awards.match_register(round, standing)
    shared = duplicate_search.find_shared_stories(round, standing, cached_call)
    findings = _check_submissions(round, submissions) + unmatched
    findings += _check_late_corrections(round, submissions)
    for case in standing:
        findings += story_length.check_story_length(round, case)
    findings += duplicate_search.check_duplicates(round, standing, shared)
    findings += quota.check_quotas(round, standing, events, submissions.unread_forms)
    findings += cross_checks.check_figures(standing, submissions.records, cached_call)
    findings = [finding for finding in findings if finding.case not in gone] + [
        case.finding("withdrawn", "", "单位推荐", "单位已撤回") for case in cases if case.id in gone
    ]
    reasons = _blocking_codes(round, cases, findings, events)
    cases = tuple(
        replace(case, eligible=not reasons[case.id], reasons=reasons[case.id]) for case in cases
    )
    return CaseScreening(
        cases=cases,
        findings=tuple(findings),
        prior_awards=prior_awards.entries_by_case(matches),
        evidence=prior_awards.tabulate_evidence(round, cases, matches),
        overlaps=shared,
        lengths=story_length.tabulate_story_lengths(round, cases),
    )


def _check_submissions(round: Round, submissions: Submissions) -> list[Finding]:
    """Return what was found on messages, records and versions, under unit and case."""
    mails, letters = submissions.intake.mails, submissions.letters
    arrivals = lateness.check_arrivals(
        round, mails, submissions.records, submissions.late, letters.first_days
    )
    compared = roster_checks.check_rosters(
        submissions.original_intake,
        submissions.intake,
        submissions.nominations,
        submissions.unread_forms,
    )
    of_mails = (finding for mail in mails for finding in mail.findings)
    findings = list(roster_checks.restate_rosters(of_mails, compared))
    for record in submissions.arrived:
        findings += () if record.unit else record.findings
    findings += versions.check_replaced(
        submissions.replaced, submissions.records, submissions.nominations
    )
    filed = _file_record_findings(submissions.records, submissions.nominations, arrivals)
    if _OPINION_CODE in round.notice.ruling.keeps_out.value:
        filed = [_on_opinion(finding) for finding in filed]
    return findings + filed


def _check_late_corrections(round: Round, submissions: Submissions) -> list[Finding]:
    """Return the corrections that came too late, those of nominations under their case."""
    late = overdue_corrections.check_late_corrections(
        round,
        submissions.letters,
        submissions.intake.mails,
        submissions.records,
        submissions.replaced,
    )
    ids = {case.record.source: case.id for case in submissions.nominations}
    return [finding.filed_under(case=ids.get(finding.source, "")) for finding in late]


def _file_record_findings(
    records: Iterable[Record], cases: Iterable[Case], arrivals: Mapping[str, tuple[Finding, ...]]
) -> list[Finding]:
    """Return what was found on the current records and on their arrival, under unit and case."""
    ids = {case.record.id: case.id for case in cases}
    return [
        finding.filed_under(unit=record.unit, case=ids.get(record.id, ""))
        for record in records
        for finding in (*record.findings, *arrivals.get(record.id, ()))
    ]


def _on_opinion(finding: Finding) -> Finding:
    """Return a finding; one on a blank opinion or its date has the code that keeps a case out."""
    is_blank = finding.code in _BLANK_CODES and finding.field in _OPINION_FIELDS and finding.case
    return replace(finding, code=_OPINION_CODE) if is_blank else finding


def _blocking_codes(
    round: Round,
    cases: Sequence[Case],
    findings: Sequence[Finding],
    events: Sequence[Event],
) -> dict[str, tuple[str, ...]]:
    """Return for each case the codes that make it ineligible."""
    ruling = round.notice.ruling
    blocking_codes = {"withdrawn", *ruling.keeps_out.value}
    if ruling.leader.value == "forbid":
        blocking_codes.add("leader_also_individual")
    if ruling.minimum.value == "binding":
        blocking_codes.add("under_minimum")
    settled = stale_decisions.valid_settlements(cases, findings, events)
    findings = [
        finding
        for finding in findings
        if (finding.case, finding.code, finding.fingerprint) not in settled
    ]
    by_case: dict[str, list[str]] = {}
    for finding in findings:
        by_case.setdefault(finding.case, []).append(finding.code)
        if not finding.case and finding.field in NOMINEE_KINDS:
            by_case.setdefault(f"{finding.unit} {finding.field}", []).append(finding.code)
    blocking = {}
    for case in cases:
        codes = by_case.get(case.id, []) + by_case.get(f"{case.unit} {case.kind}", [])
        blocking[case.id] = tuple(
            code
            for code in dict.fromkeys(codes)
            if code in blocking_codes and (case.id, code, "") not in settled
        )
    return blocking
