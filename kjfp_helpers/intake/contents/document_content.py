"""Content of a document: recommendation forms, a stock-take, or running text."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.core.records import Individual, Team
from kjfp_helpers.intake.common.parsed_value import make_problems
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.common.unsafe_text_checks import check_text
from kjfp_helpers.intake.contents.content_model import FileContent, FileContext, RecordDraft
from kjfp_helpers.intake.contents.running_text_content import content_of_text, kind_of_text
from kjfp_helpers.intake.documents.doc_tables import read_doc_tables
from kjfp_helpers.intake.documents.document_model import Document
from kjfp_helpers.intake.documents.grid_model import Grid, grids_from_document
from kjfp_helpers.intake.documents.sectioned_text import split_document_into_sections
from kjfp_helpers.intake.files.ooxml_package import OfficePackage
from kjfp_helpers.intake.format_reading import read_document
from kjfp_helpers.intake.forms.form_reader import read_forms
from kjfp_helpers.intake.forms.form_titles import is_form_title
from kjfp_helpers.intake.forms.people_lists import read_people_list
from kjfp_helpers.intake.forms.plausibility.plausibility_checks import (
    check_plausibility,
)
from kjfp_helpers.intake.forms.whole_form_checks import check_missing_form
from kjfp_helpers.intake.stocktake.stocktake_reader import read_stocktake
from kjfp_helpers.rules import Notice

_TELLING_FIELDS = frozenset(
    "story service_types service_modes people_lifted service_days regions".split()
)
"""Fields of a form that neither a curriculum vitae nor the signature of a message has."""
_MIN_TELLING_FIELDS = 2
_MAX_TITLE_LINES = 8
_MAX_NAMES_CHARS = 120
_FORM_NAME = re.compile("推荐表|推荐书|申报表|附件[12一二１２]")
_CURRICULUM_VITAE = re.compile("简历|履历")
_NOMINATION = re.compile("推荐|申报|先进|科技助力")
NO_FORM = ("推荐表、盘点表、工作总结或展览素材", "像个人简历或登记表，没有推荐表的服务、事迹等栏")
"""What is expected and found where a document has a person's data alone."""


def content_of_document(document: Document, context: FileContext) -> FileContent:
    """Return the forms of a document, else its stock-take, else the content of its text."""
    drafts = draft_forms(document, context)
    if drafts and not is_curriculum_vitae(drafts, document, context):
        return FileContent(drafts[0].kind, drafts=drafts)
    text = split_document_into_sections(document)
    kind = kind_of_text(text, context)
    if kind != "summary":  # a summary may contain the same table
        lines = [paragraph.text for paragraph in document.paragraphs]
        if stocktake := content_of_stocktake(grids_from_document(document), lines):
            return stocktake
        if people := content_of_people_list(document, (context.name,)):
            return people
        if drafts:
            return FileContent("unknown", findings=make_problems("unsorted", *NO_FORM))
        if kind != "exhibit" and (missing := check_missing_form(document)):
            return FileContent("unknown", findings=missing)
    return content_of_text(text, document.text.strip(), context)


def content_of_stocktake(
    grids: Iterable[Grid], lines_around: Iterable[str] = ()
) -> FileContent | None:
    """Return the stock-take in the grids, ``None`` if there is none."""
    stocktake = read_stocktake(grids, lines_around)
    if stocktake is None:
        return None
    draft = RecordDraft("stocktake", stocktake.body, stocktake.provenance, stocktake.findings)
    return FileContent("stocktake", drafts=(draft,), unit_hints=(stocktake.body.unit or "",))


def content_of_people_list(document: Document, names: Iterable[str]) -> FileContent | None:
    """Return the list of people in a document, ``None`` if there is none.

    ``names`` are those of the file and its sheets, which may say what is listed.
    """
    people_list = read_people_list(document, names)
    if people_list is None:
        return None
    title = people_list.title
    found = f"{quote_for_finding(title) if title else '名单'}，{len(people_list.people)}人"
    if people_list.nominees:  # who is proposed without a form is asked about by name
        names = "、".join(person.name for person in people_list.people)
        found += f"：{quote_for_finding(names, _MAX_NAMES_CHARS)}"
    return FileContent(
        "people_list",
        unclassified=RecordDraft("people_list", people_list, {}),
        findings=make_problems("people_list", "每个推荐对象一份推荐表", found),
        unit_hints=(title,),
    )


def draft_forms(document: Document, context: FileContext) -> tuple[RecordDraft, ...]:
    """Return a draft of each recommendation form of a document."""
    return tuple(
        RecordDraft(
            form.form.kind,
            form.body,
            form.provenance,
            (
                *form.findings,
                *check_plausibility(form, context.notice),
                *_text_findings(form.body, form.provenance),
            ),
        )
        for form in read_forms(document, context.name)
    )


def read_typed_form(document: Document, notice: Notice) -> FileContent | None:
    """Read a form typed as plain text or into a message body, ``None`` if there is none."""
    content = content_of_document(document, FileContext("", False, notice))
    return content if any(map(_is_form, content.drafts)) else None


def count_filled_cells(package: OfficePackage | None) -> int:
    """Return how many cells of the tables of a .docx hold text."""
    document = read_document("docx", package, b"")
    return _count_cells(document) if document else 0


def _count_cells(document: Document) -> int:
    return sum(bool(cell.text.strip()) for table in document.tables for cell in table.cells)


def read_doc_forms(
    data: bytes, notice: Notice, converted_cells: int | None = None
) -> FileContent | None:
    """Read the forms of a .doc whose tables LibreOffice lost, ``None`` if there are none.

    With ``converted_cells``, the filled cells of its conversion, only a .doc with more counts.
    """
    try:
        document = run_sandboxed(read_doc_tables, data)
    except (SandboxLimitExceeded, SandboxedCallFailed):
        return None
    if converted_cells is not None and _count_cells(document) <= converted_cells:
        return None
    content = content_of_document(document, FileContext("", False, notice))
    return content if content.drafts else None


def is_curriculum_vitae(
    drafts: Sequence[RecordDraft], document: Document, context: FileContext
) -> bool:
    """Whether a document has a person's data alone, and neither deeds nor the title of a form."""
    telling = max(len(_TELLING_FIELDS & set(draft.provenance)) for draft in drafts)
    if telling >= _MIN_TELLING_FIELDS:
        return False
    lines = [paragraph.text for paragraph in document.paragraphs]
    lines += [
        cell.text for table in document.tables for cell in next(iter(table.by_row.values()), ())
    ]
    texts = [context.name, *lines[:_MAX_TITLE_LINES]]
    is_titled = bool(_FORM_NAME.search(context.name)) or any(
        is_form_title(line) and _NOMINATION.search(line) for line in lines
    )
    if any(map(_CURRICULUM_VITAE.search, texts)):
        return True
    return not telling and not is_titled


def _is_form(draft: RecordDraft) -> bool:
    """Whether a draft has more fields than the signature of a message."""
    return draft.kind == "stocktake" or len(_TELLING_FIELDS & set(draft.provenance)) >= (
        _MIN_TELLING_FIELDS
    )


def _text_findings(body: Team | Individual, provenance: Mapping[str, str]) -> Iterator[Problem]:
    """Yield findings on text that spreadsheets or browsers would interpret."""
    for field in fields(body):
        value = getattr(body, field.name)
        if isinstance(value, str):
            for finding in check_text(value, "填写内容"):
                location = provenance.get(field.name, "")
                yield finding.at(field.name, location)
