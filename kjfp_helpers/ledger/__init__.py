"""The append-only, hash-chained record of what people decided."""

from kjfp_helpers.ledger.event_rows import Entry
from kjfp_helpers.ledger.store import Choose, Ledger

__all__ = ["Choose", "Entry", "Ledger"]
