"""A round's rule files as typed values: the notice, the rubric, units, targets, panel."""

from kjfp_helpers.rules.folders import home, output_folder, round_folder
from kjfp_helpers.rules.load import ROLES_FILE, RULE_FILES, Round, load_round
from kjfp_helpers.rules.notice import Head, Limit, Notice, Quota
from kjfp_helpers.rules.references import check_member
from kjfp_helpers.rules.rubric import Assumed, Criterion, Rubric, Scale
from kjfp_helpers.rules.rulings import (
    MAJORITY_TITLES,
    METHOD_TITLES,
    PLAN_TITLES,
    STEP_TITLES,
    Blind,
)
from kjfp_helpers.rules.tables import (
    ROLES,
    Commendation,
    Member,
    RoleHolder,
    Target,
    Unit,
    nearest,
    read_row,
)

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
    "Scale",
    "Target",
    "Unit",
    "check_member",
    "home",
    "load_round",
    "nearest",
    "output_folder",
    "read_row",
    "round_folder",
]
