"""Text of a Word paragraph, with check boxes and symbols as the characters that are displayed."""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from lxml import etree

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.documents.docx.run_formatting import is_shaded, read_run_formatting
from kjfp_helpers.intake.documents.symbol_fonts import (
    decode_symbol_text,
    render_eq_field,
    symbol_glyph,
)
from kjfp_helpers.intake.documents.xml_elements import (
    FALSE_VALUES,
    find_by_path,
    get_attribute,
    iter_children,
    local_name,
    shows_placeholder,
    val_attribute,
    value_at_path,
)

NOTE_REFERENCES = ("footnoteReference", "endnoteReference")
_EMPTY_BOX_SIGNS = "□☐○◯▢◻❑❏▫⬜"
_BOX_SIGNS = f"{_EMPTY_BOX_SIGNS}☑☒✓✔√■●◉▣✅"
"""Signs that a check-box control may show."""
_SKIPPED_ELEMENTS = {"pPr", "rPr", "sdtPr", "sdtEndPr", "Fallback", "rt"}
_RAISED_IN_FORMULAS = {"sup", "sub"}
_DELETED_ELEMENTS = {"del", "moveFrom"}
_DRAWING_ELEMENTS = {"drawing", "pict", "object", "AlternateContent"}


@dataclass(frozen=True, slots=True)
class TextContext:
    """What a run refers to outside its paragraph.

    ``notes`` are the texts of foot- and endnotes by the name of their reference and their number,
    the others identifiers of styles.
    """

    hidden_styles: Set[str] = frozenset()
    raised_styles: Set[str] = frozenset()
    struck_styles: Set[str] = frozenset()
    white_styles: Set[str] = frozenset()
    notes: Mapping[tuple[str, str], str] = field(default_factory=dict)


_NO_CONTEXT = TextContext()


def read_paragraph_text(paragraph: etree._Element, context: TextContext = _NO_CONTEXT) -> str:
    """Return the marked text of a paragraph, tracked changes accepted."""
    hidden = context.hidden_styles
    is_hidden = bool(hidden) and value_at_path(paragraph, "pPr", "pStyle") in hidden
    return "".join(_ParagraphText(context, is_hidden).element_text(paragraph))


@dataclass(slots=True)
class _OpenField:
    """An open Word field: its code, then its result.

    ``in_result`` is whether the result has begun, ``result_hidden`` whether it is not displayed,
    ``already_shown`` whether it is a legacy form field whose value was output at its beginning.
    """

    code: list[str] = field(default_factory=list)
    in_result: bool = False
    result_hidden: bool = False
    already_shown: bool = False


@dataclass(slots=True)
class _ParagraphText:
    """Collects the text of one paragraph; ``fields`` are the open Word fields at a run."""

    context: TextContext = _NO_CONTEXT
    is_hidden: bool = False
    fields: list[_OpenField] = field(default_factory=list)

    def element_text(self, element: etree._Element) -> Iterator[str]:
        """Yield the text of everything below an element."""
        for child in element:
            name = local_name(child)
            if name == "r":
                yield from self._run_text(child)
            elif name in _DELETED_ELEMENTS:
                yield text_markers.TRACKED_CHANGE
            elif (replacement := self._replacement_text(name, child)) is not None:
                yield replacement
            elif name not in _SKIPPED_ELEMENTS:
                yield _PREFIXES.get(name, "")
                yield from self.element_text(child)

    def _replacement_text(self, name: str, child: etree._Element) -> str | None:
        """Return the text that replaces a whole element (control, overlay), ``None`` for others."""
        if name == "sdt":
            return self._content_control_text(child)
        if name == "fldSimple" and (code := _overlay_code(child)):
            return _field_display(code)
        if name in _RAISED_IN_FORMULAS and (text := "".join(self.element_text(child)).strip()):
            return f"{text_markers.RAISED}{text}{text_markers.RAISED_END}"
        return None

    def _content_control_text(self, element: etree._Element) -> str | None:
        """Return the text of a check box or an unfilled content control, ``None`` for any other.

        A check box is what it shows: programs that do not know the control let people type over it,
        and its stored state stays behind.
        """
        properties = find_by_path(element, "sdtPr")
        if properties is None:
            return None
        for item in properties:
            if local_name(item) == "checkbox":
                content = find_by_path(element, "sdtContent")
                shown = "" if content is None else "".join(self.element_text(content))
                sign = text_markers.MARKERS.sub("", shown).strip()
                label = sign.lstrip(_BOX_SIGNS) if len(sign) > 1 else ""
                sign = sign.removesuffix(label).strip()
                if sign and sign in _BOX_SIGNS:
                    return f"{'□' if sign in _EMPTY_BOX_SIGNS else '☑'}{label}"
                is_checked = value_at_path(item, "checked") in ("1", "true", "on")
                return f"{'☑' if is_checked else '□'}{label}"
        return "" if shows_placeholder(element) else None

    def _run_text(self, run: etree._Element) -> Iterator[str]:
        """Yield the text of a run with markers of its formatting; hidden text becomes a marker."""
        formatting = read_run_formatting(run)
        if (
            formatting.is_hidden
            or self.is_hidden
            or self._is_hidden_by_style(formatting.style, run)
        ):
            if any((child.text or "").strip() for child in run if local_name(child) == "t"):
                yield text_markers.HIDDEN_TEXT
            return
        text = "".join(part for child in run for part in self._child_text(child, formatting.font))
        if not text:
            return
        opening, closing = formatting.markers
        if formatting.style in self.context.struck_styles:
            opening, closing = text_markers.STRUCK, text_markers.STRUCK_END
        is_raised = formatting.is_raised or formatting.style in self.context.raised_styles
        if is_raised and text.strip() and text_markers.NOTE not in text:
            text = f"{text_markers.RAISED}{text}{text_markers.RAISED_END}"
        yield f"{opening}{text}{closing}" if text.strip() else text

    def _is_hidden_by_style(self, style: str, run: etree._Element) -> bool:
        return style in self.context.hidden_styles or (
            style in self.context.white_styles and not is_shaded(run)
        )

    def _child_text(self, child: etree._Element, font: str) -> Iterator[str]:
        """Yield the text of one child element of a run."""
        name = local_name(child)
        if name == "t":
            text = text_markers.INVISIBLE_CHARS.sub("", child.text or "")
            yield from self._emit(
                decode_symbol_text(font, text, text_markers.UNKNOWN_SYMBOL) if font else text
            )
        elif name == "instrText":
            if self.fields:
                self.fields[-1].code.append(child.text or "")
        elif name == "fldChar":
            yield from self._emit(self._process_field_char(child))
        elif name in _DRAWING_ELEMENTS:
            typed = _typed_alternative(child)
            for part in typed:
                yield from self._child_text(part, font)
            yield from () if typed else _drawing_text(child)
        elif name == "ruby":
            yield from self.element_text(child)
        else:
            yield from self._emit(self._sign_text(name, child))

    def _sign_text(self, name: str, child: etree._Element) -> str:
        """Return what an element without text stands for: a symbol, a note, a line end."""
        if name in ("sym", "symEx"):
            return _symbol_text(child)
        if name in NOTE_REFERENCES:
            note = self.context.notes.get((name, get_attribute(child, "id")))
            return f"{text_markers.NOTE}{note}{text_markers.NOTE_END}" if note else ""
        return _ELEMENT_TEXT.get(name, "")

    def _emit(self, text: str) -> Iterator[str]:
        """Yield text, or add it to the code of an open field."""
        if not text:
            return
        if any(open_field.result_hidden and open_field.in_result for open_field in self.fields):
            return
        field_in_code = next(
            (open_field for open_field in reversed(self.fields) if not open_field.in_result), None
        )
        if field_in_code is not None:
            field_in_code.code.append(text)
        else:
            yield text

    def _process_field_char(self, field_char: etree._Element) -> str:
        """Process a field character; return what the code of the field displays."""
        kind = get_attribute(field_char, "fldCharType")
        if kind == "begin":
            control_text = _legacy_control_text(field_char)
            self.fields.append(
                _OpenField(in_result=bool(control_text), already_shown=bool(control_text))
            )
            return control_text
        if not self.fields:
            return ""
        open_field = self.fields[-1]
        code = "".join(open_field.code).strip()
        if kind == "separate":
            hides_result = code.upper().startswith(("EQ", "MACROBUTTON"))
            open_field.in_result, open_field.result_hidden = (
                True,
                open_field.already_shown or hides_result,
            )
        if kind != "end":
            return ""
        self.fields.pop()
        return _field_display(code)


def _field_display(code: str) -> str:
    """Return what the code of a field itself displays: an overlay or a button."""
    if code.upper().startswith("EQ"):
        return render_eq_field(code, (text_markers.EMPHASIS, text_markers.EMPHASIS_END))
    button = code.split(None, 2)
    return button[2] if len(button) == 3 and button[0].upper() == "MACROBUTTON" else ""


_ELEMENT_TEXT = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
    "commentReference": text_markers.COMMENT,
}
_PREFIXES = {
    "ins": text_markers.TRACKED_CHANGE,
    "moveTo": text_markers.TRACKED_CHANGE,
    "rad": "√",
}
"""Output before the text of an element; a root of the formula editor is typed as a tick."""


def _typed_alternative(element: etree._Element) -> list[etree._Element]:
    """Return the text and symbols of a choice in a run: Word writes ☑ of an emoji font so."""
    choices = (child for child in element if local_name(child) == "Choice")
    return [part for part in next(choices, ()) if local_name(part) in ("t", "sym", "symEx")]


def _drawing_text(element: etree._Element) -> Iterator[str]:
    """Yield the text of a text box, or the marker of a picture."""
    texts = list(_text_box_text(element))
    yield from texts or [text_markers.PICTURE]


def _text_box_text(element: etree._Element) -> Iterator[str]:
    for child in element:
        if local_name(child) == "txbxContent":
            for paragraph in iter_children(child, ("p",)):
                yield f"\n{read_paragraph_text(paragraph)}"
        elif local_name(child) != "Fallback":
            yield from _text_box_text(child)


def _symbol_text(element: etree._Element) -> str:
    """Return the character displayed by a ``w:sym`` element."""
    digits = get_attribute(element, "char")
    if not re.fullmatch("[0-9A-Fa-f]{4,5}", digits):
        return ""
    code = int(digits, 16)
    # The private area of symbol fonts and lone surrogates are no writable characters.
    is_private = 0xF000 <= code <= 0xF0FF or 0xD800 <= code <= 0xDFFF
    glyph = symbol_glyph(get_attribute(element, "font").lower(), code)
    return glyph or (text_markers.UNKNOWN_SYMBOL if is_private else chr(code))


def _overlay_code(element: etree._Element) -> str:
    """Return the code of a simple field that overlays characters (EQ), ``""`` for others."""
    code = get_attribute(element, "instr").strip()
    return code if code.upper().startswith("EQ") else ""


def _legacy_control_text(field_char: etree._Element) -> str:
    """Return what a legacy form field displays: its check box or its chosen entry."""
    check_box = next((item for item in field_char.iter() if local_name(item) == "checkBox"), None)
    if check_box is not None:
        states = [
            item
            for name in ("checked", "default")
            for item in check_box
            if local_name(item) == name
        ]
        return "☑" if states and val_attribute(states[0], "1").lower() not in FALSE_VALUES else "□"
    drop_down = next((item for item in field_char.iter() if local_name(item) == "ddList"), None)
    if drop_down is None:
        return ""
    entries = [val_attribute(item) for item in drop_down if local_name(item) == "listEntry"]
    index = value_at_path(drop_down, "result") or "0"
    return entries[int(index)] if index.isdecimal() and int(index) < len(entries) else ""
