"""Work summaries and their assessment (总结考核, clause 二)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kjfp_helpers.events import Event, SummaryAssessed
from kjfp_helpers.findings import Finding
from kjfp_helpers.records import Record, Section, Summary
from kjfp_helpers.rules import Head, Round, Unit

if TYPE_CHECKING:
    import pandas as pd


def check(
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
        for event in events
        if isinstance(event.body, SummaryAssessed) and event.body.level
    }
    rows: list[dict[str, object]] = []
    findings: list[Finding] = []
    for unit in round.units:
        record, assessed = summaries.get(unit.code), levels.get(unit.code)
        held = outline(heads, _sections(record)) if record else {}
        row: dict[str, object] = {"unit": unit.code, "unit_name": unit.short_name}
        row |= {head.id: bool(held.get(head.id)) if record else None for head in heads}
        row["missing"] = sum(not held.get(head.id) for head in heads) if record else None
        row["level"] = assessed.level if assessed else None
        row["comment"] = assessed.comment if assessed else None
        rows.append(row)
        findings += examine(heads, record) if record else [_absent(unit)]
    table = pd.DataFrame(rows)
    table["missing"] = table["missing"].astype(float)
    return table, findings


def outline(heads: Sequence[Head], sections: Iterable[Section]) -> dict[str, Section]:
    """Gather under each required head what the text says of it.

    A heading stands for every head it names; a sub-heading that names none belongs to the last
    one that did. A head without any text under it is not held, since it reports nothing.
    """
    parts: dict[str, list[Section]] = {}
    current: tuple[Head, ...] = ()
    for section in sections:
        current = _named(heads, section.heading) or current
        for head in current:
            parts.setdefault(head.id, []).append(section)
    texts = {name: "\n".join(part.text for part in found).strip() for name, found in parts.items()}
    return {
        name: Section(heading=parts[name][0].heading, text=text)
        for name, text in texts.items()
        if text
    }


def _named(heads: Sequence[Head], heading: str) -> tuple[Head, ...]:
    return tuple(head for head in heads if any(word in heading for word in head.words))


def _sections(record: Record) -> tuple[Section, ...]:
    return record.body.sections if isinstance(record.body, Summary) else ()


def _absent(unit: Unit) -> Finding:
    return Finding(
        code="summary_absent", unit=unit.code, expected="2016年以来工作总结", found="未收到"
    )


def examine(heads: Sequence[Head], record: Record) -> Iterator[Finding]:
    """Yield a finding for each required head that one summary lacks."""
    held = outline(heads, _sections(record))
    for head in heads:
        if not held.get(head.id):
            yield Finding(
                code="section_missing", unit=record.unit, source=record.source, field=head.id,
                expected=f"有“{head.title}”部分", found="没有找到相应标题或其下没有文字",
            )  # fmt: skip
