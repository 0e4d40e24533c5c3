"""Meeting decisions: vetoes, seats added or left vacant, confirmed levels."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from kjfp_helpers.core.errors import SelectionError
from kjfp_helpers.core.events import (
    CaseVetoed,
    Event,
    EventLog,
    LevelConfirmed,
    ObjectionRuled,
    SeatAdded,
    SeatsLeftVacant,
)
from kjfp_helpers.core.records import Case, kind_of_case

Veto = CaseVetoed | ObjectionRuled
"""What takes a case off the list: a veto, or an objection that was found right."""
Body = TypeVar("Body", CaseVetoed, SeatAdded, LevelConfirmed)

MIN_DECIDERS = 2
"""A veto is decided by so many people at least."""


def read_vetoes(events: Iterable[Event], kind: str, cases: Mapping[str, Case]) -> dict[str, Veto]:
    """Return what takes cases of a kind off the list: the last veto on each, else an objection.

    Raises
    ------
    SelectionError
        When a veto lacks clause or document, has fewer than two names or names no case.
    """
    vetoes: dict[str, Veto] = {
        case: ruling for ruling in last_rulings(events) for case in ruling.struck if case in cases
    }
    for where, body in _last_decisions(CaseVetoed, events, kind, cases):
        names = {name.strip() for name in body.by if name.strip()}
        if len(names) < MIN_DECIDERS:
            raise _decision_error(
                where, f"一票否决由至少 {MIN_DECIDERS} 人决定", f"{len(names)} 人"
            )
        if not body.clause.strip() or not body.document.strip():
            raise _decision_error(where, "一票否决写明依据条款和文件", "有空缺")
        vetoes[body.case] = body
    return vetoes


def read_additions(
    events: Iterable[Event], kind: str, cases: Mapping[str, Case], *, allowed: bool
) -> dict[str, SeatAdded]:
    """Return the seats added by resolution to cases of a kind, the last of each.

    Raises
    ------
    SelectionError
        When the ruling ``exceed`` is ``never``, the resolution has no number, or the case is
        unknown or not eligible.
    """
    added = {}
    for where, body in _last_decisions(SeatAdded, events, kind, cases):
        if not allowed:
            raise _decision_error(where, "名单不超出计划（ruling.exceed = never）", "增列名额")
        if not body.resolution.strip():
            raise _decision_error(where, "增列写明决议文号", "空缺")
        if not cases[body.case].eligible:
            raise _decision_error(where, "增列的个案资格合格", f"{body.case} 资格不合格")
        added[body.case] = body
    return added


def read_vacancy(events: Iterable[Event], kind: str, *, plan: int) -> SeatsLeftVacant | None:
    """Return the resolution that leaves seats of a kind empty, the last one.

    Raises
    ------
    SelectionError
        When it has no number or no reason, or leaves more seats empty than there are.
    """
    found = None
    for event in EventLog(events).of(SeatsLeftVacant):
        body, where = event.body, f"台账第{event.seq}条"
        if body.nominees != kind:
            continue
        if not body.resolution.strip() or not body.reason.strip():
            raise _decision_error(where, "名额空缺写明决议文号和理由", "有空缺")
        if not 0 <= body.places < plan:
            raise _decision_error(where, f"空缺名额在 0 至 {plan - 1} 个之间", f"{body.places} 个")
        found = body if body.places else None
    return found


def read_levels(events: Iterable[Event], kind: str, cases: Mapping[str, Case]) -> dict[str, str]:
    """Return the rank that the office confirmed of each case, the last one.

    Raises
    ------
    SelectionError
        When a confirmation names no document or no case.
    """
    levels = {}
    for where, body in _last_decisions(LevelConfirmed, events, kind, cases):
        if body.level and not body.document.strip():
            raise _decision_error(where, "级别认定写明依据文件", "空缺")
        if body.level:
            levels[body.case] = body.level
    return levels


def strike_text(ruling: ObjectionRuled) -> str:
    """Return in Chinese that an objection took names off the list, and by which document."""
    return f"第{ruling.number}号异议{ruling.outcome}，撤下（{ruling.document}）"


def last_rulings(events: Iterable[Event]) -> Iterable[ObjectionRuled]:
    """Return the last ruling on each objection."""
    return {body.number: body for body in EventLog(events).bodies(ObjectionRuled)}.values()


def _last_decisions(
    wanted: type[Body], events: Iterable[Event], kind: str, cases: Mapping[str, Case]
) -> Iterator[tuple[str, Body]]:
    """Yield the last decision on each case of a kind; an id of no kind at all is refused."""
    last: dict[str, tuple[str, Body]] = {}
    for event in EventLog(events).of(wanted):
        if kind_of_case(event.body.case) in (kind, None):
            last[event.body.case] = (f"台账第{event.seq}条", event.body)
    for where, body in last.values():
        if body.case not in cases:
            raise _decision_error(where, "本轮的个案编号", f"“{body.case}”")
        yield where, body


def _decision_error(where: str, expected: str, found: str) -> SelectionError:
    return SelectionError(
        where, expected=expected, found=found, advice="核对会议记录后另行登记正确的决定"
    )
