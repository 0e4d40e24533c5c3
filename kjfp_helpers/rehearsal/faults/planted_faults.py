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

from kjfp_helpers.rehearsal.faults import late_faults, material_faults, nomination_faults
from kjfp_helpers.rehearsal.faults.nomination_faults import FaultContext
from kjfp_helpers.rehearsal.generator.faultless_year import Planner
from kjfp_helpers.rehearsal.generator.synthetic_people import UNLISTED_NAMES
from kjfp_helpers.rehearsal.generator.year_model import PlantedFault, RehearsalYear, UnitSubmission


@dataclass(frozen=True)
class FaultSpec:
    """A fault, how it is set, and where it may go.

    ``where`` holds, for each unit it needs, the classes of unit to try in turn: ``P`` priority
    province, ``O`` other province, ``S`` society.
    """

    plant: Callable[..., None]
    where: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    fits: Callable[[UnitSubmission], bool] = nomination_faults.has_team_and_person


MAIL_FAULTS = (
    FaultSpec(
        nomination_faults.plant_over_quota,
        ("P",),
        {"kind": "team"},
        nomination_faults.has_two_teams,
    ),
    FaultSpec(nomination_faults.plant_damaged_file, ("P",), {}, nomination_faults.has_persons(3)),
    FaultSpec(
        nomination_faults.plant_not_commended,
        ("P",),
        {"kind": "individual"},
        nomination_faults.has_persons(3),
    ),
    FaultSpec(
        nomination_faults.plant_not_commended,
        ("P",),
        {"kind": "team"},
        nomination_faults.has_two_teams,
    ),
    FaultSpec(nomination_faults.plant_under_minimum, ("P",)),
    FaultSpec(nomination_faults.plant_leader_as_individual, ("P",)),
    FaultSpec(nomination_faults.plant_claim_over_unit, ("P",)),
    FaultSpec(nomination_faults.plant_copied_story, ("P", "P"), {"kind": "individual"}),
    FaultSpec(nomination_faults.plant_missing_photo, ("P",)),
    FaultSpec(nomination_faults.plant_missing_seal, ("P",), {"kind": "team"}),
    FaultSpec(
        nomination_faults.plant_missing_field, ("P",), {"kind": "individual", "field": "address"}
    ),
    FaultSpec(nomination_faults.plant_long_story, ("P",), {"kind": "individual"}),
    FaultSpec(nomination_faults.plant_over_quota, ("SO",), {"kind": "individual"}),
    FaultSpec(nomination_faults.plant_same_person, ("O", "SO")),
    FaultSpec(nomination_faults.plant_wrong_checksum, ("OSP",)),
    FaultSpec(
        material_faults.plant_late_mail,
        ("OS",),
        {"at": "2020-08-17T10:11:12", "minutes": 1, "ruled": "upheld"},
    ),
    FaultSpec(
        material_faults.plant_late_mail,
        ("SO",),
        {"at": "2020-08-15T23:57:41", "minutes": 9, "ruled": "admitted"},
    ),
    FaultSpec(material_faults.plant_resubmission, ("OSP",), {"what": "individual"}),
    FaultSpec(material_faults.plant_duplicate_mail, ("SOP",), {"how": "same"}),
    FaultSpec(material_faults.plant_no_summary, ("OSP",)),
    FaultSpec(material_faults.plant_missing_section, ("SOP",), {"head": "problems"}),
    FaultSpec(material_faults.plant_no_stocktake, ("SOP",)),
    FaultSpec(material_faults.plant_missing_figure, ("OSP",), {"field": "assoc_done"}),
    FaultSpec(material_faults.plant_missed_targets, ("OSP",), {"names": ("people",)}),
    FaultSpec(material_faults.plant_other_target, ("SOP",)),
    FaultSpec(material_faults.plant_duplicate_mail, ("SO",), {"how": "delivered"}),
    FaultSpec(material_faults.plant_resubmission, ("S",), {"what": "stocktake"}),
    FaultSpec(nomination_faults.plant_copied_story, ("S", "S"), {"kind": "team"}),
    FaultSpec(nomination_faults.plant_long_story, ("S",), {"kind": "team"}),
    FaultSpec(nomination_faults.plant_missing_seal, ("S",), {"kind": "individual"}),
    FaultSpec(nomination_faults.plant_missing_photo, ("S",)),
    FaultSpec(
        nomination_faults.plant_missing_field, ("S",), {"kind": "team", "field": "research_field"}
    ),
    FaultSpec(
        nomination_faults.plant_missing_field, ("S",), {"kind": "individual", "field": "title"}
    ),
    FaultSpec(material_faults.plant_no_summary, ("S",)),
    FaultSpec(material_faults.plant_missing_section, ("S",), {"head": "experience"}),
    FaultSpec(material_faults.plant_no_stocktake, ("S",)),
    FaultSpec(material_faults.plant_missing_figure, ("S",), {"field": "experts_done"}),
    FaultSpec(material_faults.plant_missed_targets, ("P",), {"names": ("assoc", "experts")}),
    FaultSpec(material_faults.plant_missed_targets, ("S",), {"names": ("experts",)}),
    FaultSpec(nomination_faults.plant_wrong_checksum, ("S",)),
    FaultSpec(
        nomination_faults.plant_claims_over_unit, ("P",), {}, nomination_faults.has_persons(2)
    ),
    FaultSpec(nomination_faults.plant_claim_difference, ("PSO",), {"kind": "individual"}),
    FaultSpec(nomination_faults.plant_few_experts, ("SPO",)),
    FaultSpec(nomination_faults.plant_near_name, ("SPO",)),
    FaultSpec(nomination_faults.plant_claim_difference, ("S",), {"kind": "team"}),
    FaultSpec(material_faults.plant_no_target, ("SPO",)),
    FaultSpec(material_faults.plant_blank_target, ("POS",), {"name": "people"}),
)
"""Faults of the recommendation mail, those that come first go first where units are few."""

EXHIBITION_FAULTS = (
    FaultSpec(material_faults.plant_small_pictures, ("OPS",), {}, nomination_faults.has_pictures),
    FaultSpec(material_faults.plant_misnamed_caption, ("PSO",), {}, nomination_faults.has_pictures),
    FaultSpec(material_faults.plant_missing_caption, ("SPO",), {}, nomination_faults.has_pictures),
    FaultSpec(material_faults.plant_late_exhibit, ("OSP",), {}, nomination_faults.has_no_pictures),
    FaultSpec(material_faults.plant_no_exhibit, ("SPO",), {}, nomination_faults.has_no_pictures),
    FaultSpec(
        material_faults.plant_missing_part,
        ("POS",),
        {"part": "people"},
        nomination_faults.has_no_pictures,
    ),
    FaultSpec(material_faults.plant_no_exhibit, ("S",), {}, nomination_faults.has_no_pictures),
    FaultSpec(
        material_faults.plant_missing_part,
        ("S",),
        {"part": "response"},
        nomination_faults.has_no_pictures,
    ),
)
"""Faults of the exhibition mail, which meet none of the other mail."""


REPLY_FAULTS = (
    FaultSpec(late_faults.plant_late_correction, ("POS",), {}, nomination_faults.has_persons(1)),
    FaultSpec(late_faults.plant_nominee_choice, ("SO",), {}, nomination_faults.has_persons(1)),
    FaultSpec(late_faults.plant_silence, ("SO",), {}, nomination_faults.has_no_pictures),
    FaultSpec(late_faults.plant_withdrawal, ("SPO",), {}, nomination_faults.has_persons(3)),
    FaultSpec(late_faults.plant_silence, ("OS",), {}, nomination_faults.has_no_pictures),
    FaultSpec(late_faults.plant_withdrawal, ("SO",), {}, nomination_faults.has_persons(1)),
    FaultSpec(late_faults.plant_silence, ("S",), {}, nomination_faults.has_no_pictures),
)
"""What units did after the last day, one for every ``UNITS_PER_REPLY`` units.

A unit with one of these bears no other fault."""
UNITS_PER_REPLY = 6


def plant_faults(year: RehearsalYear, planner: Planner) -> None:
    """Plant every fault for which there is a unit, at most one of each side in a unit."""
    context = FaultContext(year, planner, iter(UNLISTED_NAMES))
    taken = _plant_group(
        context, REPLY_FAULTS, year.submissions, maximum=len(year.submissions) // UNITS_PER_REPLY
    )
    for specs in (MAIL_FAULTS, EXHIBITION_FAULTS):
        side = [submission for submission in year.submissions if submission.mails]
        if specs is MAIL_FAULTS:
            side = [submission for submission in side if submission not in taken]
        _plant_group(context, specs, side)
    why = "发件地址和内容都看不出是哪个单位"
    year.planted.append(
        PlantedFault(code="unknown_sender", unit="", case="", mail="unknown", why=why)
    )


def _plant_group(
    context: FaultContext,
    specs: Sequence[FaultSpec],
    units: Sequence[UnitSubmission],
    maximum: int | None = None,
) -> list[UnitSubmission]:
    """Plant the faults that suitable units exist for, up to ``maximum``; return these units."""
    order = context.planner.rng.permutation(len(units)).tolist()
    free, taken, left = [units[index] for index in order], list[UnitSubmission](), maximum
    for spec in specs:
        chosen = _choose_units(free, spec)
        if left == 0 or len(chosen) < len(spec.where):
            continue
        left = left - 1 if left is not None else None
        free = [submission for submission in free if submission not in chosen]
        taken += chosen
        spec.plant(context, *chosen, **spec.settings)
    return taken


def _choose_units(free: list[UnitSubmission], spec: FaultSpec) -> list[UnitSubmission]:
    chosen: list[UnitSubmission] = []
    for classes in spec.where:
        fitting = (
            submission
            for wanted in classes
            for submission in free
            if submission.group == wanted and spec.fits(submission) and submission not in chosen
        )
        chosen += list(next(([submission] for submission in fitting), []))
    return chosen
