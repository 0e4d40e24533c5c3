"""A round's rule files as typed values: the notice, the rubric, units, targets, panel."""

from kjfp_helpers.rules.loader import (
    ROLES_FILE,
    RULE_FILES,
    Round,
    load_round,
    load_round_texts,
)
from kjfp_helpers.rules.notice_rules import Head, Limit, Notice, Quota
from kjfp_helpers.rules.paths import (
    default_rules_folder,
    home,
    notebooks_folder,
    output_folder,
    round_folder,
)
from kjfp_helpers.rules.rubric import Assumed, Criterion, Rubric, Scale, proposed_marks
from kjfp_helpers.rules.rule_changes import RuleChange, compare_rules, list_changes
from kjfp_helpers.rules.rulings import (
    MAJORITY_TITLES,
    METHOD_TITLES,
    PLAN_TITLES,
    STEP_TITLES,
    Blind,
)
from kjfp_helpers.rules.tables.cross_references import check_member
from kjfp_helpers.rules.tables.reader import read_row
from kjfp_helpers.rules.tables.rows import ROLES, Commendation, Member, RoleHolder, Target, Unit

__all__ = [
    "MAJORITY_TITLES",
    "METHOD_TITLES",
    "PLAN_TITLES",
    "ROLES",
    "ROLES_FILE",
    "RULE_FILES",
    "STEP_TITLES",
    "Assumed",
    "Blind",
    "Commendation",
    "Criterion",
    "Head",
    "Limit",
    "Member",
    "Notice",
    "Quota",
    "RoleHolder",
    "Round",
    "Rubric",
    "RuleChange",
    "Scale",
    "Target",
    "Unit",
    "check_member",
    "compare_rules",
    "default_rules_folder",
    "home",
    "list_changes",
    "load_round",
    "load_round_texts",
    "notebooks_folder",
    "output_folder",
    "proposed_marks",
    "read_row",
    "round_folder",
]
