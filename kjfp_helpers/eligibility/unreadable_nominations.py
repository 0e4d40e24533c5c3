"""Recommendation forms whose file cannot be read; each counts as a nomination."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kjfp_helpers.core.findings import UNREADABLE_CODES, Finding, Severity
from kjfp_helpers.core.records import File, Individual, Intake, Mail, NomineeKind, Record, Team
from kjfp_helpers.core.text_normalization import alnum_key

_FORM = re.compile(r"附件\s*[12一二１２]|推荐表|推荐书|申报表")
_TEAM = re.compile(r"附件\s*[1一１]|团队")


@dataclass(frozen=True, kw_only=True)
class UnreadableForm:
    """A form that arrived and cannot be read; ``name`` is the file's, ``code`` the finding's code.

    It counts as a nomination on hold until the unit sends it again or its form is entered by hand.
    """

    unit: str
    kind: NomineeKind
    name: str
    receipt: int
    source: str
    code: str


def find_unreadable_forms(intake: Intake, records: Iterable[Record]) -> tuple[UnreadableForm, ...]:
    """Return the forms that cannot be read, by their files' names (附件1, 附件2).

    Parameters
    ----------
    intake : Intake
        Messages with their units as assigned, and everything read from them.
    records : iterable of Record
        The current records. A form is readable once a record comes from a file of the same name,
        has the nominee named in the file's name, or was entered by hand from the file.

    Returns
    -------
    tuple of UnreadableForm
        In order of receipt; one for each file name of a unit.
    """
    standing = list(records)
    read = {record.source for record in (*intake.records, *standing)}
    forms: dict[tuple[str, str], UnreadableForm] = {}
    by_receipt: dict[int, list[Finding]] = {}
    for record in intake.records:
        by_receipt.setdefault(record.receipt, []).extend(record.findings)
    for mail in intake.mails:
        found = (*mail.findings, *by_receipt.get(mail.receipt, ()))
        faults = {finding.source: finding for finding in found if _is_read_failure(finding)}
        for file in mail.files:
            source = f"{mail.path}/{file.path}"
            if mail.unit and source in faults and source not in read and _is_form(file):
                form = _form(mail, file, source, faults[source].code)
                if not _is_superseded(form, standing):
                    forms[form.unit, form.name] = form
    return tuple(forms.values())


def _is_read_failure(finding: Finding) -> bool:
    """Whether a finding says that a file cannot be read."""
    return finding.code in UNREADABLE_CODES and finding.severity is not Severity.WARNING


def _is_form(file: File) -> bool:
    return _FORM.search(file.path.rpartition("/")[2]) is not None


def _form(mail: Mail, file: File, source: str, why: str) -> UnreadableForm:
    name = file.path.rpartition("/")[2]
    kind: NomineeKind = "team" if _TEAM.search(name) else "individual"
    return UnreadableForm(
        unit=mail.unit, kind=kind, name=name, receipt=mail.receipt, source=source, code=why
    )


def _is_superseded(form: UnreadableForm, records: Iterable[Record]) -> bool:
    """Whether a record of the unit has the content of the unreadable file."""
    for record in records:
        if (record.unit, record.kind) != (form.unit, form.kind):
            continue
        if record.source.rpartition("/")[2] == form.name or _is_named(form.name, record):
            return True
    return False


def _is_named(file: str, record: Record) -> bool:
    body = record.body
    name = body.team_name if isinstance(body, Team) else getattr(body, "name", None)
    assert isinstance(body, Team | Individual)
    return len(alnum_key(name or "")) > 1 and alnum_key(name or "") in alnum_key(file)
