"""Resolve a finding to its record, file and message."""

from dataclasses import fields

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import File, Mail, Record
from kjfp_helpers.eligibility.history.manual_overrides import is_entered_by_hand
from kjfp_helpers.eligibility.history.versions import apply_corrections
from kjfp_helpers.state.round_state import RoundState


class FindingLocator:
    """Looks up what is behind a finding; ``records`` holds every record by its id, corrected."""

    def __init__(self, state: RoundState) -> None:
        self._state = state
        current = {record.id: record for record in state.records}
        every = apply_corrections(state.intake.records, state.events, state.round.notice)
        self.records = {one.id: current.get(one.id, one) for one in every}
        self._by_source: dict[str, list[Record]] = {}
        for record in self.records.values():
            self._by_source.setdefault(record.source, []).append(record)
        mails = state.intake.mails
        self._mails = {mail.path: mail for mail in mails}
        self._inside = {(mail.unit, file.path): mail for mail in mails for file in mail.files}

    def record(self, finding: Finding) -> Record | None:
        """Return the record: of the case, else the one of its file that holds the finding."""
        case = self._state.case_by_id.get(finding.case)
        if case is not None:
            return case.record
        held = self._by_source.get(finding.source, [])
        if finding.field:
            held = [one for one in held if _has(one, finding.field)] or held
        else:  # what was found on a file is not about what a person typed from it
            held = [one for one in held if not is_entered_by_hand(one)]
        same = (finding.code, finding.field, finding.fingerprint)
        own = [
            one
            for one in held
            if any((f.code, f.field, f.fingerprint) == same for f in one.findings)
        ]
        sure = held if finding.field or len(held) == 1 else []
        return next(iter(own or sure), None)

    def mail(self, finding: Finding) -> Mail | None:
        """Return the message that a finding's source lies in; exhibits name the file alone."""
        source = finding.source
        while source:
            if source in self._mails:
                return self._mails[source]
            source = source.rpartition("/")[0]
        return self._inside.get((finding.unit, finding.source))

    def file(self, finding: Finding) -> File | None:
        """Return the file that a finding's source names."""
        mail = self.mail(finding)
        if mail is None:
            return None
        path = finding.source.removeprefix(mail.path).removeprefix("/")
        return next((file for file in mail.files if file.path == path), None)


def _has(record: Record, field: str) -> bool:
    return any(one.name == field for one in fields(record.body))
