"""Records entered by the secretary from paper or telephone, without a message."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from kjfp_helpers.core.events import Event, FormEntered, FormWithdrawn, MailReceived, PaperReceived
from kjfp_helpers.core.records import Intake, Mail

_FOLDER = "纸质件"
"""What stands for the inbox before the number of such a record."""


def add_paper_submissions(
    intake: Intake, events: Sequence[Event], *, withdrawn: bool = False
) -> Intake:
    """Return what arrived with a message for each record that came without one.

    One whose record was taken back is left out, unless ``withdrawn`` ones are wanted too.
    """
    bodies = [event.body for event in events]
    gone = {body.record for body in bodies if isinstance(body, FormWithdrawn)}
    standing = {
        body.receipt for body in bodies if isinstance(body, FormEntered) and body.record not in gone
    }
    papers = tuple(
        _mail(body)
        for body in bodies
        if isinstance(body, PaperReceived) and (withdrawn or body.number in standing)
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
    bodies = (event.body for event in events)
    numbers = (body.number for body in bodies if isinstance(body, PaperReceived))
    return {f"{_FOLDER} {number}": number for number in numbers}


def next_receipt_number(events: Iterable[Event]) -> int:
    """Return the receipt number that comes next, whatever it will be given to."""
    bodies = (event.body for event in events)
    taken = (body.number for body in bodies if isinstance(body, MailReceived | PaperReceived))
    return max(taken, default=0) + 1
