"""Page of a PDF with the text that is drawn so that it can be seen.

Text is marked as hidden that is drawn invisibly or fully transparent, outside the clipping path or
the crop box, on a layer that is switched off, or under an area painted over it later, as a value
that was painted over and typed anew. What is only white or tiny is left to
:mod:`kjfp_helpers.intake.documents.pdf.page_chars`.

Imported with pdfplumber, only where a PDF is read.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pdfminer.layout import LTChar
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import resolve1
from pdfminer.psparser import PSLiteral
from pdfminer.utils import apply_matrix_pt, apply_matrix_rect, mult_matrix
from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent
from pdfplumber.utils.exceptions import PdfminerException

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.documents.pdf.boxes import (
    Box,
    box_around,
    contains,
    intersection,
    is_area,
    points_of,
    rectangles,
)
from kjfp_helpers.intake.documents.pdf.drawn_text import DrawnText, centre_of
from kjfp_helpers.intake.documents.pdf.layers import HiddenLayers, dictionary_of

_INVISIBLE_MODES = (3, 7)
_LEAST_ALPHA, _OPAQUE = 0.05, 0.99
"""Opacity below which text is not seen, and from which an area hides what is under it."""
_LEAST_CUT = 0.3
"""Part of the width of a character from which it may be read as another one where it is cut off."""


@dataclass(frozen=True)
class _State:
    """What of the graphics state decides whether text is seen."""

    clip: Box
    alpha: float = 1.0
    is_plain: bool = True
    """Whether paint replaces what is under it, as it does in blend mode Normal."""


class _SeenTextDevice(PDFPageAggregatorWithMarkedContent):
    """Device that drops the characters that are not seen on the page."""

    state: _State
    render_mode = 0
    hidden_layers = 0

    def begin_page(self, page: Any, ctm: Any) -> None:
        super().begin_page(page, ctm)
        self.drawing = DrawnText()
        boxes = [apply_matrix_rect(ctm, box) for box in (page.mediabox, page.cropbox)]
        visible = intersection(*boxes)
        self.state = _State(visible if is_area(visible) else boxes[0])

    def end_page(self, page: Any) -> None:
        self.drawing.finish()
        super().end_page(page)

    def render_string(self, textstate: Any, *args: Any) -> None:
        self.render_mode = textstate.render
        super().render_string(textstate, *args)

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        advance = super().render_char(*args, **kwargs)
        objects = self.cur_item._objs
        char = objects[-1]
        if not isinstance(char, LTChar) or not char.get_text().strip():
            return advance
        drawn = self.cur_item, char
        if self._is_seen(char):
            self.drawing.add_seen(drawn)
            if _is_cut(char, self.state.clip):
                char._text += text_markers.HIDDEN_TEXT
            return advance
        objects.pop()
        by_mode = self.render_mode in _INVISIBLE_MODES and not self.hidden_layers
        self.drawing.add_hidden(drawn, by_mode=by_mode)
        return advance

    def paint_path(self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:
        if self.hidden_layers:
            return
        super().paint_path(gstate, stroke, fill, evenodd, path)
        is_opaque = self.state.is_plain and self.state.alpha >= _OPAQUE
        if fill and is_opaque and _is_plain_color(gstate.ncolor):
            for box in rectangles(path, self.ctm):
                self.drawing.cover(intersection(box, self.state.clip))

    def _is_seen(self, char: LTChar) -> bool:
        if self.hidden_layers or self.render_mode in _INVISIBLE_MODES:
            return False
        return self.state.alpha >= _LEAST_ALPHA and contains(self.state.clip, centre_of(char))


class _SeenTextInterpreter(PDFPageInterpreter):
    """Interpreter that tells its device the clipping path, the opacity and hidden layers."""

    device: _SeenTextDevice
    is_clipping = False
    layers: HiddenLayers

    def init_state(self, ctm: Any) -> None:
        super().init_state(ctm)
        self.saved_states: list[_State] = []
        self.content_stack: list[bool] = []

    def subinterp(self) -> PDFPageInterpreter:
        inner = super().subinterp()
        assert isinstance(inner, _SeenTextInterpreter)  # made by the class of this one
        inner.layers = self.layers
        return inner

    def do_q(self) -> None:
        super().do_q()
        self.saved_states.append(self.device.state)

    def do_Q(self) -> None:
        super().do_Q()
        if self.saved_states:
            self.device.state = self.saved_states.pop()

    def do_W(self) -> None:
        self.is_clipping = True

    def do_W_a(self) -> None:
        self.is_clipping = True

    def do_S(self) -> None:
        self._paint(super().do_S)

    def do_f(self) -> None:
        self._paint(super().do_f)

    def do_F(self) -> None:
        self.do_f()

    def do_f_a(self) -> None:
        self._paint(super().do_f_a)

    def do_B(self) -> None:
        self._paint(super().do_B)

    def do_B_a(self) -> None:
        self._paint(super().do_B_a)

    def do_n(self) -> None:
        self._paint(super().do_n)

    def _paint(self, paint: Callable[[], None]) -> None:
        """Paint the path, and clip to it where that was asked for, by the rectangle around it."""
        path = self.curpath
        paint()
        if not self.is_clipping:
            return
        self.is_clipping = False
        points = [apply_matrix_pt(self.ctm, point) for step in path for point in points_of(step)]
        box = box_around(points) if points else (0.0, 0.0, -1.0, -1.0)
        self._set_state(clip=intersection(self.device.state.clip, box))

    def _set_state(self, **changes: Any) -> None:
        self.device.state = replace(self.device.state, **changes)

    def do_gs(self, name: Any) -> None:
        super().do_gs(name)
        states = dictionary_of(self.resources.get("ExtGState"))
        state = dictionary_of(states.get(getattr(name, "name", name)))
        if isinstance(alpha := resolve1(state.get("ca")), int | float):
            self._set_state(alpha=float(alpha))
        if "BM" in state:
            mode = resolve1(state["BM"])
            mode = resolve1(mode[0]) if isinstance(mode, list) and mode else mode
            self._set_state(is_plain=getattr(mode, "name", "") in ("Normal", "Compatible"))

    def do_BMC(self, tag: Any) -> None:
        super().do_BMC(tag)
        self.content_stack.append(False)

    def do_BDC(self, tag: Any, props: Any) -> None:
        super().do_BDC(tag, props)
        layer = props
        if isinstance(props, PSLiteral):
            layer = dictionary_of(self.resources.get("Properties")).get(str(props.name))
        is_off = getattr(tag, "name", "") == "OC" and self.layers.hides(layer)
        self.content_stack.append(is_off)
        self.device.hidden_layers += is_off

    def do_EMC(self) -> None:
        super().do_EMC()
        if self.content_stack:
            self.device.hidden_layers -= self.content_stack.pop()

    def do_Do(self, xobjid_arg: Any) -> None:
        state, layers = self.device.state, self.device.hidden_layers
        drawn = resolve1(self.xobjmap.get(getattr(xobjid_arg, "name", "")))
        attributes = getattr(drawn, "attrs", {})
        box = resolve1(attributes.get("BBox"))
        if _is_box(box):
            matrix = resolve1(attributes.get("Matrix")) or (1, 0, 0, 1, 0, 0)
            if len(matrix) == 6:
                place = mult_matrix(tuple(map(resolve1, matrix)), self.ctm)
                bounds = apply_matrix_rect(place, tuple(map(resolve1, box)))
                self._set_state(clip=intersection(state.clip, bounds))
        self.device.hidden_layers += self.layers.hides(attributes.get("OC"))
        super().do_Do(xobjid_arg)
        self.device.state, self.device.hidden_layers = state, layers
        self.device.set_ctm(self.ctm)


class SeenPage(Page):
    """A page of pdfplumber with a marker ahead of each character that is not seen.

    The marker stands behind a character of which a part is not seen.
    """

    @property
    def layout(self) -> Any:
        """The layout of pdfminer, made once."""
        if not hasattr(self, "_layout"):
            device = _SeenTextDevice(self.pdf.rsrcmgr, pageno=self.page_number)
            interpreter = _SeenTextInterpreter(self.pdf.rsrcmgr, device)
            interpreter.layers = HiddenLayers(self.pdf.doc.catalog)
            try:
                interpreter.process_page(self.page_obj)
            except Exception as error:
                raise PdfminerException(error) from error
            self._layout = device.get_result()
        return self._layout


def _is_cut(char: LTChar, clip: Box) -> bool:
    """Whether a character whose middle is seen lacks much of its left or right."""
    missing = max(clip[0] - char.x0, char.x1 - clip[2])
    return bool(missing > _LEAST_CUT * (char.x1 - char.x0))


def _is_box(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 4
        and all(isinstance(resolve1(one), int | float) for one in value)
    )


def _is_plain_color(color: Any) -> bool:
    """Whether a colour is one of numbers, not a pattern."""
    parts = color if isinstance(color, list | tuple) else (color,)
    return bool(parts) and all(isinstance(part, int | float) for part in parts)
