"""Look-ups into a round's state by unit, case and member, shared by all report data."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
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
from kjfp_helpers.core.state_labels import SETTLED
from kjfp_helpers.eligibility import Overlap, UnreadableForm
from kjfp_helpers.notice.assessment.summary_headings import head_lengths
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data import overall_data
from kjfp_helpers.reports.data.deadline_texts import DeadlineTexts, UnitDossier, build_dossiers
from kjfp_helpers.reports.peer_comparison import PeerFigures
from kjfp_helpers.state.anonymization.blind_numbers import blind_numbers
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
        self.spot_check_rows = _by_unit(state.screening.spot_check)

    def stated_figures(self, unit: str) -> list[dict[str, Any]]:
        """Return the figures that a unit states: ``indicator where scope value source``.

        Rows are made when they are asked for: those of all units together take as much memory as
        all that arrived.
        """
        columns, places = self._stated_columns
        return [
            {name: column[place] for name, column in columns.items()}
            for place in places.get(unit, ())
        ]

    @cached_property
    def _stated_columns(self) -> tuple[Mapping[str, list[Any]], Mapping[str, list[int]]]:
        """The columns of the table of figures, and the places of each unit's rows in them."""
        table = getattr(self.state.screening, "stated_figures", None)
        if table is None:
            return {}, {}
        columns = formatting.frame_columns(
            table[["indicator", "where", "scope", "value", "source"]]
        )
        return columns, group_by_key((unit, place) for place, unit in enumerate(table["unit"]))

    @cached_property
    def blind_numbers(self) -> Mapping[str, str]:
        """What the panel knows each unit by, by unit."""
        events = self.state.events
        codes = [unit.code for unit in self.state.round.units]
        return blind_numbers(codes, events[0].hash if events else self.state.round.digest)

    def expand_units(self, words: Sequence[str]) -> list[str]:
        """Return codes with the blind numbers of the units among them."""
        return [*words, *(self.blind_numbers[one] for one in words if one in self.blind_numbers)]

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
    def rate_peers(self) -> Mapping[str, PeerFigures]:
        """Completion rates (1.0 is the target) in groups of units, by indicator."""
        return {
            prefix: self._by_quota(
                {
                    code: formatting.json_value(row[f"{prefix}_rate"])
                    for code, row in self.stocktake.items()
                },
                0.01,
            )
            for prefix in formatting.INDICATORS
        }

    @cached_property
    def head_lengths(self) -> Mapping[str, PeerFigures]:
        """Characters under each required head of the summary, in groups of units."""
        return {
            head.id: self._by_quota(
                {code: lengths.get(head.id) for code, lengths in self.summary_lengths.items()}, 10
            )
            for head in self.state.round.notice.summary.heads
        }

    @cached_property
    def summary_peers(self) -> PeerFigures:
        """Characters of the whole summary, in groups of units."""
        totals = {code: sum(own.values()) or None for code, own in self.summary_lengths.items()}
        return self._by_quota(totals, 100)

    @cached_property
    def picture_peers(self) -> PeerFigures:
        """Pictures in order, in groups of units that sent an exhibit."""
        counts = {
            code: formatting.json_value(row["pictures_ok"]) for code, row in self.exhibition.items()
        }
        return self._by_quota(counts, 1)

    @cached_property
    def summary_lengths(self) -> Mapping[str, Mapping[str, int]]:
        """Characters without blanks under each required head, by unit with a summary."""
        return head_lengths(
            self.state.round.notice.summary.heads,
            self.state.submissions.record_by_unit("summary"),
            self.state.cached_call,
        )

    def _by_quota(self, values: Mapping[str, float | None], step: float) -> PeerFigures:
        units = self.state.round.unit_by_code
        known = ((units[code].quota, value) for code, value in values.items() if code in units)
        return PeerFigures(known, step)

    def _finding_row(self, finding: Finding) -> dict[str, Any]:
        case = self.state.screening.case_by_id.get(finding.case)
        location = (formatting.format_source(Path(finding.source).name), finding.place)
        return {
            "case": finding.case,
            "name": mask_personal_numbers(case.name) if case else "",
            "code": finding.code,
            "title": finding.finding_type.title,
            "severity": finding.severity.label if finding in self.open_findings else SETTLED,
            "clause": formatting.format_clause(finding.finding_type.clause),
            "expected": _masked(finding.expected),
            "found": _masked(finding.found),
            "advice": finding.finding_type.advice,
            "place": mask_personal_numbers("　".join(part for part in location if part)),
        }


def _masked(text: str) -> str:
    return formatting.remove_control_chars(mask_personal_numbers(text))


def group_by_key(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    """Return values by key, in the order in which they came."""
    groups: dict[Key, list[Value]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _by_unit(frame: "pd.DataFrame") -> dict[str, dict[str, Any]]:
    return {row["unit"]: row for row in formatting.frame_rows(frame)}
