"""How many pictures each exhibit holds: two where a fault needs them, else one; a few none."""

from kjfp_helpers.rehearsal.faults import submission_faults
from kjfp_helpers.rehearsal.faults.nomination_faults import Hand
from kjfp_helpers.rehearsal.generator.baseline import Planner
from kjfp_helpers.rehearsal.generator.model import Year

PAIRED = ("too_small", "caption_missing")
"""Faults that need two pictures; one each keeps a round of 72 units below 200 megabytes."""
WITHOUT = 9
"""One exhibit in so many is text alone."""


def fill_galleries(year: Year, planner: Planner) -> None:
    """Give each exhibit its pictures, and note those that are left without any.

    ``planner`` draws from a stream of its own, so that nothing else of the year depends on it.
    """
    hand = Hand(year, planner, iter(()))
    faulty = {row.unit for row in year.planted if row.letter.endswith("exhibition")}
    plain = [one for one in year.papers if one.exhibit is not None and not one.shots]
    order = planner.rng.permutation(len(plain)).tolist()
    free = [code for code in (plain[place].unit.code for place in order) if code not in faulty]
    without = free[: max(1, len(year.papers) // WITHOUT)]
    for papers in plain:
        if papers.unit.code in without:
            submission_faults.no_pictures(hand, papers)
        else:
            papers.shots = planner.shots(papers)
    paired = {row.unit for row in year.planted if row.code in PAIRED}
    for papers in year.papers:
        papers.shots = papers.shots[: 2 if papers.unit.code in paired else 1]
