"""What the events of the panel and of the meeting are about, and what they say."""

from typing import Any

from kjfp_helpers.core import events as kinds
from kjfp_helpers.core.events.exhibition import DECISION_TITLES
from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.panel_review.scoring.scoring_rules import format_total
from kjfp_helpers.reports.data.event_log.event_subjects import Describer, EventNames, Said
from kjfp_helpers.selection.point_papers import gives_points, purpose_title
from kjfp_helpers.state.access import EVENT_PERMISSIONS
from kjfp_helpers.state.meeting.voters import VOTER_RULINGS
from kjfp_helpers.state.secretary.publication_gates import GATE_TITLES

_DIGITS = 8
"""Digits of a packet's digest, as the signed sheet prints them."""
_RULED = {True: "准予回避", False: "不构成回避", None: "待说明"}


def _describe_plan(names: EventNames, body: kinds.ReadingsAssigned) -> Said:
    count = sum(map(len, body.readings.values()))
    afresh = "，重新评分" if body.afresh else ""
    return f"第{body.round}轮", f"{len(body.readings)}名评委，共{count}份{afresh}"


def _describe_score(names: EventNames, body: kinds.ScoreGiven) -> Said:
    marks = "、".join(
        f"{names.criterion(body.case, key)}{format_total(mark)}"
        for key, mark in body.scores.items()
    )
    restored = f"（恢复为第{body.restores}条）" if body.restores else ""
    comment = f"；评语：{body.comment}" if body.comment else ""
    about = f"{names.member(body.member)}：{names.case(body.case)}"
    return about, f"{marks or '清空评分'}{restored}{comment}"


def _describe_conflict(names: EventNames, body: kinds.ConflictRuled) -> Said:
    tie = "，".join(filter(None, (body.kind, body.about and f"与{body.about}")))
    about = f"{names.member(body.member)}：{names.case(body.case) if body.case else '所声明的关系'}"
    declared = f"，台账第{body.declared}条声明" if body.declared else ""
    return about, _RULED[body.bars] + (f"（{tie}）" if tie else "") + declared


def _describe_member_withdrawal(names: EventNames, body: kinds.MemberWithdrawn) -> Said:
    marks = "已给评分不计入" if body.set_aside else "已给评分照计"
    substitute = body.substitute
    by = f"；替补 {substitute['member']} {substitute['name']}" if substitute else ""
    return names.member(body.member), marks + by


def _describe_ballot(names: EventNames, body: kinds.BallotOpened) -> Said:
    words = f"{KIND_TITLES[body.nominees]}，{purpose_title(body)}：{names.cases(body.cases)}"
    turnout = f"；应到{len(body.due)}人，实到{len(body.present)}人，发票{body.issued}张"
    return f"第{body.ballot}次投票", words + turnout


def _describe_count(names: EventNames, body: kinds.BallotCounted) -> Said:
    opened = names.state.events.bodies(kinds.BallotOpened)
    points = any(one.ballot == body.ballot and gives_points(one) for one in opened)
    votes = "；".join(
        f"{names.cases([case])} "
        + (f"得{yes}分" if points else f"赞成{yes}、反对{no}、弃权{abstained}")
        for case, (yes, no, abstained) in body.votes.items()
    )
    papers = f"收回{body.returned}张，无效{body.spoiled}张"
    return f"第{body.ballot}次投票", f"计票人 {body.teller}：{papers}；{votes}"


def _describe_gate(names: EventNames, body: kinds.GateWaived) -> Said:
    title, text, _ = GATE_TITLES.get(body.gate, (body.gate, "", ""))
    return title, text.format(len(body.open))


def _describe_revocation(names: EventNames, body: kinds.DecisionRevoked) -> Said:
    titles = {
        kind: EVENT_PERMISSIONS[kinds.EVENT_CLASSES[kind]].title for kind in kinds.EVENT_CLASSES
    }
    return f"台账第{body.decision}条", titles.get(body.decided, "")


PANEL_EVENTS: dict[type, Describer[Any]] = {
    kinds.ReadingsAssigned: _describe_plan,
    kinds.ConflictsDeclared: lambda names, body: (
        names.member(body.member),
        body.statement or "没有其他利害关系",
    ),
    kinds.ConflictRuled: _describe_conflict,
    kinds.MemberRecused: lambda names, body: (
        f"{names.member(body.member)}：{names.case(body.case)}",
        body.kind,
    ),
    kinds.DeclarationWithdrawn: lambda names, body: (
        names.member(body.member),
        f"台账第{body.declared}条",
    ),
    kinds.OfficeConflictWaived: lambda names, body: (
        f"{body.user}：{names.case(body.case)}",
        "准予办理" if body.waived else "撤销豁免",
    ),
    kinds.ScoreGiven: _describe_score,
    kinds.CaseDeferred: lambda names, body: (
        f"{names.member(body.member)}：{names.case(body.case)}",
        "搁置" if body.parked else "取消搁置",
    ),
    kinds.PacketSealed: lambda names, body: (
        names.member(body.member),
        f"核对码 {body.digest[:_DIGITS]}",
    ),
    kinds.PacketReopened: lambda names, body: (names.member(body.member), ""),
    kinds.SheetSigned: lambda names, body: (
        names.member(body.member),
        f"核对码 {body.digest[:_DIGITS]}",
    ),
    kinds.IdentitiesRevealed: lambda names, body: ("评分页", ""),
    kinds.ScoringClosed: lambda names, body: ("评分", ""),
    kinds.MemberWithdrawn: _describe_member_withdrawal,
    kinds.MemberReinstated: lambda names, body: (names.member(body.member), ""),
}
MEETING_EVENTS: dict[type, Describer[Any]] = {
    kinds.CaseVetoed: lambda names, body: (names.case(body.case), f"条款 {body.clause}"),
    kinds.SeatAdded: lambda names, body: (names.case(body.case), ""),
    kinds.SeatsLeftVacant: lambda names, body: (KIND_TITLES[body.nominees], f"{body.places}个"),
    kinds.AgendaDrawn: lambda names, body: (
        KIND_TITLES[body.nominees],
        f"{len(body.order)}件，种子 {body.seed}",
    ),
    kinds.MeetingHeld: lambda names, body: (
        f"{body.day}，{body.place}",
        f"主持 {body.chair}，记录 {body.recorder}，到会表决人{len(body.present)}名"
        + (f"；{body.conclusion}" if body.conclusion else ""),
    ),
    kinds.DiscussionNoted: lambda names, body: (
        names.case(body.case) if body.case else "会议事项",
        body.text,
    ),
    kinds.VoterConflictRuled: lambda names, body: (
        f"{names.voter(body.voter)}：{names.case(body.case)}",
        VOTER_RULINGS[body.bars],
    ),
    kinds.BallotOpened: _describe_ballot,
    kinds.BallotCounted: _describe_count,
    kinds.BallotVoided: lambda names, body: (f"第{body.ballot}次投票", ""),
    kinds.LevelConfirmed: lambda names, body: (names.case(body.case), body.level or "收回认定"),
    kinds.LateScoresRuled: lambda names, body: (
        "截止后的评分",
        "全部计入" if body.admitted else "全部不计",
    ),
    kinds.GateWaived: _describe_gate,
    kinds.DecisionRevoked: _describe_revocation,
    kinds.MethodsCompared: lambda names, body: ("各种方法的名单", ""),
    kinds.ShortlistComputed: lambda names, body: (
        f"团队{len(body.team)}个、个人{len(body.individual)}名",
        f"校验值 {body.digest[:16]}",
    ),
}
PUBLICATION_EVENTS: dict[type, Describer[Any]] = {
    kinds.NoticePublished: lambda names, body: (
        f"第{body.version}版公示",
        f"{body.day}至{body.until}，{len(body.cases)}个推荐对象",
    ),
    kinds.NoticeWithdrawn: lambda names, body: (f"第{body.version}版公示", ""),
    kinds.ObjectionReceived: lambda names, body: (
        f"第{body.number}号异议：{names.cases(body.cases)}",
        f"{body.channel}，{'实名' if body.identity else '匿名'}，"
        f"{body.at[:16].replace('T', ' ')}收到",
    ),
    kinds.ObjectionAssigned: lambda names, body: (
        f"第{body.number}号异议",
        f"核查人 {'、'.join(body.inquirers)}",
    ),
    kinds.ObjectionInquired: lambda names, body: (f"第{body.number}号异议", "核查结果已登记"),
    kinds.ObjectionRuled: lambda names, body: (
        f"第{body.number}号异议",
        body.outcome + (f"，撤下{names.cases(body.struck)}" if body.struck else ""),
    ),
    kinds.ObjectionReplied: lambda names, body: (f"第{body.number}号异议", f"{body.day}答复"),
    kinds.ObjectionWithdrawn: lambda names, body: (f"第{body.number}号异议", ""),
    kinds.ExhibitionItemsDecided: lambda names, body: (
        f"{names.unit(body.unit)}展览内容{len(body.items)}项",
        DECISION_TITLES.get(body.decision, body.decision)
        + ("（有删改）" if body.text is not None else ""),
    ),
    kinds.CommendationIssued: lambda names, body: (
        f"第{body.version}版表扬决定",
        f"{body.day}，表扬{len(body.cases)}个推荐对象",
    ),
    kinds.CommendationWithdrawn: lambda names, body: (f"第{body.version}版表扬决定", ""),
    kinds.CommendationRevoked: lambda names, body: (names.case(body.case), "撤销表扬"),
}
