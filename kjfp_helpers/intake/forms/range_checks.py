"""Figures and dates that can be read and still cannot be right; asked, never refused."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Team
from kjfp_helpers.intake.common.parsed_value import make_findings
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.fields.gazetteer import find_unknown_part
from kjfp_helpers.intake.forms.form_reader import ParsedForm
from kjfp_helpers.rules import Notice

_MOST_PEOPLE, _MOST_EXPERTS = 5_000_000, 5_000
_LEAST_REPEATED = 4


def check_ranges(form: ParsedForm, notice: Notice) -> Iterator[Finding]:
    """Yield ``implausible``, ``suspicious``, ``date_future`` and ``region_unknown`` for a form.

    Days are held against the calendar from the first of the years reviewed to the deadline
    (附件1、附件2); a recommendation is dated between the notice and the end of the year.
    """
    yield from _figures(form, notice)
    yield from _day(form, notice)
    for region in form.body.regions if not notice.round.rehearsal else ():  # made-up places
        if part := find_unknown_part(region):
            yield from _about(
                form, "regions", "region_unknown", "现有或曾有的地名", quote_for_finding(part)
            )


def _figures(form: ParsedForm, notice: Notice) -> Iterator[Finding]:
    body = form.body
    most_days = (notice.deadline.recommendation.date - date(notice.round.since, 1, 1)).days + 1
    counts = [
        ("people_lifted", body.people_lifted, _MOST_PEOPLE, "人"),
        ("service_days", body.service_days, most_days, "天"),
    ]
    if isinstance(body, Team):
        counts.append(("expert_count", body.expert_count, _MOST_EXPERTS, "人"))
    for name, value, most, unit in counts:
        said = f"{value:,}{unit}" if value is not None else ""
        if value is not None and value > most:
            yield from _about(form, name, "implausible", f"不超过{most:,}{unit}", said)
        elif value is not None and len(str(value)) >= _LEAST_REPEATED and len(set(str(value))) == 1:
            yield from _about(form, name, "suspicious", "实际数", said)


def _day(form: ParsedForm, notice: Notice) -> Iterator[Finding]:
    day, due = form.body.recommend_date, notice.deadline.recommendation.date
    if day is not None and day > date(due.year, 12, 31):
        yield from _about(form, "recommend_date", "date_future", f"不晚于{due}", str(day))
    elif day is not None and day < notice.round.issued:
        expected = f"不早于{notice.round.issued}"
        yield from _about(form, "recommend_date", "implausible", expected, str(day))


def _about(form: ParsedForm, name: str, code: str, expected: str, found: str) -> Iterator[Finding]:
    place = form.provenance.get(name, "")
    yield from (
        replace(one, field=name, place=place) for one in make_findings(code, expected, found)
    )
