"""Marks that look as if given without reading: told to the secretary and the auditor alone.

Nothing is adjusted and nobody is judged here: a quick reader may have read before.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median

import pandas as pd

from kjfp_helpers.events import Event, MarkGiven
from kjfp_helpers.records import Case
from kjfp_helpers.review.marks import Marks
from kjfp_helpers.rules import Rubric

QUICK = 20
"""Seconds for a case below which nobody can have read it."""
PAUSE = 30 * 60
"""Seconds after which the member was away, not reading."""
FEW = 5
"""Cases below which nothing is said of how marks lie."""
NARROW = 0.1
"""Part of the scale within which all marks lie when most of it is unused."""


def watch(
    events: Iterable[Event],
    marks: Marks,
    cases: Mapping[str, Case],
    rubric: Rubric,
    *,
    timed: bool = True,
) -> pd.DataFrame:
    """Return pace and alerts of every member with marks.

    Parameters
    ----------
    events, marks, cases, rubric
        The ledger, the marks that count, cases by id, the rubric.
    timed : bool
        False where the clock of the ledger stands still (a rehearsal): then pace is unknown.

    Returns
    -------
    DataFrame
        ``member``; ``seconds`` a case (median, NaN where unknown); ``quick`` cases under
        20 s; ``alerts`` in Chinese, ``""`` for none.
    """
    spans = _spans(events, cases, rubric) if timed else {}
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

    What came in together, from a returned workbook, tells no time.
    """
    finished: dict[str, dict[str, datetime]] = {}
    for event in events:
        body = event.body
        if isinstance(body, MarkGiven) and body.case in cases:
            criteria = rubric.criteria(cases[body.case].kind)
            if all(criterion.id in body.scores for criterion in criteria):
                finished.setdefault(body.member, {}).setdefault(body.case, event.at)
    return {member: _between(sorted(times.values())) for member, times in finished.items()}


def _between(times: Sequence[datetime]) -> list[float]:
    gaps = [(late - early).total_seconds() for early, late in pairwise(times)]
    return [gap for gap in gaps if gap > 0]


def _even(marks: Marks, member: str, rubric: Rubric) -> list[str]:
    """Return what is striking in how a member's marks lie."""
    totals = marks.totals.loc[marks.totals["member"] == member]
    own = marks.scores[marks.scores["member"] == member].merge(totals[["member", "case"]])
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
