"""The card of a case, as the page shows it: blind before the reveal."""

from collections.abc import Sequence

from kjfp_helpers.core.records import KIND_TITLES, Case
from kjfp_helpers.panel_review.scoring.case_scores import EarlierScores
from kjfp_helpers.panels.scoring.claim_highlighting import highlight_claims
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.state import RoundState
from kjfp_helpers.state.anonymization.anonymized_case import anonymize_case, build_anonymizer
from kjfp_helpers.state.anonymization.anonymizer import MASK
from kjfp_helpers.state.anonymization.masked_form import mask_form


def render_case_card(
    state: RoundState,
    case: Case,
    label: str,
    *,
    named: bool = False,
    anchor: bool = False,
    before: Sequence[EarlierScores] = (),
) -> str:
    """Return a case as a panel member reads it; before the reveal, nothing tells who it is.

    ``anchor`` marks it as one that all members read; ``before`` are the member's own marks of
    rounds that are sealed.
    """
    veil = build_anonymizer(state, case)
    blind = anonymize_case(state, case, named=named, veil=veil)
    form = mask_form(state, case, named=named, veil=veil)
    return render_template(
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
        story=highlight_claims(blind.story, blind.numbers),
        findings=blind.remarks,
        before=before,
        form=form,
        widest=max(map(len, form.rows)),
    )
