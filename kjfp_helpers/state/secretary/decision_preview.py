"""What a decision would change in the lists, worked out before anybody records it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kjfp_helpers.core.events import Event, EventBody, EventLog
from kjfp_helpers.core.records import KIND_TITLES, NOMINEE_KINDS
from kjfp_helpers.state.round_state import RoundState
from kjfp_helpers.state.stages.stage_keeping import MemoryKeep


@dataclass(frozen=True, kw_only=True)
class ListChange:
    """Cases that leave and enter the list of a kind, its counts, and why there would be none."""

    kind: str
    left: tuple[str, ...]
    entered: tuple[str, ...]
    before: int
    after: int


def preview_decision(state: RoundState, *bodies: EventBody) -> RoundState:
    """Return the state as it would be with these events; nothing is recorded.

    Stages that do not depend on the events are those of ``state``.
    """
    last = state.events[-1]
    planned = [
        Event(seq=last.seq + number, at=last.at, actor="", body=body)
        for number, body in enumerate(bodies, start=1)
    ]
    keep = state.keep.copy() if isinstance(state.keep, MemoryKeep) else state.keep
    return replace(state, events=EventLog((*state.events, *planned)), keep=keep)


def compare_lists(before: RoundState, after: RoundState) -> list[ListChange]:
    """Return how the list of each kind differs between two states."""
    changes = []
    for kind in NOMINEE_KINDS:
        was, becomes = _listed(before, kind), _listed(after, kind)
        changes.append(
            ListChange(
                kind=kind,
                left=tuple(case for case in was if case not in becomes),
                entered=tuple(case for case in becomes if case not in was),
                before=len(was),
                after=len(becomes),
            )
        )
    return changes


def describe_changes(state: RoundState, *bodies: EventBody) -> list[str]:
    """Return in Chinese what these events would change in the lists, a line for each kind."""
    after = preview_decision(state, *bodies)
    lines = []
    for change in compare_lists(state, after):
        moves = [
            f"{word} {'、'.join(_name(state, case) for case in cases)}"
            for word, cases in (("将退出", change.left), ("将递补或列入", change.entered))
            if cases
        ]
        if moves or change.before != change.after:
            count = f"名单由 {change.before} 变为 {change.after}"
            if change.before == change.after:
                count = f"名单仍为 {change.after}"
            lines.append(f"{KIND_TITLES[change.kind]}：{'，'.join([*moves, count])}。")
    new = [problem for problem in after.decision.problems if problem not in state.decision.problems]
    return [*lines, *new] or ["入围名单不变。"]


def _listed(state: RoundState, kind: str) -> Sequence[str]:
    rows = state.decision.listed
    return list(rows.loc[rows["kind"] == kind, "case"])


def _name(state: RoundState, case: str) -> str:
    nominee = state.screening.case_by_id[case]
    return f"{nominee.name}（{state.round.unit_by_code[nominee.unit].short_name}）"
