"""A member's packet, gathered from a derived round."""

from kjfp_helpers.derivation.review import Review
from kjfp_helpers.events import ReadingsAssigned
from kjfp_helpers.review.packet import Marks, Packet, packet_code


def gather(review: Review, member: str) -> Packet:
    """Return a member's packet as the ledger stands."""
    mine = review.readings[review.readings["member"] == member].sort_values("position")
    barred = review.conflicts.loc[review.conflicts["member"] == member, "case"]
    known = {case.id: case for case in review.eligible}
    numbers = {case: number for number, case in enumerate(mine["case"], start=1)}
    ids = [case for case in numbers if case in known and case not in set(barred)]
    assigned = [e.body for e in review.events if isinstance(e.body, ReadingsAssigned)]
    packet = Packet(
        member=member,
        code=packet_code(member, assigned),
        round=assigned[-1].round if assigned else 1,
        since=assigned[-1].since if assigned else 1,
        anchors=frozenset(assigned[-1].anchors if assigned else ()),
        rubric=review.round.rubric,
        cases={case: known[case] for case in ids},
        numbers=numbers,
        marks={case: Marks() for case in ids},
    )
    for event in review.events:
        packet.take(event)
    packet.outdated = False
    return packet
