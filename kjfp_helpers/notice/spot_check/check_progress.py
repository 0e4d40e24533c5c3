"""The spot check as it stands: frame, lot, orders, visits, findings; folded from events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from kjfp_helpers.core import events as kinds
from kjfp_helpers.core.events import Event, EventLog
from kjfp_helpers.notice.spot_check.lot_drawing import COVERED, DRAWN, ORDERED
from kjfp_helpers.notice.spot_check.sampling_frame import SamplingFrame, parse_frame
from kjfp_helpers.notice.spot_check.visit_findings import (
    FigureComparison,
    Figures,
    VisitFinding,
    compare_figures,
    list_findings,
)
from kjfp_helpers.notice.spot_check.visit_form_merge import VisitValue, fold_imports
from kjfp_helpers.rules import Round

EARLIER = "原签"
"""A unit of a void lot that was visited before its lot became void."""
Frozen = Event[kinds.SamplingFrameFrozen] | Event[kinds.LotFrameFrozen]
Drawn = Event[kinds.SpotCheckDrawn] | Event[kinds.LotDrawn]
VoidLots = tuple[tuple[Drawn, Frozen], ...]
"""Draws that do not count any more, each with the freeze that took it back."""
NOT_PLANNED, NOT_VISITED, OPEN, INCOMPLETE, CLOSED = (
    "待安排",
    "待检查",
    "问题未办结",
    "检查结果不全",
    "已办结",
)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """The check of one unit; ``how`` says how it came to be checked, ``order`` its place.

    ``forms`` are the blanks issued, ``imports`` what came back (withdrawn ones left out),
    ``figures`` what was reported as printed on the form that each entry was filled in on, on the
    last form for what is not filled in.
    """

    unit: str
    how: str
    order: int
    plan: kinds.VisitPlanned | None
    plan_seq: int
    forms: tuple[Event[kinds.VisitFormIssued], ...]
    imports: tuple[Event[kinds.VisitFormImported], ...]
    figures: Figures
    values: Mapping[str, VisitValue]
    comparisons: tuple[FigureComparison, ...]
    findings: tuple[VisitFinding, ...]

    @property
    def day(self) -> str:
        """The day of the visit: as filled in, else as planned, else blank."""
        typed = self.values.get("visit.day")
        return str(typed.value) if typed else self.plan.day if self.plan else ""

    @property
    def checkers(self) -> tuple[str, ...]:
        """The names of who checks."""
        return tuple(name for name, *_ in self.plan.checkers) if self.plan else ()

    @property
    def open_findings(self) -> tuple[VisitFinding, ...]:
        """The findings that nothing was decided on."""
        return tuple(one for one in self.findings if one.is_open)

    @property
    def photos(self) -> dict[str, str]:
        """File name to SHA-256 of the evidence that came with the forms."""
        return {name: sha for event in self.imports for name, sha in event.body.photos.items()}

    @property
    def state(self) -> str:
        """待安排, 待检查, 问题未办结, 检查结果不全 or 已办结."""
        if not self.values:
            return NOT_VISITED if self.plan else NOT_PLANNED
        if self.open_findings:
            return OPEN
        return CLOSED if self.is_complete else INCOMPLETE

    @property
    def is_complete(self) -> bool:
        """Whether day and every reported figure are filled in, and each checker's form came."""
        came = {event.body.checker for event in self.imports}
        return (
            "visit.day" in self.values
            and set(self.checkers) <= came
            and all(one.found is not None for one in self.comparisons if one.reported is not None)
        )


@dataclass(frozen=True, kw_only=True)
class SpotCheck:
    """The spot check of a round.

    ``frozen`` and ``drawn`` are the events that hold, None before them; ``void`` the draws that a
    later freeze took back, each with that freeze; ``closed`` the event that closed the check.
    """

    frozen: Frozen | None
    drawn: Drawn | None
    void: VoidLots
    orders: tuple[Event[kinds.SpotCheckUnitOrdered], ...]
    visits: Mapping[str, Visit]
    closed: Event[kinds.SpotCheckClosed] | None

    @cached_property
    def frame(self) -> SamplingFrame | None:
        """The frozen frame, None before the freeze or where an earlier version froze it."""
        body = self.frozen.body if self.frozen else None
        return parse_frame(body.lines) if isinstance(body, kinds.LotFrameFrozen) else None

    @property
    def lot(self) -> kinds.LotDrawn | None:
        """The lot that holds, None before the draw or where an earlier version drew it."""
        body = self.drawn.body if self.drawn else None
        return body if isinstance(body, kinds.LotDrawn) else None

    @property
    def findings(self) -> tuple[VisitFinding, ...]:
        """All findings, in the order of the units."""
        return tuple(one for visit in self.visits.values() for one in visit.findings)

    @property
    def unfinished(self) -> tuple[str, ...]:
        """Codes of the units whose check is not finished."""
        return tuple(code for code, one in self.visits.items() if one.state != CLOSED)

    def finding(self, unit: str, id: str) -> VisitFinding | None:
        """Return a finding by its unit and id, None where there is no such finding."""
        visit = self.visits.get(unit)
        return next((one for one in visit.findings if one.id == id), None) if visit else None


def fold_spot_check(round: Round, events: EventLog) -> SpotCheck:
    """Return the spot check that follows from the events.

    Parameters
    ----------
    round : Round
        The rules: form, threshold, days.
    events : EventLog
        Standing events: those without revoked decisions.
    """
    frozen, drawn, void = _current_lot(events)
    last_orders = {event.body.unit: event for event in events.of(kinds.SpotCheckUnitOrdered)}
    orders = tuple(event for event in last_orders.values() if event.body.included)
    withdrawn = {body.imported for body in events.bodies(kinds.VisitImportWithdrawn)}
    imports = [e for e in events.of(kinds.VisitFormImported) if e.seq not in withdrawn]
    how = _origins(drawn, orders, imports)
    known = {unit.code for unit in round.units}
    visits = {
        code: _fold_visit(round, code, word, number, events, imports)
        for number, (code, word) in enumerate(how.items(), start=1)
        if code in known
    }
    last = events.last(kinds.SpotCheckClosed, kinds.SpotCheckReopened)
    closed = events.of(kinds.SpotCheckClosed)[-1:] if last else ()
    return SpotCheck(
        frozen=frozen,
        drawn=drawn,
        void=void,
        orders=orders,
        visits=visits,
        closed=closed[0] if closed and isinstance(last, kinds.SpotCheckClosed) else None,
    )


def _current_lot(events: EventLog) -> tuple[Frozen | None, Drawn | None, VoidLots]:
    """Return frame and lot that hold, and the lots that a later freeze took back."""
    frames: list[Frozen] = [
        *events.of(kinds.SamplingFrameFrozen),
        *events.of(kinds.LotFrameFrozen),
    ]
    draws: list[Drawn] = [*events.of(kinds.SpotCheckDrawn), *events.of(kinds.LotDrawn)]
    frames.sort(key=lambda event: event.seq)
    draws.sort(key=lambda event: event.seq)
    frozen = frames[-1] if frames else None
    standing = [event for event in draws if frozen is None or event.seq > frozen.seq]
    void = tuple(
        (event, next(frame for frame in frames if frame.seq > event.seq))
        for event in draws
        if event not in standing
    )
    return frozen, standing[0] if standing else None, void


def _origins(
    drawn: Drawn | None,
    orders: Iterable[Event[kinds.SpotCheckUnitOrdered]],
    imports: Iterable[Event[kinds.VisitFormImported]],
) -> dict[str, str]:
    """Return the units that are checked, each with how it came to be."""
    how = dict.fromkeys(drawn.body.units if drawn else (), DRAWN)
    how |= dict.fromkeys(getattr(drawn.body, "covered", ()) if drawn else (), COVERED)
    for event in orders:
        how.setdefault(event.body.unit, ORDERED)
    for imported in imports:
        how.setdefault(imported.body.unit, EARLIER)
    return how


def _fold_visit(
    round: Round,
    unit: str,
    how: str,
    order: int,
    events: EventLog,
    imports: Iterable[Event[kinds.VisitFormImported]],
) -> Visit:
    plans = [event for event in events.of(kinds.VisitPlanned) if event.body.unit == unit]
    forms = tuple(event for event in events.of(kinds.VisitFormIssued) if event.body.unit == unit)
    own = tuple(event for event in imports if event.body.unit == unit)
    values = fold_imports(own, ZoneInfo(round.notice.round.timezone))
    figures = _printed_figures(forms, values)
    planned = plans[-1] if plans and plans[-1].body.checkers else None
    return Visit(
        unit=unit,
        how=how,
        order=order,
        plan=planned.body if planned else None,
        plan_seq=planned.seq if planned else 0,
        forms=forms,
        imports=own,
        figures=figures,
        values=values,
        comparisons=compare_figures(round, figures, values),
        findings=list_findings(round, unit, figures, values, events),
    )


def _printed_figures(
    forms: Iterable[Event[kinds.VisitFormIssued]], values: Mapping[str, VisitValue]
) -> Figures:
    """Return target and reported figure of each indicator as whoever filled it in had them.

    A form that is issued later, with figures that the unit corrected since, changes none of them.
    """
    listed = tuple(forms)
    printed = {name: pair for event in listed for name, pair in event.body.figures.items()}
    for event in listed:
        for name, pair in event.body.figures.items():
            found = values.get(f"{name}.found")
            if found and event.body.checker == found.checker and event.seq < found.seq:
                printed[name] = pair
    return printed
