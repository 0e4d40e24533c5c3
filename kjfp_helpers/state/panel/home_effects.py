"""Home effects of the panel: members' regions against those of the units that recommended."""

import numpy as np
import pandas as pd

from kjfp_helpers.selection.home_effect import COLUMNS, estimate_home_effects
from kjfp_helpers.state.round_state import RoundState


def tabulate_home_effects(state: RoundState, kind: str) -> pd.DataFrame:
    """Return the home effects on the cases of a kind, see :func:`estimate_home_effects`.

    Members are barred from the cases of their own provincial office; what is left are societies
    seated in their region, and cases from which a ruling released them.
    """
    ranking = state.scores.rankings.get(kind)
    if ranking is None or ranking.scores.empty or ranking.problems:
        return pd.DataFrame(columns=COLUMNS)
    regions = {row.member: row.region for row in state.round.panel}
    units = state.round.unit_by_code
    homes = {case.id: units[case.unit].region for case in state.screening.cases}
    pairs = zip(ranking.scores["member"], ranking.scores["case"], strict=True)
    is_home = [bool(regions.get(m)) and regions[m] == homes.get(case) for m, case in pairs]
    return estimate_home_effects(ranking.scores, np.array(is_home))
