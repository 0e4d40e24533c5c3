"""Faults of messages, stock-takes, summaries and exhibits; each function plants one."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from kjfp_helpers.rehearsal.faults.nomination_faults import FaultContext
from kjfp_helpers.rehearsal.generator.faultless_year import CHINA
from kjfp_helpers.rehearsal.generator.year_model import ExhibitPicture, UnitMail, UnitSubmission

LATE_SAYS = {
    "admitted": "已裁定准予接收：不再暂缓，不再列入退回补正通知",
    "upheld": "已裁定维持暂缓：仍不进入评审，不再列入退回补正通知",
}
"""What the review must say of a late message by what the office ruled."""


def plant_late_mail(
    context: FaultContext, submission: UnitSubmission, *, at: str, minutes: int, ruled: str
) -> None:
    """Let one message with everything come after the last day; the office ruled on it."""
    mails = [item for item in submission.mails if not item.name.endswith("exhibition")]
    mails[0].carries = ("forms", "stocktake", "summary")
    for item in mails[1:]:
        submission.mails.remove(item)
    _set_times(mails[0], datetime.fromisoformat(at), minutes)
    came = mails[0].received
    why = f"{came.month:02}月{came.day:02}日 {came:%H:%M}收到"
    for entry in submission.nominations:
        context.record_fault(submission, "late", why, entry)
    if submission.parts is not None:
        context.record_fault(submission, "late", f"工作总结{why}")
    context.record_act(submission, ruled, LATE_SAYS[ruled], code="late")


def plant_late_exhibit(context: FaultContext, submission: UnitSubmission) -> None:
    """Let the exhibition mail come after its day."""
    _set_times(submission.mails[0], datetime.fromisoformat("2020-07-17T10:20:30"), 1)
    context.record_fault(submission, "late", "展览素材7月17日收到", mail="exhibition")


def _set_times(mail: UnitMail, sent: datetime, minutes: int) -> None:
    mail.sent = sent.replace(tzinfo=CHINA)
    mail.received = mail.sent + timedelta(minutes=minutes)


def plant_resubmission(context: FaultContext, submission: UnitSubmission, *, what: str) -> None:
    """Send a corrected version of a form or of the stock-take."""
    submission.first_version = (what, _first_version_values(submission, what))
    sent, received = context.planner.draw_mail_times(date(2020, 8, 14), date(2020, 8, 15))
    entry = submission.people()[0] if what == "individual" else None
    submission.again = []
    if entry:
        submission.again.append(entry)
    submission.mails.append(
        UnitMail(
            name=f"{submission.unit.code}-4-correction",
            sent=sent,
            received=received,
            subject=f"{submission.unit.short_name}更正材料，请以此件为准",
            carries=("again",) if entry else ("correction:stocktake",),
        )
    )
    first = "recommendation" if entry else _mail_with_stocktake(submission)
    context.record_fault(submission, "superseded", "已由更正件替换", entry, mail=first)
    context.record_fault(
        submission, "resubmission", "更正后重报，以后件为准", entry, mail="correction"
    )


def _first_version_values(submission: UnitSubmission, what: str) -> dict[str, Any]:
    """Return what stood in the version that was sent first."""
    if what == "individual":
        return {"address": f"{submission.unit.region}演练市旧址路1号"}
    return {"experts_done": max(submission.done.experts_target or 0, 1)}


def plant_duplicate_mail(context: FaultContext, submission: UnitSubmission, *, how: str) -> None:
    """Let the recommendation mail arrive twice."""
    mail = next(item for item in submission.mails if item.name.endswith("recommendation"))
    mail.again = how
    context.record_fault(submission, "duplicate_mail", "同一邮件收到两次")
    context.year.planted[-1].mail += "-copy"


def plant_no_summary(context: FaultContext, submission: UnitSubmission) -> None:
    """Send no summary."""
    submission.parts = None
    context.record_fault(submission, "summary_absent", "没有附工作总结", mail="")


def plant_no_stocktake(context: FaultContext, submission: UnitSubmission) -> None:
    """Send no stock-take."""
    submission.stocktake = None
    context.record_fault(submission, "stocktake_absent", "没有附盘点表", mail="")


def plant_missing_section(context: FaultContext, submission: UnitSubmission, *, head: str) -> None:
    """Leave a head out of the summary."""
    assert submission.parts
    submission.parts = tuple(name for name in submission.parts if name != head)
    context.record_fault(
        submission,
        "section_missing",
        f"工作总结没有{head}部分",
        mail=_mail_with_stocktake(submission),
    )


def plant_missing_figure(context: FaultContext, submission: UnitSubmission, *, field: str) -> None:
    """Leave a figure of the stock-take blank."""
    blank: dict[str, Any] = {field: None}
    submission.stocktake = replace(submission.done, **blank)
    context.record_fault(
        submission, "figure_missing", f"{field}未填", mail=_mail_with_stocktake(submission)
    )


def plant_missed_targets(
    context: FaultContext, submission: UnitSubmission, *, names: tuple[str, ...]
) -> None:
    """Miss the targets of some figures."""
    for name in names:
        aim = getattr(submission.done, f"{name}_target")
        less: dict[str, Any] = {f"{name}_done": int(aim * 0.88)}
        submission.done = replace(submission.done, **less)
        context.record_fault(
            submission,
            "target_not_met",
            f"{name}_done少于目标",
            mail=_mail_with_stocktake(submission),
        )
    submission.stocktake = submission.done


def plant_other_target(context: FaultContext, submission: UnitSubmission) -> None:
    """State another target than the assigned one."""
    aim = submission.done.experts_target or 0
    submission.stocktake = replace(submission.done, experts_target=aim - 5)
    context.record_fault(
        submission,
        "target_disagrees",
        "experts_target与下达数不同",
        mail=_mail_with_stocktake(submission),
    )


def plant_no_target(context: FaultContext, submission: UnitSubmission) -> None:
    """Assign a unit no targets, whatever it states as its own."""
    submission.target = None
    _record_unassigned(context, submission, "targets.csv没有这个单位")


def plant_blank_target(context: FaultContext, submission: UnitSubmission, *, name: str) -> None:
    """Leave one assigned target of a unit blank."""
    assert submission.target
    blank: dict[str, Any] = {f"{name}_target": None}
    submission.target = replace(submission.target, **blank)
    _record_unassigned(context, submission, f"{name}_target没有下达")


def _record_unassigned(context: FaultContext, submission: UnitSubmission, why: str) -> None:
    context.record_fault(submission, "target_missing", why)
    context.year.planted[-1].mail = ""  # the office's own table, no message


def plant_no_pictures(context: FaultContext, submission: UnitSubmission) -> None:
    """Send an exhibition text without any picture."""
    submission.pictures = []
    context.record_fault(submission, "no_picture", "展览素材只有文字", mail="exhibition")


def _mail_with_stocktake(submission: UnitSubmission) -> str:
    return next(item.name for item in submission.mails if "stocktake" in item.carries)


def plant_no_exhibit(context: FaultContext, submission: UnitSubmission) -> None:
    """Send no exhibition mail."""
    submission.exhibit, submission.mails = None, submission.mails[1:]
    context.record_fault(submission, "exhibit_absent", "没有报送展览素材", mail="")


def plant_missing_part(context: FaultContext, submission: UnitSubmission, *, part: str) -> None:
    """Leave a part out of the exhibition text."""
    assert submission.exhibit
    submission.exhibit = tuple(name for name in submission.exhibit if name != part)
    context.record_fault(submission, "part_missing", f"展览文本没有{part}部分", mail="exhibition")


def plant_small_pictures(context: FaultContext, submission: UnitSubmission) -> None:
    """Send two pictures that are too small."""
    for picture in submission.pictures[:2]:
        plant_small_picture(context, submission, picture)


def plant_small_picture(
    context: FaultContext, submission: UnitSubmission, picture: ExhibitPicture
) -> None:
    """Send a picture that is too small."""
    picture.small = True
    context.record_fault(submission, "too_small", f"{picture.stem}.jpg不足2M", mail="exhibition")


def plant_misnamed_caption(context: FaultContext, submission: UnitSubmission) -> None:
    """Name a caption otherwise than its picture."""
    picture = submission.pictures[0]
    picture.caption_stem = picture.stem + "图"
    context.record_fault(
        submission, "name_mismatch", f"{picture.stem}.jpg的注释多一个字", mail="exhibition"
    )


def plant_missing_caption(context: FaultContext, submission: UnitSubmission) -> None:
    """Send a picture without caption."""
    picture = submission.pictures[1]
    picture.caption_stem = None
    context.record_fault(
        submission, "caption_missing", f"{picture.stem}.jpg没有注释", mail="exhibition"
    )
