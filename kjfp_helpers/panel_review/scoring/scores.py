"""Score tables: each member's last score of each case, and its weighted total."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from kjfp_helpers.core.events import (
    Event,
    LateScoresRuled,
    ReadingsAssigned,
    ScoreGiven,
    ScoringClosed,
)
from kjfp_helpers.core.records import Case
from kjfp_helpers.panel_review.conflicts.conflict_register import MemberCase, fold_recusals
from kjfp_helpers.rules import Criterion, Rubric


@dataclass(frozen=True, kw_only=True)
class ScoreTables:
    """The marks of a round.

    ``by_criterion`` (``member case criterion score``) holds every criterion of every mark that was
    read, a missing one as NaN. ``totals`` (``member case kind total comment seq round``) holds
    complete marks only, on the scale of the rubric. ``recusals`` is ``member case reason``.
    ``late`` (``member case total comment seq ruled``) came after the marks closed and no ruling
    admitted them; ``ruled`` says whether one was made on them. ``unfinished``
    (``member case missing seq``) lack a criterion; ``excluded`` (``member case reason seq``) do
    not count for another reason. ``seq`` is the number in the ledger; marks are in its order.
    """

    by_criterion: pd.DataFrame
    totals: pd.DataFrame
    recusals: pd.DataFrame
    late: pd.DataFrame
    unfinished: pd.DataFrame
    excluded: pd.DataFrame


def fold_scores(
    events: Iterable[Event],
    rubric: Rubric,
    cases: Iterable[Case],
    conflicts: pd.DataFrame | None = None,
    set_aside: Mapping[str, str] | None = None,
) -> ScoreTables:
    """Fold mark and recusal events into tables.

    The latest mark of the last round of a member for a case wins, complete or not; marks given
    after the close count where the last ruling on late marks admitted them. A recusal, and
    any other conflict (``member case reason``), takes the member's marks away whenever it is
    recorded, even after the marks closed. Where readings were assigned, a mark for a case never
    assigned to the member does not count. ``set_aside`` maps a member who left to the reason for
    which none of their marks counts.
    """
    events = tuple(events)
    by_id = {case.id: case for case in cases}
    recusals = fold_recusals(events)
    barred = set(recusals)
    if conflicts is not None:
        barred |= set(zip(conflicts["member"], conflicts["case"], strict=True))
    assigned = _assigned(events)
    latest, late, ruled = _latest(events)
    rows: dict[str, list[tuple[object, ...]]] = {
        name: [] for name in ("scores", "totals", "unfinished", "aside")
    }
    for (member, case_id), (seq, mark) in latest.items():
        reason = _not_counted((member, case_id), mark, by_id, barred, assigned, rubric)
        reason = reason or (set_aside or {}).get(member, "")
        if reason:
            rows["aside"].append((member, case_id, reason, seq))
            continue
        kind = by_id[case_id].kind
        criteria = rubric.criteria(kind)
        scores = [(criterion, _score(mark, criterion)) for criterion in criteria]
        rows["scores"] += [(member, case_id, criterion.id, score) for criterion, score in scores]
        missing = "、".join(criterion.title for criterion, score in scores if math.isnan(score))
        if missing:
            rows["unfinished"].append((member, case_id, missing, seq))
        else:
            total = _total(mark, criteria)
            rows["totals"].append((member, case_id, kind, total, mark.comment, seq, mark.round))
    return ScoreTables(
        by_criterion=_frame(rows["scores"], "member case criterion score"),
        totals=_frame(rows["totals"], "member case kind total comment seq round"),
        recusals=_frame(
            [(*pair, reason) for pair, reason in recusals.items()], "member case reason"
        ),
        late=_late(late, by_id, rubric, ruled),
        unfinished=_frame(rows["unfinished"], "member case missing seq"),
        excluded=_frame(rows["aside"], "member case reason seq"),
    )


def _frame(rows: list[tuple[object, ...]], columns: str) -> pd.DataFrame:
    names = columns.split()
    typed = {"score": float, "total": float, "seq": int, "round": int, "ruled": bool}
    kinds = {name: typed.get(name, str) for name in names}
    return pd.DataFrame(rows, columns=names).astype(kinds)


def _assigned(events: Iterable[Event]) -> set[MemberCase] | None:
    """Pairs of every assignment so far, or ``None`` where nothing was assigned."""
    bodies = [e.body for e in events if isinstance(e.body, ReadingsAssigned)]
    if not bodies:
        return None
    return {
        (member, case) for body in bodies for member, ids in body.readings.items() for case in ids
    }


def _latest(
    events: Iterable[Event],
) -> tuple[dict[MemberCase, tuple[int, ScoreGiven]], list[tuple[int, ScoreGiven]], int]:
    """Return the marks that stand, those too late, and up to which event these were ruled on."""
    latest: dict[MemberCase, tuple[int, ScoreGiven]] = {}
    late: list[tuple[int, ScoreGiven]] = []
    ordered = sorted(events, key=lambda event: event.seq)
    rulings = [event for event in ordered if isinstance(event.body, LateScoresRuled)]
    ruled = rulings[-1].seq if rulings else 0
    admitted = any(
        isinstance(one.body, LateScoresRuled) and one.body.admitted for one in rulings[-1:]
    )
    closed = False
    for event in ordered:
        closed = closed or isinstance(event.body, ScoringClosed)
        if isinstance(event.body, ScoreGiven):
            mark = event.body
            if closed and not (admitted and event.seq < ruled):
                late.append((event.seq, mark))
                continue
            held = latest.get((mark.member, mark.case))
            if held is None or mark.round >= held[1].round:
                latest[(mark.member, mark.case)] = (event.seq, mark)
    return dict(sorted(latest.items(), key=lambda item: item[1][0])), late, ruled


def _not_counted(
    pair: MemberCase,
    mark: ScoreGiven,
    cases: Mapping[str, Case],
    barred: Collection[MemberCase],
    assigned: set[MemberCase] | None,
    rubric: Rubric,
) -> str:
    """Return why a mark does not count, in Chinese, or ``""``."""
    if pair in barred:
        return "已回避"
    if pair[1] not in cases or not cases[pair[1]].eligible:
        return "个案不在评审范围"
    if assigned is not None and pair not in assigned:
        return "未分派给该评委"
    if set(mark.scores) - {criterion.id for criterion in rubric.criteria(cases[pair[1]].kind)}:
        return "含评分标准以外的项目"
    least, most = rubric.scale.least, rubric.scale.most
    given = [score for score in mark.scores.values() if score is not None and score == score]
    if not all(least <= score <= most for score in given):
        return f"分数不在 {least:g} 至 {most:g} 之间"
    return ""


def _score(mark: ScoreGiven, criterion: Criterion) -> float:
    score = mark.scores.get(criterion.id)
    return math.nan if score is None else float(score)


def _total(mark: ScoreGiven, criteria: Iterable[Criterion]) -> float:
    """Weighted sum, rounded so that equal marks are equal; NaN when a criterion is missing."""
    parts = (criterion.weight * _score(mark, criterion) for criterion in criteria)
    return round(math.fsum(parts), 9)


def _late(
    late: Iterable[tuple[int, ScoreGiven]], cases: Mapping[str, Case], rubric: Rubric, ruled: int
) -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    for seq, mark in late:
        kind = cases[mark.case].kind if mark.case in cases else None
        total = _total(mark, rubric.criteria(kind)) if kind else math.nan
        rows.append((mark.member, mark.case, total, mark.comment, seq, seq < ruled))
    return _frame(rows, "member case total comment seq ruled")
