"""Handles the messages of one member's scoring page."""

from kjfp_helpers.core.events import Event, ScoreGiven
from kjfp_helpers.core.events.panel import RELATIONSHIP_KINDS
from kjfp_helpers.panel_review import describe_barred_units
from kjfp_helpers.panels.scoring.case_card import render_case_card
from kjfp_helpers.panels.scoring.nominee_photos import find_photo
from kjfp_helpers.panels.scoring.packet_commands import PacketCommands
from kjfp_helpers.panels.scoring.page_data import (
    case_state,
    packet_status,
    question_data,
    scale_data,
)
from kjfp_helpers.panels.scoring.printed_score_sheet import render_score_sheet
from kjfp_helpers.panels.widgets.protocol import Message, Reply
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.panel.packet_building import build_packet

TITLE = "评委评分"


class ScoringHandler(PacketCommands):
    """Message handler of a member's scoring page: the packet, its sheet and its photos."""

    event_type = ScoreGiven

    def __init__(self, session: RoundSession, state: RoundState, member: str) -> None:
        self._member, self.member = state.round.member_by_id[member], member
        self._barred_units = describe_barred_units(state.round, self._member)
        self._load_packet(state)
        super().__init__(
            session, member, session.actor_label(ScoreGiven, member, member), self.packet.last_seq
        )
        self.commands = self.list_commands()
        self.queries = {"sheet": self._sheet, "card": self._card, "photo": self._photo}

    @property
    def barred_units(self) -> tuple[str, ...]:
        """Units whose cases the rules keep from the member."""
        return self._barred_units

    def apply_event(self, event: Event) -> None:
        """Apply an event to the packet."""
        self.packet.apply(event)

    def lock_reason(self) -> str:
        """Return why nothing may be written: the member left, or the account is another's."""
        departure = self.packet.departure
        if departure is None:
            return super().lock_reason()
        treatment = "已给的评分按决定不计入结果" if departure.set_aside else "已给的评分照计"
        return f"评委 {self.member} 已退出评审（{departure.reason}）：本卷只能看，{treatment}。"

    def welcome(self) -> Reply:
        """Return the packet for the page; before the declaration, without its cases.

        What is to be read of a case the page asks for: the first within milliseconds, the others
        while it is read.
        """
        self._reload_if_outdated()
        packet, round_ = self.packet, self._session.round
        cases = packet.cases if self._shows_cases() else ()
        return {
            "title": f"{TITLE} · 第 {packet.round} 轮" if packet.round > 1 else TITLE,
            "noun": "件",
            "material": "材料",
            "activity": "评分",
            "can": ["undo", "park", "recuse", "compare", "seal", "phrases"],
            "packet": packet.code,
            "note": self._page_note(),
            "rehearsal": round_.rehearsal,
            "excluded_units": list(self._barred_units),
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
                }
                for case in cases
            ],
        }

    def _sheet(self, _: Message) -> Reply:
        """Return the sheet to be printed and signed."""
        self._reload_if_outdated()
        return {"page": render_score_sheet(self._session, self.packet, self._member)}

    def _photo(self, message: Message) -> Reply:
        """Return the photo of a case, none before the reveal."""
        key = str(message.get("case"))
        if self.packet.outdated:
            return {"case": key, "photo": None, "renew": True}
        case = self._case_by_key().get(key)
        if case is None or self.packet.revealed_at is None or not self.packet.declared:
            return {"case": key, "photo": None}
        photo = find_photo(self._session, self._state, self.packet.cases[case])
        return {"case": key, "photo": photo}

    def _load_packet(self, state: RoundState) -> None:
        self._state, self.packet = state, build_packet(state, self._member.member)
        self._cards = dict[tuple[str, bool], str]()

    def _reload_if_outdated(self) -> None:
        """Build the packet again when readings were assigned since."""
        if self.packet.outdated:
            self._load_packet(self._session.current_state())

    def _shows_cases(self) -> bool:
        """Whether cases may be seen: after the declaration, or where nothing can be written."""
        return bool(self.packet.declared or self.lock_reason())

    def _card(self, message: Message) -> Reply:
        """Return what is read of a case: anonymized, or with identities once they are revealed.

        Of a packet that is no longer the member's nothing is handed out: the page opens it anew.
        """
        key = str(message.get("case"))
        if self.packet.outdated:
            return {"case": key, "page": None, "renew": True}
        case = self._case_by_key().get(key) if self._shows_cases() else None
        return {"case": key, "page": case and self._rendered_card(case)}

    def _rendered_card(self, case: str) -> str:
        packet = self.packet
        named = packet.revealed_at is not None
        if (case, named) not in self._cards:
            self._cards[case, named] = render_case_card(
                self._state,
                packet.cases[case],
                packet.label(case),
                named=named,
                anchor=case in packet.anchors,
                before=packet.earlier_scores(case),
            )
        return self._cards[case, named]

    def _page_note(self) -> str:
        """Return whose page it is and, in a later round, what became of the earlier scores."""
        packet = self.packet
        note = f"{self._member.name}（{packet.member}） · 只显示您自己的评分"
        if packet.since > 1:
            return f"{note} · 重新评分，上一轮的评分已封存，附在各件材料前供对照"
        if packet.round > 1:
            return f"{note} · 含上一轮分给您的"
        return note
