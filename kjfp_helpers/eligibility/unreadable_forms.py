"""Recommendation forms whose file cannot be read: they stand as nominees of unknown content."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kjfp_helpers.core.findings import Finding, Severity
from kjfp_helpers.core.normalize import alnum_key
from kjfp_helpers.core.records import File, Individual, Intake, Mail, NomineeKind, Record, Team

UNREADABLE = (
    "corrupt",
    "truncated",
    "empty",
    "encrypted",
    "unreadable",
    "unsupported",
    "needs_manual",
    "bomb",
    "too_large",
    "xml_entity",
    "active_content",
)
"""Codes of a file that nobody could read."""
_FORM = re.compile(r"附件\s*[12一二１２]|推荐表|推荐书|申报表")
_TEAM = re.compile(r"附件\s*[1一１]|团队")


@dataclass(frozen=True, kw_only=True)
class UnreadableForm:
    """A form that arrived and cannot be read; ``name`` is the file's, ``code`` the finding's code.

    It counts as a nomination that is held until the unit sends it again or a person types it.
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
        The current records: one that was sent again under the same name, that carries the name of
        its nominee, or that a person typed from the file, is not unread any more.

    Returns
    -------
    tuple of UnreadForm
        In order of receipt; one for each file name of a unit.
    """
    standing = list(records)
    read = {record.source for record in (*intake.records, *standing)}
    found: dict[tuple[str, str], UnreadableForm] = {}
    for mail in intake.mails:
        faults = {one.source: one for one in _faults(mail, intake)}
        for file in mail.files:
            source = f"{mail.path}/{file.path}"
            if mail.unit and source in faults and source not in read and _is_form(file):
                form = _form(mail, file, source, faults[source].code)
                if not _came_again(form, standing):
                    found[form.unit, form.name] = form
    return tuple(found.values())


def _faults(mail: Mail, intake: Intake) -> Iterator[Finding]:
    """Yield what says that files of a message cannot be read."""
    own = [one for one in intake.records if one.receipt == mail.receipt]
    for finding in (*mail.findings, *(one for record in own for one in record.findings)):
        if finding.code in UNREADABLE and finding.severity is not Severity.WARNING:
            yield finding


def _is_form(file: File) -> bool:
    return _FORM.search(file.path.rpartition("/")[2]) is not None


def _form(mail: Mail, file: File, source: str, why: str) -> UnreadableForm:
    name = file.path.rpartition("/")[2]
    kind: NomineeKind = "team" if _TEAM.search(name) else "individual"
    return UnreadableForm(
        unit=mail.unit, kind=kind, name=name, receipt=mail.receipt, source=source, code=why
    )


def _came_again(form: UnreadableForm, records: Iterable[Record]) -> bool:
    """Whether a record of the unit is what the unread file holds."""
    own = [one for one in records if (one.unit, one.kind) == (form.unit, form.kind)]
    return any(
        one.source.rpartition("/")[2] == form.name or _is_named(form.name, one) for one in own
    )


def _is_named(file: str, record: Record) -> bool:
    body = record.body
    name = body.team_name if isinstance(body, Team) else getattr(body, "name", None)
    assert isinstance(body, Team | Individual)
    return len(alnum_key(name or "")) > 1 and alnum_key(name or "") in alnum_key(file)
