"""``kjfp spotcheck freeze`` and ``draw``: the frame, the lot, units added by order."""

from collections.abc import Mapping, Sequence
from datetime import date

from kjfp_helpers.commands.document_writing import write_documents
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import EventBody
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.notice.spot_check.sampling_frame import parse_frame
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.spot_check.lot_acts import make_draw, make_freeze, make_order


def freeze_spot_check(
    session: RoundSession,
    on_progress: ProgressCallback,
    *,
    source: str,
    day: date,
    excluded: Mapping[str, str],
    reason: str = "",
    as_of: date | None = None,
) -> StepResult:
    """Freeze the frame, with the public value named by its source and day.

    Parameters
    ----------
    source : str
        Where the value will be published.
    day : date
        When it will be, after today.
    excluded : mapping
        Unit code to the reason why it is not in the frame.
    reason : str
        Why an earlier frame, and the lot drawn from it, are void.
    as_of : date, optional
        Today, in a rehearsal alone.

    Raises
    ------
    ParameterError, NotReadyError
    """
    body = make_freeze(
        current_check_state(session),
        source=source,
        day=day,
        excluded=excluded,
        reason=reason,
        today=today(session, as_of),
    )
    session.record(body)
    frame = parse_frame(body.lines)
    titles = {one.id: one.title for one in session.round.notice.spot_check.drawn_strata}
    drawn = "、".join(f"{titles.get(name, name)}{count}个" for name, count in frame.draws.items())
    return finish(
        session,
        on_progress,
        1,
        f"名册{len(frame.units)}个单位，抽{drawn}；校验值 {body.digest}",
        "请在公开值公布之前公布 spotcheck/frame.docx",
    )


def draw_spot_check(
    session: RoundSession,
    on_progress: ProgressCallback,
    *,
    value: str = "",
    add: Sequence[str] = (),
    document: str = "",
    reason: str = "",
    by: Sequence[str] = (),
    as_of: date | None = None,
) -> StepResult:
    """Draw by the public value, or add units by order (``add``, with grounds), or both.

    Raises
    ------
    ParameterError, NotReadyError
    """
    if not value and not add:
        raise ParameterError(
            "抽查抽签",
            expected="--value 公开值，或 --add 单位代码",
            found="都没有",
            advice="补上",
        )
    notes, listed = list[str](), list[str]()
    bodies: list[EventBody] = []
    state = current_check_state(session)
    if value:
        body = make_draw(state, value=value, today=today(session, as_of))
        bodies.append(body)
        listed += body.units
        notes.append(f"抽中{len(body.units)}个单位：{name_units(session, body.units)}")
    for code in add:
        order = make_order(
            state,
            unit=code,
            included=True,
            document=document,
            reason=reason,
            by=tuple(by),
            listed=listed,
        )
        bodies.append(order)
        listed.append(code)
        notes.append(f"指定{name_units(session, (code,))}：{order.document}")
    session.record(*bodies)
    return finish(session, on_progress, len(bodies), *notes)


def current_check_state(session: RoundSession) -> RoundState:
    """Return the state for an act of the spot check, before and after the rules are frozen."""
    return session.current_state(check_members=False)


def today(session: RoundSession, as_of: date | None) -> date:
    """Return today; a rehearsal may be on another day, a real round may not.

    Raises
    ------
    ParameterError
        When a real round is told another day.
    """
    if as_of is None:
        return session.now().date()
    if not session.round.rehearsal:
        raise ParameterError(
            "--as-of", expected="只在演练中使用", found=str(as_of), advice="去掉这一项"
        )
    return as_of


def name_units(session: RoundSession, codes: Sequence[str]) -> str:
    """Return the short names of units, in Chinese."""
    units = session.round.unit_by_code
    return "、".join(units[code].short_name if code in units else code for code in codes)


def finish(
    session: RoundSession, on_progress: ProgressCallback, made: int, *notes: str
) -> StepResult:
    """Write the papers that are due now and return the result of a step."""
    written = write_documents(session, "spotcheck", current_check_state(session), on_progress)
    papers = "、".join(sorted(name.removeprefix("spotcheck/") for name in written.changed))
    return StepResult(made, notes=(*notes, *([f"文件在 spotcheck/：{papers}"] if papers else [])))


def write_spot_check_papers(session: RoundSession, on_progress: ProgressCallback) -> StepResult:
    """Write the papers that are due as the ledger stands."""
    return finish(session, on_progress, 0)
