"""Inputs of the stages as an open round has them: the intake result and the events."""

from collections.abc import Iterable

from kjfp_helpers.core.errors import LedgerError, OutputError
from kjfp_helpers.core.events import Event, EventLog, MailReceived
from kjfp_helpers.core.records import Intake
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.intake.received_folder import INTAKE_FILE, ReceivedFolder
from kjfp_helpers.ledger import Ledger


class StageInputs:
    """Intake result and events of a round; each is read again only where it changed."""

    def __init__(self, ledger: Ledger, round_name: str) -> None:
        self._ledger, self._round_name = ledger, round_name
        self._intake: tuple[int, Intake, str] | None = None
        self._events = EventLog()

    def read_intake(self, received: ReceivedFolder) -> tuple[Intake, str]:
        """Return the intake result and the SHA-256 of its file.

        Raises
        ------
        OutputError
            When intake has not run, or what it read cannot be read.
        LedgerError
            When the ledger lacks the receipts of these messages: another or an emptied one.
        """
        if not received.exists():
            raise OutputError(
                INTAKE_FILE,
                expected="收件结果",
                found="没有找到",
                advice=f"先运行 kjfp intake {self._round_name}",
            )
        stamp = received.file.stat().st_mtime_ns
        if self._intake is None or self._intake[0] != stamp:
            from kjfp_helpers.intake.serialization import load_with_digest

            read, digest = load_with_digest(received.file)
            self._require_known_mail(read)
            self._intake = (stamp, read, digest)
        return self._intake[1:]

    def take_intake(self, received: ReceivedFolder, read: Intake) -> None:
        """Take over an intake result that has just been saved, which would be read equal to it."""
        self._require_known_mail(read)
        self._intake = (received.file.stat().st_mtime_ns, read, sha256_file(received.file))

    def _require_known_mail(self, read: Intake) -> None:
        known = receipt_numbers(self.read_events())
        for mail in read.mails:
            if known.get(mail.sha256) != mail.receipt:
                raise LedgerError(
                    f"台账与 {INTAKE_FILE}",
                    expected="同一批收讫登记",
                    found=f"台账中没有第{mail.receipt}号来件的登记",
                    advice="用备份恢复台账；轮次若是重新生成的，先移走输出文件夹",
                )

    def read_events(self) -> EventLog:
        """Return all events of the ledger; those known already are not read again.

        Raises
        ------
        LedgerError
            When the ledger cannot be read.
        """
        known = self._events[-1:]
        news = self._ledger.events(after=known[0].seq - 1 if known else 0)
        if known and (not news or news[0].hash != known[0].hash):  # another ledger by now
            self._events = EventLog(self._ledger.events())
        elif len(news) > len(known):
            self._events = EventLog((*self._events, *news[len(known) :]))
        return self._events


def receipt_numbers(events: Iterable[Event]) -> dict[str, int]:
    """Return the receipt number of every received message by its SHA-256."""
    bodies = (event.body for event in events)
    return {body.sha256: body.number for body in bodies if isinstance(body, MailReceived)}
