"""The whole review: its steps in order."""

from collections.abc import Callable, Mapping
from typing import Any

from kjfp_helpers.commands.simulation.simulated_approvals import simulate_approvals
from kjfp_helpers.commands.simulation.simulated_closing import simulate_archive, simulate_closing
from kjfp_helpers.commands.simulation.simulated_meeting import simulate_meeting
from kjfp_helpers.commands.simulation.simulated_scoring import simulate_rulings, simulate_scores
from kjfp_helpers.commands.simulation.simulated_spot_check import simulate_spot_check
from kjfp_helpers.commands.steps.round_steps import (
    assign,
    check,
    exhibit,
    regenerate,
    register_mail,
    shortlist,
)
from kjfp_helpers.commands.verification.round_verification import verify

STEPS: Mapping[str, Callable[..., Any]] = {
    "intake": register_mail,
    "rule": simulate_rulings,
    "approve": simulate_approvals,
    "check": check,
    "assign": assign,
    "score": simulate_scores,
    "visit": simulate_spot_check,
    "meet": simulate_meeting,
    "close": simulate_closing,
    "shortlist": shortlist,
    "regenerate": regenerate,
    "exhibit": exhibit,
    "archive": simulate_archive,
    "verify": verify,
}
"""Step to its function, in order."""
