"""Correspondence per unit: letters issued, replies, deadlines (clause 四)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from kjfp_helpers.core.events import (
    CorrectionDeadlineExtended,
    DocumentDateSet,
    Event,
    EventLog,
    LetterIssued,
    MailReceived,
    NominationWithdrawn,
    NomineesChosen,
)
from kjfp_helpers.core.records import Case, Intake, Mail, Record
from kjfp_helpers.eligibility.history.lateness import (
    arrival_time,
    is_deadline_past,
    last_day,
    minutes_late,
)
from kjfp_helpers.eligibility.history.versions import Key, version_key
from kjfp_helpers.rules import Round

RECEIPT, RETURN, REMINDER = "收讫回执", "退回补正通知", "催报通知"
VISIT_NOTICE, VISIT_FEEDBACK = "抽查通知", "抽查问题反馈函"
ABSENCE_CODES: Mapping[str, str] = {
    "stocktake": "stocktake_absent",
    "summary": "summary_absent",
    "exhibit": "exhibit_absent",
}
"""What every unit owes, and the code raised where it did not come."""
ListedItem = tuple[str, str, str, str, str]
"""What a letter asks: code, field, case, source and mark; what is owed has its absent code."""
_EXPLAINS = re.compile(r"复函|回函|回复|答复|说明")
"""Words in the subject of a message that explains instead of sending anew."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter as issued, and what came of it before the next of its kind to the unit.

    ``answers`` maps what it asks to the receipt of the first message that brought it, ``brought``
    holds all such messages. ``documents`` are those that it asks for again, ``resent`` the ids of
    records from files that could not be read before.
    """

    seq: int
    body: LetterIssued
    answers: Mapping[ListedItem, int] = field(default_factory=dict)
    brought: frozenset[int] = frozenset()
    documents: frozenset[Key] = frozenset()
    resent: frozenset[str] = frozenset()

    @property
    def asked(self) -> tuple[ListedItem, ...]:
        """What the letter asks the unit to send, to mend or to explain."""
        if self.body.title in (RECEIPT, VISIT_NOTICE, VISIT_FEEDBACK):
            return ()
        owed = (
            (ABSENCE_CODES[kind], kind, "", "", "")
            for kind in self.body.owed
            if kind in ABSENCE_CODES
        )
        return (*self.body.findings, *owed)


@dataclass(frozen=True, kw_only=True)
class Correspondence:
    """The letters in order of issue, the extensions that hold by unit, and the day of the papers.

    ``day`` is None before anything has a date.
    """

    day: date | None = None
    letters: tuple[Letter, ...] = ()
    extended: Mapping[str, CorrectionDeadlineExtended] = field(default_factory=dict)

    def of_unit(self, unit: str) -> tuple[Letter, ...]:
        """Return the letters that were issued to a unit."""
        return tuple(self._by_unit.get(unit, ()))

    def last(self, unit: str, title: str) -> Letter | None:
        """Return the last letter of a kind that was issued to a unit."""
        own = [letter for letter in self.of_unit(unit) if letter.body.title == title]
        return own[-1] if own else None

    def answered(self, receipt: int) -> tuple[int, ...]:
        """Return the numbers of the letters that a message answers."""
        return tuple(self._answered.get(receipt, ()))

    def until(self, letter: LetterIssued) -> date | None:
        """Return the last day for the corrections that a letter asks for, None for no such day."""
        if not letter.until:
            return None
        last, longer = date.fromisoformat(letter.until), self.extended.get(letter.unit)
        return max(last, date.fromisoformat(longer.until)) if longer else last

    @cached_property
    def _by_unit(self) -> Mapping[str, list[Letter]]:
        letters: dict[str, list[Letter]] = {}
        for letter in self.letters:
            letters.setdefault(letter.body.unit, []).append(letter)
        return letters

    @cached_property
    def _answered(self) -> Mapping[int, list[int]]:
        numbers: dict[int, list[int]] = {}
        for letter in self.letters:
            for receipt in letter.brought:
                numbers.setdefault(receipt, []).append(letter.body.number)
        return numbers

    @cached_property
    def resent(self) -> frozenset[str]:
        """Ids of records from files that a letter asked for again: corrections, never late."""
        return frozenset[str]().union(*(letter.resent for letter in self.letters))

    @property
    def first_days(self) -> Mapping[str, date]:
        """Until when first submissions are in time, by unit, where that was extended."""
        return {
            unit: date.fromisoformat(body.until)
            for unit, body in self.extended.items()
            if body.first
        }


def document_date(round: Round, mails: Iterable[Mail], events: Iterable[Event]) -> date | None:
    """Return the day of which papers speak as today.

    The day last recorded; before any, that of a rehearsal's clock, else of the last message.
    """
    days = [event.body.day for event in EventLog(events).of(DocumentDateSet)]
    if days:
        return date.fromisoformat(days[-1])
    if round.notice.round.clock:
        return round.notice.round.clock.date()
    return max((came.date() for mail in mails if (came := arrival_time(round, mail))), default=None)


def is_due(round: Round, letters: Correspondence, kind: str, unit: str) -> bool:
    """Return whether the last day for a kind of material has passed for a unit.

    A kind without a day has that of the recommendations; before anything has a date all are due.
    """
    dated = kind if last_day(round, kind) else "team"
    longer = letters.first_days.get(unit)
    return letters.day is None or is_deadline_past(round, dated, letters.day, longer)


def active_extensions(events: Iterable[Event]) -> dict[str, CorrectionDeadlineExtended]:
    """Return the extension that holds for each unit that has one."""
    last = {body.unit: body for body in EventLog(events).bodies(CorrectionDeadlineExtended)}
    return {unit: body for unit, body in last.items() if body.until}


def trace_correspondence(
    round: Round,
    intake: Intake,
    cases: Iterable[Case],
    arrived: Iterable[Record],
    events: Sequence[Event],
) -> Correspondence:
    """Return the letters with their answers.

    Parameters
    ----------
    round : Round
        The rules.
    intake : Intake
        Messages with their units and times as recorded.
    cases, arrived
        The nominations, and every version of every record.
    events : sequence of Event
        The ledger.
    """
    links = _ReplyFinder(round, intake, cases, arrived, events)
    issued = EventLog(events).of(LetterIssued)
    letters = [Letter(seq=event.seq, body=event.body) for event in issued]
    answered = links.follow(letters)
    return Correspondence(
        day=document_date(round, intake.mails, events),
        letters=tuple(answered),
        extended=active_extensions(events),
    )


class _ReplyFinder:
    """Finds the messages of a unit that bring what a letter asks."""

    def __init__(
        self,
        round: Round,
        intake: Intake,
        cases: Iterable[Case],
        arrived: Iterable[Record],
        events: Sequence[Event],
    ) -> None:
        self._received = {
            event.body.number: event.seq for event in EventLog(events).of(MailReceived)
        }
        self._round = round
        self._paths = {mail.path: mail for mail in intake.mails}
        self._mails: dict[str, list[tuple[date, Mail]]] = {}
        for mail in intake.mails:
            if came := arrival_time(round, mail):
                self._mails.setdefault(mail.unit, []).append((came.date(), mail))
        self._keys = {case.id: version_key(case.record) for case in cases}
        self._sources: dict[str, Key] = {}
        self._brought: dict[int, list[Record]] = {}
        for record in arrived:
            self._sources.setdefault(record.source, version_key(record))
            self._brought.setdefault(record.receipt, []).append(record)
        self._decided: dict[int, list[Event]] = {}
        for event in EventLog(events).of(NomineesChosen, NominationWithdrawn):
            if event.body.receipt:
                self._decided.setdefault(event.body.receipt, []).append(event)

    def follow(self, letters: Sequence[Letter]) -> list[Letter]:
        """Return the letters with what came of each, until the next of its kind to the unit."""
        following: dict[tuple[str, str], Letter] = {}
        followed = []
        for letter in reversed(letters):
            kind = letter.body.unit, letter.body.title
            followed.append(self._follow(letter, following.get(kind)) if letter.asked else letter)
            following[kind] = letter
        return followed[::-1]

    def _follow(self, letter: Letter, following: Letter | None) -> Letter:
        answers: dict[ListedItem, int] = {}
        brought, resent = set[int](), set[str]()
        for came, mail in self._mails.get(letter.body.unit, ()):
            if not self._is_after(letter, came, mail):
                continue
            if following is not None and self._is_after(following, came, mail):
                continue
            for asked in letter.asked:
                if self._brings(mail, asked):
                    answers.setdefault(asked, mail.receipt)
                    brought.add(mail.receipt)
                    resent |= self._resent(mail, asked)
        keys = (self._key(asked) for asked in letter.body.findings)
        return replace(
            letter,
            answers=answers,
            brought=frozenset(brought),
            resent=frozenset(resent),
            documents=frozenset(filter(None, keys)),
        )

    def _is_after(self, letter: Letter, came: date, mail: Mail) -> bool:
        """Whether a message came after a letter; on its day the order of the ledger counts."""
        received = self._received.get(mail.receipt, 0) > letter.seq
        return received and came >= date.fromisoformat(letter.body.day)

    def _key(self, asked: ListedItem) -> Key | None:
        """Return the document that something asked is about, None for a file or the whole unit."""
        _, _, case, source, _ = asked
        return self._keys.get(case) or self._sources.get(source)

    def _brings(self, mail: Mail, asked: ListedItem) -> bool:
        code, kind, case, source, _ = asked
        brought = {version_key(record) for record in self._brought.get(mail.receipt, ())}
        if code in ABSENCE_CODES.values():
            return any(key[1] == kind for key in brought)
        if any(_is_about(event, code, case) for event in self._decided.get(mail.receipt, ())):
            return True
        if key := self._key(asked):
            return key in brought or (code == "late" and bool(_EXPLAINS.search(mail.subject)))
        same = any(_name(file.path) == _name(source) for file in mail.files)
        of_mail = bool(mail.files) and source in self._paths  # such as a link instead of files
        return same or of_mail or bool(_EXPLAINS.search(mail.subject))

    def _resent(self, mail: Mail, asked: ListedItem) -> set[str]:
        """Return the records of a message from a file that came in time and could not be read."""
        _, _, case, source, _ = asked
        first = next((path for path in self._paths if source.startswith(f"{path}/")), None)
        if case or first is None or source in self._sources:
            return set()
        came = arrival_time(self._round, self._paths[first])
        records = self._brought.get(mail.receipt, ())
        return {
            record.id
            for record in records
            if _name(record.source) == _name(source)
            and not minutes_late(self._round, record.kind, came)
        }


def _is_about(event: Event, code: str, case: str) -> bool:
    if isinstance(event.body, NomineesChosen):
        return code == "over_quota"
    return isinstance(event.body, NominationWithdrawn) and event.body.case == case != ""


def _name(path: str) -> str:
    return path.rpartition("/")[2]
