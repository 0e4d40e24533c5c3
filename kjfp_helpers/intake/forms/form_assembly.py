"""Assemble forms from the tables and lines of a document.

A part begins a new form if it has enough labels; otherwise it continues the previous form.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kjfp_helpers.core.form_schema import FORMS, Form
from kjfp_helpers.core.records import KIND_TITLES
from kjfp_helpers.intake.common import text_markers
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
from kjfp_helpers.intake.forms.field_box import FieldBox
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
from kjfp_helpers.intake.forms.form_table_reader import FormTableReader
from kjfp_helpers.intake.forms.form_titles import is_form_title
from kjfp_helpers.intake.forms.people_lists import are_people_lines, is_people_list

_REMARK = re.compile(r"^\s*(?:注|说明|填表说明|备注|填表|附件)[:：\d]?")
_NUMBERED = re.compile(r"^\s*[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.．、)）]")
_SIGNATURE_LINE = re.compile(r"^[\s\d年月日.\-/（(单位公盖章)）:：]*$")
_MIN_STORY_CHARS = 60


@dataclass
class FormBoxes:
    """The fields of one form, collected from its tables and lines.

    ``open_field`` is the field that may continue in the next table.
    """

    form: Form
    boxes: dict[str, FieldBox] = field(default_factory=dict)
    unassigned_cells: list[Cell] = field(default_factory=list)
    added_labels: list[str] = field(default_factory=list)
    open_field: str = ""
    paragraphs_above: list[Paragraph] = field(default_factory=list)
    paragraphs_below: list[Paragraph] = field(default_factory=list)

    def add_part(self, reader: FormTableReader) -> None:
        """Add the fields of a part of the form."""
        self.boxes |= {name: box for name, box in reader.boxes.items() if name not in self.boxes}
        self.unassigned_cells += reader.unassigned_cells()
        self.added_labels += reader.added_labels
        if reader.table.number or reader.boxes:
            self.open_field = reader.open_field if reader.table.number else ""

    def continue_with(self, table: Table) -> FormTableReader:
        """Read a further part of the form; a story continued below the table gets a finding."""
        known_fields = self.boxes.keys() - set(LONG_FIELDS)
        open_field = self.open_field if table.number and _starts_unlabelled(table) else ""
        reader = FormTableReader(
            table, self.form, known_fields=known_fields, open_field=open_field
        ).read()
        for name in reader.boxes.keys() & self.boxes.keys():
            box, addition = self.boxes[name], reader.boxes[name]
            if name == "story":
                _continue_story(box, addition.marked_text, needs_finding=not table.number)
            else:
                box.append(addition.marked_text, addition.picture_count)
        self.add_part(reader)
        return reader

    def join_trailing_text(self) -> None:
        """Join pages after the form to its story, and a date after it to the opinion."""
        trailing = list(_drop_instructions(self.paragraphs_below))
        opinion = self.boxes.get("recommendation")
        signature_lines = [
            paragraph
            for paragraph in trailing
            if _SIGNATURE_LINE.match(paragraph.text) and paragraph.text
        ]
        if (
            opinion
            and signature_lines
            and not re.search(r"\d", text_markers.strip_markers(opinion.marked_text))
        ):
            opinion.append("\n".join(paragraph.marked_text for paragraph in signature_lines), 0)
            opinion.is_displaced = True
        story_texts = [
            paragraph.marked_text
            for paragraph in trailing
            if paragraph not in signature_lines and paragraph.text
        ]
        story_length = sum(len(text_markers.strip_markers(paragraph)) for paragraph in story_texts)
        story = self.boxes.get("story")
        if story is not None and story_length >= _MIN_STORY_CHARS:
            if normalize_form_label(text_markers.strip_markers(story_texts[0])).endswith(
                ("主要事迹", "事迹材料", "事迹", "附页")
            ):
                story_texts = story_texts[1:]
            _continue_story(story, "\n".join(story_texts), needs_finding=True)


def assemble_forms(document: Document) -> list[FormBoxes]:
    """Return the forms of a document in order, each with its fields and the lines around it."""
    assembler = _FormAssembler()
    for part in split_into_parts(document):
        if isinstance(part, Table):
            assembler.add_table(part)
        else:
            assembler.add_lines(part)
    for form_boxes in assembler.forms:
        form_boxes.join_trailing_text()
    return assembler.forms


def _drop_instructions(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Yield lines except the instructions for the form, which may be a numbered list."""
    in_instructions = False
    for paragraph in paragraphs:
        in_instructions = bool(
            _REMARK.match(paragraph.text) or (in_instructions and _NUMBERED.match(paragraph.text))
        )
        if not in_instructions:
            yield paragraph


@dataclass
class _FormAssembler:
    """Assembles the parts of a document to forms."""

    forms: list[FormBoxes] = field(default_factory=list)
    lines_before: list[Paragraph] = field(default_factory=list)
    small_tables: list[Table] = field(default_factory=list)
    """Tables before the first form that are too small for one: perhaps its first rows."""

    def add_table(self, table: Table) -> None:
        """Add a table: a form, a continuation, or the first rows of the next form."""
        table = drop_note_columns(table)
        title = "".join(line.text for line in self.lines_before[-1:])
        if not table.cells or is_people_list(table, title):
            return
        previous = self.forms[-1] if self.forms else None
        for tables in ([*self.small_tables, table], [table])[not self.small_tables :]:
            stacked = stack_tables(tables)
            form = identify_form(stacked, previous.form if previous else None)
            if (
                form is not None
                and are_parts_of_form(tables, form)
                and self._add_table_parts(stacked, form)
            ):
                self.small_tables = []
                return
        if previous is None and any(is_known_label(cell.text) for cell in table.cells):
            self.small_tables.append(table)

    def _add_table_parts(self, table: Table, form: Form) -> bool:
        """Add the forms of a table; return whether any was added."""
        parts = split_by_first_label(split_labelled_cells(table, form), form)
        return any([self._add_part(part, form) for part in parts])

    def add_lines(self, paragraphs: list[Paragraph]) -> None:
        """Add lines of the body: typed forms, continuations, or lines around a form."""
        nonblank = [
            paragraph for paragraph in paragraphs if paragraph.text or paragraph.picture_count
        ]
        for group in split_by_title(nonblank):
            self._add_typed_lines(group)
        self.lines_before = nonblank or self.lines_before

    def _add_typed_lines(self, paragraphs: list[Paragraph]) -> None:
        """Add a group of lines as typed form, or to the lines below the previous form."""
        previous = self.forms[-1] if self.forms else None
        if previous is not None and not any(
            is_form_title(paragraph.text) for paragraph in paragraphs[:2]
        ):
            previous.paragraphs_below += paragraphs
        if are_people_lines(paragraphs):
            return
        preferred = [previous.form] if previous else []
        title = "".join(line.text for line in paragraphs[:3] if is_form_title(line.text))
        named = [form for form in FORMS if KIND_TITLES[form.kind] in title]
        for form in dict.fromkeys((*preferred, *named, *FORMS)):
            table = table_from_paragraphs(paragraphs, form)
            if form is not identify_form(table) and not (previous and form is previous.form):
                continue
            had_forms = len(self.forms)
            for part in split_by_first_label(table, form):
                if self._add_part(part, form) and previous and had_forms:
                    added = set(map(id, paragraphs))
                    previous.paragraphs_below = [
                        paragraph
                        for paragraph in previous.paragraphs_below
                        if id(paragraph) not in added
                    ]
            break

    def _add_part(self, table: Table, form: Form) -> bool:
        """Add a part as a new form or a continuation of the last; return whether it was added."""
        previous = self.forms[-1] if self.forms else None
        reader = FormTableReader(table, form).read()
        if previous is not None and not _is_new_form(reader, previous):
            return bool(previous.continue_with(table).boxes)
        if len(reader.boxes) < MIN_LABELS:
            return False
        form_boxes = FormBoxes(form, paragraphs_above=self.lines_before)
        form_boxes.add_part(reader)
        self.forms.append(form_boxes)
        return True


def _starts_unlabelled(table: Table) -> bool:
    """Whether a table continues the row that was split before it: its first cell is empty."""
    first = next(iter(table.by_row.values()), ())
    return len(first) > 1 and not first[0].text


def _continue_story(story: FieldBox, added_text: str, *, needs_finding: bool) -> None:
    """Join a story that continues elsewhere, without the lines that refer there."""
    text = text_markers.strip_markers(story.marked_text)
    remaining = "\n".join(
        line
        for line in story.marked_text.split("\n")
        if not is_continuation_pointer(text_markers.strip_markers(line))
    )
    story.is_continued = story.is_continued or needs_finding or remaining != story.marked_text
    story.marked_text = "" if is_attachment_reference(text) else remaining
    story.append(added_text, 0)


def _is_new_form(reader: FormTableReader, previous: FormBoxes) -> bool:
    """Whether a part is a new form and not a continuation of the previous one."""
    if len(reader.boxes) < MIN_LABELS:
        return False
    repeated = reader.boxes.keys() & previous.boxes.keys() - set(LONG_FIELDS)
    return reader.form is not previous.form or len(repeated) >= min(
        MIN_LABELS, len(reader.boxes) // 2
    )
