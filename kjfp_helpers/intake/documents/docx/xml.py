"""Small steps through the XML of a Word file, whichever namespaces it uses."""

from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

_THROUGH = {
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
_PICTURES = {"blip", "imagedata"}
FALSE_VALUES = ("0", "false", "off", "none")
"""Values that switch a property off."""


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace (strict and transitional alike)."""
    return _without_namespace(element.tag)


@lru_cache(maxsize=2048)
def _without_namespace(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def iter_children(parent: etree._Element, wanted: tuple[str, ...]) -> Iterator[etree._Element]:
    """Yield children of the wanted names, looking through content controls and insertions."""
    for child in parent:
        name = local_name(child)
        if name in wanted:
            yield child
        elif name in _THROUGH:
            yield from iter_children(child, wanted)


def value_at_path(element: etree._Element, *path: str) -> str:
    """Return the ``val_attribute`` attribute at the end of a path of names, ``""`` when there is none."""
    at = find_by_path(element, *path)
    return "" if at is None else val_attribute(at)


def find_by_path(element: etree._Element, *path: str) -> etree._Element | None:
    """Return the element at the end of a path of names."""
    at: etree._Element | None = element
    for name in path:
        at = (
            next((child for child in at if local_name(child) == name), None)
            if at is not None
            else None
        )
    return at


def val_attribute(element: etree._Element, default: str = "") -> str:
    """Return an element's ``val_attribute`` attribute."""
    return next(
        (str(value) for key, value in element.attrib.items() if key.endswith("}val")), default
    )


def get_attribute(element: etree._Element, name: str) -> str:
    """Return an attribute by its name without namespace, ``""`` when there is none."""
    return next((str(v) for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")


def count_pictures(element: etree._Element) -> int:
    """Return how many pictures an element holds."""
    fallback = {
        inner
        for outer in element.iter()
        if local_name(outer) == "Fallback"
        for inner in outer.iter()
    }
    return sum(local_name(child) in _PICTURES and child not in fallback for child in element.iter())


def shows_placeholder(control: etree._Element) -> bool:
    """Whether a content control still shows its own prompt."""
    prompt = find_by_path(control, "sdtPr", "showingPlcHdr")
    return prompt is not None and val_attribute(prompt, "1").lower() not in FALSE_VALUES
