"""What of a PDF page is seen: no watermark or hidden text, every sign once, and what is typed over.

A unit may fill in a blank form with notes of its PDF program or with form fields; these are read as
text of the page.
"""

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from kjfp_helpers.intake.common import text_markers

if TYPE_CHECKING:
    from kjfp_helpers.intake.documents.pdf.seen_page import SeenPage

Char = dict[str, Any]
_WHITE, _PALE = 0.98, 0.6
"""Luminance from which text is white or pale on a white page."""
_MIN_SIZE = 2.0
"""Points; smaller text is not seen."""
_WATERMARK_SCALE, _LARGE_WATERMARK_SCALE = 1.4, 2.5
"""Sizes relative to the usual text, of pale and of dark watermarks."""
_MAX_TILT = 3.0
"""Degrees by which upright text may be off."""
_HIDDEN_FLAGS = 0x02 | 0x20
"""Annotation flags Hidden and NoView."""
_LINE_HEIGHT = 12.0
_TYPED_SUBTYPES = ("FreeText", "Widget")
_COMMENT_SUBTYPES = ("Text", "Highlight", "Underline", "Squiggly", "Caret")


@dataclass
class PageContent:
    """Characters and picture boxes of a page, and the markers of what was left out.

    ``hidden`` are the characters that are not seen, for the cells in which they stand.
    """

    chars: list[Char]
    pictures: list[Char]
    hidden: list[Char] = field(default_factory=list)
    markers: set[str] = field(default_factory=set)


def read_page_content(page: "SeenPage") -> PageContent:
    """Return what is seen of a page."""
    drawn, hidden = _parted_by_marker(page.chars)
    content = PageContent(drawn, list(page.images))
    if content.chars:
        upright = _without_watermarks(content.chars)
        visible = _visible_chars(page, upright)
        shown = {id(char) for char in visible}
        hidden += [char for char in upright if id(char) not in shown]
        content.chars = _without_repeats(visible)
    if hidden:
        content.markers.add(text_markers.HIDDEN_TEXT)
        content.hidden = _without_repeats(hidden, content.chars)
    _add_annotations(_annotations_of(page), content)
    return content


def _parted_by_marker(chars: Sequence[Char]) -> tuple[list[Char], list[Char]]:
    """Return the characters that are seen, and the others without their marker."""
    seen, hidden = [], []
    for char in chars:
        text = str(char["text"])
        if text.startswith(text_markers.HIDDEN_TEXT):
            hidden.append({**char, "text": text[1:]})
        else:
            seen.append(char)
    return seen, hidden


def _annotations_of(page: Any) -> list[Char]:
    """Return the annotations of a page, none where one of them is malformed."""
    try:
        return list(page.annots)
    except Exception:
        # pdfplumber lets the errors of a broken box or string through.
        return []


def upright_page(page: Any) -> "SeenPage":
    """Return a page of pdfplumber with the text that is seen, turned as a person would turn it.

    Most of its text is upright.
    """
    from kjfp_helpers.intake.documents.pdf.seen_page import SeenPage

    seen = SeenPage(page.pdf, page.page_obj, page_number=page.page_number, initial_doctop=0)
    drawn, _ = _parted_by_marker(seen.chars)
    turns = [round(_angle(char) / 90) % 4 for char in drawn if str(char["text"]).strip()]
    quarter = statistics.mode(turns) if turns else 0
    if not quarter:
        return seen
    page.page_obj.rotate = (page.page_obj.rotate + 90 * quarter) % 360
    page.page_obj.attrs["Rotate"] = page.page_obj.rotate
    return SeenPage(page.pdf, page.page_obj, page_number=page.page_number, initial_doctop=0)


def _angle(char: Char) -> float:
    """Return the direction of a character in degrees, counterclockwise from the right."""
    horizontal, vertical = char["matrix"][:2]
    return math.degrees(math.atan2(vertical, horizontal))


def _without_watermarks(chars: list[Char]) -> list[Char]:
    """Return the characters without slanting ones, and without pale or large ones over others."""
    upright = [char for char in chars if not _is_slanting(char)]
    dark = [char for char in upright if _luminance(char) < _PALE]
    if not dark:
        return upright
    usual_size = statistics.median(char["size"] for char in dark)
    pale = [char for char in upright if _PALE <= _luminance(char) < _WHITE]
    large = [char for char in dark if char["size"] >= _LARGE_WATERMARK_SCALE * usual_size]
    usual = [char for char in dark if char["size"] < _WATERMARK_SCALE * usual_size]
    watermarks = {
        _style_key(char)
        for char in pale
        if char["size"] >= _WATERMARK_SCALE * usual_size or _lies_over(char, dark)
    }
    watermarks |= {_style_key(char) for char in large if _lies_over(char, usual)}
    return [char for char in upright if _style_key(char) not in watermarks]


def _style_key(char: Char) -> tuple[Any, ...]:
    return char["fontname"], round(char["size"], 1), char["non_stroking_color"]


def _is_slanting(char: Char) -> bool:
    tilt = _angle(char) % 90
    return _MAX_TILT < tilt < 90 - _MAX_TILT


def _luminance(char: Char) -> float:
    """Return the luminance of a character, 0 for black and for unknown colours."""
    color = char.get("non_stroking_color")
    parts = color if isinstance(color, list | tuple) else (color,)
    if not parts or not all(isinstance(part, int | float) for part in parts):
        return 0.0
    if len(parts) == 4:
        return float((1 - max(parts[:3])) * (1 - parts[3]))
    return float(min(parts)) if len(parts) in (1, 3) else 0.0


def _lies_over(char: Char, others: Sequence[Char]) -> bool:
    """Whether the centre of another character is within a character."""
    return any(
        char["x0"] < (other["x0"] + other["x1"]) / 2 < char["x1"]
        and char["top"] < (other["top"] + other["bottom"]) / 2 < char["bottom"]
        for other in others
    )


def _visible_chars(page: Any, chars: Sequence[Char]) -> list[Char]:
    """Return the characters that are on the page, large enough, and not white on white."""
    grounds = [
        shape
        for shape in (*page.rects, *page.curves)
        if shape.get("fill") and _luminance(shape) < _WHITE
    ]
    return [char for char in chars if _is_visible(char, page, grounds)]


def _is_visible(char: Char, page: Any, grounds: Sequence[Char]) -> bool:
    if not str(char["text"]).strip():
        return True
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    left, top, right, bottom = page.bbox
    if not (left <= x <= right and top <= y <= bottom) or char["size"] < _MIN_SIZE:
        return False
    if _luminance(char) < _WHITE:
        return True
    return any(_contains(ground, x, y) for ground in (*grounds, *page.images))


def _contains(box: Mapping[str, Any], x: float, y: float) -> bool:
    return bool(box["x0"] <= x <= box["x1"] and box["top"] <= y <= box["bottom"])


def _without_repeats(chars: Sequence[Char], others: Sequence[Char] = ()) -> list[Char]:
    """Return the characters without those printed again a fraction of a point beside, as bold.

    Repeats of ``others`` are left out, too.
    """
    kept: list[Char] = []
    last_by_text: dict[str, list[Char]] = {}
    for char in others:
        last_by_text.setdefault(str(char["text"]), []).append(char)
    for char in chars:
        known = last_by_text.setdefault(str(char["text"]), [])
        if str(char["text"]).strip() and any(_is_repeat(char, other) for other in known):
            continue
        known.append(char)
        kept.append(char)
    return kept


def _is_repeat(char: Char, other: Char) -> bool:
    width = max(char["x1"] - char["x0"], 0.1)
    tolerance = min(0.4 * width, 0.2 * char["size"])
    return bool(
        abs(char["x0"] - other["x0"]) < tolerance and abs(char["top"] - other["top"]) < tolerance
    )


def _add_annotations(annotations: Sequence[Char], content: PageContent) -> None:
    """Add what is typed over a page to its characters; comments are marked, stamps are pictures."""
    for annotation in annotations:
        data = annotation.get("data") or {}
        subtype = _name_of(data.get("Subtype"))
        flags = data.get("F")
        if isinstance(flags, int) and flags & _HIDDEN_FLAGS:
            continue
        if subtype == "Stamp":
            content.pictures.append(annotation)
        elif subtype == "StrikeOut":
            _strike_out(annotation, content)
        elif subtype in _TYPED_SUBTYPES:
            text = annotation.get("contents") if subtype == "FreeText" else _field_value(data)
            content.chars += _typed_chars(annotation, str(text or ""))
        elif subtype in _COMMENT_SUBTYPES:
            content.markers.add(text_markers.COMMENT)


def _strike_out(annotation: Char, content: PageContent) -> None:
    """Mark the characters under a line that strikes them out."""
    for char in content.chars:
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        if _contains(annotation, x, y) and str(char["text"]).strip():
            char["text"] = f"{text_markers.STRUCK}{char['text']}{text_markers.STRUCK_END}"


def _typed_chars(annotation: Char, text: str) -> Iterator[Char]:
    """Yield each line of a typed note as one character within its box."""
    lines = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line]
    if not lines:
        return
    height = max((annotation["bottom"] - annotation["top"]) / len(lines), 1.0)
    for line, number in zip(lines, count()):
        top = annotation["top"] + number * height
        yield {
            "text": text_markers.INVISIBLE_CHARS.sub("", line),
            "fontname": "",
            "size": min(height, _LINE_HEIGHT),
            "x0": annotation["x0"],
            "x1": annotation["x1"],
            "top": top,
            "bottom": top + height,
        }


def _field_value(data: Mapping[str, Any]) -> str:
    """Return what a form field shows: its text, its choice, or its check box."""
    from pdfminer.pdftypes import resolve1

    kind, value = _inherited(data, "FT"), _inherited(data, "V")
    if _name_of(kind) == "Btn":
        flags = _inherited(data, "Ff")
        if isinstance(flags, int) and flags & 0x10000:  # a push button
            return ""
        state = _name_of(resolve1(data.get("AS")))
        return "☑" if state not in ("", "Off") else "□"
    if isinstance(value, list):
        return "、".join(_decoded(resolve1(item)) for item in value)
    return _decoded(value)


def _inherited(data: Mapping[str, Any], name: str) -> Any:
    """Return an attribute of a form field, or of the field that it is part of."""
    from pdfminer.pdftypes import resolve1

    for _ in range(8):
        if name in data:
            return resolve1(data[name])
        parent = resolve1(data.get("Parent"))
        if not isinstance(parent, dict):
            return None
        data = parent
    return None


def _decoded(value: Any) -> str:
    from pdfminer.utils import decode_text

    if isinstance(value, bytes):
        return str(decode_text(value))
    return _name_of(value)


def _name_of(value: Any) -> str:
    """Return the text of a PDF name, ``""`` for other objects."""
    name = getattr(value, "name", value)
    if isinstance(name, bytes):
        return name.decode("latin-1")
    return name if isinstance(name, str) else ""
