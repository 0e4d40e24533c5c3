"""What the reports say of the spot check: of one unit, and of all; plain values, numbers masked."""

from typing import TYPE_CHECKING, Any

from kjfp_helpers.core.privacy import mask_personal_numbers
from kjfp_helpers.notice.spot_check import unit_result
from kjfp_helpers.notice.spot_check.lot_drawing import ORDERED
from kjfp_helpers.notice.spot_check.visit_findings import (
    RULINGS,
    FigureComparison,
    VisitFinding,
)
from kjfp_helpers.reports import formatting
from kjfp_helpers.rules.spot_check_terms import EFFECT_TITLES

if TYPE_CHECKING:
    from kjfp_helpers.state import RoundState


def build_unit_check(state: "RoundState", unit: str) -> dict[str, Any] | None:
    """Return what a unit's report says of its check, None for a unit that is not checked.

    ``how state day checkers summary``, ``figures`` (rows of ``label target reported found
    difference share beyond error``) and ``findings`` (rows of ``title text evidence reply decision
    state``).
    """
    result = unit_result(state.spot_check, unit)
    if result is None:
        return None
    return {
        "how": result.how,
        "state": result.state,
        "day": result.day,
        "checkers": list(result.checkers),
        "summary": _clean(result.summary),
        "figures": [_figure_row(one) for one in result.comparisons],
        "findings": [_finding_row(state, one) for one in result.findings],
    }


def build_check_overview(state: "RoundState") -> dict[str, Any]:
    """Return what is said of the whole check: how it was drawn, one row a unit, all findings."""
    check, rule = state.spot_check, state.round.notice.spot_check
    names = {unit.code: unit.short_name for unit in state.round.units}
    frame, lot = check.frame, check.lot
    return {
        "frame": len(frame.units) if frame else 0,
        "source": f"{frame.source}，{formatting.format_date(frame.day)}公布" if frame else "",
        "value": lot.value if lot else "",
        "orders": [
            f"{names.get(event.body.unit, event.body.unit)}（{event.body.document}）"
            for event in check.orders
            if event.body.unit not in check.visits or check.visits[event.body.unit].how == ORDERED
        ],
        "tolerance": rule.tolerance,
        "units": [
            {
                "unit": code,
                "name": names[code],
                "how": visit.how,
                "day": visit.day,
                "checkers": "、".join(visit.checkers),
                "findings": len(visit.findings),
                "open": len(visit.open_findings),
                "state": visit.state,
            }
            for code, visit in check.visits.items()
        ],
        "figures": [
            {"unit": names[code], **_figure_row(one)}
            for code, visit in check.visits.items()
            for one in visit.comparisons
            if one.found is not None
        ],
        "findings": [
            {"unit": names[one.unit], **_finding_row(state, one)} for one in check.findings
        ],
        "closed": _closed_text(state),
    }


def _closed_text(state: "RoundState") -> str:
    closed = state.spot_check.closed
    if closed is None:
        return ""
    names = {unit.code: unit.short_name for unit in state.round.units}
    left = "、".join(names.get(code, code) for code in closed.body.open)
    by = f"，经办 {'、'.join(closed.body.by)}" if closed.body.by else ""
    note = f"；未办结 {left}：{closed.body.reason}{by}" if left else ""
    return f"抽查已结束（台账第{closed.seq}条）{note}"


def _figure_row(one: FigureComparison) -> dict[str, Any]:
    return {
        "label": one.title,
        "target": one.target,
        "reported": one.reported,
        "found": one.found,
        "difference": one.difference,
        "share": one.share,
        "beyond": one.beyond,
        "error": one.error_text,
    }


def _finding_row(state: "RoundState", one: VisitFinding) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "text": _clean(one.text),
        "case": one.case,
        "evidence": _clean(one.evidence),
        "found_on": one.found_on,
        "reply": _clean(f"{one.reply.day}：{one.reply.reply}") if one.reply else "",
        "decision": _decision_text(state, one),
        "state": one.state,
    }


def _decision_text(state: "RoundState", one: VisitFinding) -> str:
    """Return how a finding was decided, when, on what ground, and what that does to nominees."""
    body = one.decision
    if body is None:
        return ""
    effects = state.round.notice.spot_check.effect
    effect = EFFECT_TITLES.get(str(getattr(effects, body.ruling, "")), "")
    concerned = "、".join(body.cases) or "本单位推荐对象"
    words = f"；{concerned}：{effect}" if effect and body.ruling != "waived" else ""
    return _clean(
        f"{body.day} {RULINGS.get(body.ruling, body.ruling)}：{body.reason}（{body.document}，"
        f"经办 {'、'.join(body.by)}）{words}"
    )


def _clean(text: str) -> str:
    return mask_personal_numbers(formatting.remove_control_chars(text))
