"""Planted faults in units' submissions after the deadline.

What each plants in ``answers.json`` under ``acts``, beside its rows under ``planted``:

================ ==================================================================
act              what the unit did
================ ==================================================================
silent           sent nothing at all
corrected_late   obeyed a return for correction after the last day
chosen           named in a reply whom of too many it keeps (``case``)
withdrawn        took a nomination back by letter
================ ==================================================================
"""

from collections.abc import Sequence
from datetime import date

from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.rehearsal.faults import nomination_faults
from kjfp_helpers.rehearsal.faults.nomination_faults import FaultContext
from kjfp_helpers.rehearsal.generator.year_model import UnitMail, UnitSubmission

REPLY_DAYS = (date(2020, 8, 18), date(2020, 8, 19))
"""Days on which units answered the letters of 17 August."""


def plant_silence(context: FaultContext, submission: UnitSubmission) -> None:
    """Send nothing."""
    submission.nominations, submission.mails, submission.pictures = [], [], []
    submission.stocktake = submission.parts = submission.exhibit = None
    for code, what in (("stocktake", "盘点表"), ("summary", "工作总结"), ("exhibit", "展览素材")):
        context.record_fault(submission, f"{code}_absent", f"没有任何来件，缺{what}", mail="")
    context.record_act(
        submission, "silent", "应报材料均为未报送，只有一份催报通知，没有收讫回执", mail=""
    )


def plant_late_correction(context: FaultContext, submission: UnitSubmission) -> None:
    """Send a form with a blank box in time, and the corrected one when it was asked for."""
    entry = submission.people()[0]
    submission.first_version, submission.again = ("individual", {"address": None}), [entry]
    text = (
        f"收到贵办8月17日退回补正通知，现补报先进个人推荐表（{entry.name}）一份，"
        "通信地址一栏已补填，请以此件为准。",
    )
    _add_reply(context, submission, "4-correction", "补正材料", ("again",), text)
    context.record_fault(submission, "superseded", "地址一栏空白，已由补正件替换", entry)
    context.record_fault(
        submission, "resubmission", "按通知补正，以后件为准", entry, mail="correction"
    )
    says = "以补正件为准；首件按期，补正件不算逾期，仍可进入评审"
    context.record_act(submission, "corrected_late", says, entry, mail="correction")


def plant_nominee_choice(context: FaultContext, submission: UnitSubmission) -> None:
    """Recommend one person too many, and name the last of them when asked to choose."""
    nomination_faults.plant_over_quota(context, submission, kind="individual")
    submission.again = submission.people()[-1:]
    (kept,), others = submission.again, submission.people()[:-1]
    text = (
        f"贵办8月17日来函收悉。经研究，我单位先进个人保留推荐{kept.name}同志，"
        f"不再推荐{'、'.join(entry.name for entry in others)}同志，推荐表随函再次附上。特此函复。",
    )
    _add_reply(context, submission, "5-reply", "关于推荐对象的复函", ("again",), text)
    context.record_fault(submission, "superseded", "复函所附推荐表与前件相同", kept)
    context.record_fault(submission, "resubmission", "随复函再次报送", kept, mail="reply")
    says = f"选定的{kept.name}可进入评审，其余因超出名额暂缓；选定以复函（来件）为依据"
    context.record_act(submission, "chosen", says, kept, code="over_quota", mail="reply")


def plant_withdrawal(context: FaultContext, submission: UnitSubmission) -> None:
    """Take back the nomination of the last person by letter."""
    entry = submission.people()[-1]
    what = KIND_TITLES[entry.kind]
    text = (
        f"我单位推荐的{what}{entry.name}同志因工作调动，经研究，决定撤回对该同志的推荐，"
        "不再另行推荐。特此函告。",
    )
    _add_reply(context, submission, "6-withdrawal", "关于撤回推荐的函", (), text)
    context.record_fault(submission, "no_material", "撤回推荐的函只有正文", mail="withdrawal")
    says = "已撤回：不参评、不占名额，依据为单位来函（来件）"
    context.record_act(submission, "withdrawn", says, entry, code="withdrawn", mail="withdrawal")


def _add_reply(
    context: FaultContext,
    submission: UnitSubmission,
    key: str,
    subject: str,
    carries: Sequence[str],
    text: Sequence[str],
) -> None:
    sent, received = context.planner.draw_mail_times(*REPLY_DAYS)
    submission.mails.append(
        UnitMail(
            name=f"{submission.unit.code}-{key}",
            subject=f"{submission.unit.short_name}{subject}",
            carries=tuple(carries),
            sent=sent,
            received=received,
            text=tuple(text),
        )
    )
