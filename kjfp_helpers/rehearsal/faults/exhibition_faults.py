"""Faults of exhibitions that only a person can rule on, planted last, one in a unit of its own.

What each plants in ``answers.json``, as a fault or as an act ``left_unapproved`` with the code of
the hint:

============== ============================================================================
code           what is sent
============== ============================================================================
duplicate      a picture of another unit, as it is; a part of a picture of another unit
private_data   a phone number in a caption; the place of the photo in its EXIF data
meeting        a caption on a meeting and its leaders
resaved        a picture that was compressed before
consent        a caption on pupils, without a word of consent
enlarged       a picture blown up from fewer pixels
============== ============================================================================

Every unit with one of them has what is remarkable in its exhibit left for the trainee to rule on.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from kjfp_helpers.rehearsal.faults.nomination_faults import FaultContext
from kjfp_helpers.rehearsal.generator.faultless_year import Planner
from kjfp_helpers.rehearsal.generator.year_model import RehearsalYear, UnitSubmission

LEFT = "left_unapproved"
"""Act: what is remarkable in the exhibit of the unit is left for the trainee."""
LEAST_UNITS = 12
"""Units from which on a round bears any."""
_PHONE = "19900009999"
_MEETING = "召开科技扶贫工作部署会，领导出席并讲话。"
_PUPILS = "专家为村小学生讲解科学知识。"
_SAYS = "展览内容留待审定"

Plant = Callable[..., None]


def plant_exhibition_faults(year: RehearsalYear, planner: Planner) -> None:
    """Plant each fault in a unit whose exhibit has none, as far as there are units."""
    if len(year.submissions) < LEAST_UNITS:
        return
    context = FaultContext(year, planner, iter(()))
    faulty = {row.unit for row in year.planted if row.mail.endswith("exhibition")}
    fitting = [
        one
        for one in year.submissions
        if one.pictures and one.exhibit is not None and one.unit.code not in faulty
    ]
    order = planner.rng.permutation(len(fitting)).tolist()
    free = [fitting[index] for index in order]
    for needed, plant in _PLANTS:
        if len(free) >= needed:
            plant(context, *sorted((free.pop() for _ in range(needed)), key=_arrival))


def _arrival(submission: UnitSubmission) -> datetime:
    return next(mail.received for mail in submission.mails if "exhibit" in mail.carries)


def plant_repetition(
    context: FaultContext, first: UnitSubmission, second: UnitSubmission, *, treatment: str
) -> None:
    """Send a picture of another unit that came before, as it is or a part of it."""
    number = context.year.submissions.index(first)
    second.pictures[0].drawn_as = (number, 0)
    second.pictures[0].treatment = treatment
    of = f"{first.unit.short_name}的{first.pictures[0].stem}.jpg"
    what = f"是{of}的一部分" if treatment else f"与{of}是同一文件"
    why = f"{second.pictures[0].stem}.jpg{what}"
    context.record_fault(second, "duplicate", why, mail="exhibition")
    for submission in (first, second):
        _leave(context, submission, "repeated")


def plant_caption(
    context: FaultContext, submission: UnitSubmission, *, code: str, caption: str
) -> None:
    """Send a caption that a person has to look into."""
    submission.pictures[0].caption = caption
    _leave(context, submission, code)


def plant_phone(context: FaultContext, submission: UnitSubmission) -> None:
    """Send a caption with a phone number."""
    picture = submission.pictures[0]
    picture.caption += f"联系电话{_PHONE}。"
    context.record_fault(
        submission, "private_data", f"{picture.stem}.jpg的注释有电话号码", mail="exhibition"
    )
    _leave(context, submission, "numbers")


def plant_treatment(context: FaultContext, submission: UnitSubmission, *, code: str) -> None:
    """Send a picture that was saved twice, or blown up."""
    submission.pictures[0].treatment = code
    _leave(context, submission, code)


def plant_location(context: FaultContext, submission: UnitSubmission) -> None:
    """Send a picture that tells where it was taken; what is public tells nothing of it."""
    submission.pictures[0].treatment = "located"
    why = f"{submission.pictures[0].stem}.jpg带拍摄位置，公开的图片不带"
    context.record_fault(submission, "private_data", why, mail="exhibition")


def _leave(context: FaultContext, submission: UnitSubmission, code: str) -> None:
    context.record_act(submission, LEFT, _SAYS, code=code, mail="exhibition")


_PLANTS: Sequence[tuple[int, Plant]] = (
    (2, partial(plant_repetition, treatment="")),
    (1, partial(plant_caption, code="meeting", caption=_MEETING)),
    (1, plant_phone),
    (1, partial(plant_treatment, code="resaved")),
    (2, partial(plant_repetition, treatment="crop")),
    (1, partial(plant_caption, code="consent", caption=_PUPILS)),
    (1, partial(plant_treatment, code="enlarged")),
    (1, plant_location),
)
"""Units that a fault needs, and how it is planted; those that come first go first."""
