"""The last days of a round in words, as letters to the units and the register give them."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from kjfp_helpers.core.findings import FINDING_TYPES
from kjfp_helpers.core.records import NOMINEE_KINDS, Mail, Record
from kjfp_helpers.core.state_labels import IN_TIME
from kjfp_helpers.eligibility.history import lateness
from kjfp_helpers.eligibility.history.correspondence import ABSENCE_CODES
from kjfp_helpers.reports import formatting
from kjfp_helpers.rules import Unit
from kjfp_helpers.state.secretary.letter_status import reply_text
from kjfp_helpers.state.secretary.unit_dossiers import UnitDossier, build_dossiers

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState

__all__ = ["TIME_SOURCE_LABELS", "DeadlineTexts", "UnitDossier", "build_dossiers"]

TIME_SOURCE_LABELS: Mapping[str | None, str] = {
    "received": "收件服务器时间",
    "sent": "发件时间",
    "recorded": "办公室登记",
    None: "来件未载时间",
}
CORRECTED = "补正，不计逾期"
"""What came after its day, of a document that came before."""


class DeadlineTexts:
    """The deadlines of a round in words, as they stand on the date of the documents."""

    def __init__(self, state: "RoundState") -> None:
        self._state, self._round, self._letters = state, state.round, state.submissions.letters
        self._late = state.submissions.late
        self._overdue = [
            finding.source
            for finding in state.screening.findings
            if finding.code == "correction_late"
        ]
        self._brought: dict[int, list[Record]] = defaultdict(list)
        for record in state.submissions.intake.records:
            self._brought[record.receipt].append(record)
        self._inclusive = state.round.notice.ruling.deadline.value == "inclusive"

    @property
    def as_of_text(self) -> str:
        """The date of the documents, up to which they know what came."""
        return formatting.format_date(self._letters.day) if self._letters.day else "目前"

    def due_text(self, kind: str, unit: str = "") -> str:
        """Return the last day for a kind of material; a dash where the notice sets none.

        That of a unit where it is named and the office granted it another.
        """
        last = lateness.last_day(self._round, kind)
        if last is None:
            return formatting.MISSING
        longer = self._extended_day(unit)
        if longer and longer > last[0]:
            return f"{formatting.format_date(longer)}前（含当日，经同意延期）"
        return (
            f"{formatting.format_date(last[0])}前（{'含当日' if self._inclusive else '不含当日'}）"
        )

    @property
    def day(self) -> date | None:
        """The date of the documents, None for a round that has none yet."""
        return self._letters.day

    def passed_day_text(self, kind: str, unit: str) -> str:
        """Return the last day for a kind of material once it is over; blank where none is set."""
        last = lateness.last_day(self._round, kind)
        if last is None or not self.is_past(kind, unit):
            return ""
        longer = self._extended_day(unit)
        return formatting.format_date(max(last[0], longer) if longer else last[0])

    def urgency_text(self, kind: str, unit: str = "") -> str:
        """Return how soon to send a kind of material."""
        if self.is_past(kind, unit):
            return "期限已过，请即办理"
        return "请按期办理" if lateness.last_day(self._round, kind) else "请即办理"

    def is_past(self, kind: str, unit: str = "") -> bool:
        """Return whether the last day for a kind of material is over for a unit."""
        day = self._letters.day
        return day is not None and lateness.is_deadline_past(
            self._round, kind, day, self._extended_day(unit)
        )

    def _extended_day(self, unit: str) -> date | None:
        return self._letters.first_days.get(unit)

    def reply_text(self, receipt: int) -> str:
        """Return which letters a message answers, ``""`` for none."""
        return reply_text(self._state, receipt)

    def clause_text(self, unit: Unit, kind: str) -> str:
        """Return the part of the notice under which a unit sends a kind of material."""
        if kind in NOMINEE_KINDS:
            return formatting.format_clause_part(self._round.quota(unit).clause)
        return formatting.format_clause_part(FINDING_TYPES[ABSENCE_CODES[kind]].clause)

    def punctuality_text(self, mail: Mail) -> str:
        """Return whether what a message brought came in time; blank where no day is set for it.

        A correction that came after the day, of a document that came before, is in time.
        """
        if (came := lateness.arrival_time(self._round, mail)) is None:
            return ""
        late: dict[str, int] = {}
        for record in self._brought.get(mail.receipt, ()):
            if lateness.last_day(self._round, record.kind):
                late[record.kind] = max(late.get(record.kind, 0), self._late.get(record.id, 0))
        over = [
            f"{formatting.record_title(kind)}逾期{lateness.format_duration(by)}"
            for kind, by in late.items()
            if by
        ]
        if not over and any(source.startswith(f"{mail.path}/") for source in self._overdue):
            return "补正逾期"
        longer = self._extended_day(mail.unit)
        after = any(lateness.minutes_late(self._round, kind, came, longer) for kind in late)
        return "、".join(over) or (CORRECTED if after else IN_TIME if late else "")

    def is_late(self, mail: Mail) -> bool:
        """Return whether something that a message brought came after its day."""
        return self.punctuality_text(mail) not in ("", CORRECTED, IN_TIME)

    def arrival_text(self, mail: Mail) -> str:
        """Return when a message came and which header says so."""
        moment = lateness.arrival_time(self._round, mail)
        header = TIME_SOURCE_LABELS[lateness.arrival_evidence(self._round, mail)]
        if moment is None:
            return header
        return f"{formatting.format_time(moment, self._round.notice.round.timezone)}（{header}）"
