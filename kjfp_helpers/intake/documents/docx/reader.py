"""Reader of Word documents (.docx), with lxml and without entities, network access or DTDs.

Tracked insertions are kept, tracked deletions and hidden text are dropped.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from lxml import etree

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.documents.document_model import Document, Unreadable
from kjfp_helpers.intake.documents.docx.body import BodyReader
from kjfp_helpers.intake.documents.docx.chunks import ChunkReader
from kjfp_helpers.intake.documents.docx.run_formatting import style_effect
from kjfp_helpers.intake.documents.docx.runs import (
    NOTE_REFERENCES,
    TextContext,
    read_paragraph_text,
)
from kjfp_helpers.intake.documents.xml_elements import (
    find_by_path,
    get_attribute,
    iter_children,
    parse_part,
    parse_xml,
    value_at_path,
)
from kjfp_helpers.intake.files.ooxml_package import OfficePackage

MAIN_PART = "word/document.xml"
"""Usual name of the main part."""
MAX_PART_BYTES = 40_000_000
"""Largest part of a document that is parsed."""


def read_docx(package: OfficePackage) -> Document:
    """Read the body of a .docx.

    Raises
    ------
    Unreadable
        When a part is missing, too large or no XML.
    """
    main = package.main_part(MAIN_PART)
    root = parse_part(package, main, MAX_PART_BYTES)
    body = None if root is None else find_by_path(root, "body")
    if body is None:
        raise Unreadable(main)
    part_by_kind = {relation.kind: relation.target for relation in package.relations_of(main)}
    styles = package.read_part(part_by_kind.get("styles", "word/styles.xml"), MAX_PART_BYTES)
    levels, context = _read_styles(styles) if styles else ({}, TextContext())
    context = replace(context, notes=_read_notes(package, main, part_by_kind))
    chunks = ChunkReader(package, main, read_docx)
    blocks = BodyReader(levels, context, chunks.read)
    return Document(tuple(blocks.read_blocks(body)), frozenset(blocks.markers))


def _read_notes(
    package: OfficePackage, main: str, part_by_kind: Mapping[str, str]
) -> Mapping[tuple[str, str], str]:
    """Return the texts of foot- and endnotes that the main part refers to."""
    data = package.read_part(main, MAX_PART_BYTES) or b""
    notes: dict[tuple[str, str], str] = {}
    for reference in NOTE_REFERENCES:
        kind = f"{reference.removesuffix('Reference')}s"
        if reference.encode() not in data:
            continue
        root = parse_part(package, part_by_kind.get(kind, f"word/{kind}.xml"), MAX_PART_BYTES)
        for note in () if root is None else root:
            paragraphs = [read_paragraph_text(item) for item in iter_children(note, ("p",))]
            text = text_markers.strip_markers("\n".join(paragraphs)).strip()
            if text:
                notes[reference, get_attribute(note, "id")] = text
    return notes


@lru_cache(maxsize=16)
def _read_styles(data: bytes) -> tuple[Mapping[str, int], TextContext]:
    """Return the heading level of each style, and the styles that change what is seen."""
    styles = parse_xml(data)
    own: dict[str, dict[str, bool]] = {}
    for style in styles:
        properties = find_by_path(style, "rPr")
        own[get_attribute(style, "styleId")] = {
            effect: is_set
            for effect, is_set in map(style_effect, () if properties is None else properties)
            if effect
        }
    parents = _style_parents(styles)
    hidden, raised, struck, white = (
        frozenset(style for style in own if _has_effect(style, effect, own, parents))
        for effect in ("hidden", "raised", "struck", "white")
    )
    return _heading_levels(styles), TextContext(hidden, raised, struck, white)


def _style_parents(styles: etree._Element) -> Mapping[str, str]:
    """Map each style to the one that it is based on, ``""`` for none."""
    return {get_attribute(style, "styleId"): value_at_path(style, "basedOn") for style in styles}


def _has_effect(
    style: str, effect: str, own: Mapping[str, Mapping[str, bool]], parents: Mapping[str, str]
) -> bool:
    """Whether a style, or else the nearest one below it that says so, has an effect."""
    visited: set[str] = set()
    while style and style not in visited:
        if effect in own.get(style, {}):
            return own[style][effect]
        visited.add(style)
        style = parents.get(style, "")
    return False


def _heading_levels(styles: etree._Element) -> Mapping[str, int]:
    """Map paragraph styles to heading levels, 0 for the title; styles inherit levels."""
    levels: dict[str, int] = {}
    parents = _style_parents(styles)
    for style in styles:
        name = value_at_path(style, "name").lower()
        key = get_attribute(style, "styleId")
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
