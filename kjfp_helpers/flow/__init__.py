"""The steps of the review, in order, and the walk that derives everything again."""

from kjfp_helpers.flow.amendments import amend
from kjfp_helpers.flow.assigning import assign
from kjfp_helpers.flow.backup import back_up
from kjfp_helpers.flow.letters import issue_letters, restore_letters
from kjfp_helpers.flow.lone_ledger import find_ledger, verify_ledger
from kjfp_helpers.flow.packets import bring, export, issue
from kjfp_helpers.flow.resume import resume
from kjfp_helpers.flow.scoring import rule, score
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

STEPS = (intake, rule, check, assign, score, shortlist, regenerate, exhibit, verify)
"""The whole review, in order."""

__all__ = [
    "STEPS",
    "Outcome",
    "Tick",
    "amend",
    "assign",
    "back_up",
    "bring",
    "check",
    "exhibit",
    "export",
    "find_ledger",
    "forms",
    "freeze",
    "intake",
    "issue",
    "issue_letters",
    "regenerate",
    "rehearse",
    "restore",
    "restore_letters",
    "resume",
    "rule",
    "score",
    "shortlist",
    "verify",
    "verify_ledger",
    "withdraw",
]
