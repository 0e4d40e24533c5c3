"""The decision workbook as one page that needs nothing else: same sheets, same words."""

from collections.abc import Mapping, Sequence, Set
from functools import cache, partial
from io import BytesIO
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from kjfp_helpers.core.state_labels import tone_of
from kjfp_helpers.infra.atomic_files import atomic_write
from kjfp_helpers.infra.missing_values import is_missing
from kjfp_helpers.infra.page_scripts.table_script import (
    page_script,
    script_source,
    table_style,
)
from kjfp_helpers.infra.templating import template_environment
from kjfp_helpers.reports import formatting, html_blocks
from kjfp_helpers.reports.office.writers.xlsx_writer import (
    COUNT_FORMAT,
    PROBABILITY_FORMAT,
    SCORE_FORMAT,
    Column,
    Sheet,
)
from kjfp_helpers.reports.page_style import read_style_sheet

STATES = ("result", "computed", "decided", "state")
"""Columns of state words."""
FILTERS = ("kind", "label", *STATES)
"""Columns by whose words a table of the page is narrowed."""
_ID = ' class="id"'
_KEPT_TOGETHER = ("kind", "case", "result", "step", "label")
"""Columns whose cells stand on one line."""
LONG = 100
"""Rows from which a table is folded up."""


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
        style=read_style_sheet() + table_style(),
        script=page_script(),
        script_source=script_source(),
        stamp=stamp,
        sheets=sheets,
        trace_cells=_render_trace_cells,
        table_cells=partial(_render_table_cells, traced),
        heading=_heading,
        by_person=_group_rows,
        filters=FILTERS,
        long=LONG,
        amendments=amendments,
        draft=draft,
        rehearsal=formatting.REHEARSAL if rehearsal else "",
    )
    page = BytesIO()
    for piece in pieces:  # all of them as one text are several times the page
        page.write(piece.encode())
    atomic_write(path, page.getvalue())


def _heading(sheet: Sheet) -> int:
    """Return the column that names a row."""
    keys = [column.key for column in sheet.columns]
    return keys.index("name") if "name" in keys else 0


def _group_rows(sheet: Sheet) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Return the rows of each person, in the order of the sheet."""
    groups = groupby(sheet.rows, key=itemgetter(sheet.page_break_key))
    return [(key, list(rows)) for key, rows in groups]


def _render_trace_cells(sheet: Sheet, row: Mapping[str, Any]) -> Markup:
    """Return the cells of a step of a person's trace, without that person's columns.

    Tens of thousands of cells: a template takes several times as long.
    """
    return Markup(
        "".join(
            f"<td{_ID if column.key == 'step' else ''}>{escape(_render_cell(row, column))}</td>"
            for column in sheet.columns[2:]
        )
    )


def _render_table_cells(traced: Set[str], sheet: Sheet, row: Mapping[str, Any]) -> Markup:
    """Return the cells of a row; a case in ``traced`` leads to its trace."""
    return Markup(
        "".join(
            f"<td{_cell_attributes(row, column)}>{_render_content(row, column, traced)}</td>"
            for column in sheet.columns
        )
    )


def _cell_attributes(row: Mapping[str, Any], column: Column) -> str:
    kind = _ID if column.key in _KEPT_TOGETHER else ""
    if column.alert or column.format:
        kind = ' class="alert"' if column.alert else ' class="n"'
    if column.key == "p_in" and not is_missing(row.get("p_in")):
        return f'{kind} data-key="{escape(row["p_in"])}"'
    return kind


def _render_content(row: Mapping[str, Any], column: Column, traced: Set[str]) -> Markup:
    if column.key == "case" and row.get("case") in traced:
        case = escape(row["case"])
        return Markup(f'<a href="#t-{case}">{case}</a>')
    text = _render_cell(row, column)
    return html_blocks.render_chip(text) if column.key in STATES else escape(text)


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
        text = shown.get(column.format, str)(value)
        state = str(row.get(column.state_key, "")) if column.state_key else ""
        return f"{text}　{state}" if tone_of(state) else text
    return formatting.remove_control_chars(value)


@cache
def _load_template() -> Any:
    environment = template_environment(Path(__file__).with_name("templates"))
    return environment.get_template("decision.html.j2")
