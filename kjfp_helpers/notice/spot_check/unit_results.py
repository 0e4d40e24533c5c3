"""A unit's spot-check result, for the reports and the reconciliation of the stock-take."""

from dataclasses import dataclass

from kjfp_helpers.notice.spot_check.check_progress import SpotCheck
from kjfp_helpers.notice.spot_check.visit_findings import FigureComparison, VisitFinding


@dataclass(frozen=True, kw_only=True)
class UnitResult:
    """What the spot check of a unit came to.

    ``state`` is 待安排, 待检查, 问题未办结, 检查结果不全 or 已办结.
    """

    unit: str
    how: str
    state: str
    day: str
    checkers: tuple[str, ...]
    comparisons: tuple[FigureComparison, ...]
    findings: tuple[VisitFinding, ...]
    summary: str


@dataclass(frozen=True, kw_only=True)
class FoundFigure:
    """A figure as found on the spot: its value, the day of the visit, the event that brought it."""

    unit: str
    indicator: str
    value: float
    day: str
    seq: int


def unit_result(check: SpotCheck, unit: str) -> UnitResult | None:
    """Return a unit's result, None for a unit that is not checked."""
    visit = check.visits.get(unit)
    if visit is None:
        return None
    summary = visit.values.get("visit.summary")
    return UnitResult(
        unit=unit,
        how=visit.how,
        state=visit.state,
        day=visit.day,
        checkers=visit.checkers,
        comparisons=visit.comparisons,
        findings=visit.findings,
        summary=str(summary.value) if summary else "",
    )


def found_figures(check: SpotCheck) -> tuple[FoundFigure, ...]:
    """Return every figure that was found on the spot, in the order of the visits."""
    return tuple(
        FoundFigure(
            unit=code,
            indicator=one.name,
            value=one.found,
            day=visit.day,
            seq=visit.values[f"{one.name}.found"].seq,
        )
        for code, visit in check.visits.items()
        for one in visit.comparisons
        if one.found is not None
    )
