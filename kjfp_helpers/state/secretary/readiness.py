"""Publication gates (clause 二): until all are passed every list is a draft."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import Event, GateWaived, ScoringClosed, find_last
from kjfp_helpers.core.findings import Finding, Severity
from kjfp_helpers.eligibility.history import stale_decisions
from kjfp_helpers.selection.status_reasons import NOT_VOTED
from kjfp_helpers.state.frozen_rules import freeze_state
from kjfp_helpers.state.panel.packet_building import build_packets
from kjfp_helpers.state.panel.relationship_questions import list_open_questions, list_questions
from kjfp_helpers.state.revocations import has_two_names, require_grounds
from kjfp_helpers.state.round_state import RoundState
from kjfp_helpers.state.secretary.work_queue import answered_findings

LISTED = ("listed", "added")
"""States of the list in which a name is on it."""
UNCOUNTED = ("waiting", "half", "differs")
"""States of a vote that is not over."""

GATE_TITLES: Mapping[str, tuple[str, str, str]] = {
    "declared": ("评委声明", "未声明{}人", "请评委打开评分页作声明"),
    "sealed": ("评委封存", "未封存{}人", "请评委在评分页总览里封存"),
    "signed": ("评委签字", "未收签字表{}人", "在“开始与进度”页“签字表”里登记"),
    "ties": ("裁定评委利害关系", "评委利害关系待裁定{}项", "在“收件与核对”页“待处理”里裁定"),
    "closed": ("截止评分", "评分未截止", "在“结果与入围”页“作出决定”里截止评分"),
    "late": ("裁定截止后的评分", "截止后评分{}份未裁定", "在“作出决定”里裁定全部计入或全部不计"),
    "frozen": ("冻结规则", "规则未冻结或有改动", "运行 kjfp assign 冻结规则"),
    "counted": ("投票计票完毕", "{}次投票未计完", "在“投票表决”里完成计票或作废"),
    "voted": ("入围各件经会议表决", "入围{}件未经表决", "在“投票表决”里对这几件再次表决"),
    "questions": (
        "入围各件没有未了结的问题",
        "入围{}件有未了结的问题",
        "在“收件与核对”页“待处理”里逐件办结",
    ),
}
"""Key of a gate to what must be done, what is said while it is open, and where it is done."""


OF_MEMBERS = ("declared", "sealed", "signed")
"""Gates that every member passes."""


@dataclass(frozen=True, kw_only=True)
class Gate:
    """Something that must be done before the list may be published.

    ``total`` counts what is to be done and ``open`` names what of it is not done: members, cases,
    votes, or the gate itself where there is but one thing to do. ``waived`` is the decision that
    lets go everything open, with its place in the ledger.
    """

    key: str
    total: int
    open: tuple[str, ...]
    waived: Event | None = None

    @property
    def done(self) -> int:
        """How many of the total are done."""
        return self.total - len(self.open)

    @property
    def title(self) -> str:
        """What must be done, in Chinese."""
        return GATE_TITLES[self.key][0]

    @property
    def count(self) -> str:
        """How much of it is done, such as 评委封存12/15."""
        return f"{self.title}{self.done}/{self.total}"

    @property
    def advice(self) -> str:
        """Where it is done, in Chinese."""
        return GATE_TITLES[self.key][2]

    @property
    def blocks(self) -> bool:
        """Whether the list must not be published."""
        return bool(self.open) and self.waived is None

    @property
    def lacking(self) -> str:
        """What is not done, in Chinese."""
        return GATE_TITLES[self.key][1].format(len(self.open))

    @property
    def waiver(self) -> str:
        """By what decision the rest was let go, in Chinese; blank for none."""
        if self.waived is None or not isinstance(self.waived.body, GateWaived):
            return ""
        body = self.waived.body
        return (
            f"{self.lacking}，经{body.document}决定放行：{body.reason}"
            f"（{'、'.join(body.by)}，台账第{self.waived.seq}条）"
        )

    @property
    def state(self) -> str:
        """已办, 未办 or 放行."""
        return "未办" if self.blocks else "放行" if self.open else "已办"


def list_gates(state: RoundState) -> tuple[Gate, ...]:
    """Return every gate before the list, done or not, in the order in which they are met."""
    made = (
        *_of_packets(state),
        *_of_ties(state),
        *_of_marks(state),
        *_of_votes(state),
        _of_names(state),
    )
    waivers = [e for e in state.standing_events if isinstance(e.body, GateWaived)]
    return tuple(_waive(gate, waivers) for gate in made)


def is_ready(state: RoundState) -> bool:
    """Return whether the list may be published."""
    return not any(gate.blocks for gate in list_gates(state))


def draft_line(made: Iterable[Gate]) -> str:
    """Return the line that marks papers as a draft, blank once the list is ripe."""
    points = [
        gate.count if gate.key in OF_MEMBERS else gate.lacking for gate in made if gate.blocks
    ]
    return f"草案，不得公布：{'；'.join(points)}" if points else ""


def waiver_lines(made: Iterable[Gate]) -> tuple[str, ...]:
    """Return what every paper of the list says was let go, and by which decision."""
    return tuple(gate.waiver for gate in made if gate.waiver)


def make_waiver(
    state: RoundState, gate: str, *, reason: str, document: str, by: tuple[str, ...]
) -> GateWaived:
    """Return the event that lets a gate go for all that is open at it now, checked.

    Raises
    ------
    ParameterError
        When something is missing, or nothing is open.
    """
    found = next((one for one in list_gates(state) if one.key == gate and one.blocks), None)
    if found is None:
        raise ParameterError(
            "放行",
            expected="尚未办结的一项",
            found=f"“{gate}”已办结或已放行",
            advice="刷新页面重选",
        )
    require_grounds("放行", reason, document, by)
    return GateWaived(
        gate=gate, open=found.open, reason=reason.strip(), document=document.strip(), by=by
    )


def open_questions(state: RoundState) -> dict[str, tuple[str, ...]]:
    """Return the titles of what is to be corrected or explained and nobody settled, by case."""
    asked: dict[str, dict[str, None]] = defaultdict(dict)
    for found in open_findings(state):
        if found.severity is not Severity.WARNING:
            asked[found.case][found.finding_type.title] = None
    return {case: tuple(titles) for case, titles in asked.items() if case}


def open_findings(state: RoundState) -> tuple[Finding, ...]:
    """Return the findings that nobody answered in the queue and no ruling settled."""
    done = answered_findings(state)
    settled = stale_decisions.valid_settlements(state.cases, state.findings, state.events)
    return tuple(
        found
        for found in state.findings
        if found not in done
        and not {(found.case, found.code, mark) for mark in ("", found.fingerprint)} & settled
    )


def _waive(gate: Gate, waivers: Iterable[Event]) -> Gate:
    """Return the gate let go by the last waiver that names all that is open."""
    for event in reversed(list(waivers)):
        body = event.body
        if (
            isinstance(body, GateWaived)
            and gate.open
            and body.gate == gate.key
            and set(gate.open) <= set(body.open)
            and has_two_names(body.by)
        ):
            return replace(gate, waived=event)
    return gate


def _of_packets(state: RoundState) -> Iterable[Gate]:
    packets = [packet for packet in build_packets(state).values() if not packet.departure]
    done = {
        "declared": [bool(packet.declared) for packet in packets],
        "sealed": [bool(packet.sealed) for packet in packets],
        "signed": [bool(packet.signed) and not packet.needs_new_signature for packet in packets],
    }
    for key, held in done.items():
        lacking = (packet.member for packet, did in zip(packets, held, strict=True) if not did)
        yield Gate(key=key, total=len(packets), open=tuple(sorted(lacking)))


def _of_ties(state: RoundState) -> Iterable[Gate]:
    open = tuple(f"{one.member} {one.case or f'#{one.seq}'}" for one in list_open_questions(state))
    if open:
        yield Gate(key="ties", total=len(list_questions(state)), open=open)


def _of_marks(state: RoundState) -> Iterable[Gate]:
    closed = find_last(state.standing_events, ScoringClosed) is not None
    yield Gate(key="closed", total=1, open=() if closed else ("closed",))
    late = state.scores.late
    unruled = tuple(f"#{seq}" for seq in late.loc[~late["ruled"], "seq"])
    if unruled:
        yield Gate(key="late", total=len(unruled), open=unruled)
    frozen = freeze_state(state.round, state.events) == "frozen"
    yield Gate(key="frozen", total=1, open=() if frozen else ("frozen",))


def _of_votes(state: RoundState) -> Iterable[Gate]:
    open = tuple(str(one.opened.ballot) for one in state.ballots if one.state in UNCOUNTED)
    if open:
        yield Gate(key="counted", total=len(state.ballots), open=open)
    votes = _inside(state).loc[lambda rows: rows["vote"] != ""]
    if not votes.empty:
        unvoted = votes.loc[votes["vote"] == NOT_VOTED, "case"]
        yield Gate(key="voted", total=len(votes), open=tuple(sorted(unvoted)))


def _inside(state: RoundState) -> pd.DataFrame:
    return state.shortlist[state.shortlist["status"].isin(LISTED)]


def _of_names(state: RoundState) -> Gate:
    listed = sorted(_inside(state)["case"])
    asked = open_questions(state)
    open = tuple(case for case in listed if case in asked)
    return Gate(key="questions", total=len(listed), open=open)
