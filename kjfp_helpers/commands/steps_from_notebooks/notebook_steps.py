"""Steps of the year run from the notebook of their page, with the parameter ``produce``.

They are the steps of the command line, behind the same permission and lock, so that a year can be
driven by papermill alone.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from kjfp_helpers.commands.steps.step_result import StepResult, describe_counts, headline
from kjfp_helpers.commands.steps_from_notebooks.step_lock import lock_step
from kjfp_helpers.core.errors import NotReadyError, ParameterError

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundSession, UnopenedRound

_STEPS: Mapping[str, tuple[str, str]] = {
    "intake": ("收件", "register_mail"),
    "check": ("检查", "check"),
    "assign": ("分派", "assign"),
    "shortlist": ("名单", "shortlist"),
    "regenerate": ("报告", "regenerate"),
    "exhibit": ("展览", "exhibit"),
}
"""The steps that have a notebook: what each is called, and its function in ``round_steps``."""


def produce_documents(
    session: "RoundSession | UnopenedRound", steps: Sequence[str], *, wanted: bool
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
    if not wanted:
        return ()
    from kjfp_helpers.commands.steps import round_steps
    from kjfp_helpers.state import RoundSession

    results: list[StepResult] = []
    if isinstance(session, RoundSession):
        for step in steps:
            title, function = _STEPS[step]
            with lock_step(session, step, title):
                results.append(getattr(round_steps, function)(session, lambda done, total: None))
            _report(step, title, results[-1])
    return tuple(results)


def produce_publication(
    session: "RoundSession | UnopenedRound", day: str, reason: str, number: str, *, wanted: bool
) -> tuple[StepResult, ...]:
    """Publish the next version of the public notice, or issue the decision, where it is wanted.

    Parameters
    ----------
    session : RoundSession
        The round; one that could not be opened says so on its screen.
    day, reason : str
        First day of the notice or date of the decision as ``2020-11-02``; why there is a further
        version.
    number : str
        Number of the decision; blank for the notice.
    wanted : bool
        The notebook's parameter ``produce``.

    Raises
    ------
    ParameterError
        When the day is missing or is none, also where nothing is wanted.
    KjfpError
        As the commands ``publish`` and ``decision issue``.
    """
    if not (wanted or day):
        return ()
    from kjfp_helpers.state import RoundSession

    date_given = _parse_day(day)
    if not wanted or not isinstance(session, RoundSession):
        return ()
    step, title = ("decision", "表扬决定") if number.strip() else ("publish", "公示")
    run = _decision_step(number) if number.strip() else _notice_step()
    with lock_step(session, step, title):
        result = run(session, lambda done, total: None, day=date_given, reason=reason)
    _report(step, title, result)
    return (result,)


def _notice_step() -> Callable[..., StepResult]:
    from kjfp_helpers.commands.publication.notice_publication import publish_notice

    return publish_notice


def _decision_step(number: str) -> Callable[..., StepResult]:
    from kjfp_helpers.commands.publication.commendation_issue import issue_decision

    return partial(issue_decision, number=number)


def _parse_day(text: str) -> date:
    try:
        return date.fromisoformat(str(text).strip())
    except ValueError as error:
        raise ParameterError(
            "参数“day”",
            expected="日期，如 2020-11-02",
            found=f"“{text}”",
            advice="更正后重新运行",
        ) from error


def produce_reports(round_dir: str, outputs_dir: str, *, wanted: bool) -> tuple[StepResult, ...]:
    """Make all reports of a round, where that is wanted; errors as :func:`produce_documents`."""
    if not wanted:
        return ()
    from kjfp_helpers.state import RoundSession

    session = RoundSession.open(str(round_dir), outputs_dir or None)
    try:
        return produce_documents(session, ("regenerate",), wanted=True)
    finally:
        session.close()


def _report(step: str, title: str, result: StepResult) -> None:
    counts = describe_counts(step, result.made, result.skipped, len(result.failed))
    print(headline(title, counts, result.notes))
    for line in (*result.notes, *result.failed):
        print(f"    {line}")
    if result.failed:
        raise NotReadyError(
            f"“{title}”",
            expected="全部完成",
            found=f"失败{len(result.failed)}项",
            advice="见上列各项",
        )
