"""Simulated declarations, seals and signed sheets of the panel members.

Every function returns entries for the ledger: an event body, the account that acts, and when.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

import numpy as np

from kjfp_helpers.core.events import (
    ConflictsDeclared,
    MemberRecused,
    PacketSealed,
    ScoreGiven,
    ScoringClosed,
    SheetSigned,
    SummaryAssessed,
)
from kjfp_helpers.ledger import PendingEvent
from kjfp_helpers.panel_review import describe_barred_units
from kjfp_helpers.rehearsal.actors.office_hours import add_working_seconds, next_working_day
from kjfp_helpers.rehearsal.faults.answer_key import (
    filter_acts,
    find_first_act,
    office_actor_label,
    read_answers,
)
from kjfp_helpers.rules import Round
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.panel.packet_building import build_packets

SECONDS_PER_CASE, PACE_SCATTER = 4 * 60, 0.45
"""Seconds that a case usually takes, and the standard deviation of their logarithm."""
MIN_SECONDS = 45
HURRIED_SECONDS = (7, 17)
"""Seconds that a case takes who does not read it, from and to."""
MEMBER_EVENTS = (ScoreGiven, MemberRecused, PacketSealed, SheetSigned, SummaryAssessed)
TIME_UNTIL_DEPARTURE = timedelta(hours=2)
"""How long after the start of the panel's work who falls ill leaves."""


def actor_label(round: Round, member: str) -> str:
    """Return whom a member's event names as acting, such as ``M01（pw01）``."""
    user = round.member_by_id[member].user
    return f"{member}（{user}）" if user else member


def plan_declarations(state: RoundState, start: datetime) -> tuple[PendingEvent, ...]:
    """Return the declarations still missing, one per member, in the first minutes."""
    answers, round = read_answers(state.round), state.round
    own = {row["member"]: row["says"] for row in filter_acts(answers, "declared_tie")}
    done = {e.body.member for e in state.events.of(ConflictsDeclared)}
    entries: list[PendingEvent] = []
    for member in sorted(set(state.scores.readings["member"]) - done):
        barred = describe_barred_units(round, round.member_by_id[member])
        body = ConflictsDeclared(member=member, found=barred, statement=own.get(member, ""))
        entries.append(
            (body, actor_label(round, member), start + _start_offset(answers["seed"], member))
        )
    return _sort_by_time(entries)


def schedule_scores(
    state: RoundState, bodies: Iterable[ScoreGiven | MemberRecused], start: datetime
) -> tuple[PendingEvent, ...]:
    """Return scores and recusals with their times, case by case in reading order.

    Nothing comes before what the ledger holds already.
    """
    answers = read_answers(state.round)
    hurried = {row["member"] for row in filter_acts(answers, "hurried")}
    rows = state.scores.readings[["member", "case", "position"]].itertuples(index=False, name=None)
    places = {(member, case): index for member, case, index in rows}
    own: dict[str, list[ScoreGiven | MemberRecused]] = {}
    for body in sorted(
        bodies, key=lambda reading: (reading.member, places[reading.member, reading.case])
    ):
        own.setdefault(body.member, []).append(body)
    entries: list[PendingEvent] = []
    for member, member_bodies in own.items():
        at = max(start + _start_offset(answers["seed"], member), state.events[-1].at)
        rng = np.random.default_rng(
            (answers["seed"], crc32(member.encode()), 6, len(member_bodies))
        )
        for body in member_bodies:
            at = add_working_seconds(at, _draw_seconds(rng, hurried=member in hurried))
            entries.append((body, actor_label(state.round, member), at))
    return _sort_by_time(entries)


def plan_departure(state: RoundState) -> Mapping[str, Any] | None:
    """Return what the secretary enters of the member who falls ill, ``None`` where nobody does."""
    row = find_first_act(read_answers(state.round), "left")
    if row is None or row["member"] in state.scores.departed:
        return None
    return {
        "member": row["member"],
        "reason": "突发疾病住院，不能继续评审",
        "document": "演练请假函〔2020〕1号",
        "by": ("测试秘书", "测试组长"),
    }


def plan_seals(state: RoundState, at: datetime) -> tuple[PendingEvent, ...]:
    """Return the seals of all finished packets not yet sealed, on the day after the scoring."""
    start, entries = next_working_day(at), list[PendingEvent]()
    for number, (member, packet) in enumerate(sorted(build_packets(state).items())):
        if not (packet.departure or packet.sealed or packet.incomplete_cases()):
            body = PacketSealed(member=member, packet=packet.code, digest=packet.digest())
            entries.append(
                (body, actor_label(state.round, member), add_working_seconds(start, 540 * number))
            )
    return tuple(entries)


def plan_signatures(state: RoundState, at: datetime) -> tuple[PendingEvent, ...]:
    """Return the signed sheets on the day after the seals; one member's never comes back."""
    answers, start = read_answers(state.round), next_working_day(at)
    missing = {row["member"] for row in filter_acts(answers, "unsigned")}
    actor, entries = office_actor_label(state.round, "秘书"), list[PendingEvent]()
    for number, (member, packet) in enumerate(sorted(build_packets(state).items())):
        if packet.sealed and not packet.signed and member not in missing:
            body = SheetSigned(
                member=member,
                packet=packet.code,
                digest=packet.digest(),
                by=(actor.partition("（")[0],),
            )
            entries.append((body, actor, add_working_seconds(start, 300 * number)))
    return tuple(entries)


def plan_closing(state: RoundState, at: datetime) -> tuple[PendingEvent, ...]:
    """Return the event that closes the scoring, an hour after the last sheet came."""
    body = ScoringClosed(reason="评分全部封存，经组长同意截止评分")
    return ((body, office_actor_label(state.round, "组长"), add_working_seconds(at, 3600)),)


def scoring_start(at: datetime) -> datetime:
    """Return when the panel starts after its readings were assigned."""
    return next_working_day(at)


def _start_offset(seed: int, member: str) -> timedelta:
    """Return how long after nine a member opens the packet."""
    rng = np.random.default_rng((seed, crc32(member.encode()), 5))
    return timedelta(seconds=int(rng.integers(60, 40 * 60)))


def _draw_seconds(rng: np.random.Generator, *, hurried: bool) -> int:
    """Return the seconds that a case takes."""
    if hurried:
        return int(rng.integers(*HURRIED_SECONDS))
    return max(int(SECONDS_PER_CASE * np.exp(PACE_SCATTER * rng.standard_normal())), MIN_SECONDS)


def _sort_by_time(entries: Iterable[PendingEvent]) -> tuple[PendingEvent, ...]:
    return tuple(sorted(entries, key=lambda entry: entry[2]))
