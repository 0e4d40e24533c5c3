"""A member withdraws or returns: check, record and reassign the released readings."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from kjfp_helpers.core.errors import AssignmentError, ParameterError, RuleError, RuleErrors
from kjfp_helpers.core.events import (
    MemberReinstated,
    MemberWithdrawn,
    ReadingsAssigned,
    ScoringClosed,
)
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.rules import Member, check_member, read_row
from kjfp_helpers.state.frozen_rules import freeze_state
from kjfp_helpers.state.panel.reading_planning import (
    last_assignment,
    plan_readings,
    released_readings,
)
from kjfp_helpers.state.round_state import RoundState
from kjfp_helpers.state.session import RoundSession

SUBSTITUTE_COLUMNS = tuple(field.name for field in fields(Member))
"""Columns of ``panel.csv``, given for a substitute; ``ties`` separated by semicolons."""


@dataclass(frozen=True, kw_only=True)
class ReassignmentResult:
    """Result of reassigning released readings.

    ``given`` maps members to the number of readings they got; ``problem`` says in Chinese why none
    could be assigned. ``short`` maps cases with fewer readers than before to their number.
    """

    given: Mapping[str, int]
    short: Mapping[str, int]
    problem: str = ""

    def notes(self) -> Iterator[str]:
        """Yield the result in Chinese."""
        if self.given:
            counts = "、".join(f"{member} {count} 件" for member, count in self.given.items())
            yield f"已补派：{counts}"
        if self.short:
            counts = "、".join(f"{case} {count} 名" for case, count in self.short.items())
            yield f"没有可补派的评委，评阅人数减少（不少于法定份数）：{counts}"


def make_withdrawal(
    state: RoundState,
    member: str,
    *,
    reason: str,
    document: str = "",
    by: Sequence[str] = (),
    set_aside: bool = False,
    substitute: Mapping[str, str] | None = None,
    approval: str = "",
) -> MemberWithdrawn:
    """Return the checked event of a member's withdrawal.

    Parameters
    ----------
    state : RoundState
    member : str
        Id of the panel member.
    reason, document : str
        Why, and the document or approval where there is one.
    by : sequence of str
        The two persons who decided.
    set_aside : bool
        Whether the scores already given do not count.
    substitute : mapping, optional
        Column of the panel's table to its cell, see :data:`SUBSTITUTE_COLUMNS`.
    approval : str
        Record of the approval of the substitute.

    Raises
    ------
    ParameterError
        When something is missing, or the member is unknown.
    RuleErrors
        When a cell of the substitute is invalid.
    """
    _require_withdrawal_data(state, member, reason, by)
    row = {}
    if substitute and any(cell.strip() for cell in substitute.values()):
        if not approval.strip():
            raise _missing_error("替补的批准记录", "补上批准替补的文件或会议记录")
        row = asdict(_parse_substitute(state, member, substitute))
    return MemberWithdrawn(
        member=member,
        reason=reason.strip(),
        document=document.strip(),
        by=tuple(by),
        set_aside=set_aside,
        substitute=row,
        approval=approval.strip() if row else "",
    )


def make_reinstatement(
    state: RoundState, member: str, *, reason: str, document: str = "", by: Sequence[str] = ()
) -> MemberReinstated:
    """Return the checked event that reverts a withdrawal; parameters as for a withdrawal.

    Raises
    ------
    ParameterError
        When something is missing, or the member has not left.
    """
    _require_withdrawal_data(state, member, reason, by)
    if member not in state.scores.departed:
        raise ParameterError(
            "撤销退出", expected="已退出的评委", found=f"{member} 没有退出", advice="核对评委编号"
        )
    return MemberReinstated(
        member=member, reason=reason.strip(), document=document.strip(), by=tuple(by)
    )


def reassign_released(session: RoundSession) -> ReassignmentResult:
    """Reassign the unread cases of members who left; the result lists what could not be assigned.

    Raises
    ------
    LedgerError
        When nothing was written.
    """
    state = session.current_state()
    before = last_assignment(state)
    if before is None or state.standing_events.has(ScoringClosed):
        return ReassignmentResult(given={}, short={})
    if freeze_state(state.round, state.events) != "frozen":
        return ReassignmentResult(
            given={},
            short={},
            problem="规则文件与冻结时不同，没有补派。"
            f"恢复规则文件后运行 kjfp assign {state.round.name}。",
        )
    try:
        planned = plan_readings(state, before.round)
    except AssignmentError as error:
        return ReassignmentResult(given={}, short={}, problem=f"没有补派：{error}")
    short = _cases_without_replacement(state, before, planned)
    if planned is not None:
        session.record(planned)
    return ReassignmentResult(given=_count_new_readings(before, planned), short=short)


def _count_new_readings(
    before: ReadingsAssigned, planned: ReadingsAssigned | None
) -> dict[str, int]:
    more = {
        member: len(set(ids) - set(before.readings.get(member, ())))
        for member, ids in (planned.readings if planned else {}).items()
    }
    return {member: count for member, count in more.items() if count}


def _cases_without_replacement(
    state: RoundState, before: ReadingsAssigned, planned: ReadingsAssigned | None
) -> dict[str, int]:
    """Return the cases that lost a reader without replacement, with their number of readers."""
    lost = Counter(case for case in released_readings(state, before) if case not in before.anchors)
    now = planned.readings if planned else before.readings
    more = {member: set(ids) - {*before.readings.get(member, ())} for member, ids in now.items()}
    lost -= Counter(case for ids in more.values() for case in ids)
    counts = state.scores.readings["case"].value_counts()
    return {case: int(counts.get(case, 0)) for case in sorted(lost)}


def _require_withdrawal_data(
    state: RoundState, member: str, reason: str, by: Sequence[str]
) -> None:
    if member not in state.round.member_by_id:
        raise ParameterError(
            "评委编号",
            expected="名册中的评委",
            found=f"“{member}”",
            advice=f"更正（{suggest(member, state.round.member_by_id)}）",
        )
    if not reason.strip():
        raise _missing_error("理由", "补上")
    if len({name.strip() for name in by} - {""}) != 2:
        raise ParameterError(
            "经办人",
            expected="两名不同的人",
            found="、".join(by) or "未填",
            advice="补上两名经办人的姓名",
        )


def _missing_error(title: str, advice: str) -> ParameterError:
    return ParameterError(title, expected="已填写", found="未填", advice=advice)


def _parse_substitute(state: RoundState, member: str, cells: Mapping[str, str]) -> Member:
    where, units = "替补", state.round.units
    row, problems = read_row(
        where, {name: cells.get(name, "") for name in SUBSTITUTE_COLUMNS}, Member
    )
    if row is not None:
        problems = [*check_member(row, where, units), *_duplicate_errors(state, member, row)]
    if problems or row is None:
        raise RuleErrors(problems)
    return row


def _duplicate_errors(state: RoundState, member: str, row: Member) -> Iterable[RuleError]:
    """Yield the values another member already has; the current substitute may be entered again."""
    own = state.scores.departed[member].substitute if member in state.scores.departed else ""
    for other in state.round.panel:
        if other.member == own:
            continue
        for name in ("member", "user"):
            value = getattr(row, name)
            if value and value.casefold() == getattr(other, name).casefold():
                yield RuleError(
                    f"替补“{name}”",
                    expected="不与现有评委重复",
                    found=f"“{value}”",
                    advice=f"另填（{other.member} {other.name}已用）",
                )
