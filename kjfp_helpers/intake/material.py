"""What one file holds: records, a piece of an exhibit, or a finding why neither."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from kjfp_helpers.findings import Finding
from kjfp_helpers.intake.archives import Package
from kjfp_helpers.intake.documents import Unreadable, read_document
from kjfp_helpers.intake.form_checks import check_unread
from kjfp_helpers.intake.form_reader import read_forms
from kjfp_helpers.intake.images import Image, read_image
from kjfp_helpers.intake.plausible import check_plausible
from kjfp_helpers.intake.sheets import read_stocktake
from kjfp_helpers.intake.sorting import Format, decode_text, text_kind
from kjfp_helpers.intake.stories import is_story
from kjfp_helpers.intake.texts import Text, read_plain, read_text
from kjfp_helpers.intake.values import note
from kjfp_helpers.records import Individual, Pages, Stocktake, Summary, Team
from kjfp_helpers.rules import Notice


@dataclass(frozen=True, slots=True)
class Draft:
    """A record without its place in the round."""

    kind: Literal["team", "individual", "stocktake", "summary", "story_attachment"]
    body: Team | Individual | Stocktake | Summary | Pages
    provenance: Mapping[str, str]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """What a file holds; ``kind`` is what ``File.kind`` says; ``words`` may name the unit."""

    kind: str
    drafts: tuple[Draft, ...] = ()
    text: Text | None = None
    caption: str | None = None
    image: Image | None = None
    findings: tuple[Finding, ...] = ()
    words: tuple[str, ...] = field(default=())


def read_material(
    kind: Format, package: Package | None, data: bytes, name: str, *, archived: bool, notice: Notice
) -> Material:
    """Read a file by its format; ``archived`` tells whether it came inside an archive."""
    if kind == "image":
        return Material("picture", image=read_image(data))
    try:
        if kind == "docx" and package is not None:
            return _document(package, name, archived, notice)
        if kind == "xlsx" and package is not None:
            return _workbook(package, data)
    except Unreadable:
        return Material("unknown", findings=note("unreadable", "可打开的文件", "内容无法解析"))
    if kind == "text":
        words = decode_text(data) or ""
        return _text(read_plain(words), words.strip(), name, archived, notice)
    return Material("unknown", findings=_REFUSED[kind]())


def _refusal(code: str, expected: str, found: str) -> Callable[[], tuple[Finding, ...]]:
    return lambda: note(code, expected, found)


_WANTED = "docx、xlsx、zip、JPG 文件"
_REFUSED: Mapping[str, Callable[[], tuple[Finding, ...]]] = {
    "empty": _refusal("empty", "有内容的文件", "0字节"),
    "encrypted": _refusal("encrypted", "无密码的文件", "有密码"),
    "corrupt": _refusal("corrupt", "完整的文件", "无法打开"),
    "ole": _refusal("unsupported", _WANTED, "旧版Office格式（doc、xls、wps）"),
    "pdf": _refusal("unsupported", _WANTED, "PDF文件"),
    "other": _refusal("unsupported", _WANTED, "其他类型"),
}


def _document(package: Package, name: str, archived: bool, notice: Notice) -> Material:
    document = read_document(package)
    forms = read_forms(document, name)
    if forms:
        drafts = [
            Draft(form.form.kind, form.body, form.provenance,
                  (*form.findings, *check_plausible(form, notice)))
            for form in forms
        ]  # fmt: skip
        return Material(forms[0].form.kind, drafts=tuple(drafts))
    if unread := check_unread(document):
        return Material("unknown", findings=unread)
    return _text(read_text(document), document.text.strip(), name, archived, notice)


def _text(text: Text, words: str, name: str, archived: bool, notice: Notice) -> Material:
    """Sort a text: a summary, an exhibition text, a caption, or a question to a person."""
    kind = text_kind(
        text, name, archived=archived,
        summary=notice.summary.heads, exhibit=notice.exhibition.parts,
    )  # fmt: skip
    if kind == "summary":
        provenance = {f"sections.{index}": place for index, place in enumerate(text.places)}
        body = Summary(title=text.title, sections=text.sections)
        named = (text.title or "",)
        return Material("summary", drafts=(Draft("summary", body, provenance),), words=named)
    if kind == "exhibit":
        return Material("exhibit", text=text, words=(text.title or "",))
    if words and is_story(name, text.title or "", archived=archived):
        pages = Draft("story_attachment", Pages(story=words), {"story": "全文"})
        return Material("story_attachment", drafts=(pages,), words=(text.title or "",))
    if archived:
        return Material("caption", caption=words)
    found = "空白文档" if not words else "看不出是哪种材料"
    return Material(
        "unknown", findings=note("unsorted", "推荐表、盘点表、工作总结或展览素材", found)
    )


def _workbook(package: Package, data: bytes) -> Material:
    read = read_stocktake(package, data)
    if read is None:
        return Material("unknown", findings=note("unsorted", "盘点表", "表中没有“两数”各栏"))
    draft = Draft("stocktake", read.body, read.provenance, read.findings)
    return Material("stocktake", drafts=(draft,), words=(read.body.unit or "",))
