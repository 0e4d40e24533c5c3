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

from kjfp_helpers.rehearsal import lapses, replies, slips
from kjfp_helpers.rehearsal.people import STRANGE_NAMES
from kjfp_helpers.rehearsal.plan import Planner
from kjfp_helpers.rehearsal.slips import Hand
from kjfp_helpers.rehearsal.year import Papers, Planted, Year


@dataclass(frozen=True)
class Spec:
    """A fault, how it is set, and where it may go.

    ``where`` holds, for each unit it needs, the classes of unit to try in turn: ``P`` priority
    province, ``O`` other province, ``S`` society.
    """

    plant: Callable[..., None]
    where: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    fits: Callable[[Papers], bool] = slips.both


MAIL = (
    Spec(slips.over_quota, ("P",), {"kind": "team"}, slips.two_teams),
    Spec(slips.damaged, ("P",), {}, slips.persons(3)),
    Spec(slips.not_commended, ("P",), {"kind": "individual"}, slips.persons(3)),
    Spec(slips.not_commended, ("P",), {"kind": "team"}, slips.two_teams),
    Spec(slips.under_minimum, ("P",)),
    Spec(slips.leader, ("P",)),
    Spec(slips.claim, ("P",)),
    Spec(slips.copied, ("P", "P"), {"kind": "individual"}),
    Spec(slips.photo, ("P",)),
    Spec(slips.seal, ("P",), {"kind": "team"}),
    Spec(slips.missing, ("P",), {"kind": "individual", "field": "address"}),
    Spec(slips.long, ("P",), {"kind": "individual"}),
    Spec(slips.over_quota, ("SO",), {"kind": "individual"}),
    Spec(slips.same_person, ("O", "SO")),
    Spec(slips.checksum, ("OSP",)),
    Spec(lapses.late, ("OS",), {"at": "2020-08-17T10:11:12", "minutes": 1, "ruled": "upheld"}),
    Spec(lapses.late, ("SO",), {"at": "2020-08-15T23:57:41", "minutes": 9, "ruled": "admitted"}),
    Spec(lapses.resent, ("OSP",), {"what": "individual"}),
    Spec(lapses.twice, ("SOP",), {"how": "same"}),
    Spec(lapses.no_summary, ("OSP",)),
    Spec(lapses.no_head, ("SOP",), {"head": "problems"}),
    Spec(lapses.no_stocktake, ("SOP",)),
    Spec(lapses.no_figure, ("OSP",), {"field": "assoc_done"}),
    Spec(lapses.short, ("OSP",), {"names": ("people",)}),
    Spec(lapses.other_target, ("SOP",)),
    Spec(lapses.twice, ("SO",), {"how": "delivered"}),
    Spec(lapses.resent, ("S",), {"what": "stocktake"}),
    Spec(slips.copied, ("S", "S"), {"kind": "team"}),
    Spec(slips.long, ("S",), {"kind": "team"}),
    Spec(slips.seal, ("S",), {"kind": "individual"}),
    Spec(slips.photo, ("S",)),
    Spec(slips.missing, ("S",), {"kind": "team", "field": "research_field"}),
    Spec(slips.missing, ("S",), {"kind": "individual", "field": "title"}),
    Spec(lapses.no_summary, ("S",)),
    Spec(lapses.no_head, ("S",), {"head": "experience"}),
    Spec(lapses.no_stocktake, ("S",)),
    Spec(lapses.no_figure, ("S",), {"field": "experts_done"}),
    Spec(lapses.short, ("P",), {"names": ("assoc", "experts")}),
    Spec(lapses.short, ("S",), {"names": ("experts",)}),
    Spec(slips.checksum, ("S",)),
    Spec(slips.claims, ("P",), {}, slips.persons(2)),
    Spec(slips.differs, ("PSO",), {"kind": "individual"}),
    Spec(slips.few_experts, ("SPO",)),
    Spec(slips.near_name, ("SPO",)),
    Spec(slips.differs, ("S",), {"kind": "team"}),
    Spec(lapses.no_target, ("SPO",)),
    Spec(lapses.blank_target, ("POS",), {"name": "people"}),
)
"""Faults of the recommendation mail, those that come first go first where units are few."""

EXHIBITION = (
    Spec(lapses.small, ("OPS",), {}, slips.shown),
    Spec(lapses.misnamed, ("PSO",), {}, slips.shown),
    Spec(lapses.uncaptioned, ("SPO",), {}, slips.shown),
    Spec(lapses.late_exhibit, ("OSP",), {}, slips.plain),
    Spec(lapses.no_exhibit, ("SPO",), {}, slips.plain),
    Spec(lapses.no_part, ("POS",), {"part": "people"}, slips.plain),
    Spec(lapses.no_exhibit, ("S",), {}, slips.plain),
    Spec(lapses.no_part, ("S",), {"part": "response"}, slips.plain),
)
"""Faults of the exhibition mail, which meet none of the other mail."""


REPLIES = (
    Spec(replies.correct_late, ("POS",), {}, slips.persons(1)),
    Spec(replies.choose_nominee, ("SO",), {}, slips.persons(1)),
    Spec(replies.stay_silent, ("SO",), {}, slips.plain),
    Spec(replies.withdraw_nominee, ("SPO",), {}, slips.persons(3)),
    Spec(replies.stay_silent, ("OS",), {}, slips.plain),
    Spec(replies.withdraw_nominee, ("SO",), {}, slips.persons(1)),
    Spec(replies.stay_silent, ("S",), {}, slips.plain),
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
            papers for wanted in classes for papers in free
            if papers.group == wanted and spec.fits(papers) and papers not in found
        )  # fmt: skip
        found += list(next(([papers] for papers in fitting), []))
    return found
