"""Detect scores that look given without reading, for the secretary and the auditor.

Nothing is adjusted and nobody is judged here: a quick reader may have read before.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from statistics import median

import pandas as pd

from kjfp_helpers.core.events import Event, ScoreGiven
from kjfp_helpers.core.records import Case
from kjfp_helpers.panel_review.scoring.scores import ScoreTables
from kjfp_helpers.rules import Rubric

QUICK = 20
"""Seconds for a case below which nobody can have read it."""
PAUSE = 30 * 60
"""Seconds after which the member was away, not reading."""
FEW = 5
"""Cases below which nothing is said of how marks lie."""
NARROW = 0.1
"""Part of the scale within which all marks lie when most of it is unused."""


def detect_anomalies(
    events: Iterable[Event],
    marks: ScoreTables,
    cases: Mapping[str, Case],
    rubric: Rubric,
) -> pd.DataFrame:
    """Return pace and alerts of every member with marks.

    Parameters
    ----------
    events, marks, cases, rubric
        The ledger, the marks that count, cases by id, the rubric.

    Returns
    -------
    DataFrame
        ``member``; ``seconds`` a case (median, NaN where unknown); ``quick`` cases under
        20 s; ``alerts`` in Chinese, ``""`` for none.
    """
    spans = _spans(events, cases, rubric)
    rows = []
    for member in sorted(marks.totals["member"].unique()):
        took = [span for span in spans.get(member, ()) if span < PAUSE]
        quick = sum(span < QUICK for span in took)
        told = [f"{quick} 件不足 {QUICK} 秒"] if quick else []
        told += _even(marks, member, rubric)
        rows.append((member, median(took) if took else None, quick, "；".join(told)))
    table = pd.DataFrame(rows, columns=["member", "seconds", "quick", "alerts"])
    return table.astype({"seconds": float})


def _spans(
    events: Iterable[Event], cases: Mapping[str, Case], rubric: Rubric
) -> dict[str, list[float]]:
    """Return the seconds from one case's last missing mark to the next one's.

    Marks follow each other by their number in the ledger, never by the clock, which may be set
    back. What came from a returned workbook tells when it was imported, not when it was read.
    """
    ordered = sorted(events, key=lambda event: event.seq)
    finished: dict[str, dict[str, int]] = {}
    for place, event in enumerate(ordered):
        body = event.body
        if isinstance(body, ScoreGiven) and body.case in cases and not body.from_workbook:
            criteria = rubric.criteria(cases[body.case].kind)
            if all(criterion.id in body.scores for criterion in criteria):
                finished.setdefault(body.member, {}).setdefault(body.case, place)
    return {
        member: [
            span
            for first, last in pairwise(places.values())
            if (span := _seconds(ordered[first : last + 1])) is not None
        ]
        for member, places in finished.items()
    }


def _seconds(events: Sequence[Event]) -> float | None:
    """Return the seconds between the first and the last of consecutive events.

    None where they tell no duration: two sittings of different persons or accounts, two events of
    one moment, or a clock that was set back in between. Clocks of different machines may differ
    by up to ``QUICK`` seconds.
    """
    first, last = events[0], events[-1]
    own = [event.at for event in events if event.actor == last.actor]
    back = any(late < early for early, late in pairwise(own))
    slack = timedelta(seconds=QUICK)
    back = back or any(late.at < early.at - slack for early, late in pairwise(events))
    if first.actor != last.actor or back or last.at == first.at:
        return None
    return (last.at - first.at).total_seconds()


def _even(marks: ScoreTables, member: str, rubric: Rubric) -> list[str]:
    """Return what is striking in how a member's marks lie."""
    totals = marks.totals.loc[marks.totals["member"] == member]
    own = marks.by_criterion[marks.by_criterion["member"] == member].merge(
        totals[["member", "case"]]
    )
    if len(totals) < FEW:
        return []
    if totals["total"].nunique() == 1:
        return [f"{len(totals)} 件总分全部相同"]
    told = []
    same = int((own.groupby("case")["score"].nunique() == 1).sum())
    if same > len(totals) / 2:
        told.append(f"{same} 件各项同分（共 {len(totals)} 件）")
    least, most = own["score"].min(), own["score"].max()
    if most - least <= NARROW * (rubric.scale.most - rubric.scale.least):
        told.append(f"只用了 {least:g}–{most:g} 分")
    return told
