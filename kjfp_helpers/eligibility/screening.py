"""Screening of the submissions (clause 二): current records, cases, findings, eligibility."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kjfp_helpers.core.events import Event
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import NOMINEE_KINDS, Case, Intake, NomineeKind, Record
from kjfp_helpers.eligibility import cross_checks, prior_awards, quota, story_length
from kjfp_helpers.eligibility.duplicates import duplicate_search
from kjfp_helpers.eligibility.duplicates.text_overlap import Overlap
from kjfp_helpers.eligibility.history import (
    lateness,
    overdue_corrections,
    stale_decisions,
    version_diff,
    versions,
)
from kjfp_helpers.eligibility.history.correspondence import Correspondence, trace_correspondence
from kjfp_helpers.eligibility.history.intake_overrides import (
    apply_overrides,
    record_history,
    withdrawal_events,
)
from kjfp_helpers.eligibility.unreadable_forms import UnreadableForm, find_unreadable_forms
from kjfp_helpers.infra.cache import CachedCall, call_uncached
from kjfp_helpers.rules import Commendation, Round

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Screening:
    """Result of the screening: current records, every case, all findings on them.

    ``earlier`` maps a case to the commendations that count; ``overlaps`` are the stories that
    share passages. Frames:

    ``evidence``
        see :func:`kjfp_helpers.eligibility.prior_awards.tabulate_evidence`
    ``versions``
        see :func:`kjfp_helpers.eligibility.history.version_diff.tabulate_changes`
    ``lengths``
        see :func:`kjfp_helpers.eligibility.story_length.tabulate_story_lengths`
    ``stale_decisions``
        see :func:`kjfp_helpers.eligibility.history.stale_decisions.tabulate_stale_decisions`

    ``intake`` is the intake with the decisions about the mail applied; ``late`` maps a
    record's id to the minutes by which its document is late; ``unreadable_forms`` are the
    received forms that cannot be read; ``correspondence`` holds the
    office's letters and the answers.
    """

    intake: Intake
    records: tuple[Record, ...]
    late: Mapping[str, int]
    cases: tuple[Case, ...]
    findings: tuple[Finding, ...]
    earlier: Mapping[str, tuple[Commendation, ...]]
    evidence: "pd.DataFrame"
    overlaps: tuple[Overlap, ...]
    versions: "pd.DataFrame"
    lengths: "pd.DataFrame"
    stale_decisions: "pd.DataFrame"
    unreadable_forms: tuple[UnreadableForm, ...]
    correspondence: Correspondence

    def record_by_unit(self, kind: str) -> dict[str, Record]:
        """Return the current record of a kind by unit code."""
        return {record.unit: record for record in self.records if record.kind == kind}


def screen_submissions(
    round: Round, intake: Intake, events: Sequence[Event], cached_call: CachedCall = call_uncached
) -> Screening:
    """Find the current versions, make the cases and decide which are eligible.

    A case stays out while a finding named by the ruling ``keeps_out`` stands on it and no
    ``FindingSettled`` event settles it; the finding itself stays on record.
    """
    seen = record_history(intake, events)
    intake = apply_overrides(intake, events)
    arrived = versions.apply_corrections(intake.records, events, round.notice)
    records, replaced = versions.latest_versions(arrived)
    cases = _make_cases(records, versions.case_serials(seen, arrived))
    gone = withdrawal_events(events)
    standing = [case for case in cases if case.id not in gone]
    matches, unmatched = prior_awards.match_register(round, standing)
    shared = duplicate_search.find_shared_stories(round, standing, cached_call)
    findings = [finding for mail in intake.mails for finding in mail.findings]
    findings += [finding for record in arrived if not record.unit for finding in record.findings]
    letters = trace_correspondence(round, intake, cases, arrived, events)
    late = lateness.late_records(round, intake.mails, arrived, letters.first_days)
    late = {record: by for record, by in late.items() if record not in letters.resent}
    arrival_findings = lateness.check_arrivals(
        round, intake.mails, records, late, letters.first_days
    )
    findings += versions.check_replaced(replaced)
    findings += _file_record_findings(records, cases, arrival_findings) + unmatched
    findings += _under_case(
        cases,
        overdue_corrections.check_late_corrections(round, letters, intake.mails, records, replaced),
    )
    findings += [
        finding for case in standing for finding in story_length.check_story_length(round, case)
    ]
    findings += duplicate_search.check_duplicates(round, standing, shared) + quota.check_quotas(
        round, standing, events
    )
    findings += cross_checks.check_figures(standing, records)
    findings = [finding for finding in findings if finding.case not in gone] + [
        case.finding("withdrawn", "", "单位推荐", "单位已撤回") for case in cases if case.id in gone
    ]
    reasons = _blocking_codes(round, cases, findings, events)
    cases = tuple(
        replace(case, eligible=not reasons[case.id], reasons=reasons[case.id]) for case in cases
    )
    return Screening(
        intake=intake,
        records=records,
        late=late,
        cases=cases,
        findings=tuple(findings),
        earlier=prior_awards.entries_by_case(matches),
        evidence=prior_awards.tabulate_evidence(round, cases, matches),
        overlaps=shared,
        versions=version_diff.tabulate_changes(round, replaced),
        lengths=story_length.tabulate_story_lengths(round, cases),
        stale_decisions=stale_decisions.tabulate_stale_decisions(cases, records, findings, events),
        unreadable_forms=find_unreadable_forms(intake, records),
        correspondence=letters,
    )


def _make_cases(records: Iterable[Record], serials: Mapping[versions.Key, int]) -> tuple[Case, ...]:
    """Make a case of each nomination; one that a correction split off gets a letter besides."""
    splits: Counter[str] = Counter()
    cases = []
    for record in records:
        if record.kind not in ("team", "individual"):
            continue
        kind: NomineeKind = "team" if record.kind == "team" else "individual"
        serial = serials[versions.version_key(record)]
        name = versions.nominee_name(record) or "（未填名称）"
        number = f"{'T' if kind == 'team' else 'P'}{record.unit}-{serial}"
        suffix = ""
        if splits[number]:
            suffix = chr(ord("a") + splits[number])
        splits[number] += 1
        cases.append(
            Case(
                id=number + suffix,
                kind=kind,
                unit=record.unit,
                name=name,
                rank=serial,
                record=record,
            )
        )
    return tuple(sorted(cases, key=lambda case: (case.kind, case.unit, case.rank)))


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


def _under_case(cases: Iterable[Case], findings: Iterable[Finding]) -> list[Finding]:
    """Return findings on whole records, those on nominations under their case."""
    ids = {case.record.source: case.id for case in cases}
    return [finding.filed_under(case=ids.get(finding.source, "")) for finding in findings]


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
