"""Access control: which role an account has, and what each role may open, record and run.

One table holds all rights. Every screen, every command and the session, before it records an event,
ask it, so that no form bypasses it. It keeps honest people to their own work; it is no security
boundary, since a kernel runs any code.
"""

import getpass
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kjfp_helpers.core import events as kinds
from kjfp_helpers.core.errors import AccessError, ScreenRefused
from kjfp_helpers.core.events import (
    Event,
    EventBody,
    EventLog,
    IdentitiesRevealed,
    ReadingsAssigned,
    RulesFrozen,
)
from kjfp_helpers.rules import ROLES, ROLES_FILE, Round

SECRETARY, CHAIR, TELLER, MEMBER, INSPECTOR, ASSESSOR = ROLES
REHEARSE_AS = "KJFP_REHEARSE_AS"
"""Environment variable that names the account to be in a rehearsal; without it all is allowed."""
REHEARSAL_USER = "演练秘书"

Roles = tuple[str, ...]
"""Roles in the order in which one of them is taken for what is recorded."""


class Permission(NamedTuple):
    """What something is called, and whose it is."""

    title: str
    roles: Roles


_OFFICE, _HEAD, _OWN = (SECRETARY,), (SECRETARY, CHAIR), (MEMBER, SECRETARY)
_READ = (SECRETARY, CHAIR, INSPECTOR)

SCREEN_PERMISSIONS: Mapping[str, Permission] = {
    "start": Permission("开始与进度", ROLES),
    "intake": Permission("收件与核对", (SECRETARY, INSPECTOR)),
    "stocktake": Permission("盘点与抽查", _READ),
    "summaries": Permission("工作总结考核", (*_READ, ASSESSOR)),
    "scoring": Permission("评委评分", (*_OWN, INSPECTOR)),
    "results": Permission("结果与入围", _READ),
    "ballots": Permission("投票表决", (*_READ, TELLER)),
    "exhibition": Permission("展览素材", _READ),
    "publication": Permission("公示与异议", _READ),
}
"""Who may open what."""

EVENT_PERMISSIONS: Mapping[type, Permission] = {
    kinds.RoundOpened: Permission("建立台账", ROLES),
    kinds.MailReceived: Permission("登记来件", _OFFICE),
    kinds.RulesFrozen: Permission("冻结规则", _OFFICE),
    kinds.RulesAmended: Permission("修订规则", _OFFICE),
    kinds.IntakeRead: Permission("登记读取结果", _OFFICE),
    kinds.OutputsRecorded: Permission("登记所生成的文件", _OFFICE),
    kinds.UnitReportsVersioned: Permission("登记单位报告版次", _OFFICE),
    kinds.EarlierLedgerAccepted: Permission("沿用较早台账", _OFFICE),
    kinds.DocumentDateSet: Permission("确定成文日期", _OFFICE),
    kinds.LetterIssued: Permission("发出函件", _OFFICE),
    kinds.CorrectionDeadlineExtended: Permission("延长补正期限", _OFFICE),
    kinds.SamplingFrameFrozen: Permission("固定抽查名册", _OFFICE),
    kinds.SpotCheckDrawn: Permission("抽查抽签", _OFFICE),
    kinds.LotFrameFrozen: Permission("冻结抽查名册", _OFFICE),
    kinds.LotDrawn: Permission("抽查抽签", _OFFICE),
    kinds.SpotCheckUnitOrdered: Permission("指定抽查单位", _HEAD),
    kinds.VisitPlanned: Permission("安排检查人员", _OFFICE),
    kinds.VisitFormIssued: Permission("制发检查表", _OFFICE),
    kinds.VisitFormImported: Permission("导入检查表", _OFFICE),
    kinds.VisitImportWithdrawn: Permission("撤回导入", _OFFICE),
    kinds.VisitFindingReplied: Permission("登记单位说明", _OFFICE),
    kinds.VisitFindingDecided: Permission("处理抽查问题", _HEAD),
    kinds.SpotCheckClosed: Permission("抽查结束", _OFFICE),
    kinds.SpotCheckReopened: Permission("抽查继续", _OFFICE),
    kinds.SummaryReadingsAssigned: Permission("总结考核分派", _HEAD),
    kinds.AssessmentPointsRuled: Permission("裁定考核得分", _HEAD),
    kinds.AssessmentConfirmed: Permission("审定考核结果", _HEAD),
    kinds.ExperienceTagged: Permission("标记典型经验", (ASSESSOR, *_HEAD)),
    kinds.SummaryReaderReleased: Permission("更换考核人", _HEAD),
    kinds.SummaryHeadsRuled: Permission("裁定总结内容", _HEAD),
    kinds.SummarySetAside: Permission("处理无法阅读的总结", _HEAD),
    kinds.ReadingsAssigned: Permission("分派评阅", _HEAD),
    kinds.ConflictsDeclared: Permission("回避声明", _OWN),
    kinds.ConflictRuled: Permission("回避裁定", _HEAD),
    kinds.MemberRecused: Permission("申请回避", _OWN),
    kinds.DeclarationWithdrawn: Permission("撤回声明", _OWN),
    kinds.OfficeConflictWaived: Permission("豁免回避", (CHAIR,)),
    kinds.ScoreGiven: Permission("评分", _OWN),
    kinds.CaseDeferred: Permission("搁置", _OWN),
    kinds.PacketSealed: Permission("封存", _OWN),
    kinds.PacketReopened: Permission("启封", _OWN),
    kinds.SheetSigned: Permission("收回签字表", _OFFICE),
    kinds.IdentitiesRevealed: Permission("揭示身份", _HEAD),
    kinds.SummaryAssessed: Permission("总结考核", (ASSESSOR, *_HEAD)),
    kinds.ScoringClosed: Permission("截止评分", _HEAD),
    kinds.MemberWithdrawn: Permission("评委退出", _HEAD),
    kinds.MemberReinstated: Permission("撤销退出", _HEAD),
    kinds.NomineesChosen: Permission("选定推荐对象", _OFFICE),
    kinds.NominationWithdrawn: Permission("撤回推荐", _OFFICE),
    kinds.NominationRestored: Permission("恢复推荐", _OFFICE),
    kinds.ArrivalRecorded: Permission("登记收到时间", _OFFICE),
    kinds.FindingSettled: Permission("了结问题", _OFFICE),
    kinds.FindingReviewed: Permission("核对问题", _OFFICE),
    kinds.FindingReopened: Permission("撤回处理", _OFFICE),
    kinds.FindingAssigned: Permission("指定核实人", _OFFICE),
    kinds.FieldCorrected: Permission("更正识别结果", _OFFICE),
    kinds.UnitAssigned: Permission("认定单位", _OFFICE),
    kinds.VersionChosen: Permission("选定版本", _OFFICE),
    kinds.SenderRemembered: Permission("登记发件地址", _OFFICE),
    kinds.MaterialClassified: Permission("认定材料", _OFFICE),
    kinds.FormEntered: Permission("录入推荐表", _OFFICE),
    kinds.SummaryTyped: Permission("录入工作总结", _OFFICE),
    kinds.PaperReceived: Permission("登记纸质、电话报送", _OFFICE),
    kinds.FormWithdrawn: Permission("撤回录入", _OFFICE),
    kinds.IdentityViewed: Permission("查看号码", (SECRETARY, INSPECTOR)),
    kinds.CaseVetoed: Permission("一票否决", _HEAD),
    kinds.SeatAdded: Permission("按决议增列", _HEAD),
    kinds.SeatsLeftVacant: Permission("按决议空缺", _HEAD),
    kinds.LevelConfirmed: Permission("认定级别", _HEAD),
    kinds.AgendaDrawn: Permission("排定议程", _HEAD),
    kinds.MeetingHeld: Permission("登记会议", _HEAD),
    kinds.DiscussionNoted: Permission("讨论记录", _HEAD),
    kinds.VoterConflictRuled: Permission("裁定表决人回避", _HEAD),
    kinds.BallotOpened: Permission("发起投票", _HEAD),
    kinds.BallotCounted: Permission("计票", (TELLER,)),
    kinds.BallotVoided: Permission("投票作废", _HEAD),
    kinds.LateScoresRuled: Permission("截止后评分裁定", _HEAD),
    kinds.GateWaived: Permission("放行", _HEAD),
    kinds.DecisionRevoked: Permission("撤销决定", _HEAD),
    kinds.ColumnItemReceived: Permission("登记动态、事迹", _OFFICE),
    kinds.ExhibitionItemsDecided: Permission("审定展览内容", _HEAD),
    kinds.NoticePublished: Permission("发布公示", _OFFICE),
    kinds.NoticeWithdrawn: Permission("撤回公示", _HEAD),
    kinds.ObjectionReceived: Permission("登记异议", _OFFICE),
    kinds.ObjectionAssigned: Permission("指定核查人", _OFFICE),
    kinds.ObjectionInquired: Permission("登记核查结果", _OFFICE),
    kinds.ObjectionRuled: Permission("裁定异议", _HEAD),
    kinds.ObjectionReplied: Permission("答复异议", _OFFICE),
    kinds.ObjectionWithdrawn: Permission("撤回异议", _OFFICE),
    kinds.CommendationIssued: Permission("印发表扬决定", _OFFICE),
    kinds.CommendationWithdrawn: Permission("撤回表扬决定", _HEAD),
    kinds.CommendationRevoked: Permission("撤销表扬", _HEAD),
    kinds.PaperOriginalChecked: Permission("核对纸质原件", _OFFICE),
    kinds.ArchiveMade: Permission("归档", _OFFICE),
    kinds.MethodsCompared: Permission("比较方法", _OFFICE),
    kinds.ShortlistComputed: Permission("产生名单", _OFFICE),
}
"""Who may have which event recorded."""

COMMAND_ROLES: Mapping[str, Roles] = {
    "verify": _READ,
    "log": _READ,
    "meeting": _HEAD,
    "objection": _HEAD,
    "decision": _HEAD,
    "member": _HEAD,
    "lab": ROLES,
}
"""Who may run a command; those not named are the office's."""


def current_user(round: Round) -> str:
    """Return who is at work: the hub's or the system's user; in a rehearsal, nobody real."""
    if round.rehearsal:
        return os.environ.get(REHEARSE_AS) or REHEARSAL_USER
    return os.environ.get("JUPYTERHUB_USER") or getpass.getuser()


def is_restricted(round: Round) -> bool:
    """Whether roles are asked for: in a rehearsal only where an account is tried."""
    return not round.rehearsal or bool(os.environ.get(REHEARSE_AS))


@dataclass(frozen=True, kw_only=True)
class Access:
    """What an account may do in a round.

    ``round`` has its substitutes in the panel. ``member`` is the account's own panel member, ``""``
    for none; ``is_unrestricted`` says that everybody may do everything, as in a rehearsal.
    """

    round: Round
    user: str
    roles: Roles
    member: str = ""
    is_unrestricted: bool = False

    @classmethod
    def for_current_user(cls, round: Round) -> "Access":
        """Return the access of the user at work.

        An account that ``panel.csv`` gives to a member is a member's; roles are those of
        ``roles.csv``. Any other account is the office's as long as that names no secretary.
        """
        user = current_user(round)
        if not is_restricted(round):
            return cls(round=round, user=user, roles=ROLES, is_unrestricted=True)
        member = next((one.member for one in round.panel if one.user and one.user == user), "")
        held = {row.role for row in round.roles if row.user == user}
        held |= {MEMBER} if member else set()
        if not held and SECRETARY not in _named(round):
            held = {SECRETARY}
        roles = tuple(role for role in ROLES if role in held)
        return cls(round=round, user=user, roles=roles, member=member)

    def may_open(self, screen: str) -> bool:
        """Whether the account may open a screen."""
        return bool(self._taken(SCREEN_PERMISSIONS[screen].roles))

    def require_screen(self, *screens: str) -> None:
        """Stop unless the account may open one of the screens.

        Raises
        ------
        ScreenRefused
            With the words that a screen shows.
        """
        if not any(map(self.may_open, screens)):
            title, roles = SCREEN_PERMISSIONS[screens[0]]
            problem, advice = self.explain_refusal(screens[0])
            raise ScreenRefused(
                f"“{title}”", expected="、".join(roles), found=problem, advice=advice
            )

    def may_record(self, act: type, member: str = "") -> bool:
        """Whether the account may have a kind of event recorded, on a member's packet."""
        return bool(self._role(act, member))

    def may_open_packet(self, member: str, events: Iterable[Event]) -> bool:
        """Whether the account may open a member's packet.

        The member's own account may, the inspector's, and the secretary's. Where no secretary is
        named, that is who froze the rules or assigned the readings, and anybody where the panel's
        table names no account for the member.
        """
        if self.is_unrestricted or INSPECTOR in self.roles or self._owns(member):
            return True
        account = self.round.member_by_id[member].user
        if SECRETARY not in self.roles:
            return False
        steps = (e.actor for e in EventLog(events).of(RulesFrozen, ReadingsAssigned))
        named = SECRETARY in _named(self.round) or not account
        return named or self.user in map(_account, steps)

    def may_read_reports(self, events: Iterable[Event]) -> bool:
        """Whether the account may read unit reports: they name nominees beside their figures.

        A member may once identities are revealed; the office, the chair and the inspector always.
        """
        revealed = EventLog(events).has(IdentitiesRevealed)
        return bool(
            self.is_unrestricted or self._taken(_READ) or (MEMBER in self.roles and revealed)
        )

    def may_run(self, command: str) -> bool:
        """Whether the account may run a command."""
        return bool(self._taken(COMMAND_ROLES.get(command, _OFFICE)))

    def explain_command(self, command: str) -> str:
        """Return by whom a command is run, where not by the account; blank where it may."""
        roles = COMMAND_ROLES.get(command, _OFFICE)
        return "" if self.may_run(command) else f"由{'、'.join(roles)}办理。"

    def require_command(self, command: str) -> None:
        """Stop unless the account may run a command of the office.

        Raises
        ------
        AccessError
        """
        if not self.may_run(command):
            raise self._refused("运行此命令", COMMAND_ROLES.get(command, _OFFICE))

    def require_record(self, bodies: Iterable[EventBody]) -> None:
        """Stop unless the account may have every one of the events recorded.

        Raises
        ------
        AccessError
        """
        for body in bodies:
            if not self._role(type(body), str(getattr(body, "member", "") or "")):
                right = EVENT_PERMISSIONS[type(body)]
                raise self._refused(right.title, right.roles)

    def actor_label(self, act: type, person: str = "", member: str = "") -> str:
        """Return whom an event names as acting: person, account and role.

        ``M01（alice）`` for a member at the own packet, ``张三（tom，计票人）``, ``liu（秘书）``.
        """
        if self.is_unrestricted:
            return person or self.user
        role = self._role(act, member)
        if not person:
            return f"{self.user}（{role}）"
        return f"{person}（{self.user}）" if role == MEMBER else f"{person}（{self.user}，{role}）"

    @property
    def description(self) -> str:
        """The account with its roles, in Chinese."""
        held = "、".join(self.roles) or "没有登记"
        return f"{held}（{self.member}）" if self.member else held

    def explain_refusal(self, screen: str) -> tuple[str, str]:
        """Return what to say where a screen is not the account's to open: problem and advice."""
        right = SCREEN_PERMISSIONS[screen]
        problem = (
            f"“{right.title}”供{'、'.join(right.roles)}使用，"
            f"您登录的账号“{self.user}”的身份是：{self.description}，不能打开。"
        )
        own = f"您的评分笔记本是 {self.member}.ipynb，请改为打开那一本；" if self.member else ""
        return problem, f"{own}身份登记有误的，请秘书核对 panel.csv 和 {ROLES_FILE}。"

    def _taken(self, roles: Roles) -> str:
        """Return the role under which the account is among those; the office stands in for none."""
        stands = () if set(roles) & {*_named(self.round), MEMBER} else (SECRETARY,)
        return next((role for role in (*roles, *stands) if role in self.roles), "")

    def _role(self, act: type, member: str) -> str:
        roles = EVENT_PERMISSIONS[act].roles
        if member and roles == _OWN and not self._owns(member):
            roles = _OFFICE
        return self._taken(roles)

    def _owns(self, member: str) -> bool:
        """Whether a packet is the account's own: by its account, or a member's without any."""
        if self.member:
            return member == self.member
        row = self.round.member_by_id.get(member)
        return MEMBER in self.roles and row is not None and not row.user

    def _refused(self, what: str, roles: Roles) -> AccessError:
        return AccessError(
            what,
            expected=f"{'、'.join(roles)}的账号",
            found=f"“{self.user}”（{self.description}）",
            advice=f"由{'、'.join(roles)}办理；身份登记有误的，核对 panel.csv 和 {ROLES_FILE}",
        )


def _named(round: Round) -> set[str]:
    """Return the roles that ``roles.csv`` gives to anybody."""
    return {row.role for row in round.roles}


def actor_title(actor: str) -> str:
    """Return whom a screen or a paper names as acting: person and role, without the account.

    >>> actor_title("测试秘书（secretary，秘书）"), actor_title("liu（秘书）")
    ('测试秘书（秘书）', 'liu（秘书）')
    """
    return re.sub(r"（[^（，）]+，([^（，）]+)）$", r"（\1）", actor)


def _account(actor: str) -> str:
    """Return the account of who ran a step: ``liu`` of ``liu（秘书）``, and of earlier ``liu``."""
    for role in ROLES:
        actor = actor.removesuffix(f"（{role}）")
    return actor
