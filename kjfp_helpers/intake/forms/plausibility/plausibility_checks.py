"""Check that what was read of a form can be right: each value alone, with others, and in range."""

from collections.abc import Iterator

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.intake.common.parsed_value import make_problems
from kjfp_helpers.intake.forms.form_reader import ParsedForm
from kjfp_helpers.intake.forms.plausibility.field_values import find_strangeness
from kjfp_helpers.intake.forms.plausibility.range_checks import check_ranges
from kjfp_helpers.intake.forms.plausibility.repeated_values import find_disagreements
from kjfp_helpers.rules import Notice

_EXPECTED = "与栏目相符的内容"
_OF_MADE_UP_PLACES = ("postcode", "id_number")
"""Fields that name a real place, which a rehearsal does not."""


def check_plausibility(form: ParsedForm, notice: Notice) -> Iterator[Problem]:
    """Yield the findings on values that were read without doubt and can hardly be right.

    One question for each field, and none where the reading left a finding on it already.
    """
    told = {problem.field for problem in form.findings}
    for problem in check_ranges(form, notice):
        told.add(problem.field)
        yield problem
    for name, found in _strange_values(form):
        is_made_up = notice.round.rehearsal and name in _OF_MADE_UP_PLACES
        if name not in told and not is_made_up:
            told.add(name)
            place = form.provenance.get(name, "")
            (problem,) = make_problems("ambiguous", _EXPECTED, found)
            yield problem.at(name, place)


def _strange_values(form: ParsedForm) -> Iterator[tuple[str, str]]:
    """Yield fields and in Chinese what is strange about their values."""
    for name, value in vars(form.body).items():
        if found := find_strangeness(name, value):
            yield name, found
    yield from find_disagreements(form.body)
