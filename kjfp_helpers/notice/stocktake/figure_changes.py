"""History of the figures of the returns: old value, new value, who, how, why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kjfp_helpers.core.events import Event, EventLog, FieldCorrected
from kjfp_helpers.core.form_schema import INDICATORS, STOCKTAKE_COLUMNS
from kjfp_helpers.core.records import Record, Stocktake

FIGURE_FIELDS: Mapping[str, str] = {
    f"{one.name}_{suffix}": f"{one.title}{heading.removesuffix('数')}数（{one.measure}）"
    for one in INDICATORS
    for suffix, heading in STOCKTAKE_COLUMNS
}
"""Fields of a return that hold a figure, with their Chinese names."""


@dataclass(frozen=True, kw_only=True)
class FigureChange:
    """One change of one figure; ``seq`` is the ledger's number, 0 for what the unit sent anew.

    ``how`` is the ground that the secretary named (原件, 电话, 纸质, 来信) or 单位重报.
    """

    unit: str
    field: str
    old: int | None
    new: int | None
    how: str
    reason: str
    actor: str
    at: datetime | None
    seq: int = 0
    source: str = ""

    @property
    def title(self) -> str:
        """Chinese name of the figure."""
        return FIGURE_FIELDS[self.field]


def trace_figures(
    records: Iterable[Record],
    replaced: Sequence[tuple[Record, Record]],
    events: Sequence[Event],
    arrivals: Mapping[int, datetime | None],
) -> list[FigureChange]:
    """Return every change of a figure, by unit and then in order of time.

    Parameters
    ----------
    records : iterable of Record
        All records ever read, by which a correction is filed under its unit.
    replaced : sequence of (old, new)
        Returns that were sent again, with the later version.
    events : sequence of Event
        The ledger.
    arrivals : mapping
        When each message came, by receipt number.
    """
    returns = {one.id: one for one in records if isinstance(one.body, Stocktake)}
    changes = [*_corrections(returns, events), *_resent(replaced, arrivals)]
    return sorted(changes, key=_order)


def _order(change: FigureChange) -> tuple[str, float, int, str]:
    """Order a unit's changes in time; one that came on no known day stands first."""
    time = change.at.timestamp() if change.at else 0.0
    return change.unit, time, change.seq, change.field


def _corrections(returns: Mapping[str, Record], events: Sequence[Event]) -> Iterator[FigureChange]:
    for event in EventLog(events).of(FieldCorrected):
        body = event.body
        record = returns.get(body.record)
        if record is not None and body.field in FIGURE_FIELDS:
            yield FigureChange(
                unit=record.unit,
                field=body.field,
                old=body.old,
                new=body.new,
                how=body.channel or "原件",
                reason=body.reason,
                actor=event.actor,
                at=event.at,
                seq=event.seq,
                source=record.source,
            )


def _resent(
    replaced: Sequence[tuple[Record, Record]], arrivals: Mapping[int, datetime | None]
) -> Iterator[FigureChange]:
    for old, new in replaced:
        if not (isinstance(old.body, Stocktake) and isinstance(new.body, Stocktake)):
            continue
        for name in FIGURE_FIELDS:
            before, after = getattr(old.body, name), getattr(new.body, name)
            if before != after:
                yield FigureChange(
                    unit=new.unit,
                    field=name,
                    old=before,
                    new=after,
                    how="单位重报",
                    reason="以后件为准",
                    actor="报送单位",
                    at=arrivals.get(new.receipt),
                    source=new.source,
                )
