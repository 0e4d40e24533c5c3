"""What became of a returned workbook, in words for the office."""

from collections.abc import Iterable, Iterator, Sequence

from kjfp_helpers.core.events import ConflictsDeclared, Event, MemberRecused
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket
from kjfp_helpers.panel_review.scoring.packet_merge import MergeResult, ScoreConflict
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.packets.packet_layout import case_rows

_SHOWN = 200
"""Characters of a declaration that are shown on a console."""


def import_notes(
    base: MemberPacket,
    now: MemberPacket,
    merged: MergeResult,
    events: Sequence[Event],
    statement: str | None,
) -> list[str]:
    """Return what was recorded of a workbook, what was not, and what is still to be done.

    Parameters
    ----------
    base, now : MemberPacket
        As the ledger stood at export, and after what was recorded now.
    weighed : Weighed
        What the file changed.
    events : sequence of Event
        What was recorded.
    statement : str or None
        The ties that the file declares, ``""`` for none, None where it declares nothing.
    """
    return [
        _count_line(merged, events),
        *_declaration_lines(now, events, statement),
        *_case_lines(base, merged),
        *_outstanding_lines(base, now, merged),
    ]


def _count_line(weighed: MergeResult, events: Sequence[Event]) -> str:
    away = sum(isinstance(body, MemberRecused) for body in weighed.decisions)
    back = len(_cleared(weighed.replaced))
    span = "–".join(dict.fromkeys(str(event.seq) for event in (*events[:1], *events[-1:])))
    where = f"台账第{span}号" if events else "没有新内容"
    withdrawn = f"，撤回{back}件" if back else ""
    return f"评分{len(weighed.decisions) - away - back}件，回避{away}件{withdrawn}，{where}"


def _declaration_lines(
    now: MemberPacket, events: Sequence[Event], statement: str | None
) -> Iterator[str]:
    for event in events:
        if isinstance(event.body, ConflictsDeclared) and event.body.statement:
            told = formatting.to_single_line(mask_personal_numbers(event.body.statement), _SHOWN)
            yield f"回避声明写明：“{told}”（台账第{event.seq}号），请据此裁定是否回避"
    if statement == "" and now.declarations:
        seqs = "、".join(f"第{seq}号" for seq in now.declarations)
        yield f"表中回避声明写的是没有，台账{seqs}所声明的仍然有效"


def _case_lines(base: MemberPacket, weighed: MergeResult) -> Iterator[str]:
    later = [one for one in weighed.replaced if not one.leaves_blank]
    told = (
        (weighed.removed_cases, "台账中已回避或不再分派，未采用"),
        (_cases(later), "台账后来的评分已由表中填写代替"),
        (_cleared(weighed.replaced), "表中清空的评分、评语已撤回，评完前不计入"),
        (
            _cases(weighed.blank),
            "表中仍如导出时，台账已有先前收回的评分，未动；"
            "以表中为准（空白即撤回）的，加 --take 和该文件重新导入",
        ),
    )
    for cases, what in told:
        if cases:
            yield f"{_labels(base, cases)}：{what}"


def _outstanding_lines(
    base: MemberPacket, now: MemberPacket, weighed: MergeResult
) -> Iterator[str]:
    owing = [
        line.place(line.comment)
        for line in case_rows(base)
        if line.case in now.cases and now.lacks_comment(line.case)
    ]
    if owing:
        yield f"须补评语：{'、'.join(owing)}"
    if now.closed and weighed.decisions:
        yield "评分已截止，此次评分不计入"


def _cases(conflicts: Iterable[ScoreConflict]) -> tuple[str, ...]:
    return tuple(one.case for one in conflicts)


def _cleared(conflicts: Iterable[ScoreConflict]) -> tuple[str, ...]:
    return tuple(one.case for one in conflicts if one.leaves_blank)


def _labels(base: MemberPacket, cases: Iterable[str]) -> str:
    return "、".join(map(base.label, cases))
