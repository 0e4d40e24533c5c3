"""Resolve a finding to its record, file and message."""

from dataclasses import fields

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import File, Mail, Record
from kjfp_helpers.eligibility.history.intake_overrides import is_entered_by_hand
from kjfp_helpers.eligibility.history.versions import apply_corrections
from kjfp_helpers.state.round_state import RoundState


class FindingLocator:
    """Look up record, file and message of a finding; ``records`` maps ids to corrected records."""

    def __init__(self, state: RoundState) -> None:
        self._state = state
        current = {record.id: record for record in state.submissions.records}
        corrected = apply_corrections(
            state.submissions.intake.records, state.events, state.round.notice
        )
        self.records = {record.id: current.get(record.id, record) for record in corrected}
        self._by_source: dict[str, list[Record]] = {}
        for record in self.records.values():
            self._by_source.setdefault(record.source, []).append(record)
        mails = state.submissions.intake.mails
        self._mails = {mail.path: mail for mail in mails}
        self._inside = {(mail.unit, file.path): mail for mail in mails for file in mail.files}

    def record(self, finding: Finding) -> Record | None:
        """Return the record of the case, else the record of its file that has the finding."""
        case = self._state.screening.case_by_id.get(finding.case)
        if case is not None:
            return case.record
        candidates = self._by_source.get(finding.source, [])
        if finding.field:
            candidates = [
                record for record in candidates if _has_field(record, finding.field)
            ] or candidates
        else:  # findings on a file do not concern forms entered by hand from it
            candidates = [record for record in candidates if not is_entered_by_hand(record)]
        key = (finding.code, finding.field, finding.fingerprint)
        matches = [
            record
            for record in candidates
            if any((f.code, f.field, f.fingerprint) == key for f in record.findings)
        ]
        if not matches and (finding.field or len(candidates) == 1):
            matches = candidates
        return next(iter(matches), None)

    def stocktake(self, unit: str) -> Record | None:
        """Return the current stock-take of a unit."""
        return self._state.submissions.record_by_unit("stocktake").get(unit)

    def mail(self, finding: Finding) -> Mail | None:
        """Return the message of a finding's source; for exhibits the source is the file alone."""
        source = finding.source
        while source:
            if source in self._mails:
                return self._mails[source]
            source = source.rpartition("/")[0]
        return self._inside.get((finding.unit, finding.source))

    def file(self, finding: Finding) -> File | None:
        """Return the file of a finding's source."""
        mail = self.mail(finding)
        if mail is None:
            return None
        path = finding.source.removeprefix(mail.path).removeprefix("/")
        return next((file for file in mail.files if file.path == path), None)


def _has_field(record: Record, field: str) -> bool:
    return any(item.name == field for item in fields(record.body))
