"""``kjfp publish``: a version of the public notice goes out, and is never overwritten."""

from datetime import date, timedelta

from kjfp_helpers.commands.publication.version_folders import next_version_number
from kjfp_helpers.commands.steps.step_result import StepResult
from kjfp_helpers.core.errors import NotReadyError, ParameterError
from kjfp_helpers.core.events import NoticePublished, ShortlistComputed
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.infra.atomic_files import sha256_file
from kjfp_helpers.infra.progress import ProgressCallback
from kjfp_helpers.reports.office.decision.notice_version import (
    NoticeVersion,
    write_published_notice,
)
from kjfp_helpers.rules import Round
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.publication.published_notices import (
    compare_lists,
    list_notices,
    standing_notice,
)
from kjfp_helpers.state.secretary.progress.review_steps import list_moved
from kjfp_helpers.state.secretary.publication_gates import draft_line, is_ready, list_gates

FOLDER = "notices"
"""Folder of the outputs with a folder for each version."""


def publish_notice(
    session: RoundSession, on_progress: ProgressCallback, *, day: date, reason: str = ""
) -> StepResult:
    """Write the next version of the notice and record it with the hash of every file.

    Parameters
    ----------
    session, on_progress
        The round, and the progress callback.
    day : date
        First day of the notice.
    reason : str
        Why there is a further version; needed from the second on.

    Raises
    ------
    NotReadyError
        When the list is a draft, was not made since the last decision, or stands published.
    ParameterError
        When the reason is missing, or the calendar lacks the holidays of a year of the period.
    OutputError
        When a file cannot be written.
    """
    on_progress(0, 1)
    state = session.current_state()
    _require_final_list(state)
    version = _next_version(session, state, day, mask_personal_numbers(reason.strip()))
    folder = session.outputs / FOLDER / f"{version.number}"
    paths = write_published_notice(state, version, folder)
    files = {path.relative_to(session.outputs).as_posix(): sha256_file(path) for path in paths}
    body = NoticePublished(
        version=version.number,
        day=str(version.first),
        until=str(version.last),
        cases=_listed_cases(state),
        files=files,
        reason=version.reason,
    )
    (event,) = session.record(body)
    on_progress(1, 1)
    notes = [
        f"第{version.number}版公示：{version.first} 至 {version.last}，"
        f"见 {FOLDER}/{version.number}/",
        f"已记入台账第{event.seq}条；文件不再改动，名单有变时另发一版",
    ]
    return StepResult(len(paths), notes=tuple(notes))


def find_period(round: Round, day: date) -> tuple[date, date]:
    """Return first and last day of a notice that goes out on a day, by the working days ruled.

    Raises
    ------
    ParameterError
        When the calendar lacks the holidays of a year of the period.
    """
    calendar, days = round.notice.calendar, round.notice.ruling.publication_days.value
    _require_year(round, day.year)
    last = calendar.add_workdays(day - timedelta(days=1), days)
    _require_year(round, last.year)
    return day, last


def _require_year(round: Round, year: int) -> None:
    if not round.notice.calendar.knows_year(year):
        raise ParameterError(
            "公示期",
            expected=f"notice.toml 的 [calendar] 写有{year}年的放假安排",
            found="没有",
            advice=f"按国务院办公厅通知补入{year}年 holidays、workdays，再发布",
        )


def _require_final_list(state: RoundState) -> None:
    if lacking := state.round.notice.office.lacking:
        raise NotReadyError(
            "公示",
            expected="notice.toml 的 [office] 写有联系人、联系电话",
            found=f"没有{'、'.join(lacking)}",
            advice="补入后再发布",
        )
    line = draft_line(list_gates(state))
    if not is_ready(state) or state.decision.shortlist.empty:
        raise NotReadyError(
            "公示",
            expected="名单已定稿",
            found=line or "还没有名单",
            advice="办结后运行 kjfp shortlist",
        )
    if not state.standing_events.has(ShortlistComputed) or list_moved(state):
        raise NotReadyError(
            "公示",
            expected="名单生成以后没有变动",
            found="名单有变动",
            advice="先运行 kjfp shortlist，再发布",
        )


def _next_version(
    session: RoundSession, state: RoundState, day: date, reason: str
) -> NoticeVersion:
    notices, standing = list_notices(state.events), standing_notice(state.events)
    first, last = find_period(state.round, day)
    cases = _listed_cases(state)
    if standing is not None and set(standing.body.cases) == set(cases):
        raise NotReadyError(
            "公示",
            expected="名单与已公示的不同",
            found=f"第{standing.body.version}版公示的名单没有变动",
            advice="不必再发；公示有误须重发的，先撤回该版",
        )
    if notices and not reason:
        raise ParameterError(
            "--reason",
            expected="再次公示的理由",
            found="空缺",
            advice="写明理由，如“第1号异议成立”",
        )
    before = notices[-1] if notices else None
    added, removed = compare_lists(before.body.cases if before else None, cases)
    known = state.screening.case_by_id
    return NoticeVersion(
        number=next_version_number(session.outputs / FOLDER, len(notices)),
        first=first,
        last=last,
        before=before.days[0] if before else None,
        added=[_public_name(state, case) for case in added],
        removed=[_public_name(state, case) for case in removed if case in known],
        reason=reason,
    )


def _public_name(state: RoundState, case: str) -> str:
    """Return a nominee as the notice names one whom another might share the name with."""
    nominee = state.screening.case_by_id[case]
    unit = state.round.unit_by_code[nominee.unit].name
    return mask_personal_numbers(f"{nominee.name}（{unit}推荐）")


def _listed_cases(state: RoundState) -> tuple[str, ...]:
    return tuple(sorted(state.decision.listed["case"]))
