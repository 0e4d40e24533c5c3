"""Split cells and lines that contain both a label and its value into separate cells."""

from collections.abc import Sequence
from dataclasses import replace

from kjfp_helpers.core.form_schema import Form, FormField
from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.common.label_matching import (
    LONG_FIELDS,
    LabelledText,
    fields_for_label,
    group_labels,
    normalize_form_label,
    split_at_labels,
)
from kjfp_helpers.intake.documents.document_model import Cell, Paragraph, Table
from kjfp_helpers.intake.forms.form_titles import is_form_title

_MAX_SPLIT_CHARS = 200


def split_labelled_cells(table: Table, form: Form) -> Table:
    """Split the cells of a table that contain 标签：内容."""
    cells: list[Cell] = []
    for row in table.by_row.values():
        for index, cell in enumerate(row):
            previous = row[index - 1] if index else None
            is_value = previous is not None and bool(fields_for_label(form, previous.text))
            if is_value:
                cells.append(cell)
            else:
                cells += _split_cell(cell, form)
    return Table(table.number, tuple(cells))


def _split_cell(cell: Cell, form: Form) -> list[Cell]:
    """Split one cell at its labels, or return it unchanged."""
    parts = _parts_of_cell(cell, form)
    if not parts:
        return [cell]
    return [
        replace(
            cell,
            marked_text=part,
            text=text_markers.strip_markers(part),
            part=number,
            picture_count=cell.picture_count if number == len(parts) else 0,
        )
        for number, part in enumerate(parts, start=1)
    ]


def _parts_of_cell(cell: Cell, form: Form) -> list[str]:
    """Return the labels and values in a cell; none for a value that only mentions a label."""
    is_label = bool(fields_for_label(form, cell.text))
    is_group = normalize_form_label(cell.text) in group_labels(form)
    if not cell.text or is_label or is_group or _is_vertical(cell.text):
        return []
    lead, labelled = split_at_labels(form, cell_text_for_form(cell, form))
    if not labelled or text_markers.strip_markers(lead).strip(" *0123456789.、"):
        return []
    if not any(_fields_of(item, form) for item in labelled):
        return []
    is_long = len(cell.text) > _MAX_SPLIT_CHARS
    if is_long and not _is_long_field(labelled[0], form) and len(labelled) < 3:
        return []
    return _label_and_value_texts(labelled)


def _label_and_value_texts(labelled: Sequence[LabelledText]) -> list[str]:
    return [text for item in labelled for text in (item.label, item.value)]


def _fields_of(item: LabelledText, form: Form) -> tuple[FormField, ...]:
    return fields_for_label(form, text_markers.strip_markers(item.label))


def _is_long_field(item: LabelledText, form: Form) -> bool:
    """Whether a label is that of a story, honors or recommendation."""
    return any(field.name in LONG_FIELDS for field in _fields_of(item, form))


def _is_vertical(text: str) -> bool:
    """Whether the text of a cell is vertical, as the labels of field groups are."""
    lines = text.split("\n")
    return len(lines) > 2 and all(len(line.strip()) <= 1 for line in lines)


def cell_text_for_form(cell: Cell, form: Form) -> str:
    """Return the marked text of a cell, without a nested table that has labels of its own."""
    if text_markers.NESTED_TABLE not in cell.marked_text:
        return cell.marked_text
    nested_lines = text_markers.strip_markers(cell.marked_text).replace("｜", "\n").split("\n")
    label_count = sum(bool(fields_for_label(form, line)) for line in nested_lines)
    return text_markers.strip_nested_tables(cell.marked_text) if label_count else cell.marked_text


def table_from_paragraphs(paragraphs: Sequence[Paragraph], form: Form) -> Table:
    """Convert lines of the body to a table: each line a row, split at its labels."""
    cells: list[Cell] = []
    in_long_field = False
    for paragraph in paragraphs:
        for line in paragraph.marked_text.split("\n"):
            if not line.strip() and not paragraph.picture_count:
                continue
            in_long_field = in_long_field and not is_form_title(line)
            lead, labelled = split_at_labels(form, line)
            if in_long_field and not any(_is_long_field(item, form) for item in labelled[:1]):
                lead, labelled = line, ()
            parts = _label_and_value_texts(labelled)
            if text_markers.strip_markers(lead) or not labelled:
                parts.insert(0, lead)
            in_long_field = in_long_field or any(_is_long_field(item, form) for item in labelled)
            cells += _cells_of_line(paragraph, parts, len(cells))
    return Table(0, tuple(cells))


def _cells_of_line(paragraph: Paragraph, parts: Sequence[str], cell_count: int) -> list[Cell]:
    """Return the parts of a line as cells of a row; the last one gets the pictures."""
    return [
        Cell(
            0,
            paragraph.number,
            position,
            position,
            range(paragraph.number, paragraph.number + 1),
            text_markers.strip_markers(part),
            paragraph.picture_count if position == len(parts) else 0,
            part,
            part=cell_count + position,
        )
        for position, part in enumerate(parts, start=1)
    ]
