"""Submissions: what the units sent, with the secretary's decisions on it applied.

Depends on the mail as it was read, the notice, the units, and the decisions on mail and forms.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kjfp_helpers.core.events import (
    ArrivalRecorded,
    CorrectionDeadlineExtended,
    DocumentDateSet,
    Event,
    FieldCorrected,
    FormEntered,
    FormWithdrawn,
    LetterIssued,
    MailReceived,
    MaterialClassified,
    NominationWithdrawn,
    NomineesChosen,
    PaperReceived,
    SenderRemembered,
    SummaryTyped,
    UnitAssigned,
    VersionChosen,
)
from kjfp_helpers.core.records import KIND_TITLES, Case, Intake, NomineeKind, Record
from kjfp_helpers.eligibility.history import lateness, version_diff, versions
from kjfp_helpers.eligibility.history.correspondence import Correspondence, trace_correspondence
from kjfp_helpers.eligibility.history.intake_overrides import apply_overrides, record_history
from kjfp_helpers.eligibility.masked_numbers import mask_version_changes
from kjfp_helpers.eligibility.unreadable_nominations import UnreadableForm, find_unreadable_forms
from kjfp_helpers.rules import Round

if TYPE_CHECKING:
    import pandas as pd

RECEIPT_COLUMNS = (
    "receipt unit unit_name sender subject sent received files kinds late note".split()
)

SUBMISSION_RULES = ("name", "notice", "units")
"""Parts of the rules that the submissions depend on."""
SUBMISSION_KINDS = (
    MailReceived,
    PaperReceived,
    ArrivalRecorded,
    UnitAssigned,
    SenderRemembered,
    VersionChosen,
    MaterialClassified,
    FormEntered,
    SummaryTyped,
    FormWithdrawn,
    FieldCorrected,
    NomineesChosen,
    NominationWithdrawn,
    DocumentDateSet,
    LetterIssued,
    CorrectionDeadlineExtended,
)
"""Kinds of event that the submissions depend on."""


@dataclass(frozen=True, kw_only=True)
class Submissions:
    """What arrived, in its current versions, and what the office wrote to the units about it.

    ``original_intake`` is the mail as it was read, ``intake`` the same with the decisions on the
    mail itself. ``arrived`` holds every version of every record, ``records`` the current ones and
    ``replaced`` the earlier versions with the next. ``nominations`` are the cases before their
    eligibility is decided. ``late`` maps a record id to the minutes by which its document is late;
    ``unread_forms`` are nominations whose form arrived but cannot be read. ``letters`` holds the
    letters issued with their answers, the extensions, and the document date. Frames:

    ``receipts``
        one row per message, columns :data:`RECEIPT_COLUMNS`
    ``versions``
        what later versions changed, see
        :func:`kjfp_helpers.eligibility.history.version_diff.tabulate_changes`; numbers masked
    """

    original_intake: Intake
    intake: Intake
    arrived: tuple[Record, ...] = field(repr=False)
    records: tuple[Record, ...] = field(repr=False)
    replaced: tuple[versions.ReplacedRecord, ...] = field(repr=False)
    nominations: tuple[Case, ...]
    late: Mapping[str, int]
    unread_forms: tuple[UnreadableForm, ...]
    letters: Correspondence
    receipts: "pd.DataFrame"
    versions: "pd.DataFrame"

    def record_by_unit(self, kind: str) -> dict[str, Record]:
        """Return the current record of a kind by unit code."""
        return {record.unit: record for record in self.records if record.kind == kind}


def collect_submissions(round: Round, intake: Intake, events: Sequence[Event]) -> Submissions:
    """Apply the decisions on mail and forms, find the current versions and trace the letters."""
    seen = record_history(intake, events)
    decided = apply_overrides(intake, events)
    arrived = versions.apply_corrections(decided.records, events, round.notice)
    records, replaced = versions.latest_versions(arrived, events)
    cases = _make_cases(records, versions.case_serials(seen, arrived))
    letters = trace_correspondence(round, decided, cases, arrived, events)
    late = lateness.late_records(round, decided.mails, arrived, letters.first_days)
    late = {record: by for record, by in late.items() if record not in letters.resent}
    return Submissions(
        original_intake=intake,
        intake=decided,
        arrived=arrived,
        records=records,
        replaced=replaced,
        nominations=cases,
        late=late,
        unread_forms=find_unreadable_forms(decided, records),
        letters=letters,
        receipts=_tabulate_receipts(round, decided, late),
        versions=mask_version_changes(version_diff.tabulate_changes(round, replaced)),
    )


def _make_cases(records: Iterable[Record], serials: Mapping[versions.Key, int]) -> tuple[Case, ...]:
    """Make a case of each nomination; one that a correction split off gets a letter besides."""
    splits: dict[str, int] = {}
    cases = []
    for record in records:
        if record.kind not in ("team", "individual"):
            continue
        kind: NomineeKind = "team" if record.kind == "team" else "individual"
        serial = serials[versions.version_key(record)]
        number = f"{'T' if kind == 'team' else 'P'}{record.unit}-{serial}"
        split = splits.get(number, 0)
        splits[number] = split + 1
        cases.append(
            Case(
                id=number + (chr(ord("a") + split) if split else ""),
                kind=kind,
                unit=record.unit,
                name=versions.nominee_name(record) or "（未填名称）",
                rank=serial,
                record=record,
            )
        )
    return tuple(sorted(cases, key=lambda case: (case.kind, case.unit, case.rank)))


def _tabulate_receipts(round: Round, intake: Intake, late: Mapping[str, int]) -> "pd.DataFrame":
    """Return one row per message: receipt number, unit, times, files, kinds of material, notes."""
    import pandas as pd

    late_receipts = {record.receipt for record in intake.records if record.id in late}
    kinds: dict[int, list[str]] = {}
    for record in intake.records:
        kinds.setdefault(record.receipt, []).append(KIND_TITLES[record.kind])
    rows = [
        {
            "receipt": mail.receipt,
            "unit": mail.unit,
            "unit_name": round.unit_by_code[mail.unit].short_name if mail.unit else "",
            "sender": mail.sender,
            "subject": mail.subject,
            "sent": mail.sent,
            "received": lateness.arrival_time(round, mail),
            "files": len(mail.files),
            "kinds": "、".join(dict.fromkeys(kinds.get(mail.receipt, []))),
            "late": mail.receipt in late_receipts,
            "note": "；".join(finding.finding_type.title for finding in mail.findings),
        }
        for mail in intake.mails
    ]
    return pd.DataFrame(rows, columns=RECEIPT_COLUMNS)
