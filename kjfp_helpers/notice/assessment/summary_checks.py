"""Work summaries: which of the required heads each unit's covers (clause 二).

A program reads the heads; what readers confirmed of a summary (有 or 缺) counts in its place, and
where they differ what the office rules.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kjfp_helpers.core.events import AssessmentConfirmed, Event, EventLog, SummaryAssessed
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Record
from kjfp_helpers.infra.cache import CachedCall, call_uncached
from kjfp_helpers.notice.assessment.heading_confirmations import (
    HeadConfirmations,
    confirm_heads,
    head_events_by_unit,
)
from kjfp_helpers.notice.assessment.summary_headings import head_lengths
from kjfp_helpers.rules import RequiredSection, Round, Unit

if TYPE_CHECKING:
    import pandas as pd

CONFIRMED, RULED = "考核人确认没有这一部分", "经裁定没有这一部分"
_UNSAID = HeadConfirmations()


def check_summaries(
    round: Round,
    summaries: Mapping[str, Record],
    events: Iterable[Event],
    cached_call: CachedCall = call_uncached,
) -> "tuple[pd.DataFrame, list[Finding]]":
    """See which of the required heads each unit's summary covers; ``cached_call`` caches outlines.

    Returns
    -------
    DataFrame
        One row a unit: ``unit unit_name``, a column per head id (True, False, None without a
        summary), ``missing`` (heads lacking, NaN without a summary), ``apart`` (titles of the heads
        on which readers differ and nothing is ruled, ``""`` for none), ``level`` the grade that was
        confirmed of the unit (where nothing was confirmed, that of a reader of an earlier version)
        and ``comment`` of the latest assessment; None before them.
    list of Finding
        ``summary_absent`` per unit and ``section_missing`` per head.
    """
    import pandas as pd

    log, heads = EventLog(events), round.notice.summary.heads
    levels, said_of = _levels(log), head_events_by_unit(log)
    lengths = head_lengths(heads, summaries, cached_call)
    rows: list[dict[str, object]] = []
    findings: list[Finding] = []
    for unit in round.units:
        record, events_of = summaries.get(unit.code), said_of.get(unit.code, ())
        said = confirm_heads(record, events_of) if record else _UNSAID
        held = _hold_heads(heads, lengths.get(unit.code, ()), said) if record else {}
        row: dict[str, object] = {"unit": unit.code, "unit_name": unit.short_name}
        row |= {head.id: held[head.id] if record else None for head in heads}
        row["missing"] = sum(not there for there in held.values()) if record else None
        row["apart"] = "、".join(head.title for head in heads if head.id in said.apart)
        row["level"] = levels.get(unit.code)
        readings = EventLog(events_of).bodies(SummaryAssessed)
        comments = [reading.comment for reading in readings if reading.comment]
        row["comment"] = comments[-1] if comments else None
        rows.append(row)
        findings += _lacking(heads, record, held, said) if record else [_absent(round, unit)]
    table = pd.DataFrame(rows)
    table["missing"] = table["missing"].astype(float)
    return table, findings


def _levels(log: EventLog) -> dict[str, str]:
    """Return the grade of each unit: as confirmed, else as a reader chose it."""
    read = {body.unit: body.level for body in log.bodies(SummaryAssessed) if body.level}
    confirmed = log.last(AssessmentConfirmed)
    results = confirmed.results if confirmed else {}
    return read | {unit: grade for unit, (_, grade) in results.items()}


def _hold_heads(
    heads: Sequence[RequiredSection], found: Collection[str], said: HeadConfirmations = _UNSAID
) -> dict[str, bool]:
    """Return by head whether a summary holds it: as was confirmed or ruled, else as was found."""
    return {head.id: said.held.get(head.id, head.id in found) for head in heads}


def _absent(round: Round, unit: Unit) -> Finding:
    expected = f"{round.notice.round.since}年以来工作总结"
    return Finding(code="summary_absent", unit=unit.code, expected=expected, found="未收到")


def examine_summary(heads: Sequence[RequiredSection], record: Record) -> Iterator[Finding]:
    """Yield a finding for each required head that one summary lacks, as it was read."""
    found = head_lengths(heads, {record.unit: record}).get(record.unit, ())
    return _lacking(heads, record, _hold_heads(heads, found), _UNSAID)


def _lacking(
    heads: Sequence[RequiredSection],
    record: Record,
    held: Mapping[str, bool],
    said: HeadConfirmations,
) -> Iterator[Finding]:
    for head in heads:
        if not held[head.id]:
            by_people = RULED if head.id in said.ruled else CONFIRMED
            yield Finding(
                code="section_missing",
                unit=record.unit,
                source=record.source,
                field=head.id,
                expected=f"有“{head.title}”部分",
                found=by_people if head.id in said.held else "没有找到相应标题或其下没有文字",
            )
