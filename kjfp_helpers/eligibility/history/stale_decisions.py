"""Decisions made stale by a later correction: settlements, scores and assessments."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kjfp_helpers.core.events import (
    Event,
    FieldCorrected,
    FindingReopened,
    FindingSettled,
    ScoreGiven,
    SummaryAssessed,
)
from kjfp_helpers.core.findings import FINDING_TYPES, Finding
from kjfp_helpers.core.records import Case, Record
from kjfp_helpers.eligibility.history.version_diff import field_title

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = "unit case what by seq correction field note".split()

_NAMES = frozenset({"name", "team_name", "employer"})
_DEPENDENCIES: Mapping[str, frozenset[str]] = {
    "not_commended": _NAMES,
    "commended_near": _NAMES,
    "duplicate_person": _NAMES | {"id_number", "phone"},
    "duplicate_team": _NAMES | {"leader_name", "expert_names"},
    "leader_also_individual": _NAMES | {"leader_name", "leader_phone", "phone"},
    "claim_differs": frozenset({"story"}),
    "names_over_count": frozenset({"expert_names", "expert_count"}),
}
"""Fields that a finding depends on besides its own."""


def valid_settlements(
    cases: Iterable[Case], findings: Iterable[Finding], events: Sequence[Event]
) -> frozenset[tuple[str, str, str]]:
    """Return (case, code, fingerprint) of each settlement that is valid and was not reopened.

    A correction of a field that its finding depends on invalidates an earlier settlement.
    """
    basis = _Basis.of(cases, (), findings)
    stale = {index for index, _correction in _find_stale(basis, events)}
    return frozenset(
        (event.body.case, event.body.code, event.body.mark)
        for index, event in _latest_decisions(events)
        if isinstance(event.body, FindingSettled) and index not in stale
    )


def tabulate_stale_decisions(
    cases: Iterable[Case],
    records: Iterable[Record],
    findings: Iterable[Finding],
    events: Sequence[Event],
) -> "pd.DataFrame":
    """Return the decisions made before a correction and not renewed since.

    Returns
    -------
    DataFrame
        ``unit case what by seq correction field note``: ``what`` is 了结, 评分 or 考核, ``by`` who
        decided it, ``seq`` and ``correction`` the numbers of the two events, ``field`` what was
        corrected, ``note`` the same in a Chinese sentence. ``case`` is blank for an assessment.
    """
    import pandas as pd

    basis = _Basis.of(cases, records, findings)
    rows = [
        _row(basis, events[index], correction) for index, correction in _find_stale(basis, events)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values(["unit", "case", "seq"], kind="stable", ignore_index=True)


def dependencies_of(code: str, field: str) -> frozenset[str]:
    """Return the fields that a finding of a code on a field depends on."""
    return _DEPENDENCIES.get(code, frozenset()) | {field}


class _Basis(NamedTuple):
    """Inputs of the decisions: cases by id, summaries and returns by unit, fields by case, code."""

    cases: Mapping[str, Case]
    summaries: Mapping[str, str]
    returns: Mapping[str, str]
    fields: Mapping[tuple[str, str], frozenset[str]]

    @classmethod
    def of(
        cls, cases: Iterable[Case], records: Iterable[Record], findings: Iterable[Finding]
    ) -> "_Basis":
        read = list(records)
        summaries, returns = (
            {record.unit: record.id for record in read if record.kind == kind}
            for kind in ("summary", "stocktake")
        )
        return cls({case.id: case for case in cases}, summaries, returns, _fields(findings))

    def record(self, event: Event) -> str | None:
        """Return the record that a decision is about, if it is there."""
        if isinstance(event.body, SummaryAssessed):
            return self.summaries.get(event.body.unit)
        case = self.cases.get(getattr(event.body, "case", ""))
        return case.record.id if case else None

    def bases(self, event: Event) -> tuple[str | None, ...]:
        """Return the records that a decision rests on: an assessment also on the return."""
        if isinstance(event.body, SummaryAssessed):
            return self.record(event), self.returns.get(event.body.unit)
        return (self.record(event),)

    def depends_on(self, event: Event, correction: FieldCorrected) -> bool:
        """Whether a decision depends on the corrected field; scores depend on all fields."""
        body = event.body
        if isinstance(body, SummaryAssessed):
            return correction.record == self.record(event) or correction.field != "unit"
        case = self.cases[getattr(body, "case", "")]
        if not hasattr(case.nominee, correction.field):
            return False
        if isinstance(body, FindingSettled):
            return correction.field in self.fields.get((body.case, body.code), ())
        return True


def _find_stale(basis: _Basis, events: Sequence[Event]) -> Iterator[tuple[int, Event]]:
    """Yield the index of each stale decision and the first correction that made it stale."""
    corrections: dict[str | None, list[tuple[int, Event, FieldCorrected]]] = {}
    for index, event in enumerate(events):
        if isinstance(event.body, FieldCorrected):
            corrections.setdefault(event.body.record, []).append((index, event, event.body))
    for index, event in _latest_decisions(events):
        found = (one for record in basis.bases(event) for one in corrections.get(record, ()))
        for later, correction, body in sorted(found, key=lambda one: one[0]):
            if later > index and basis.depends_on(event, body):
                yield index, correction
                break


def _fields(findings: Iterable[Finding]) -> Mapping[tuple[str, str], frozenset[str]]:
    """Return by case and code the fields that the findings depend on."""
    fields: dict[tuple[str, str], frozenset[str]] = {}
    for finding in findings:
        key = finding.case, finding.code
        fields[key] = fields.get(key, frozenset()) | dependencies_of(finding.code, finding.field)
    return fields


def _latest_decisions(events: Sequence[Event]) -> Iterator[tuple[int, Event]]:
    """Yield the latest of each decision with its index in ``events``."""
    latest: dict[tuple[object, ...], int] = {}
    for index, event in enumerate(events):
        body = event.body
        if isinstance(body, FindingSettled):
            latest["了结", body.case, body.code, body.mark] = index
        elif isinstance(body, FindingReopened):
            latest.pop(("了结", body.case, body.code, body.mark), None)
        elif isinstance(body, ScoreGiven):
            latest["评分", body.case, body.member] = index
        elif isinstance(body, SummaryAssessed):
            latest["考核", body.unit] = index
    for index in sorted(latest.values()):
        yield index, events[index]


def _row(basis: _Basis, event: Event, later: Event) -> dict[str, object]:
    body, fixed = event.body, later.body
    assert isinstance(fixed, FieldCorrected)
    case = basis.cases.get(getattr(body, "case", ""))
    what, by, code = "了结", event.actor, None
    if isinstance(body, FindingSettled):
        code = FINDING_TYPES.get(body.code)
    else:
        what = "评分" if isinstance(body, ScoreGiven) else "考核"
        by = getattr(body, "member", event.actor)
    done = f"{what}“{code.title}”" if code else what
    is_return = fixed.record in basis.returns.values()
    kind = case.kind if case else "stocktake" if is_return else "summary"
    label = field_title(kind, fixed.field)
    return {
        "unit": case.unit if case else getattr(body, "unit", ""),
        "case": case.id if case else "",
        "what": what,
        "by": by,
        "seq": event.seq,
        "correction": later.seq,
        "field": fixed.field,
        "note": f"第{event.seq}条{done}在前，第{later.seq}条更正“{label}”在后，需复核",
    }
