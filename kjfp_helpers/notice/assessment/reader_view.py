"""The assessment as a reader of summaries sees it: nobody else's levels before it is time."""

from collections.abc import Mapping
from dataclasses import replace

from kjfp_helpers.notice.assessment.assessment_progress import Assessment
from kjfp_helpers.notice.assessment.unit_grades import (
    GRADED,
    LACKING,
    READING,
    TO_READ,
    TO_RULE,
    IndicatorPoints,
    UnitAssessment,
)

_BEFORE_RULING = (GRADED, TO_RULE, LACKING, READING)


def may_see_others(assessment: Assessment, unit: str, reader: str) -> bool:
    """Whether a reader may see what others gave a unit: by the rule of the scheme.

    Once the results are confirmed, or with ``others_shown = "both"`` once all have read.
    """
    if assessment.confirmed is not None:
        return True
    one = assessment.by_unit[unit]
    is_done = reader in one.readers and len(one.readers) >= one.needed
    return assessment.scheme.others_shown == "both" and is_done


def hide_others(assessment: Assessment, reader: str) -> Assessment:
    """Return the assessment without what a reader may not see yet.

    Points of what is read, total, grade and how far others are would tell their levels.
    """
    if assessment.confirmed is not None:
        return assessment
    units = tuple(
        one if may_see_others(assessment, one.unit.code, reader) else _hide(one, reader)
        for one in assessment.units
    )
    return replace(assessment, units=units)


def _hide(one: UnitAssessment, reader: str) -> UnitAssessment:
    state = one.state
    if state in _BEFORE_RULING:
        state = READING if reader in one.readers else TO_READ
    return replace(
        one,
        indicators=tuple(_hide_points(row, reader) for row in one.indicators),
        readers=tuple(who for who in one.readers if who == reader),
        state=state,
        total=None,
        grade="",
    )


def _hide_points(row: IndicatorPoints, reader: str) -> IndicatorPoints:
    if row.indicator.source != "read" and not row.apart:
        return row
    own: Mapping[str, str] = {who: title for who, title in row.levels.items() if who == reader}
    text = "、".join(f"{who} {title}" for who, title in own.items())
    return replace(row, points=None, text=text, levels=own, ruling=None, apart=False)
