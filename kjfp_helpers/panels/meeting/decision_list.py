"""List the decisions made, with their Chinese labels."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kjfp_helpers.core.events import (
    AssessmentConfirmed,
    BallotOpened,
    BallotVoided,
    CaseVetoed,
    ConflictRuled,
    DiscussionNoted,
    Event,
    GateWaived,
    IdentitiesRevealed,
    LateScoresRuled,
    LevelConfirmed,
    MeetingHeld,
    MemberReinstated,
    MemberWithdrawn,
    OfficeConflictWaived,
    ScoringClosed,
    SeatAdded,
    SeatsLeftVacant,
    SheetSigned,
    VisitFindingDecided,
    VoterConflictRuled,
)
from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.notice.spot_check.visit_findings import RULINGS
from kjfp_helpers.panels.meeting.conflict_ruling_form import describe_ruling
from kjfp_helpers.panels.meeting.office_conflict_waiver_form import describe_waiver
from kjfp_helpers.selection.meeting_ballots import PURPOSE_TITLES
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.meeting.voters import VOTER_RULINGS, voter_name
from kjfp_helpers.state.revocations import list_revoked
from kjfp_helpers.state.secretary.publication_gates import GATE_TITLES

RECORDED_NOTE = "已生效。请再到“开始与进度”生成名单，更新公示文件"
"""What is said once a decision is in the ledger."""
Labels = tuple[str, str, str]
"""What was decided, on whom, in which words."""


@dataclass(frozen=True, kw_only=True)
class ListedDecision:
    """A decision as a line of a screen; ``back`` says what took it back, blank while it stands."""

    seq: int
    what: str
    whom: str
    words: str
    actor: str
    body: object
    back: str


def list_decisions(state: RoundState, kinds: tuple[type, ...] = ()) -> list[ListedDecision]:
    """Return the decisions of some kinds, by default all but sheets taken in, oldest first."""
    wanted, revoked = kinds or DECISIONS, list_revoked(state.events)
    voided = {e.body.ballot: e for e in state.standing_events.of(BallotVoided)}
    rows = []
    for event in state.events:
        if not isinstance(event.body, wanted):
            continue
        what, whom, words = _TOLD[type(event.body)](state, event.body)
        back = revoked.get(event.seq)
        if isinstance(event.body, BallotOpened):
            back = voided.get(event.body.ballot)
        rows.append(
            ListedDecision(
                seq=event.seq,
                what=what,
                whom=whom,
                words=words,
                actor=event.actor,
                body=event.body,
                back=_taken_back(back) if back else "",
            )
        )
    return rows


def _taken_back(event: Event) -> str:
    body, said = event.body, "已作废" if isinstance(event.body, BallotVoided) else "已撤销"
    return _joined(
        f"{said} #{event.seq}",
        getattr(body, "reason", ""),
        getattr(body, "document", ""),
        by=getattr(body, "by", ()),
    )


def _joined(*parts: str, by: tuple[str, ...] = ()) -> str:
    """Return what was said of a decision, with the persons who decided where they are named."""
    return "；".join(filter(None, (*parts, f"经办 {'、'.join(by)}" if by else "")))


def _vetoed(state: RoundState, body: CaseVetoed) -> Labels:
    words = _joined(f"条款 {body.clause}", body.document, by=body.by)
    return "一票否决", case_name(state, body.case), words


def _added(state: RoundState, body: SeatAdded) -> Labels:
    words = _joined(body.resolution, body.reason, by=body.by)
    return "增列", case_name(state, body.case), words


def _left_empty(_: RoundState, body: SeatsLeftVacant) -> Labels:
    words = _joined(f"{body.places} 个", body.resolution, body.reason, by=body.by)
    return "名额空缺", KIND_TITLES[body.nominees], words


def _confirmed(state: RoundState, body: LevelConfirmed) -> Labels:
    words = _joined(body.level or "收回", body.document, by=body.by)
    return "认定级别", case_name(state, body.case), words


def _withdrawn(_: RoundState, body: MemberWithdrawn) -> Labels:
    marks = "已给评分不计入" if body.set_aside else "已给评分照计"
    words = _joined(body.reason, body.document, marks, by=body.by)
    if body.substitute:
        words += f"；替补 {body.substitute['member']} {body.substitute['name']}（{body.approval}）"
    return "评委退出", body.member, words


def _reinstated(_: RoundState, body: MemberReinstated) -> Labels:
    return "撤销退出", body.member, _joined(body.reason, body.document, by=body.by)


def _opened(_: RoundState, body: BallotOpened) -> Labels:
    return (
        "发起投票",
        f"第{body.ballot}次投票",
        (f"{KIND_TITLES[body.nominees]}，{PURPOSE_TITLES[body.purpose]}，{len(body.cases)} 件"),
    )


def _waived(_: RoundState, body: GateWaived) -> Labels:
    what = GATE_TITLES[body.gate][1].format(len(body.open)) if body.gate in GATE_TITLES else ""
    return "放行", what, _joined(body.reason, body.document, by=body.by)


def _visit_finding(state: RoundState, body: VisitFindingDecided) -> Labels:
    unit = state.round.unit_by_code.get(body.unit)
    words = _joined(RULINGS.get(body.ruling, ""), body.reason, body.document, by=body.by)
    return "处理抽查问题", unit.short_name if unit else body.unit, words


def _assessed(_: RoundState, body: AssessmentConfirmed) -> Labels:
    words = _joined(body.document, body.reason, by=body.by)
    return "审定考核结果", f"{len(body.results)} 个单位", words


def _voter_ruled(state: RoundState, body: VoterConflictRuled) -> Labels:
    whom = f"{voter_name(state, body.voter)} 对 {case_name(state, body.case)}"
    return f"表决人{VOTER_RULINGS[body.bars]}", whom, _joined(body.reason, by=body.by)


def _late(_: RoundState, body: LateScoresRuled) -> Labels:
    said = "全部计入" if body.admitted else "全部不计"
    return "截止后评分裁定", said, _joined(body.reason, body.document, by=body.by)


_TOLD: Mapping[type, Callable[[RoundState, Any], Labels]] = {
    CaseVetoed: _vetoed,
    SeatAdded: _added,
    SeatsLeftVacant: _left_empty,
    LevelConfirmed: _confirmed,
    ConflictRuled: describe_ruling,
    OfficeConflictWaived: describe_waiver,
    MemberWithdrawn: _withdrawn,
    MemberReinstated: _reinstated,
    BallotOpened: _opened,
    BallotVoided: lambda _, body: (
        "投票作废",
        f"第{body.ballot}次投票",
        _joined(body.reason, by=body.by),
    ),
    ScoringClosed: lambda _, body: ("截止评分", "—", _joined(body.reason, by=body.by)),
    LateScoresRuled: _late,
    MeetingHeld: lambda _, body: (
        "登记会议",
        body.day,
        f"{body.place}，主持 {body.chair}，到会{len(body.present)}名",
    ),
    DiscussionNoted: lambda state, body: (
        "讨论记录",
        case_name(state, body.case) if body.case else "会议事项",
        body.text,
    ),
    VoterConflictRuled: _voter_ruled,
    GateWaived: _waived,
    VisitFindingDecided: _visit_finding,
    AssessmentConfirmed: _assessed,
    IdentitiesRevealed: lambda _, body: ("揭示身份", "—", _joined(body.reason, by=body.by)),
    SheetSigned: lambda _, body: ("收回签字表", body.member, f"收件人 {'、'.join(body.by)}"),
}
DECISIONS = tuple(kind for kind in _TOLD if kind is not SheetSigned)
"""What the list of decisions shows; sheets stand with the members."""


def case_name(state: RoundState, case: str) -> str:
    """Return what a case is called on the screens of decisions."""
    nominee = state.screening.case_by_id.get(case)
    if nominee is None:
        return case
    unit = state.round.unit_by_code[nominee.unit].short_name
    return f"{KIND_TITLES[nominee.kind]}　{nominee.name}（{unit}，{case}）"
