"""Round state (derived from the ledger) and the round session that opens it.

The state is imported on first use: a session alone loads none of the review systems.
"""

from typing import TYPE_CHECKING

from kjfp_helpers.core.records import NOMINEE_KINDS
from kjfp_helpers.infra.lazy_loading import lazy_getattr
from kjfp_helpers.state.session import RoundSession, UnopenedRound

if TYPE_CHECKING:
    from kjfp_helpers.state.round_state import RoundState, derive_state

__all__ = ["NOMINEE_KINDS", "RoundSession", "RoundState", "UnopenedRound", "derive_state"]

__getattr__ = lazy_getattr(__name__, {"round_state": ("RoundState", "derive_state")})
