"""Faults planted on purpose, and the answers that name them.

A unit bears at most one fault in its recommendation mail and one in its exhibition mail, so that no
fault hides another. What each plants in ``answers.json``:

======================= ===================================================================
code                    rows
======================= ===================================================================
over_quota              one per unit and kind (``case`` is blank: the whole set is meant)
under_minimum           one per unit and kind (``case`` is blank)
not_commended, commended_near  one per case
duplicate_person        one per case, so two
copied_text             one per case, so two (the copy and the original)
leader_also_individual  one, on the person
claim_over_unit         one per case
late                    one per document that has a last day
claims_over_unit        one per unit (``case`` is blank)
claim_differs, names_over_count                   one per case
resubmission, superseded  one of each per version that was replaced
duplicate_mail          one per further copy
summary_absent, stocktake_absent, exhibit_absent  one per unit
section_missing, part_missing                     one per head
figure_missing, target_not_met, target_disagrees  one per figure
target_missing, no_picture                        one per unit
missing, id_checksum, photo_missing, seal_missing, story_too_long, corrupt  one per form
too_small, name_mismatch, caption_missing         one per picture
unknown_sender          one, ``unit`` is blank
======================= ===================================================================
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kjfp_helpers.rehearsal.faults import (
    nomination_faults,
    reply_faults,
    submission_faults,
)
from kjfp_helpers.rehearsal.faults.nomination_faults import Hand
from kjfp_helpers.rehearsal.generator.baseline import Planner
from kjfp_helpers.rehearsal.generator.model import Papers, Planted, Year
from kjfp_helpers.rehearsal.generator.synthetic_people import STRANGE_NAMES


@dataclass(frozen=True)
class Spec:
    """A fault, how it is set, and where it may go.

    ``where`` holds, for each unit it needs, the classes of unit to try in turn: ``P`` priority
    province, ``O`` other province, ``S`` society.
    """

    plant: Callable[..., None]
    where: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    fits: Callable[[Papers], bool] = nomination_faults.both


MAIL = (
    Spec(nomination_faults.over_quota, ("P",), {"kind": "team"}, nomination_faults.two_teams),
    Spec(nomination_faults.damaged, ("P",), {}, nomination_faults.persons(3)),
    Spec(
        nomination_faults.not_commended,
        ("P",),
        {"kind": "individual"},
        nomination_faults.persons(3),
    ),
    Spec(nomination_faults.not_commended, ("P",), {"kind": "team"}, nomination_faults.two_teams),
    Spec(nomination_faults.under_minimum, ("P",)),
    Spec(nomination_faults.leader, ("P",)),
    Spec(nomination_faults.claim, ("P",)),
    Spec(nomination_faults.copied, ("P", "P"), {"kind": "individual"}),
    Spec(nomination_faults.photo, ("P",)),
    Spec(nomination_faults.seal, ("P",), {"kind": "team"}),
    Spec(nomination_faults.missing, ("P",), {"kind": "individual", "field": "address"}),
    Spec(nomination_faults.long, ("P",), {"kind": "individual"}),
    Spec(nomination_faults.over_quota, ("SO",), {"kind": "individual"}),
    Spec(nomination_faults.same_person, ("O", "SO")),
    Spec(nomination_faults.checksum, ("OSP",)),
    Spec(
        submission_faults.late,
        ("OS",),
        {"at": "2020-08-17T10:11:12", "minutes": 1, "ruled": "upheld"},
    ),
    Spec(
        submission_faults.late,
        ("SO",),
        {"at": "2020-08-15T23:57:41", "minutes": 9, "ruled": "admitted"},
    ),
    Spec(submission_faults.resent, ("OSP",), {"what": "individual"}),
    Spec(submission_faults.twice, ("SOP",), {"how": "same"}),
    Spec(submission_faults.no_summary, ("OSP",)),
    Spec(submission_faults.no_head, ("SOP",), {"head": "problems"}),
    Spec(submission_faults.no_stocktake, ("SOP",)),
    Spec(submission_faults.no_figure, ("OSP",), {"field": "assoc_done"}),
    Spec(submission_faults.short, ("OSP",), {"names": ("people",)}),
    Spec(submission_faults.other_target, ("SOP",)),
    Spec(submission_faults.twice, ("SO",), {"how": "delivered"}),
    Spec(submission_faults.resent, ("S",), {"what": "stocktake"}),
    Spec(nomination_faults.copied, ("S", "S"), {"kind": "team"}),
    Spec(nomination_faults.long, ("S",), {"kind": "team"}),
    Spec(nomination_faults.seal, ("S",), {"kind": "individual"}),
    Spec(nomination_faults.photo, ("S",)),
    Spec(nomination_faults.missing, ("S",), {"kind": "team", "field": "research_field"}),
    Spec(nomination_faults.missing, ("S",), {"kind": "individual", "field": "title"}),
    Spec(submission_faults.no_summary, ("S",)),
    Spec(submission_faults.no_head, ("S",), {"head": "experience"}),
    Spec(submission_faults.no_stocktake, ("S",)),
    Spec(submission_faults.no_figure, ("S",), {"field": "experts_done"}),
    Spec(submission_faults.short, ("P",), {"names": ("assoc", "experts")}),
    Spec(submission_faults.short, ("S",), {"names": ("experts",)}),
    Spec(nomination_faults.checksum, ("S",)),
    Spec(nomination_faults.claims, ("P",), {}, nomination_faults.persons(2)),
    Spec(nomination_faults.differs, ("PSO",), {"kind": "individual"}),
    Spec(nomination_faults.few_experts, ("SPO",)),
    Spec(nomination_faults.near_name, ("SPO",)),
    Spec(nomination_faults.differs, ("S",), {"kind": "team"}),
    Spec(submission_faults.no_target, ("SPO",)),
    Spec(submission_faults.blank_target, ("POS",), {"name": "people"}),
)
"""Faults of the recommendation mail, those that come first go first where units are few."""

EXHIBITION = (
    Spec(submission_faults.small, ("OPS",), {}, nomination_faults.shown),
    Spec(submission_faults.misnamed, ("PSO",), {}, nomination_faults.shown),
    Spec(submission_faults.uncaptioned, ("SPO",), {}, nomination_faults.shown),
    Spec(submission_faults.late_exhibit, ("OSP",), {}, nomination_faults.plain),
    Spec(submission_faults.no_exhibit, ("SPO",), {}, nomination_faults.plain),
    Spec(submission_faults.no_part, ("POS",), {"part": "people"}, nomination_faults.plain),
    Spec(submission_faults.no_exhibit, ("S",), {}, nomination_faults.plain),
    Spec(submission_faults.no_part, ("S",), {"part": "response"}, nomination_faults.plain),
)
"""Faults of the exhibition mail, which meet none of the other mail."""


REPLIES = (
    Spec(reply_faults.correct_late, ("POS",), {}, nomination_faults.persons(1)),
    Spec(reply_faults.choose_nominee, ("SO",), {}, nomination_faults.persons(1)),
    Spec(reply_faults.stay_silent, ("SO",), {}, nomination_faults.plain),
    Spec(reply_faults.withdraw_nominee, ("SPO",), {}, nomination_faults.persons(3)),
    Spec(reply_faults.stay_silent, ("OS",), {}, nomination_faults.plain),
    Spec(reply_faults.withdraw_nominee, ("SO",), {}, nomination_faults.persons(1)),
    Spec(reply_faults.stay_silent, ("S",), {}, nomination_faults.plain),
)
"""What units did after the last day, one for every ``ROOM`` units; it meets no other fault."""
ROOM = 6


def plant(year: Year, planner: Planner) -> None:
    """Plant every fault for which there is a unit, at most one of each side in a unit."""
    hand = Hand(year, planner, iter(STRANGE_NAMES))
    taken = _plant(hand, REPLIES, year.papers, most=len(year.papers) // ROOM)
    for specs in (MAIL, EXHIBITION):
        side = [papers for papers in year.papers if papers.letters]
        if specs is MAIL:
            side = [papers for papers in side if papers not in taken]
        _plant(hand, specs, side)
    why = "发件地址和内容都看不出是哪个单位"
    year.planted.append(Planted(code="unknown_sender", unit="", case="", letter="unknown", why=why))


def _plant(
    hand: Hand, specs: Sequence[Spec], units: Sequence[Papers], most: int | None = None
) -> list[Papers]:
    """Plant what finds units, up to ``most`` faults; return the units that bear them."""
    order = hand.planner.rng.permutation(len(units)).tolist()
    free, taken, left = [units[place] for place in order], list[Papers](), most
    for spec in specs:
        found = _choose(free, spec)
        if left == 0 or len(found) < len(spec.where):
            continue
        left = left - 1 if left is not None else None
        free = [papers for papers in free if papers not in found]
        taken += found
        spec.plant(hand, *found, **spec.settings)
    return taken


def _choose(free: list[Papers], spec: Spec) -> list[Papers]:
    found: list[Papers] = []
    for classes in spec.where:
        fitting = (
            papers
            for wanted in classes
            for papers in free
            if papers.group == wanted and spec.fits(papers) and papers not in found
        )
        found += list(next(([papers] for papers in fitting), []))
    return found
