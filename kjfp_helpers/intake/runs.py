"""The inside of a Word paragraph as one string, boxes and ticks as the signs people see."""

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

_THROUGH = {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "AlternateContent",
            "Choice", "hyperlink", "fldSimple", "dir", "bdo"}  # fmt: skip
_SKIPPED = {"del", "moveFrom", "pPr", "rPr", "sdtPr", "sdtEndPr", "Fallback"}
_SIGNS = {
    "wingdings": {0x6F: "□", 0xA8: "□", 0x71: "□", 0xFC: "√", 0xFD: "☒", 0xFE: "☑", 0x78: "☒",
                  0x6E: "■", 0xFB: "×", 0x6C: "●", 0xA1: "○"},
    "wingdings 2": {0xA3: "□", 0x2A: "□", 0x30: "□", 0x50: "√", 0x52: "☑", 0x53: "☒", 0x54: "☒",
                    0x4F: "×"},
}  # fmt: skip
_PICTURES = {"blip", "imagedata"}
_DRAWN = {"drawing", "pict", "object", "AlternateContent"}


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace (strict and transitional alike)."""
    return _without_namespace(element.tag)


@lru_cache(maxsize=2048)
def _without_namespace(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def unwrap(parent: etree._Element, wanted: tuple[str, ...]) -> Iterator[etree._Element]:
    """Yield children of the wanted names, looking through content controls and insertions."""
    for child in parent:
        name = local(child)
        if name in wanted:
            yield child
        elif name in _THROUGH:
            yield from unwrap(child, wanted)


def value_of(element: etree._Element, *path: str) -> str:
    """Return the ``val`` attribute at the end of a path of names, ``""`` when there is none."""
    at: etree._Element | None = element
    for name in path:
        at = next((child for child in at if local(child) == name), None) if at is not None else None
    if at is None:
        return ""
    return next((str(value) for key, value in at.attrib.items() if key.endswith("}val")), "")


def pictures_in(element: etree._Element) -> int:
    """Return how many pictures an element holds."""
    fallback = {
        inner for outer in element.iter() if local(outer) == "Fallback" for inner in outer.iter()
    }
    return sum(local(child) in _PICTURES and child not in fallback for child in element.iter())


def inline(paragraph: etree._Element) -> str:
    """Return a paragraph's text as shown after accepting tracked changes."""
    return "".join(_walk(paragraph, []))


def _walk(element: etree._Element, field: list[str]) -> Iterator[str]:
    """Yield text; ``field`` gathers the code of the Word field that is open, if any."""
    for child in element:
        name = local(child)
        if name in _SKIPPED:
            continue
        if name == "sdt" and (box := _content_box(child)):
            yield box
        elif name == "r":
            if not _hidden(child):
                yield from _run(child, field)
        else:
            yield from _walk(child, field)


_PLAIN = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def _run(run: etree._Element, field: list[str]) -> Iterator[str]:
    signs = _SIGNS.get(_font(run), {})
    for child in run:
        name = local(child)
        if name == "t":
            text = child.text or ""
            yield "".join(signs.get(ord(sign) & 0xFF, sign) for sign in text) if signs else text
        elif name in _PLAIN:
            yield _PLAIN[name]
        elif name == "sym":
            yield _symbol(child)
        elif name == "instrText":
            field.append(child.text or "")
        elif name == "fldChar":
            yield _field(child, field)
        elif name in _DRAWN:
            yield from _text_box(child)


def _text_box(element: etree._Element) -> Iterator[str]:
    for child in element:
        if local(child) == "txbxContent":
            for paragraph in unwrap(child, ("p",)):
                yield f"\n{inline(paragraph)}"
        elif local(child) != "Fallback":
            yield from _text_box(child)


def _hidden(run: etree._Element) -> bool:
    properties = next((child for child in run if local(child) == "rPr"), None)
    if properties is None:
        return False
    off = ("0", "false", "off")
    return any(
        local(item) == "vanish" and next(iter(item.attrib.values()), "1") not in off
        for item in properties
    )


def _font(run: etree._Element) -> str:
    for properties in run:
        if local(properties) == "rPr":
            for item in properties:
                if local(item) == "rFonts":
                    names = [str(value).lower() for value in item.attrib.values()]
                    return next((name for name in names if name in _SIGNS), "")
    return ""


def _symbol(element: etree._Element) -> str:
    values = {key.rpartition("}")[2]: str(value) for key, value in element.attrib.items()}
    digits = values.get("char", "")
    if not re.fullmatch("[0-9A-Fa-f]{4}", digits):
        return ""
    code, font = int(digits, 16), values.get("font", "").lower()
    # A symbol font's own area and half a surrogate pair are no characters to be written.
    plain = "�" if 0xF000 <= code <= 0xF0FF or 0xD800 <= code <= 0xDFFF else chr(code)
    return _SIGNS.get(font, {}).get(code & 0xFF, plain)


def _content_box(element: etree._Element) -> str:
    """Return the sign of a content control that is a check box, ``""`` for any other."""
    for properties in element:
        if local(properties) == "sdtPr":
            for item in properties:
                if local(item) == "checkbox":
                    on = value_of(item, "checked") in ("1", "true", "on")
                    return "☑" if on else "□"
    return ""


def _field(mark: etree._Element, field: list[str]) -> str:
    """Return the sign of an old form's check box, or of an EQ field that lays √ over □."""
    kind = next((str(v) for k, v in mark.attrib.items() if k.endswith("}fldCharType")), "")
    if kind == "begin":
        field.clear()
        box = next((item for item in mark.iter() if local(item) == "checkBox"), None)
        if box is None:
            return ""
        states = [item for name in ("checked", "default") for item in box if local(item) == name]
        on = bool(states) and next(iter(states[0].attrib.values()), "1") not in ("0", "false")
        return "☑" if on else "□"
    code = "".join(field)
    if kind in ("separate", "end") and "EQ" in code.upper() and "□" in code:
        field.clear()
        return "☑" if any(tick in code for tick in "√✓✔") else "□"
    return ""
