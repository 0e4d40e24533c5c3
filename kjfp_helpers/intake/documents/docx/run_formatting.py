"""How a run of a Word paragraph looks, as far as it changes what is said."""

from dataclasses import dataclass

from lxml import etree

from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.documents.docx.symbol_fonts import SYMBOL_FONTS
from kjfp_helpers.intake.documents.docx.xml import (
    FALSE_VALUES,
    find_by_path,
    get_attribute,
    local_name,
    val_attribute,
)

_DARK = ("auto", "000000", "black", "")
_SMALLEST = 4
"""Half-points; words no larger than this are not meant to be seen."""


@dataclass(frozen=True, slots=True)
class RunFormatting:
    """How a run looks, as far as it changes what is said."""

    font: str = ""
    is_emphasized: bool = False
    is_struck: bool = False
    is_hidden: bool = False
    style: str = ""

    @property
    def markers(self) -> tuple[str, str]:
        """The signs around the run's words."""
        if self.is_struck:
            return inline_markers.STRUCK, inline_markers.STRUCK_END
        return (
            (inline_markers.EMPHASIS, inline_markers.EMPHASIS_END)
            if self.is_emphasized
            else ("", "")
        )


_PLAIN = RunFormatting()


def read_run_formatting(run: etree._Element) -> RunFormatting:
    """Return how a run looks by its own properties."""
    first = next(iter(run), None)
    if first is None or local_name(first) != "rPr":
        return _PLAIN
    font, style, seen = "", "", set()
    for item in first:
        name = local_name(item)
        if name == "rFonts":
            names = [str(value).lower() for value in item.attrib.values()]
            font = next((name for name in names if name in SYMBOL_FONTS), "")
        elif name == "rStyle":
            style = val_attribute(item)
        else:
            seen.add(_effect(name, item, run))
    return RunFormatting(font, "bold" in seen, "struck" in seen, "hidden" in seen, style)


_SWITCHES = {
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


def _effect(name: str, item: etree._Element, run: etree._Element) -> str:
    """Return what one property does to its run: ``is_emphasized``, ``is_struck``, ``is_hidden`` or nothing."""
    if name in _SWITCHES:
        return "" if val_attribute(item, "1").lower() in FALSE_VALUES else _SWITCHES[name]
    if name == "color" and _white(item, run):
        return "hidden"
    if name in ("color", "shd"):
        return "bold" if _stands_out(item, name) else ""
    size = val_attribute(item) if name == "sz" else ""
    return "hidden" if size.isdecimal() and int(size) <= _SMALLEST else ""


def _stands_out(item: etree._Element, name: str) -> bool:
    if name == "color":
        return val_attribute(item).lower() not in _DARK
    return get_attribute(item, "fill").lower() not in ("auto", "ffffff", "")


def _white(item: etree._Element, run: etree._Element) -> bool:
    """Whether a run is white on white: neither it nor what it stands in is shaded."""
    if val_attribute(item).lower() != "ffffff":
        return False
    around = [run, *run.iterancestors()]
    shades = [
        find_by_path(one, properties, "shd")
        for one in around
        for properties in ("rPr", "pPr", "tcPr", "tblPr")
    ]
    return not any(shade is not None and _stands_out(shade, "shd") for shade in shades)
