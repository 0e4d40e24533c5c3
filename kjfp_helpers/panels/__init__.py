"""The screens people work in: controls and callbacks over what the lower floors derive.

Each screen is one function that takes an open round and returns a widget. It is loaded on first
use: who starts JupyterLab needs none of them, a notebook one.
"""

from typing import TYPE_CHECKING

from kjfp_helpers.infra.lazy_loading import lazy_getattr

if TYPE_CHECKING:
    from kjfp_helpers.panels.pages.exhibition_page import show_exhibition
    from kjfp_helpers.panels.pages.intake_page import show_intake
    from kjfp_helpers.panels.pages.results_page import show_results
    from kjfp_helpers.panels.pages.stocktake_page import show_stocktake
    from kjfp_helpers.panels.pages.summaries_page import show_summaries
    from kjfp_helpers.panels.publication.publication_page import show_publication
    from kjfp_helpers.panels.scoring.scoring_page import show_scoring
    from kjfp_helpers.panels.start.start_page import show_start
    from kjfp_helpers.panels.widgets.screen_frame import open_session

__all__ = [
    "open_session",
    "show_exhibition",
    "show_intake",
    "show_publication",
    "show_results",
    "show_scoring",
    "show_start",
    "show_stocktake",
    "show_summaries",
]

__getattr__ = lazy_getattr(
    __name__,
    {
        "pages.exhibition_page": ("show_exhibition",),
        "pages.intake_page": ("show_intake",),
        "pages.results_page": ("show_results",),
        "pages.stocktake_page": ("show_stocktake",),
        "pages.summaries_page": ("show_summaries",),
        "publication.publication_page": ("show_publication",),
        "scoring.scoring_page": ("show_scoring",),
        "start.start_page": ("show_start",),
        "widgets.screen_frame": ("open_session",),
    },
)
