"""What the meeting recorded: when and where it was held, who was there, what was said of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kjfp_helpers.core.errors import NotReadyError, ParameterError
from kjfp_helpers.core.events import DiscussionNoted, Event, MeetingHeld
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.state.meeting.voters import find_recusals, list_voters
from kjfp_helpers.state.round_state import RoundState


def make_meeting(
    state: RoundState,
    *,
    day: date,
    place: str,
    chair: str,
    recorder: str,
    present: Sequence[str],
    guests: str = "",
    conclusion: str = "",
    today: date | None = None,
) -> MeetingHeld:
    """Return the event of the meeting, checked; the last one replaces those before.

    Raises
    ------
    ParameterError
        When something is missing, the recorder is the chair, somebody present is no voter, or the
        day is after ``today``.
    """
    said = {"地点": place, "主持人": chair, "记录人": recorder}
    lacking = [title for title, text in said.items() if not text.strip()]
    _require(not lacking, "写明地点、主持人、记录人", f"未填{'、'.join(lacking)}")
    _require(chair.strip() != recorder.strip(), "主持人和记录人为不同的人", chair)
    voters = [voter.id for voter in list_voters(state)]
    unknown = [one for one in present if one not in voters]
    _require(not unknown, "到会者为表决人名册中的编号", "、".join(unknown))
    _require(bool(present), "至少一名表决人到会", "没有")
    rehearsed = state.round.rehearsal or today is None
    _require(rehearsed or day <= (today or day), "会议日期不晚于今天", str(day))
    return MeetingHeld(
        day=str(day),
        place=place.strip(),
        chair=chair.strip(),
        recorder=recorder.strip(),
        present=tuple(one for one in voters if one in set(present)),
        guests=mask_personal_numbers(guests.strip()),
        conclusion=mask_personal_numbers(conclusion.strip()),
    )


def make_note(
    state: RoundState, *, case: str, text: str, left: Sequence[str] | None = None
) -> DiscussionNoted:
    """Return the event of what was said of a case, ``""`` for the procedure.

    Parameters
    ----------
    left : sequence of str, optional
        The voters who had left the room; by default those who are present and have to.

    Raises
    ------
    NotReadyError
        When there is no meeting yet whose voters might have to leave.
    ParameterError
        When nothing was said, the case is unknown, or one who has to leave was in the room.
    """
    _require(bool(text.strip()), "讨论的内容", "空缺")
    known = state.screening.case_by_id
    _require(not case or case in known, "本轮的个案编号，会议事项留空", f"“{case}”")
    held = read_meeting(state)
    if case and held is None:
        raise NotReadyError(
            "讨论记录", expected="会议已登记", found="还没有登记", advice="先登记会议和到会者"
        )
    there = set(held.present) if held else set()
    due = [one for (about, one) in find_recusals(state) if about == case and one in there]
    gone = set(due if left is None else left)
    staying = [one for one in due if one not in gone]
    _require(not staying, "应当回避的到会者在讨论时退场", "、".join(staying) + "未退场")
    order = [voter.id for voter in list_voters(state)]
    unknown = sorted(gone - set(order))
    _require(not unknown, "退场者为表决人名册中的编号", "、".join(unknown))
    return DiscussionNoted(
        case=case,
        text=mask_personal_numbers(text.strip()),
        left=tuple(one for one in order if one in gone),
    )


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A meeting: a day. ``held`` is its last record; events from ``first`` to before ``end``.

    ``end`` is infinite for the last meeting.
    """

    held: MeetingHeld
    first: int
    end: float

    def covers(self, event: Event) -> bool:
        """Return whether an event was recorded at the meeting, or after it and before the next."""
        return self.first <= event.seq < self.end


def list_meetings(state: RoundState) -> tuple[Meeting, ...]:
    """Return the meetings in order; a further record of the same day replaces the one before."""
    days: dict[str, list[Event[MeetingHeld]]] = {}
    for event in state.standing_events.of(MeetingHeld):
        days.setdefault(event.body.day, []).append(event)
    starts = [
        (0 if number == 0 else events[0].seq, events[-1].body)
        for number, events in enumerate(sorted(days.values(), key=lambda one: one[0].seq))
    ]
    ends = [*(seq for seq, _ in starts[1:]), float("inf")]
    return tuple(
        Meeting(held=held, first=first, end=end)
        for (first, held), end in zip(starts, ends, strict=False)
    )


def read_meeting(state: RoundState) -> MeetingHeld | None:
    """Return the last meeting as last recorded, ``None`` before one was."""
    meetings = list_meetings(state)
    return meetings[-1].held if meetings else None


def read_notes(state: RoundState) -> tuple[Event[DiscussionNoted], ...]:
    """Return what was said and not taken back, in the order in which it was recorded."""
    return tuple(state.standing_events.of(DiscussionNoted))


def _require(holds: bool, expected: str, found: str) -> None:
    if not holds:
        raise ParameterError("会议记录", expected=expected, found=found, advice="补正后重试")
