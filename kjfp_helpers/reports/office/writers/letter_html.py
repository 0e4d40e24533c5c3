"""A letter with a table as a page that needs nothing else."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from kjfp_helpers.infra.templating import template_environment
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.page_style import read_style_sheet
from kjfp_helpers.rules import Round


def render_letter_page(
    round: Round,
    *,
    title: str,
    unit: str,
    opening: str,
    closing: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    end: str,
    day: str,
    question_columns: Sequence[str] = (),
    questions: Sequence[Sequence[str]] = (),
) -> str:
    """Return the page of a letter.

    Parameters
    ----------
    title, unit, opening, closing, end, day : str
        Heading, recipient, the paragraphs around the table, the last line, the day.
    columns, rows
        The table of figures; numbers stand between its first and last column.
    question_columns, questions
        A second table of what to verify, left out where there is nothing.
    """
    page: str = _load_template().render(
        style=read_style_sheet(),
        title=title,
        unit=unit,
        opening=opening,
        closing=closing,
        columns=columns,
        rows=rows,
        question_columns=question_columns,
        questions=questions,
        end=end,
        office=round.notice.round.office,
        seal=round.notice.office.seal,
        contact=round.notice.office.contact_line,
        day=day,
        rehearsal=formatting.REHEARSAL if round.rehearsal else "",
        amendments=round.amendments,
    )
    return page


@cache
def _load_template() -> Any:
    environment = template_environment(Path(__file__).with_name("templates"))
    return environment.get_template("letter_page.html.j2")
