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
_RESTS_ON: Mapping[str, frozenset[str]] = {
    "not_commended": _NAMES,
    "commended_near": _NAMES,
    "duplicate_person": _NAMES | {"id_number", "phone"},
    "duplicate_team": _NAMES | {"leader_name", "expert_names"},
    "leader_also_individual": _NAMES | {"leader_name", "leader_phone", "phone"},
    "claim_differs": frozenset({"story"}),
    "names_over_count": frozenset({"expert_names", "expert_count"}),
}
"""Fields that a finding rests on besides the one that it names."""


def valid_settlements(
    cases: Iterable[Case], findings: Iterable[Finding], events: Sequence[Event]
) -> frozenset[tuple[str, str, str]]:
    """Return case, code and mark of each settlement that stands and was not taken back.

    One given before a correction of what its finding rests on stands no longer: whoever gave it
    looked at another value.
    """
    basis = _Basis.of(cases, (), findings)
    doubted = {at for at, _later in _find_stale(basis, events)}
    return frozenset(
        (event.body.case, event.body.code, event.body.mark)
        for at, event in _last(events)
        if isinstance(event.body, FindingSettled) and at not in doubted
    )


def tabulate_stale_decisions(
    cases: Iterable[Case],
    records: Iterable[Record],
    findings: Iterable[Finding],
    events: Sequence[Event],
) -> "pd.DataFrame":
    """Return what was decided before a correction and not again since.

    Returns
    -------
    DataFrame
        ``unit case what by seq correction field note``: ``what`` is 了结, 评分 or 考核, ``by`` who
        decided it, ``seq`` and ``correction`` the numbers of the two events, ``field`` what was
        corrected, ``note`` the same in a Chinese sentence. ``case`` is blank for an assessment.
    """
    import pandas as pd

    basis = _Basis.of(cases, records, findings)
    rows = [_row(basis, events[at], later) for at, later in _find_stale(basis, events)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values(["unit", "case", "seq"], kind="stable", ignore_index=True)


def dependencies_of(code: str, field: str) -> frozenset[str]:
    """Return the fields that a finding of a code on a field rests on."""
    return _RESTS_ON.get(code, frozenset()) | {field}


class _Basis(NamedTuple):
    """What decisions rest on: cases by id, summaries by unit, fields by case and code."""

    cases: Mapping[str, Case]
    summaries: Mapping[str, str]
    fields: Mapping[tuple[str, str], frozenset[str]]

    @classmethod
    def of(
        cls, cases: Iterable[Case], records: Iterable[Record], findings: Iterable[Finding]
    ) -> "_Basis":
        summaries = {record.unit: record.id for record in records if record.kind == "summary"}
        return cls({case.id: case for case in cases}, summaries, _fields(findings))

    def record(self, event: Event) -> str | None:
        """Return the record that a decision is about, if it is there."""
        if isinstance(event.body, SummaryAssessed):
            return self.summaries.get(event.body.unit)
        case = self.cases.get(getattr(event.body, "case", ""))
        return case.record.id if case else None

    def rests_on(self, event: Event, fixed: FieldCorrected) -> bool:
        """Whether a decision rests on what was corrected in its record; a mark rests on it all."""
        body = event.body
        if isinstance(body, SummaryAssessed):
            return True
        case = self.cases[getattr(body, "case", "")]
        if not hasattr(case.nominee, fixed.field):
            return False
        if isinstance(body, FindingSettled):
            return fixed.field in self.fields.get((body.case, body.code), ())
        return True


def _find_stale(basis: _Basis, events: Sequence[Event]) -> Iterator[tuple[int, Event]]:
    """Yield the place of each decision in doubt and the first correction that puts it there."""
    fixes: dict[str | None, list[tuple[int, Event, FieldCorrected]]] = {}
    for at, event in enumerate(events):
        if isinstance(event.body, FieldCorrected):
            fixes.setdefault(event.body.record, []).append((at, event, event.body))
    for at, event in _last(events):
        own = fixes.get(basis.record(event), ())
        later = (fix for place, fix, body in own if place > at and basis.rests_on(event, body))
        if correction := next(later, None):
            yield at, correction


def _fields(findings: Iterable[Finding]) -> Mapping[tuple[str, str], frozenset[str]]:
    """Return by case and code the fields that the findings rest on."""
    fields: dict[tuple[str, str], frozenset[str]] = {}
    for finding in findings:
        key = finding.case, finding.code
        fields[key] = fields.get(key, frozenset()) | dependencies_of(finding.code, finding.field)
    return fields


def _last(events: Sequence[Event]) -> Iterator[tuple[int, Event]]:
    """Yield the last of each decision with its place: who decides again has looked again."""
    last: dict[tuple[object, ...], int] = {}
    for at, event in enumerate(events):
        body = event.body
        if isinstance(body, FindingSettled):
            last["了结", body.case, body.code, body.mark] = at
        elif isinstance(body, FindingReopened):
            last.pop(("了结", body.case, body.code, body.mark), None)
        elif isinstance(body, ScoreGiven):
            last["评分", body.case, body.member] = at
        elif isinstance(body, SummaryAssessed):
            last["考核", body.unit] = at
    for at in sorted(last.values()):
        yield at, events[at]


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
    label = field_title(case.kind if case else "summary", fixed.field)
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
