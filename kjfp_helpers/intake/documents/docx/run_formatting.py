"""How a run of a Word paragraph looks, as far as it changes what is said."""

from dataclasses import dataclass

from lxml import etree

from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.documents.docx.symbol_fonts import SYMBOL_FONTS
from kjfp_helpers.intake.documents.docx.xml import OFF, attribute, child_of, local, val

_DARK = ("auto", "000000", "black", "")
_SMALLEST = 4
"""Half-points; words no larger than this are not meant to be seen."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a run looks, as far as it changes what is said."""

    font: str = ""
    bold: bool = False
    struck: bool = False
    hidden: bool = False
    style: str = ""

    @property
    def brackets(self) -> tuple[str, str]:
        """The signs around the run's words."""
        if self.struck:
            return inline_markers.STRUCK, inline_markers.STRUCK_END
        return (inline_markers.BOLD, inline_markers.BOLD_END) if self.bold else ("", "")


_PLAIN = Look()


def look_of(run: etree._Element) -> Look:
    """Return how a run looks by its own properties."""
    first = next(iter(run), None)
    if first is None or local(first) != "rPr":
        return _PLAIN
    font, style, seen = "", "", set()
    for item in first:
        name = local(item)
        if name == "rFonts":
            names = [str(value).lower() for value in item.attrib.values()]
            font = next((name for name in names if name in SYMBOL_FONTS), "")
        elif name == "rStyle":
            style = val(item)
        else:
            seen.add(_effect(name, item, run))
    return Look(font, "bold" in seen, "struck" in seen, "hidden" in seen, style)


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
    """Return what one property does to its run: ``bold``, ``struck``, ``hidden`` or nothing."""
    if name in _SWITCHES:
        return "" if val(item, "1").lower() in OFF else _SWITCHES[name]
    if name == "color" and _white(item, run):
        return "hidden"
    if name in ("color", "shd"):
        return "bold" if _stands_out(item, name) else ""
    size = val(item) if name == "sz" else ""
    return "hidden" if size.isdecimal() and int(size) <= _SMALLEST else ""


def _stands_out(item: etree._Element, name: str) -> bool:
    if name == "color":
        return val(item).lower() not in _DARK
    return attribute(item, "fill").lower() not in ("auto", "ffffff", "")


def _white(item: etree._Element, run: etree._Element) -> bool:
    """Whether a run is white on white: neither it nor what it stands in is shaded."""
    if val(item).lower() != "ffffff":
        return False
    around = [run, *run.iterancestors()]
    shades = [
        child_of(one, properties, "shd")
        for one in around
        for properties in ("rPr", "pPr", "tcPr", "tblPr")
    ]
    return not any(shade is not None and _stands_out(shade, "shd") for shade in shades)
