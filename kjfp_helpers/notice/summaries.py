"""Work summaries and their assessment (总结考核, clause 二)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kjfp_helpers.core.events import Event, EventLog, SummaryAssessed
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Record, Section, Summary
from kjfp_helpers.notice.share_intervals import Interval, share_interval
from kjfp_helpers.rules import RequiredSection, Round, Unit

if TYPE_CHECKING:
    import pandas as pd


FEW = 10
"""Units read twice below which nothing is inferred from how well their readers agree."""


@dataclass(frozen=True, kw_only=True)
class ReaderAgreement:
    """How well readers of the same summaries agree; intervals are at 95%.

    ``n`` units were read by two or more, in ``same`` of them all gave one level, ``share`` is the
    interval of that part. ``weighted`` is the agreement in which a level further off weighs more
    (1 is perfect, 0 no better than chance), with its interval; None where it cannot be told:
    fewer than :data:`FEW` units, or levels that do not differ at all.
    """

    n: int
    same: int
    share: Interval | None = None
    weighted: float | None = None
    interval: Interval | None = None


def reader_agreement(events: Iterable[Event], levels: Sequence[str]) -> ReaderAgreement:
    """Compare the levels of readers of the same unit, the last of each reader.

    The intraclass correlation of the levels' places, one-way (Shrout and Fleiss 1979, case 1):
    readers are no fixed pair. For two readers it is the kappa with quadratic weights, but for a
    term that vanishes with n (Fleiss and Cohen 1973). The interval of the share is exact
    (Clopper and Pearson 1934).
    """
    place = {level: number for number, level in enumerate(levels)}
    given: dict[str, dict[str, int]] = {}
    for event in EventLog(events).of(SummaryAssessed):
        body = event.body
        if body.level in place:
            given.setdefault(body.unit, {})[body.reader or event.actor] = place[body.level]
    units = [list(marks.values()) for marks in given.values() if len(marks) > 1]
    same = sum(len(set(marks)) == 1 for marks in units)
    if len(units) < FEW:
        return ReaderAgreement(n=len(units), same=same)
    weighted, interval = intraclass_correlation(units)
    share = share_interval(same, len(units))
    return ReaderAgreement(
        n=len(units), same=same, share=share, weighted=weighted, interval=interval
    )


def intraclass_correlation(units: Sequence[Sequence[int]]) -> tuple[float | None, Interval | None]:
    """Return the one-way intraclass correlation and its interval, from the F distribution."""
    from scipy.special import fdtri

    n, total = len(units), sum(map(len, units))
    centre = sum(map(sum, units)) / total
    means = [sum(marks) / len(marks) for marks in units]
    between = sum(len(u) * (mean - centre) ** 2 for u, mean in zip(units, means, strict=True))
    within = sum((mark - mean) ** 2 for u, mean in zip(units, means, strict=True) for mark in u)
    if within == 0:  # all agree: told by the share, since no interval follows from no error
        return (1.0, None) if between else (None, None)
    each = (total - sum(len(u) ** 2 for u in units) / total) / (n - 1)
    ratio = (between / (n - 1)) / (within / (total - n))
    ends = (ratio / fdtri(n - 1, total - n, 0.975), ratio * fdtri(total - n, n - 1, 0.975))
    low, value, high = ((f - 1) / (f + each - 1) for f in (ends[0], ratio, ends[1]))
    return float(value), (float(low), float(high))


def check_summaries(
    round: Round, summaries: Mapping[str, Record], events: Iterable[Event]
) -> "tuple[pd.DataFrame, list[Finding]]":
    """See which of the required heads each unit's summary covers.

    Returns
    -------
    DataFrame
        One row a unit: ``unit unit_name``, a column per head id (True, False, None without a
        summary), ``missing`` (heads lacking, NaN without a summary), ``level`` and ``comment``
        of the latest assessment, None before one.
    list of Finding
        ``summary_absent`` per unit and ``section_missing`` per head.
    """
    import pandas as pd

    heads = round.notice.summary.heads
    levels = {
        event.body.unit: event.body
        for event in EventLog(events).of(SummaryAssessed)
        if event.body.level
    }
    rows: list[dict[str, object]] = []
    findings: list[Finding] = []
    for unit in round.units:
        record, assessed = summaries.get(unit.code), levels.get(unit.code)
        outline = outline_summary(heads, _sections(record)) if record else {}
        row: dict[str, object] = {"unit": unit.code, "unit_name": unit.short_name}
        row |= {head.id: bool(outline.get(head.id)) if record else None for head in heads}
        row["missing"] = sum(not outline.get(head.id) for head in heads) if record else None
        row["level"] = assessed.level if assessed else None
        row["comment"] = assessed.comment if assessed else None
        rows.append(row)
        findings += examine_summary(heads, record) if record else [_absent(unit)]
    table = pd.DataFrame(rows)
    table["missing"] = table["missing"].astype(float)
    return table, findings


def outline_summary(
    heads: Sequence[RequiredSection], sections: Iterable[Section]
) -> dict[str, Section]:
    """Collect the text under each required head.

    A heading counts for every head it names; a sub-heading that names none belongs to the last
    one that did. A head without any text under it is left out.
    """
    parts: dict[str, list[Section]] = {}
    current: tuple[RequiredSection, ...] = ()
    for section in sections:
        current = _heads_in(heads, section.heading) or current
        for head in current:
            parts.setdefault(head.id, []).append(section)
    texts = {
        name: "\n".join(section.text for section in sections).strip()
        for name, sections in parts.items()
    }
    return {
        name: Section(heading=parts[name][0].heading, text=text)
        for name, text in texts.items()
        if text
    }


def _heads_in(heads: Sequence[RequiredSection], heading: str) -> tuple[RequiredSection, ...]:
    return tuple(head for head in heads if any(word in heading for word in head.words))


def _sections(record: Record) -> tuple[Section, ...]:
    if isinstance(record.body, Summary):
        return record.body.sections
    return ()


def _absent(unit: Unit) -> Finding:
    return Finding(
        code="summary_absent", unit=unit.code, expected="2016年以来工作总结", found="未收到"
    )


def examine_summary(heads: Sequence[RequiredSection], record: Record) -> Iterator[Finding]:
    """Yield a finding for each required head that one summary lacks."""
    outline = outline_summary(heads, _sections(record))
    for head in heads:
        if not outline.get(head.id):
            yield Finding(
                code="section_missing",
                unit=record.unit,
                source=record.source,
                field=head.id,
                expected=f"有“{head.title}”部分",
                found="没有找到相应标题或其下没有文字",
            )
