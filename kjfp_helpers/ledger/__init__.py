"""The append-only, hash-chained record of what people decided."""

from kjfp_helpers.ledger.event_rows import PendingEvent
from kjfp_helpers.ledger.store import EventFactory, Ledger

__all__ = ["EventFactory", "Ledger", "PendingEvent"]
