"""Formatting of a Word run that affects its meaning (bold, struck out, hidden, symbol font)."""

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
_MAX_HIDDEN_SIZE = 4
"""Half-points; text up to this size counts as hidden."""


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
    if name == "color" and _is_white_on_white(property, run):
        return "hidden"
    if name in ("color", "shd"):
        return "bold" if _is_colored(property, name) else ""
    size = val_attribute(property) if name == "sz" else ""
    return "hidden" if size.isdecimal() and int(size) <= _MAX_HIDDEN_SIZE else ""


def style_effect(property: etree._Element) -> str:
    """Return what a property makes of a style: ``hidden``, ``raised``, ``struck``, ``white``."""
    name = local_name(property)
    if name == "vertAlign":
        return "raised" if is_raised_text(property) else ""
    if name == "color":
        return "white" if val_attribute(property).lower() == "ffffff" else ""
    if name in ("vanish", "strike", "dstrike"):
        return _property_effect(name, property, property)
    return ""


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


def _is_white_on_white(property: etree._Element, run: etree._Element) -> bool:
    """Whether a run is white on white."""
    return val_attribute(property).lower() == "ffffff" and not is_shaded(run)


def is_shaded(run: etree._Element) -> bool:
    """Whether a run, or what contains it, has a ground that is not white."""
    containers = [run, *run.iterancestors()]
    shadings = [
        find_by_path(container, properties, "shd")
        for container in containers
        for properties in ("rPr", "pPr", "tcPr", "tblPr")
    ]
    return any(shading is not None and _is_colored(shading, "shd") for shading in shadings)
