"""Split cells and lines that contain both a label and its value into separate cells."""

from collections.abc import Sequence
from dataclasses import replace

from kjfp_helpers.core.form_schema import Form
from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.common.label_matching import (
    LONG_FIELDS,
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
    """Split one cell; a value that only mentions a label is not split."""
    if (
        not cell.text
        or fields_for_label(form, cell.text)
        or normalize_form_label(cell.text) in group_labels(form)
    ):
        return [cell]
    if _is_vertical(cell.text):
        return [cell]
    text = cell_text_for_form(cell, form)
    lead, labelled = split_at_labels(form, text)
    if not labelled or inline_markers.strip_markers(lead).strip(" *0123456789.、"):
        return [cell]
    has_long_field = any(
        field.name in LONG_FIELDS
        for field in fields_for_label(form, inline_markers.strip_markers(labelled[0].label))
    )
    if not any(
        fields_for_label(form, inline_markers.strip_markers(labelled_text.label))
        for labelled_text in labelled
    ):
        return [cell]
    if len(cell.text) > _MAX_SPLIT_CHARS and not has_long_field and len(labelled) < 3:
        return [cell]
    parts = [
        text for labelled_text in labelled for text in (labelled_text.label, labelled_text.value)
    ]
    return [
        replace(
            cell,
            marked_text=part,
            text=inline_markers.strip_markers(part),
            part=number,
            picture_count=cell.picture_count if number == len(parts) else 0,
        )
        for number, part in enumerate(parts, start=1)
    ]


def _is_vertical(text: str) -> bool:
    """Whether the text of a cell is vertical, as the labels of field groups are."""
    lines = text.split("\n")
    return len(lines) > 2 and all(len(line.strip()) <= 1 for line in lines)


def cell_text_for_form(cell: Cell, form: Form) -> str:
    """Return the marked text of a cell, without a nested table that has labels of its own."""
    if inline_markers.NESTED_TABLE not in cell.marked_text:
        return cell.marked_text
    nested_lines = inline_markers.strip_markers(cell.marked_text).replace("｜", "\n").split("\n")
    label_count = sum(bool(fields_for_label(form, line)) for line in nested_lines)
    return inline_markers.strip_nested_tables(cell.marked_text) if label_count else cell.marked_text


def table_from_paragraphs(paragraphs: Sequence[Paragraph], form: Form) -> Table:
    """Convert lines of the body to a table: each line a row, split at its labels."""
    cells: list[Cell] = []
    in_long_field = False
    for paragraph in paragraphs:
        for line in paragraph.marked_text.split("\n"):
            if not line.strip() and not paragraph.picture_count:
                continue
            lead, labelled = split_at_labels(form, line)
            in_long_field = in_long_field and not is_form_title(line)
            if in_long_field and not any(
                _is_long_field_label(labelled_text.label, form) for labelled_text in labelled[:1]
            ):
                lead, labelled = line, ()
            parts = [lead] if inline_markers.strip_markers(lead) or not labelled else []
            parts += [
                text
                for labelled_text in labelled
                for text in (labelled_text.label, labelled_text.value)
            ]
            in_long_field = in_long_field or any(
                _is_long_field_label(labelled_text.label, form) for labelled_text in labelled
            )
            cells += [
                Cell(
                    0,
                    paragraph.number,
                    position,
                    position,
                    range(paragraph.number, paragraph.number + 1),
                    inline_markers.strip_markers(part),
                    paragraph.picture_count if position == len(parts) else 0,
                    part,
                    part=len(cells) + position,
                )
                for position, part in enumerate(parts, start=1)
            ]
    return Table(0, tuple(cells))


def _is_long_field_label(label: str, form: Form) -> bool:
    return any(
        field.name in LONG_FIELDS
        for field in fields_for_label(form, inline_markers.strip_markers(label))
    )
