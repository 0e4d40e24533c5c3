"""Score tables: each member's last score of each case, and its weighted total."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import repeat

import pandas as pd

from kjfp_helpers.core.events import (
    Event,
    EventLog,
    LateScoresRuled,
    ReadingsAssigned,
    ScoreGiven,
    ScoringClosed,
)
from kjfp_helpers.core.records import Case
from kjfp_helpers.panel_review.assignment.reading_assignment import assigned_pairs
from kjfp_helpers.panel_review.conflicts.conflict_register import MemberCase, fold_recusals
from kjfp_helpers.panel_review.scoring.scoring_rules import missing_criteria, weighted_total
from kjfp_helpers.rules import Rubric


@dataclass(frozen=True, kw_only=True)
class ScoreTables:
    """Score tables of a round.

    ``by_criterion`` (``member case criterion score``) holds one row per criterion of every score
    that counts, a missing one as NaN. ``totals`` (``member case kind total comment seq
    round``) holds complete scores only, on the scale of the rubric. ``recusals`` is ``member case
    reason``.
    ``late`` (``member case total comment seq ruled``) came after scoring closed without an
    admitting ruling; ``ruled`` says whether any ruling was made on them. ``unfinished``
    (``member case missing seq``) lack a criterion; ``excluded`` (``member case reason seq``) do
    not count for another reason. ``seq`` is the event number; rows are in its order.
    """

    by_criterion: pd.DataFrame
    totals: pd.DataFrame
    recusals: pd.DataFrame
    late: pd.DataFrame
    unfinished: pd.DataFrame
    excluded: pd.DataFrame

    def scored_mask(self, readings: pd.DataFrame) -> list[bool]:
        """Return for each reading whether it has a score that counts.

        A score of a round before the reading's ``since`` was given to be given anew.

        Parameters
        ----------
        readings : DataFrame
            ``member case since``, as :func:`.reading_assignment.reading_table` returns.
        """
        pairs = zip(self.totals["member"], self.totals["case"], strict=True)
        rounds = dict(zip(pairs, self.totals["round"], strict=True))
        rows = readings[["member", "case", "since"]].itertuples(index=False, name=None)
        return [rounds.get((member, case), 0) >= since for member, case, since in rows]


def fold_scores(
    events: Iterable[Event],
    rubric: Rubric,
    cases: Iterable[Case],
    conflicts: pd.DataFrame | None = None,
    set_aside: Mapping[str, str] | None = None,
) -> ScoreTables:
    """Fold score and recusal events into tables.

    The latest score of the last round of a member for a case counts, complete or not; scores given
    after the close count where the last ruling on late scores admitted them. A recusal, and any
    other conflict (``member case reason``), excludes the member's scores whenever it is recorded,
    even after scoring closed. Where readings were assigned, a score for a case never assigned to
    the member does not count. ``set_aside`` maps a member who left to the reason why none of their
    scores counts.
    """
    events = tuple(events)
    by_id = {case.id: case for case in cases}
    recusals = fold_recusals(events)
    barred = set(recusals)
    if conflicts is not None:
        barred |= set(zip(conflicts["member"], conflicts["case"], strict=True))
    is_assigned = EventLog(events).has(ReadingsAssigned)
    assigned = assigned_pairs(events) if is_assigned else None
    latest, late, ruled = _latest_scores(events)
    rows: dict[str, list[tuple[object, ...]]] = {
        name: [] for name in ("scores", "totals", "unfinished", "aside")
    }
    for (member, case_id), (seq, entry) in latest.items():
        reason = _exclusion_reason((member, case_id), entry, by_id, barred, assigned, rubric)
        reason = reason or (set_aside or {}).get(member, "")
        if reason:
            rows["aside"].append((member, case_id, reason, seq))
            continue
        kind = by_id[case_id].kind
        criteria = rubric.criteria(kind)
        rows["scores"] += [
            (member, case_id, criterion.id, entry.scores.get(criterion.id))
            for criterion in criteria
        ]
        total = weighted_total(entry.scores, criteria)
        if total is None:
            missing = "、".join(
                criterion.title for criterion in missing_criteria(entry.scores, criteria)
            )
            rows["unfinished"].append((member, case_id, missing, seq))
        else:
            rows["totals"].append((member, case_id, kind, total, entry.comment, seq, entry.round))
    return ScoreTables(
        by_criterion=_frame(rows["scores"], "member case criterion score"),
        totals=_frame(rows["totals"], "member case kind total comment seq round"),
        recusals=_frame(
            [(*pair, reason) for pair, reason in recusals.items()], "member case reason"
        ),
        late=_tabulate_late(late, by_id, rubric, ruled),
        unfinished=_frame(rows["unfinished"], "member case missing seq"),
        excluded=_frame(rows["aside"], "member case reason seq"),
    )


def _frame(rows: list[tuple[object, ...]], columns: str) -> pd.DataFrame:
    """Return a typed table, also where it has no rows."""
    names = columns.split()
    typed = {"score": float, "total": float, "seq": int, "round": int, "ruled": bool}
    values = zip(*rows, strict=True) if rows else repeat(())
    return pd.DataFrame(
        {
            name: pd.Series(column, dtype=typed.get(name, str))
            for name, column in zip(names, values, strict=False)
        }
    )


def _latest_scores(
    events: Iterable[Event],
) -> tuple[dict[MemberCase, tuple[int, ScoreGiven]], list[tuple[int, ScoreGiven]], int]:
    """Return the scores in force, the late ones, and the number of the last ruling on these."""
    latest: dict[MemberCase, tuple[int, ScoreGiven]] = {}
    late: list[tuple[int, ScoreGiven]] = []
    ordered = sorted(events, key=lambda event: event.seq)
    rulings = EventLog(ordered).of(LateScoresRuled)
    ruled = rulings[-1].seq if rulings else 0
    admitted = bool(rulings) and rulings[-1].body.admitted
    closed = False
    for event in ordered:
        closed = closed or isinstance(event.body, ScoringClosed)
        if isinstance(event.body, ScoreGiven):
            entry = event.body
            if closed and not (admitted and event.seq < ruled):
                late.append((event.seq, entry))
                continue
            previous = latest.get((entry.member, entry.case))
            if previous is None or entry.round >= previous[1].round:
                latest[(entry.member, entry.case)] = (event.seq, entry)
    return dict(sorted(latest.items(), key=lambda item: item[1][0])), late, ruled


def _exclusion_reason(
    pair: MemberCase,
    entry: ScoreGiven,
    cases: Mapping[str, Case],
    barred: Collection[MemberCase],
    assigned: set[MemberCase] | None,
    rubric: Rubric,
) -> str:
    """Return in Chinese why a score does not count, ``""`` where it counts."""
    if pair in barred:
        return "已回避"
    if pair[1] not in cases or not cases[pair[1]].eligible:
        return "个案不在评审范围"
    if assigned is not None and pair not in assigned:
        return "未分派给该评委"
    if set(entry.scores) - {criterion.id for criterion in rubric.criteria(cases[pair[1]].kind)}:
        return "含评分标准以外的项目"
    scale = rubric.scale
    present = [score for score in entry.scores.values() if score is not None and score == score]
    if not all(scale.least <= score <= scale.most for score in present):
        return f"分数不在 {scale.least:g} 至 {scale.most:g} 之间"
    return "" if all(map(scale.is_valid, present)) else f"分数不是 {scale.allowed}"


def _tabulate_late(
    late: Iterable[tuple[int, ScoreGiven]], cases: Mapping[str, Case], rubric: Rubric, ruled: int
) -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    for seq, entry in late:
        kind = cases[entry.case].kind if entry.case in cases else None
        total = weighted_total(entry.scores, rubric.criteria(kind)) if kind else None
        rows.append((entry.member, entry.case, total, entry.comment, seq, seq < ruled))
    return _frame(rows, "member case total comment seq ruled")
