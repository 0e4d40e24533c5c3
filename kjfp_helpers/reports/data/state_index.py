"""Look-ups into a round's state by unit, case and member, shared by all report data."""

import statistics
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kjfp_helpers.core.events import (
    CaseVetoed,
    Event,
    FieldCorrected,
    FindingReopened,
    FindingReviewed,
    FindingSettled,
    FormEntered,
    LevelConfirmed,
    NomineesChosen,
    SeatAdded,
)
from kjfp_helpers.core.findings import Finding, Severity
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import NOMINEE_KINDS, Case, Mail, Record
from kjfp_helpers.eligibility import Overlap, UnreadableForm
from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data import overall_data
from kjfp_helpers.reports.data.deadline_texts import DeadlineTexts, UnitDossier, build_dossiers
from kjfp_helpers.state.panel.packet_building import build_packets
from kjfp_helpers.state.revocations import list_revoked
from kjfp_helpers.state.secretary.publication_gates import open_findings

if TYPE_CHECKING:
    import pandas as pd

    from kjfp_helpers.state import RoundState

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
SEVERITY_ORDER = {Severity.ERROR: 0, Severity.QUESTION: 1, Severity.WARNING: 2}
"""Order in which findings are shown."""
_RECORD_FIELD: Mapping[type, str] = {
    FieldCorrected: "record",
    FormEntered: "record",
    FindingReviewed: "subject",
    FindingReopened: "subject",
}
"""Events on a record, and what in them names it."""
MIN_PEERS = 6
"""Units that a rate is compared with at the least: two for each third."""
SETTLED_LABEL = "已了结"
"""What stands for the severity of a finding that was answered or settled."""
THIRDS = ("前三分之一", "中间三分之一", "后三分之一")


class StateIndex:
    """Look-ups into a round state; each is computed on first use."""

    def __init__(self, state: "RoundState") -> None:
        self.state = state
        self.timezone = state.round.notice.round.timezone
        self.round_info = overall_data.build_round_info(state)
        self.stocktake = _by_unit(state.screening.stocktake)
        self.completeness = _by_unit(state.screening.completeness)
        self.summaries = _by_unit(state.screening.summaries)
        self.exhibition = _by_unit(state.screening.exhibition)
        self.spot_checked = frozenset(state.screening.spot_check["unit"])

    @cached_property
    def findings(self) -> Mapping[str, list[Finding]]:
        """Findings by unit, the gravest first."""
        ordered = sorted(
            self.state.screening.findings,
            key=lambda finding: (
                SEVERITY_ORDER[finding.severity],
                finding.case,
                finding.code,
                finding.field,
            ),
        )
        return group_by_key((finding.unit, finding) for finding in ordered)

    @cached_property
    def open_findings(self) -> frozenset[Finding]:
        """The findings that nobody answered and no ruling settled."""
        return frozenset(open_findings(self.state))

    @cached_property
    def unread_forms(self) -> Mapping[str, list[UnreadableForm]]:
        """Nominations whose form cannot be read, by unit."""
        return group_by_key((form.unit, form) for form in self.state.submissions.unread_forms)

    @cached_property
    def finding_rows(self) -> Mapping[str, list[dict[str, Any]]]:
        """The same in words, masked once more."""
        return {
            unit: [self._finding_row(finding) for finding in own]
            for unit, own in self.findings.items()
        }

    @cached_property
    def cases(self) -> Mapping[str, list[Case]]:
        """Cases by unit: teams first, in the order in which the unit named them."""
        ordered = sorted(
            self.state.screening.cases, key=lambda case: NOMINEE_KINDS.index(case.kind)
        )
        return group_by_key((case.unit, case) for case in ordered)

    @cached_property
    def records(self) -> Mapping[tuple[str, str], Record]:
        """The current record by unit and kind."""
        return {(record.unit, record.kind): record for record in self.state.submissions.records}

    @cached_property
    def receipts(self) -> Mapping[str, list[dict[str, Any]]]:
        """Rows of the table of receipts by unit, oldest first."""
        rows = formatting.frame_rows(self.state.submissions.receipts.sort_values("receipt"))
        return group_by_key((row["unit"], row) for row in rows)

    @cached_property
    def shortlist_rows(self) -> Mapping[str, dict[str, Any]]:
        """Rows of the shortlist with their rank, by case."""
        ranks = {
            case: rank
            for ranking in self.state.scores.rankings.values()
            for case, rank in zip(ranking.table["case"], ranking.table["rank"], strict=True)
        }
        return {
            row["case"]: row | {"rank": formatting.json_value(ranks.get(row["case"]))}
            for row in formatting.frame_rows(self.state.decision.shortlist)
        }

    @cached_property
    def unit_standings(self) -> Mapping[str, UnitDossier]:
        """What the letters to each unit rest on."""
        return {dossier.unit.code: dossier for dossier in build_dossiers(self.state)}

    @cached_property
    def deadlines(self) -> DeadlineTexts:
        """The last days of the round in words."""
        return DeadlineTexts(self.state)

    @cached_property
    def mails(self) -> Mapping[int, Mail]:
        """Messages by receipt number."""
        return {mail.receipt: mail for mail in self.state.submissions.intake.mails}

    @cached_property
    def packets(self) -> Mapping[str, MemberPacket]:
        """Every reading member's packet."""
        return build_packets(self.state)

    @cached_property
    def prior_awards(self) -> Mapping[str, list[dict[str, Any]]]:
        """Rows of the register that may speak of a case, by case."""
        return group_by_key(
            (row["case"], row) for row in formatting.frame_rows(self.state.screening.evidence)
        )

    @cached_property
    def versions(self) -> Mapping[tuple[str, str, str], list[dict[str, Any]]]:
        """What later versions changed, by unit, kind and nominee."""
        rows = formatting.frame_rows(self.state.submissions.versions)
        return group_by_key(((row["unit"], row["kind"], row["name"]), row) for row in rows)

    @cached_property
    def story_lengths(self) -> Mapping[str, dict[str, Any]]:
        """The counts of each story's characters, by case."""
        return {row["case"]: row for row in formatting.frame_rows(self.state.screening.lengths)}

    @cached_property
    def overlaps(self) -> Mapping[str, list[Overlap]]:
        """Deeds that share passages, by either case."""
        pairs = self.state.screening.overlaps
        return group_by_key((case, pair) for pair in pairs for case in (pair.one, pair.other))

    @cached_property
    def events_by_record(self) -> Mapping[str, list[Event]]:
        """What was decided on a record, oldest first, by its id."""
        return group_by_key(
            (getattr(event.body, name), event)
            for event in self.state.events
            for name in (_RECORD_FIELD.get(type(event.body)),)
            if name
        )

    @cached_property
    def events_by_case(self) -> Mapping[str, list[Event]]:
        """What was decided on a case, oldest first, by its id."""
        pairs: list[tuple[str, Event]] = []
        for event in self.state.events:
            body = event.body
            if isinstance(body, FindingSettled | LevelConfirmed | CaseVetoed | SeatAdded):
                pairs.append((body.case, event))
            elif isinstance(body, NomineesChosen):
                pairs += [(case, event) for case in body.cases]
        return group_by_key(pairs)

    @cached_property
    def revocations(self) -> Mapping[int, Event]:
        """What was taken back: number of the decision to the event that did it."""
        return list_revoked(self.state.events)

    @cached_property
    def peer_rates(self) -> Mapping[tuple[str, str], list[float]]:
        """Rates in order by quota and indicator."""
        units = self.state.round.unit_by_code
        rates = group_by_key(
            ((units[code].quota, prefix), row[f"{prefix}_rate"])
            for code, row in self.stocktake.items()
            for prefix in formatting.INDICATORS
            if not is_missing(row[f"{prefix}_rate"])
        )
        return {key: sorted(own) for key, own in rates.items()}

    def compare_with_peers(self, quota: str, prefix: str, rate: float | None) -> dict[str, Any]:
        """Return the peers' median rate, in which third of them a rate stands, and their number.

        Below ``MIN_PEERS`` units there is no median and no third: one or two would name themselves.
        Both are coarse on purpose: a peer's small correction leaves this report as it is.
        """
        rates = self.peer_rates.get((quota, prefix), [])
        third = middle = None
        if len(rates) >= MIN_PEERS:
            middle = round(statistics.median(rates), 2)
            if rate is not None:
                above = sum(other > rate for other in rates)
                third = THIRDS[min(above * 3 // len(rates), 2)]
        return {"peer_rate": middle, "peer_third": third, "peer_count": len(rates)}

    def _finding_row(self, finding: Finding) -> dict[str, Any]:
        case = self.state.screening.case_by_id.get(finding.case)
        location = (Path(finding.source).name, finding.place)
        return {
            "case": finding.case,
            "name": mask_personal_numbers(case.name) if case else "",
            "code": finding.code,
            "title": finding.finding_type.title,
            "severity": finding.severity.label if finding in self.open_findings else SETTLED_LABEL,
            "clause": formatting.format_clause(finding.finding_type.clause),
            "expected": formatting.redact_for_unit(finding.expected, self.state, finding.unit),
            "found": formatting.redact_for_unit(finding.found, self.state, finding.unit),
            "advice": finding.finding_type.advice,
            "place": mask_personal_numbers("　".join(part for part in location if part)),
        }


def group_by_key(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    """Return values by key, in the order in which they came."""
    groups: dict[Key, list[Value]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _by_unit(frame: "pd.DataFrame") -> dict[str, dict[str, Any]]:
    return {row["unit"]: row for row in formatting.frame_rows(frame)}
