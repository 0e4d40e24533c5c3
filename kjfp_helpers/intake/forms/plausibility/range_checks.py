"""Range checks of figures, dates and regions that are readable but implausible."""

import re
from collections.abc import Iterator
from datetime import date

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.core.records import Team
from kjfp_helpers.intake.common.parsed_value import make_problems
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.fields.gazetteer import find_unknown_part
from kjfp_helpers.intake.forms.form_reader import ParsedForm
from kjfp_helpers.rules import Notice

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=\s*年)")
_MAX_PEOPLE, _MAX_EXPERTS = 5_000_000, 5_000
_MIN_REPEATED_DIGITS = 4


def check_ranges(form: ParsedForm, notice: Notice) -> Iterator[Problem]:
    """Yield ``implausible``, ``suspicious``, ``date_future`` and ``region_unknown`` for a form.

    Days of service are limited to the calendar days from the first year reviewed to the deadline
    (附件1、附件2); a recommendation must be dated between the notice and the end of the year.
    """
    yield from _check_figures(form, notice)
    yield from _check_date(form, notice)
    yield from _check_years(form, notice)
    for region in form.body.regions if not notice.round.rehearsal else ():  # made-up places
        if unknown := find_unknown_part(region):
            yield from _field_findings(
                form, "regions", "region_unknown", "现有或曾有的地名", quote_for_finding(unknown)
            )


def _check_figures(form: ParsedForm, notice: Notice) -> Iterator[Problem]:
    """Yield findings on figures that are too large or one repeated digit."""
    body = form.body
    max_days = (notice.deadline.recommendation.date - date(notice.round.since, 1, 1)).days + 1
    counts = [
        ("people_lifted", body.people_lifted, _MAX_PEOPLE, "人"),
        ("service_days", body.service_days, max_days, "天"),
    ]
    if isinstance(body, Team):
        counts.append(("expert_count", body.expert_count, _MAX_EXPERTS, "人"))
    for name, value, maximum, measure in counts:
        actual = f"{value:,}{measure}" if value is not None else ""
        if value is not None and value > maximum:
            yield from _field_findings(
                form, name, "implausible", f"不超过{maximum:,}{measure}", actual
            )
        elif (
            value is not None
            and len(str(value)) >= _MIN_REPEATED_DIGITS
            and len(set(str(value))) == 1
        ):
            yield from _field_findings(form, name, "suspicious", "实际数", actual)


def _check_date(form: ParsedForm, notice: Notice) -> Iterator[Problem]:
    """Yield a finding if the recommendation is not dated within the round."""
    day = form.body.recommend_date
    deadline = notice.deadline.recommendation.date
    if day is not None and day > date(deadline.year, 12, 31):
        yield from _field_findings(
            form, "recommend_date", "date_future", f"不晚于{deadline}", str(day)
        )
    elif day is not None and day < notice.round.issued:
        expected = f"不早于{notice.round.issued}"
        yield from _field_findings(form, "recommend_date", "implausible", expected, str(day))


def _check_years(form: ParsedForm, notice: Notice) -> Iterator[Problem]:
    """Yield a finding on an honour of a year that the round has not seen."""
    last = notice.deadline.recommendation.date.year
    years = [year for year in _YEAR.findall(form.body.honors or "") if int(year) > last]
    if years:
        yield from _field_findings(
            form, "honors", "implausible", f"不晚于{last}年", f"写有{years[0]}年"
        )


def _field_findings(
    form: ParsedForm, name: str, code: str, expected: str, actual: str
) -> Iterator[Problem]:
    location = form.provenance.get(name, "")
    yield from (finding.at(name, location) for finding in make_problems(code, expected, actual))
