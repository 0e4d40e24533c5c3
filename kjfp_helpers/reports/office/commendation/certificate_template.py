"""Template of a certificate (.docx) with places such as ``{{姓名}}``, checked and filled in.

The office may hand in its own, made in Word or WPS; a place may be cut into several runs there.
"""

import io
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from lxml import etree

from kjfp_helpers.core.errors import OutputError, ParameterError
from kjfp_helpers.core.suggestions import suggest
from kjfp_helpers.infra.atomic_files import output_errors
from kjfp_helpers.intake.common.resource_limits import MAX_OFFICE_FILE_BYTES, MAX_XML_PART_BYTES
from kjfp_helpers.intake.files.ooxml_package import OfficePackage
from kjfp_helpers.intake.files.zip_archives import CORRUPT_ZIP_ERRORS, TooManyEntries
from kjfp_helpers.reports.formatting import remove_control_chars
from kjfp_helpers.reports.office.writers.deterministic_zip import (
    normalize_zip,
    read_normalized_entries,
    write_zip,
)
from kjfp_helpers.reports.office.writers.page_layout import (
    BODY_FACE,
    LATIN_FACE,
    PAGE_MM,
    RED,
    TITLE_FACE,
)

NAME, WORK, KIND, UNIT, EMPLOYER = "姓名", "工作名称", "类别", "推荐单位", "工作单位"
OFFICE, DAY, DOCUMENT, NUMBER, REHEARSAL = "发证机关", "日期", "文号", "证书编号", "演练"
PLACES = (NAME, WORK, KIND, UNIT, EMPLOYER, OFFICE, DAY, DOCUMENT, NUMBER, REHEARSAL)
"""Places of a template: the first must be there, the last is blank but in a rehearsal."""
_PLACE = re.compile(r"\{\{\s*([^{}]{1,40}?)\s*\}\}")
_FILLED_PARTS = re.compile(r"word/(?:document|header\d*|footer\d*)\.xml")
_SAVE_ANEW = "在 Word 或 WPS 中另存为 .docx 后重试"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class CertificateTemplate:
    """A template whose places are known.

    Raises
    ------
    ParameterError
        When it is no .docx file, lacks the place of the name, or has an unknown one.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        self._entries = self._read(data)
        places = {
            place
            for part, content in self._entries
            if _FILLED_PARTS.fullmatch(part)
            for place in _PLACE.findall("\n".join(_paragraph_texts(self._parse(content))))
        }
        for place in sorted(places - {*PLACES}):
            raise self._error(f"{{{{{place}}}}}", suggest(place, PLACES))
        if NAME not in places:
            raise self._error("没有 {{姓名}}", "在证书上写姓名的地方填 {{姓名}}")

    @classmethod
    def read(cls, path: Path) -> "CertificateTemplate":
        """Read a template.

        Raises
        ------
        ParameterError
            When it cannot be read, or as above.
        """
        try:
            if path.stat().st_size > MAX_OFFICE_FILE_BYTES:
                raise OSError
            return cls(path.read_bytes(), path.name)
        except OSError as error:
            raise ParameterError(
                f"证书模板 {path.name}",
                expected="可以读取的 .docx 文件",
                found="没有找到、没有权限或文件过大",
                advice="核对文件的位置和权限",
            ) from error

    def fill(self, values: Mapping[str, str]) -> bytes:
        """Return a certificate; a place without a value is left blank."""
        return write_zip(
            (part, self._fill_part(content, values) if _FILLED_PARTS.fullmatch(part) else content)
            for part, content in self._entries
        )

    def _fill_part(self, content: bytes, values: Mapping[str, str]) -> bytes:
        root = self._parse(content)
        for paragraph in root.iter(f"{_WORD}p"):
            _fill_paragraph(list(_own_texts(paragraph)), values)
        filled: bytes = etree.tostring(
            root, xml_declaration=True, encoding="UTF-8", standalone=True
        )
        return filled

    def _read(self, data: bytes) -> list[tuple[str, bytes]]:
        try:
            package = OfficePackage(data)
            if package.has_overlapping_parts or package.declared_bytes > MAX_OFFICE_FILE_BYTES:
                raise self._error("不像 Word 所存的文件", _SAVE_ANEW)
            if not package.has_part("word/document.xml") or package.is_encrypted:
                raise self._error("不是 .docx 文件或设有密码", _SAVE_ANEW)
            return read_normalized_entries(data)
        except (*CORRUPT_ZIP_ERRORS, TooManyEntries) as error:
            raise self._error("不是 .docx 文件", _SAVE_ANEW) from error

    def _parse(self, content: bytes) -> Any:
        if len(content) > MAX_XML_PART_BYTES:
            raise self._error("文件过大", "减少其中的图片和文字")
        try:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
            return etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            raise self._error("文件内容有损坏", _SAVE_ANEW) from error

    def _error(self, found: str, advice: str) -> ParameterError:
        return ParameterError(
            f"证书模板 {self._name}",
            expected=f"含 {{{{姓名}}}} 的 .docx，可用的位置：{'、'.join(PLACES)}",
            found=found,
            advice=advice,
        )


def write_default_template(path: Path) -> None:
    """Write the template that the program has, to be changed in Word or WPS.

    Raises
    ------
    OutputError
        When there is such a file, or it cannot be written.
    """
    if path.exists():
        raise OutputError(
            path.name, expected="还没有的文件", found="已有", advice="另取名称，或先移走它"
        )
    with output_errors(path):
        path.write_bytes(default_template())


@cache
def default_template() -> bytes:
    """Return a certificate on A4 across, framed in red."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(PAGE_MM[1]), Mm(PAGE_MM[0])
    section.top_margin = section.bottom_margin = Mm(30)
    section.left_margin = section.right_margin = Mm(42)
    section._sectPr.insert_element_before(_frame(), "w:cols", "w:docGrid")
    center, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
    body = f"在{{{{{WORK}}}}}中成绩突出，被表扬为{{{{{KIND}}}}}。"
    lines = (
        (f"{{{{{REHEARSAL}}}}}", BODY_FACE, 12, RED, right, 0),
        ("荣 誉 证 书", TITLE_FACE, 44, RED, center, 22),
        (f"{{{{{NAME}}}}}：", TITLE_FACE, 24, "", WD_ALIGN_PARAGRAPH.LEFT, 14),
        (f"　　{body}", BODY_FACE, 22, "", WD_ALIGN_PARAGRAPH.LEFT, 8),
        ("　　特发此证。", BODY_FACE, 22, "", WD_ALIGN_PARAGRAPH.LEFT, 58),
        (f"{{{{{OFFICE}}}}}", BODY_FACE, 18, "", right, 4),
        (f"{{{{{DAY}}}}}", BODY_FACE, 18, "", right, 14),
        (
            f"证书编号：{{{{{NUMBER}}}}}　　{{{{{DOCUMENT}}}}}",
            BODY_FACE,
            12,
            "",
            WD_ALIGN_PARAGRAPH.LEFT,
            0,
        ),
    )
    for text, face, size, color, align, after in lines:
        paragraph = document.add_paragraph()
        paragraph.alignment = align
        paragraph.paragraph_format.space_after = Pt(after)
        run = paragraph.add_run(text)
        run.font.size, run.font.name = Pt(size), LATIN_FACE
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
        if color:
            run.font.color.rgb = RGBColor.from_string(color)
    buffer = io.BytesIO()
    document.save(buffer)
    return normalize_zip(buffer.getvalue())


def _frame() -> Any:
    borders = OxmlElement("w:pgBorders")
    borders.set(qn("w:offsetFrom"), "page")
    for side in ("top", "left", "bottom", "right"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "thinThickSmallGap"), ("sz", "36"), ("space", "24")):
            line.set(qn(f"w:{name}"), value)
        line.set(qn("w:color"), RED)
        borders.append(line)
    return borders


def _paragraph_texts(root: Any) -> Iterator[str]:
    for paragraph in root.iter(f"{_WORD}p"):
        yield "".join(node.text or "" for node in _own_texts(paragraph))


def _own_texts(paragraph: Any) -> Iterator[Any]:
    """Yield the texts of a paragraph, without those of text boxes in it, which are paragraphs."""
    for node in paragraph.iter(f"{_WORD}t"):
        owner = next(node.iterancestors(f"{_WORD}p"))
        if owner is paragraph:
            yield node


def _fill_paragraph(nodes: list[Any], values: Mapping[str, str]) -> None:
    """Put values into the places of a paragraph; what is cut into runs goes into the first one."""
    text = "".join(node.text or "" for node in nodes)
    for match in reversed(list(_PLACE.finditer(text))):
        value = remove_control_chars(values.get(match[1], ""))
        start = 0
        for node in nodes:
            own = node.text or ""
            first, last = max(match.start() - start, 0), min(match.end() - start, len(own))
            start += len(own)
            if first < last:
                node.text = own[:first] + value + own[last:]
                node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                value = ""
