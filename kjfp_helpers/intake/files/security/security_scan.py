"""Static scan of files for active content: macros, DDE, embedded objects, external references.

Nothing is executed or fetched; only the bytes of the file and its parts are searched.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.intake.common.parsed_value import make_problems
from kjfp_helpers.intake.common.resource_limits import (
    MAX_EXPANSION_RATIO,
    MAX_IMAGE_PIXELS,
    MAX_TEXT_BYTES,
    MAX_WORKSHEETS,
    MAX_XML_PART_BYTES,
    MAX_XML_PART_TAGS,
    MIN_BOMB_BYTES,
)
from kjfp_helpers.intake.common.text_cleanup import quote_for_finding
from kjfp_helpers.intake.common.unsafe_text_checks import is_formula_like
from kjfp_helpers.intake.files.file_types import Format, decode_text
from kjfp_helpers.intake.files.images import JPEG_END, declared_pixels
from kjfp_helpers.intake.files.ooxml_package import OfficePackage
from kjfp_helpers.intake.files.security.pdf_object_streams import decompress_streams

_DDE_UTF16 = re.compile(
    rb"\x13\0(?:[ \"]\0)*" + b"".join(rb"[%c%c]\0" % (a, a + 32) for a in b"DDE")
)
_QUOTE_FIELD = re.compile(rb"\bQUOTE((?:\s+\d{2,3})+)")
_MAX_RTF_DEPTH = 500
"""Nesting depth of RTF groups; programs write a few dozen."""
_PNG_START = b"\x89PNG"
_PNG_END, _JPEG_END = re.compile(rb"IEND\xaeB\x60\x82"), re.compile(re.escape(JPEG_END))
_APPENDED_FILE = re.compile(
    rb"(?:\xff\xd9|\x60\x82)(?:PK\x03\x04|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|MZ\x90\x00|\x7fELF)"
)
"""End of a JPEG or PNG, and the first bytes of an archive or program."""
_DDE = re.compile(rb"\bDDE(?:AUTO)?\b[\s\"\\]", re.IGNORECASE)
_DDE_CELL = re.compile(rb"<ddeLink\b|(?:cmd|msexcel|powershell|mshta|rundll32)\s*\|", re.IGNORECASE)
_FETCHING_FIELD = re.compile(rb"\bINCLUDE(?:PICTURE|TEXT)\b|\bWEBSERVICE\s*\(", re.IGNORECASE)
_EXTERNAL_RELATION = re.compile(rb"<[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
_HYPERLINK_TYPE = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']", re.IGNORECASE)
_LOCAL_TARGET = re.compile(
    rb"Target\s*=\s*[\"'](?:file:|\\\\|//|smb:|ms-|javascript:|vbscript:)", re.IGNORECASE
)
_FIELD_CODES = re.compile(rb"<w:instrText[^>]*>([^<]*)|w:instr\s*=\s*\"([^\"]*)", re.IGNORECASE)
_POOLED_OBJECT = re.compile(rb"_\x00(?:[0-9]\x00){6,12}\x00{2,}..\x01[\x00\x01]", re.DOTALL)
"""Entry of an embedded object; LibreOffice writes the object pool even when it is empty."""
_PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_SCRIPT = re.compile(
    rb"<\s*script\b|javascript\s*:|\bon(?:load|error|click)\s*=|<\s*iframe\b", re.IGNORECASE
)
_REMOTE_SOURCE = re.compile(
    rb"(?:src|background)\s*=\s*[\"']?\s*(?:https?:|//|\\\\|file:)", re.IGNORECASE
)


def scan_file(kind: Format, package: OfficePackage | None, data: bytes) -> tuple[Problem, ...]:
    """Scan a file for active content; these findings do not keep its text from being read."""
    findings = list(_polyglot_findings(kind, data))
    if package is not None and kind in ("docx", "xlsx", "odt", "ods"):
        findings += [*_scan_package(package), *_scan_fields(package)]
    elif kind in _SCANNERS:
        findings += _SCANNERS[kind](data)
    first_by_code: dict[str, Problem] = {}
    for finding in findings:
        first_by_code.setdefault(finding.code, finding)
    return tuple(first_by_code.values())


def blocking_findings(package: OfficePackage, kind: Format) -> tuple[Problem, ...]:
    """Return the findings for which an Office file must not be parsed, empty if it may be."""
    manifest = package.read_part("META-INF/manifest.xml", MAX_XML_PART_BYTES) or b""
    if package.is_encrypted or b"encryption-data" in manifest:
        return make_problems("encrypted", "无密码的文件", "有密码")
    if package.has_overlapping_parts or any(
        _is_bomb(info.file_size, info.compress_size) for info in package.entries
    ):
        return make_problems("bomb", "正常大小的文件", "内部文件重叠或异常膨胀")
    names = [name for name in package.part_names if name.lower().endswith((".xml", ".rels"))]
    if sum("/worksheets/" in name for name in names) > MAX_WORKSHEETS:
        return make_problems("too_many_files", f"不超过{MAX_WORKSHEETS}个工作表", "工作表过多")
    if any(package.part_size(name) > MAX_XML_PART_BYTES for name in names if kind == "docx"):
        return make_problems("bomb", f"正文不超过{MAX_XML_PART_BYTES // 10**6}MB", "异常膨胀")
    for name in names if kind != "docx" else _word_text_parts(names):
        part = package.read_part(name, MAX_XML_PART_BYTES) or b""
        if len(part) > MAX_XML_PART_TAGS and part.count(b"<") > MAX_XML_PART_TAGS:
            return make_problems("bomb", "正常大小的文件", "内部元素过多")
        if _has_doctype(part):
            return make_problems("xml_entity", "没有实体定义的文件", "含有实体定义，未予解析")
    return ()


def _word_text_parts(names: list[str]) -> list[str]:
    return [
        name
        for name in names
        if name.startswith("word/")
        and "theme" not in name
        and "settings" not in name
        and "fontTable" not in name
    ]


def _is_bomb(size: int, compressed: int) -> bool:
    return size > MIN_BOMB_BYTES and size > MAX_EXPANSION_RATIO * max(compressed, 1)


def _has_doctype(part: bytes) -> bool:
    head = part[:2000].replace(b"\0", b"") if part[:2] in (b"\xff\xfe", b"\xfe\xff") else part
    return b"<!DOCTYPE" in head[:4000] or b"<!ENTITY" in head[:4000]


def _polyglot_findings(kind: Format, data: bytes) -> Iterator[Problem]:
    """Yield a finding if a file is valid in two formats, such as an archive after an image."""
    expected = "只有一种格式的文件"
    ends_as_zip = b"PK\5\6" in data[-66_000:]
    is_archive = kind in ("zip", "docx", "xlsx", "odt", "ods")
    if ends_as_zip and kind in ("image", "pdf", "rtf", "html", "text") and b"PK\1\2" in data:
        yield from make_problems("polyglot", expected, "文件后面还接有压缩文件")
    elif is_archive and (b"%PDF-" in data[:1024] or _has_trailing_data(data)):
        yield from make_problems("polyglot", expected, "压缩文件前后夹有其他内容")
    elif kind == "image" and _has_appended_file(data):
        yield from make_problems("polyglot", expected, "图片后面接有其他文件")
    elif kind == "image" and (b"%PDF-" in data[:1024] or _SCRIPT.search(data[:2048])):
        yield from make_problems("polyglot", expected, "图片内夹有其他格式")
    elif kind == "pdf" and not data.lstrip().startswith(b"%PDF"):
        yield from make_problems("polyglot", expected, "PDF前面夹有其他内容")


def _has_appended_file(data: bytes) -> bool:
    """Whether an archive or a program begins directly after the end of an image."""
    end = _PNG_END if data.startswith(_PNG_START) else _JPEG_END
    first = end.search(data, 2)
    return first is not None and _APPENDED_FILE.search(data, first.start()) is not None


def _has_trailing_data(data: bytes) -> bool:
    """Whether more than a comment follows the end of a zip file."""
    end = data.rfind(b"PK\5\6")
    if end < 0 or len(data) < end + 22:
        return False
    comment = int.from_bytes(data[end + 20 : end + 22], "little")
    return len(data) - (end + 22 + comment) > 64


def _scan_package(package: OfficePackage) -> Iterator[Problem]:
    """Yield findings on the parts of an Office file."""
    if package.repeated_parts:
        found = f"文件内有两份不同的{quote_for_finding(package.repeated_parts[0], 40)}"
        yield from make_problems("duplicate_entry", "各部分只有一份的文件", found)
    names = [name.lower() for name in package.part_names]
    types = package.read_part("[Content_Types].xml", MAX_XML_PART_BYTES) or b""
    if any(name.endswith("vbaproject.bin") or name.startswith("basic/") for name in names) or (
        b"macroEnabled" in types
    ):
        yield from make_problems("macro", "没有宏的文件", "含有宏")
    programs = (".exe", ".js", ".vbs")
    if any(
        name.endswith(programs) or "/activex/" in name or "/webextensions/" in name
        for name in names
    ):
        yield from make_problems("active_content", "没有可执行内容的文件", "含有可执行内容")
    if any("/embeddings/" in name or name.startswith("object ") for name in names) or any(
        b"/aFChunk" in (package.read_part(name, MAX_XML_PART_BYTES) or b"")
        for name in package.part_names
        if name.endswith(".rels")
    ):
        yield from make_problems("embedded_object", "没有嵌入文件的文件", "嵌有其他文件")
    pictures = [name for name in package.part_names if "/media/" in name or name[:9] == "Pictures/"]
    if any(
        declared_pixels(package.read_part(name, MAX_XML_PART_BYTES) or b"") > MAX_IMAGE_PIXELS
        for name in pictures[:200]
    ):
        yield from make_problems(
            "image_bomb", f"不超过{MAX_IMAGE_PIXELS // 10**8}.5亿像素", "文档内图片像素超出"
        )
    if _has_external_references(package):
        yield from make_problems("external_ref", "不引用外部内容的文件", "引用外部内容，未予读取")


def _has_external_references(package: OfficePackage) -> bool:
    """Whether opening the file would fetch something; plain hyperlinks do not."""
    for name in package.part_names:
        if name.endswith(".rels"):
            for relation in _EXTERNAL_RELATION.findall(
                package.read_part(name, MAX_XML_PART_BYTES) or b""
            ):
                if not _HYPERLINK_TYPE.search(relation) or _LOCAL_TARGET.search(relation):
                    return True
    return any(name.startswith("xl/externalLinks/externalLink") for name in package.part_names)


def _scan_fields(package: OfficePackage) -> Iterator[Problem]:
    """Yield findings on field codes, formulas and event listeners of an Office file."""
    body = package.read_part("word/document.xml", MAX_XML_PART_BYTES) or b""
    found = _FIELD_CODES.findall(body) if b"instr" in body.lower() else []
    field_codes = b"".join(element or attribute for element, attribute in found)
    field_codes = _QUOTE_FIELD.sub(
        lambda match: bytes(int(element) % 256 for element in match[1].split()), field_codes
    )
    sheet_xml = b"".join(
        package.read_part(name, MAX_XML_PART_BYTES) or b""
        for name in package.part_names
        if name.startswith(("xl/worksheets/", "xl/externalLinks/"))
        and package.part_size(name) < MAX_XML_PART_BYTES
    )
    if _DDE.search(field_codes) or _DDE_CELL.search(sheet_xml) or _DDE_CELL.search(field_codes):
        yield from make_problems("dde", "没有DDE域的文件", "含有DDE域，未予执行")
    if _FETCHING_FIELD.search(field_codes) or _FETCHING_FIELD.search(sheet_xml):
        yield from make_problems("external_ref", "不引用外部内容的文件", "引用外部内容，未予读取")
    content = package.read_part("content.xml", MAX_XML_PART_BYTES) or b""
    if re.search(rb"<draw:image[^>]*xlink:href=\"(?:https?:|file:|//)", content):
        yield from make_problems("external_ref", "不引用外部内容的文件", "引用外部内容，未予读取")
    if b"<script:event-listener" in content:
        yield from make_problems("macro", "没有宏的文件", "含有宏")


def _scan_ole(data: bytes) -> Iterator[Problem]:
    """Yield findings on an OLE file."""
    storages = [f"{name}\0".encode("utf-16-le") for name in ("VBA", "Macros", "_VBA_PROJECT_CUR")]
    if any(name in data for name in storages) or b"Attribut\0e VB_" in data:
        yield from make_problems("macro", "没有宏的文件", "含有宏")
    has_pooled_object = "ObjectPool".encode("utf-16-le") in data and _POOLED_OBJECT.search(data)
    if has_pooled_object or "Ole10Native".encode("utf-16-le") in data:
        yield from make_problems("embedded_object", "没有嵌入文件的文件", "嵌有其他文件")
    if _DDE.search(data) or _DDE_CELL.search(data) or _DDE_UTF16.search(data):
        yield from make_problems("dde", "没有DDE域的文件", "含有DDE域，未予执行")


def _scan_text(data: bytes) -> Iterator[Problem]:
    """Yield a finding if a cell of the text would be a formula in a spreadsheet."""
    cells = re.split(r"[\r\n,;\t]+\"?", (decode_text(data[:MAX_TEXT_BYTES]) or "").lstrip('"'))
    if any(is_formula_like(cell) for cell in cells):
        yield from make_problems("formula_like", "普通文字", "文字像公式，已按文字处理")


def _scan_rtf(data: bytes) -> Iterator[Problem]:
    """Yield findings on an RTF file."""
    if _rtf_depth(data) > _MAX_RTF_DEPTH:
        yield from make_problems("nesting", f"不超过{_MAX_RTF_DEPTH}层", "层数过多")
    if rb"\objdata" in data or rb"\objocx" in data or rb"\objemb" in data:
        yield from make_problems("embedded_object", "没有嵌入文件的文件", "嵌有其他文件")
    if rb"\*\template" in data or _FETCHING_FIELD.search(data) or rb"\objautlink" in data:
        yield from make_problems("external_ref", "不引用外部内容的文件", "引用外部内容，未予读取")
    if _DDE.search(data):
        yield from make_problems("dde", "没有DDE域的文件", "含有DDE域，未予执行")


def _rtf_depth(data: bytes) -> int:
    """Return the nesting depth of RTF groups, up to the limit."""
    depth = deepest = 0
    for brace in re.finditer(rb"(?<!\\)[{}]", data):
        depth += 1 if brace[0] == b"{" else -1
        deepest = max(deepest, depth)
        if deepest > _MAX_RTF_DEPTH:
            break
    return deepest


def _scan_pdf(data: bytes) -> Iterator[Problem]:
    """Yield findings on a PDF, its object streams included."""
    streams = [data]
    for part in decompress_streams(data):
        if part is None:
            yield from make_problems("bomb", "正常大小的文件", "内部数据异常膨胀")
            break
        streams.append(part)
    data = b"\n".join(streams)
    if b"/#" in data or b"#" in data[:200_000]:
        data = _PDF_ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), data)
    if re.search(rb"/(?:JavaScript|JS|Launch|RichMedia|XFA)\b", data):
        yield from make_problems("active_content", "没有可执行内容的文件", "含有脚本或启动命令")
    if re.search(rb"/EmbeddedFiles?\b", data):
        yield from make_problems("embedded_object", "没有嵌入文件的文件", "嵌有其他文件")
    if re.search(rb"/(?:GoToR|SubmitForm|ImportData)\b", data):
        yield from make_problems("external_ref", "不引用外部内容的文件", "引用外部内容，未予读取")


def _scan_other(data: bytes) -> Iterator[Problem]:
    """Yield findings on an SVG file."""
    if b"<svg" not in data[:4000]:
        return
    yield from _scan_html(data)
    if _has_doctype(data):
        yield from make_problems("xml_entity", "没有实体定义的文件", "含有实体定义，未予解析")


def _scan_html(data: bytes) -> Iterator[Problem]:
    """Yield findings on an HTML page."""
    if _SCRIPT.search(data):
        yield from make_problems("active_content", "没有可执行内容的文件", "含有脚本")
    if _REMOTE_SOURCE.search(data):
        yield from make_problems("external_ref", "不引用外部内容的文件", "引用外部内容，未予读取")


_SCANNERS: Mapping[Format, Callable[[bytes], Iterator[Problem]]] = {
    "doc": _scan_ole,
    "xls": _scan_ole,
    "ole": _scan_ole,
    "rtf": _scan_rtf,
    "pdf": _scan_pdf,
    "html": _scan_html,
    "text": _scan_text,
    "other": _scan_other,
}
