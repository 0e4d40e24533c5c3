"""Strings and cell styles of a .xlsx: text with inline markers, number formats, fonts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lxml import etree

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.documents.workbooks.number_formats import BUILT_IN_FORMATS
from kjfp_helpers.intake.documents.xml_elements import FALSE_VALUES, get_attribute, local_name

Item = TypeVar("Item")
_WHITE = "ffffff"
_WHITE_THEME = "0"
_WHITE_INDICES = ("1", "9")
"""White in the palette of numbered colours."""

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
"""A sign as the format writes it where XML has no place for it."""


@dataclass(frozen=True, slots=True)
class CellStyle:
    """What of a cell's style changes the meaning of its value."""

    number_format: str = ""
    is_struck: bool = False
    is_white: bool = False
    is_raised: bool = False


PLAIN_STYLE = CellStyle()


def read_styles(root: etree._Element | None) -> list[CellStyle]:
    """Return the cell styles of ``styles.xml`` in order; what is malformed counts as plain."""
    if root is None:
        return []
    sections = {local_name(child): child for child in root}
    formats = dict(BUILT_IN_FORMATS)
    for element in sections.get("numFmts", ()):
        number = get_attribute(element, "numFmtId")
        if number.isdecimal():
            formats[int(number)] = get_attribute(element, "formatCode")
    fonts = [_font_of(element) for element in sections.get("fonts", ())]
    fills = [_is_filled(element) for element in sections.get("fills", ())]
    return [_style_of(element, formats, fonts, fills) for element in sections.get("cellXfs", ())]


def _style_of(
    element: etree._Element,
    formats: dict[int, str],
    fonts: Sequence[CellStyle],
    fills: Sequence[bool],
) -> CellStyle:
    number_format = formats.get(_index(element, "numFmtId"), "")
    font = _item(fonts, _index(element, "fontId"), PLAIN_STYLE)
    is_filled = _item(fills, _index(element, "fillId"), False)
    return CellStyle(number_format, font.is_struck, font.is_white and not is_filled, font.is_raised)


def _index(element: etree._Element, name: str) -> int:
    text = get_attribute(element, name)
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _item(items: Sequence[Item], index: int, default: Item) -> Item:
    return items[index] if index < len(items) else default


def _font_of(element: etree._Element) -> CellStyle:
    """Return the effects of a font or of the properties of a run."""
    is_struck = is_white = is_raised = False
    for child in element:
        name, value = local_name(child), get_attribute(child, "val").lower()
        if name == "strike":
            is_struck = value not in FALSE_VALUES
        elif name == "vertAlign":
            is_raised = value in ("superscript", "subscript")
        elif name == "color":
            color, theme = get_attribute(child, "rgb").lower(), get_attribute(child, "theme")
            tint = get_attribute(child, "tint") or "0"
            is_white = color[-6:] == _WHITE or (theme == _WHITE_THEME and tint in ("0", "0.0"))
            is_white |= get_attribute(child, "indexed") in _WHITE_INDICES
    return CellStyle("", is_struck, is_white, is_raised)


def _is_filled(element: etree._Element) -> bool:
    """Whether a fill is neither missing nor white."""
    pattern = next((child for child in element if local_name(child) == "patternFill"), None)
    if pattern is None:
        return any(local_name(child) == "gradientFill" for child in element)
    if get_attribute(pattern, "patternType") in ("", "none"):
        return False
    color = next((child for child in pattern if local_name(child) == "fgColor"), None)
    if color is None:
        return True
    return get_attribute(color, "rgb").lower()[-6:] != _WHITE and not (
        get_attribute(color, "theme") == _WHITE_THEME and not get_attribute(color, "tint")
    )


def rich_text(element: etree._Element) -> str:
    """Return the text of a shared or inline string, struck and raised runs with markers."""
    return "".join(_iter_runs(element))


def _iter_runs(element: etree._Element) -> Iterator[str]:
    for child in element:
        name = local_name(child)
        if name == "t":
            yield text_markers.INVISIBLE_CHARS.sub("", unescape_text(child.text or ""))
        elif name == "r":
            properties = next((item for item in child if local_name(item) == "rPr"), None)
            font = PLAIN_STYLE if properties is None else _font_of(properties)
            text = "".join(_iter_runs(child))
            yield mark_text(text, is_struck=font.is_struck, is_raised=font.is_raised)


def unescape_text(text: str) -> str:
    r"""Return a stored text with the signs that XML cannot hold, which are written ``_x000D_``.

    Examples
    --------
    >>> unescape_text("实际_x000D_完成数")
    '实际\r完成数'
    """
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def mark_text(text: str, *, is_struck: bool, is_raised: bool) -> str:
    """Return a text with the markers of a struck-out or a raised run around it."""
    if is_struck and text.strip():
        return f"{text_markers.STRUCK}{text}{text_markers.STRUCK_END}"
    if is_raised and text.strip():
        return f"{text_markers.RAISED}{text}{text_markers.RAISED_END}"
    return text
