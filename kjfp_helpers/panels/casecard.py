"""The card of a case, as the page shows it: blind before the reveal."""

from collections.abc import Sequence

from kjfp_helpers.derivation import Review
from kjfp_helpers.derivation.blind import MASK
from kjfp_helpers.derivation.blindcase import blind_case, veil_of
from kjfp_helpers.derivation.masked_form import masked_form
from kjfp_helpers.panels.claims import marked
from kjfp_helpers.panels.pages import render
from kjfp_helpers.records import KIND_TITLES, Case
from kjfp_helpers.review.packet import MarksBefore


def case_card(
    review: Review,
    case: Case,
    label: str,
    *,
    named: bool = False,
    anchor: bool = False,
    before: Sequence[MarksBefore] = (),
) -> str:
    """Return a case as a panel member reads it; before the reveal, nothing tells who it is.

    ``anchor`` marks it as one that all members read; ``before`` are the member's own marks of
    rounds that are sealed.
    """
    veil = veil_of(review, case)
    blind = blind_case(review, case, named=named, veil=veil)
    form = masked_form(review, case, named=named, veil=veil)
    return render(
        "case",
        label=label,
        kind=KIND_TITLES[case.kind],
        mask=MASK,
        named=named,
        anchor=anchor,
        facts=blind.facts,
        figures=blind.figures,
        earlier=blind.earlier,
        honors=blind.honors,
        story=marked(blind.story, blind.numbers),
        findings=blind.remarks,
        before=before,
        form=form,
        widest=max(map(len, form.rows)),
    )
