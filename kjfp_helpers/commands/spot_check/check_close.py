"""``kjfp spotcheck close``: the check is finished, or ended for a reason; its report."""

from collections.abc import Sequence

from kjfp_helpers.commands.spot_check.lot_steps import current_check_state, finish
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.spot_check.visit_acts import make_close


def close_spot_check(
    session: RoundSession,
    on_progress: ProgressCallback,
    *,
    reason: str = "",
    by: Sequence[str] = (),
) -> StepResult:
    """Close the check and write its report.

    Raises
    ------
    NotReadyError
        When a unit is unfinished and neither reason nor two names say why it is left so.
    """
    body = make_close(current_check_state(session), reason=reason, by=tuple(by))
    session.record(body)
    left = f"，{len(body.open)}个单位未办结" if body.open else ""
    return finish(session, on_progress, 1, f"抽查已结束{left}")
