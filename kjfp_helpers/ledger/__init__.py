"""The append-only, hash-chained record of what people decided."""

from kjfp_helpers.ledger.store import Ledger

__all__ = ["Ledger"]
