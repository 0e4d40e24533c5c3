"""Filled forms, summaries and exhibition texts, as real Word files."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm

from kjfp_helpers.core.form_schema import (
    INDIVIDUAL_FORM,
    TEAM_FORM,
    Form,
    FormField,
)
from kjfp_helpers.core.records import Individual, Section, Team
from kjfp_helpers.rehearsal.writers.docx_template import DocxTemplate
from kjfp_helpers.reports.office.forms import blank_forms

PHOTO_SIZE = (3.5, 4.9)
"""Width and height of a two-inch photo in cm."""
SEAL_WIDTH = 3.8
AUTHOR = "演练"


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A filled form before it is saved, with the boxes and the label cells by field."""

    document: Any
    boxes: Mapping[str, Any]
    labels: Mapping[str, Any]


def fill_form(
    body: Team | Individual,
    *,
    photo: bytes | None,
    seal: bytes | None,
    typed: Mapping[str, str] | None = None,
    alter: Callable[[FilledForm], None] = lambda filled: None,
) -> bytes:
    """Return a recommendation form as .docx.

    Parameters
    ----------
    body : Team or Individual
        The values.
    photo, seal : bytes, optional
        Pictures; one that is ``None`` is not on the form.
    typed : mapping, optional
        What stands in a box in place of the field's value.
    alter : callable
        Changes the filled form before it is saved.
    """
    form = TEAM_FORM if isinstance(body, Team) else INDIVIDUAL_FORM
    template = _form_template(form)
    document = template.open_document()
    table = document.tables[0]
    boxes, labels = {}, {}
    for row in range(len(form.rows)):
        cells = table.rows[row].cells
        for field, label, box in blank_forms.column_spans(form, row):
            boxes[field.name], labels[field.name] = cells[box], cells[label]
            if text := (typed or {}).get(field.name):
                _write_lines(cells[box], [text], centre=True)
            else:
                _fill_box(cells[box], field, body, seal)
    alter(FilledForm(document, boxes, labels))
    if form.photo and photo:
        cell = table.cell(0, blank_forms.GRID_COLUMNS - 1)
        clear_cell(cell).add_run().add_picture(BytesIO(photo), Cm(PHOTO_SIZE[0]), Cm(PHOTO_SIZE[1]))
    return template.to_bytes(document)


def write_text(title: str, sections: Iterable[Section]) -> bytes:
    """Return a headed text as .docx: Title, Heading 1 for each head, body paragraphs."""
    document = _text_template().open_document()
    document.add_heading(title, level=0)
    for section in sections:
        if section.heading:
            document.add_heading(section.heading, level=1)
        for line in section.text.split("\n"):
            blank_forms.add_run(document.add_paragraph(), line, size=12, font="仿宋")
    return _text_template().to_bytes(document)


def write_caption(text: str) -> bytes:
    """Return a caption as .docx."""
    document = _text_template().open_document()
    document.add_paragraph(text)
    return _text_template().to_bytes(document)


@cache
def _form_template(form: Form) -> DocxTemplate:
    return DocxTemplate(Document(BytesIO(blank_forms.build_blank_form(form, AUTHOR))))


@cache
def _text_template() -> DocxTemplate:
    document = Document()
    blank_forms.set_up_page(document, AUTHOR)
    return DocxTemplate(document)


def _fill_box(cell: Any, field: FormField, body: Team | Individual, seal: bytes | None) -> None:
    """Write one box of a form."""
    value = getattr(body, field.name)
    if field.kind == "regions":
        _write_lines(cell, [" ".join(part for part in region if part) for region in value])
    elif field.kind == "options":
        _write_checkboxes(clear_cell(cell), field, value, getattr(body, f"{field.name}_other"))
    elif field.kind == "opinion":
        _write_opinion(cell, value, body.recommend_date, seal)
    elif field.kind == "names":
        _write_lines(cell, ["、".join(value)])
    elif field.kind == "story":
        _write_lines(cell, [f"　　{line}" for line in value.split("\n")])
    elif value is not None:
        long = field.name in ("team_name", "address", "honors", "employer")
        size = 9 if field.kind in ("id_number", "email", "phone") else 10.5
        _write_lines(cell, [str(value)], centre=not long, size=size)


def _write_checkboxes(
    paragraph: Any, field: FormField, ticked: Iterable[str], other: str | None
) -> None:
    chosen = set(ticked)
    marks = "　".join(f"{'☑' if option in chosen else '□'}{option}" for option in field.options)
    blank_forms.add_run(paragraph, marks)
    if other:
        blank_forms.add_run(paragraph, other).underline = True
    else:
        blank_forms.add_run(paragraph, "_____")
    blank_forms.add_run(paragraph, "。")


def _write_opinion(cell: Any, opinion: str | None, day: date | None, seal: bytes | None) -> None:
    """Write the opinion, put the stamp over its place and write the date."""
    opinion_line, seal_line, date_line = cell.paragraphs
    blank_forms.add_run(opinion_line, f"　　{opinion}")
    if seal:
        seal_line.add_run().add_picture(BytesIO(seal), Cm(SEAL_WIDTH))
    if day:
        date_line.runs[0].text = f"{day.year}年{day.month}月{day.day}日"


def _write_lines(cell: Any, lines: list[str], *, centre: bool = False, size: float = 10.5) -> None:
    first = clear_cell(cell)
    for number, line in enumerate(lines):
        paragraph = cell.add_paragraph() if number else first
        if centre:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        blank_forms.add_run(paragraph, line, size=size)


def clear_cell(cell: Any) -> Any:
    """Take out what the blank prints in a box and return its first paragraph."""
    for paragraph in cell.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)
    first = cell.paragraphs[0]
    first.clear()
    return first
