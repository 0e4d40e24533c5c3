"""``kjfp member``: record that a member leaves the panel or is reinstated."""

from collections.abc import Mapping, Sequence

from kjfp_helpers import reports
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.events import MemberReinstated, MemberWithdrawn
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.panel.member_withdrawals import (
    make_reinstatement,
    make_withdrawal,
    reassign_released,
)


def withdraw_member(
    session: RoundSession,
    on_progress: ProgressCallback,
    *,
    member: str,
    reason: str,
    document: str = "",
    by: Sequence[str] = (),
    set_aside: bool = False,
    substitute: Mapping[str, str] | None = None,
    approval: str = "",
) -> StepResult:
    """Record that a member left, and assign their unread cases to others at once.

    Parameters are those of ``make_withdrawal``. Cases that cannot be assigned are among the
    failures; the withdrawal stands.

    Raises
    ------
    ParameterError, RuleErrors
        When a statement is invalid; then nothing is recorded.
    """
    body = make_withdrawal(
        session.current_state(),
        member,
        reason=reason,
        document=document,
        by=by,
        set_aside=set_aside,
        substitute=substitute,
        approval=approval,
    )
    return _record_and_reassign(session, on_progress, body, "已退出")


def reinstate_member(
    session: RoundSession,
    on_progress: ProgressCallback,
    *,
    member: str,
    reason: str,
    document: str = "",
    by: Sequence[str] = (),
) -> StepResult:
    """Record that a withdrawal is reverted; the substitute's unread cases go to others.

    Raises
    ------
    ParameterError
        When something is missing, or the member has not left.
    """
    body = make_reinstatement(
        session.current_state(), member, reason=reason, document=document, by=by
    )
    return _record_and_reassign(session, on_progress, body, "恢复在任")


def _record_and_reassign(
    session: RoundSession,
    on_progress: ProgressCallback,
    body: MemberWithdrawn | MemberReinstated,
    what: str,
) -> StepResult:
    (event,) = session.record(body)
    leave = reassign_released(session)
    packets = session.outputs / "packets"
    new = [member for member in leave.given if not (packets / f"{member}.ipynb").exists()]
    reports.write_packet_notebooks(session, new, on_progress)
    notes = [f"{body.member} {what}，台账第{event.seq}号", *leave.notes()]
    notes += [f"已备好评分笔记本：{'、'.join(new)}"] if new else []
    failed = (leave.problem,) if leave.problem else ()
    return StepResult(sum(leave.given.values()), failed=failed, notes=tuple(notes))
