"""One round derived, and the desk on which it lies open.

The review is loaded when it is first used: a desk by itself needs none of the systems.
"""

from typing import TYPE_CHECKING

from kjfp_helpers.derivation.desk import Desk
from kjfp_helpers.lazy import lazily
from kjfp_helpers.records import KINDS

if TYPE_CHECKING:
    from kjfp_helpers.derivation.review import Review, derive

__all__ = ["KINDS", "Desk", "Review", "derive"]

__getattr__ = lazily(__name__, {"review": ("Review", "derive")})
