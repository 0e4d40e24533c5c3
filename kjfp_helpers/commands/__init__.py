"""Steps of the review in order, and the other commands on a round, as functions.

A name is loaded on first use: a step that finds nothing to do imports nothing of the others.
"""

from typing import TYPE_CHECKING

from kjfp_helpers.infra.lazy_loading import lazy_getattr

if TYPE_CHECKING:
    from kjfp_helpers.commands.assessment.assessment_steps import assess
    from kjfp_helpers.commands.backup import back_up
    from kjfp_helpers.commands.default_rules import create_default_round
    from kjfp_helpers.commands.letter_issue import issue_letters, restore_letters
    from kjfp_helpers.commands.member_withdrawal import reinstate_member, withdraw_member
    from kjfp_helpers.commands.older_ledger_acceptance import resume
    from kjfp_helpers.commands.packets.packet_commands import (
        export_workbooks,
        import_workbooks,
        issue_notebooks,
    )
    from kjfp_helpers.commands.rehearsal_generation import rehearse
    from kjfp_helpers.commands.review_steps import STEPS
    from kjfp_helpers.commands.rule_amendment import amend
    from kjfp_helpers.commands.simulation.simulated_approvals import simulate_approvals
    from kjfp_helpers.commands.simulation.simulated_closing import (
        simulate_archive,
        simulate_closing,
    )
    from kjfp_helpers.commands.simulation.simulated_meeting import simulate_meeting
    from kjfp_helpers.commands.simulation.simulated_scoring import simulate_rulings, simulate_scores
    from kjfp_helpers.commands.simulation.simulated_spot_check import simulate_spot_check
    from kjfp_helpers.commands.spot_check.check_close import close_spot_check
    from kjfp_helpers.commands.spot_check.form_import import import_visit_forms
    from kjfp_helpers.commands.spot_check.form_issue import issue_visit_forms
    from kjfp_helpers.commands.spot_check.lot_steps import (
        draw_spot_check,
        freeze_spot_check,
        write_spot_check_papers,
    )
    from kjfp_helpers.commands.steps.blank_forms import write_forms
    from kjfp_helpers.commands.steps.round_steps import (
        assign,
        check,
        exhibit,
        regenerate,
        register_mail,
        shortlist,
        stocktake,
    )
    from kjfp_helpers.commands.steps.rules_freezing import freeze_rules
    from kjfp_helpers.commands.steps.step_result import StepResult
    from kjfp_helpers.commands.verification.round_verification import verify
    from kjfp_helpers.commands.verification.standalone_ledger_check import (
        find_ledger,
        verify_ledger,
    )

__all__ = [
    "STEPS",
    "StepResult",
    "amend",
    "assess",
    "assign",
    "back_up",
    "check",
    "close_spot_check",
    "create_default_round",
    "draw_spot_check",
    "exhibit",
    "export_workbooks",
    "find_ledger",
    "freeze_rules",
    "freeze_spot_check",
    "import_visit_forms",
    "import_workbooks",
    "issue_letters",
    "issue_notebooks",
    "issue_visit_forms",
    "regenerate",
    "register_mail",
    "rehearse",
    "reinstate_member",
    "restore_letters",
    "resume",
    "shortlist",
    "simulate_approvals",
    "simulate_archive",
    "simulate_closing",
    "simulate_meeting",
    "simulate_rulings",
    "simulate_scores",
    "simulate_spot_check",
    "stocktake",
    "verify",
    "verify_ledger",
    "withdraw_member",
    "write_forms",
    "write_spot_check_papers",
]

__getattr__ = lazy_getattr(
    __name__,
    {
        "assessment.assessment_steps": ("assess",),
        "backup": ("back_up",),
        "default_rules": ("create_default_round",),
        "letter_issue": (
            "issue_letters",
            "restore_letters",
        ),
        "member_withdrawal": (
            "reinstate_member",
            "withdraw_member",
        ),
        "older_ledger_acceptance": ("resume",),
        "packets.packet_commands": (
            "export_workbooks",
            "import_workbooks",
            "issue_notebooks",
        ),
        "rehearsal_generation": ("rehearse",),
        "review_steps": ("STEPS",),
        "rule_amendment": ("amend",),
        "simulation.simulated_approvals": ("simulate_approvals",),
        "simulation.simulated_closing": (
            "simulate_archive",
            "simulate_closing",
        ),
        "simulation.simulated_meeting": ("simulate_meeting",),
        "simulation.simulated_scoring": (
            "simulate_rulings",
            "simulate_scores",
        ),
        "simulation.simulated_spot_check": ("simulate_spot_check",),
        "spot_check.check_close": ("close_spot_check",),
        "spot_check.form_import": ("import_visit_forms",),
        "spot_check.form_issue": ("issue_visit_forms",),
        "spot_check.lot_steps": (
            "draw_spot_check",
            "freeze_spot_check",
            "write_spot_check_papers",
        ),
        "steps.blank_forms": ("write_forms",),
        "steps.round_steps": (
            "assign",
            "check",
            "exhibit",
            "regenerate",
            "register_mail",
            "shortlist",
            "stocktake",
        ),
        "steps.rules_freezing": ("freeze_rules",),
        "steps.step_result": ("StepResult",),
        "verification.round_verification": ("verify",),
        "verification.standalone_ledger_check": (
            "find_ledger",
            "verify_ledger",
        ),
    },
)
