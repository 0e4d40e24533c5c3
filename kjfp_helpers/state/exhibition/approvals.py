"""Approvals: each item of the exhibition with the decision that counts for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kjfp_helpers.core.events import Event, EventLog, ExhibitionItemsDecided
from kjfp_helpers.core.events.exhibition import CANCEL, HOLD, PUBLISH, RETURN, WITHDRAW
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.intake.online_column.column_folder import COLUMN_FOLDER, COLUMN_TITLES
from kjfp_helpers.intake.online_column.column_items import ColumnItem
from kjfp_helpers.notice.exhibition_hints import NUMBERS as NUMBERS_HINT
from kjfp_helpers.state.exhibition.column_texts import add_column_items
from kjfp_helpers.state.exhibition.exhibition_items import (
    NUMBERS,
    PICTURE,
    TEXT,
    ExhibitionItem,
    collect_items,
)
from kjfp_helpers.state.exhibition.experience_items import add_experience_items
from kjfp_helpers.state.round_state import RoundState

OPEN, PUBLIC, HELD, RETURNED, TAKEN_DOWN = "待审定", "已批准", "已缓发", "已退回", "已撤下"
"""Where an item stands; only what is approved is public."""
_BATCHED = (PICTURE, TEXT, NUMBERS)
"""Kinds that may be approved with others; news and profiles are read one by one."""
STATE_TITLES: Mapping[str, str] = {
    CANCEL: OPEN,
    PUBLISH: PUBLIC,
    HOLD: HELD,
    RETURN: RETURNED,
    WITHDRAW: TAKEN_DOWN,
}
"""Last decision to the state of the item."""


@dataclass(frozen=True, kw_only=True)
class Approval:
    """An item with the last decision on it.

    ``decision`` counts; ``lapsed`` is a decision on other content, which counts no more.
    """

    item: ExhibitionItem
    decision: Event[ExhibitionItemsDecided] | None = None
    lapsed: Event[ExhibitionItemsDecided] | None = None

    @property
    def state(self) -> str:
        """Where the item stands, in Chinese."""
        return STATE_TITLES.get(self.decision.body.decision if self.decision else CANCEL, OPEN)

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.state == OPEN

    @property
    def new_hints(self) -> tuple[str, ...]:
        """Codes of hints that came up after the approval and that nobody looked into."""
        if not self.is_public or self.decision is None:
            return ()
        confirmed = {NUMBERS_HINT, *self.decision.body.confirmed}
        return tuple(code for code in self.item.hint_codes if code not in confirmed)

    @property
    def is_waiting(self) -> bool:
        """Whether a person has to look at it: undecided, or public with a new hint."""
        return self.is_open or bool(self.new_hints)

    @property
    def is_public(self) -> bool:
        """Whether it may be public."""
        return self.state == PUBLIC

    @property
    def is_unremarkable(self) -> bool:
        """Whether it is open and the checks found nothing: it may be approved with others."""
        return self.is_open and self.item.proposed == PUBLISH and self.item.kind in _BATCHED

    @property
    def text(self) -> str:
        """The text as it may be public: as approved, else the unit's own."""
        edited = self.decision.body.text if self.decision else None
        return self.item.text if edited is None else edited

    @property
    def is_edited(self) -> bool:
        """Whether the office approved another text than the unit's own."""
        return self.decision is not None and self.decision.body.text is not None


def fold_approvals(
    items: Mapping[str, Sequence[ExhibitionItem]], events: Iterable[Event]
) -> dict[str, tuple[Approval, ...]]:
    """Return every unit's items with the decisions that count for them.

    Parameters
    ----------
    items : mapping
        Unit code to its items.
    events : iterable of Event
        The standing events of the ledger, in order.
    """
    last: dict[tuple[str, str], Event[ExhibitionItemsDecided]] = {}
    digests: dict[tuple[str, str], str] = {}
    for event in EventLog(events).of(ExhibitionItemsDecided):
        for id, content in event.body.items:
            last[event.body.unit, id] = event
            digests[event.body.unit, id] = content
    return {
        unit: tuple(
            _approval(item, last.get((unit, item.id)), digests.get((unit, item.id), ""))
            for item in of_unit
        )
        for unit, of_unit in items.items()
    }


def _approval(
    item: ExhibitionItem, event: Event[ExhibitionItemsDecided] | None, content: str
) -> Approval:
    if event is None:
        return Approval(item=item)
    if content != item.content:
        return Approval(item=item, lapsed=event)
    return Approval(item=item, decision=event)


def list_approvals(
    state: RoundState, column: Sequence[ColumnItem] = ()
) -> dict[str, tuple[Approval, ...]]:
    """Return every unit's items with the decisions that count, in the order of ``units.csv``.

    ``column`` are the news and profiles; those that name no unit come last, under ``""``.
    """
    items = add_experience_items(state, collect_items(state))
    items = add_column_items(state, items, column)
    return fold_approvals(items, state.standing_events)


def list_returned(state: RoundState) -> Iterator[Finding]:
    """Yield a fault for each item that was returned to its unit, as a letter tells it.

    What an exhibit holds is no longer asked for once it was sent anew; of news and profiles the
    decision says so, which is taken back or replaced when the unit answered.
    """
    returned = state.standing_events.bodies(ExhibitionItemsDecided)
    if not any(body.decision == RETURN for body in returned):
        return
    sources = {one.unit: one.source for one in state.submissions.records if one.kind == "exhibit"}
    for unit, approvals in list_approvals(state).items():
        for one in approvals:
            if one.state == RETURNED and one.decision and not one.item.faults:
                body = one.decision.body
                yield _returned(unit, body.reason, sources[unit], one.item.title)
    last = {(body.unit, id): body for body in returned for id, _ in body.items}
    for (unit, id), body in last.items():
        kind = id.partition(":")[0]
        if body.decision == RETURN and kind in COLUMN_TITLES and body.title:
            source = f"{COLUMN_FOLDER}/{body.title.replace('/', '／')}"
            yield _returned(unit, body.reason, source, COLUMN_TITLES[kind])


def _returned(unit: str, reason: str, source: str, place: str) -> Finding:
    return Finding(
        code="exhibit_returned",
        expected="可以公开展览的内容",
        found=reason or "须修改",
        source=source,
        place=place,
        unit=unit,
    )
