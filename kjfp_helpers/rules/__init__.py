"""A round's rule files as typed values: the notice, the rubric, units, targets, panel.

A name is loaded on first use: whoever only asks where a round lies reads no rules.
"""

from typing import TYPE_CHECKING

from kjfp_helpers.infra.lazy_loading import lazy_getattr

if TYPE_CHECKING:
    from kjfp_helpers.rules.loader import RULE_FILES, Round, load_round, load_round_texts
    from kjfp_helpers.rules.notice_terms import ListLimit, Notice, Quota, RequiredSection
    from kjfp_helpers.rules.round_folders import (
        default_rules_folder,
        notebooks_folder,
        output_folder,
        project_folder,
        round_folder,
    )
    from kjfp_helpers.rules.rubric import (
        Criterion,
        PanelAssumptions,
        Rubric,
        Scale,
        proposed_scores,
    )
    from kjfp_helpers.rules.rule_changes import RuleChange, compare_rules, describe_changes
    from kjfp_helpers.rules.rulings import (
        MAJORITY_TITLES,
        METHOD_TITLES,
        PLAN_TITLES,
        TIE_BREAK_TITLES,
        VOTING_TITLES,
        AnonymityPolicy,
    )
    from kjfp_helpers.rules.tables.cross_references import check_member
    from kjfp_helpers.rules.tables.reader import read_row
    from kjfp_helpers.rules.tables.rows import (
        ROLES,
        Commendation,
        Member,
        PoorPopulation,
        RoleHolder,
        SelfScore,
        Target,
        Unit,
        VoterRow,
    )
    from kjfp_helpers.rules.tables.table_set import ROLES_FILE, VOTERS_FILE
    from kjfp_helpers.rules.terms.assessment_scheme import (
        MEASURE_TITLES,
        NO_SUMMARY_TITLES,
        SOURCE_TITLES,
        AssessmentIndicator,
        AssessmentScheme,
    )

__all__ = [
    "MAJORITY_TITLES",
    "MEASURE_TITLES",
    "METHOD_TITLES",
    "NO_SUMMARY_TITLES",
    "PLAN_TITLES",
    "ROLES",
    "ROLES_FILE",
    "RULE_FILES",
    "SOURCE_TITLES",
    "TIE_BREAK_TITLES",
    "VOTERS_FILE",
    "VOTING_TITLES",
    "AnonymityPolicy",
    "AssessmentIndicator",
    "AssessmentScheme",
    "Commendation",
    "Criterion",
    "ListLimit",
    "Member",
    "Notice",
    "PanelAssumptions",
    "PoorPopulation",
    "Quota",
    "RequiredSection",
    "RoleHolder",
    "Round",
    "Rubric",
    "RuleChange",
    "Scale",
    "SelfScore",
    "Target",
    "Unit",
    "VoterRow",
    "check_member",
    "compare_rules",
    "default_rules_folder",
    "describe_changes",
    "load_round",
    "load_round_texts",
    "notebooks_folder",
    "output_folder",
    "project_folder",
    "proposed_scores",
    "read_row",
    "round_folder",
]

__getattr__ = lazy_getattr(
    __name__,
    {
        "terms.assessment_scheme": (
            "MEASURE_TITLES",
            "NO_SUMMARY_TITLES",
            "SOURCE_TITLES",
            "AssessmentIndicator",
            "AssessmentScheme",
        ),
        "loader": (
            "RULE_FILES",
            "Round",
            "load_round",
            "load_round_texts",
        ),
        "notice_terms": (
            "ListLimit",
            "Notice",
            "Quota",
            "RequiredSection",
        ),
        "round_folders": (
            "default_rules_folder",
            "notebooks_folder",
            "output_folder",
            "project_folder",
            "round_folder",
        ),
        "rubric": (
            "Criterion",
            "PanelAssumptions",
            "Rubric",
            "Scale",
            "proposed_scores",
        ),
        "rule_changes": (
            "RuleChange",
            "compare_rules",
            "describe_changes",
        ),
        "rulings": (
            "MAJORITY_TITLES",
            "VOTING_TITLES",
            "METHOD_TITLES",
            "PLAN_TITLES",
            "TIE_BREAK_TITLES",
            "AnonymityPolicy",
        ),
        "tables.table_set": ("ROLES_FILE", "VOTERS_FILE"),
        "tables.cross_references": ("check_member",),
        "tables.reader": ("read_row",),
        "tables.rows": (
            "ROLES",
            "Commendation",
            "Member",
            "PoorPopulation",
            "RoleHolder",
            "SelfScore",
            "Target",
            "Unit",
            "VoterRow",
        ),
    },
)
