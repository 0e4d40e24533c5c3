"""Faults of summaries: copied from another unit, a head run into the text, a slogan like a head.

What they plant in ``answers.json``: two rows ``summary_copied`` under ``planted``, and for a file
that broke off ``truncated`` and ``summary_absent``; under ``acts`` ``head_run_in`` (the head is
there and is found), ``slogan`` (what looks like a head is none) and ``summary_asked`` (the office
asks for the broken file again).
"""

from itertools import islice

from kjfp_helpers.rehearsal.faults.file_fault_specs import LEAST_UNITS
from kjfp_helpers.rehearsal.faults.nomination_faults import FaultContext
from kjfp_helpers.rehearsal.generator.faultless_year import Planner
from kjfp_helpers.rehearsal.generator.year_model import RehearsalYear, UnitSubmission

COPIED = (
    "\n（四）几点共同做法。把专家请到田头，把课堂设在棚里，把协会建在产业链上，"
    "让农户看得见样板、算得清账目、学得会手艺。每到农时季节，专家先到、物资先备、信息先发，"
    "协会按村分片、按户建卡，缺什么补什么。事后逐户回访，问产量、问价格、问难处，"
    "记在同一本台账上，年底对着台账一项一项销号。这样做下来，部门少走了弯路，农户少担了风险，"
    "留下来的是一支带不走的队伍和一套用得上的办法，群众说这样的帮扶实在、管用、长久。"
)
SLOGANS = (
    "\n（四）聚焦问题导向，精准对接需求\n以经验为镜，补齐服务链条，把群众反映的事一件一件办好。"
)
RUN_IN = "problems"
SUMMARY_FAULT_NAMES = frozenset(("copied_summary", "broken_summary"))
"""Names of the faults in ``answers.json``; a unit may bear one beside another fault."""
_TOUCHED = frozenset(
    ("summary_absent", "section_missing", "resubmission", "superseded", "duplicate_mail", "late")
)
"""Codes of faults beside which a unit bears none of summaries."""


def plant_summary_faults(year: RehearsalYear, planner: Planner) -> None:
    """Plant each fault in units of its own, as far as there are units."""
    context = FaultContext(year, planner, iter(()))
    touched = {row.unit for row in year.planted if row.code in _TOUCHED}
    touched |= {row.unit for row in year.acts}
    lacking = {row.unit for row in year.planted if row.code == "section_missing"}
    free = [one for one in year.submissions if one.unit.code not in touched and _is_whole(one)]
    order = [free[index] for index in planner.rng.permutation(len(free)).tolist()]
    for one in order[:2] if len(order) > 1 else ():
        _plant_copy(context, one)
    for one in order[2:3]:
        one.run_in_head = RUN_IN
        context.record_act(one, "head_run_in", "“存在问题”写在段首，没有标题，程序应当认出")
    leaning = {row.unit for row in year.planted if row.fault == "four_places"}
    alone = (one for one in order[3:] if one.unit.code not in leaning)
    for one in islice(alone, 1) if len(year.submissions) >= LEAST_UNITS else ():
        _plant_broken_file(context, one)
    for one in year.submissions:
        if one.unit.code in lacking and not one.summary_more:
            one.summary_more = SLOGANS
            says = "“聚焦问题导向”“以经验为镜”是口号，不能当作所缺的部分"
            context.record_act(one, "slogan", says)


def _plant_broken_file(context: FaultContext, submission: UnitSubmission) -> None:
    """Let the file of the summary break off; the office asks for another one."""
    submission.summary_cut = True
    mail = next(mail.name for mail in submission.mails if "summary" in mail.carries)
    for code in ("truncated", "summary_absent"):
        context.record_fault(
            submission, code, "工作总结的文件不完整，打不开", mail=mail, fault="broken_summary"
        )
    says = "总结打不开，单列为“无法阅读”，办公室请单位另报，不按未报送处理"
    context.record_act(submission, "summary_asked", says, mail=mail)


def _is_whole(submission: UnitSubmission) -> bool:
    """Whether a unit sends a whole summary once, to which nothing was added."""
    parts = submission.parts or ()
    return "numbers" in parts and RUN_IN in parts and not submission.summary_more


def _plant_copy(context: FaultContext, submission: UnitSubmission) -> None:
    """Let the summary hold a passage that another unit's holds too."""
    submission.summary_more = COPIED
    mail = next(
        (mail.name for mail in submission.mails if "summary" in mail.carries), "recommendation"
    )
    context.record_fault(
        submission, "summary_copied", "总结有一段与另一单位相同", mail=mail, fault="copied_summary"
    )
