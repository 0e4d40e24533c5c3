"""Accept an older copy of the ledger by a recorded decision: what ``kjfp resume`` does."""

from collections.abc import Sequence

from kjfp_helpers.commands.decision_options import require_particulars
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.events import EarlierLedgerAccepted
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.state import RoundSession
from kjfp_helpers.state.ledger_heads import find_unknown_heads
from kjfp_helpers.state.printed_heads import describe_missing_events, read_output_heads


def resume(
    session: RoundSession,
    on_progress: ProgressCallback,
    *,
    reason: str = "",
    by: Sequence[str] = (),
) -> StepResult:
    """Record that the office continues from an earlier ledger although later documents exist.

    Without ``reason`` and ``by`` it lists the documents and records nothing.

    Raises
    ------
    ParameterError
        When the reason or one of two names is missing.
    """
    carried = read_output_heads(session.outputs)
    unknown = find_unknown_heads(carried, session.ledger)
    if not unknown:
        return StepResult(notes=("输出文件夹中的文件都出自本台账，不必记录。",))
    listed = tuple(
        f"{carried[head]}：台账第{head.seq}条 {head.hash[:16]}，"
        f"{describe_missing_events(session, head)}"
        for head in unknown
    )
    if not (reason or by):
        advice = "未记入台账；确认沿用本台账的加 --reason 理由 --by 姓名 --by 姓名"
        return StepResult(notes=(*listed, advice))
    names = require_particulars(
        "沿用较早的台账", "写明理由和两名不同的经办人", {"--reason": reason}, by
    )
    body = EarlierLedgerAccepted(heads=tuple(map(str, unknown)), reason=reason.strip(), by=names)
    (event,) = session.record(body)
    done = f"已记入台账第{event.seq}条；此后生成的文件将替换上列文件，请先另行保存"
    return StepResult(made=len(unknown), notes=(*listed, done))
