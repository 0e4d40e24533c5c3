"""Steps of the review in order, and the other commands on a round, as functions."""

from kjfp_helpers.commands.amend import amend
from kjfp_helpers.commands.assign import assign
from kjfp_helpers.commands.backup import back_up
from kjfp_helpers.commands.default_rules import create_default_round
from kjfp_helpers.commands.document_writing import ProgressCallback
from kjfp_helpers.commands.letter_issue import issue_letters, restore_letters
from kjfp_helpers.commands.member import reinstate_member, withdraw_member
from kjfp_helpers.commands.older_ledger_acceptance import resume
from kjfp_helpers.commands.packets.packet_commands import (
    export_workbooks,
    import_workbooks,
    issue_notebooks,
)
from kjfp_helpers.commands.simulation.simulated_scoring import simulate_rulings, simulate_scores
from kjfp_helpers.commands.steps import (
    StepResult,
    check,
    exhibit,
    freeze_rules,
    regenerate,
    register_mail,
    rehearse,
    shortlist,
    write_forms,
)
from kjfp_helpers.commands.verification.round_verification import verify
from kjfp_helpers.commands.verification.standalone_ledger_check import find_ledger, verify_ledger

STEPS = {
    "intake": register_mail,
    "rule": simulate_rulings,
    "check": check,
    "assign": assign,
    "score": simulate_scores,
    "shortlist": shortlist,
    "regenerate": regenerate,
    "exhibit": exhibit,
    "verify": verify,
}
"""The whole review: step to its function, in order."""

__all__ = [
    "STEPS",
    "ProgressCallback",
    "StepResult",
    "amend",
    "assign",
    "back_up",
    "check",
    "create_default_round",
    "exhibit",
    "export_workbooks",
    "find_ledger",
    "freeze_rules",
    "import_workbooks",
    "issue_letters",
    "issue_notebooks",
    "regenerate",
    "register_mail",
    "rehearse",
    "reinstate_member",
    "restore_letters",
    "resume",
    "shortlist",
    "simulate_rulings",
    "simulate_scores",
    "verify",
    "verify_ledger",
    "withdraw_member",
    "write_forms",
]
