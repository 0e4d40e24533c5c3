"""Plans, replies, decisions, withdrawals and the close of the spot check as checked events."""

from collections.abc import Iterable, Sequence
from datetime import date

from kjfp_helpers.core.errors import NotReadyError, ParameterError
from kjfp_helpers.core.events import (
    SpotCheckClosed,
    SpotCheckReopened,
    VisitFindingDecided,
    VisitFindingReplied,
    VisitImportWithdrawn,
    VisitPlanned,
)
from kjfp_helpers.core.events.spot_check import Checker
from kjfp_helpers.eligibility.history.correspondence import VISIT_FEEDBACK
from kjfp_helpers.notice.spot_check import Visit
from kjfp_helpers.notice.spot_check.visit_findings import RULINGS, VisitFinding
from kjfp_helpers.state.revocations import has_two_names, require_grounds
from kjfp_helpers.state.round_state import RoundState
from kjfp_helpers.state.spot_check.checker_conflicts import find_checker_conflicts
from kjfp_helpers.state.spot_check.lot_acts import require_running

MIN_CHECKERS = 2
"""So many people visit a unit together."""


def make_plan(
    state: RoundState, *, unit: str, day: str, checkers: Sequence[Checker], reason: str = ""
) -> VisitPlanned:
    """Return who visits a unit and when; no checkers take the plan back.

    Raises
    ------
    ParameterError
        When the unit is not checked, a day or a person is missing, a checker is certainly related
        to the unit, or may be and no reason says why not.
    """
    require_running(state)
    _require_visit(state, unit)
    if not checkers:
        return VisitPlanned(unit=unit, day="", checkers=(), reason=reason)
    name = state.round.unit_by_code[unit].short_name
    names = {person[0].strip() for person in checkers} - {""}
    if len(names) < MIN_CHECKERS or len(names) < len(checkers):
        raise ParameterError(
            f"{name}检查人员",
            expected=f"至少{MIN_CHECKERS}名不同的人",
            found="、".join(person[0] for person in checkers) or "未填",
            advice="补上姓名、工作单位和所在省份",
        )
    _require_known_people(state, name, checkers)
    conflicts = find_checker_conflicts(state, unit, checkers)
    certain = [one for one in conflicts if one.is_certain]
    if certain:
        raise ParameterError(
            f"{name}检查人员",
            expected="与被检查单位没有利害关系",
            found="；".join(f"{one.checker}，{one.reason}" for one in certain),
            advice="改派他人",
        )
    if conflicts and not reason.strip():
        raise ParameterError(
            f"{name}检查人员",
            expected="核实以下可能的利害关系并写明理由",
            found="；".join(f"{one.checker}，{one.reason}" for one in conflicts),
            advice="核实后写明不须回避的理由，或改派他人",
        )
    return VisitPlanned(
        unit=unit, day=parse_day("检查日期", day), checkers=tuple(checkers), reason=reason.strip()
    )


def _require_known_people(state: RoundState, unit: str, checkers: Sequence[Checker]) -> None:
    """Refuse people whose relationships cannot be looked for."""
    unknown = [
        f"{name}的关联单位“{code}”"
        for name, _, _, ties in checkers
        for code in ties
        if code not in state.round.unit_by_code
    ]
    blank = [f"{name}的工作单位空白" for name, employer, *_ in checkers if not employer.strip()]
    if unknown or blank:
        raise ParameterError(
            f"{unit}检查人员",
            expected="填有工作单位，关联单位为推荐单位的代码",
            found="；".join((*blank, *unknown)),
            advice="更正",
        )


def make_reply(
    state: RoundState, *, unit: str, finding: str, day: str, reply: str, receipt: int | None = None
) -> VisitFindingReplied:
    """Return a unit's reply to a finding; a blank one takes the reply back.

    Raises
    ------
    ParameterError
        When there is no such finding, or the message is not known.
    """
    require_running(state)
    found = _require_finding(state, unit, finding)
    receipts = {mail.receipt for mail in state.submissions.intake.mails}
    if receipt is not None and receipt not in receipts:
        raise ParameterError(
            "单位说明",
            expected="已登记来件的收讫编号",
            found=str(receipt),
            advice="核对收讫编号，不是来件的留空",
        )
    return VisitFindingReplied(
        unit=unit,
        finding=finding,
        mark=found.mark,
        day=parse_day("收到日期", day),
        reply=reply.strip(),
        receipt=receipt,
    )


def make_decision(
    state: RoundState,
    *,
    unit: str,
    finding: str,
    ruling: str,
    reason: str,
    document: str,
    by: tuple[str, ...],
    today: date,
    cases: Sequence[str] = (),
) -> VisitFindingDecided:
    """Return the decision on a finding: after the unit's reply or its time, or a waiver.

    Raises
    ------
    ParameterError
        When grounds or two names are missing, or a case is not the unit's.
    NotReadyError
        When the unit may still reply.
    """
    require_running(state)
    found = _require_finding(state, unit, finding)
    require_grounds("处理抽查问题", reason, document, by)
    own = {case.id for case in state.screening.cases if case.unit == unit}
    if ruling not in RULINGS or not set(cases) <= own:
        raise ParameterError(
            "处理抽查问题",
            expected=f"{'、'.join(RULINGS.values())}之一，推荐对象属于本单位",
            found=f"{ruling}，{'、'.join(cases) or '未指明推荐对象'}",
            advice="重新选择",
        )
    if found.reply is None and ruling != "waived" and not is_reply_overdue(state, unit, today):
        raise NotReadyError(
            "处理抽查问题",
            expected="单位已书面说明，或答复期限已过",
            found="尚未收到说明",
            advice="先发出反馈函并登记单位说明；确不需要说明的，写明理由免予办理",
        )
    return VisitFindingDecided(
        unit=unit,
        finding=finding,
        mark=found.mark,
        day=str(today),
        ruling=ruling,
        cases=tuple(cases),
        reason=reason.strip(),
        document=document.strip(),
        by=by,
    )


def is_reply_overdue(state: RoundState, unit: str, today: date) -> bool:
    """Whether the time that the last feedback letter gave a unit for its reply is over."""
    letter = state.submissions.letters.last(unit, VISIT_FEEDBACK)
    if letter is None:
        return False
    notice = state.round.notice
    issued = date.fromisoformat(letter.body.day)
    return today > notice.calendar.add_workdays(issued, notice.spot_check.reply_days)


def make_import_withdrawal(
    state: RoundState, *, imported: int, reason: str
) -> VisitImportWithdrawn:
    """Return that an import does not count.

    Raises
    ------
    ParameterError
        When there is no such import, or no reason.
    NotReadyError
        When a finding that rests on the import is decided.
    """
    require_running(state)
    known = {event.seq for visit in state.spot_check.visits.values() for event in visit.imports}
    if imported not in known or not reason.strip():
        raise ParameterError(
            "撤回导入",
            expected="尚有效的一次导入，并写明理由",
            found=f"台账第{imported}条" if imported not in known else "未写理由",
            advice="刷新页面重选，补上理由",
        )
    for visit in state.spot_check.visits.values():
        rests = [key for key, one in visit.values.items() if one.seq == imported]
        require_undecided(visit, "撤回导入", rests)
    return VisitImportWithdrawn(imported=imported, reason=reason.strip())


def require_undecided(visit: Visit, where: str, keys: Iterable[str]) -> None:
    """Refuse to take entries back while a finding that rests on them is decided.

    Parameters
    ----------
    where : str
        What would take them back, in Chinese.
    keys : iterable of str
        Entries of the form.

    Raises
    ------
    NotReadyError
    """
    rows = {key.partition(".")[0] for key in keys}
    for one in visit.findings:
        if one.id in rows and one.decision is not None:
            raise NotReadyError(
                where,
                expected="所涉问题尚未处理",
                found=f"“{one.title}”已处理（台账第{one.decided_seq}条）",
                advice=f"先撤销台账第{one.decided_seq}条决定",
            )


def make_close(state: RoundState, *, reason: str = "", by: tuple[str, ...] = ()) -> SpotCheckClosed:
    """Return the close of the check; what is unfinished needs a reason and two names.

    Raises
    ------
    NotReadyError
        When nothing is checked, or something is unfinished without grounds.
    """
    require_running(state)
    check = state.spot_check
    names = "、".join(state.round.unit_by_code[code].short_name for code in check.unfinished)
    if not check.visits:
        raise NotReadyError(
            "抽查结束", expected="已抽签", found="没有抽查单位", advice="先冻结名册并抽签"
        )
    if check.unfinished and not (reason.strip() and has_two_names(by)):
        raise NotReadyError(
            "抽查结束",
            expected="各单位均已办结，或写明理由和两名经办人",
            found=f"{len(check.unfinished)}个单位未办结（{names}）",
            advice="办结后重试；确需结束的加 --reason 理由 --by 姓名 --by 姓名",
        )
    return SpotCheckClosed(open=check.unfinished, reason=reason.strip(), by=by)


def make_reopening(state: RoundState, *, reason: str) -> SpotCheckReopened:
    """Return that the check goes on.

    Raises
    ------
    ParameterError
        When it is not closed, or no reason is given.
    """
    if state.spot_check.closed is None or not reason.strip():
        raise ParameterError(
            "抽查继续",
            expected="已结束的抽查，并写明理由",
            found="未结束" if state.spot_check.closed is None else "未写理由",
            advice="核对后重试",
        )
    return SpotCheckReopened(reason=reason.strip())


def parse_day(where: str, text: str) -> str:
    """Return a day as ISO 8601.

    Raises
    ------
    ParameterError

    Examples
    --------
    >>> parse_day("检查日期", " 2020-08-25 ")
    '2020-08-25'
    """
    try:
        return str(date.fromisoformat(text.strip()))
    except ValueError as error:
        raise ParameterError(
            where,
            expected="日期，如 2020-08-25",
            found=f"“{text.strip()}”" if text.strip() else "空白",
            advice="更正",
        ) from error


def _require_visit(state: RoundState, unit: str) -> Visit:
    visit = state.spot_check.visits.get(unit)
    if visit is None:
        raise ParameterError(
            "抽查", expected="抽查名单中的单位", found=f"“{unit}”", advice="核对单位代码"
        )
    return visit


def _require_finding(state: RoundState, unit: str, finding: str) -> VisitFinding:
    _require_visit(state, unit)
    found = state.spot_check.finding(unit, finding)
    if found is None:
        raise ParameterError(
            "抽查问题",
            expected="检查结果中的问题",
            found=f"“{finding}”",
            advice="刷新页面重选：导入的结果可能已有变动",
        )
    return found
