"""Conflicts of interest in a rehearsal: one is declared after scoring, and all are ruled on."""

from datetime import datetime

from kjfp_helpers.core.events import ConflictRuled, ConflictsDeclared
from kjfp_helpers.core.records import kind_of_case
from kjfp_helpers.rehearsal.actors import panel_formalities
from kjfp_helpers.rehearsal.actors.office_hours import add_working_seconds
from kjfp_helpers.rehearsal.faults.answer_key import office_actor_label
from kjfp_helpers.rehearsal.generator.faultless_year import CHINA
from kjfp_helpers.state import RoundSession, RoundState
from kjfp_helpers.state.panel.packet_building import build_packet
from kjfp_helpers.state.panel.pending_relationship_rulings import (
    RelationshipQuestion,
    list_open_questions,
)

STATEMENT = "评分之后想起：{label}{who}曾是我的学生，请予回避。"
PAUSE = 600
"""Seconds between the last score and the declaration, and again to the rulings."""
RULED_BY = ("演练秘书", "演练组长")
_REASONS = {True: "经核实，属应当回避的情形", False: "经核实，不是同一单位，也不是同一人"}


def simulate_relationship_rulings(session: RoundSession) -> bool:
    """Declare one relationship after scoring, rule on all open ones; return if any was granted."""
    state = session.current_state()
    late = _late_declaration(state)
    if late is not None:
        actor = panel_formalities.actor_label(state.round, late.member)
        session.record_series([(late, actor, _next_office_time(state))])
        state = session.current_state()
    rulings = [
        ruling for question in list_open_questions(state) for ruling in _rulings_on(question)
    ]
    actor, at = office_actor_label(state.round, "秘书"), _next_office_time(state)
    session.record_series((ruling, actor, at) for ruling in rulings)
    return any(ruling.bars for ruling in rulings)


def _next_office_time(state: RoundState) -> datetime:
    """Return the next office time after what was last recorded."""
    return add_working_seconds(state.events[-1].at.astimezone(CHINA), PAUSE)


def _late_declaration(state: RoundState) -> ConflictsDeclared | None:
    """Return a declaration of the last reader on a case that they scored, anchors excluded."""
    if state.scores.readings.empty:
        return None
    member = state.scores.readings["member"].max()
    packet = build_packet(state, member)
    scored = [
        case for case in packet.cases if packet.is_complete(case) and case not in packet.anchors
    ]
    if not scored or packet.declarations:
        return None
    who = "的负责人" if kind_of_case(scored[-1]) == "team" else ""
    statement = STATEMENT.format(label=packet.label(scored[-1]), who=who)
    return ConflictsDeclared(member=member, found=(), statement=statement)


def _rulings_on(question: RelationshipQuestion) -> list[ConflictRuled]:
    """Grant declared, recused and certain relationships; deny those that are only doubtful."""
    granted = question.seq > 0 or question.strength == "certain"
    cases = (question.case,) if question.case else question.suggested
    kind = "师生" if question.origin == "declared" else question.kind or "合作"
    return [
        ConflictRuled(
            member=question.member,
            case=case,
            bars=granted,
            reason=_REASONS[granted],
            by=RULED_BY,
            kind=kind,
            about=question.about,
            declared=question.seq if question.origin == "declared" else 0,
        )
        for case in cases
    ]
