"""Findings on the messages of one mailbox: late, sent twice, replaced by a later one."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import KIND_TITLES, Intake, Mail, Record
from kjfp_helpers.eligibility.history.deadlines import arrival_time, check_late_mail
from kjfp_helpers.eligibility.history.versions import Key, version_key
from kjfp_helpers.rules import Round

_SAYS_SO = re.compile(
    r"更正|补正|勘误|以此(?:件|版|封)?为准|以本(?:件|版|邮件)为准|重新?报送|替换|修改稿|修订稿|作废"
)


def check_resubmissions(round: Round, intake: Intake) -> Mapping[str, tuple[Finding, ...]]:
    """Hold the mails of a mailbox against the deadlines and against each other.

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
    talk = _MailboxTimeline()
    held = _by_receipt(intake.records)
    for mail in sorted(intake.mails, key=lambda one: _order(round, one)):
        if not talk.is_repeat(mail):
            talk.add(mail, held.get(mail.receipt, ()))
    for one in check_late_mail(round, intake):
        talk.found.setdefault(one.source, []).append(one)
    return {path: tuple(listed) for path, listed in talk.found.items()}


@dataclass
class _MailboxTimeline:
    """Mails in order of arrival, and what each says about those before it."""

    found: dict[str, list[Finding]] = field(default_factory=dict)
    _current: dict[Key, tuple[Mail, Record]] = field(default_factory=dict)
    _seen: dict[object, Mail] = field(default_factory=dict)

    def is_repeat(self, mail: Mail) -> bool:
        """Whether a mail came before; it is told so."""
        first = next((self._seen[mark] for mark in _copy_keys(mail) if mark in self._seen), None)
        if first is None:
            self._seen |= dict.fromkeys(_copy_keys(mail), mail)
            return False
        self._tell(mail, "duplicate_mail", "一件一报", f"与{_name(first)}相同")
        return True

    def add(self, mail: Mail, records: Iterable[Record]) -> None:
        """Tell a mail and those before it which of their documents it replaces."""
        replaces = False
        for record in records:
            key = version_key(replace(record, unit=mail.unit or mail.sender))
            before, old = self._current.get(key, (mail, record))
            if before is not mail and old.body != record.body:
                title, replaces = f"{KIND_TITLES[record.kind]}只报一件", True
                self._tell(mail, "resubmission", title, f"替换{_name(before)}中的同一份材料")
                self._tell(before, "superseded", title, f"已由{_name(mail)}替换")
            self._current[key] = mail, record
        if not replaces and _SAYS_SO.search(mail.subject):
            found = "主题写明更正或替换，未见前件"
            self._tell(mail, "resubmission", "能对上前件的更正件", found)

    def _tell(self, mail: Mail, code: str, expected: str, found: str) -> None:
        one = Finding(code=code, unit=mail.unit, source=mail.path, expected=expected, found=found)
        listed = self.found.setdefault(mail.path, [])
        if one not in listed:
            listed.append(one)


def _by_receipt(records: Iterable[Record]) -> dict[int, list[Record]]:
    groups: dict[int, list[Record]] = {}
    for record in records:
        groups.setdefault(record.receipt, []).append(record)
    return groups


def _order(round: Round, mail: Mail) -> tuple[bool, float, int]:
    came = arrival_time(round, mail)
    return came is None, came.timestamp() if came else 0.0, mail.receipt


def _copy_keys(mail: Mail) -> list[object]:
    """Return what two copies of one mail share: its bytes, or its id and its files."""
    files = tuple(file.sha256 for file in mail.files)
    return [mail.sha256, (mail.message_id, files)] if mail.message_id else [mail.sha256]


def _name(mail: Mail) -> str:
    """Return what a clerk calls a mail: its day and its file."""
    day = mail.sent or mail.received
    last = mail.path.rpartition("/")[2]
    return f"{day:%Y-%m-%d}来件（{last}）" if day else f"来件（{last}）"
