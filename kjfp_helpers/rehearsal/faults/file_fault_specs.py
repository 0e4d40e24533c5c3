"""Which fault of files and mailboxes goes into which unit."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kjfp_helpers.rehearsal.faults import file_faults
from kjfp_helpers.rehearsal.faults.nomination_faults import FaultContext
from kjfp_helpers.rehearsal.generator.faultless_year import Planner
from kjfp_helpers.rehearsal.generator.year_model import RehearsalYear, UnitSubmission


@dataclass(frozen=True)
class FileFaultSpec:
    """A fault of files, what it needs in the unit, and how it is set.

    ``needs`` is the kind of a nominee without any other fault (``""`` for a team beside its
    persons), ``least`` how many of them.
    """

    fault: str
    plant: Callable[..., None]
    needs: str = "individual"
    least: int = 1
    fits: Callable[[UnitSubmission], bool] = lambda submission: True
    settings: Mapping[str, Any] = field(default_factory=dict)


FORM_FAULTS = (
    FileFaultSpec("covering_letter", file_faults.plant_covering_letter),
    FileFaultSpec("two_versions", file_faults.plant_two_versions),
    FileFaultSpec("member_list", file_faults.plant_member_list, "team"),
    FileFaultSpec("roster", file_faults.plant_roster),
    FileFaultSpec("typed_days", file_faults.plant_typed_days),
    FileFaultSpec("quoted_form", file_faults.plant_quoted_form),
    FileFaultSpec(
        "pdf_copy",
        file_faults.plant_layout,
        settings={"kind": "individual", "why": "PDF与Word内容相同，算同一份，不追问"},
    ),
    FileFaultSpec(
        "unknown_address",
        file_faults.plant_unknown_address,
        fits=file_faults.sends_forms_alone,
    ),
    FileFaultSpec("undated_opinion", file_faults.plant_undated_opinion),
    FileFaultSpec(
        "footnote",
        file_faults.plant_layout,
        settings={
            "kind": "individual",
            "codes": ("ambiguous",),
            "why": "带动人数带脚注",
            "reason": "单位电话答复：脚注所说人数已含在表内，表内数字不变",
        },
    ),
    FileFaultSpec(
        "superscript",
        file_faults.plant_layout,
        settings={
            "kind": "individual",
            "codes": ("ambiguous",),
            "why": "带动人数后有上标注号",
            "reason": "单位电话答复：上标1系注号，人数以表内数字为准",
        },
    ),
    FileFaultSpec(
        "checkboxes",
        file_faults.plant_layout,
        settings={
            "kind": "individual",
            "why": "服务方式勾选框以显示的符号为准，不看存储的状态，不追问",
        },
    ),
    FileFaultSpec("private_character", file_faults.plant_private_character),
    FileFaultSpec(
        "renamed_label",
        file_faults.plant_layout,
        settings={
            "kind": "individual",
            "codes": ("ambiguous",),
            "why": "栏目“工作单位”写作“所在单位”",
            "reason": "经核对，所填即为工作单位，表格系单位自行改印",
        },
    ),
    FileFaultSpec(
        "pdf",
        file_faults.plant_layout,
        settings={"kind": "individual", "why": "只有PDF，水印不混入各栏，不追问"},
    ),
    FileFaultSpec("ofd", file_faults.plant_ofd, least=2),
)
FIGURE_FAULTS = (
    FileFaultSpec("years", file_faults.plant_yearly_sheets),
    FileFaultSpec("ten_thousands", file_faults.plant_ten_thousands),
    FileFaultSpec(
        "sample_first",
        file_faults.plant_stocktake_layout,
        settings={"why": "填写示例不计，取本单位所填，不追问"},
    ),
    FileFaultSpec(
        "hidden_column",
        file_faults.plant_stocktake_layout,
        settings={"codes": ("hidden_text",), "why": "隐藏的一栏旧数字不计"},
    ),
)
UNITS_PER_FORM_FAULT, UNITS_PER_FIGURE_FAULT = 2, 6
"""Units for each fault, so that a small round bears few."""
LEAST_UNITS = 12
"""Units from which on a round bears any; the ledgers kept for tests are of smaller ones."""
FIGURE_CODES = frozenset(
    "figure_missing target_not_met target_disagrees target_missing stocktake_absent "
    "claim_over_unit claims_over_unit".split()
)
OTHER_CODES = frozenset(
    "summary_absent section_missing exhibit_absent part_missing no_picture under_minimum "
    "too_small name_mismatch caption_missing".split()
)
SENT_AGAIN = frozenset("late duplicate_mail superseded resubmission no_material truncated".split())
"""Faults that concern a whole message: its unit bears no fault of files."""


def plant_file_faults(year: RehearsalYear, planner: Planner) -> None:
    """Plant the faults of files that the other faults leave room for.

    A nominee bears one fault of either sort, a stock-take too. ``planner`` draws from a stream of
    its own, so that nothing else of the year depends on it.
    """
    if len(year.submissions) < LEAST_UNITS:
        return
    context = FaultContext(year, planner, iter(()))
    codes: dict[str, set[str]] = defaultdict(set)
    for row in year.planted:
        if not row.mail.endswith("exhibition"):
            codes[row.unit].add(row.code)
    replied = {row.unit for row in year.acts}
    order = planner.rng.permutation(len(year.submissions)).tolist()
    units = [
        submission
        for submission in (year.submissions[index] for index in order)
        if submission.mails
        and submission.unit.code not in replied
        and not codes[submission.unit.code] & SENT_AGAIN
    ]
    units.sort(key=lambda one: len(codes[one.unit.code] - OTHER_CODES - FIGURE_CODES))
    _plant(context, FORM_FAULTS[: len(year.submissions) // UNITS_PER_FORM_FAULT], units)
    untouched = [one for one in units if one.stocktake and not codes[one.unit.code] & FIGURE_CODES]
    _plant(context, FIGURE_FAULTS[: len(year.submissions) // UNITS_PER_FIGURE_FAULT], untouched)


def _plant(
    context: FaultContext, specs: Iterable[FileFaultSpec], units: Sequence[UnitSubmission]
) -> None:
    """Plant each fault in the first unit that has room for it, one in a unit."""
    free = list(units)
    for spec in specs:
        chosen = next(
            (
                unit
                for unit in free
                if spec.fits(unit)
                and len(file_faults.find_sound(context, unit, spec.needs)) >= spec.least
            ),
            None,
        )
        if chosen is not None:
            free.remove(chosen)
            spec.plant(context, chosen, spec.fault, **spec.settings)
