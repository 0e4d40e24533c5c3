"""Parts of the messages to the scoring page, as plain JSON: packet, cases, criteria, scale.

The page's side of these is ``widgets/page/types.d.ts``. Every key is written here, so that a
renamed field of a rule file or of the packet never changes what the page reads.
"""

from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket, case_label
from kjfp_helpers.panels.widgets.protocol import Reply
from kjfp_helpers.rules import Scale, proposed_scores


def packet_status(packet: MemberPacket) -> Reply:
    """Return what became of the packet as a whole."""
    return {
        "sealed": packet.sealed,
        "revealed_at": packet.revealed_at,
        "signed": packet.signed,
        "needs_new_signature": packet.needs_new_signature,
        "recused": packet.recusal_count,
        "relationships": list(packet.declarations.values()),
        "declarations": _declarations(packet),
    }


def _declarations(packet: MemberPacket) -> list[Reply]:
    """Return what the member declared and stepped back from, each with what became of it."""
    return [
        {
            "event_seq": entry.seq,
            "text": f"{case_label(entry.case, packet.numbers)}：{entry.text}"
            if entry.case
            else entry.text,
            "state": entry.status_text,
            "open": entry.withdrawn is None,
        }
        for entry in packet.relationships.entries.values()
    ]


def case_state(packet: MemberPacket, case: str) -> Reply:
    """Return a case as the ledger holds it; the page knows it by its number alone."""
    scores = packet.scores[case]
    return {
        "key": str(packet.numbers[case]),
        "answers": scores.scores,
        "comment": scores.comment,
        "event_seq": scores.seq,
        "undo_seq": scores.undo_stack[-1].seq if scores.undo_stack else 0,
        "parked": scores.parked,
        "after_reveal": packet.is_saved_after_reveal(case),
    }


def scale_data(scale: Scale) -> Reply:
    """Return the scale of scores with its text in Chinese."""
    return {
        "minimum": scale.least,
        "maximum": scale.most,
        "step": scale.step,
        "comment_below": scale.comment_below,
        "comment_from": scale.comment_from,
        "allowed": scale.allowed,
    }


def question_data(packet: MemberPacket, kind: str) -> list[Reply]:
    """Return the criteria of a kind; each level with the score that a click on it gives."""
    scale, questions = packet.rubric.scale, []
    for criterion in packet.rubric.criteria(kind):
        scores = proposed_scores(criterion.levels, scale)
        levels = [
            {"title": level.title, "text": level.text, "minimum": level.least, "score": score}
            for level, score in zip(criterion.levels, scores, strict=True)
        ]
        question: Reply = {
            "id": criterion.id,
            "title": criterion.title,
            "ask": criterion.ask,
            "weight": criterion.weight,
            "phrases": list(criterion.phrases),
            "levels": levels,
        }
        questions.append(question)
    return questions
