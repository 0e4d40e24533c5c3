"""Runs the steps of a round: the lock on its outputs, the progress bar, the summary line."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from kjfp_helpers.cli.options import RoundChoice
from kjfp_helpers.cli.progress_bar import Bar
from kjfp_helpers.commands.steps.step_result import describe_counts, headline
from kjfp_helpers.core.text_normalization import mark_unseen_chars

STEP_TITLES = {
    "run": "全部步骤",
    "forms": "表格",
    "intake": "收件",
    "rule": "裁定",
    "approve": "展览审定",
    "check": "检查",
    "stocktake": "盘点",
    "assess": "考核",
    "assign": "分派",
    "score": "评分",
    "visit": "实地抽查",
    "meet": "会议",
    "close": "决定",
    "meeting": "会议",
    "shortlist": "名单",
    "regenerate": "报告",
    "exhibit": "展览",
    "verify": "核验",
    "issue": "备卷",
    "export": "导出评分表",
    "import": "导入评分表",
    "member": "评委变动",
    "letters": "发出函件",
    "amend": "规则修订",
    "resume": "沿用较早台账",
    "backup": "备份",
    "log": "台账",
    "spotcheck": "抽查",
    "findings": "问题清单",
    "publish": "公示",
    "objection": "异议",
    "decision": "表扬决定",
    "archive": "归档",
}
"""Step, as access control and the lock know it, to what it is called in Chinese."""
UNCHECKED = 3
"""Exit code of a verification that found no difference, but could not check everything."""
_OPENS_LEDGER = ("run", "intake", "forms")

Step = Callable[..., Any]
"""A step of ``kjfp_helpers.commands``: takes the session and a progress callback."""


@contextmanager
def lock_round(choice: RoundChoice, step: str) -> Iterator[Any]:
    """Open the round for a step and lock its outputs until the command ends.

    A step that starts a round creates its folder from the default rule files where it is missing.
    """
    from kjfp_helpers.commands.steps_from_notebooks.step_lock import lock_step

    if step in _OPENS_LEDGER:
        _create_missing_round(choice.round)
    with choice.open(create=step in _OPENS_LEDGER) as session:
        with lock_step(session, step, STEP_TITLES[step]):
            yield session


def _create_missing_round(name: str) -> None:
    from kjfp_helpers.commands import create_default_round

    folder = create_default_round(name)
    if folder is not None:
        path = os.path.relpath(folder)
        print(
            f"✓ 已建立轮次文件夹 {path}，放入软件自带的规则文件；"
            f"请先核对规则，再把来件放入 {path}/inbox",
            flush=True,
        )


def run_step(choice: RoundChoice, name: str, step: Step) -> int:
    """Run one step under the lock; return the exit code."""
    with lock_round(choice, name) as session:
        return int(bool(report_step(name, step, session).failed))


def run_reading_step(choice: RoundChoice, name: str, step: Step) -> Any:
    """Run a step that writes nothing to the outputs, and so needs no lock; return its result."""
    with choice.open(readonly=True) as session:
        session.access().require_command(name)
        return report_step(name, step, session)


def report_step(name: str, step: Step, session: Any) -> Any:
    """Run a step with a progress bar, print its counts and notes, and return its result."""
    from kjfp_helpers.infra.process_pool import LARGE_BLOCK, keep_freed_blocks_below

    keep_freed_blocks_below(LARGE_BLOCK)
    title, start = STEP_TITLES[name], time.monotonic()
    with Bar(title) as on_progress:
        outcome = step(session, on_progress)
    is_check = name == "verify"
    symbol = "✗" if outcome.failed else "△" if is_check and outcome.skipped else "✓"
    tell = _tell_verified if is_check else describe_counts
    counts = tell(name, outcome.made, outcome.skipped, len(outcome.failed))
    told = headline(title, counts, outcome.notes)
    print(f"{symbol} {told}（{time.monotonic() - start:.1f}秒）", flush=True)
    for line in (*outcome.notes, *(f"✗ {failure}" for failure in outcome.failed)):
        print(f"    {mark_unseen_chars(line)}", flush=True)
    return outcome


def _tell_verified(_: str, same: int, unchecked: int, different: int) -> str:
    return f"一致 {same}，未核对 {unchecked}，不符 {different}"


def print_failure(message: str) -> int:
    """Print why the command stopped; return the exit code."""
    print(f"✗ {mark_unseen_chars(message)}", file=sys.stderr)
    return 1
