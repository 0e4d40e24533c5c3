"""The decision workbook as one page that needs nothing else: same sheets, same words."""

from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.infra.templating import template_environment
from kjfp_helpers.reports import formatting
from kjfp_helpers.reports.office.writers.xlsx_writer import (
    COUNT_FORMAT,
    PROBABILITY_FORMAT,
    SCORE_FORMAT,
    Column,
    Sheet,
)
from kjfp_helpers.reports.page_style import read_style_sheet


def write_html_page(
    path: Path,
    sheets: Sequence[Sheet],
    *,
    title: str,
    rehearsal: bool,
    amendments: Sequence[str],
    stamp: str,
    draft: str = "",
) -> None:
    """Write the sheets below each other; the file is replaced whole or not at all.

    ``draft`` says why the page is one: it stands above, and the page is marked all over.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    traced = {
        row[sheet.page_break_key] for sheet in sheets if sheet.page_break_key for row in sheet.rows
    }
    pieces = _load_template().generate(
        title=f"{title}入围名单与依据",
        style=read_style_sheet(),
        stamp=stamp,
        sheets=sheets,
        cell=_render_cell,
        traced=traced,
        amendments=amendments,
        draft=draft,
        rehearsal=formatting.REHEARSAL if rehearsal else "",
    )
    page = BytesIO()
    for piece in pieces:  # all of them as one text are several times the page
        page.write(piece.encode())
    atomic_write(path, page.getvalue())


def _render_cell(row: Mapping[str, Any], column: Column) -> str:
    """Return a cell as the workbook shows it."""
    value = row.get(column.key)
    if is_missing(value):
        return column.blank
    if isinstance(value, int | float) and not isinstance(value, bool):
        shown = {
            COUNT_FORMAT: formatting.format_number,
            SCORE_FORMAT: lambda cell: formatting.format_number(cell, 2),
            PROBABILITY_FORMAT: formatting.format_probability,
        }
        return shown.get(column.format, str)(value)
    return formatting.remove_control_chars(value)


@cache
def _load_template() -> Any:
    return template_environment(Path(__file__).with_name("templates")).get_template(
        "decision.html.j2"
    )
