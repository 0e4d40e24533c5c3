"""Findings on the messages of one mailbox: late, sent twice, replaced by a later one."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import KIND_TITLES, Intake, Mail, Record
from kjfp_helpers.eligibility.history.lateness import arrival_time, check_late_mail
from kjfp_helpers.eligibility.history.versions import Key, version_key
from kjfp_helpers.rules import Round

_CORRECTION_WORDS = re.compile(
    r"更正|补正|勘误|以此(?:件|版|封)?为准|以本(?:件|版|邮件)为准|重新?报送|替换|修改稿|修订稿|作废"
)


def check_resubmissions(round: Round, intake: Intake) -> Mapping[str, tuple[Finding, ...]]:
    """Compare the mails of a mailbox with the deadlines and with each other.

    Parameters
    ----------
    round : Round
        The rules; deadlines and the ruling on which clock counts.
    intake : Intake
        Mails with distinct receipts, and the records found in them by receipt.

    Returns
    -------
    Mapping
        Path of a mail to its findings: ``late``; ``duplicate_mail`` for the second of two that are
        the same; ``resubmission`` for one whose document replaces another's, or whose subject says
        so; ``superseded`` for the one replaced. A document that came again unchanged replaces none.
    """
    timeline = _MailboxTimeline()
    records = _by_receipt(intake.records)
    for mail in sorted(intake.mails, key=lambda mail: _arrival_order(round, mail)):
        if not timeline.is_repeat(mail):
            timeline.add(mail, records.get(mail.receipt, ()))
    for finding in check_late_mail(round, intake):
        timeline.findings.setdefault(finding.source, []).append(finding)
    return {path: tuple(findings) for path, findings in timeline.findings.items()}


@dataclass
class _MailboxTimeline:
    """Mails in order of arrival, compared with those before."""

    findings: dict[str, list[Finding]] = field(default_factory=dict)
    _current: dict[Key, tuple[Mail, Record]] = field(default_factory=dict)
    _seen: dict[object, Mail] = field(default_factory=dict)

    def is_repeat(self, mail: Mail) -> bool:
        """Whether a mail came before; if so, add the finding."""
        first = next((self._seen[key] for key in _copy_keys(mail) if key in self._seen), None)
        if first is None:
            self._seen |= dict.fromkeys(_copy_keys(mail), mail)
            return False
        self._add_finding(mail, "duplicate_mail", "一件一报", f"与{_describe_mail(first)}相同")
        return True

    def add(self, mail: Mail, records: Iterable[Record]) -> None:
        """Add a mail with its records; add findings on the documents it replaces."""
        replaces = False
        for record in records:
            key = version_key(replace(record, unit=mail.unit or mail.sender))
            before, old = self._current.get(key, (mail, record))
            if before is not mail and old.body != record.body:
                title, replaces = f"{KIND_TITLES[record.kind]}只报一件", True
                self._add_finding(
                    mail, "resubmission", title, f"替换{_describe_mail(before)}中的同一份材料"
                )
                self._add_finding(before, "superseded", title, f"已由{_describe_mail(mail)}替换")
            self._current[key] = mail, record
        if not replaces and _CORRECTION_WORDS.search(mail.subject):
            found = "主题写明更正或替换，未见前件"
            self._add_finding(mail, "resubmission", "能对上前件的更正件", found)

    def _add_finding(self, mail: Mail, code: str, expected: str, found: str) -> None:
        finding = Finding(
            code=code, unit=mail.unit, source=mail.path, expected=expected, found=found
        )
        findings = self.findings.setdefault(mail.path, [])
        if finding not in findings:
            findings.append(finding)


def _by_receipt(records: Iterable[Record]) -> dict[int, list[Record]]:
    groups: dict[int, list[Record]] = {}
    for record in records:
        groups.setdefault(record.receipt, []).append(record)
    return groups


def _arrival_order(round: Round, mail: Mail) -> tuple[bool, float, int]:
    came = arrival_time(round, mail)
    return came is None, came.timestamp() if came else 0.0, mail.receipt


def _copy_keys(mail: Mail) -> list[object]:
    """Return what two copies of one mail share: its bytes, or its id and its files."""
    files = tuple(file.sha256 for file in mail.files)
    if mail.message_id:
        return [mail.sha256, (mail.message_id, files)]
    return [mail.sha256]


def _describe_mail(mail: Mail) -> str:
    """Return the name of a mail in findings: its day and its file."""
    day = mail.sent or mail.received
    last = mail.path.rpartition("/")[2]
    if day is None:
        return f"来件（{last}）"
    return f"{day:%Y-%m-%d}来件（{last}）"
