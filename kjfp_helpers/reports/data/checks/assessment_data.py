"""What is said of the assessment: of a unit in its report, of all units in that of the round."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.notice.assessment.unit_grades import NO_SUMMARY
from kjfp_helpers.reports import formatting
from kjfp_helpers.rules import NO_SUMMARY_TITLES, SOURCE_TITLES

if TYPE_CHECKING:
    from kjfp_helpers.notice.assessment.assessment_progress import Assessment
    from kjfp_helpers.state import RoundState


def build_unit_assessment(
    state: "RoundState", unit: str, shown: "Assessment | None" = None
) -> dict[str, Any] | None:
    """Return a unit's assessment for the office: points and ground of each indicator.

    ``shown`` is the assessment as a reader may see it. None in a round without a scheme.
    """
    assessment = shown or state.assessment
    if assessment is None:
        return None
    one, confirmed = assessment.by_unit[unit], assessment.confirmed
    told = ""
    if confirmed is not None and unit in confirmed.body.results:
        points, grade = confirmed.body.results[unit]
        told = f"{grade}，{points:g}分（{confirmed.body.document}）"
    elif confirmed is not None and unit in confirmed.body.absent:
        told = f"没有总结，按{assessment.scheme.lowest.title}处理（{confirmed.body.document}）"
    return {
        "state": one.state,
        "total": one.total,
        "grade": one.grade,
        "readers": f"{len(one.readers)}/{one.needed}",
        "note": assessment.scheme.note if assessment.scheme.default else "",
        "confirmed": told,
        "changed": unit in assessment.changed,
        "rows": [
            {
                "title": row.indicator.title,
                "source": SOURCE_TITLES[row.indicator.source],
                "most": row.indicator.points,
                "points": row.points,
                "text": mask_personal_numbers(formatting.remove_control_chars(row.text)),
            }
            for row in one.indicators
        ],
    }


def build_confirmed_result(state: "RoundState", unit: str) -> dict[str, Any] | None:
    """Return what the unit itself may know: its confirmed result, None where there is none."""
    assessment = state.assessment
    if assessment is None or assessment.confirmed is None or unit in assessment.changed:
        return None
    one = assessment.by_unit[unit]
    if one.total is None:
        return None
    return {
        "total": one.total,
        "grade": one.grade,
        "document": assessment.confirmed.body.document,
        "rows": [
            {"title": row.indicator.title, "most": row.indicator.points, "points": row.points}
            for row in one.indicators
        ],
    }


def build_assessment_overview(state: "RoundState") -> dict[str, Any] | None:
    """Return how the assessment stands: states, grades, confirmation, copies, experiences."""
    assessment = state.assessment
    if assessment is None:
        return None
    confirmed, units = assessment.confirmed, state.round.unit_by_code
    grades = Counter(one.grade for one in assessment.units if one.grade)
    return {
        "states": dict(Counter(one.state for one in assessment.units)),
        "grades": {one.title: grades[one.title] for one in assessment.scheme.grades},
        "document": confirmed.body.document if confirmed else "",
        "changed": len(assessment.changed),
        "absent": NO_SUMMARY_TITLES[assessment.scheme.no_summary]
        if any(one.state == NO_SUMMARY for one in assessment.units)
        else "",
        "copies": len(state.screening.summary_overlaps),
        "experiences": [
            f"{units[body.unit].short_name}“{formatting.remove_control_chars(body.title)}”"
            for body in (one.event.body for one in assessment.experiences)
            if body.unit in units
        ],
        "note": assessment.scheme.note if assessment.scheme.default else "",
    }
