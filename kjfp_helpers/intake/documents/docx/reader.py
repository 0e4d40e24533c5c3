"""Reader of Word documents (.docx), with lxml and without entities, network access or DTDs.

Tracked insertions are kept, tracked deletions and hidden text are dropped.
"""

from collections.abc import Mapping
from functools import lru_cache

from lxml import etree

from kjfp_helpers.intake.documents.document_model import Document, Unreadable
from kjfp_helpers.intake.documents.docx.body import BodyReader
from kjfp_helpers.intake.documents.docx.xml import (
    FALSE_VALUES,
    find_by_path,
    get_attribute,
    local_name,
    val_attribute,
    value_at_path,
)
from kjfp_helpers.intake.files.ooxml_package import OfficePackage

MAX_PART_BYTES = 40_000_000
"""Largest part of a document that is parsed."""


def read_docx(package: OfficePackage) -> Document:
    """Read the body of a .docx.

    Raises
    ------
    Unreadable
        When a part is missing, too large or no XML.
    """
    root = _parse_part(package, "word/document.xml")
    styles = package.read_part("word/styles.xml", MAX_PART_BYTES)
    body = next((child for child in root if local_name(child) == "body"), None)
    if body is None:
        raise Unreadable("word/document.xml")
    blocks = BodyReader(*_read_styles(styles)) if styles else BodyReader({})
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


def _parse_part(package: OfficePackage, part: str) -> etree._Element:
    data = package.read_part(part, MAX_PART_BYTES)
    if data is None:
        raise Unreadable(part)
    return parse_xml(data)


@lru_cache(maxsize=16)
def _read_styles(data: bytes) -> tuple[Mapping[str, int], frozenset[str]]:
    """Return the heading level of each style, and the styles of hidden text."""
    styles = parse_xml(data)
    hidden_styles = {
        get_attribute(style, "styleId")
        for style in styles
        if (vanish := find_by_path(style, "rPr", "vanish")) is not None
        and val_attribute(vanish, "1").lower() not in FALSE_VALUES
    }
    return _heading_levels(styles), frozenset(hidden_styles)


def _heading_levels(styles: etree._Element) -> Mapping[str, int]:
    """Map paragraph styles to heading levels, 0 for the title; styles inherit levels."""
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
        visited, ancestor = {key}, key
        while ancestor and ancestor not in levels and parents.get(ancestor) not in visited:
            ancestor = parents.get(ancestor, "")
            visited.add(ancestor)
        if ancestor in levels:
            levels[key] = levels[ancestor]
    return levels
