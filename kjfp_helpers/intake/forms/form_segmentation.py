"""Split a document into parts and identify the form that a part belongs to."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from kjfp_helpers.core.form_schema import FORMS, Form
from kjfp_helpers.intake.common.label_matching import (
    fields_by_label,
    fields_for_label,
    normalize_form_label,
    shared_labels,
)
from kjfp_helpers.intake.common.text_cleanup import strip_whitespace
from kjfp_helpers.intake.documents.document_model import Cell, Document, Paragraph, Table
from kjfp_helpers.intake.documents.grid_model import PlacedCell
from kjfp_helpers.intake.forms.cell_splitting import split_labelled_cells
from kjfp_helpers.intake.forms.form_table_reader import FormTableReader
from kjfp_helpers.intake.forms.form_titles import is_form_title

MIN_LABELS = 5
"""Minimum number of labels of a form."""
_ANNEX = re.compile(r"\s*附\s*件\s*[\d一二]?\s*[:：]?\s*$")
_MIN_SPECIFIC_LABELS = 2
"""Minimum number of labels specific to a form that follows a form of the other kind."""
_INSTRUCTION_HEAD = re.compile("(?:填写|填报|填表)?(?:要求|说明|须知|规范|指南|示例|样例)")
_NOTE_HEAD = re.compile(f"{_INSTRUCTION_HEAD.pattern}|备注|注")
_ANSWER_HEAD = re.compile("内容|信息|结果|填写$|填报$")
_MAX_LABEL_CHARS, _MAX_PARTIAL_LINE_CHARS = 60, 4
"""Maximum length of a label, and of a line that is only part of a label."""


def split_into_parts(document: Document) -> Iterator[Table | list[Paragraph]]:
    """Yield tables, and the groups of paragraphs between them."""
    group: list[Paragraph] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            group.append(block)
            continue
        if group:
            yield group
            group = []
        yield block
    if group:
        yield group


def split_by_title(paragraphs: list[Paragraph]) -> Iterator[list[Paragraph]]:
    """Split lines before each title of a form, including an annex number above it."""
    group: list[Paragraph] = []
    for paragraph in paragraphs:
        if is_form_title(paragraph.text):
            start = len(group)
            while start and _ANNEX.match(group[start - 1].text):
                start -= 1
            if start:
                yield group[:start]
            group = group[start:]
        group.append(paragraph)
    if group:
        yield group


def stack_tables(tables: Sequence[Table]) -> Table:
    """Stack tables vertically to one table."""
    if len(tables) == 1:
        return tables[0]
    cells: list[Cell] = []
    for table in tables:
        row_offset = cells[-1].row_span.stop - 1 if cells else 0
        cells += [
            PlacedCell(
                table=table.number,
                row=cell.row + row_offset,
                position=cell.position,
                column=cell.column,
                row_span=range(cell.row_span.start + row_offset, cell.row_span.stop + row_offset),
                text=cell.text,
                picture_count=cell.picture_count,
                marked_text=cell.marked_text,
                part=cell.part,
                own_location=cell.location,
            )
            for cell in table.cells
        ]
    return Table(tables[0].number, tuple(cells))


def drop_note_columns(table: Table) -> Table:
    """Return a table without its columns of filling-in instructions.

    A table with such a column and no column of answers contains no form and is returned empty.
    """
    header_cells = next(iter(table.by_row.values()), ())
    note_columns = {
        cell.column for cell in header_cells if _NOTE_HEAD.fullmatch(strip_whitespace(cell.text))
    }
    if len(header_cells) < 2 or not note_columns:
        return table
    has_answers = any(_ANSWER_HEAD.search(strip_whitespace(cell.text)) for cell in header_cells)
    if not has_answers and not any(
        _INSTRUCTION_HEAD.fullmatch(strip_whitespace(cell.text)) for cell in header_cells
    ):
        return table
    row = header_cells[0].row
    cells = (cell for cell in table.cells if cell.row == row or cell.column not in note_columns)
    return Table(table.number, tuple(cells) if has_answers else ())


def are_parts_of_form(tables: Sequence[Table], form: Form) -> bool:
    """Whether tables are parts of one form: stacked they contain the fields that each has."""
    if len(tables) == 1:
        return True
    field_counts, stacked_count = (
        [_count_fields(table, form) for table in tables],
        _count_fields(stack_tables(tables), form),
    )
    return stacked_count >= sum(field_counts)


def _count_fields(table: Table, form: Form) -> int:
    return len(FormTableReader(split_labelled_cells(table, form), form).read().boxes)


def identify_form(table: Table, before: Form | None = None) -> Form | None:
    """Return the form whose labels a table contains, ``None`` if it is neither form.

    A table with only labels that both forms have continues the form ``before`` it.
    """
    candidates = {candidate for cell in table.cells for candidate in _label_candidates(cell)}
    label_counts = {form.kind: len(candidates & fields_by_label(form).keys()) for form in FORMS}
    specific_counts = {
        form.kind: len(candidates & fields_by_label(form).keys() - shared_labels())
        for form in FORMS
    }
    best = max(
        FORMS,
        key=lambda form: (specific_counts[form.kind], label_counts[form.kind], form is before),
    )
    if before is not None and specific_counts[best.kind] < _MIN_SPECIFIC_LABELS:
        return before
    return (
        best
        if label_counts[best.kind] >= 2
        and (specific_counts[best.kind] or label_counts[best.kind] > 3)
        else before
    )


def _label_candidates(cell: Cell) -> set[str]:
    """Return the texts of a cell that may be labels: the whole text, or the text before values."""
    whole_text = {normalize_form_label(cell.text)} if len(cell.text) < _MAX_LABEL_CHARS else set()
    if all(len(line.strip()) <= _MAX_PARTIAL_LINE_CHARS for line in cell.text.split("\n")):
        return whole_text
    texts = re.split(r"[\n：:\t]|\s{2,}", cell.marked_text[:200])
    return whole_text | {normalize_form_label(text) for text in texts if len(text) < 40}


def split_by_first_label(table: Table, form: Form) -> list[Table]:
    """Split a table that contains several forms, each beginning with the form's first label."""
    first_field = form.fields[0]
    starts = [
        row
        for row, cells in table.by_row.items()
        if any(first_field in fields_for_label(form, cell.text) for cell in cells[:2])
    ]
    if len(starts) < 2:
        return [table]
    cells_by_part: list[list[Cell]] = [[] for _ in starts]
    for cell in table.cells:
        cells_by_part[max(bisect_right(starts, cell.row) - 1, 0)].append(cell)
    parts = [Table(table.number, tuple(cells)) for cells in cells_by_part]
    are_forms = [len(FormTableReader(part, form).read().boxes) >= MIN_LABELS for part in parts]
    return parts if all(are_forms) else [table]
