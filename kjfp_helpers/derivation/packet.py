"""Members' packets, gathered from a derived round."""

from collections.abc import Sequence

from kjfp_helpers.derivation.review import Review
from kjfp_helpers.events import ReadingsAssigned
from kjfp_helpers.review.packet import Marks, Packet, packet_code


def gather(review: Review, member: str) -> Packet:
    """Return a member's packet as the ledger stands."""
    packet = _empty(review, member, _assigned(review))
    for event in review.events:
        packet.take(event)
    packet.outdated = False
    return packet


def gather_all(review: Review) -> dict[str, Packet]:
    """Return every reading member's packet, in one walk over the ledger."""
    assigned = _assigned(review)
    members = review.readings["member"].unique()
    packets = {member: _empty(review, member, assigned) for member in members}
    for event in review.events:
        member = getattr(event.body, "member", None)
        for packet in packets.values() if member is None else filter(None, [packets.get(member)]):
            packet.take(event)
    for packet in packets.values():
        packet.outdated = False
    return packets


def _assigned(review: Review) -> list[ReadingsAssigned]:
    return [event.body for event in review.events if isinstance(event.body, ReadingsAssigned)]


def _empty(review: Review, member: str, assigned: Sequence[ReadingsAssigned]) -> Packet:
    """Return a member's packet before any event."""
    mine = review.readings[review.readings["member"] == member].sort_values("position")
    barred = review.conflicts.loc[review.conflicts["member"] == member, "case"]
    known = {case.id: case for case in review.eligible}
    numbers = {case: number for number, case in enumerate(mine["case"], start=1)}
    ids = [case for case in numbers if case in known and case not in set(barred)]
    return Packet(
        member=member,
        code=packet_code(member, assigned),
        round=assigned[-1].round if assigned else 1,
        since=assigned[-1].since if assigned else 1,
        anchors=frozenset(assigned[-1].anchors if assigned else ()),
        rubric=review.round.rubric,
        blind=review.round.notice.ruling.blind.value,
        cases={case: known[case] for case in ids},
        numbers=numbers,
        marks={case: Marks() for case in ids},
    )
