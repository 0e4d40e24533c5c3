"""What one file holds: records, a piece of an exhibit, or a finding why neither."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Literal

from kjfp_helpers.core.findings import Finding
from kjfp_helpers.core.records import Individual, Pages, Stocktake, Summary, Team
from kjfp_helpers.intake.common.parsed_value import make_findings
from kjfp_helpers.intake.common.resource_limits import TEXT_BYTES
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)
from kjfp_helpers.intake.documents.doc_binary import read_old_tables
from kjfp_helpers.intake.documents.docx.reader import Document, Unreadable, read_document
from kjfp_helpers.intake.documents.grid_model import Grid, from_lines, from_table, to_table
from kjfp_helpers.intake.documents.html import read_lines, read_page, saved_page
from kjfp_helpers.intake.documents.pdf import Scanned, read_pdf
from kjfp_helpers.intake.documents.sectioned_text import Text, read_plain, read_text
from kjfp_helpers.intake.documents.workbooks import read_old_book, read_xlsx
from kjfp_helpers.intake.files.file_types import Format, decode_text
from kjfp_helpers.intake.files.images import Image, check_ending, read_image
from kjfp_helpers.intake.files.security_scan import hazards, refusal
from kjfp_helpers.intake.files.zip_archives import OfficePackage
from kjfp_helpers.intake.format_findings import false_ending, unread, unreadable
from kjfp_helpers.intake.forms.form_checks import check_unread
from kjfp_helpers.intake.forms.form_reader import read_forms
from kjfp_helpers.intake.forms.range_checks import check_plausible
from kjfp_helpers.intake.forms.story_attachments import is_story
from kjfp_helpers.intake.mail.filename_checks import check_words
from kjfp_helpers.intake.stocktake.stocktake_reader import read_stocktake
from kjfp_helpers.intake.text_classifier import text_kind
from kjfp_helpers.rules import Notice


@dataclass(frozen=True, slots=True)
class Draft:
    """A record without its place in the round."""

    kind: Literal["team", "individual", "stocktake", "summary", "story_attachment", "unsorted"]
    body: Team | Individual | Stocktake | Summary | Pages
    provenance: Mapping[str, str]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """What a file holds; ``kind`` is what ``File.kind`` says; ``words`` may name the unit.

    ``loose`` is a text of no known kind, kept for the person who will sort it.
    """

    kind: str
    drafts: tuple[Draft, ...] = ()
    loose: Draft | None = None
    text: Text | None = None
    caption: str | None = None
    image: Image | None = None
    findings: tuple[Finding, ...] = ()
    words: tuple[str, ...] = field(default=())
    embedded: int = 0
    """Pictures inside a text document."""
    listed: str = ""
    """Words of a workbook or exhibition text, which may be a list of captions."""


def read_material(
    kind: Format,
    package: OfficePackage | None,
    data: bytes,
    name: str,
    *,
    archived: bool,
    notice: Notice,
) -> Material:
    """Read a file by its format; ``archived`` tells whether it came inside an archive."""
    about = (*false_ending(kind, name), *hazards(kind, package, data))
    if kind == "pdf" and any(one.code == "bomb" for one in about):
        return Material("unknown", findings=about)
    try:
        material = _read(kind, package, data, name, archived, notice)
    except Scanned:
        material = Material(
            "unknown", findings=make_findings("scanned", "可读取文字的文件", "扫描件")
        )
    except Unreadable as error:
        material = Material("unknown", findings=unreadable(str(error)))
    if material.image and material.image.format and not about:
        about = check_ending(material.image.format, name)
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
) -> Material:
    if kind == "image":
        return Material("picture", image=read_image(data))
    if package is not None and (stop := refusal(package, kind)):
        return Material("unknown", findings=stop)
    if kind in ("xlsx", "xls", "ods"):
        grids = read_xlsx(package, data) if package and kind == "xlsx" else read_old_book(data)
        return _workbook(grids, name, notice)
    if kind == "text":
        return _plain(data, name, archived, notice)
    if kind == "docx" and package is not None:
        pictures = sum(part.startswith("word/media/") for part in package.parts)
        material = _document(read_document(package), name, archived, notice)
        return replace(material, embedded=pictures)
    if kind == "pdf":
        return _document(read_pdf(data), name, archived, notice)
    if kind == "html":
        page = decode_text(saved_page(data)) or ""
        return _document(read_page(page), name, archived, notice)
    return Material("unknown", findings=unread(kind))


def read_lost_tables(data: bytes, notice: Notice) -> Material | None:
    """Read the forms of a .doc whose tables LibreOffice lost, ``None`` when it holds none."""
    try:
        material = _document(run_sandboxed(read_old_tables, data), "", False, notice)
    except (SandboxLimitExceeded, SandboxedCallFailed):
        return None
    return material if material.drafts else None


def read_body(document: Document, notice: Notice) -> Material | None:
    """Read a form that was typed as plain words or into a letter, ``None`` when there is none."""
    material = _document(document, "", False, notice)
    return material if any(_has_deeds(draft) for draft in material.drafts) else None


def _has_deeds(draft: Draft) -> bool:
    """Whether a form has more than what a signature under a letter has."""
    own = ("story", "service_types", "service_modes", "people_lifted", "regions")
    return draft.kind == "stocktake" or len(set(own) & set(draft.provenance)) >= 2


def _document(document: Document, name: str, archived: bool, notice: Notice) -> Material:
    drafts = _forms(document, name, notice)
    if drafts:
        return Material(drafts[0].kind, drafts=drafts)
    text = read_text(document)
    if _kind(text, name, archived, notice) != "summary":  # which may hold the same table
        lines = [one.text for one in document.paragraphs]
        if stocktake := _stocktake((from_table(table) for table in document.tables), lines):
            return stocktake
        if unread := check_unread(document):
            return Material("unknown", findings=unread)
    return _text(text, document.text.strip(), name, archived, notice)


def _stocktake(grids: Iterable[Grid], around: Iterable[str] = ()) -> Material | None:
    read = read_stocktake(grids, around)
    if read is None:
        return None
    draft = Draft("stocktake", read.body, read.provenance, read.findings)
    return Material("stocktake", drafts=(draft,), words=(read.body.unit or "",))


def _forms(document: Document, name: str, notice: Notice) -> tuple[Draft, ...]:
    return tuple(
        Draft(
            form.form.kind,
            form.body,
            form.provenance,
            (*form.findings, *check_plausible(form, notice), *_typed(form.body, form.provenance)),
        )
        for form in read_forms(document, name)
    )


def _typed(body: Team | Individual, provenance: Mapping[str, str]) -> Iterator[Finding]:
    """Yield findings on words that a spreadsheet or a browser would take for something else."""
    for item in fields(body):
        value = getattr(body, item.name)
        if isinstance(value, str):
            for one in check_words(value, "填写内容"):
                yield replace(one, field=item.name, place=provenance.get(item.name, ""))


def _plain(data: bytes, name: str, archived: bool, notice: Notice) -> Material:
    if len(data) > TEXT_BYTES:
        raise Unreadable("size")
    words = decode_text(data)
    if words is None:
        found = make_findings("charset", "UTF-8或GBK编码的文字", "编码混乱，部分文字无法辨认")
        words = data.replace(b"\0", b"").decode("gb18030", errors="replace")
    else:
        found = ()
    if not words.strip():
        return Material("unknown", findings=make_findings("empty", "有内容的文件", "空白文件"))
    table = name.lower().endswith(".csv")
    material = (_stocktake([from_lines(words, name)]) if table else None) or read_body(
        read_lines(words, "正文"), notice
    )
    if material is None:
        material = _text(read_plain(words), words.strip(), name, archived, notice)
    return replace(material, findings=(*found, *material.findings))


def _kind(text: Text, name: str, archived: bool, notice: Notice) -> str:
    return text_kind(
        text,
        name,
        archived=archived,
        summary=notice.summary.heads,
        exhibit=notice.exhibition.parts,
    )


def _text(text: Text, words: str, name: str, archived: bool, notice: Notice) -> Material:
    """Sort a text: a summary, an exhibition text, a caption, or a question to a person."""
    kind = _kind(text, name, archived, notice)
    if kind == "summary":
        body = Summary(title=text.title, sections=text.sections)
        named = (text.title or "",)
        return Material("summary", drafts=(Draft("summary", body, _places(text)),), words=named)
    if kind == "exhibit":
        return Material("exhibit", text=text, words=(text.title or "",), listed=words)
    if words and is_story(name, text.title or "", archived=archived):
        pages = Draft("story_attachment", Pages(story=words), {"story": "全文"})
        return Material("story_attachment", drafts=(pages,), words=(text.title or "",))
    if archived:
        return Material("caption", caption=words, findings=_personal(words))
    found = "空白文档" if not words else "看不出是哪种材料"
    body = Summary(title=text.title, sections=text.sections)
    return Material(
        "unknown",
        loose=Draft("unsorted", body, _places(text)) if words else None,
        findings=make_findings("unsorted", "推荐表、盘点表、工作总结或展览素材", found),
    )


def _places(text: Text) -> Mapping[str, str]:
    return {f"sections.{index}": place for index, place in enumerate(text.places)}


_IDENTITY = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dXx](?!\d)")


def _personal(words: str) -> tuple[Finding, ...]:
    if _IDENTITY.search(words):
        return make_findings("private_data", "公开的注释不含身份证号码", "含有身份证号码")
    return ()


def _workbook(grids: Sequence[Grid], name: str, notice: Notice) -> Material:
    """Read a workbook: the stock-take, or a form laid out in cells."""
    hidden = any(grid.hidden and grid.filled for grid in grids)
    about = make_findings("hidden_sheet", "看得见的工作表", "有隐藏的工作表") if hidden else ()
    if stocktake := _stocktake(sorted(grids, key=lambda grid: grid.hidden)):
        return replace(stocktake, findings=about)
    tables = [to_table(grid, number) for number, grid in enumerate(grids, start=1)]
    document = Document(tuple(tables))
    seen = tuple(one for one, grid in zip(tables, grids, strict=True) if not grid.hidden)
    drafts = _forms(Document(seen), name, notice) or _forms(document, name, notice)
    if drafts:
        kept = tuple(
            replace(one, findings=(*one.findings, *_numeric(one, grids), *_uncounted(one, grids)))
            for one in drafts
        )
        return Material(drafts[0].kind, drafts=kept, findings=about)
    empty = not any(grid.filled for grid in grids)
    found = (
        make_findings("empty", "有内容的工作簿", "空白工作簿")
        if empty
        else make_findings("unsorted", "盘点表或推荐表", "表中没有“两数”各栏，也不是推荐表")
    )
    return Material("unknown", findings=(*about, *found), listed=document.text)


def _uncounted(draft: Draft, grids: Sequence[Grid]) -> Iterator[Finding]:
    """Yield a finding on each box whose formula was saved without its result."""
    places = {place for grid in grids for place in grid.uncounted}
    for name, place in draft.provenance.items():
        if place in places:
            found = make_findings("formula_no_cache", "保存过计算结果的内容", "公式没有结果")
            yield from (replace(one, field=name, place=place) for one in found)


def _numeric(draft: Draft, grids: Sequence[Grid]) -> Iterator[Finding]:
    """Yield a finding on an identity number kept as a number: its last digits are lost."""
    place = draft.provenance.get("id_number", "")
    for grid in grids:
        for one in grid.squares:
            if one.place == place and isinstance(one.value, int | float):
                found = make_findings(
                    "numeric_cell", "文本格式的身份证号码", "数值格式，末几位已失真"
                )
                yield from (replace(each, field="id_number", place=place) for each in found)
