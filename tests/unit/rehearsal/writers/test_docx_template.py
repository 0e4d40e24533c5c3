"""Documents of one template: the bytes that python-docx writes, and nothing of each other."""

from io import BytesIO

import pytest
from docx import Document
from docx.shared import Cm
from PIL import Image

from kjfp_helpers.core.form_schema import FORMS
from kjfp_helpers.rehearsal.writers.docx_template import DocxTemplate
from kjfp_helpers.reports.office.forms.blank_forms import build_blank_form
from kjfp_helpers.reports.office.writers.deterministic_zip import normalize_zip

TEMPLATES = {"default": lambda: Document()} | {
    form.kind: lambda form=form: Document(BytesIO(build_blank_form(form, "演练"))) for form in FORMS
}


def picture(colour):
    buffer = BytesIO()
    Image.new("RGB", (40, 30), colour).save(buffer, "PNG")
    return BytesIO(buffer.getvalue())


def write(document, text, colours=()):
    document.add_heading(text, level=1)
    document.add_paragraph(f"{text}正文")
    for colour in colours:
        document.add_picture(picture(colour), Cm(2))
    return document


def saved(document):
    buffer = BytesIO()
    document.save(buffer)
    return normalize_zip(buffer.getvalue())


@pytest.mark.slow
@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("colours", [(), ("red",), ("red", "blue", "red")])
def test_a_document_has_the_bytes_that_python_docx_writes(name, colours):
    template = DocxTemplate(TEMPLATES[name]())
    made = template.to_bytes(write(template.open_document(), "甲", colours))
    assert made == saved(write(TEMPLATES[name](), "甲", colours))


def test_documents_of_one_template_show_nothing_of_each_other():
    template = DocxTemplate(Document())
    first, second = template.open_document(), template.open_document()
    write(first, "甲", ("red",))
    write(second, "乙", ("blue", "green"))
    assert template.to_bytes(second) == saved(write(Document(), "乙", ("blue", "green")))
    assert template.to_bytes(first) == saved(write(Document(), "甲", ("red",)))
    assert template.to_bytes(template.open_document()) == saved(Document())
