"""The sheet of a packet, to be printed and signed."""

from typing import Any

from kjfp_helpers.core.records import KIND_TITLES, NOMINEE_KINDS
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket, case_label, short_digest
from kjfp_helpers.panel_review.scoring.scoring_rules import format_total
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.rules import Member
from kjfp_helpers.state import RoundSession


def render_score_sheet(session: RoundSession, packet: MemberPacket, member: Member) -> str:
    """Return the sheet as a page of its own, with the codes of packet, marks, rules and ledger."""
    seq, digest = session.ledger.head()
    amendments = session.current_state().round.amendments
    kinds = [
        {
            "title": KIND_TITLES[kind],
            "criteria": packet.rubric.criteria(kind),
            "rows": [
                _line(packet, case) for case in packet.cases if packet.cases[case].kind == kind
            ],
        }
        for kind in NOMINEE_KINDS
    ]
    return render_template(
        "sheet",
        member=member,
        packet=packet,
        seq=seq,
        digest=digest,
        rules=session.round.digest,
        kinds=kinds,
        rehearsal=session.round.rehearsal,
        amendments=amendments,
        name=session.round.notice.round.title,
        code=short_digest(packet.digest()),
        recusals=_recusals(packet),
    )


def _recusals(packet: MemberPacket) -> list[tuple[str, str, str]]:
    """Return the cases stepped back from, and not taken back: label, reason, what became of it."""
    return [
        (case_label(entry.case, packet.numbers), entry.text, entry.status_text)
        for entry in packet.relationships.entries.values()
        if entry.case and entry.withdrawn is None
    ]


def _line(packet: MemberPacket, case: str) -> dict[str, Any]:
    marks, total = packet.scores[case], packet.total(case)
    return {
        "label": packet.label(case),
        "scores": marks.scores,
        "total": "—" if total is None else format_total(total),
        "comment": marks.comment,
        "after": packet.is_saved_after_reveal(case),
    }
