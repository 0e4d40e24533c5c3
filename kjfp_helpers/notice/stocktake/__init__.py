"""Stock-take (盘点, clause 一): the units' figures against target, and against each other."""

from kjfp_helpers.notice.stocktake.target_comparison import (
    examine_stocktake,
    has_targets,
    indicators_of,
    stated_targets,
    tabulate_stocktakes,
)

__all__ = [
    "examine_stocktake",
    "has_targets",
    "indicators_of",
    "stated_targets",
    "tabulate_stocktakes",
]
