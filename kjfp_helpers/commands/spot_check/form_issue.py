"""``kjfp spotcheck issue``: who visits whom, the blank forms, the letters."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from kjfp_helpers.commands.letter_issue import issue_letters
from kjfp_helpers.commands.spot_check.lot_steps import current_check_state, finish
from kjfp_helpers.commands.spot_check.team_table import read_teams
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.errors import NotReadyError, ParameterError, ParameterErrors
from kjfp_helpers.core.events import Event, EventLog, VisitFormIssued, VisitPlanned
from kjfp_helpers.infra.atomic_files import atomic_write, sha256_file
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.notice.spot_check import Visit
from kjfp_helpers.notice.spot_check.check_progress import NOT_PLANNED
from kjfp_helpers.reports.office.spot_check.visit_workbook import VisitForm, build_visit_workbook
from kjfp_helpers.rules import Round
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.frozen_rules import rules_in_force
from kjfp_helpers.state.secretary.unit_dossiers import visit_letters
from kjfp_helpers.state.spot_check.lot_acts import require_running
from kjfp_helpers.state.spot_check.reported_figures import reported_figures
from kjfp_helpers.state.spot_check.visit_acts import make_plan

FORMS = "spotcheck/forms"
"""Folder of the blank forms below the outputs."""


def issue_visit_forms(
    session: RoundSession,
    on_progress: ProgressCallback,
    *,
    teams: Path | None = None,
    as_of: date | None = None,
) -> StepResult:
    """Record who visits whom, write a form for each checker without one, issue the letters.

    Parameters
    ----------
    teams : Path, optional
        Table of the checkers (``.csv`` or ``.xlsx``), see :func:`.team_table.read_teams`.
    as_of : date, optional
        The day on the letters, see :func:`kjfp_helpers.commands.letter_issue.issue_letters`.

    Raises
    ------
    ParameterError
        When the table is wrong, or a checker is related to the unit.
    NotReadyError
        When there is nothing to issue.
    """
    state = current_check_state(session)
    require_running(state)
    if not state.spot_check.visits:
        raise NotReadyError(
            "抽查", expected="已抽签", found="没有抽查单位", advice="先冻结名册并抽签"
        )
    if teams is not None:
        plans = [
            plan
            for plan in _make_plans(state, read_teams(teams, state.round))
            if plan != state.spot_check.visits[plan.unit].plan
        ]
        if plans:
            session.record(*plans)
            state = current_check_state(session)
    restore_visit_forms(session, state)
    made = write_visit_forms(session, state, on_progress)
    letters = [
        f"{code}-{title}"
        for code in state.spot_check.visits
        for title in visit_letters(state, code)
    ]
    notes = [f"检查表{len(made)}份在 {FORMS}/"] if made else ["没有须新制发的检查表"]
    if letters:
        notes += issue_letters(session, on_progress, as_of=as_of, only=letters).notes
    unplanned = [
        state.round.unit_by_code[code].short_name
        for code, visit in state.spot_check.visits.items()
        if visit.state == NOT_PLANNED
    ]
    if unplanned:
        notes.append(f"尚未安排检查人员：{'、'.join(unplanned)}")
    return finish(session, on_progress, len(made), *notes)


def _make_plans(state: RoundState, teams: Iterable[Mapping[str, Any]]) -> list[VisitPlanned]:
    """Return the plans of all teams; what is wrong with any of them is told at once."""
    plans, refused = list[VisitPlanned](), list[ParameterError]()
    for team in teams:
        try:
            plans.append(make_plan(state, **team))
        except ParameterError as error:
            refused.append(error)
    if refused:
        raise ParameterErrors(refused)
    return plans


def restore_visit_forms(session: RoundSession, state: RoundState) -> int:
    """Write issued forms that are missing again, where they come out as issued; return how many."""
    restored = 0
    for number, event in enumerate(state.events.of(VisitFormIssued), start=1):
        body, unit = event.body, state.round.unit_by_code.get(event.body.unit)
        path = session.outputs / body.path
        if path.is_file() or unit is None:
            continue
        form = VisitForm(
            round=state.rules,
            unit=unit,
            checker=body.checker,
            number=number,
            day=body.day,
            figures=body.figures,
            cases=body.cases,
        )
        content = build_visit_workbook(form)
        if hashlib.sha256(content).hexdigest() == body.sha256:
            atomic_write(path, content)
            restored += 1
    return restored


def write_visit_forms(
    session: RoundSession, state: RoundState, on_progress: ProgressCallback
) -> list[VisitFormIssued]:
    """Write and record the forms of the checkers who have none under the plan that holds."""
    number = len(state.events.of(VisitFormIssued))
    due = [
        (visit, checker)
        for visit in state.spot_check.visits.values()
        for checker in visit.checkers
        if not _has_form(visit, checker)
    ]
    made = []
    for done, (visit, checker) in enumerate(due, start=1):
        assert visit.plan is not None
        form = VisitForm(
            round=state.rules,
            unit=state.round.unit_by_code[visit.unit],
            checker=checker,
            number=number + done,
            day=visit.plan.day,
            figures=reported_figures(state, visit.unit),
            cases=tuple(case.id for case in state.screening.cases if case.unit == visit.unit),
        )
        path = f"{FORMS}/{form.number:03d}-{visit.unit}-{_safe(checker)}.xlsx"
        atomic_write(session.outputs / path, build_visit_workbook(form))
        made.append(
            VisitFormIssued(
                unit=visit.unit,
                checker=checker,
                day=form.day,
                figures=form.figures,
                cases=tuple(form.cases),
                path=path,
                sha256=sha256_file(session.outputs / path),
            )
        )
        on_progress(done, len(due))
    if made:
        session.record(*made)
    return made


def _has_form(visit: Visit, checker: str) -> bool:
    return any(
        event.body.checker == checker and event.seq > visit.plan_seq for event in visit.forms
    )


def _safe(name: str) -> str:
    """Return a name as part of a file name.

    Examples
    --------
    >>> _safe("张/三.."), _safe("../")
    ('张三', '检查人员')
    """
    return re.sub(r"[^\w]", "", name)[:20] or "检查人员"


def rules_of_form(session: RoundSession, issued: Event[VisitFormIssued]) -> Round:
    """Return the rules under which a form was issued: its lines are those of that day."""
    return rules_in_force(session.round, session.events()[: issued.seq - 1])


def rebuild_form(session: RoundSession, events: EventLog, number: int) -> bytes | None:
    """Return the blank form of a number as it was issued, None where there is no such form."""
    issued = events.of(VisitFormIssued)
    if not 1 <= number <= len(issued):
        return None
    event = issued[number - 1]
    body = event.body
    rules = rules_of_form(session, event)
    return build_visit_workbook(
        VisitForm(
            round=rules,
            unit=rules.unit_by_code[body.unit],
            checker=body.checker,
            number=number,
            day=body.day,
            figures=body.figures,
            cases=body.cases,
        )
    )
