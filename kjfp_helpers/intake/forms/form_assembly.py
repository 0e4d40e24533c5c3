"""The parts of a document put together to forms: tables cut in two, lines between and behind.

A part is a form of its own where it has the labels of one; else it is more of the form before.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kjfp_helpers.core.form_schema import FORMS, Form
from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.common.label_matching import (
    LONG_FIELDS,
    is_known_label,
    normalize_form_label,
)
from kjfp_helpers.intake.documents.document_model import Cell, Document, Paragraph, Table
from kjfp_helpers.intake.fields.field_readers import (
    is_attachment_reference,
    is_continuation_pointer,
)
from kjfp_helpers.intake.forms.cell_splitting import split_labelled_cells, table_from_paragraphs
from kjfp_helpers.intake.forms.form_segmentation import (
    MIN_LABELS,
    are_parts_of_form,
    drop_note_columns,
    identify_form,
    split_by_first_label,
    split_by_title,
    split_into_parts,
    stack_tables,
)
from kjfp_helpers.intake.forms.form_table_reader import FieldBox, FormTableReader
from kjfp_helpers.intake.forms.form_titles import is_form_title

_REMARK = re.compile(r"^\s*(?:注|说明|填表说明|备注|填表|附件)[:：\d]?")
_NUMBERED = re.compile(r"^\s*[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.．、)）]")
_SIGNED = re.compile(r"^[\s\d年月日.\-/（(单位公盖章)）:：]*$")
_LEAST_REST = 60


@dataclass
class FormBoxes:
    """The boxes of one form, gathered over its tables and lines."""

    form: Form
    boxes: dict[str, FieldBox] = field(default_factory=dict)
    unassigned_cells: list[Cell] = field(default_factory=list)
    added_labels: list[str] = field(default_factory=list)
    open_field: str = ""
    paragraphs_above: list[Paragraph] = field(default_factory=list)
    paragraphs_below: list[Paragraph] = field(default_factory=list)

    def add_part(self, reader: FormTableReader) -> None:
        """File what a part of the form held."""
        self.boxes |= {name: box for name, box in reader.boxes.items() if name not in self.boxes}
        self.unassigned_cells += reader.unassigned_cells()
        self.added_labels += reader.added_labels
        if reader.table.number or reader.boxes:
            self.open_field = reader.open_field if reader.table.number else ""

    def continue_with(self, table: Table) -> FormTableReader:
        """Take a further part of the form; deeds behind the table are told of."""
        known = self.boxes.keys() - set(LONG_FIELDS)
        last = self.open_field if table.number and _begins_unlabelled(table) else ""
        more = FormTableReader(table, self.form, known_fields=known, open_field=last).read()
        for name in more.boxes.keys() & self.boxes.keys():
            box, rest = self.boxes[name], more.boxes[name]
            if name == "story":
                _go_on_behind(box, rest.marked_text, told=not table.number)
            else:
                box.append(rest.marked_text, rest.picture_count)
        self.add_part(more)
        return more

    def join_trailing_text(self) -> None:
        """Join further pages behind the form to its story, and a date behind it to the opinion."""
        rest = list(_without_remarks(self.paragraphs_below))
        opinion = self.boxes.get("recommendation")
        signed = [one for one in rest if _SIGNED.match(one.text) and one.text]
        if (
            opinion
            and signed
            and not re.search(r"\d", inline_markers.strip_markers(opinion.marked_text))
        ):
            opinion.append("\n".join(one.marked_text for one in signed), 0)
            opinion.is_displaced = True
        words = [one.marked_text for one in rest if one not in signed and one.text]
        length = sum(len(inline_markers.strip_markers(one)) for one in words)
        story = self.boxes.get("story")
        if story is not None and length >= _LEAST_REST:
            if normalize_form_label(inline_markers.strip_markers(words[0])).endswith(
                ("主要事迹", "事迹材料", "事迹", "附页")
            ):
                words = words[1:]
            _go_on_behind(story, "\n".join(words), told=True)


def assemble_forms(document: Document) -> list[FormBoxes]:
    """Return the forms of a document in order, each with its boxes and the lines around it."""
    gathered = _Gathering()
    for part in split_into_parts(document):
        if isinstance(part, Table):
            gathered.table(part)
        else:
            gathered.lines(part)
    for sheet in gathered.sheets:
        sheet.join_trailing_text()
    return gathered.sheets


def _without_remarks(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Yield lines but the notes on filling in the form, which may be a numbered list."""
    noting = False
    for one in paragraphs:
        noting = bool(_REMARK.match(one.text) or (noting and _NUMBERED.match(one.text)))
        if not noting:
            yield one


@dataclass
class _Gathering:
    """Puts the parts of a document together to forms."""

    sheets: list[FormBoxes] = field(default_factory=list)
    waiting: list[Paragraph] = field(default_factory=list)
    small: list[Table] = field(default_factory=list)
    """Tables before the first form that are too small to be one: its first rows, perhaps."""

    def table(self, table: Table) -> None:
        """Take a table: a form, more of one, or its first rows where it is too small for one."""
        table = drop_note_columns(table)
        if not table.cells:
            return
        last = self.sheets[-1] if self.sheets else None
        for parts in ([*self.small, table], [table])[not self.small :]:
            whole = stack_tables(parts)
            form = identify_form(whole, last.form if last else None)
            if form is not None and are_parts_of_form(parts, form) and self._pieces(whole, form):
                self.small = []
                return
        if last is None and any(is_known_label(cell.text) for cell in table.cells):
            self.small.append(table)

    def _pieces(self, table: Table, form: Form) -> bool:
        pieces = split_by_first_label(split_labelled_cells(table, form), form)
        return any([self._add(piece, form) for piece in pieces])

    def lines(self, paragraphs: list[Paragraph]) -> None:
        typed = [one for one in paragraphs if one.text or one.picture_count]
        for run in split_by_title(typed):
            self._lines(run)
        self.waiting = typed or self.waiting

    def _lines(self, typed: list[Paragraph]) -> None:
        last = self.sheets[-1] if self.sheets else None
        if last is not None and not any(is_form_title(one.text) for one in typed[:2]):
            last.paragraphs_below += typed
        forms = [last.form] if last else []
        for form in dict.fromkeys((*forms, *FORMS)):
            table = table_from_paragraphs(typed, form)
            if form is not identify_form(table) and not (last and form is last.form):
                continue
            before = len(self.sheets)
            for piece in split_by_first_label(table, form):
                if self._add(piece, form) and last and before:
                    last.paragraphs_below = [
                        one for one in last.paragraphs_below if one not in typed
                    ]
            break

    def _add(self, table: Table, form: Form) -> bool:
        """File what a part holds: as a form of its own, or as more of the form before."""
        last = self.sheets[-1] if self.sheets else None
        reader = FormTableReader(table, form).read()
        if last is not None and not _begins_anew(reader, last):
            return bool(last.continue_with(table).boxes)
        if len(reader.boxes) < MIN_LABELS:
            return False
        sheet = FormBoxes(form, paragraphs_above=self.waiting)
        sheet.add_part(reader)
        self.sheets.append(sheet)
        return True


def _begins_unlabelled(table: Table) -> bool:
    """Whether a table goes on where the one before was cut: its first label is empty."""
    first = next(iter(table.by_row.values()), ())
    return len(first) > 1 and not first[0].text


def _go_on_behind(story: FieldBox, marked: str, *, told: bool) -> None:
    """Join deeds that go on elsewhere; the words that point there are left out."""
    words = inline_markers.strip_markers(story.marked_text)
    kept = "\n".join(
        line
        for line in story.marked_text.split("\n")
        if not is_continuation_pointer(inline_markers.strip_markers(line))
    )
    story.is_continued = story.is_continued or told or kept != story.marked_text
    story.marked_text = "" if is_attachment_reference(words) else kept
    story.append(marked, 0)


def _begins_anew(reader: FormTableReader, last: FormBoxes) -> bool:
    """Whether a part is another form and not more of the one before."""
    if len(reader.boxes) < MIN_LABELS:
        return False
    again = reader.boxes.keys() & last.boxes.keys() - set(LONG_FIELDS)
    return reader.form is not last.form or len(again) >= min(MIN_LABELS, len(reader.boxes) // 2)
