"""Data of one member's score sheet: the member's own scores, cases by neutral numbers."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.core.records import KIND_TITLES, NOMINEE_KINDS
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket, short_digest
from kjfp_helpers.panel_review.scoring.scoring_rules import format_total
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.data.state_index import StateIndex

if TYPE_CHECKING:
    pass


def build_member_data(index: StateIndex, member: str) -> dict[str, Any]:
    """Return what a member's sheet shows: nothing of other members or of cases stepped back from.

    It speaks of the ledger by the numbers of the member's own entries, so that what others
    record leaves the sheet as it is.
    """
    state, packet = index.state, index.packets[member]
    late = set(state.scores.tables.late.loc[state.scores.tables.late["member"] == member, "seq"])
    name = state.round.member_by_id[member].name
    left = packet.departure
    about = {
        key: index.round_info[key] for key in ("name", "title", "office", "rehearsal", "amendments")
    }
    return {
        "title": f"{name}（{member}）评分表",
        "round": about,
        "member": member,
        "name": name,
        "packet": packet.code,
        "rules": state.round.digest[:16],
        "declared": packet.declared,
        "sealed": packet.sealed,
        "signed": None if packet.needs_new_signature else packet.signed,
        "digest": packet.digest(),
        "left": left
        and {
            "seq": left.seq,
            "reason": mask_personal_numbers(left.reason),
            "set_aside": left.set_aside,
        },
        "code": short_digest(packet.digest()),
        "cases": len(packet.cases),
        "done": sum(map(packet.is_complete, packet.cases)),
        "owing": sum(map(packet.lacks_comment, packet.cases)),
        "kinds": [
            {
                "title": KIND_TITLES[kind],
                "criteria": [
                    [criterion.title, criterion.weight]
                    for criterion in packet.rubric.criteria(kind)
                ],
                "rows": list(_score_rows(packet, kind, late)),
            }
            for kind in NOMINEE_KINDS
        ],
    }


def _score_rows(packet: MemberPacket, kind: str, late: set[int]) -> Iterator[dict[str, Any]]:
    for case in packet.cases:
        if packet.cases[case].kind != kind:
            continue
        marks, total = packet.scores[case], packet.total(case)
        scores = [
            formatting.json_value(marks.scores.get(criterion.id))
            for criterion in packet.criteria(case)
        ]
        note = "截止后所评，不计入" if marks.seq in late else ""
        note = note or ("待补评语" if packet.lacks_comment(case) else "")
        note = note or ("揭示身份以后所评" if packet.is_saved_after_reveal(case) else "")
        note = (
            "评委已退出，按决定不计入" if packet.departure and packet.departure.set_aside else note
        )
        yield {
            "label": packet.label(case),
            "scores": scores,
            "total": None if total is None else float(format_total(total)),
            "comment": mask_personal_numbers(formatting.remove_control_chars(marks.comment)),
            "seq": marks.seq,
            "note": note,
        }
