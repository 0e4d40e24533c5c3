"""The office and its checkers at the spot check of a rehearsal; a real office does it itself."""

from collections.abc import Mapping
from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook

from kjfp_helpers.commands.document_writing import write_documents
from kjfp_helpers.commands.spot_check.check_close import close_spot_check
from kjfp_helpers.commands.spot_check.form_import import import_visit_forms
from kjfp_helpers.commands.spot_check.form_issue import restore_visit_forms, write_visit_forms
from kjfp_helpers.commands.spot_check.lot_steps import write_spot_check_papers
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import VisitFormIssued
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.rehearsal.actors import spot_checkers as plan
from kjfp_helpers.rehearsal.actors.office_hours import next_working_day
from kjfp_helpers.rehearsal.faults.answer_key import office_actor_label
from kjfp_helpers.rehearsal.generator.faultless_year import CHINA
from kjfp_helpers.rehearsal.writers.synthetic_images import draw_photo
from kjfp_helpers.reports.office.spot_check.visit_layout import FORM_SHEET, sheet_lines
from kjfp_helpers.reports.office.writers.deterministic_zip import normalize_zip
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.spot_check.lot_acts import make_draw, make_freeze
from kjfp_helpers.state.spot_check.visit_acts import make_decision, make_plan, make_reply

MEETING = "演练主任办公会纪要〔2020〕9号"
TWO = ("测试秘书", "测试组长")
DRAWN_AT = time(15, 30)


def simulate_freeze(session: RoundSession) -> int:
    """Freeze the frame of a rehearsal before the value is known; return the number of events."""
    state = session.current_state(check_members=False, require_frozen=False)
    today = session.now().date()
    if state.spot_check.frozen is not None or plan.plan_spot_check(session.round, today) is None:
        return 0
    body = make_freeze(state, source=plan.SOURCE, day=plan.DAY, excluded={}, reason="", today=today)
    session.record(body, actor=_secretary(session))
    return 1


def simulate_spot_check(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Draw, visit, import, reply, decide and close, as the answer key has it."""
    if not session.round.rehearsal:
        return StepResult(notes=("由秘书在“盘点与抽查”页“抽查”里办理",))
    state = session.current_state()
    check = state.spot_check
    if check.frame is None or check.drawn is not None:
        restore_visit_forms(session, state)
        write_spot_check_papers(session, on_progress)
        return StepResult(skipped=len(check.visits))
    _advance(session, datetime.combine(plan.DAY, DRAWN_AT, CHINA))
    body = make_draw(state, value=plan.VALUE, today=session.now().date())
    session.record(body, actor=_secretary(session))
    planned = plan.plan_spot_check(session.round, state.events[0].at.date())
    acts = planned.act_by_unit if planned and planned.lot == body else {}
    _plan_visits(session, acts)
    write_visit_forms(session, session.current_state(), on_progress)
    _advance(session, next_working_day(next_working_day(session.now())))
    with TemporaryDirectory() as folder:
        _return_forms(session, acts, Path(folder), on_progress)
    _decide(session, acts)
    close_spot_check(session, on_progress)
    for command in ("intake", "check"):
        write_documents(session, command, session.current_state(), on_progress)
    return StepResult(len(body.units), notes=("演练检查人员已实地检查，问题已办结",))


def _secretary(session: RoundSession) -> str:
    return office_actor_label(session.round, "秘书")


def _advance(session: RoundSession, at: datetime) -> None:
    session.advance_rehearsal(at)


def _plan_visits(session: RoundSession, acts: Mapping[str, str]) -> None:
    """Name the checkers of each unit; a related one is refused and another named."""
    state = session.current_state()
    day = str(next_working_day(session.now()).date())
    for number, unit in enumerate(state.spot_check.visits):
        team = plan.choose_checkers(session.round, unit, number)
        if acts.get(unit) == plan.CONFLICT:
            related = (team[0], plan.related_checker(session.round, unit))
            try:
                make_plan(state, unit=unit, day=day, checkers=related)
            except ParameterError:
                pass
            else:
                raise AssertionError(f"{unit}: a related checker was accepted")
        session.record(
            make_plan(state, unit=unit, day=day, checkers=team), actor=_secretary(session)
        )


def _return_forms(
    session: RoundSession, acts: Mapping[str, str], folder: Path, on_progress: ProgressCallback
) -> None:
    """Fill in every form and import it; one that was refused in part is sent again."""
    copies: dict[str, int] = {}
    again: list[Path] = []
    for number, event in enumerate(session.events().of(VisitFormIssued), start=1):
        body, act = event.body, acts.get(event.body.unit, "")
        copy = copies.setdefault(body.unit, 0)
        copies[body.unit] += 1
        values = plan.found_values(act, copy, body.figures, body.day)
        blank = session.outputs / body.path
        path = folder / blank.name
        spoilt = plan.tried_figure(body.figures) if (act, copy) == (plan.CHANGED, 1) else ""
        path.write_bytes(fill_visit_form(session, blank, values, spoil=spoilt))
        for key, value in values.items():
            if key.endswith(".photos"):
                (folder / str(value)).write_bytes(draw_photo((number, copy)))
        import_visit_forms(session, on_progress, files=[path])
        if act in (plan.CHANGED, plan.APART) and copy == 1:
            path.write_bytes(fill_visit_form(session, blank, values))
            again.append(path)
    for path in again:
        import_visit_forms(session, on_progress, files=[], prefer_files=[path])


def fill_visit_form(
    session: RoundSession, blank: Path, values: Mapping[str, float | str], *, spoil: str = ""
) -> bytes:
    """Return a form with these entries; ``spoil`` names a reported figure to change."""
    book = load_workbook(blank)
    tab = book[FORM_SHEET]
    for line in sheet_lines(session.round):
        for key, at in line.cells.items():
            if key in values:
                tab[at].value = values[key]
        if spoil and line.form_row and line.form_row.name == spoil:
            tab[f"C{line.row}"].value = 1
    buffer = BytesIO()
    book.save(buffer)
    return normalize_zip(buffer.getvalue())


def _decide(session: RoundSession, acts: Mapping[str, str]) -> None:
    """Record the units' replies and the decisions on what was found."""
    _advance(session, next_working_day(session.now()))
    state = session.current_state()
    chair = office_actor_label(session.round, "组长")
    for one in state.spot_check.findings:
        waived = acts.get(one.unit) == plan.WAIVED
        if not waived:
            day = str(session.now().date())
            reply = make_reply(state, unit=one.unit, finding=one.id, day=day, reply=plan.REPLY)
            session.record(reply, actor=_secretary(session))
            state = session.current_state()
        decision = make_decision(
            state,
            unit=one.unit,
            finding=one.id,
            ruling="waived" if waived else "confirmed",
            reason="已由省级科协责成换证，地方另行处理" if waived else "单位承认重复计入，已更正",
            document=MEETING,
            by=TWO,
            today=session.now().date(),
        )
        session.record(decision, actor=chair)
        state = session.current_state()
