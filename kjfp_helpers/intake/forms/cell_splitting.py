"""Cells and lines that hold a label together with its value, cut into cells of their own."""

from collections.abc import Sequence
from dataclasses import replace

from kjfp_helpers.core.form_schema import Form
from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.common.label_matching import LONG, fields_of, groups, label_word, pairs
from kjfp_helpers.intake.documents.document_model import Cell, Paragraph, Table
from kjfp_helpers.intake.forms.form_titles import names_a_form

_SHORT = 200


def split_cells(table: Table, form: Form) -> Table:
    """Return a table whose cells of the kind 标签：内容 are cut in two."""
    cells: list[Cell] = []
    for row in table.by_row.values():
        for at, cell in enumerate(row):
            before = row[at - 1] if at else None
            valued = before is not None and bool(fields_of(form, before.text))
            cells += [cell] if valued else _split(cell, form)
    return Table(table.number, tuple(cells))


def _split(cell: Cell, form: Form) -> list[Cell]:
    """Cut one cell; a value that only mentions a label stays whole."""
    if not cell.text or fields_of(form, cell.text) or label_word(cell.text) in groups(form):
        return [cell]
    if _is_upright(cell.text):
        return [cell]
    words = own_words(cell, form)
    before, found = pairs(form, words)
    if not found or inline_markers.plain(before).strip(" *0123456789.、"):
        return [cell]
    long = any(item.name in LONG for item in fields_of(form, inline_markers.plain(found[0].label)))
    if not any(fields_of(form, inline_markers.plain(pair.label)) for pair in found):
        return [cell]
    if len(cell.text) > _SHORT and not long and len(found) < 3:
        return [cell]
    pieces = [words for pair in found for words in (pair.label, pair.value)]
    return [
        replace(
            cell,
            marked=piece,
            text=inline_markers.plain(piece),
            part=part,
            pictures=cell.pictures if part == len(pieces) else 0,
        )
        for part, piece in enumerate(pieces, start=1)
    ]


def _is_upright(text: str) -> bool:
    """Whether a cell is written from top to bottom, as the names of blocks are."""
    lines = text.split("\n")
    return len(lines) > 2 and all(len(line.strip()) <= 1 for line in lines)


def own_words(cell: Cell, form: Form) -> str:
    """Return a cell's marked words, without those of a table inside that has its own labels."""
    if inline_markers.INNER not in cell.marked:
        return cell.marked
    inside = inline_markers.plain(cell.marked).replace("｜", "\n").split("\n")
    labelled = sum(bool(fields_of(form, word)) for word in inside)
    return inline_markers.without_inner(cell.marked) if labelled else cell.marked


def as_table(paragraphs: Sequence[Paragraph], form: Form) -> Table:
    """Return lines of the body as a table: each line a row, cut at its labels."""
    cells: list[Cell] = []
    long = False
    for paragraph in paragraphs:
        for line in paragraph.marked.split("\n"):
            if not line.strip() and not paragraph.pictures:
                continue
            before, found = pairs(form, line)
            long = long and not names_a_form(line)
            if long and not any(_is_long(pair.label, form) for pair in found[:1]):
                before, found = line, ()
            pieces = [before] if inline_markers.plain(before) or not found else []
            pieces += [words for pair in found for words in (pair.label, pair.value)]
            long = long or any(_is_long(pair.label, form) for pair in found)
            cells += [
                Cell(
                    0,
                    paragraph.number,
                    nth,
                    nth,
                    range(paragraph.number, paragraph.number + 1),
                    inline_markers.plain(piece),
                    paragraph.pictures if nth == len(pieces) else 0,
                    piece,
                    part=len(cells) + nth,
                )
                for nth, piece in enumerate(pieces, start=1)
            ]
    return Table(0, tuple(cells))


def _is_long(label: str, form: Form) -> bool:
    return any(item.name in LONG for item in fields_of(form, inline_markers.plain(label)))
