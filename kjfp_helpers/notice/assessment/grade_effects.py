"""What the grade of a unit does to its nominees by the ruling: veto, note, nothing (clause 二)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kjfp_helpers.core.events import AssessmentConfirmed, CaseVetoed, Event, EventLog
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Case
from kjfp_helpers.rules import Round

VETO, NOTE = "veto", "note"
VETO_CODE, NOTE_CODE = "assessment_veto", "assessment_noted"


@dataclass(frozen=True, kw_only=True)
class GradeEffect:
    """What the confirmed grade of its unit does to a nominee; no ``points`` without a summary."""

    case: Case
    effect: str
    grade: str
    points: float | None
    confirmed: Event[AssessmentConfirmed]

    @property
    def text(self) -> str:
        """The grade with its ground, in Chinese."""
        document = self.confirmed.body.document
        if self.points is None:
            return f"推荐单位没有报送工作总结，考核按{self.grade}处理（{document}）"
        return f"推荐单位考核等次{self.grade}（{self.points:g}分，{document}）"

    @property
    def short(self) -> str:
        """The ground in a few words."""
        return f"推荐单位考核{'按' if self.points is None else ''}{self.grade}"


def list_grade_effects(
    round: Round, events: EventLog, cases: Iterable[Case]
) -> tuple[GradeEffect, ...]:
    """Return the effects of the confirmed results on the nominees of units of the lowest grade."""
    effect, confirmed = round.notice.ruling.assessment_bar.value, events.of(AssessmentConfirmed)
    if effect == "none" or round.assessment is None or not confirmed:
        return ()
    last, lowest = confirmed[-1], round.assessment.lowest.title
    points = {
        unit: points for unit, (points, grade) in last.body.results.items() if grade == lowest
    }
    barred: dict[str, float | None] = dict.fromkeys(last.body.absent) | points
    return tuple(
        GradeEffect(
            case=case, effect=effect, grade=lowest, points=barred[case.unit], confirmed=last
        )
        for case in cases
        if case.unit in barred
    )


def grade_findings(effects: Iterable[GradeEffect], clause: str) -> Iterable[Finding]:
    """Yield a finding on each nominee whom the grade bars or stands beside."""
    for one in effects:
        yield Finding(
            code=VETO_CODE if one.effect == VETO else NOTE_CODE,
            unit=one.case.unit,
            case=one.case.id,
            expected=f"推荐单位考核（《通知》第{clause}部分）不在末等",
            found=one.text,
            source="考核结果",
        )


def grade_vetoes(effects: Iterable[GradeEffect], clause: str) -> dict[str, tuple[int, CaseVetoed]]:
    """Return the vetoes by case, each with the number of the confirmation it rests on."""
    return {
        one.case.id: (
            one.confirmed.seq,
            CaseVetoed(
                case=one.case.id,
                clause=f"条款{clause}（{one.short}）",
                document=one.confirmed.body.document,
                by=one.confirmed.body.by,
            ),
        )
        for one in effects
        if one.effect == VETO
    }


def grade_notes(effects: Iterable[GradeEffect]) -> Mapping[str, str]:
    """Return what stands beside each nominee in the list, by case."""
    return {one.case.id: one.text for one in effects if one.effect == NOTE}
