"""Steps of the year run from the notebook of their page, with the parameter ``produce``.

They are the steps of the command line, behind the same permission and lock, so that a year can be
driven by papermill alone.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kjfp_helpers.commands.step_running.step_lock import lock_step
from kjfp_helpers.commands.steps import round_steps
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.errors import NotReadyError
from kjfp_helpers.state import RoundSession, UnopenedRound

_STEPS: Mapping[str, tuple[str, Callable[..., Any]]] = {
    "intake": ("收件", round_steps.register_mail),
    "check": ("检查", round_steps.check),
    "assign": ("分派", round_steps.assign),
    "shortlist": ("名单", round_steps.shortlist),
    "regenerate": ("报告", round_steps.regenerate),
    "exhibit": ("展览", round_steps.exhibit),
}
"""The steps that have a notebook, with what they are called."""


def produce_documents(
    session: RoundSession | UnopenedRound, steps: Sequence[str], *, wanted: bool
) -> tuple[StepResult, ...]:
    """Run steps on an open round, where that is wanted, and print what each says.

    Parameters
    ----------
    session : RoundSession
        The round; one that could not be opened says so on its screen.
    steps : sequence of str
        Names of steps, in order.
    wanted : bool
        The notebook's parameter ``produce``.

    Raises
    ------
    NotReadyError
        When something in a step failed.
    KjfpError
        As the steps do.
    """
    results: list[StepResult] = []
    if wanted and isinstance(session, RoundSession):
        for step in steps:
            title, run = _STEPS[step]
            with lock_step(session, step, title):
                results.append(run(session, lambda done, total: None))
            _report(title, results[-1])
    return tuple(results)


def produce_reports(round_dir: str, outputs_dir: str, *, wanted: bool) -> tuple[StepResult, ...]:
    """Make all reports of a round, where that is wanted; errors as :func:`produce_documents`."""
    if not wanted:
        return ()
    session = RoundSession.open(str(round_dir), outputs_dir or None)
    try:
        return produce_documents(session, ("regenerate",), wanted=True)
    finally:
        session.close()


def _report(title: str, result: StepResult) -> None:
    print(f"{title}：新生成 {result.made}，跳过 {result.skipped}，失败 {len(result.failed)}")
    for line in (*result.notes, *result.failed):
        print(f"    {line}")
    if result.failed:
        raise NotReadyError(
            f"“{title}”",
            expected="全部完成",
            found=f"失败{len(result.failed)}项",
            advice="见上列各项",
        )
