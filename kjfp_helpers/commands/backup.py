"""``kjfp backup``: a complete copy of the ledger in one file, also while others write."""

from pathlib import Path

from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.state import RoundSession


def back_up(session: RoundSession, on_progress: ProgressCallback, *, target: Path) -> StepResult:
    """Copy the ledger into a new file and verify the hash chain of the copy.

    Raises
    ------
    LedgerError
        When the ledger is in PostgreSQL or cannot be read.
    LedgerBroken
        When the hash chain is broken.
    OutputError
        When there is a file of that name, or it cannot be written.
    """
    on_progress(0, 1)
    seq, digest = session.ledger.back_up_to(target)
    on_progress(1, 1)
    return StepResult(
        1,
        notes=(
            f"{target.name}：台账{seq}条，已逐条核对，末条校验值{digest[:16]}",
            "恢复时，先移走轮次文件夹中的 review.db，再把备份复制进去，改名为 review.db",
        ),
    )
