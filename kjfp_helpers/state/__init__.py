"""One round derived, and the desk on which it lies open.

The review is loaded when it is first used: a desk by itself needs none of the systems.
"""

from typing import TYPE_CHECKING

from kjfp_helpers.core.records import KINDS
from kjfp_helpers.infra.lazy_imports import lazily
from kjfp_helpers.state.session import Desk

if TYPE_CHECKING:
    from kjfp_helpers.state.round_state import Review, derive

__all__ = ["KINDS", "Desk", "Review", "derive"]

__getattr__ = lazily(__name__, {"round_state": ("Review", "derive")})
