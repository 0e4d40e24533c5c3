"""Word files made from a template: styles, theme and all other fixed parts are read only once."""

from collections.abc import Iterator
from typing import Any

from docx.opc.constants import CONTENT_TYPE
from docx.opc.pkgwriter import _ContentTypesItem
from docx.package import Package
from docx.parts.document import DocumentPart

from kjfp_helpers.reports.office.writers.deterministic_zip import normalize_entries, write_zip


class DocxTemplate:
    """A Word file of which many documents are made that differ in their body and pictures.

    ``Document(path)`` parses 350 kilobytes of styles for every document, and saving writes and
    packs them again: half of the time that a rehearsal takes.

    Parameters
    ----------
    template : docx.document.Document
        Styles and properties of the documents must stay as they are in it.
    """

    def __init__(self, template: Any) -> None:
        self._package = template.part.package
        self._main = self._package.main_document_part
        self._body = self._main.blob
        self._fixed = {
            part: part.blob for part in self._package.iter_parts() if part is not self._main
        }

    def open_document(self) -> Any:
        """Return a new ``Document`` of this template; it shares the fixed parts with all others."""
        package = Package()
        main = DocumentPart.load(
            self._main.partname, CONTENT_TYPE.WML_DOCUMENT_MAIN, self._body, package
        )
        for rel in self._package.rels.values():
            part = main if rel.target_part is self._main else rel.target_part
            package.load_rel(rel.reltype, part, rel.rId)
        for rel in self._main.rels.values():
            main.load_rel(rel.reltype, rel.target_part, rel.rId)
        return main.document

    def to_bytes(self, document: Any) -> bytes:
        """Return a document of this template as .docx, the same bytes for the same content."""
        return write_zip(normalize_entries(self._entries(document.part.package)))

    def _entries(self, package: Package) -> Iterator[tuple[str, bytes]]:
        """Yield what python-docx would write, without packing it first."""
        content_types: Any = _ContentTypesItem.from_parts
        parts = package.parts
        yield "[Content_Types].xml", content_types(parts).blob
        yield "_rels/.rels", package.rels.xml
        for part in parts:
            yield part.partname.membername, self._fixed.get(part) or part.blob
            if part.rels:
                yield part.partname.rels_uri.membername, part.rels.xml
