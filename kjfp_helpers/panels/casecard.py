"""The blind card of a case, as the page shows it."""

from kjfp_helpers.derivation import Review
from kjfp_helpers.derivation.blind import MASK
from kjfp_helpers.derivation.blindcase import blind_case
from kjfp_helpers.panels.claims import marked
from kjfp_helpers.panels.pages import render
from kjfp_helpers.records import KIND_TITLES, Case


def case_card(review: Review, case: Case, label: str) -> str:
    """Return a case as a panel member reads it, with nothing that tells who it is."""
    blind = blind_case(review, case)
    figures = blind.figures
    return render(
        "case",
        label=label,
        kind=KIND_TITLES[case.kind],
        mask=MASK,
        facts=blind.facts,
        figures=figures,
        earlier=blind.earlier,
        honors=blind.honors,
        story=marked(blind.story, (figures["people_lifted"], figures["service_days"])),
        findings=blind.remarks,
    )
