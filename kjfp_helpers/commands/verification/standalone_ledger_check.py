"""Verify a ledger file without its round: the chain, and heads printed on documents."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.commands.verification.intake_check import verification_error
from kjfp_helpers.core.events import RoundOpened
from kjfp_helpers.ledger import Ledger
from kjfp_helpers.rules.loader import RULE_FILES
from kjfp_helpers.state.ledger_heads import find_missing_heads, parse_head


def find_ledger(path: Path) -> Path | None:
    """Return the ledger file that a path names, where no rule file is beside it."""
    file = path / "review.db" if path.is_dir() else path
    alone = not any((file.parent / name).exists() for name in RULE_FILES)
    return file if file.suffix == ".db" and file.is_file() and alone else None


def verify_ledger(file: Path, heads: Sequence[str] = ()) -> StepResult:
    """Verify the chain of a ledger file and heads printed on documents; nothing is derived.

    Raises
    ------
    LedgerError, LedgerBroken
        When the file is no complete ledger.
    DifferenceError
        When it does not hold a printed head.
    """
    printed = [parse_head(text) for text in heads]
    ledger = Ledger.open(file, "", at=datetime.now(UTC), actor="核验", readonly=True)
    try:
        ledger.verify()
        events = ledger.events()
        for head in find_missing_heads(printed, ledger):
            raise verification_error(
                f"台账第{head.seq}条", f"校验值{head.hash}", "台账中没有这一条"
            )
    finally:
        ledger.close()
    opened = events[0].body
    name = opened.round if isinstance(opened, RoundOpened) else ""
    done = [f"轮次“{name}”的台账{len(events)}条，末条校验值{events[-1].hash[:16]}"]
    done += [f"文件上的编号和校验值{len(printed)}个"] if printed else []
    notes = (
        "台账完整：" + "、".join(done),
        "未核对：规则文件和来件不在这里，名单、评阅分派和各文件没有复算；"
        f"请放回轮次文件夹（文件夹名为 {name}）后再核验",
    )
    return StepResult(len(done), 1, notes=notes)
