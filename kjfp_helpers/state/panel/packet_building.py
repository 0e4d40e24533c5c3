"""Build the members' packets from a round state."""

from kjfp_helpers.core.events import ReadingsAssigned
from kjfp_helpers.panel_review.scoring.case_scores import CaseScores
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket, packet_code
from kjfp_helpers.state.panel.review_progress import reading_members
from kjfp_helpers.state.round_state import RoundState


def build_packet(state: RoundState, member: str) -> MemberPacket:
    """Return a member's packet for the round state."""
    packet = _empty_packet(state, member)
    for event in state.events:
        packet.apply(event)
    return _finish(packet, state)


def build_packets(state: RoundState) -> dict[str, MemberPacket]:
    """Return the packets of all readers and departed members, in one pass over the ledger."""
    packets = {member: _empty_packet(state, member) for member in reading_members(state)}
    for event in state.events:
        member = getattr(event.body, "member", None)
        for packet in packets.values() if member is None else filter(None, [packets.get(member)]):
            packet.apply(event)
    return {member: _finish(packet, state) for member, packet in packets.items()}


def _finish(packet: MemberPacket, state: RoundState) -> MemberPacket:
    """Finish a packet after all events; members who left keep only the cases they scored."""
    packet.outdated, packet.membership_changed, packet.is_loaded = False, False, True
    packet.departure = state.scores.departed.get(packet.member)
    if packet.departure is not None:
        for case in [case for case, scores in packet.scores.items() if scores.seq is None]:
            del packet.cases[case], packet.scores[case]
    return packet


def _assigned(state: RoundState, member: str) -> list[ReadingsAssigned]:
    """Return the assignments of a member's packet; for members who left, those before."""
    left = state.scores.departed.get(member)
    return [
        event.body
        for event in state.events.of(ReadingsAssigned)
        if left is None or event.seq < left.seq
    ]


def _empty_packet(state: RoundState, member: str) -> MemberPacket:
    """Return a member's packet before any event."""
    assigned = _assigned(state, member)
    readings = assigned[-1].readings.get(member, ()) if assigned else ()
    barred = state.scores.conflicts.loc[state.scores.conflicts["member"] == member, "case"]
    known = {case.id: case for case in state.screening.eligible_cases}
    numbers = {case: number for number, case in enumerate(readings, start=1)}
    ids = [case for case in numbers if case in known and case not in set(barred)]
    return MemberPacket(
        member=member,
        code=packet_code(member, assigned),
        round=assigned[-1].round if assigned else 1,
        since=assigned[-1].since if assigned else 1,
        anchors=frozenset(assigned[-1].anchors if assigned else ()),
        rubric=state.round.rubric,
        blind=state.round.notice.ruling.blind.value,
        cases={case: known[case] for case in ids},
        numbers=numbers,
        scores={case: CaseScores() for case in ids},
    )
