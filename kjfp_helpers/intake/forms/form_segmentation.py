"""The parts a document falls into, and which of the two forms a part belongs to."""

import re
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
"""So many labels make a form."""
_ANNEX = re.compile(r"\s*附\s*件\s*[\d一二]?\s*[:：]?\s*$")
_LEAST_OWN = 2
"""So many labels of its own must a form have to follow one of the other kind."""
_GUIDE = re.compile("(?:填写|填报|填表)?(?:要求|说明|须知|规范|指南|示例|样例)")
_NOTES = re.compile(f"{_GUIDE.pattern}|备注|注")
_ANSWERS = re.compile("内容|信息|结果|填写$|填报$")
_LONGEST, _SYLLABLES = 60, 4
"""Signs of the longest label, and of a line that is but a piece of a label."""


def split_into_parts(document: Document) -> Iterator[Table | list[Paragraph]]:
    """Yield tables, and runs of paragraphs between them."""
    run: list[Paragraph] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            run.append(block)
            continue
        if run:
            yield run
            run = []
        yield block
    if run:
        yield run


def split_by_title(paragraphs: list[Paragraph]) -> Iterator[list[Paragraph]]:
    """Cut lines before each title of a form, which an annex's number may stand above."""
    run: list[Paragraph] = []
    for one in paragraphs:
        if is_form_title(one.text):
            at = len(run)
            while at and _ANNEX.match(run[at - 1].text):
                at -= 1
            if at:
                yield run[:at]
            run = run[at:]
        run.append(one)
    if run:
        yield run


def stack_tables(tables: Sequence[Table]) -> Table:
    """Return small tables as one, each below the one before."""
    if len(tables) == 1:
        return tables[0]
    cells: list[Cell] = []
    for table in tables:
        down = cells[-1].row_span.stop - 1 if cells else 0
        cells += [
            PlacedCell(
                table=table.number,
                row=cell.row + down,
                position=cell.position,
                column=cell.column,
                row_span=range(cell.row_span.start + down, cell.row_span.stop + down),
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
    """Return a table without the columns whose heads say that they tell how to fill in a box.

    A table that has such a column and none of answers holds no form: nothing of it is left.
    """
    heads = next(iter(table.by_row.values()), ())
    notes = {cell.column for cell in heads if _NOTES.fullmatch(strip_whitespace(cell.text))}
    if len(heads) < 2 or not notes:
        return table
    answers = any(_ANSWERS.search(strip_whitespace(cell.text)) for cell in heads)
    if not answers and not any(_GUIDE.fullmatch(strip_whitespace(cell.text)) for cell in heads):
        return table
    row = heads[0].row
    kept = (cell for cell in table.cells if cell.row == row or cell.column not in notes)
    return Table(table.number, tuple(kept) if answers else ())


def are_parts_of_form(tables: Sequence[Table], form: Form) -> bool:
    """Whether tables are parts of one form: together they hold all the boxes that each has."""
    if len(tables) == 1:
        return True
    each, whole = [_held(one, form) for one in tables], _held(stack_tables(tables), form)
    return whole >= sum(each)


def _held(table: Table, form: Form) -> int:
    return len(FormTableReader(split_labelled_cells(table, form), form).read().boxes)


def identify_form(table: Table, before: Form | None = None) -> Form | None:
    """Return the form whose labels a table holds, ``None`` when it is no such form.

    Labels that both forms have tell no kind: such a table is more of the form ``before`` it.
    """
    words = {word for cell in table.cells for word in _heads(cell)}
    scores = {form.kind: len(words & fields_by_label(form).keys()) for form in FORMS}
    own = {form.kind: len(words & fields_by_label(form).keys() - shared_labels()) for form in FORMS}
    best = max(FORMS, key=lambda form: (own[form.kind], scores[form.kind], form is before))
    if before is not None and own[best.kind] < _LEAST_OWN:
        return before
    return best if scores[best.kind] >= 2 and (own[best.kind] or scores[best.kind] > 3) else before


def _heads(cell: Cell) -> set[str]:
    """Return the words of a cell that may be labels: the whole, or what stands before values."""
    whole = {normalize_form_label(cell.text)} if len(cell.text) < _LONGEST else set()
    if all(len(line.strip()) <= _SYLLABLES for line in cell.text.split("\n")):
        return whole
    heads = re.split(r"[\n：:\t]|\s{2,}", cell.marked_text[:200])
    return whole | {normalize_form_label(head) for head in heads if len(head) < 40}


def split_by_first_label(table: Table, form: Form) -> list[Table]:
    """Cut a table that holds several forms, each beginning with the form's first label."""
    first = form.fields[0]
    starts = [
        row
        for row, cells in table.by_row.items()
        if any(first in fields_for_label(form, cell.text) for cell in cells[:2])
    ]
    if len(starts) < 2:
        return [table]
    pieces = []
    for at, start in enumerate(starts):
        end = starts[at + 1] if at + 1 < len(starts) else None
        cells = [
            cell
            for cell in table.cells
            if (cell.row >= start or not at) and (end is None or cell.row < end)
        ]
        pieces.append(Table(table.number, tuple(cells)))
    enough = [len(FormTableReader(piece, form).read().boxes) >= MIN_LABELS for piece in pieces]
    return pieces if all(enough) else [table]
