"""Detect scores that look given without reading, for the secretary and the auditor.

Scores are not changed: a fast reader may have read the case before.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from statistics import median

import pandas as pd

from kjfp_helpers.core.events import Event, ScoreGiven
from kjfp_helpers.core.records import Case
from kjfp_helpers.panel_review.scoring.score_tables import ScoreTables
from kjfp_helpers.rules import Rubric

QUICK_SECONDS = 20
"""Seconds per case below which nobody can have read it."""
PAUSE_SECONDS = 30 * 60
"""Seconds from which a gap counts as a pause, not as reading."""
MIN_CASES = 5
"""Cases from which the distribution of scores is checked."""
NARROW_RANGE = 0.1
"""Share of the scale: all scores within it raise an alert."""


def detect_anomalies(
    events: Iterable[Event],
    scores: ScoreTables,
    cases: Mapping[str, Case],
    rubric: Rubric,
) -> pd.DataFrame:
    """Return pace and alerts of every member with scores.

    Parameters
    ----------
    events, scores, cases, rubric
        The ledger, the scores that count, cases by id, the rubric.

    Returns
    -------
    DataFrame
        ``member``; ``seconds`` per case (median, NaN where unknown); ``quick`` cases under
        20 s; ``alerts`` in Chinese, ``""`` for none.
    """
    spans = time_readings(events, cases, rubric)
    rows = []
    for member in sorted(scores.totals["member"].unique()):
        took = [span for span in spans.get(member, {}).values() if span < PAUSE_SECONDS]
        quick = sum(span < QUICK_SECONDS for span in took)
        alerts = [f"{quick} 件不足 {QUICK_SECONDS} 秒"] if quick else []
        alerts += _uniformity_alerts(scores, member, rubric)
        rows.append((member, median(took) if took else None, quick, "；".join(alerts)))
    table = pd.DataFrame(rows, columns=["member", "seconds", "quick", "alerts"])
    return table.astype({"seconds": float})


def time_readings(
    events: Iterable[Event], cases: Mapping[str, Case], rubric: Rubric
) -> dict[str, dict[str, float]]:
    """Return, by member and case, the seconds from the completion of the case before.

    Scores are ordered by event number, not by the clock, which may be set back. Scores imported
    from a workbook are ignored: they show the time of import, not of reading. A case of which the
    time cannot be told is left out; pauses are not.
    """
    ordered = sorted(events, key=lambda event: event.seq)
    finished: dict[str, dict[str, int]] = {}
    for index, event in enumerate(ordered):
        body = event.body
        if isinstance(body, ScoreGiven) and body.case in cases and not body.from_workbook:
            criteria = rubric.criteria(cases[body.case].kind)
            if all(criterion.id in body.scores for criterion in criteria):
                finished.setdefault(body.member, {}).setdefault(body.case, index)
    return {
        member: {
            case: span
            for (_, first), (case, last) in pairwise(indexes.items())
            if (span := _duration(ordered[first : last + 1])) is not None
        }
        for member, indexes in finished.items()
    }


def _duration(events: Sequence[Event]) -> float | None:
    """Return the seconds between the first and the last of consecutive events.

    None where there is no duration: events of different accounts, two events at the same time, or
    a clock that was set back in between. Clocks of different machines may differ by up to
    ``QUICK_SECONDS``.
    """
    first, last = events[0], events[-1]
    own = [event.at for event in events if event.actor == last.actor]
    back = any(late < early for early, late in pairwise(own))
    slack = timedelta(seconds=QUICK_SECONDS)
    back = back or any(late.at < early.at - slack for early, late in pairwise(events))
    if first.actor != last.actor or back or last.at == first.at:
        return None
    return (last.at - first.at).total_seconds()


def _uniformity_alerts(scores: ScoreTables, member: str, rubric: Rubric) -> list[str]:
    """Return the alerts on a member's scores that hardly differ."""
    totals = scores.totals.loc[scores.totals["member"] == member]
    own = scores.by_criterion[scores.by_criterion["member"] == member].merge(
        totals[["member", "case"]]
    )
    if len(totals) < MIN_CASES:
        return []
    if totals["total"].nunique() == 1:
        return [f"{len(totals)} 件总分全部相同"]
    alerts = []
    same = int((own.groupby("case")["score"].nunique() == 1).sum())
    if same > len(totals) / 2:
        alerts.append(f"{same} 件各项同分（共 {len(totals)} 件）")
    lowest, highest = own["score"].min(), own["score"].max()
    if highest - lowest <= NARROW_RANGE * (rubric.scale.most - rubric.scale.least):
        alerts.append(f"只用了 {lowest:g}–{highest:g} 分")
    return alerts
