"""Documents embedded in place of the text of a .docx (``w:altChunk``): web systems write them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lxml import etree

from kjfp_helpers.intake.common.charset_detection import decode_undeclared
from kjfp_helpers.intake.common.resource_limits import MAX_TEXT_BYTES
from kjfp_helpers.intake.common.web_archives import mhtml_body
from kjfp_helpers.intake.documents.document_model import (
    Document,
    Paragraph,
    Table,
    Unreadable,
)
from kjfp_helpers.intake.documents.html import read_html
from kjfp_helpers.intake.files.ooxml_package import OfficePackage
from kjfp_helpers.intake.files.zip_archives import CORRUPT_ZIP_ERRORS

MAX_CHUNKS = 20


@dataclass
class ChunkReader:
    """Reads the chunks of one document; Word documents among them with ``read_docx``."""

    package: OfficePackage
    main: str
    read_docx: Callable[[OfficePackage], Document]
    count: int = field(default=0)

    def read(self, element: etree._Element) -> Sequence[Paragraph | Table]:
        """Return the blocks of a chunk; none for a format that is not read."""
        self.count += 1
        reference = next(
            (str(value) for key, value in element.attrib.items() if str(key).endswith("}id")), ""
        )
        target = next(
            (item.target for item in self.package.relations_of(self.main) if item.id == reference),
            "",
        )
        data = self.package.read_part(target, MAX_TEXT_BYTES)
        if not data or self.count > MAX_CHUNKS:
            return ()
        return self._read_data(data, target)

    def _read_data(self, data: bytes, name: str) -> Sequence[Paragraph | Table]:
        if data.startswith(b"PK"):
            return self._read_nested(data)
        if name.lower().endswith((".rtf", ".doc")) or data.startswith(b"{\\rtf"):
            return ()
        text = decode_undeclared(mhtml_body(data))
        if text is None:
            return ()
        if "<" in text:
            return read_html(text).blocks
        return [Paragraph(number, line, None) for number, line in enumerate(text.split("\n"), 1)]

    def _read_nested(self, data: bytes) -> Sequence[Paragraph | Table]:
        """Return the blocks of a Word document within the document; its own chunks are left out."""
        try:
            package = OfficePackage(data)
            if any(item.kind == "aFChunk" for item in package.relations_of(self.main)):
                return ()
            return self.read_docx(package).blocks
        except (Unreadable, *CORRUPT_ZIP_ERRORS):
            return ()
