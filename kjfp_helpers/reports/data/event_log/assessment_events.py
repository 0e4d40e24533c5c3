"""What the events of the assessment are about, and what they say."""

from collections import Counter
from typing import Any

from kjfp_helpers.core import events as kinds
from kjfp_helpers.notice.assessment.heading_confirmations import HEAD_LABELS
from kjfp_helpers.notice.assessment.unread_summaries import STATES
from kjfp_helpers.reports.data.event_log.event_subjects import Describer, EventNames, Said


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
    said = [f"{grade}{count}个" for grade, count in counts.items()]
    said += [f"没有总结、按末等处理{len(body.absent)}个"] if body.absent else []
    return "单位考核", "、".join(said)


def _describe_reading(names: EventNames, body: kinds.SummaryAssessed) -> Said:
    """Tell the levels by indicator, or the one level of a round without a scheme."""
    scheme = names.state.round.assessment
    titles = {one.id: one.title for one in scheme.indicators} if scheme else {}
    marks = "、".join(f"{titles.get(id, id)} {title}" for id, title in body.marks.items())
    level = body.level or marks or "未定等次"
    return names.unit(body.unit), "；".join(filter(None, (body.reader, level, body.comment)))


def _describe_release(_: EventNames, body: kinds.SummaryReaderReleased) -> Said:
    if not body.released:
        return body.reader, "恢复评定"
    return body.reader, f"停止评定，由{body.substitute or '其他考核人'}接替未评的总结"


def _describe_heads(names: EventNames, body: kinds.SummaryHeadsRuled) -> Said:
    titles = {one.id: one.title for one in names.state.round.notice.summary.heads}
    return names.unit(body.unit), "、".join(
        f"{titles.get(head, head)}：{'撤销裁定' if there is None else HEAD_LABELS[there]}"
        for head, there in body.heads.items()
    )


def _describe_set_aside(names: EventNames, body: kinds.SummarySetAside) -> Said:
    return names.unit(body.unit), STATES.get(body.how, "撤销处理")


def _describe_experience(names: EventNames, body: kinds.ExperienceTagged) -> Said:
    return names.unit(body.unit), body.title if body.tagged else "撤销标记"


ASSESSMENT_EVENTS: dict[type, Describer[Any]] = {
    kinds.SummaryReadingsAssigned: _describe_readings,
    kinds.AssessmentPointsRuled: _describe_points,
    kinds.AssessmentConfirmed: _describe_results,
    kinds.ExperienceTagged: _describe_experience,
    kinds.SummaryAssessed: _describe_reading,
    kinds.SummaryReaderReleased: _describe_release,
    kinds.SummaryHeadsRuled: _describe_heads,
    kinds.SummarySetAside: _describe_set_aside,
}
