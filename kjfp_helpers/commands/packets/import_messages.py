"""Chinese messages about the import of a returned workbook."""

from collections.abc import Iterable, Iterator, Sequence

from kjfp_helpers.core.events import ConflictsDeclared, Event, EventLog, MemberRecused
from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.panel_review.scoring.member_packet import MemberPacket
from kjfp_helpers.panel_review.scoring.returned_packet_merge import MergeResult, ScoreConflict
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
    *,
    is_draft: bool = False,
) -> list[str]:
    """Return what was recorded of a workbook, what was not, and what is still to be done.

    Parameters
    ----------
    base, now : MemberPacket
        As the ledger stood at export, and after what was recorded now.
    merged : MergeResult
        What the file changed.
    events : sequence of Event
        What was recorded.
    statement : str or None
        The relationships that the file declares, ``""`` for none, None where it declares nothing.
    is_draft : bool
        Whether the events are not in the ledger: then no number of it is told.
    """
    return [
        _count_line(merged, events, is_draft=is_draft),
        *_declaration_lines(now, events, statement, is_draft=is_draft),
        *_case_lines(base, merged),
        *_outstanding_lines(base, now, merged),
    ]


def _count_line(merged: MergeResult, events: Sequence[Event], *, is_draft: bool) -> str:
    away = sum(isinstance(body, MemberRecused) for body in merged.decisions)
    back = len(_cleared(merged.replaced))
    span = "–".join(dict.fromkeys(str(event.seq) for event in (*events[:1], *events[-1:])))
    where = "待记入台账" if is_draft else f"台账第{span}号"
    where = where if events else "没有新内容"
    withdrawn = f"，撤回{back}件" if back else ""
    return f"评分{len(merged.decisions) - away - back}件，回避{away}件{withdrawn}，{where}"


def _declaration_lines(
    now: MemberPacket, events: Sequence[Event], statement: str | None, *, is_draft: bool
) -> Iterator[str]:
    for event in EventLog(events).of(ConflictsDeclared):
        if event.body.statement:
            text = formatting.to_single_line(mask_personal_numbers(event.body.statement), _SHOWN)
            where = "待记入台账" if is_draft else f"台账第{event.seq}号"
            yield f"回避声明写明：“{text}”（{where}），请据此裁定是否回避"
    if statement == "" and now.declarations:
        seqs = "、".join(f"第{seq}号" for seq in now.declarations)
        yield f"表中回避声明写的是没有，台账{seqs}所声明的仍然有效"


def _case_lines(base: MemberPacket, merged: MergeResult) -> Iterator[str]:
    later = [conflict for conflict in merged.replaced if not conflict.leaves_blank]
    messages = (
        (merged.removed_cases, "台账中已回避或不再分派，未采用"),
        (_cases(later), "台账后来的评分已由表中填写代替"),
        (_cleared(merged.replaced), "表中清空的评分、评语已撤回，评完前不计入"),
        (
            _cases(merged.blank),
            "表中仍如导出时，台账已有先前收回的评分，未动；"
            "以表中为准（空白即撤回）的，勾选“以这些表为准”（命令加 --take 和该文件）重新导入",
        ),
    )
    for cases, message in messages:
        if cases:
            yield f"{_labels(base, cases)}：{message}"


def _outstanding_lines(base: MemberPacket, now: MemberPacket, merged: MergeResult) -> Iterator[str]:
    lacking = [
        line.place(line.comment)
        for line in case_rows(base)
        if line.case in now.cases and now.lacks_comment(line.case)
    ]
    if lacking:
        yield f"须补评语：{'、'.join(lacking)}"
    if now.closed and merged.decisions:
        yield "评分已截止，此次评分不计入"


def _cases(conflicts: Iterable[ScoreConflict]) -> tuple[str, ...]:
    return tuple(conflict.case for conflict in conflicts)


def _cleared(conflicts: Iterable[ScoreConflict]) -> tuple[str, ...]:
    return tuple(conflict.case for conflict in conflicts if conflict.leaves_blank)


def _labels(base: MemberPacket, cases: Iterable[str]) -> str:
    return "、".join(map(base.label, cases))
