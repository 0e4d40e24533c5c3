"""Commands on one member's packet: each checks a message from the page and makes the events."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping

from kjfp_helpers.core.events import (
    CaseDeferred,
    ConflictsDeclared,
    DeclarationWithdrawn,
    EventBody,
    MemberRecused,
    PacketReopened,
    PacketSealed,
    ScoreGiven,
)
from kjfp_helpers.core.events.panel import RELATIONSHIP_KINDS
from kjfp_helpers.panel_review.conflicts.declaration import normalize_declaration
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket
from kjfp_helpers.panels.scoring.page_data import case_state, packet_status
from kjfp_helpers.panels.widgets.protocol import (
    Command,
    Message,
    MessageHandler,
    Rejected,
    Reply,
    checked_text,
    rejection,
)


class PacketCommands(MessageHandler):
    """Message handler that may record events in a member packet; subclasses show the packet."""

    packet: MemberPacket

    @property
    @abstractmethod
    def barred_units(self) -> tuple[str, ...]:
        """Units whose cases the rules keep from the member, one Chinese sentence each."""

    def list_commands(self) -> Mapping[str, Command]:
        """Return the commands by message type."""
        return {
            "save": self._save,
            "undo": self._undo,
            "park": self._park,
            "recuse": self._recuse,
            "declare": self._declare,
            "retract": self._withdraw_declaration,
            "seal": self._seal,
            "reopen": self._reopen,
        }

    def describe_result(self, message: Message) -> Reply:
        """Return the case as it stands, whether it is gone, whether the packet is sealed."""
        key = str(message.get("case", ""))
        case = self._case_by_key().get(key)
        return {
            "case": case_state(self.packet, case) if case else None,
            "gone": key if key and not case else "",
            **packet_status(self.packet),
        }

    def _case_by_key(self) -> Mapping[str, str]:
        return {str(self.packet.numbers[case]): case for case in self.packet.cases}

    def _require_open(self, message: Message) -> None:
        """Reject the message unless the packet may be written."""
        packet = self.packet
        if packet.outdated or message.get("packet") != packet.code:
            raise Rejected(
                type="refused", reason="分派已有变动，正在重新打开。", renew=True, retry=False
            )
        if not packet.declared:
            raise rejection("请先完成回避声明。")
        if packet.sealed:
            raise rejection("本卷已封存；需要改动，请写明理由后启封。")

    def _require_same_membership(self) -> None:
        """Reject the message when the member left, or came back, since the page was opened."""
        if self.packet.membership_changed:
            raise Rejected(
                type="refused", reason="评委名单有变动，正在重新打开。", renew=True, retry=False
            )

    def _require_case(self, message: Message) -> str:
        """Return the case that the message is about; reject it when the packet has no such case."""
        self._require_open(message)
        key = str(message.get("case"))
        case = self._case_by_key().get(key)
        if case is None:
            raise Rejected(type="refused", reason="此件不在您的清单中。", retry=False, gone=key)
        return case

    def _require_current_case(self, message: Message) -> str:
        """Return the case, unless it was recorded already or changed elsewhere meanwhile."""
        case = self._require_case(message)
        scores = self.packet.scores[case]
        if scores.edit and scores.edit == message.get("request_id"):
            raise Rejected(type="saved", event_seq=scores.seq, **self.describe_result(message))
        if scores.seq != message.get("base_seq"):
            raise Rejected(type="stale", case=case_state(self.packet, case))
        return case

    def _save(self, message: Message) -> Iterable[EventBody]:
        case = self._require_current_case(message)
        comment = checked_text(message.get("comment"))
        return [
            ScoreGiven(
                member=self.packet.member,
                case=case,
                scores=self._checked_scores(case, message.get("answers")),
                comment=comment,
                edit=str(message.get("request_id", "")),
                round=self.packet.round,
            )
        ]

    def _checked_scores(self, case: str, answers: object) -> dict[str, float]:
        if not isinstance(answers, Mapping):
            raise rejection("评分没有读出，请重新打开本页。")
        titles = {criterion.id: criterion.title for criterion in self.packet.criteria(case)}
        scale = self.packet.rubric.scale
        scores = {}
        for criterion, score in answers.items():
            if criterion not in titles:
                raise rejection("评分项与评分标准不一致，请重新打开本页。")
            if not scale.is_valid(score):
                raise rejection(f"“{titles[criterion]}”只能填 {scale.allowed}，请改正。")
            scores[str(criterion)] = float(score)
        return scores

    def _undo(self, message: Message) -> Iterable[EventBody]:
        case = self._require_current_case(message)
        if not self.packet.scores[case].undo_stack:
            raise rejection("没有可撤回的评分。")
        previous = self.packet.scores[case].previous_state()
        return [
            ScoreGiven(
                member=self.packet.member,
                case=case,
                scores=dict(previous.scores),
                comment=previous.comment,
                edit=str(message.get("request_id", "")),
                restores=previous.seq,
                round=self.packet.round,
            )
        ]

    def _park(self, message: Message) -> Iterable[EventBody]:
        case = self._require_case(message)
        is_parked = message.get("parked") is True
        return [CaseDeferred(member=self.packet.member, case=case, parked=is_parked)]

    def _recuse(self, message: Message) -> Iterable[EventBody]:
        case = self._require_case(message)
        reason = checked_text(message.get("reason"))
        if not reason:
            raise rejection("回避须写明理由。")
        kind = message.get("kind")
        kind = str(kind) if kind in RELATIONSHIP_KINDS else ""
        return [MemberRecused(member=self.packet.member, case=case, reason=reason, kind=kind)]

    def _declare(self, message: Message) -> Iterable[EventBody]:
        """Record the stated relationships; a later declaration adds to the first."""
        self._require_same_membership()
        text = checked_text(message.get("statement"))
        statement = normalize_declaration(text)
        if self.packet.declared and not self.packet.adds_relationship(statement):
            raise Rejected(
                type="saved", event_seq=self.packet.declared, **self.describe_result(message)
            )
        if not text and message.get("none") is not True:
            raise rejection("请写明利害关系，或确认没有。")
        return [
            ConflictsDeclared(
                member=self.packet.member, found=self.barred_units, statement=statement
            )
        ]

    def _withdraw_declaration(self, message: Message) -> Iterable[EventBody]:
        """Withdraw a declaration or a recusal; a granted one holds until it is ruled on again."""
        self._require_same_membership()
        seq, reason = message.get("event_seq"), checked_text(message.get("reason"))
        if not reason:
            raise rejection("撤回须写明理由。")
        if not isinstance(seq, int) or not self.packet.relationships.may_withdraw(seq):
            raise Rejected(type="saved", event_seq=None, **self.describe_result(message))
        return [DeclarationWithdrawn(member=self.packet.member, declared=seq, reason=reason)]

    def _seal(self, message: Message) -> Iterable[EventBody]:
        self._require_same_membership()
        packet = self.packet
        if packet.sealed:
            raise Rejected(type="saved", event_seq=packet.sealed, **self.describe_result(message))
        self._require_open(message)
        incomplete = packet.incomplete_cases()
        if incomplete:
            raise rejection(f"还有 {len(incomplete)} 件未评完或待补评语，评完后再封存。")
        return [PacketSealed(member=packet.member, packet=packet.code, digest=packet.digest())]

    def _reopen(self, message: Message) -> Iterable[EventBody]:
        self._require_same_membership()
        reason = checked_text(message.get("reason"))
        if not reason:
            raise rejection("启封须写明理由。")
        if not self.packet.sealed:
            raise Rejected(type="saved", event_seq=None, **self.describe_result(message))
        return [PacketReopened(member=self.packet.member, packet=self.packet.code, reason=reason)]
