"""The inside of a Word paragraph as one string, boxes and ticks as the signs people see."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from lxml import etree

from kjfp_helpers.intake.common import inline_markers
from kjfp_helpers.intake.documents.docx.run_formatting import read_run_formatting
from kjfp_helpers.intake.documents.docx.symbol_fonts import (
    decode_symbol_text,
    render_eq_field,
    symbol_glyph,
)
from kjfp_helpers.intake.documents.docx.xml import (
    FALSE_VALUES,
    find_by_path,
    get_attribute,
    iter_children,
    local_name,
    shows_placeholder,
    val_attribute,
    value_at_path,
)

_SKIPPED = {"pPr", "rPr", "sdtPr", "sdtEndPr", "Fallback", "rt"}
_REMOVED = {"del", "moveFrom"}
_DRAWN = {"drawing", "pict", "object", "AlternateContent"}


def read_paragraph_text(paragraph: etree._Element, concealed: Set[str] = frozenset()) -> str:
    """Return a paragraph's text after accepting tracked changes, with the signs of ``marks``.

    ``concealed`` are the styles whose words are hidden.
    """
    unseen = bool(concealed) and value_at_path(paragraph, "pPr", "pStyle") in concealed
    return "".join(_Walk(concealed, unseen).text(paragraph))


@dataclass(slots=True)
class _Field:
    """A Word field that is open: its code, then its result, unless that is not shown.

    ``said`` is whether it is an old form field, whose box or word was said where it began.
    """

    code: list[str] = field(default_factory=list)
    shown: bool = False
    silent: bool = False
    said: bool = False


@dataclass(slots=True)
class _Walk:
    """Walks one paragraph; ``fields`` are the Word fields open around the current run."""

    concealed: Set[str] = frozenset()
    unseen: bool = False
    fields: list[_Field] = field(default_factory=list)

    def text(self, element: etree._Element) -> Iterator[str]:
        """Yield the words of everything below an element."""
        for child in element:
            name = local_name(child)
            if name == "r":
                yield from self._run(child)
            elif name in _REMOVED:
                yield inline_markers.TRACKED_CHANGE
            elif (said := _whole(name, child)) is not None:
                yield said
            elif name not in _SKIPPED:
                yield _BEFORE.get(name, "")
                yield from self.text(child)

    def _run(self, run: etree._Element) -> Iterator[str]:
        look = read_run_formatting(run)
        if look.is_hidden or self.unseen or look.style in self.concealed:
            if any((child.text or "").strip() for child in run if local_name(child) == "t"):
                yield inline_markers.HIDDEN_TEXT
            return
        words = "".join(piece for child in run for piece in self._piece(child, look.font))
        if not words:
            return
        opening, closing = look.markers
        yield f"{opening}{words}{closing}" if words.strip() else words

    def _piece(self, child: etree._Element, font: str) -> Iterator[str]:
        name = local_name(child)
        if name == "t":
            text = inline_markers.INVISIBLE_CHARS.sub("", child.text or "")
            yield from self._show(
                decode_symbol_text(font, text, inline_markers.UNKNOWN_SYMBOL) if font else text
            )
        elif name == "instrText":
            if self.fields:
                self.fields[-1].code.append(child.text or "")
        elif name == "fldChar":
            yield from self._show(self._field(child))
        elif name in _DRAWN:
            yield from _drawing(child)
        elif name == "ruby":
            yield from self.text(child)
        else:
            yield from self._show(_symbol(child) if name == "sym" else _PLAIN.get(name, ""))

    def _show(self, words: str) -> Iterator[str]:
        """Yield words, or put them where an open field wants them."""
        if not words:
            return
        if any(one.silent and one.shown for one in self.fields):
            return
        coding = next((one for one in reversed(self.fields) if not one.shown), None)
        if coding is not None:
            coding.code.append(words)
        else:
            yield words

    def _field(self, mark: etree._Element) -> str:
        """Follow a field's marks; return what its own code draws."""
        kind = get_attribute(mark, "fldCharType")
        if kind == "begin":
            shown = _old_control(mark)
            self.fields.append(_Field(shown=bool(shown), said=bool(shown)))
            return shown
        if not self.fields:
            return ""
        one = self.fields[-1]
        code = "".join(one.code).strip()
        if kind == "separate":
            drawn = code.upper().startswith(("EQ", "MACROBUTTON"))
            one.shown, one.silent = True, one.said or drawn
        if kind != "end":
            return ""
        self.fields.pop()
        return _drawn(code)


def _drawn(code: str) -> str:
    """Return what the code of a field itself draws: an overlay or a button."""
    if code.upper().startswith("EQ"):
        return render_eq_field(code, (inline_markers.EMPHASIS, inline_markers.EMPHASIS_END))
    button = code.split(None, 2)
    return button[2] if len(button) == 3 and button[0].upper() == "MACROBUTTON" else ""


def _whole(name: str, child: etree._Element) -> str | None:
    """Return what an element says as a whole: a control, an overlay; ``None`` for others."""
    if name == "sdt":
        return _control(child)
    if name == "fldSimple" and (code := _instruction(child)):
        return _drawn(code)
    return None


_PLAIN = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
    "commentReference": inline_markers.COMMENT,
}
_BEFORE = {
    "ins": inline_markers.TRACKED_CHANGE,
    "moveTo": inline_markers.TRACKED_CHANGE,
    "rad": "√",
}
"""Said before an element's words; a root sign of the formula editor is typed as a tick."""


def _drawing(element: etree._Element) -> Iterator[str]:
    """Yield the words of a text box, or the sign of a picture."""
    found = list(_text_box(element))
    yield from found or [inline_markers.PICTURE]


def _text_box(element: etree._Element) -> Iterator[str]:
    for child in element:
        if local_name(child) == "txbxContent":
            for paragraph in iter_children(child, ("p",)):
                yield f"\n{read_paragraph_text(paragraph)}"
        elif local_name(child) != "Fallback":
            yield from _text_box(child)


def _symbol(element: etree._Element) -> str:
    digits = get_attribute(element, "char")
    if not re.fullmatch("[0-9A-Fa-f]{4}", digits):
        return ""
    code = int(digits, 16)
    # A symbol font's own area and half a surrogate pair are no characters to be written.
    own = 0xF000 <= code <= 0xF0FF or 0xD800 <= code <= 0xDFFF
    seen = symbol_glyph(get_attribute(element, "font").lower(), code)
    return seen or (inline_markers.UNKNOWN_SYMBOL if own else chr(code))


def _control(element: etree._Element) -> str | None:
    """Return what a check box or an unfilled content control says, ``None`` for any other."""
    properties = find_by_path(element, "sdtPr")
    if properties is None:
        return None
    for item in properties:
        if local_name(item) == "checkbox":
            return "☑" if value_at_path(item, "checked") in ("1", "true", "on") else "□"
    return "" if shows_placeholder(element) else None


def _instruction(element: etree._Element) -> str:
    """Return the code of a simple field that lays signs over each other, ``""`` for others."""
    code = get_attribute(element, "instr").strip()
    return code if code.upper().startswith("EQ") else ""


def _old_control(mark: etree._Element) -> str:
    """Return the sign or the word that an old form field shows."""
    box = next((item for item in mark.iter() if local_name(item) == "checkBox"), None)
    if box is not None:
        states = [
            item for name in ("checked", "default") for item in box if local_name(item) == name
        ]
        return "☑" if states and val_attribute(states[0], "1").lower() not in FALSE_VALUES else "□"
    drop = next((item for item in mark.iter() if local_name(item) == "ddList"), None)
    if drop is None:
        return ""
    words = [val_attribute(item) for item in drop if local_name(item) == "listEntry"]
    at = value_at_path(drop, "result") or "0"
    return words[int(at)] if at.isdecimal() and int(at) < len(words) else ""
