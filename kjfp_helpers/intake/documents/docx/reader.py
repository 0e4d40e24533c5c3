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
    render_table_text,
)
from kjfp_helpers.intake.documents.docx.body import BodyReader
from kjfp_helpers.intake.documents.docx.xml import (
    FALSE_VALUES,
    find_by_path,
    get_attribute,
    local_name,
    val_attribute,
    value_at_path,
)
from kjfp_helpers.intake.files.zip_archives import OfficePackage

__all__ = [
    "Cell",
    "Document",
    "Paragraph",
    "Table",
    "Unreadable",
    "parse_xml",
    "read_docx",
    "render_table_text",
]
MAX_PART_BYTES = 40_000_000
"""Most bytes of one part of a document."""


class Unreadable(Exception):
    """A file that is not what its content claims; caught inside intake."""


def read_docx(package: OfficePackage) -> Document:
    """Read the body of a .docx.

    Raises
    ------
    Unreadable
        When a part is missing, too large or no XML.
    """
    root = _parse(package, "word/document.xml")
    styles = package.read_part("word/styles.xml", MAX_PART_BYTES)
    body = next((child for child in root if local_name(child) == "body"), None)
    if body is None:
        raise Unreadable("word/document.xml")
    blocks = BodyReader(*_styles(styles)) if styles else BodyReader({})
    return Document(tuple(blocks.read_blocks(body)), frozenset(blocks.markers))


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
    data = package.read_part(part, MAX_PART_BYTES)
    if data is None:
        raise Unreadable(part)
    return parse_xml(data)


@lru_cache(maxsize=16)
def _styles(data: bytes) -> tuple[Mapping[str, int], frozenset[str]]:
    """Return the heading level of each style, and the styles of hidden words."""
    styles = parse_xml(data)
    concealed = {
        get_attribute(style, "styleId")
        for style in styles
        if (hides := find_by_path(style, "rPr", "vanish")) is not None
        and val_attribute(hides, "1").lower() not in FALSE_VALUES
    }
    return _style_levels(styles), frozenset(concealed)


def _style_levels(styles: etree._Element) -> Mapping[str, int]:
    """Map paragraph styles to heading levels, 0 for the title; styles inherit."""
    levels: dict[str, int] = {}
    parents: dict[str, str] = {}
    for style in styles:
        name = value_at_path(style, "name").lower()
        key = get_attribute(style, "styleId")
        parents[key] = value_at_path(style, "basedOn")
        outline = value_at_path(style, "pPr", "outlineLvl")
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
