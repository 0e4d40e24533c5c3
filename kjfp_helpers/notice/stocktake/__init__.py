"""Stock-take (盘点, clause 一): the units' figures against target, and against each other.

``tabulate_stocktakes`` holds the returns against the targets, ``question_figures`` asks about
figures that cannot be or that stand otherwise in another paper of the unit, ``tabulate_figures``
lists what stands where. The reconciliation of one unit (数字互核), for its report, is

    reconcile_table(state.round, state.screening.stated_figures)[unit]

which returns a :class:`ReconciledFigure` for each indicator: the return's figure, all others with
file, place and words, and the disagreements.
"""

from kjfp_helpers.notice.stocktake.figure_questions import (
    programme_years,
    question_figures,
    reconcile_each_unit,
    reconcile_table,
    tabulate_figures,
)
from kjfp_helpers.notice.stocktake.reconciliation import (
    Disagreement,
    ReconciledFigure,
    reconcile_unit,
)
from kjfp_helpers.notice.stocktake.stated_figures import (
    WHERE_TITLES,
    FoundFigure,
    StatedFigure,
    collect_figures,
)
from kjfp_helpers.notice.stocktake.target_comparison import (
    examine_stocktake,
    has_targets,
    indicators_of,
    stated_targets,
    tabulate_stocktakes,
)

__all__ = [
    "WHERE_TITLES",
    "Disagreement",
    "FoundFigure",
    "ReconciledFigure",
    "StatedFigure",
    "collect_figures",
    "examine_stocktake",
    "has_targets",
    "indicators_of",
    "programme_years",
    "question_figures",
    "reconcile_each_unit",
    "reconcile_table",
    "reconcile_unit",
    "stated_targets",
    "tabulate_figures",
    "tabulate_stocktakes",
]
