"""Points and grade of each unit by the scheme: computed, read by people, or the unit's own."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kjfp_helpers.core.events import AssessmentPointsRuled, Event, EventLog, SummaryAssessed
from kjfp_helpers.core.records import Record
from kjfp_helpers.notice.assessment.computed_shares import ComputedShare, Shares
from kjfp_helpers.rules import AssessmentIndicator, AssessmentScheme, Round, SelfScore, Unit

NO_SUMMARY, TO_READ, READING, TO_RULE, LACKING, GRADED = (
    "未收总结",
    "待评定",
    "评定中",
    "须裁定",
    "缺数据",
    "已评定",
)
"""States of a unit's assessment."""
UNREADABLE, ASKED, SET_ASIDE = "总结无法阅读", "已请另报", "不予评定"
"""States of a unit whose summary cannot be read: nothing done yet; asked for; put aside."""
BY_ITSELF = (NO_SUMMARY, UNREADABLE, ASKED, SET_ASIDE)
"""States that keep no other unit waiting."""
_NO_SHARE = ComputedShare(share=None, text="没有数据")


@dataclass(frozen=True, kw_only=True)
class IndicatorPoints:
    """The points of a unit under one indicator; ``points`` None while they are not known.

    ``levels`` maps a reader to the level given, ``text`` says how the points came about,
    ``ruling`` is the last ruling on them, ``apart`` says that readers differ too much.
    """

    indicator: AssessmentIndicator
    points: float | None
    text: str
    levels: Mapping[str, str]
    ruling: Event[AssessmentPointsRuled] | None = None
    apart: bool = False

    @property
    def is_ruled(self) -> bool:
        """Whether the points are those of a ruling."""
        return self.ruling is not None and self.ruling.body.points is not None


@dataclass(frozen=True, kw_only=True)
class UnitAssessment:
    """A unit's assessment; ``total`` and ``grade`` are there once every indicator has its points.

    ``needed`` people are to read the summary, ``readers`` have read all that is to be read.
    """

    unit: Unit
    indicators: tuple[IndicatorPoints, ...]
    needed: int
    readers: tuple[str, ...]
    state: str
    total: float | None = None
    grade: str = ""

    @property
    def open_indicators(self) -> tuple[IndicatorPoints, ...]:
        """The indicators without points."""
        return tuple(one for one in self.indicators if one.points is None)


def readers_needed(scheme: AssessmentScheme, unit: Unit) -> int:
    """Return how many people read a unit's summary."""
    return 2 if unit.quota in scheme.two_readers else 1


def assess_units(
    round: Round,
    scheme: AssessmentScheme,
    shares: Shares,
    summaries: Mapping[str, Record],
    events: EventLog,
    unread: Mapping[str, str] | None = None,
) -> tuple[UnitAssessment, ...]:
    """Return the assessment of every unit, in the order of the units.

    Parameters
    ----------
    shares : mapping
        Of the computed indicators, see :func:`~.computed_shares.compute_shares`.
    summaries : mapping of str to Record
        Unit to the summary that counts; levels that were given to an earlier one do not.
    events : EventLog
        Standing events.
    unread : mapping of str to str, optional
        Units whose summary cannot be read, each to its state.
    """
    marks = fold_marks(events, summaries)
    rulings = {
        (event.body.unit, event.body.indicator): event for event in events.of(AssessmentPointsRuled)
    }
    own = {(row.unit, row.indicator): row for row in round.self_scores}
    assessed = []
    for unit in round.units:
        read = marks.get(unit.code, {})
        rows = tuple(
            _points(scheme, unit, one, shares.get(unit.code, {}), read, own, rulings)
            for one in scheme.indicators
        )
        state = (unread or {}).get(unit.code, "")
        if not state and unit.code not in summaries:
            state = NO_SUMMARY
        assessed.append(_assess(scheme, unit, rows, read, state=state))
    return tuple(assessed)


def fold_marks(
    events: EventLog, summaries: Mapping[str, Record]
) -> dict[str, dict[str, Mapping[str, str]]]:
    """Return the levels that count: by unit, reader, indicator; the last of each reader.

    What was given to a summary that the unit has replaced since does not count.
    """
    marks: dict[str, dict[str, Mapping[str, str]]] = {}
    for event in events.of(SummaryAssessed):
        body, summary = event.body, summaries.get(event.body.unit)
        if body.record and (summary is None or body.record != summary.id):
            continue
        marks.setdefault(body.unit, {})[body.reader or event.actor] = body.marks
    return marks


def _assess(
    scheme: AssessmentScheme,
    unit: Unit,
    rows: tuple[IndicatorPoints, ...],
    read: Mapping[str, Mapping[str, str]],
    *,
    state: str,
) -> UnitAssessment:
    """Return a unit's assessment; ``state`` is that of one without a summary to be read."""
    wanted = {one.id for one in scheme.read_indicators}
    readers = tuple(sorted(reader for reader, levels in read.items() if wanted <= levels.keys()))
    needed = readers_needed(scheme, unit)
    total = None
    if all(row.points is not None for row in rows):
        total = round_points(sum(row.points or 0 for row in rows))
    if total is not None and (not state or not wanted):
        state = GRADED
    elif state:
        total = None
    elif any(row.apart and row.points is None for row in rows):
        state = TO_RULE
    elif len(readers) < needed:
        state = READING if any(read.values()) else TO_READ
    else:
        state = LACKING
    return UnitAssessment(
        unit=unit,
        indicators=rows,
        needed=needed,
        readers=readers,
        state=state,
        total=total,
        grade=scheme.grade_of(total).title if total is not None else "",
    )


def _points(
    scheme: AssessmentScheme,
    unit: Unit,
    indicator: AssessmentIndicator,
    shares: Mapping[str, ComputedShare],
    read: Mapping[str, Mapping[str, str]],
    own: Mapping[tuple[str, str], SelfScore],
    rulings: Mapping[tuple[str, str], Event[AssessmentPointsRuled]],
) -> IndicatorPoints:
    given = {
        reader: levels[indicator.id] for reader, levels in read.items() if indicator.id in levels
    }
    levels = {reader: title for reader, title in given.items() if indicator.level(title)}
    points, text, apart = None, "", False
    if indicator.source == "computed":
        share = shares.get(indicator.measure or "", _NO_SHARE)
        points = _part(indicator, share.share)
        text, apart = share.text, share.is_apart
    elif indicator.source == "self":
        row = own.get((unit.code, indicator.id))
        points, text = (row.points, row.note or "单位自评") if row else (None, "未报自评分")
    else:
        apart = is_apart(indicator, list(levels.values()), scheme.apart)
        if len(levels) >= readers_needed(scheme, unit) and not apart:
            shared = [level.share for title in levels.values() if (level := indicator.level(title))]
            points = _part(indicator, statistics.fmean(shared))
        text = "、".join(f"{reader} {title}" for reader, title in sorted(levels.items()))
    ruling = rulings.get((unit.code, indicator.id))
    if ruling is not None and ruling.body.points is not None:
        points = ruling.body.points
        text = f"裁定：{ruling.body.reason}（{ruling.body.document}）"
    return IndicatorPoints(
        indicator=indicator, points=points, text=text, levels=levels, ruling=ruling, apart=apart
    )


def is_apart(indicator: AssessmentIndicator, titles: Sequence[str], apart: int) -> bool:
    """Whether levels of an indicator lie so many places from each other."""
    order = [level.title for level in indicator.levels]
    places = [order.index(title) for title in titles if title in order]
    return len(places) > 1 and max(places) - min(places) >= apart


def _part(indicator: AssessmentIndicator, share: float | None) -> float | None:
    return None if share is None else round_points(indicator.points * share)


def round_points(points: float) -> float:
    """Return points to one decimal, a half rounded up.

    >>> round_points(12.25), round_points(12.75)
    (12.3, 12.8)
    """
    return math.floor(points * 10 + 0.5 + 1e-9) / 10
