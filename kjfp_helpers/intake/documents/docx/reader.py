"""Word documents, read with lxml and with every outward reach off: no entity, network or DTD.

Tracked insertions count, tracked deletions and hidden text do not.
"""

from collections.abc import Mapping
from functools import lru_cache

from lxml import etree

from kjfp_helpers.intake.documents.document_model import (
    Cell,
    Document,
    Paragraph,
    Table,
    table_text,
)
from kjfp_helpers.intake.documents.docx.body import Blocks
from kjfp_helpers.intake.documents.docx.xml import OFF, attribute, child_of, local, val, value_of
from kjfp_helpers.intake.files.zip_archives import OfficePackage

__all__ = [
    "Cell",
    "Document",
    "Paragraph",
    "Table",
    "Unreadable",
    "parse_xml",
    "read_document",
    "table_text",
]
PART_LIMIT = 40_000_000
"""Most bytes of one part of a document."""


class Unreadable(Exception):
    """A file that is not what its content claims; caught inside intake."""


def read_document(package: OfficePackage) -> Document:
    """Read the body of a .docx.

    Raises
    ------
    Unreadable
        When a part is missing, too large or no XML.
    """
    root = _parse(package, "word/document.xml")
    styles = package.read("word/styles.xml", PART_LIMIT)
    body = next((child for child in root if local(child) == "body"), None)
    if body is None:
        raise Unreadable("word/document.xml")
    blocks = Blocks(*_styles(styles)) if styles else Blocks({})
    return Document(tuple(blocks.read(body)), frozenset(blocks.signs))


def parse_xml(data: bytes) -> etree._Element:
    """Parse untrusted XML.

    Raises
    ------
    Unreadable
        When it is no XML, or brings its own entities.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("XML") from error
    if root.getroottree().docinfo.doctype:
        raise Unreadable("DOCTYPE")
    return root


def _parse(package: OfficePackage, part: str) -> etree._Element:
    data = package.read(part, PART_LIMIT)
    if data is None:
        raise Unreadable(part)
    return parse_xml(data)


@lru_cache(maxsize=16)
def _styles(data: bytes) -> tuple[Mapping[str, int], frozenset[str]]:
    """Return the heading level of each style, and the styles of hidden words."""
    styles = parse_xml(data)
    concealed = {
        attribute(style, "styleId")
        for style in styles
        if (hides := child_of(style, "rPr", "vanish")) is not None
        and val(hides, "1").lower() not in OFF
    }
    return _style_levels(styles), frozenset(concealed)


def _style_levels(styles: etree._Element) -> Mapping[str, int]:
    """Map paragraph styles to heading levels, 0 for the title; styles inherit."""
    levels: dict[str, int] = {}
    parents: dict[str, str] = {}
    for style in styles:
        name = value_of(style, "name").lower()
        key = attribute(style, "styleId")
        parents[key] = value_of(style, "basedOn")
        outline = value_of(style, "pPr", "outlineLvl")
        if name in ("title", "标题"):
            levels[key] = 0
        elif name.startswith(("heading ", "标题 ")) and name[-1].isdecimal():
            levels[key] = int(name[-1])
        elif outline.isdecimal() and int(outline) < 9:
            levels[key] = int(outline) + 1
    for key in parents:
        seen, at = {key}, key
        while at and at not in levels and parents.get(at) not in seen:
            at = parents.get(at, "")
            seen.add(at)
        if at in levels:
            levels[key] = levels[at]
    return levels
