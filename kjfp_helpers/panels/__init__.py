"""The screens people work in: controls and callbacks over what the lower floors derive.

Each screen is one function that takes an open round and returns a widget.
"""

from kjfp_helpers.panels.pages.exhibition_page import exhibition
from kjfp_helpers.panels.pages.intake_page import intake
from kjfp_helpers.panels.pages.results_page import results
from kjfp_helpers.panels.pages.start_page import start
from kjfp_helpers.panels.pages.stocktake_page import stocktake
from kjfp_helpers.panels.pages.summaries_page import summaries
from kjfp_helpers.panels.scoring.scoring_page import show_scoring
from kjfp_helpers.panels.widgets.layout import open_session

__all__ = [
    "exhibition",
    "intake",
    "open_session",
    "results",
    "show_scoring",
    "start",
    "stocktake",
    "summaries",
]
