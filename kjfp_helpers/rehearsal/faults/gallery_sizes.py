"""Number of pictures per exhibit: two to six from a round of some size on, one or two in a smaller.

Pictures of real size fill an inbox fast. In the rounds that people practise on they are woven ones
(``writers.synthetic_images``), of full size as files and small in an archive; a ``full`` round has
the real volume, a small one few pictures.
"""

from collections.abc import Collection

from kjfp_helpers.rehearsal.faults import material_faults
from kjfp_helpers.rehearsal.faults.nomination_faults import FaultContext
from kjfp_helpers.rehearsal.generator.faultless_year import Planner
from kjfp_helpers.rehearsal.generator.year_model import (
    ExhibitPicture,
    RehearsalYear,
    UnitSubmission,
)

PAIRED = ("too_small", "caption_missing")
"""Faults that need two pictures, in a round in which every other exhibit has one."""
FEWEST, MOST = 2, 6
"""Pictures of an exhibit that has several."""
RICH_UNITS = 60
"""Units from which on every exhibit has several pictures."""
SMALL_GALLERIES = 8
"""One exhibit in so many has several, of which all but the first are too small."""
WITHOUT = 9
"""One exhibit in so many is text alone."""


def fill_galleries(year: RehearsalYear, planner: Planner, *, full: bool = False) -> None:
    """Give each exhibit its pictures, and note those that are left without any.

    ``planner`` draws from a stream of its own, so that nothing else of the year depends on it.
    One exhibit in so many (:data:`SMALL_GALLERIES`) has more pictures that are too small, as
    those forwarded by a messenger are, in a round that is not ``full``.
    """
    context = FaultContext(year, planner, iter(()))
    shown = _draw_first_pictures(year, planner, context)
    is_rich = full or len(year.submissions) >= RICH_UNITS
    for place, submission in enumerate(shown):
        too_small = not full and place % SMALL_GALLERIES == SMALL_GALLERIES - 1
        if is_rich or too_small:
            added = _add_pictures(planner, submission)
            for picture in added if too_small else ():
                material_faults.plant_small_picture(context, submission, picture)
    if is_rich:
        bare = {row.unit for row in year.planted if row.code == "no_picture"}
        _fill_others(year, planner, {one.unit.code for one in shown} | bare)
    if is_rich and not full:
        for picture in (one for submission in year.submissions for one in submission.pictures):
            picture.woven = True


def _draw_first_pictures(
    year: RehearsalYear, planner: Planner, context: FaultContext
) -> list[UnitSubmission]:
    """Give exhibits a picture, two where a fault needs them; return those without any fault."""
    faulty = {row.unit for row in year.planted if row.mail.endswith("exhibition")}
    plain = [
        submission
        for submission in year.submissions
        if submission.exhibit is not None and not submission.pictures
    ]
    order = planner.rng.permutation(len(plain)).tolist()
    free = [code for code in (plain[index].unit.code for index in order) if code not in faulty]
    without = free[: max(1, len(year.submissions) // WITHOUT)]
    for submission in plain:
        if submission.unit.code in without:
            material_faults.plant_no_pictures(context, submission)
        else:
            submission.pictures = planner.draw_pictures(submission)
    paired = {row.unit for row in year.planted if row.code in PAIRED}
    for submission in year.submissions:
        submission.pictures = submission.pictures[: 2 if submission.unit.code in paired else 1]
    spared = faulty | set(without)
    return [one for one in plain if one.unit.code not in spared]


def _add_pictures(planner: Planner, submission: UnitSubmission) -> list[ExhibitPicture]:
    """Add pictures to those that an exhibit has; return them."""
    count = int(planner.rng.integers(FEWEST, MOST + 1))
    added = planner.draw_pictures(submission, count)[len(submission.pictures) :]
    submission.pictures += added
    return added


def _fill_others(year: RehearsalYear, planner: Planner, done: Collection[str]) -> None:
    """Add pictures to the exhibits that bear another fault."""
    for submission in year.submissions:
        if submission.exhibit is not None and submission.unit.code not in done:
            _add_pictures(planner, submission)
