"""Faults of figures: told otherwise elsewhere, another measure, heaped, a hundredfold.

They are planted last, when no other fault changes a unit's figures any more. What each plants in
``answers.json``:

================== =====================================================================
code               rows
================== =====================================================================
figure_differs     one per figure that another paper tells otherwise; in one unit summary,
                   exhibition text and nominations (claims_over_unit) tell more than the return
figure_measure     one per figure that another paper tells in households
figure_round       one per return
figure_magnitude   one per figure
================== =====================================================================
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

from kjfp_helpers.rehearsal.faults.nomination_faults import FaultContext
from kjfp_helpers.rehearsal.generator.faultless_year import Planner
from kjfp_helpers.rehearsal.generator.year_model import RehearsalYear, UnitSubmission

HUNDREDFOLD = 100
REPORTED_SHARE, CLAIMED_SHARE = 0.8, 0.6
"""What a return tells of the people that the other papers tell, and each of two persons of it."""
FIGURE_FAULT_NAMES = frozenset(
    (
        "told_in_summary",
        "told_in_exhibit",
        "households",
        "hundredfold",
        "round_figures",
        "four_places",
    )
)
"""Names of the faults in ``answers.json``; a unit may bear one beside another fault."""
_TOUCHED = frozenset(
    (
        "stocktake_absent",
        "figure_missing",
        "target_not_met",
        "target_disagrees",
        "target_missing",
        "claim_over_unit",
        "claims_over_unit",
        "resubmission",
        "superseded",
        "late",
        "summary_absent",
        "exhibit_absent",
        "part_missing",
        "unit_mismatch",
        "duplicate_mail",
    )
)
"""Codes of faults beside which a unit bears none of figures."""


def plant_figure_faults(year: RehearsalYear, planner: Planner) -> None:
    """Plant each fault of figures in a unit of its own, as far as there are units."""
    context = FaultContext(year, planner, iter(()))
    touched = {row.unit for row in year.planted if row.code in _TOUCHED}
    touched |= {row.unit for row in year.acts}
    free = [one for one in year.submissions if one.unit.code not in touched and _tells_figures(one)]
    order = planner.rng.permutation(len(free)).tolist()
    plants: Sequence[Callable[[FaultContext, UnitSubmission], None]] = (
        plant_other_summary,
        plant_other_exhibit,
        plant_hundredfold,
        plant_round_figures,
        plant_households,
    )
    for plant, index in zip(plants, order, strict=False):
        plant(context, free[index])
    claiming = ("claim_differs", "corrupt")
    faulty = {row.unit for row in year.planted if row.fault or row.code in claiming}
    rest = (free[index] for index in order[len(plants) :])
    four = (one for one in rest if len(one.people()) > 1 and one.unit.code not in faulty)
    for one in islice(four, 1):
        plant_four_places(context, one)


def plant_four_places(context: FaultContext, submission: UnitSubmission) -> None:
    """Report fewer people than summary, exhibition text and nominations tell."""
    told = submission.done.people_done or 0
    reported = int(told * REPORTED_SHARE)
    submission.stocktake = replace(submission.done, people_done=reported)
    for entry in submission.people():
        entry.body = replace(entry.body, people_lifted=int(reported * CLAIMED_SHARE) + 1)
    summary, stocktake = _mail_with(submission, "summary"), _mail_with(submission, "stocktake")
    planted = [
        ("figure_differs", f"工作总结写脱贫{told}人，盘点表为{reported}人", summary),
        ("figure_differs", f"展览文本写脱贫{told}人，盘点表为{reported}人", "exhibition"),
        ("claims_over_unit", f"各人带动数合计大于单位盘点的{reported}人", "recommendation"),
    ]
    if reported < (submission.done.people_target or 0):
        planted.append(("target_not_met", f"people_done为{reported}，未达目标", stocktake))
    for code, why, mail in planted:
        context.record_fault(submission, code, why, mail=mail, fault="four_places")


def _tells_figures(submission: UnitSubmission) -> bool:
    """Whether a unit sends a return, a summary and an exhibit that tell its figures."""
    return (
        submission.stocktake == submission.done
        and not submission.stocktake_layout
        and submission.first_version is None
        and "numbers" in (submission.parts or ())
        and "numbers" in (submission.exhibit or ())
        and None not in (submission.done.experts_done, submission.done.people_done)
    )


def plant_other_summary(context: FaultContext, submission: UnitSubmission) -> None:
    """Let the summary tell another number of associations than the return: digits changed about."""
    done = submission.done.assoc_done or 0
    submission.summary_more = f"累计支持建设农技协{done + 36}个。"
    context.record_fault(
        submission,
        "figure_differs",
        f"工作总结写农技协{done + 36}个，盘点表为{done}个",
        mail=_mail_with(submission, "summary"),
        fault="told_in_summary",
    )


def plant_other_exhibit(context: FaultContext, submission: UnitSubmission) -> None:
    """Let the exhibition text tell another number of experts than the return."""
    done = submission.done.experts_done or 0
    submission.exhibit_more = f"五年来，共组织动员专家{done * 2}人。"
    context.record_fault(
        submission,
        "figure_differs",
        f"展览文本写专家{done * 2}人，盘点表为{done}人",
        mail="exhibition",
        fault="told_in_exhibit",
    )


def plant_households(context: FaultContext, submission: UnitSubmission) -> None:
    """Let the summary tell the number of people of the return as one of households."""
    people = submission.done.people_done or 0
    submission.summary_more = f"带动建档立卡贫困户{people}户脱贫。"
    context.record_fault(
        submission,
        "figure_measure",
        f"盘点表填{people}人，工作总结写{people}户",
        mail=_mail_with(submission, "summary"),
        fault="households",
    )


def plant_hundredfold(context: FaultContext, submission: UnitSubmission) -> None:
    """Report a hundred times the people, in every paper alike."""
    people = (submission.done.people_done or 0) * HUNDREDFOLD
    submission.stocktake = submission.done = replace(submission.done, people_done=people)
    context.record_fault(
        submission,
        "figure_magnitude",
        f"people_done为{people}，是应报数的{HUNDREDFOLD}倍",
        mail=_mail_with(submission, "stocktake"),
        fault="hundredfold",
    )


def plant_round_figures(context: FaultContext, submission: UnitSubmission) -> None:
    """Round experts and people up, in every paper alike."""
    done = submission.done
    rounded = replace(
        done,
        experts_done=_rounded_up(done.experts_done or 0, 100, 1000),
        people_done=_rounded_up(done.people_done or 0, 1000, 1000),
    )
    submission.stocktake = submission.done = rounded
    context.record_fault(
        submission,
        "figure_round",
        f"专家{rounded.experts_done}、脱贫人数{rounded.people_done}均为整数",
        mail=_mail_with(submission, "stocktake"),
        fault="round_figures",
    )


def _rounded_up(value: int, step: int, large_step: int) -> int:
    step = step if value < large_step else large_step
    return math.ceil(value / step) * step


def _mail_with(submission: UnitSubmission, what: str) -> str:
    return next(mail.name for mail in submission.mails if what in mail.carries)
