"""Read a file by its format: dispatch to the reader of the format, with security findings."""

from dataclasses import replace

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.intake.common.parsed_value import make_problems
from kjfp_helpers.intake.common.resource_limits import MAX_PLAIN_TEXT_BYTES, MAX_TEXT_BYTES
from kjfp_helpers.intake.contents.content_model import FileContent, FileContext
from kjfp_helpers.intake.contents.document_content import (
    content_of_document,
    content_of_people_list,
    read_typed_form,
)
from kjfp_helpers.intake.contents.format_findings import (
    extension_mismatch,
    parse_failure,
    unsupported_format,
)
from kjfp_helpers.intake.contents.running_text_content import content_of_text
from kjfp_helpers.intake.contents.workbook_content import content_of_workbook
from kjfp_helpers.intake.documents.document_model import Unreadable
from kjfp_helpers.intake.documents.grid_model import grid_from_csv
from kjfp_helpers.intake.documents.pdf.reader import ScannedPdf
from kjfp_helpers.intake.documents.sectioned_text import split_text_into_sections
from kjfp_helpers.intake.files.file_types import Format, decode_text, detect_format
from kjfp_helpers.intake.files.images import check_extension, read_image
from kjfp_helpers.intake.files.ooxml_package import OfficePackage
from kjfp_helpers.intake.files.security.security_scan import blocking_findings, scan_file
from kjfp_helpers.intake.format_reading import (
    read_document,
    read_grids,
    read_lines,
    read_typed_text,
)
from kjfp_helpers.rules import Notice

_TABLE_EXTENSIONS = (".csv", ".xls", ".et")
"""Names under which systems export text with commas or tabs."""


def read_file_content(
    kind: Format,
    package: OfficePackage | None,
    data: bytes,
    name: str,
    *,
    archived: bool,
    notice: Notice,
) -> FileContent:
    """Read a file by its format.

    Parameters
    ----------
    kind : Format
        The detected format.
    package : OfficePackage or None
        The opened package of an Office file.
    data : bytes
        The file.
    name : str
        Its name.
    archived : bool
        Whether it is inside an archive.
    notice : Notice
        Rules of the round.
    """
    findings = (*extension_mismatch(kind, name), *scan_file(kind, package, data))
    if kind == "pdf" and _has_code(findings, "bomb"):
        return FileContent("unknown", findings=findings)
    try:
        content = _read(kind, package, data, FileContext(name, archived, notice))
    except ScannedPdf:
        scanned = make_problems("scanned", "可读取文字的文件", "扫描件")
        content = FileContent("unknown", findings=scanned)
    except Unreadable as error:
        content = FileContent("unknown", findings=parse_failure(str(error)))
    image = content.image
    if image and image.format and not findings:
        findings = check_extension(image.format, name)
    if image and _has_code(findings, "polyglot"):
        remaining = tuple(finding for finding in image.findings if finding.code != "padded")
        content = replace(content, image=replace(image, findings=remaining))
    return replace(content, findings=(*findings, *content.findings))


def read_plain_text(data: bytes, name: str) -> str:
    """Return the running text of a file, blank for what holds none or must not be opened."""
    kind, package = detect_format(data, name)
    is_bomb = kind == "pdf" and _has_code(tuple(scan_file(kind, package, data)), "bomb")
    if is_bomb or (package is not None and blocking_findings(package, kind)):
        return ""
    if kind == "text":
        return decode_text(data[:MAX_TEXT_BYTES]) or ""
    try:
        document = read_document(kind, package, data)
    except (Unreadable, ScannedPdf):
        return ""
    return document.text if document else ""


def _has_code(findings: tuple[Problem, ...], code: str) -> bool:
    return any(finding.code == code for finding in findings)


def _read(
    kind: Format, package: OfficePackage | None, data: bytes, context: FileContext
) -> FileContent:
    """Read a file by its format; raise ``Unreadable`` if its parser gives up."""
    if kind == "image":
        return FileContent("picture", image=read_image(data))
    if package is not None and (blocking := blocking_findings(package, kind)):
        return FileContent("unknown", findings=blocking)
    grids = read_grids(kind, package, data)
    if grids is not None:
        return content_of_workbook(grids, context)
    if kind == "text":
        return _read_text_file(data, context)
    document = read_document(kind, package, data)
    if document is None:
        return FileContent("unknown", findings=unsupported_format(kind))
    content = content_of_document(document, context)
    if package is None:
        return content
    pictures = sum(part.startswith("word/media/") for part in package.part_names)
    return replace(content, embedded_pictures=pictures)


def _read_text_file(data: bytes, context: FileContext) -> FileContent:
    """Read a text file: a stock-take as CSV, a typed form, or running text."""
    if len(data) > MAX_PLAIN_TEXT_BYTES:
        raise Unreadable("size")
    text = decode_text(data)
    findings: tuple[Problem, ...] = ()
    if text is None:
        text = data.replace(b"\0", b"").decode("gb18030", errors="replace")
        found = "编码混乱，部分文字无法辨认"
        findings = make_problems("charset", "UTF-8或GBK编码的文字", found)
    if not text.strip():
        return FileContent("unknown", findings=make_problems("empty", "有内容的文件", "空白文件"))
    content = None
    if context.name.lower().endswith(_TABLE_EXTENSIONS):
        tabular = content_of_workbook([grid_from_csv(text, context.name)], context)
        content = tabular if tabular.drafts else None
    if content is None:
        content = read_typed_form(read_typed_text(text), context.notice)
        content = content or content_of_people_list(read_lines(text), (context.name,))
    if content is None and "\t" in text:
        tabular = content_of_workbook([grid_from_csv(text, context.name)], context)
        content = tabular if tabular.kind == "stocktake" else None
    if content is None:
        content = content_of_text(split_text_into_sections(text), text.strip(), context)
    return replace(content, findings=(*findings, *content.findings))
