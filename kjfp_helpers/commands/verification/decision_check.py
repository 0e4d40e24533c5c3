"""Derive every decision again: lots, assessment, readings, agenda and list.

Lots and pictures follow from the ledger alone. What rests on a model may come out otherwise under
another version of the program: that is told apart from a difference, with how to verify it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kjfp_helpers import panel_review
from kjfp_helpers.commands.shortlist_event import LIST_STEP_TITLES, shortlist_event
from kjfp_helpers.commands.verification.assessment_check import check_assessment
from kjfp_helpers.commands.verification.intake_check import STEP_PREFIX, verification_error
from kjfp_helpers.commands.verification.lot_check import check_lots
from kjfp_helpers.commands.verification.output_check import describe_earlier_version
from kjfp_helpers.commands.verification.past_states import PastStates
from kjfp_helpers.commands.verification.photo_article_check import check_evidence
from kjfp_helpers.core.errors import DifferenceError, KjfpError, UnprovedError
from kjfp_helpers.core.events import (
    AgendaDrawn,
    AssessmentConfirmed,
    Event,
    EventLog,
    ReadingsAssigned,
    RulesFrozen,
    ShortlistComputed,
)
from kjfp_helpers.rules import Round
from kjfp_helpers.selection.meeting_agenda import draw_order
from kjfp_helpers.state.meeting.agenda import agenda_seed, find_bands, is_agenda_seed
from kjfp_helpers.state.panel.reading_planning import plan_readings

_ORIGINAL_VERSION = "用当时的程序版本核验（当时所做档案的 program/ 中有，装法见档案说明第六节）"


class OtherNamesError(DifferenceError):
    """A list derived again holds other names than the recorded one."""


@dataclass(frozen=True)
class DecisionCheck:
    """Titles of what is equal, and lines in Chinese of what could not be told here.

    ``unchecked`` needs the mail; ``of_other_version`` was derived by another version, whose result
    differs from this one's.
    """

    equal: tuple[str, ...]
    unchecked: tuple[str, ...]
    of_other_version: tuple[str, ...]


def rederive_decisions(
    round: Round, states: PastStates, events: Sequence[Event], *, complete: bool
) -> DecisionCheck:
    """Derive the decisions again; ``complete`` says whether all mail could be read.

    Raises
    ------
    DifferenceError
        At the first decision that differs under the version that derived it, or a list with other
        names under any version.
    UnprovedError
        When the list cannot be derived again within the work of the solver.
    """
    checks: tuple[tuple[str, Callable[[], bool], type | None], ...] = (
        ("抽查抽签", lambda: check_lots(round, events), None),
        ("抽查照片", lambda: check_evidence(round, events), None),
        ("总结考核", lambda: check_assessment(states, events), AssessmentConfirmed),
        ("评阅分派", lambda: _check_readings(states, events), ReadingsAssigned),
        ("会议议程", lambda: _check_agenda(states, events), AgendaDrawn),
        (
            "合格名单、评分、名次、投票和入围名单",
            lambda: _check_shortlist(states, events),
            ShortlistComputed,
        ),
    )
    equal, unchecked, of_other_version = list[str](), list[str](), list[str]()
    for title, check, kind in checks:
        try:
            equal += [title] if check() else []
        except KjfpError as error:
            if kind is None or (complete and not isinstance(error, DifferenceError)):
                raise
            if complete and isinstance(error, DifferenceError):
                of_other_version.append(describe_other_version(error, events, kind))
            else:
                unchecked.append(f"{title}：须先读出来件，本机不能复算")
    return DecisionCheck(tuple(equal), tuple(unchecked), tuple(of_other_version))


def describe_other_version(error: DifferenceError, events: Sequence[Event], kind: type) -> str:
    """Return in Chinese what another version derived otherwise, and how to verify it.

    Parameters
    ----------
    error : DifferenceError
        What this version derives otherwise.
    events, kind
        The ledger, and the kind of event that records the decision.

    Raises
    ------
    DifferenceError
        The error itself where this version derived it; where another did and other names are on
        the list, the same with what to do first.
    """
    changed = describe_earlier_version(events, kind)
    if not changed:
        raise error
    if isinstance(error, OtherNamesError):
        raise OtherNamesError(
            error.where,
            expected=error.expected,
            found=f"{error.found}；当时由别的程序版本得出（{changed}），可能由此而来",
            advice=f"先{_ORIGINAL_VERSION}，仍不符的{error.advice}",
        ) from error
    same = "（入围名单相同）" if kind is ShortlistComputed else ""
    return (
        f"{error.where.removeprefix(STEP_PREFIX)}，当时由别的程序版本得出（{changed}），"
        f"与本机版本复算的不同{same}，单凭本机不能判定有无改动。下一步：{_ORIGINAL_VERSION}；"
        f"仍不符的{error.advice}"
    )


def _check_readings(states: PastStates, events: Sequence[Event]) -> bool:
    """Plan every round and every later addition again, each as of its moment.

    A ledger of an earlier version lacks the text of rules that were frozen anew before any score:
    assignments under those rules were replaced and cannot be planned again.
    """
    freezes = [(event.seq, event.body) for event in EventLog(events).of(RulesFrozen)]
    unknown = any(not body.texts for _, body in freezes[:-1])
    start = freezes[-1][0] if unknown else 0
    assignments = EventLog(events[start:]).of(ReadingsAssigned)
    for event in assignments:
        recorded = event.body
        again = plan_readings(states.state_before(event.seq), recorded.round)
        readings_digest = panel_review.readings_digest(recorded.readings)
        planned_digest = again.digest if again else ""
        if not planned_digest == recorded.digest == readings_digest:
            where = f"评阅分派（台账第{event.seq}号）"
            raise verification_error(
                where, f"校验值{planned_digest[:12]}", f"{recorded.digest[:12]}"
            )
    return bool(assignments)


def _check_agenda(states: PastStates, events: Sequence[Event]) -> bool:
    """Draw every agenda again: its bands by the chances of then, its order by its seed."""
    draws = EventLog(events).of(AgendaDrawn)
    for event in draws:
        body, where = event.body, f"会议议程（台账第{event.seq}条）"
        before = [one for one in events if one.seq < event.seq]
        if not is_agenda_seed(body.seed, before):
            raise verification_error(where, f"种子 {agenda_seed(before)}", body.seed)
        bands = find_bands(states.state_before(event.seq), body.nominees)
        if dict(body.bands) != bands:
            moved = sorted(one for one in bands if bands[one] != body.bands.get(one))
            raise verification_error(where, "按当时入围概率所分的档", f"{'、'.join(moved)}不同")
        if tuple(body.order) != draw_order(bands, body.seed):
            raise verification_error(where, f"种子 {body.seed} 所排的顺序", "顺序不同")
    return bool(draws)


def _check_shortlist(states: PastStates, events: Sequence[Event]) -> bool:
    lists = EventLog(events).of(ShortlistComputed)
    if not lists:
        return False
    state, recorded = states.state_before(lists[-1].seq), lists[-1].body
    for error in state.decision.unproved.values():
        raise UnprovedError(
            "核验·入围名单",
            expected=error.expected,
            advice=error.advice,
            found=f"{error.found}；名单因此未能核验，并非查出不符",
        )
    if state.decision.problems or state.decision.shortlist.empty:
        problems = "；".join(state.decision.problems) or "没有评分"
        raise verification_error("入围名单", "可以复算", problems)
    again = shortlist_event(state)
    moved = sorted({*again.team, *again.individual} ^ {*recorded.team, *recorded.individual})
    for step, title in LIST_STEP_TITLES.items():
        digest = recorded.steps.get(step)
        if digest is not None and digest != again.steps[step]:
            raise _list_error(title, again.steps[step], digest, moved)
    if replace(again, steps=recorded.steps) != recorded:
        raise _list_error("入围名单", again.digest, recorded.digest, moved)
    return True


def _list_error(title: str, derived: str, recorded: str, moved: Sequence[str]) -> DifferenceError:
    """Return the error of a step of the list; ``moved`` are the cases on one list alone."""
    names = f"入围名单有出入：{'、'.join(moved)}" if moved else "入围名单相同"
    error = verification_error(title, f"校验值{derived[:12]}", f"{recorded[:12]}（{names}）")
    if not moved:
        return error
    return OtherNamesError(
        error.where, expected=error.expected, found=error.found, advice=error.advice
    )
