"""The steps of the review, in order, and the walk that derives everything again."""

from kjfp_helpers.commands.amend import amend
from kjfp_helpers.commands.assign import assign
from kjfp_helpers.commands.backup import back_up
from kjfp_helpers.commands.letter_issue import issue_letters, restore_letters
from kjfp_helpers.commands.member import restore, withdraw
from kjfp_helpers.commands.packets.packet_issue import bring, export, issue
from kjfp_helpers.commands.resume import resume
from kjfp_helpers.commands.simulation.simulated_scoring import rule, score
from kjfp_helpers.commands.steps import (
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
from kjfp_helpers.commands.verification.ledger_check import find_ledger, verify_ledger
from kjfp_helpers.commands.verification.round_verification import verify

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
