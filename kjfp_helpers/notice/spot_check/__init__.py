"""Spot check (抽查, clause 一): a frozen frame, a lot anyone can redraw, visits, findings.

The course: :mod:`.sampling_frame` is frozen with the public value named by source and day,
:mod:`.lot_drawing` draws once the value is published, :mod:`.visit_form` is what the checkers fill
in, :mod:`.visit_form_merge` merges copies, :mod:`.visit_findings` holds reported against found
and follows each finding to reply and decision, :mod:`.finding_effects` says what a decided finding
does to the unit's nominees. :func:`fold_spot_check` folds all of it from the events.

For other systems, pure functions of a folded :class:`SpotCheck`:

``unit_result(check, unit)``
    what the check of a unit came to (:class:`UnitResult`), None where it is not checked: for the
    reports of units and of the round
``found_figures(check)``
    the figures found on the spot (:class:`FoundFigure`: unit, indicator, value, day, event): for
    the reconciliation of the stock-take
"""

from kjfp_helpers.notice.spot_check.check_progress import SpotCheck, Visit, fold_spot_check
from kjfp_helpers.notice.spot_check.unit_results import (
    FoundFigure,
    UnitResult,
    found_figures,
    unit_result,
)

__all__ = [
    "FoundFigure",
    "SpotCheck",
    "UnitResult",
    "Visit",
    "fold_spot_check",
    "found_figures",
    "unit_result",
]
