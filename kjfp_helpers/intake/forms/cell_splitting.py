"""Cells and lines that hold a label together with its value, cut into cells of their own."""

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

_SHORT = 200


def split_labelled_cells(table: Table, form: Form) -> Table:
    """Return a table whose cells of the kind 标签：内容 are cut in two."""
    cells: list[Cell] = []
    for row in table.by_row.values():
        for at, cell in enumerate(row):
            before = row[at - 1] if at else None
            valued = before is not None and bool(fields_for_label(form, before.text))
            cells += [cell] if valued else _split(cell, form)
    return Table(table.number, tuple(cells))


def _split(cell: Cell, form: Form) -> list[Cell]:
    """Cut one cell; a value that only mentions a label stays whole."""
    if (
        not cell.text
        or fields_for_label(form, cell.text)
        or normalize_form_label(cell.text) in group_labels(form)
    ):
        return [cell]
    if _is_upright(cell.text):
        return [cell]
    words = cell_text_for_form(cell, form)
    before, found = split_at_labels(form, words)
    if not found or inline_markers.strip_markers(before).strip(" *0123456789.、"):
        return [cell]
    long = any(
        item.name in LONG_FIELDS
        for item in fields_for_label(form, inline_markers.strip_markers(found[0].label))
    )
    if not any(fields_for_label(form, inline_markers.strip_markers(pair.label)) for pair in found):
        return [cell]
    if len(cell.text) > _SHORT and not long and len(found) < 3:
        return [cell]
    pieces = [words for pair in found for words in (pair.label, pair.value)]
    return [
        replace(
            cell,
            marked_text=piece,
            text=inline_markers.strip_markers(piece),
            part=part,
            picture_count=cell.picture_count if part == len(pieces) else 0,
        )
        for part, piece in enumerate(pieces, start=1)
    ]


def _is_upright(text: str) -> bool:
    """Whether a cell is written from top to bottom, as the names of blocks are."""
    lines = text.split("\n")
    return len(lines) > 2 and all(len(line.strip()) <= 1 for line in lines)


def cell_text_for_form(cell: Cell, form: Form) -> str:
    """Return a cell's marked words, without those of a table inside that has its own labels."""
    if inline_markers.NESTED_TABLE not in cell.marked_text:
        return cell.marked_text
    inside = inline_markers.strip_markers(cell.marked_text).replace("｜", "\n").split("\n")
    labelled = sum(bool(fields_for_label(form, word)) for word in inside)
    return inline_markers.strip_nested_tables(cell.marked_text) if labelled else cell.marked_text


def table_from_paragraphs(paragraphs: Sequence[Paragraph], form: Form) -> Table:
    """Return lines of the body as a table: each line a row, cut at its labels."""
    cells: list[Cell] = []
    long = False
    for paragraph in paragraphs:
        for line in paragraph.marked_text.split("\n"):
            if not line.strip() and not paragraph.picture_count:
                continue
            before, found = split_at_labels(form, line)
            long = long and not is_form_title(line)
            if long and not any(_is_long(pair.label, form) for pair in found[:1]):
                before, found = line, ()
            pieces = [before] if inline_markers.strip_markers(before) or not found else []
            pieces += [words for pair in found for words in (pair.label, pair.value)]
            long = long or any(_is_long(pair.label, form) for pair in found)
            cells += [
                Cell(
                    0,
                    paragraph.number,
                    nth,
                    nth,
                    range(paragraph.number, paragraph.number + 1),
                    inline_markers.strip_markers(piece),
                    paragraph.picture_count if nth == len(pieces) else 0,
                    piece,
                    part=len(cells) + nth,
                )
                for nth, piece in enumerate(pieces, start=1)
            ]
    return Table(0, tuple(cells))


def _is_long(label: str, form: Form) -> bool:
    return any(
        item.name in LONG_FIELDS
        for item in fields_for_label(form, inline_markers.strip_markers(label))
    )
