"""What one file holds: records, a piece of an exhibit, or a finding why neither."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Literal

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Individual, Stocktake, StoryAttachment, Summary, Team
from kjfp_helpers.intake.common.parsed_value import make_findings
from kjfp_helpers.intake.common.resource_limits import MAX_TEXT_BYTES
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)
from kjfp_helpers.intake.documents.doc_binary import read_doc_tables
from kjfp_helpers.intake.documents.docx.reader import Document, Unreadable, read_docx
from kjfp_helpers.intake.documents.grid_model import (
    Grid,
    grid_from_csv,
    grid_from_table,
    table_from_grid,
)
from kjfp_helpers.intake.documents.html import mhtml_body, read_html, read_key_value_text
from kjfp_helpers.intake.documents.pdf import ScannedPdf, read_pdf
from kjfp_helpers.intake.documents.sectioned_text import (
    SectionedText,
    split_document_into_sections,
    split_text_into_sections,
)
from kjfp_helpers.intake.documents.workbooks import read_legacy_workbook, read_xlsx
from kjfp_helpers.intake.files.file_types import Format, decode_text
from kjfp_helpers.intake.files.images import ImageInfo, check_extension, read_image
from kjfp_helpers.intake.files.security_scan import blocking_findings, scan_file
from kjfp_helpers.intake.files.zip_archives import OfficePackage
from kjfp_helpers.intake.format_findings import (
    extension_mismatch,
    parse_failure,
    unsupported_format,
)
from kjfp_helpers.intake.forms.form_checks import check_missing_form
from kjfp_helpers.intake.forms.form_reader import read_forms
from kjfp_helpers.intake.forms.range_checks import check_ranges
from kjfp_helpers.intake.forms.story_attachments import is_story_attachment
from kjfp_helpers.intake.mail.filename_checks import check_text
from kjfp_helpers.intake.stocktake.stocktake_reader import read_stocktake
from kjfp_helpers.intake.text_classifier import classify_text
from kjfp_helpers.rules import Notice


@dataclass(frozen=True, slots=True)
class RecordDraft:
    """A record without its place in the round."""

    kind: Literal["team", "individual", "stocktake", "summary", "story_attachment", "unsorted"]
    body: Team | Individual | Stocktake | Summary | StoryAttachment
    provenance: Mapping[str, str]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class FileContent:
    """What a file holds; ``kind`` is what ``File.kind`` says; ``unit_hints`` may name the unit.

    ``unclassified`` is a text of no known kind, kept for the person who will sort it.
    """

    kind: str
    drafts: tuple[RecordDraft, ...] = ()
    unclassified: RecordDraft | None = None
    text: SectionedText | None = None
    caption: str | None = None
    image: ImageInfo | None = None
    findings: tuple[Finding, ...] = ()
    unit_hints: tuple[str, ...] = field(default=())
    embedded_pictures: int = 0
    """Pictures inside a text document."""
    caption_source: str = ""
    """Words of a workbook or exhibition text, which may be a list of captions."""


def read_file_content(
    kind: Format,
    package: OfficePackage | None,
    data: bytes,
    name: str,
    *,
    archived: bool,
    notice: Notice,
) -> FileContent:
    """Read a file by its format; ``archived`` tells whether it came inside an archive."""
    about = (*extension_mismatch(kind, name), *scan_file(kind, package, data))
    if kind == "pdf" and any(one.code == "bomb" for one in about):
        return FileContent("unknown", findings=about)
    try:
        material = _read(kind, package, data, name, archived, notice)
    except ScannedPdf:
        material = FileContent(
            "unknown", findings=make_findings("scanned", "可读取文字的文件", "扫描件")
        )
    except Unreadable as error:
        material = FileContent("unknown", findings=parse_failure(str(error)))
    if material.image and material.image.format and not about:
        about = check_extension(material.image.format, name)
    if any(one.code == "polyglot" for one in about) and material.image:
        plain = tuple(one for one in material.image.findings if one.code != "padded")
        material = replace(material, image=replace(material.image, findings=plain))
    return replace(material, findings=(*about, *material.findings))


def _read(
    kind: Format,
    package: OfficePackage | None,
    data: bytes,
    name: str,
    archived: bool,
    notice: Notice,
) -> FileContent:
    if kind == "image":
        return FileContent("picture", image=read_image(data))
    if package is not None and (stop := blocking_findings(package, kind)):
        return FileContent("unknown", findings=stop)
    if kind in ("xlsx", "xls", "ods"):
        grids = (
            read_xlsx(package, data) if package and kind == "xlsx" else read_legacy_workbook(data)
        )
        return _workbook(grids, name, notice)
    if kind == "text":
        return _plain(data, name, archived, notice)
    if kind == "docx" and package is not None:
        pictures = sum(part.startswith("word/media/") for part in package.part_names)
        material = _document(read_docx(package), name, archived, notice)
        return replace(material, embedded_pictures=pictures)
    if kind == "pdf":
        return _document(read_pdf(data), name, archived, notice)
    if kind == "html":
        page = decode_text(mhtml_body(data)) or ""
        return _document(read_html(page), name, archived, notice)
    return FileContent("unknown", findings=unsupported_format(kind))


def read_doc_forms(data: bytes, notice: Notice) -> FileContent | None:
    """Read the forms of a .doc whose tables LibreOffice lost, ``None`` when it holds none."""
    try:
        material = _document(run_sandboxed(read_doc_tables, data), "", False, notice)
    except (SandboxLimitExceeded, SandboxedCallFailed):
        return None
    return material if material.drafts else None


def read_typed_form(document: Document, notice: Notice) -> FileContent | None:
    """Read a form that was typed as plain words or into a letter, ``None`` when there is none."""
    material = _document(document, "", False, notice)
    return material if any(_has_deeds(draft) for draft in material.drafts) else None


def _has_deeds(draft: RecordDraft) -> bool:
    """Whether a form has more than what a signature under a letter has."""
    own = ("story", "service_types", "service_modes", "people_lifted", "regions")
    return draft.kind == "stocktake" or len(set(own) & set(draft.provenance)) >= 2


def _document(document: Document, name: str, archived: bool, notice: Notice) -> FileContent:
    drafts = _forms(document, name, notice)
    if drafts:
        return FileContent(drafts[0].kind, drafts=drafts)
    text = split_document_into_sections(document)
    if _kind(text, name, archived, notice) != "summary":  # which may hold the same table
        lines = [one.text for one in document.paragraphs]
        if stocktake := _stocktake((grid_from_table(table) for table in document.tables), lines):
            return stocktake
        if unread := check_missing_form(document):
            return FileContent("unknown", findings=unread)
    return _text(text, document.text.strip(), name, archived, notice)


def _stocktake(grids: Iterable[Grid], around: Iterable[str] = ()) -> FileContent | None:
    read = read_stocktake(grids, around)
    if read is None:
        return None
    draft = RecordDraft("stocktake", read.body, read.provenance, read.findings)
    return FileContent("stocktake", drafts=(draft,), unit_hints=(read.body.unit or "",))


def _forms(document: Document, name: str, notice: Notice) -> tuple[RecordDraft, ...]:
    return tuple(
        RecordDraft(
            form.form.kind,
            form.body,
            form.provenance,
            (*form.findings, *check_ranges(form, notice), *_typed(form.body, form.provenance)),
        )
        for form in read_forms(document, name)
    )


def _typed(body: Team | Individual, provenance: Mapping[str, str]) -> Iterator[Finding]:
    """Yield findings on words that a spreadsheet or a browser would take for something else."""
    for item in fields(body):
        value = getattr(body, item.name)
        if isinstance(value, str):
            for one in check_text(value, "填写内容"):
                yield replace(one, field=item.name, place=provenance.get(item.name, ""))


def _plain(data: bytes, name: str, archived: bool, notice: Notice) -> FileContent:
    if len(data) > MAX_TEXT_BYTES:
        raise Unreadable("size")
    words = decode_text(data)
    if words is None:
        found = make_findings("charset", "UTF-8或GBK编码的文字", "编码混乱，部分文字无法辨认")
        words = data.replace(b"\0", b"").decode("gb18030", errors="replace")
    else:
        found = ()
    if not words.strip():
        return FileContent("unknown", findings=make_findings("empty", "有内容的文件", "空白文件"))
    table = name.lower().endswith(".csv")
    material = (_stocktake([grid_from_csv(words, name)]) if table else None) or read_typed_form(
        read_key_value_text(words, "正文"), notice
    )
    if material is None:
        material = _text(split_text_into_sections(words), words.strip(), name, archived, notice)
    return replace(material, findings=(*found, *material.findings))


def _kind(text: SectionedText, name: str, archived: bool, notice: Notice) -> str:
    return classify_text(
        text,
        name,
        archived=archived,
        summary=notice.summary.heads,
        exhibit=notice.exhibition.parts,
    )


def _text(
    text: SectionedText, words: str, name: str, archived: bool, notice: Notice
) -> FileContent:
    """Sort a text: a summary, an exhibition text, a caption, or a question to a person."""
    kind = _kind(text, name, archived, notice)
    if kind == "summary":
        body = Summary(title=text.title, sections=text.sections)
        named = (text.title or "",)
        return FileContent(
            "summary", drafts=(RecordDraft("summary", body, _places(text)),), unit_hints=named
        )
    if kind == "exhibit":
        return FileContent(
            "exhibit", text=text, unit_hints=(text.title or "",), caption_source=words
        )
    if words and is_story_attachment(name, text.title or "", archived=archived):
        pages = RecordDraft("story_attachment", StoryAttachment(story=words), {"story": "全文"})
        return FileContent("story_attachment", drafts=(pages,), unit_hints=(text.title or "",))
    if archived:
        return FileContent("caption", caption=words, findings=_personal(words))
    found = "空白文档" if not words else "看不出是哪种材料"
    body = Summary(title=text.title, sections=text.sections)
    return FileContent(
        "unknown",
        unclassified=RecordDraft("unsorted", body, _places(text)) if words else None,
        findings=make_findings("unsorted", "推荐表、盘点表、工作总结或展览素材", found),
    )


def _places(text: SectionedText) -> Mapping[str, str]:
    return {f"sections.{index}": place for index, place in enumerate(text.locations)}


_IDENTITY = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dXx](?!\d)")


def _personal(words: str) -> tuple[Finding, ...]:
    if _IDENTITY.search(words):
        return make_findings("private_data", "公开的注释不含身份证号码", "含有身份证号码")
    return ()


def _workbook(grids: Sequence[Grid], name: str, notice: Notice) -> FileContent:
    """Read a workbook: the stock-take, or a form laid out in cells."""
    hidden = any(grid.hidden and grid.filled_cells for grid in grids)
    about = make_findings("hidden_sheet", "看得见的工作表", "有隐藏的工作表") if hidden else ()
    if stocktake := _stocktake(sorted(grids, key=lambda grid: grid.hidden)):
        return replace(stocktake, findings=about)
    tables = [table_from_grid(grid, number) for number, grid in enumerate(grids, start=1)]
    document = Document(tuple(tables))
    seen = tuple(one for one, grid in zip(tables, grids, strict=True) if not grid.hidden)
    drafts = _forms(Document(seen), name, notice) or _forms(document, name, notice)
    if drafts:
        kept = tuple(
            replace(one, findings=(*one.findings, *_numeric(one, grids), *_uncounted(one, grids)))
            for one in drafts
        )
        return FileContent(drafts[0].kind, drafts=kept, findings=about)
    empty = not any(grid.filled_cells for grid in grids)
    found = (
        make_findings("empty", "有内容的工作簿", "空白工作簿")
        if empty
        else make_findings("unsorted", "盘点表或推荐表", "表中没有“两数”各栏，也不是推荐表")
    )
    return FileContent("unknown", findings=(*about, *found), caption_source=document.text)


def _uncounted(draft: RecordDraft, grids: Sequence[Grid]) -> Iterator[Finding]:
    """Yield a finding on each box whose formula was saved without its result."""
    places = {place for grid in grids for place in grid.uncached_formulas}
    for name, place in draft.provenance.items():
        if place in places:
            found = make_findings("formula_no_cache", "保存过计算结果的内容", "公式没有结果")
            yield from (replace(one, field=name, place=place) for one in found)


def _numeric(draft: RecordDraft, grids: Sequence[Grid]) -> Iterator[Finding]:
    """Yield a finding on an identity number kept as a number: its last digits are lost."""
    place = draft.provenance.get("id_number", "")
    for grid in grids:
        for one in grid.cells:
            if one.location == place and isinstance(one.value, int | float):
                found = make_findings(
                    "numeric_cell", "文本格式的身份证号码", "数值格式，末几位已失真"
                )
                yield from (replace(each, field="id_number", place=place) for each in found)
