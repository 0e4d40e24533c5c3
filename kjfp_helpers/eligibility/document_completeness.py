"""Completeness of each unit's documents: received or outstanding, in order or faulty."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from kjfp_helpers.core.events import Event
from kjfp_helpers.core.findings import Finding, Severity
from kjfp_helpers.core.records import NOMINEE_KINDS, Record, Stocktake
from kjfp_helpers.core.state_labels import (
    FAULTY,
    IN_ORDER,
    IN_TIME,
    LATE,
    NOT_DUE,
    NOT_NOMINATED,
    NOT_SENT,
    RECEIVED,
    UNDATED,
    UNREADABLE,
)
from kjfp_helpers.eligibility.history import lateness, stale_decisions
from kjfp_helpers.eligibility.history.correspondence import Correspondence, is_due
from kjfp_helpers.eligibility.history.overdue_corrections import reviewed_fingerprints
from kjfp_helpers.eligibility.screening import CaseScreening
from kjfp_helpers.eligibility.submissions import Submissions
from kjfp_helpers.rules import Round

if TYPE_CHECKING:
    import pandas as pd

DOCUMENTS = ("stocktake", "summary", "team", "individual", "exhibit")
_NOT_OF_ORDER = ("target_not_met", "late", "withdrawn")
"""Codes that are no fault of a document: they concern a result, or its arrival."""
_SEVERITY_ORDER = (RECEIVED, IN_TIME, UNDATED, LATE)
"""States of a received document, the worst last."""


class _DocumentStatus(NamedTuple):
    state: str
    came: datetime | None = None
    late: int = 0
    faults: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Arrival time and delay, or that it did not arrive."""
        if self.state not in _SEVERITY_ORDER:
            if self.state == NOT_DUE:
                return f"{NOT_SENT}（{NOT_DUE}）"
            return self.state
        if self.came is None:
            return UNDATED if self.state == UNDATED else RECEIVED
        text = f"{self.came:%Y-%m-%d %H:%M}收到"
        if self.state == LATE:
            return f"{text}，{LATE}{lateness.format_duration(self.late)}"
        if self.state == RECEIVED:
            return text
        return f"{text}，{self.state}"


def tabulate_completeness(
    round: Round,
    submissions: Submissions,
    screening: CaseScreening,
    checked: Mapping[str, Iterable[Finding]],
    events: Sequence[Event] = (),
) -> "pd.DataFrame":
    """Return unit by document, after all checks: did it arrive, and is it in order.

    A unit owes its stock-take, summary and exhibit; nobody has to recommend anybody.

    Parameters
    ----------
    round : Round
        The units, in their order.
    submissions : Submissions
        Current records and their delays, and the date of the documents, which distinguishes 未报送
        from 未到期.
    screening : CaseScreening
        Cases and findings.
    checked : Mapping
        Kind of record to the findings of its own checks.
    events : sequence of Event
        The ledger: findings settled there are no faults.

    Returns
    -------
    DataFrame
        ``unit unit_name`` and for each of ``DOCUMENTS``: its own column, whether it arrived
        (已收到 where no day is set, 按期 逾期 时间待登记 未报送 未到期 未推荐); ``*_arrived`` the
        same with when the last of its papers first came and how late; ``*_order`` (合格 不全,
        blank where nothing came); ``*_faults`` what is to correct, in short words, once each.
    """
    import pandas as pd

    faults = _faults_by_document(submissions, screening, checked, events)
    cells = _received_status(round, submissions, faults)
    rows = []
    for unit in round.units:
        row: dict[str, object] = {"unit": unit.code, "unit_name": unit.short_name}
        for kind in DOCUMENTS:
            cell = cells.get((unit.code, kind)) or _missing_status(
                round, submissions.letters, unit.code, kind
            )
            order = ""
            if cell.state in _SEVERITY_ORDER:
                order = FAULTY if cell.faults else IN_ORDER
            row |= {
                kind: cell.state,
                f"{kind}_arrived": cell.text,
                f"{kind}_order": order,
                f"{kind}_faults": "、".join(cell.faults),
            }
        rows.append(row)
    return pd.DataFrame(rows)


def _received_status(
    round: Round, submissions: Submissions, faults: Mapping[tuple[str, str], list[str]]
) -> dict[tuple[str, str], _DocumentStatus]:
    """Return the status of each received document by unit and kind."""
    firsts = lateness.first_arrivals(round, submissions.intake.mails, submissions.intake.records)
    came: dict[tuple[str, str], list[tuple[str, datetime | None, int]]] = defaultdict(list)
    for record in submissions.records:
        moment, late = (
            firsts.get(lateness.document_key(record)),
            submissions.late.get(record.id, 0),
        )
        came[record.unit, record.kind].append(_document_status(round, record.kind, moment, late))
    mails = {mail.receipt: mail for mail in submissions.intake.mails}
    for form in submissions.unread_forms:
        moment = lateness.arrival_time(round, mails[form.receipt])
        longer = submissions.letters.first_days.get(form.unit)
        late = lateness.minutes_late(round, form.kind, moment, longer)
        came[form.unit, form.kind].append(_document_status(round, form.kind, moment, late))
    return {
        key: _DocumentStatus(
            max((state for state, _, _ in papers), key=_SEVERITY_ORDER.index),
            max((moment for _, moment, _ in papers if moment), default=None),
            max(late for _, _, late in papers),
            tuple(dict.fromkeys(faults.get(key, ()))),
        )
        for key, papers in came.items()
    }


def _document_status(
    round: Round, kind: str, moment: datetime | None, late: int
) -> tuple[str, datetime | None, int]:
    if lateness.last_day(round, kind) is None:
        return RECEIVED, moment, 0
    if late:
        return LATE, moment, late
    if moment is None:
        return UNDATED, None, late
    return IN_TIME, moment, late


def _faults_by_document(
    submissions: Submissions,
    screening: CaseScreening,
    checked: Mapping[str, Iterable[Finding]],
    events: Sequence[Event],
) -> dict[tuple[str, str], list[str]]:
    """Return the titles of the faults to correct, by unit and kind of record."""
    every = [*screening.findings]
    for document_findings in checked.values():
        every += document_findings
    done = stale_decisions.valid_settlements(
        screening.cases, every, events
    ) | reviewed_fingerprints(events)
    kinds = {record.source: (record.unit, record.kind) for record in submissions.records}
    cases = {case.id: (case.unit, case.kind) for case in screening.cases}
    titles: dict[tuple[str, str], list[str]] = defaultdict(list)
    for finding in screening.findings:
        key = cases.get(finding.case) or kinds.get(finding.source)
        if key and _is_fault(finding, done):
            titles[key].append(finding.finding_type.title)
    for kind, document_findings in checked.items():
        for finding in (one for one in document_findings if _is_fault(one, done)):
            titles[finding.unit, kind].append(finding.finding_type.title)
    for record in (one for one in submissions.records if _has_open_figure(one, done)):
        titles[record.unit, record.kind].append("盘点数字未能认定")
    for form in submissions.unread_forms:
        titles[form.unit, form.kind].append(UNREADABLE.partition("，")[0])
    return titles


def _has_open_figure(record: Record, done: Set[tuple[str, str, str]]) -> bool:
    """Whether a stock-take has figures of which nobody knows yet what they are."""
    body = record.body
    return isinstance(body, Stocktake) and any(
        getattr(body, finding.field, 0) is None and not _is_settled(finding, done)
        for finding in record.findings
    )


def _is_fault(finding: Finding, done: Set[tuple[str, str, str]]) -> bool:
    is_error = finding.severity is Severity.ERROR and finding.code not in _NOT_OF_ORDER
    return is_error and not _is_settled(finding, done)


def _is_settled(finding: Finding, done: Set[tuple[str, str, str]]) -> bool:
    case, code, fingerprint = finding.case, finding.code, finding.fingerprint
    return bool({(case, code, ""), (case, code, fingerprint), ("", code, fingerprint)} & done)


def _missing_status(round: Round, letters: Correspondence, unit: str, kind: str) -> _DocumentStatus:
    """Return the status of a document that did not arrive."""
    if kind in NOMINEE_KINDS:
        return _DocumentStatus(NOT_NOMINATED)
    due = is_due(round, letters, kind, unit)
    return _DocumentStatus(NOT_SENT if due else NOT_DUE)
