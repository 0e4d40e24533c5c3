"""Publication gates (clause 二): until all are passed every list is a draft."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kjfp_helpers.core.errors import ParameterError
from kjfp_helpers.core.events import Event, GateWaived, ScoringClosed
from kjfp_helpers.core.findings import Finding, Severity
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.eligibility.history import stale_decisions
from kjfp_helpers.infra.cache import once_per_object
from kjfp_helpers.selection.status_reasons import NOT_VOTED
from kjfp_helpers.state.frozen_rules import freeze_state
from kjfp_helpers.state.panel.packet_building import build_packets
from kjfp_helpers.state.panel.pending_relationship_rulings import (
    list_open_questions,
    list_questions,
)
from kjfp_helpers.state.revocations import has_two_names, require_grounds
from kjfp_helpers.state.round_state import RoundState
from kjfp_helpers.state.secretary.work_queue import answered_findings

UNCOUNTED = ("waiting", "half", "differs")
"""States of a vote that is not finished."""

GATE_TITLES: Mapping[str, tuple[str, str, str]] = {
    "declared": ("评委声明", "未声明{}人", "请评委打开评分页作声明"),
    "sealed": ("评委封存", "未封存{}人", "请评委在评分页总览里封存"),
    "signed": ("评委签字", "未收签字表{}人", "在“开始与进度”页“签字表”里登记"),
    "ties": ("裁定评委利害关系", "评委利害关系待裁定{}项", "在“收件与核对”页“待处理”里裁定"),
    "closed": ("截止评分", "评分未截止", "在“结果与入围”页“作出决定”里截止评分"),
    "late": ("裁定截止后的评分", "截止后评分{}份未裁定", "在“作出决定”里裁定全部计入或全部不计"),
    "frozen": ("冻结规则", "规则未冻结或有改动", "在“开始与进度”（或运行 kjfp assign）冻结规则"),
    "counted": ("投票计票完毕", "{}次投票未计完", "在“投票表决”里完成计票或作废"),
    "voted": ("入围各件经会议表决", "入围{}件未经表决", "在“投票表决”里对这几件再次表决"),
    "questions": (
        "入围各件没有未了结的问题",
        "入围{}件有未了结的问题",
        "在“收件与核对”页“待处理”里逐件办结",
    ),
    "spot_check_lot": (
        "抽查抽签",
        "抽查名册已冻结、尚未抽签",
        "公开值公布后，在“盘点与抽查”页“抽查”里抽签",
    ),
    "spot_check": ("抽查办结", "抽查{}个单位未办结", "在“盘点与抽查”页“抽查”里办结"),
}
"""Gate key to its title, its text while open, and the advice where to complete it."""


OF_MEMBERS = ("declared", "sealed", "signed")
"""Gates that count members."""


@dataclass(frozen=True, kw_only=True)
class Gate:
    """A condition that must be met before the list may be published.

    ``total`` counts its parts and ``open`` names the incomplete ones: members, cases, votes, or the
    gate itself where it has one part. ``waived`` is the event that waives everything open.
    """

    key: str
    total: int
    open: tuple[str, ...]
    waived: Event | None = None

    @property
    def done(self) -> int:
        """Number of completed parts."""
        return self.total - len(self.open)

    @property
    def title(self) -> str:
        """Title of the gate, in Chinese."""
        return GATE_TITLES[self.key][0]

    @property
    def count(self) -> str:
        """Title with counts, such as 评委封存12/15."""
        return f"{self.title}{self.done}/{self.total}"

    @property
    def advice(self) -> str:
        """Where to complete it, in Chinese."""
        return GATE_TITLES[self.key][2]

    @property
    def blocks(self) -> bool:
        """Whether the gate blocks publication."""
        return bool(self.open) and self.waived is None

    @property
    def lacking(self) -> str:
        """What is incomplete, in Chinese."""
        return GATE_TITLES[self.key][1].format(len(self.open))

    @property
    def waiver(self) -> str:
        """The waiver with its decision and who recorded it, in Chinese; blank for none."""
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


@once_per_object
def list_gates(state: RoundState) -> tuple[Gate, ...]:
    """Return all gates of the list, open and passed, in the order of the process."""
    gates = (
        *_packet_gates(state),
        *_relationship_gate(state),
        *_scoring_gates(state),
        *_vote_gates(state),
        _question_gate(state),
        *_spot_check_gate(state),
    )
    waivers = state.standing_events.of(GateWaived)
    return tuple(_waive(gate, waivers) for gate in gates)


def is_ready(state: RoundState) -> bool:
    """Return whether the list may be published."""
    return not any(gate.blocks for gate in list_gates(state))


def draft_line(gates: Iterable[Gate]) -> str:
    """Return the line that marks documents as a draft, blank once the list may be published."""
    points = [
        gate.count if gate.key in OF_MEMBERS else gate.lacking for gate in gates if gate.blocks
    ]
    return f"草案，不得公布：{'；'.join(points)}" if points else ""


def waiver_lines(gates: Iterable[Gate]) -> tuple[str, ...]:
    """Return a line for each decision that waived something, as printed on every list's document.

    It names what was waived, the reason, who recorded it and the ledger's entries.
    """
    alike: dict[tuple[str, str, tuple[str, ...]], list[tuple[str, int]]] = defaultdict(list)
    for gate in gates:
        if gate.waived is not None and isinstance(body := gate.waived.body, GateWaived):
            alike[body.document, body.reason, body.by].append((gate.lacking, gate.waived.seq))
    return tuple(
        f"{'、'.join(lacking for lacking, _ in parts)}，经{document}决定放行：{reason}"
        f"（{'、'.join(by)}，台账第{'、'.join(str(seq) for _, seq in parts)}条）"
        for (document, reason, by), parts in alike.items()
    )


def public_waivers(gates: Iterable[Gate]) -> tuple[str, ...]:
    """Return a line for each decision that waived something, as the public reads it.

    Who recorded it, and where in the ledger, is for the office.
    """
    lacking: dict[tuple[str, str], list[str]] = defaultdict(list)
    for gate in gates:
        if gate.waiver and gate.waived is not None and isinstance(gate.waived.body, GateWaived):
            body = gate.waived.body
            lacking[body.document, body.reason.rstrip("。")].append(gate.lacking)
    return tuple(
        mask_personal_numbers(f"{'、'.join(parts)}，经{document}决定放行：{reason}")
        for (document, reason), parts in lacking.items()
    )


def make_waiver(
    state: RoundState, gate: str, *, reason: str, document: str, by: tuple[str, ...]
) -> GateWaived:
    """Return the checked event that waives everything open at a gate now.

    Raises
    ------
    ParameterError
        When something is missing, or nothing is open.
    """
    blocking = {one.key: one for one in list_gates(state) if one.blocks}
    if gate not in blocking:
        raise ParameterError(
            "放行",
            expected="尚未办结的一项",
            found=f"“{gate}”已办结或已放行",
            advice="刷新页面重选",
        )
    require_grounds("放行", reason, document, by)
    return GateWaived(
        gate=gate, open=blocking[gate].open, reason=reason.strip(), document=document.strip(), by=by
    )


def open_questions(state: RoundState) -> dict[str, tuple[str, ...]]:
    """Return the titles of the open errors and questions, by case."""
    titles_by_case: dict[str, dict[str, None]] = defaultdict(dict)
    for finding in open_findings(state):
        if finding.severity is not Severity.WARNING:
            titles_by_case[finding.case][finding.finding_type.title] = None
    return {case: tuple(titles) for case, titles in titles_by_case.items() if case}


@once_per_object
def open_findings(state: RoundState) -> tuple[Finding, ...]:
    """Return the findings without a resolution in the work queue and without a settlement."""
    answered = answered_findings(state)
    settled = stale_decisions.valid_settlements(
        state.screening.cases, state.screening.findings, state.events
    )
    return tuple(
        finding
        for finding in state.screening.findings
        if finding not in answered
        and (finding.case, finding.code, "") not in settled
        and (finding.case, finding.code, finding.fingerprint) not in settled
    )


def _waive(gate: Gate, waivers: Iterable[Event]) -> Gate:
    """Return the gate with the last waiver that covers everything open."""
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


def _packet_gates(state: RoundState) -> Iterable[Gate]:
    packets = [packet for packet in build_packets(state).values() if not packet.departure]
    done = {
        "declared": [bool(packet.declared) for packet in packets],
        "sealed": [bool(packet.sealed) for packet in packets],
        "signed": [bool(packet.signed) and not packet.needs_new_signature for packet in packets],
    }
    for key, flags in done.items():
        missing = (packet.member for packet, flag in zip(packets, flags, strict=True) if not flag)
        yield Gate(key=key, total=len(packets), open=tuple(sorted(missing)))


def _relationship_gate(state: RoundState) -> Iterable[Gate]:
    open = tuple(f"{one.member} {one.case or f'#{one.seq}'}" for one in list_open_questions(state))
    if open:
        yield Gate(key="ties", total=len(list_questions(state)), open=open)


def _scoring_gates(state: RoundState) -> Iterable[Gate]:
    closed = state.standing_events.last(ScoringClosed) is not None
    yield Gate(key="closed", total=1, open=() if closed else ("closed",))
    late = state.scores.tables.late
    unruled = tuple(f"#{seq}" for seq in late.loc[~late["ruled"], "seq"])
    if unruled:
        yield Gate(key="late", total=len(unruled), open=unruled)
    frozen = freeze_state(state.round, state.events) == "frozen"
    yield Gate(key="frozen", total=1, open=() if frozen else ("frozen",))


def _vote_gates(state: RoundState) -> Iterable[Gate]:
    open = tuple(str(one.opened.ballot) for one in state.decision.ballots if one.state in UNCOUNTED)
    if open:
        yield Gate(key="counted", total=len(state.decision.ballots), open=open)
    votes = state.decision.listed.loc[lambda rows: rows["vote"] != ""]
    if not votes.empty:
        unvoted = votes.loc[votes["vote"] == NOT_VOTED, "case"]
        yield Gate(key="voted", total=len(votes), open=tuple(sorted(unvoted)))


def _spot_check_gate(state: RoundState) -> Iterable[Gate]:
    """Yield the gates of a spot check that was frozen or has findings; earlier lots have none."""
    check = state.spot_check
    if check.frame and check.drawn is None:
        yield Gate(key="spot_check_lot", total=1, open=("lot",))
    due = set(check.unfinished if check.frame else {one.unit for one in check.findings})
    if check.visits and (check.frame or check.findings):
        open = tuple(code for code in check.unfinished if code in due)
        yield Gate(key="spot_check", total=len(check.visits), open=open)


def _question_gate(state: RoundState) -> Gate:
    listed = sorted(state.decision.listed["case"])
    asked = open_questions(state)
    open = tuple(case for case in listed if case in asked)
    return Gate(key="questions", total=len(listed), open=open)
