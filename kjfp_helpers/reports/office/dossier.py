"""One unit's standing: what it has sent, what it owes, what was found; the stuff of its letters."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kjfp_helpers.derivation.readiness import open_findings
from kjfp_helpers.eligibility import deadlines
from kjfp_helpers.findings import CATALOGUE, Finding, Severity
from kjfp_helpers.records import KINDS, Mail, Record
from kjfp_helpers.reports import words
from kjfp_helpers.rules import Unit
from kjfp_helpers.state_words import is_absent

if TYPE_CHECKING:
    from kjfp_helpers.derivation import Review

ABSENT: Mapping[str, str] = {
    "stocktake": "stocktake_absent", "summary": "summary_absent", "exhibit": "exhibit_absent",
}  # fmt: skip
"""What every unit owes, and the code raised where it did not come."""
HEADERS: Mapping[str | None, str] = {
    "received": "收件服务器时间", "sent": "发件时间", "recorded": "办公室登记",
    None: "来件未载时间",
}  # fmt: skip


@dataclass(frozen=True)
class Dossier:
    """What the letters to one unit rest on; findings settled or answered are left out.

    ``states`` is the unit's row of the completeness table; ``due`` are the
    kinds whose last day has passed.
    """

    unit: Unit
    mails: tuple[Mail, ...]
    findings: tuple[Finding, ...]
    states: Mapping[str, str]
    due: frozenset[str]

    @property
    def owed(self) -> list[str]:
        """Kinds of material that the unit has not sent although their day has passed."""
        return [kind for kind in self._absent() if kind in self.due]

    @property
    def awaited(self) -> list[str]:
        """Kinds of material that the unit must send and still has time for."""
        return [kind for kind in self._absent() if kind not in self.due]

    def _absent(self) -> list[str]:
        return [kind for kind in ABSENT if is_absent(self.states.get(kind))]

    @property
    def faults(self) -> list[Finding]:
        """What the unit must mend, beside what it has not sent."""
        return [found for found in self._found() if found.severity is Severity.ERROR]

    @property
    def questions(self) -> list[Finding]:
        """What the unit must explain."""
        return [found for found in self._found() if found.severity is Severity.QUESTION]

    @property
    def remarks(self) -> list[Finding]:
        """What the unit is told without being asked anything."""
        return [found for found in self._found() if found.severity is Severity.WARNING]

    def _found(self) -> Iterable[Finding]:
        return (
            found for found in self.findings
            if found.code not in ABSENT.values() and found.about.audience == "unit"
        )  # fmt: skip

    @property
    def letters(self) -> tuple[str, ...]:
        """The titles of the letters due to the unit; nothing is asked for before its day."""
        if not self.mails:
            return ("催报通知",) if self.owed else ()
        owes = any(CATALOGUE[ABSENT[kind]].severity is Severity.ERROR for kind in self.owed)
        must = owes or self.faults or self.questions
        return ("收讫回执", "退回补正通知") if must else ("收讫回执",)


def dossiers(review: "Review") -> list[Dossier]:
    """Return every unit's dossier, in the order of ``units.csv``."""
    mails: dict[str, list[Mail]] = defaultdict(list)
    for mail in sorted(review.intake.mails, key=lambda mail: mail.receipt):
        mails[mail.unit].append(mail)
    findings: dict[str, list[Finding]] = defaultdict(list)
    for found in open_findings(review):
        findings[found.unit].append(found)
    states = {row["unit"]: row for row in words.records(review.completeness)}
    due = Terms(review).due_kinds
    return [
        Dossier(unit, tuple(mails[unit.code]), tuple(findings[unit.code]), states[unit.code], due)
        for unit in review.round.units
    ]


class Terms:
    """The last days of a round in words, as they stand when the last message came.

    A rehearsal's own day counts where it is later.
    """

    def __init__(self, review: "Review") -> None:
        self._round, self._late = review.round, review.late
        self._brought: dict[int, list[Record]] = defaultdict(list)
        for record in review.intake.records:
            self._brought[record.receipt].append(record)
        arrivals = (deadlines.arrival(review.round, mail) for mail in review.intake.mails)
        self._last = max(filter(None, arrivals), default=None)
        clock = review.round.notice.round.clock
        self._now = max(filter(None, (self._last, clock)), default=None)
        self._inclusive = review.round.notice.ruling.deadline.value == "inclusive"

    @property
    def as_of(self) -> str:
        """When the last message of the round came: what the papers know goes up to there."""
        return words.day(self._last) if self._last else "目前"

    @property
    def due_kinds(self) -> frozenset[str]:
        """Kinds of material whose last day has passed; one without a day has the last of all."""
        return frozenset(kind for kind in ABSENT if deadlines.is_past(self._round, kind, self._now))

    def due(self, kind: str) -> str:
        """Return the last day for a kind of material; a dash where the notice sets none."""
        last = deadlines.last_day(self._round, kind)
        if last is None:
            return words.MISSING
        return f"{words.day(last[0])}前（{'含当日' if self._inclusive else '不含当日'}）"

    def call(self, kind: str) -> str:
        """Return how soon to send or mend a kind of material."""
        if deadlines.minutes_late(self._round, kind, self._now):
            return "期限已过，请即办理"
        return "请按期办理" if deadlines.last_day(self._round, kind) else "请即办理"

    def clause(self, unit: Unit, kind: str) -> str:
        """Return the clause under which a unit sends a kind of material."""
        if kind in KINDS:
            return words.clause(self._round.quota(unit).clause)
        return words.clause(CATALOGUE[ABSENT[kind]].clause)

    def punctuality(self, mail: Mail) -> str:
        """Return whether what a message brought came in time; blank where no day is set for it.

        A correction that came after the day, of a document that came before, is in time.
        """
        if (came := deadlines.arrival(self._round, mail)) is None:
            return ""
        late: dict[str, int] = {}
        for record in self._brought.get(mail.receipt, ()):
            if deadlines.last_day(self._round, record.kind):
                late[record.kind] = max(late.get(record.kind, 0), self._late.get(record.id, 0))
        over = [
            f"{words.form(kind)}逾期{deadlines.duration(by)}" for kind, by in late.items() if by
        ]
        after = any(deadlines.minutes_late(self._round, kind, came) for kind in late)
        return "、".join(over) or ("补正，不计逾期" if after else "按期" if late else "")

    def came(self, mail: Mail) -> str:
        """Return when a message came and which header says so."""
        moment = deadlines.arrival(self._round, mail)
        header = HEADERS[deadlines.evidence(self._round, mail)]
        if moment is None:
            return header
        return f"{words.instant(moment, self._round.notice.round.timezone)}（{header}）"
