"""The screens people work in: controls and callbacks over what the lower floors derive.

Each screen is one function that takes an open round and returns a widget.
"""

from kjfp_helpers.panels.exhibition import exhibition
from kjfp_helpers.panels.frame import open_desk
from kjfp_helpers.panels.intake import intake
from kjfp_helpers.panels.results import results
from kjfp_helpers.panels.scoring import scoring
from kjfp_helpers.panels.start import start
from kjfp_helpers.panels.stocktake import stocktake
from kjfp_helpers.panels.summaries import summaries

__all__ = [
    "exhibition",
    "intake",
    "open_desk",
    "results",
    "scoring",
    "start",
    "stocktake",
    "summaries",
]
