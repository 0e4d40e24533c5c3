"""Handles the messages of one member's scoring page."""

from collections.abc import Iterable, Mapping

from kjfp_helpers.core.events import (
    CaseDeferred,
    ConflictsDeclared,
    DeclarationWithdrawn,
    Event,
    EventBody,
    MemberRecused,
    PacketReopened,
    PacketSealed,
    ScoreGiven,
)
from kjfp_helpers.core.events.panel import RELATIONSHIP_KINDS
from kjfp_helpers.panel_review import describe_barred_units
from kjfp_helpers.panel_review.conflicts.declaration import normalize_declaration
from kjfp_helpers.panels.scoring.case_card import render_case_card
from kjfp_helpers.panels.scoring.nominee_photos import find_photo
from kjfp_helpers.panels.scoring.page_data import (
    case_state,
    packet_status,
    question_data,
    scale_data,
)
from kjfp_helpers.panels.scoring.score_sheet_page import render_score_sheet
from kjfp_helpers.panels.widgets.protocol import (
    Message,
    MessageHandler,
    Rejected,
    Reply,
    checked_text,
    rejection,
)
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.panel.packet_building import build_packet

TITLE = "评委评分"


class ScoringHandler(MessageHandler):
    """Answers a member's page: what may be recorded in their packet, and what the page shows."""

    event_type = ScoreGiven

    def __init__(self, session: RoundSession, state: RoundState, member: str) -> None:
        self._member, self.member = state.round.member_by_id[member], member
        self._found = describe_barred_units(state.round, self._member)
        self._gather(state)
        super().__init__(
            session, member, session.actor_label(ScoreGiven, member, member), self.packet.last_seq
        )
        self.commands = {
            "save": self._save,
            "undo": self._undo,
            "park": self._park,
            "recuse": self._recuse,
            "declare": self._declare,
            "retract": self._retract,
            "seal": self._seal,
            "reopen": self._reopen,
        }
        self.queries = {"sheet": self._sheet, "photo": self._photo}

    def apply_event(self, event: Event) -> None:
        """Take an event into the packet."""
        self.packet.apply(event)

    def lock_reason(self) -> str:
        """Return why nothing may be written: the member left, or the account is another's."""
        left = self.packet.departure
        if left is None:
            return super().lock_reason()
        marks = "已给的评分按决定不计入结果" if left.set_aside else "已给的评分照计"
        return f"评委 {self.member} 已退出评审（#{left.seq}，{left.reason}）：本卷只能看，{marks}。"

    def welcome(self) -> Reply:
        """Return the packet for the page; before the declaration, without its cases."""
        self._renew()
        packet, round_ = self.packet, self._session.round
        if self._shown != (packet.revealed_at is not None):
            self._draw()
        cases = packet.cases if packet.declared or self.lock_reason() else ()
        return {
            "title": f"{TITLE} · 第 {packet.round} 轮" if packet.round > 1 else TITLE,
            "noun": "件",
            "material": "材料",
            "activity": "评分",
            "can": ["undo", "park", "recuse", "compare", "seal", "phrases"],
            "packet": packet.code,
            "note": self._note(),
            "rehearsal": round_.rehearsal,
            "excluded_units": list(self._found),
            "declared": packet.declared,
            "relationship_kinds": RELATIONSHIP_KINDS,
            **packet_status(self.packet),
            "closed": packet.closed,
            "scale": scale_data(packet.rubric.scale),
            "questions": {kind: question_data(packet, kind) for kind in ("team", "individual")},
            "cases": [
                {
                    **case_state(self.packet, case),
                    "kind": packet.cases[case].kind,
                    "label": packet.label(case),
                    "anchor": case in packet.anchors,
                    "page": self._cards[case],
                }
                for case in cases
            ],
        }

    def describe_result(self, message: Message) -> Reply:
        """Return the case as it stands, whether it is gone, whether the packet is sealed."""
        key = str(message.get("case", ""))
        case = self._by_key().get(key)
        return {
            "case": case_state(self.packet, case) if case else None,
            "gone": key if key and not case else "",
            **packet_status(self.packet),
        }

    def _sheet(self, _: Message) -> Reply:
        """Return the sheet to be printed and signed."""
        self._renew()
        return {"page": render_score_sheet(self._session, self.packet, self._member)}

    def _gather(self, state: RoundState) -> None:
        self._state, self.packet = state, build_packet(state, self._member.member)
        self._draw()

    def _renew(self) -> None:
        """Take up the readings that were assigned since."""
        if self.packet.outdated:
            self._gather(self._session.current_state())

    def _draw(self) -> None:
        """Draw the cards anew: blind, or with the names once they are revealed."""
        packet, self._shown = self.packet, self.packet.revealed_at is not None
        self._cards = {
            case.id: render_case_card(
                self._state,
                case,
                packet.label(case.id),
                named=self._shown,
                anchor=case.id in packet.anchors,
                before=packet.earlier_scores(case.id),
            )
            for case in packet.cases.values()
        }

    def _note(self) -> str:
        """Say whose page it is and, in a later round, what became of the marks before."""
        packet = self.packet
        words = f"评委 {packet.member} {self._member.name} · 只显示您自己的评分"
        if packet.since > 1:
            return f"{words} · 重新评分，上一轮的评分已封存，附在各件材料前供对照"
        return f"{words} · 含上一轮分给您的" if packet.round > 1 else words

    def _photo(self, message: Message) -> Reply:
        """Return the photo of a case, none before the reveal."""
        key = str(message.get("case"))
        case = self._by_key().get(key)
        if case is None or self.packet.revealed_at is None or not self.packet.declared:
            return {"case": key, "photo": None}
        found = find_photo(self._session, self._state, self.packet.cases[case])
        return {"case": key, "photo": found}

    def _by_key(self) -> Mapping[str, str]:
        return {str(self.packet.numbers[case]): case for case in self.packet.cases}

    def _open(self, message: Message) -> None:
        """Stop unless the packet may be written."""
        packet = self.packet
        if packet.outdated or message.get("packet") != packet.code:
            raise Rejected(
                type="refused", reason="分派已有变动，正在重新打开。", renew=True, retry=False
            )
        if not packet.declared:
            raise rejection("请先完成回避声明。")
        if packet.sealed:
            raise rejection("本卷已封存；需要改动，请写明理由后启封。")

    def _named(self, message: Message) -> str:
        self._open(message)
        key = str(message.get("case"))
        case = self._by_key().get(key)
        if case is None:
            raise Rejected(type="refused", reason="此件不在您的清单中。", retry=False, gone=key)
        return case

    def _based(self, message: Message) -> str:
        """Return the case, unless it was recorded already or changed elsewhere meanwhile."""
        case = self._named(message)
        marks = self.packet.scores[case]
        if marks.edit and marks.edit == message.get("request_id"):
            raise Rejected(type="saved", event_seq=marks.seq, **self.describe_result(message))
        if marks.seq != message.get("base_seq"):
            raise Rejected(type="stale", case=case_state(self.packet, case))
        return case

    def _save(self, message: Message) -> Iterable[EventBody]:
        case = self._based(message)
        scores, comment = message.get("answers"), checked_text(message.get("comment"))
        return [
            ScoreGiven(
                member=self.packet.member,
                case=case,
                scores=self._scores(case, scores),
                comment=comment,
                edit=str(message.get("request_id", "")),
                round=self.packet.round,
            )
        ]

    def _scores(self, case: str, given: object) -> dict[str, float]:
        if not isinstance(given, Mapping):
            raise rejection("评分没有读出，请重新打开本页。")
        titles = {criterion.id: criterion.title for criterion in self.packet.criteria(case)}
        scale, scores = self.packet.rubric.scale, {}
        for name, mark in given.items():
            if name not in titles:
                raise rejection("评分项与评分标准不一致，请重新打开本页。")
            if not scale.is_valid(mark):
                raise rejection(f"“{titles[name]}”只能填 {scale.allowed}，请改正。")
            scores[str(name)] = float(mark)
        return scores

    def _undo(self, message: Message) -> Iterable[EventBody]:
        case = self._based(message)
        if not self.packet.scores[case].undo_stack:
            raise rejection("没有可撤回的评分。")
        step = self.packet.scores[case].previous_state()
        return [
            ScoreGiven(
                member=self.packet.member,
                case=case,
                scores=dict(step.scores),
                comment=step.comment,
                edit=str(message.get("request_id", "")),
                restores=step.seq,
                round=self.packet.round,
            )
        ]

    def _park(self, message: Message) -> Iterable[EventBody]:
        case, on = self._named(message), message.get("parked") is True
        return [CaseDeferred(member=self.packet.member, case=case, parked=on)]

    def _recuse(self, message: Message) -> Iterable[EventBody]:
        case, reason = self._named(message), checked_text(message.get("reason"))
        if not reason:
            raise rejection("回避须写明理由。")
        kind = message.get("kind")
        kind = str(kind) if kind in RELATIONSHIP_KINDS else ""
        return [MemberRecused(member=self.packet.member, case=case, reason=reason, kind=kind)]

    def _stand(self) -> None:
        """Stop when the member left, or came back, since the page was opened."""
        if self.packet.membership_changed:
            raise Rejected(
                type="refused", reason="评委名单有变动，正在重新打开。", renew=True, retry=False
            )

    def _declare(self, message: Message) -> Iterable[EventBody]:
        """Take the ties in the member's own words; a later declaration adds to the first."""
        self._stand()
        written = checked_text(message.get("statement"))
        statement = normalize_declaration(written)
        if self.packet.declared and not self.packet.adds_relationship(statement):
            raise Rejected(
                type="saved", event_seq=self.packet.declared, **self.describe_result(message)
            )
        if not written and message.get("none") is not True:
            raise rejection("请写明利害关系，或确认没有。")
        return [
            ConflictsDeclared(
                member=self.packet.member,
                found=self._found,
                statement=statement,
            )
        ]

    def _retract(self, message: Message) -> Iterable[EventBody]:
        """Take a declaration or a recusal back; one that was granted stays until ruled anew."""
        self._stand()
        seq, reason = message.get("event_seq"), checked_text(message.get("reason"))
        if not reason:
            raise rejection("撤回须写明理由。")
        if not isinstance(seq, int) or not self.packet.relationships.may_withdraw(seq):
            raise Rejected(type="saved", event_seq=None, **self.describe_result(message))
        return [DeclarationWithdrawn(member=self.packet.member, declared=seq, reason=reason)]

    def _seal(self, message: Message) -> Iterable[EventBody]:
        self._stand()
        if self.packet.sealed:
            raise Rejected(
                type="saved", event_seq=self.packet.sealed, **self.describe_result(message)
            )
        self._open(message)
        left = self.packet.incomplete_cases()
        if left:
            raise rejection(f"还有 {len(left)} 件未评完或待补评语，评完后再封存。")
        packet = self.packet
        return [PacketSealed(member=packet.member, packet=packet.code, digest=packet.digest())]

    def _reopen(self, message: Message) -> Iterable[EventBody]:
        self._stand()
        reason = checked_text(message.get("reason"))
        if not reason:
            raise rejection("启封须写明理由。")
        if not self.packet.sealed:
            raise Rejected(type="saved", event_seq=None, **self.describe_result(message))
        return [PacketReopened(member=self.packet.member, packet=self.packet.code, reason=reason)]
