"""One round derived, and the desk on which it lies open."""

from kjfp_helpers.derivation.desk import Desk, acting
from kjfp_helpers.derivation.review import Review, derive
from kjfp_helpers.records import KINDS

__all__ = ["KINDS", "Desk", "Review", "acting", "derive"]
