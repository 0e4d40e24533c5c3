"""Parse and navigate the XML of Office files, independent of namespaces (strict, transitional)."""

from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from kjfp_helpers.intake.documents.document_model import Unreadable
from kjfp_helpers.intake.files.ooxml_package import OfficePackage

_TRANSPARENT_TAGS = {
    "sdt",
    "sdtContent",
    "customXml",
    "smartTag",
    "ins",
    "moveTo",
    "AlternateContent",
    "Choice",
    "hyperlink",
    "fldSimple",
    "dir",
    "bdo",
}
_PICTURE_TAGS = ("{*}blip", "{*}imagedata")
FALSE_VALUES = ("0", "false", "off", "none")
"""Attribute values that switch a property off."""


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


def parse_part(package: OfficePackage, part: str, limit: int) -> etree._Element | None:
    """Parse a part of a package, ``None`` where it is missing or above the limit.

    Raises
    ------
    Unreadable
        When it is no XML, or brings its own entities.
    """
    data = package.read_part(part, limit)
    return None if data is None else parse_xml(data)


def local_name(element: etree._Element) -> str:
    """Return the tag of an element without its namespace."""
    return _without_namespace(element.tag)


@lru_cache(maxsize=2048)
def _without_namespace(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def iter_children(parent: etree._Element, wanted: tuple[str, ...]) -> Iterator[etree._Element]:
    """Yield the children with the wanted tags, also inside content controls and insertions."""
    for child in parent:
        name = local_name(child)
        if name in wanted:
            yield child
        elif name in _TRANSPARENT_TAGS:
            yield from iter_children(child, wanted)


def value_at_path(element: etree._Element, *path: str) -> str:
    """Return the ``val`` attribute of the element at a path of tags, ``""`` when there is none."""
    target = find_by_path(element, *path)
    return "" if target is None else val_attribute(target)


def find_by_path(element: etree._Element, *path: str) -> etree._Element | None:
    """Return the element at a path of tags below an element, ``None`` when there is none."""
    current: etree._Element | None = element
    for name in path:
        if current is None:
            return None
        current = next(current.iterchildren(f"{{*}}{name}"), None)
    return current


def first_by_name(parent: etree._Element | None) -> dict[str, etree._Element]:
    """Return the first child of each name, none where there is no parent."""
    children: dict[str, etree._Element] = {}
    for child in () if parent is None else parent:
        children.setdefault(local_name(child), child)
    return children


def val_attribute(element: etree._Element, default: str = "") -> str:
    """Return the ``val`` attribute of an element."""
    return next(
        (str(value) for key, value in element.attrib.items() if key.endswith("}val")), default
    )


def get_attribute(element: etree._Element, name: str) -> str:
    """Return an attribute by its name without namespace, ``""`` when there is none."""
    return next((str(v) for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")


def count_pictures(element: etree._Element) -> int:
    """Count the pictures in an element, those of fallbacks excluded."""
    pictures = list(element.iter(*_PICTURE_TAGS))
    if not pictures:
        return 0
    fallback = {inner for outer in element.iter("{*}Fallback") for inner in outer.iter()}
    return sum(picture not in fallback for picture in pictures)


def shows_placeholder(control: etree._Element) -> bool:
    """Whether a content control still shows its placeholder."""
    placeholder = find_by_path(control, "sdtPr", "showingPlcHdr")
    return placeholder is not None and val_attribute(placeholder, "1").lower() not in FALSE_VALUES
