"""What the readers of a summary confirmed of its heads, where they differ, and what was ruled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kjfp_helpers.core.events import Event, EventLog, SummaryAssessed, SummaryHeadsRuled
from kjfp_helpers.core.records import Record

HeadEvents = tuple[Event, ...]
"""Readings of a unit's summary and rulings on its heads, in the order of the ledger."""
HEAD_LABELS: Mapping[bool, str] = {True: "有", False: "缺"}


@dataclass(frozen=True, kw_only=True)
class HeadConfirmations:
    """What people said of the heads of one summary.

    ``held`` is what counts, by head: a ruling, else what every reader who said something says.
    ``apart`` are the heads on which readers differ and nothing is ruled: the program's reading
    stands for them meanwhile. ``by_reader`` is what each reader said last, ``ruled`` the rulings.
    """

    held: Mapping[str, bool] = field(default_factory=dict)
    apart: tuple[str, ...] = ()
    by_reader: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    ruled: Mapping[str, SummaryHeadsRuled] = field(default_factory=dict)

    def describe(self, head: str) -> str:
        """Return who said what of a head: ``a1有、a2缺``."""
        told = [
            f"{reader}{HEAD_LABELS[said[head]]}"
            for reader, said in sorted(self.by_reader.items())
            if head in said
        ]
        return "、".join(told)


def head_events_by_unit(log: EventLog) -> dict[str, HeadEvents]:
    """Return the readings and rulings of each unit's summary."""
    found: dict[str, list[Event]] = {}
    for event in log.of(SummaryAssessed, SummaryHeadsRuled):
        found.setdefault(event.body.unit, []).append(event)
    return {unit: tuple(events) for unit, events in found.items()}


def confirm_heads(record: Record, events: Iterable[Event]) -> HeadConfirmations:
    """Return what was confirmed of the heads of this very summary."""
    by_reader: dict[str, Mapping[str, bool]] = {}
    ruled: dict[str, SummaryHeadsRuled] = {}
    for event in events:
        body = event.body
        if isinstance(body, SummaryAssessed) and body.record in ("", record.id):
            by_reader[body.reader or event.actor] = body.heads
        elif isinstance(body, SummaryHeadsRuled) and body.record == record.id:
            for head, there in body.heads.items():
                ruled.pop(head, None)
                if there is not None:
                    ruled[head] = body
    said: dict[str, set[bool]] = {}
    for heads in by_reader.values():
        for head, there in heads.items():
            said.setdefault(head, set()).add(there)
    agreed = {head: next(iter(words)) for head, words in said.items() if len(words) == 1}
    decided = {head: bool(body.heads[head]) for head, body in ruled.items()}
    return HeadConfirmations(
        held=agreed | decided,
        apart=tuple(head for head, words in said.items() if len(words) > 1 and head not in ruled),
        by_reader=by_reader,
        ruled=ruled,
    )
