"""Rulings on points, confirmed results and tagged experiences as checked events."""

from collections.abc import Sequence

from kjfp_helpers.core.errors import NotReadyError, ParameterError
from kjfp_helpers.core.events import AssessmentConfirmed, AssessmentPointsRuled, ExperienceTagged
from kjfp_helpers.notice.assessment.assessment_progress import Assessment
from kjfp_helpers.notice.assessment.typical_experiences import (
    MIN_EXCERPT,
    locate_passage,
    passage_mark,
)
from kjfp_helpers.state.revocations import require_grounds
from kjfp_helpers.state.round_state import RoundState


def require_assessment(state: RoundState) -> Assessment:
    """Return the assessment of a round.

    Raises
    ------
    NotReadyError
        When the round has no scheme.
    """
    if state.assessment is None:
        raise NotReadyError(
            "单位考核",
            expected="轮次文件夹中有考核办法 assessment.toml",
            found="没有",
            advice="从 data/2020 复制 assessment.toml，按本轮的办法修改",
        )
    return state.assessment


def make_points_ruling(
    state: RoundState,
    *,
    unit: str,
    indicator: str,
    points: str,
    reason: str,
    document: str,
    by: Sequence[str],
) -> AssessmentPointsRuled:
    """Return the points that the office rules for an indicator; blank ones take a ruling back.

    Raises
    ------
    ParameterError
        When unit, indicator or points are not possible, or grounds are missing.
    """
    assessment = require_assessment(state)
    one, known = assessment.scheme.indicator(indicator), assessment.by_unit.get(unit)
    if one is None or known is None:
        raise ParameterError(
            "裁定考核得分",
            expected="本轮的单位和指标",
            found=f"{unit} {indicator}",
            advice="刷新页面重选",
        )
    where = f"{known.unit.short_name}“{one.title}”"
    value: float | None = None
    if points.strip():
        value = _parse(points)
        if value is None or not 0 <= value <= one.points:
            raise ParameterError(
                where,
                expected=f"0 至 {one.points:g} 分，至多一位小数",
                found=f"“{points.strip()}”",
                advice="改正；撤销裁定的留空",
            )
    elif not any(row.indicator.id == indicator and row.ruling for row in known.indicators):
        raise ParameterError(where, expected="分值", found="未填", advice="补上")
    require_grounds("裁定考核得分", reason, document, by)
    return AssessmentPointsRuled(
        unit=unit,
        indicator=indicator,
        points=value,
        reason=reason.strip(),
        document=document.strip(),
        by=tuple(by),
    )


def _parse(text: str) -> float | None:
    try:
        value = float(text.strip())
    except ValueError:
        return None
    return value if round(value, 1) == value else None


def make_confirmation(
    state: RoundState, *, document: str, reason: str, by: Sequence[str]
) -> AssessmentConfirmed:
    """Return the results as they stand, approved; units that are not graded need a reason.

    Raises
    ------
    NotReadyError
        When no unit is graded, or some are not and no reason says why.
    ParameterError
        When the document or two names are missing.
    """
    assessment = require_assessment(state)
    left = assessment.ungraded
    if not assessment.results:
        raise NotReadyError(
            "审定考核结果",
            expected="至少一个单位已评出等次",
            found="还没有评出的",
            advice="先由考核人在“工作总结考核”页评完",
        )
    if left and not reason.strip():
        names = "、".join(one.unit.short_name for one in left[:10])
        raise NotReadyError(
            "审定考核结果",
            expected="收到总结的单位都已评出等次，或写明先行审定的理由",
            found=f"{len(left)}个单位未评出：{names}{'等' if len(left) > 10 else ''}",
            advice="在“工作总结考核”页评完、裁定，或写明理由",
        )
    require_grounds("审定考核结果", reason.strip() or "全部评定", document, by)
    return AssessmentConfirmed(
        results=dict(assessment.results),
        absent=assessment.absent,
        document=document.strip(),
        reason=reason.strip(),
        by=tuple(by),
    )


def make_experience_tag(
    state: RoundState, *, unit: str, excerpt: str, title: str, reader: str, tagged: bool = True
) -> ExperienceTagged:
    """Return the tag of a passage of a unit's summary as a typical experience, or its removal.

    Raises
    ------
    ParameterError
        When the passage does not stand in the summary, is tagged already, or is not to be untagged.
    """
    record = state.submissions.record_by_unit("summary").get(unit)
    mark = passage_mark(excerpt)
    known = require_assessment(state).experiences
    there = any((one.event.body.unit, one.event.body.mark) == (unit, mark) for one in known)
    if tagged == there:
        raise ParameterError(
            "典型经验",
            expected="尚未标记的一段" if tagged else "已标记的一段",
            found="已经标记" if tagged else "没有标记",
            advice="刷新页面查看“典型经验”",
        )
    if tagged and (
        record is None
        or len("".join(excerpt.split())) < MIN_EXCERPT
        or not locate_passage(record, excerpt)
    ):
        raise ParameterError(
            "典型经验",
            expected=f"总结中的一段原文，至少{MIN_EXCERPT}字",
            found=f"“{excerpt.strip()[:30]}”" if excerpt.strip() else "未填",
            advice="从左边的总结里选中复制，不要改动文字",
        )
    if tagged and not title.strip():
        raise ParameterError("典型经验", expected="一个标题", found="未填", advice="补上")
    return ExperienceTagged(
        unit=unit,
        mark=mark,
        tagged=tagged,
        title=title.strip(),
        excerpt=excerpt.strip() if tagged else "",
        record=record.id if record else "",
        reader=reader,
    )
