"""Identity and phone numbers on the secretary's screen: masked until they are asked for."""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from kjfp_helpers.core.events import FieldCorrected
from kjfp_helpers.core.privacy import mask_number_field, mask_personal_numbers
from kjfp_helpers.intake.field_editing import PERSONAL_FIELDS, editable_field, format_value
from kjfp_helpers.intake.preview.excerpt_model import Excerpt, ExcerptCell


def mask_value(field: str, text: str) -> str:
    """Return words with numbers masked; in a field for numbers, all of them."""
    return (mask_number_field if field in PERSONAL_FIELDS else mask_personal_numbers)(text)


def value_text(kind: str, field: str, value: Any, *, open: bool = False) -> str:
    """Return a value as a person reads it, ``""`` for none; masked unless ``open``."""
    entry = editable_field(kind, field)
    words = format_value(entry, value) if entry else _plain_text(value)
    return words if open else mask_value(field, words)


def _plain_text(value: Any) -> str:
    """Return the value of a field that nobody types; of a list, how many it holds."""
    if isinstance(value, tuple):
        return f"{len(value)} 项" if value else "没有"
    return "" if value is None else str(value)


def change_texts(kind: str, body: FieldCorrected) -> tuple[str, str]:
    """Return a correction's old and new value, always masked."""
    return value_text(kind, body.field, body.old), value_text(kind, body.field, body.new)


def build_excerpt_rows(shown: Excerpt, field: str, value: str, *, open: bool) -> list[list[Any]]:
    """Return an excerpt's rows as cells: whether the spot, and its words with the value marked."""
    return [
        [(spot.is_target, _span_markup(spot, field, value, open=open)) for spot in row]
        for row in shown.rows
    ]


def has_masked_text(shown: Excerpt, field: str) -> bool:
    """Whether anything in an excerpt is masked."""
    spots = [spot for row in shown.rows for spot in row]
    return any(
        mask_value(field if spot.is_target else "", spot.text) != spot.text for spot in spots
    )


def _span_markup(spot: ExcerptCell, field: str, value: str, *, open: bool) -> Markup:
    words = Markup("")
    for piece in spot.spans:
        text = piece.text if open else mask_value(field if spot.is_target else "", piece.text)
        marked = Markup("").join(_highlight_value(text, value if spot.is_target else ""))
        words += Markup("<s>{}</s>").format(marked) if piece.is_struck else marked
    return words


def _highlight_value(text: str, value: str) -> Iterator[Markup]:
    """Yield a text with the read value in it marked, where it stands there as it was read."""
    before, found, after = text.partition(value) if value else (text, "", "")
    yield Markup("{}").format(before)
    if found:
        yield Markup("<mark>{}</mark>{}").format(found, after)
