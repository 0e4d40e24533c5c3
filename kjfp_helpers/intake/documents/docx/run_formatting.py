"""Formatting of a Word run that affects its meaning (bold, struck out, hidden, symbol font)."""

import re
from dataclasses import dataclass

from lxml import etree

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.documents.symbol_fonts import SYMBOL_FONTS
from kjfp_helpers.intake.documents.xml_elements import (
    FALSE_VALUES,
    find_by_path,
    get_attribute,
    local_name,
    val_attribute,
)

_DARK_COLORS = ("auto", "000000", "black", "")
_MIN_RAISED_POSITION = 4
"""Half-points; text moved by less is only aligned."""
_MAX_HIDDEN = {"sz": 4, "w": 5}
"""Size in half-points and width in percent up to which text counts as hidden."""
_HEX_COLOR = re.compile("[0-9A-Fa-f]{6}")
_WHITE, _PALE = (255, 255, 255), 0xA0
_UNSEEN_STEPS = 10
"""Steps of red, green and blue up to which text is not seen on its ground."""


@dataclass(frozen=True, slots=True)
class RunFormatting:
    """Formatting of a run that affects its meaning; ``font`` is a symbol font or ``""``."""

    font: str = ""
    is_emphasized: bool = False
    is_struck: bool = False
    is_hidden: bool = False
    is_raised: bool = False
    style: str = ""

    @property
    def markers(self) -> tuple[str, str]:
        """The inline markers around the text of the run."""
        if self.is_struck:
            return text_markers.STRUCK, text_markers.STRUCK_END
        return (
            (text_markers.EMPHASIS, text_markers.EMPHASIS_END) if self.is_emphasized else ("", "")
        )


_NO_FORMATTING = RunFormatting()


def read_run_formatting(run: etree._Element) -> RunFormatting:
    """Read the formatting of a run from its own properties."""
    first = next(iter(run), None)
    if first is None or local_name(first) != "rPr":
        return _NO_FORMATTING
    font, style, effects = "", "", set()
    for property in first:
        name = local_name(property)
        if name == "rFonts":
            names = [str(value).lower() for value in property.attrib.values()]
            font = next((name for name in names if name in SYMBOL_FONTS), "")
        elif name == "rStyle":
            style = val_attribute(property)
        else:
            effects.add(_property_effect(name, property, run))
    return RunFormatting(
        font,
        "bold" in effects,
        "struck" in effects,
        "hidden" in effects,
        "raised" in effects,
        style,
    )


_TOGGLE_EFFECTS = {
    "b": "bold",
    "u": "bold",
    "highlight": "bold",
    "bdr": "bold",
    "em": "bold",
    "strike": "struck",
    "dstrike": "struck",
    "vanish": "hidden",
    "webHidden": "hidden",
}


def _property_effect(name: str, property: etree._Element, run: etree._Element) -> str:
    """Return what a property makes of its run: ``bold``, ``struck``, ``hidden``, ``raised``."""
    if name == "vertAlign" or name == "position":
        return "raised" if is_raised_text(property) else ""
    if name in _TOGGLE_EFFECTS:
        return "" if val_attribute(property, "1").lower() in FALSE_VALUES else _TOGGLE_EFFECTS[name]
    if _is_unseen(name, property, run):
        return "hidden"
    return "bold" if name in ("color", "shd") and _is_colored(property, name) else ""


def _is_unseen(name: str, property: etree._Element, run: etree._Element) -> bool:
    """Whether a property makes text tiny, unfilled, or of the colour of its ground."""
    if name == "color":
        color = _channels(val_attribute(property))
        return color is not None and min(color) >= _PALE and _is_near(color, _ground_of(run))
    if name == "textFill":
        return any(local_name(child) == "noFill" for child in property)
    size = val_attribute(property).removesuffix("%") if name in _MAX_HIDDEN else ""
    return size.isdecimal() and int(size) <= _MAX_HIDDEN[name]


def style_effect(property: etree._Element) -> tuple[str, bool]:
    """Return which effect a property of a style is about, and whether it sets or unsets it.

    Effects are ``hidden``, ``raised``, ``struck`` and ``white``; blank for any other property.
    """
    name = local_name(property)
    if name == "vertAlign":
        return "raised", is_raised_text(property)
    if name == "color":
        color = _channels(val_attribute(property))
        return "white", color is not None and _is_near(color, _WHITE)
    if name in ("vanish", "strike", "dstrike"):
        return _TOGGLE_EFFECTS[name], bool(_property_effect(name, property, property))
    return "", False


def is_raised_text(property: etree._Element) -> bool:
    """Whether a property sets text above or below its line, as the marks of notes are."""
    value = val_attribute(property).lower()
    if local_name(property) == "vertAlign":
        return value in ("superscript", "subscript")
    return value.lstrip("-").isdecimal() and abs(int(value)) >= _MIN_RAISED_POSITION


def _is_colored(property: etree._Element, name: str) -> bool:
    if name == "color":
        return val_attribute(property).lower() not in _DARK_COLORS
    return get_attribute(property, "fill").lower() not in ("auto", "ffffff", "")


def is_shaded(run: etree._Element) -> bool:
    """Whether a run, or what contains it, has a ground on which white is seen."""
    return not _is_near(_ground_of(run), _WHITE)


def _ground_of(run: etree._Element) -> tuple[int, ...]:
    """Return the colour of the innermost shading around a run, white where there is none."""
    for container in (run, *run.iterancestors()):
        for properties in ("rPr", "pPr", "tcPr", "tblPr"):
            shading = find_by_path(container, properties, "shd")
            fill = None if shading is None else _channels(get_attribute(shading, "fill"))
            if fill is not None:
                return fill
    return _WHITE


def _channels(color: str) -> tuple[int, ...] | None:
    """Return red, green and blue of a colour, ``None`` for a name such as ``auto``."""
    return tuple(bytes.fromhex(color)) if _HEX_COLOR.fullmatch(color) else None


def _is_near(color: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return max(abs(one - two) for one, two in zip(color, other, strict=True)) <= _UNSEEN_STEPS
