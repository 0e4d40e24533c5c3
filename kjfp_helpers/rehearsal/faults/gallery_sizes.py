"""Number of pictures per exhibit: two where a fault needs them, one otherwise, none in a few."""

from kjfp_helpers.rehearsal.faults import submission_faults
from kjfp_helpers.rehearsal.faults.nomination_faults import FaultContext
from kjfp_helpers.rehearsal.generator.faultless_year import Planner
from kjfp_helpers.rehearsal.generator.year_model import RehearsalYear

PAIRED = ("too_small", "caption_missing")
"""Faults that need two pictures; one each keeps a round of 72 units below 200 megabytes."""
WITHOUT = 9
"""One exhibit in so many is text alone."""


def fill_galleries(year: RehearsalYear, planner: Planner) -> None:
    """Give each exhibit its pictures, and note those that are left without any.

    ``planner`` draws from a stream of its own, so that nothing else of the year depends on it.
    """
    context = FaultContext(year, planner, iter(()))
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
            submission_faults.plant_no_pictures(context, submission)
        else:
            submission.pictures = planner.draw_pictures(submission)
    paired = {row.unit for row in year.planted if row.code in PAIRED}
    for submission in year.submissions:
        submission.pictures = submission.pictures[: 2 if submission.unit.code in paired else 1]
