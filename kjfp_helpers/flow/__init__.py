"""The steps of the review, in order, and the walk that derives everything again."""

from kjfp_helpers.flow.assigning import assign
from kjfp_helpers.flow.packets import bring, export, issue
from kjfp_helpers.flow.scoring import score
from kjfp_helpers.flow.steps import (
    Outcome,
    Tick,
    check,
    exhibit,
    forms,
    freeze,
    intake,
    regenerate,
    rehearse,
    shortlist,
)
from kjfp_helpers.flow.verify import verify
from kjfp_helpers.flow.withdrawals import restore, withdraw

STEPS = (intake, check, assign, score, shortlist, regenerate, exhibit, verify)
"""The whole review, in order."""

__all__ = [
    "STEPS",
    "Outcome",
    "Tick",
    "assign",
    "bring",
    "check",
    "exhibit",
    "export",
    "forms",
    "freeze",
    "intake",
    "issue",
    "regenerate",
    "rehearse",
    "restore",
    "score",
    "shortlist",
    "verify",
    "withdraw",
]
