"""What the events of the assessment are about, and what they say."""

from collections import Counter
from typing import Any

from kjfp_helpers.core import events as kinds
from kjfp_helpers.reports.data.event_log.event_names import Describer, EventNames, Said


def _describe_readings(_: EventNames, body: kinds.SummaryReadingsAssigned) -> Said:
    shares = "、".join(f"{who} {len(units)}份" for who, units in sorted(body.readings.items()))
    return "工作总结", f"{shares}，校验值 {body.digest[:16]}"


def _describe_points(names: EventNames, body: kinds.AssessmentPointsRuled) -> Said:
    scheme = names.state.round.assessment
    indicator = scheme.indicator(body.indicator) if scheme else None
    title = indicator.title if indicator else body.indicator
    points = "撤销裁定" if body.points is None else f"{body.points:g}分"
    return names.unit(body.unit), f"{title}：{points}"


def _describe_results(_: EventNames, body: kinds.AssessmentConfirmed) -> Said:
    counts = Counter(grade for _, grade in body.results.values())
    return "单位考核", "、".join(f"{grade}{count}个" for grade, count in counts.items())


def _describe_experience(names: EventNames, body: kinds.ExperienceTagged) -> Said:
    return names.unit(body.unit), body.title if body.tagged else "撤销标记"


ASSESSMENT_EVENTS: dict[type, Describer[Any]] = {
    kinds.SummaryReadingsAssigned: _describe_readings,
    kinds.AssessmentPointsRuled: _describe_points,
    kinds.AssessmentConfirmed: _describe_results,
    kinds.ExperienceTagged: _describe_experience,
}
