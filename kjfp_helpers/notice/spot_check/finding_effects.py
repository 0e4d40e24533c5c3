"""Effects of decided findings on a unit's nominees by the rules: veto, note, none (clause 二)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kjfp_helpers.core.events import CaseVetoed
from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Case
from kjfp_helpers.notice.spot_check.check_progress import SpotCheck
from kjfp_helpers.notice.spot_check.visit_findings import RULINGS, VisitFinding
from kjfp_helpers.rules import Round

VETO, NOTE, CLEAR = "veto", "note", "clear"
VETO_CODE, NOTE_CODE = "spot_check_veto", "spot_check_noted"


@dataclass(frozen=True, kw_only=True)
class NomineeEffect:
    """What a decided finding does to a nominee."""

    case: Case
    effect: str
    finding: VisitFinding

    @property
    def text(self) -> str:
        """The finding with its decision, in Chinese."""
        decision = self.finding.decision
        ruling = RULINGS.get(decision.ruling, "") if decision else ""
        document = f"（{decision.document}）" if decision else ""
        return f"抽查：{self.finding.title}，{ruling}{document}"


def list_effects(round: Round, check: SpotCheck, cases: Iterable[Case]) -> list[NomineeEffect]:
    """Return the effects of all decided findings but those that clear, by case."""
    effect = round.notice.spot_check.effect
    by_ruling = {name: str(getattr(effect, name)) for name in ("serious", "confirmed", "dismissed")}
    by_unit: dict[str, list[Case]] = {}
    for case in cases:
        by_unit.setdefault(case.unit, []).append(case)
    return [
        NomineeEffect(case=case, effect=what, finding=finding)
        for finding in check.findings
        if finding.decision is not None
        and (what := by_ruling.get(finding.decision.ruling, CLEAR)) != CLEAR
        for case in _concerned(finding, by_unit.get(finding.unit, ()))
    ]


def _concerned(finding: VisitFinding, cases: Iterable[Case]) -> Iterator[Case]:
    named = finding.decision.cases if finding.decision else ()
    return (case for case in cases if not named or case.id in named)


def effect_findings(effects: Iterable[NomineeEffect], clause: str) -> Iterator[Finding]:
    """Yield a finding on each nominee whom a decided finding bars or stands beside."""
    for one in effects:
        yield Finding(
            code=VETO_CODE if one.effect == VETO else NOTE_CODE,
            unit=one.case.unit,
            case=one.case.id,
            expected=f"抽查（《通知》第{clause}部分）没有属实的问题",
            found=f"{one.text}：{one.finding.text}",
            source=f"抽查 {one.finding.id}",
        )


def effect_vetoes(
    effects: Iterable[NomineeEffect], clause: str
) -> dict[str, tuple[int, CaseVetoed]]:
    """Return the vetoes by case, as the list reads them, each with the number of its decision."""
    vetoes = {}
    for one in effects:
        decision = one.finding.decision
        if one.effect == VETO and decision is not None:
            body = CaseVetoed(
                case=one.case.id,
                clause=f"条款{clause}（抽查：{one.finding.title}）",
                document=decision.document,
                by=decision.by,
            )
            vetoes[one.case.id] = one.finding.decided_seq, body
    return vetoes


def effect_notes(effects: Iterable[NomineeEffect]) -> Mapping[str, str]:
    """Return what stands beside each nominee in the list, by case."""
    notes: dict[str, dict[str, None]] = {}
    for one in effects:
        if one.effect == NOTE:
            notes.setdefault(one.case.id, {})[one.text] = None
    return {case: "；".join(texts) for case, texts in notes.items()}
