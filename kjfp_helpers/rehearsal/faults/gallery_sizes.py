"""Number of pictures per exhibit: one or two, two to six in a few and in a round of full size."""

from kjfp_helpers.rehearsal.faults import submission_faults
from kjfp_helpers.rehearsal.faults.nomination_faults import FaultContext
from kjfp_helpers.rehearsal.generator.faultless_year import Planner
from kjfp_helpers.rehearsal.generator.year_model import RehearsalYear

PAIRED = ("too_small", "caption_missing")
"""Faults that need two pictures; one each keeps a round of 72 units below 200 megabytes."""
FEWEST, MOST = 2, 6
"""Pictures of an exhibit that has several."""
SMALL_GALLERIES = 8
"""One exhibit in so many has several, of which all but the first are too small."""
WITHOUT = 9
"""One exhibit in so many is text alone."""


def fill_galleries(year: RehearsalYear, planner: Planner, *, full: bool = False) -> None:
    """Give each exhibit its pictures, and note those that are left without any.

    ``planner`` draws from a stream of its own, so that nothing else of the year depends on it.
    One exhibit in so many (:data:`SMALL_GALLERIES`) has more pictures, which are too small, as
    those forwarded by a messenger are; in a ``full`` round every exhibit has two to six of full
    size.
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
    spared = faulty | set(without)
    shown = [one for one in plain if one.unit.code not in spared]
    for place, submission in enumerate(shown):
        if full or place % SMALL_GALLERIES == SMALL_GALLERIES - 1:
            count = int(planner.rng.integers(FEWEST, MOST + 1))
            added = planner.draw_pictures(submission, count)[1:]
            submission.pictures += added
            for picture in () if full else added:
                submission_faults.plant_small_picture(context, submission, picture)
