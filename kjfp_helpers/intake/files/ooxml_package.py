"""Office files (.docx, .xlsx, .odt) as zip packages whose parts are read under a size limit.

Parts are found by relationship, as the Open Packaging Conventions (ISO/IEC 29500-2) have it; their
usual names are no rule. Names are compared without case, and backslashes count as slashes.
"""

import posixpath
import re
from base64 import b64decode
from collections.abc import Mapping
from html import unescape
from io import BytesIO
from typing import NamedTuple
from zipfile import ZipFile, ZipInfo

from lxml import etree

from kjfp_helpers.intake.common.resource_limits import (
    MAX_WORKBOOK_BYTES,
    MAX_XML_PART_BYTES,
    MAX_XML_PART_TAGS,
)
from kjfp_helpers.intake.files.zip_archives import (
    CORRUPT_ZIP_ERRORS,
    have_overlapping_members,
    open_zip,
    read_member,
)

_FLAT = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_FLAT_BINARY = re.compile(rb"<pkg:binaryData>([^<]*)")
_MAX_RELATIONS_BYTES = 4_000_000
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b([^>]*)")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


class Relation(NamedTuple):
    """A relationship of a part: ``kind`` is the last word of its type (``styles``)."""

    id: str
    kind: str
    target: str


class OfficePackage:
    """An opened Office file; its parts are read one by one under a size limit.

    Raises
    ------
    TooManyEntries
        When it declares thousands of parts.
    zipfile.BadZipFile
        When it is no zip file.
    """

    def __init__(self, data: bytes) -> None:
        self._archive = open_zip(data)
        self.entries = self._archive.infolist()
        self._parts: dict[str, ZipInfo] = {}
        self.repeated_parts: list[str] = []
        """Parts that occur twice with different content; the first is read."""
        for info in self.entries:
            name = _part_name(info.filename)
            first = self._parts.setdefault(name, info)
            if (first.CRC, first.file_size) != (info.CRC, info.file_size):
                self.repeated_parts.append(name)
        self._part_by_lower = {name.lower(): name for name in self._parts}
        self._read: dict[str, bytes | None] = {}

    @property
    def part_names(self) -> tuple[str, ...]:
        """Names of all parts."""
        return tuple(self._parts)

    def has_part(self, part: str) -> bool:
        """Whether a part is there."""
        return part.lower() in self._part_by_lower

    @property
    def declared_bytes(self) -> int:
        """Bytes of all parts together, as declared; zipfile never yields more than that."""
        return sum(info.file_size for info in self._parts.values())

    @property
    def is_encrypted(self) -> bool:
        """Whether any part has a password."""
        return any(info.flag_bits & 1 for info in self.entries)

    @property
    def has_overlapping_parts(self) -> bool:
        """Whether parts share bytes of the file."""
        return have_overlapping_members(self.entries)

    def part_size(self, part: str) -> int:
        """Return the declared bytes of a part, 0 when it is missing."""
        info = self._parts.get(self._part_by_lower.get(part.lower(), part))
        return info.file_size if info else 0

    def read_part(self, part: str, limit: int) -> bytes | None:
        """Return a part's bytes, ``None`` when it is missing, broken or above the limit."""
        if part not in self._read:
            self._read[part] = self._fetch(part, limit)
        return self._read[part]

    def main_part(self, usual: str) -> str:
        """Return the name of the main part: by relationship, else the usual one."""
        if self.has_part(usual):
            return usual
        relations = self.relations_of("")
        return next((item.target for item in relations if item.kind == "officeDocument"), usual)

    def relations_of(self, part: str) -> tuple[Relation, ...]:
        """Return the relationships of a part within the package, ``""`` for the package itself."""
        folder, _, name = part.rpartition("/")
        data = self.read_part(f"{folder}/_rels/{name}.rels".lstrip("/"), _MAX_RELATIONS_BYTES)
        text = (data or b"").decode(
            "utf-16" if (data or b"")[:2] in _UTF16_MARKS else "utf-8", "replace"
        )
        relations = (_parse_relation(match[1], folder) for match in _RELATION.finditer(text))
        return tuple(relation for relation in relations if relation is not None)

    def _fetch(self, part: str, limit: int) -> bytes | None:
        """Read a part, ``None`` if it is missing, too large, encrypted or broken."""
        info = self._parts.get(self._part_by_lower.get(part.lower(), part))
        if info is None or info.file_size > limit or info.flag_bits & 1:
            return None
        try:
            return read_member(self._archive, info)
        except CORRUPT_ZIP_ERRORS:
            return None


def _part_name(entry: str) -> str:
    """Return the name of a part from the name of its zip entry."""
    return entry.replace("\\", "/").removeprefix("./").lstrip("/")


def _parse_relation(attributes: str, folder: str) -> Relation | None:
    """Parse the attributes of a relationship, ``None`` if it points outside the package."""
    values = {name: unescape(one or other) for name, one, other in _ATTRIBUTE.findall(attributes)}
    if values.get("TargetMode", "").lower() == "external":
        return None
    target = values.get("Target", "").replace("\\", "/")
    path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
    kind = values.get("Type", "").rpartition("/")[2]
    return Relation(values.get("Id", ""), kind, posixpath.normpath(path))


def pack_flat_xml(data: bytes) -> bytes:
    """Return an Office file that Word saved as one XML (flat OPC) as a zip, ``b""`` for no such.

    Such a file lists its parts, XML as it is and pictures in base64. Of one with a DOCTYPE only
    this is packed, unparsed, for the scan of Office files to refuse it.
    """
    if b"<pkg:package" not in data[:4096] or len(data) > MAX_WORKBOOK_BYTES:
        return b""
    if b"<!DOCTYPE" in data:
        return _zip_parts({"word/document.xml": b"<!DOCTYPE package>"})
    xml_bytes = len(data) - sum(map(len, _FLAT_BINARY.findall(data)))
    if xml_bytes > MAX_XML_PART_BYTES or data.count(b"<") > MAX_XML_PART_TAGS:
        return b""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
        parts = {
            str(part.get(f"{_FLAT}name")).lstrip("/"): _flat_part(part)
            for part in root.iter(f"{_FLAT}part")
        }
    except (etree.XMLSyntaxError, ValueError):
        return b""
    return _zip_parts(parts) if parts else b""


def _zip_parts(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip of parts by name; it has no times, so that equal parts give equal bytes."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(ZipInfo(name), content)
    return buffer.getvalue()


def _flat_part(part: etree._Element) -> bytes:
    """Return the content of a part in a flat file."""
    binary = part.find(f"{_FLAT}binaryData")
    if binary is not None:
        return b64decode(binary.text or "")
    xml = part.find(f"{_FLAT}xmlData")
    return etree.tostring(xml[0]) if xml is not None and len(xml) else b""
