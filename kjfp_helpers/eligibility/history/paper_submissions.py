"""Records entered by the secretary from paper or telephone, without a message."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from kjfp_helpers.core.events import (
    Event,
    EventLog,
    FormEntered,
    FormWithdrawn,
    MailReceived,
    PaperReceived,
)
from kjfp_helpers.core.records import Intake, Mail

_FOLDER = "纸质件"
"""What stands for the inbox before the number of such a record."""


def add_paper_submissions(
    intake: Intake, events: Sequence[Event], *, withdrawn: bool = False
) -> Intake:
    """Return what arrived with a message for each record that came without one.

    One whose record was taken back is left out, unless ``withdrawn`` ones are wanted too.
    """
    log = EventLog(events)
    gone = {body.record for body in log.bodies(FormWithdrawn)}
    standing = {body.receipt for body in log.bodies(FormEntered) if body.record not in gone}
    papers = tuple(
        _mail(body) for body in log.bodies(PaperReceived) if withdrawn or body.number in standing
    )
    return replace(intake, mails=(*intake.mails, *papers)) if papers else intake


def _mail(body: PaperReceived) -> Mail:
    return Mail(
        receipt=body.number,
        path=f"{_FOLDER}/{body.number:04d}",
        sha256="",
        message_id="",
        sender=body.channel,
        unit=body.unit,
        subject=f"{body.channel}报送（没有邮件）",
        sent=None,
        received=None,
        recorded=datetime.fromisoformat(body.at),
    )


def is_paper_submission(mail: Mail) -> bool:
    """Whether what stands as a message came without one."""
    return mail.path.startswith(f"{_FOLDER}/")


def paper_receipt_numbers(events: Iterable[Event]) -> dict[str, int]:
    """Return the receipt numbers that records without a message took, by a name of each."""
    papers = EventLog(events).bodies(PaperReceived)
    return {f"{_FOLDER} {body.number}": body.number for body in papers}


def next_receipt_number(events: Iterable[Event]) -> int:
    """Return the receipt number that comes next, whatever it will be given to."""
    taken = EventLog(events).of(MailReceived, PaperReceived)
    return max((event.body.number for event in taken), default=0) + 1
