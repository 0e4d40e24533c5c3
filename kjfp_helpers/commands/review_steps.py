"""The whole review: its steps in order."""

from collections.abc import Mapping

STEPS: Mapping[str, str] = {
    "intake": "register_mail",
    "rule": "simulate_rulings",
    "approve": "simulate_approvals",
    "check": "check",
    "assign": "assign",
    "score": "simulate_scores",
    "visit": "simulate_spot_check",
    "meet": "simulate_meeting",
    "close": "simulate_closing",
    "shortlist": "shortlist",
    "regenerate": "regenerate",
    "exhibit": "exhibit",
    "archive": "simulate_archive",
    "verify": "verify",
}
"""Step to the name of its function in :mod:`kjfp_helpers.commands`, which loads it when it runs."""
