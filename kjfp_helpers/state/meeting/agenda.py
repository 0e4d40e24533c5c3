"""The agenda: the order that was drawn, what is too close to call, who leaves the room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kjfp_helpers.core.errors import NotReadyError, ParameterError
from kjfp_helpers.core.events import AgendaDrawn, Event
from kjfp_helpers.core.records import KIND_MEASURES, KIND_TITLES
from kjfp_helpers.selection.meeting_agenda import (
    CloseGroup,
    assign_bands,
    draw_order,
    find_close_group,
)
from kjfp_helpers.state.ledger_heads import find_state_head
from kjfp_helpers.state.meeting.voters import Voter, find_recusals, list_voters
from kjfp_helpers.state.round_state import RoundState

SEED_DIGITS = 16
"""Digits of the hash in a seed."""


@dataclass(frozen=True, kw_only=True)
class AgendaItem:
    """A case on the agenda; ``number`` counts from 1 within its kind.

    ``chance`` is that of a seat now (NaN for none), ``leaving`` who leaves the room, with reasons.
    """

    number: int
    case: str
    band: str
    rank: float
    chance: float
    leaving: tuple[tuple[Voter, str], ...]


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """The agenda of one kind: what was drawn, its cases in order, the group too close to call."""

    kind: str
    drawn: AgendaDrawn
    seq: int
    draws: int
    items: tuple[AgendaItem, ...]
    group: CloseGroup
    missing: tuple[str, ...]
    """Eligible cases that came after the draw."""
    gone: tuple[int, ...] = ()
    """Numbers of cases that dropped out since; the others keep theirs."""


def make_agenda(state: RoundState, kind: str, *, reason: str = "") -> AgendaDrawn:
    """Return the draw of the order of one kind, by the ledger's last event as seed.

    Raises
    ------
    NotReadyError
        When the kind has no ranking yet.
    ParameterError
        When it was drawn before and no reason is given.
    """
    if any(drawn.nominees == kind for drawn in state.events.bodies(AgendaDrawn)) and not reason:
        raise ParameterError(
            "会议议程",
            expected="重新排定的理由",
            found="没有",
            advice=f"{KIND_TITLES[kind]}的议程已排定；确需重排的写明理由",
        )
    seed = agenda_seed(state.events)
    bands = find_bands(state, kind)
    return AgendaDrawn(
        nominees=kind, seed=seed, order=draw_order(bands, seed), bands=bands, reason=reason.strip()
    )


def agenda_seed(events: Sequence[Event]) -> str:
    """Return the seed of a draw after these events: number and first digits of the last's hash.

    What is recorded of papers does not count, nor does the draw of the other kind just before.
    """
    last = find_state_head(events)
    while last is not None and isinstance(last.body, AgendaDrawn):
        events = [event for event in events if event.seq < last.seq]
        last = find_state_head(events)
    return f"{last.seq} {last.hash[:SEED_DIGITS]}" if last else "0"


def is_agenda_seed(seed: str, events: Sequence[Event]) -> bool:
    """Return whether a recorded seed was the last event that counts, of those before its draw.

    The seed says itself which event that was, so that it holds whatever later versions count: it is
    to name an event as it stands in the ledger, after which nothing was recorded that counts.

    Parameters
    ----------
    seed : str
        The seed of a draw, see :func:`agenda_seed`.
    events : sequence of Event
        The events before the draw.
    """
    number, _, digits = seed.partition(" ")
    named = [event for event in events if str(event.seq) == number]
    if not named:
        return seed == agenda_seed(events)
    known = len(digits) == SEED_DIGITS and named[0].hash.startswith(digits)
    rest = [
        event
        for event in events
        if event.seq > named[0].seq and not isinstance(event.body, AgendaDrawn)
    ]
    return known and find_state_head(rest) is None


def read_agenda(state: RoundState, kind: str) -> Agenda | None:
    """Return the agenda of a kind by its last draw, ``None`` before there is one."""
    draws = [event for event in state.events.of(AgendaDrawn) if event.body.nominees == kind]
    if not draws or kind not in state.scores.rankings:
        return None
    drawn, table = draws[-1].body, state.scores.rankings[kind].table.set_index("case")
    recusals, voters = find_recusals(state), list_voters(state)
    eligible = {case.id for case in state.screening.eligible_cases if case.kind == kind}
    items = [
        AgendaItem(
            number=number,
            case=case,
            band=drawn.bands[case],
            rank=float(table["rank"].get(case, float("nan"))),
            chance=float(table["p_in"].get(case, float("nan"))),
            leaving=tuple(
                (voter, recusals[case, voter.id])
                for voter in voters
                if (case, voter.id) in recusals
            ),
        )
        for number, case in enumerate(drawn.order, start=1)
        if case in eligible
    ]
    return Agenda(
        kind=kind,
        drawn=drawn,
        seq=draws[-1].seq,
        draws=len(draws),
        items=tuple(items),
        group=close_group(state, kind),
        missing=tuple(sorted(eligible - set(drawn.order))),
        gone=tuple(n for n, case in enumerate(drawn.order, start=1) if case not in eligible),
    )


def close_group(state: RoundState, kind: str, bands: Mapping[str, str] | None = None) -> CloseGroup:
    """Return the cases of a kind that are too close to call: by bands as drawn, or those of now."""
    table = state.scores.rankings[kind].table
    seats = state.round.notice.commended.seats[kind]
    return find_close_group(table, bands or find_bands(state, kind), seats)


def describe_group(state: RoundState, kind: str, bands: Mapping[str, str] | None = None) -> str:
    """Return in Chinese which cases are too close to call, and for how many places.

    The chances leave limits aside: they say how far the scores alone tell cases apart. Where there
    are none it is said why. ``bands`` are those drawn, by default those of now.
    """
    ranking, title = state.scores.rankings[kind], KIND_TITLES[kind]
    if ranking.table["p_in"].isna().all():
        return f"{title}：没有入围概率，不分档。{''.join(ranking.problems)}"
    group, measure = close_group(state, kind, bands), KIND_MEASURES[kind]
    share = Fraction(state.round.notice.ruling.clear_chance.value)
    bounds = f"{float(1 - share):.0%}至{float(share):.0%}"
    if not group.cases:
        return f"{title}：没有难分高下的{measure}，名额线上下各件的入围概率都不在{bounds}之间。"
    ranks = f"{group.first}至{group.last}" if group.last > group.first else f"{group.first}"
    clear = f"{group.clear}{measure}明确入围" if group.clear else "没有明确入围的"
    return (
        f"{title}：{clear}；名次第{ranks}的"
        f"{len(group.cases)}{measure}入围概率在{bounds}之间，凭评分难分高下，"
        f"其中{group.seats}{measure}入围，提请会议讨论。"
    )


def list_contradictions(state: RoundState, agenda: Agenda) -> list[str]:
    """Return the names that the chances put clearly on one side and the list on the other."""
    listed = set(state.decision.listed["case"])
    return [
        state.screening.case_by_id[item.case].name
        for item in agenda.items
        if len(listed)
        and (
            (item.band == "in" and item.case not in listed)
            or (item.band == "out" and item.case in listed)
        )
    ]


def find_bands(state: RoundState, kind: str) -> dict[str, str]:
    """Return the band of every eligible case of a kind.

    Raises
    ------
    NotReadyError
        When the kind has no ranking yet.
    """
    ranking = state.scores.rankings.get(kind)
    if ranking is None:
        raise NotReadyError(
            "会议议程",
            expected=f"{KIND_TITLES[kind]}已有评分和名次",
            found="没有名次",
            advice="完成评分后再排定议程",
        )
    eligible = [case.id for case in state.screening.eligible_cases if case.kind == kind]
    table = ranking.table[ranking.table["case"].isin(eligible)]
    bands = assign_bands(table, state.round.notice.ruling.clear_chance.value)
    return {case: bands.get(case, "unranked") for case in sorted(eligible)}
