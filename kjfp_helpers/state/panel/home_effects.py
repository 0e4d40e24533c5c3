"""Home effects of the panel: members' regions and fields against those of the nominees."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from kjfp_helpers.panel_review.fields_of_work import fields_of_case, find_fields
from kjfp_helpers.selection.home_effect import COLUMNS, estimate_home_effects
from kjfp_helpers.state.round_state import RoundState

FIELD_COLUMNS = {name: name.replace("home", "field") for name in COLUMNS if name != "member"}
"""Column of a home effect to that of the same for the own field."""


def tabulate_home_effects(state: RoundState, kind: str) -> pd.DataFrame:
    """Return the home effects on the cases of a kind, see :func:`estimate_home_effects`.

    ``field_n field field_low field_high`` are the same for the own field of work. Members are
    barred from the cases of their own provincial office; what is left of their region are
    societies seated in it, and cases from which a ruling released them.
    """
    columns = [*COLUMNS, *FIELD_COLUMNS.values()]
    ranking = state.scores.rankings.get(kind)
    if ranking is None or ranking.scores.empty or ranking.problems:
        return pd.DataFrame(columns=columns)
    units = state.round.unit_by_code
    regions = {row.member: frozenset({row.region} - {""}) for row in state.round.panel}
    fields = {row.member: find_fields(row.field) for row in state.round.panel}
    cases = [case for case in state.screening.cases if case.kind == kind]
    homes = {case.id: frozenset({units[case.unit].region}) for case in cases}
    by_region = estimate_home_effects(ranking.scores, _share_any(ranking.scores, regions, homes))
    by_field = estimate_home_effects(
        ranking.scores,
        _share_any(ranking.scores, fields, {case.id: fields_of_case(case) for case in cases}),
    ).rename(columns=FIELD_COLUMNS)
    table = by_region.merge(by_field, on="member", how="outer")[columns]
    return table.fillna({"home_n": 0, "field_n": 0}).astype({"home_n": int, "field_n": int})


def _share_any(
    scores: pd.DataFrame,
    members: Mapping[str, frozenset[str]],
    cases: Mapping[str, frozenset[str]],
) -> np.ndarray:
    """Return for each score whether its member and its case have anything in common."""
    none: frozenset[str] = frozenset()
    pairs = zip(scores["member"], scores["case"], strict=True)
    return np.array(
        [bool(members.get(member, none) & cases.get(case, none)) for member, case in pairs], bool
    )
