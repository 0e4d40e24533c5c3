"""Targets and reported figures of a unit, as its stock-take has them now."""

from kjfp_helpers.core.form_schema import INDICATORS
from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.notice.spot_check.visit_findings import Figures
from kjfp_helpers.notice.spot_check.visit_form import form_rows
from kjfp_helpers.state.round_state import RoundState


def reported_figures(state: RoundState, unit: str) -> Figures:
    """Return target and reported figure of each indicator on the visit form, None for missing."""
    table = state.screening.stocktake
    row = table[table["unit"] == unit].to_dict("records")[0]
    asked = {one.name for one in form_rows(state.rules)}
    return {
        one.name: (_value(row.get(f"{one.name}_target")), _value(row.get(f"{one.name}_done")))
        for one in INDICATORS
        if one.name in asked
    }


def _value(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not is_missing(value) else None
