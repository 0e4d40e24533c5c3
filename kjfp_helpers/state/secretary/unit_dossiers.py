"""Unit dossiers: what a unit sent and owes, its findings, and the letters due to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from kjfp_helpers.core.events import LetterIssued
from kjfp_helpers.core.findings import Finding, Severity
from kjfp_helpers.core.records import Mail, Record
from kjfp_helpers.core.state_labels import NOT_DUE, NOT_SENT
from kjfp_helpers.eligibility import UnreadableForm
from kjfp_helpers.eligibility.history import lateness
from kjfp_helpers.eligibility.history.correspondence import (
    ABSENCE_CODES,
    RECEIPT,
    REMINDER,
    RETURN,
    VISIT_FEEDBACK,
    VISIT_NOTICE,
    Letter,
    ListedItem,
)
from kjfp_helpers.eligibility.history.versions import version_key
from kjfp_helpers.notice.spot_check.check_progress import NOT_VISITED
from kjfp_helpers.notice.spot_check.visit_findings import AWAITING_REPLY
from kjfp_helpers.rules import Unit
from kjfp_helpers.state.exhibition.approvals import list_returned
from kjfp_helpers.state.round_state import RoundState
from kjfp_helpers.state.secretary.publication_gates import open_findings


class _OfUnit(Protocol):
    """What belongs to a unit."""

    @property
    def unit(self) -> str:
        """Code of the unit."""


Item = TypeVar("Item", bound=_OfUnit)
_TOLD_ELSEWHERE = (*ABSENCE_CODES.values(), "correction_absent")
"""Codes of what has not come: a reminder says so, or the beginning of a return."""


@dataclass(frozen=True)
class UnitDossier:
    """What the letters to one unit rest on; findings settled or answered are left out.

    ``states`` is the unit's row of the completeness table. ``records`` are those that stand,
    ``received`` all that were read, ``unread_forms`` those that cannot be. ``kind_by_source`` is
    the kind of material of each document of the round.
    """

    unit: Unit
    mails: tuple[Mail, ...]
    findings: tuple[Finding, ...]
    states: Mapping[str, str]
    records: tuple[Record, ...]
    received: tuple[Record, ...]
    unread_forms: tuple[UnreadableForm, ...]
    kind_by_source: Mapping[str, str]

    @property
    def owed(self) -> list[str]:
        """Kinds of material that the unit has not sent although their day has passed."""
        return [kind for kind in ABSENCE_CODES if self.states.get(kind) == NOT_SENT]

    @property
    def awaited(self) -> list[str]:
        """Kinds of material that the unit must send and still has time for."""
        return [kind for kind in ABSENCE_CODES if self.states.get(kind) == NOT_DUE]

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
        """What the unit is told without being asked anything.

        That a later version replaced an earlier one is told once, of the later one.
        """
        return [
            found
            for found in self._found()
            if found.severity is Severity.WARNING and found.code != "superseded"
        ]

    def _found(self) -> Iterable[Finding]:
        return (
            found
            for found in self.findings
            if found.code not in _TOLD_ELSEWHERE and found.finding_type.audience == "unit"
        )

    @property
    def letters(self) -> tuple[str, ...]:
        """The titles of the letters due to the unit, each about its own matter.

        A receipt for what came, a return for what has faults, a reminder of what has not come
        although its day has passed; nothing is asked for before its day.
        """
        due = {
            RECEIPT: bool(self.mails),
            RETURN: bool(self.faults or self.questions),
            REMINDER: bool(self.owed),
        }
        return tuple(title for title, needed in due.items() if needed)


def build_dossiers(state: RoundState) -> list[UnitDossier]:
    """Return every unit's dossier, in the order of ``units.csv``."""
    mails = _group_by_unit(sorted(state.submissions.intake.mails, key=lambda mail: mail.receipt))
    findings, unread_forms = (
        _group_by_unit((*_told_findings(state), *list_returned(state))),
        _group_by_unit(state.submissions.unread_forms),
    )
    records, received = (
        _group_by_unit(state.submissions.records),
        _group_by_unit(state.submissions.intake.records),
    )
    kinds = {
        one.source: version_key(one)[1] for one in reversed(state.submissions.records) if one.source
    }
    states = {str(row["unit"]): row for row in state.screening.completeness.to_dict("records")}
    return [
        UnitDossier(
            unit,
            mails=tuple(mails[unit.code]),
            findings=tuple(findings[unit.code]),
            states={str(name): value for name, value in states[unit.code].items()},
            records=tuple(records[unit.code]),
            received=tuple(received[unit.code]),
            unread_forms=tuple(unread_forms[unit.code]),
            kind_by_source=kinds,
        )
        for unit in state.round.units
    ]


def _told_findings(state: RoundState) -> Iterable[Finding]:
    """Return the open findings without what rests on a register that holds nothing.

    While nobody filled ``commended.csv``, no unit can be asked why its nominee is not in it.
    """
    unchecked = () if state.round.commended else ("not_commended",)
    return (found for found in open_findings(state) if found.code not in unchecked)


def _group_by_unit(items: Iterable[Item]) -> defaultdict[str, list[Item]]:
    """Return what belongs to each unit, in order."""
    groups: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        groups[item.unit].append(item)
    return groups


@dataclass(frozen=True)
class LetterDraft:
    """A letter due to a unit on the day of the papers; ``last`` is the last one of its kind."""

    dossier: UnitDossier
    title: str
    day: date
    until: date | None
    last: Letter | None
    ready: bool

    @property
    def findings(self) -> tuple[ListedItem, ...]:
        """What the letter asks the unit to mend or to explain."""
        if self.title != RETURN:
            return ()
        asked = (*self.dossier.faults, *self.dossier.questions)
        return tuple((one.code, one.field, one.case, one.source, one.fingerprint) for one in asked)

    @property
    def owed(self) -> tuple[str, ...]:
        """The kinds of material that it asks for."""
        return tuple(self.dossier.owed) if self.title == REMINDER else ()

    @property
    def receipts(self) -> tuple[int, ...]:
        """The messages of which it speaks."""
        return tuple(one.receipt for one in self.dossier.mails) if self.title == RECEIPT else ()

    def issued(
        self, number: int, path: str, sha256: str, numbers: tuple[int, ...] = ()
    ) -> LetterIssued:
        """Return the event of its issue, with the file as issued and the numbers of its items."""
        return LetterIssued(
            number=number,
            unit=self.dossier.unit.code,
            title=self.title,
            day=str(self.day),
            path=path,
            sha256=sha256,
            findings=self.findings,
            owed=self.owed,
            receipts=self.receipts,
            until=str(self.until) if self.until else "",
            numbers=numbers,
        )


def draft_letters(state: RoundState) -> list[LetterDraft]:
    """Return the letters due, unit by unit; those are ready that say what none issued said.

    A return or a reminder is ready again, unchanged, once the time it gave is over.
    """
    return [
        draft_letter(state, dossier, title)
        for dossier in build_dossiers(state)
        for title in (*dossier.letters, *visit_letters(state, dossier.unit.code))
    ]


def draft_letter(state: RoundState, dossier: UnitDossier, title: str) -> LetterDraft:
    """Return a letter due to a unit as it stands."""
    day = state.submissions.letters.day or date.min
    last = state.submissions.letters.last(dossier.unit.code, title)
    until = correction_end(state, dossier, day) if title == RETURN else None
    plain = LetterDraft(dossier, title, day, until, last, ready=True)
    return LetterDraft(dossier, title, day, until, last, ready=_is_ready(state, plain))


def visit_letters(state: RoundState, unit: str) -> tuple[str, ...]:
    """Return the letters due to a unit that is checked: of the visit, and of what it found."""
    visit = state.spot_check.visits.get(unit)
    if visit is None:
        return ()
    due = {
        VISIT_NOTICE: visit.state == NOT_VISITED,
        VISIT_FEEDBACK: any(one.state == AWAITING_REPLY for one in visit.findings),
    }
    return tuple(title for title, needed in due.items() if needed)


def _is_visit_news(state: RoundState, draft: LetterDraft, last: Letter) -> bool:
    """Whether a visit was planned anew, or its findings imported, after the last letter on it."""
    visit = state.spot_check.visits[draft.dossier.unit.code]
    imported = max((event.seq for event in visit.imports), default=0)
    return (visit.plan_seq if draft.title == VISIT_NOTICE else imported) > last.seq


def _is_ready(state: RoundState, draft: LetterDraft) -> bool:
    if draft.last is None:
        return True
    if draft.title in (VISIT_NOTICE, VISIT_FEEDBACK):
        return _is_visit_news(state, draft, draft.last)
    body = draft.last.body
    if draft.title == RECEIPT:
        return not set(draft.receipts) <= set(body.receipts)
    if set(draft.findings) - set(body.findings) or set(draft.owed) - set(body.owed):
        return True
    end = state.submissions.letters.until(body) or reply_end(state, date.fromisoformat(body.day))
    return draft.day > end


def reply_end(state: RoundState, day: date) -> date:
    """Return the last day to answer a letter of a day: so many working days from the day after."""
    notice = state.round.notice
    return notice.calendar.add_workdays(day, notice.ruling.correction_days.value)


def correction_end(state: RoundState, dossier: UnitDossier, day: date) -> date:
    """Return the last day for corrections asked for on a day.

    So many working days from the day after, by the ruling; never before the last day of a material
    with faults that may still be handed in, nor before an extension that the unit has.
    """
    kinds = {_kind(state, dossier, found) for found in (*dossier.faults, *dossier.questions)}
    last = (lateness.last_day(state.round, kind) for kind in kinds)
    longer = state.submissions.letters.extended.get(dossier.unit.code)
    granted = [date.fromisoformat(longer.until)] if longer else []
    return max([reply_end(state, day), *(end[0] for end in last if end), *granted])


def _kind(state: RoundState, dossier: UnitDossier, found: Finding) -> str:
    """Return the kind of material that a finding is about, ``""`` for none."""
    if case := state.screening.case_by_id.get(found.case):
        return case.kind
    return dossier.kind_by_source.get(found.source, "")
