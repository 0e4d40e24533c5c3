"""Excerpts of originals on the secretary's screen: numbers masked until they are asked for."""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from kjfp_helpers.intake.preview.excerpt_model import Excerpt, ExcerptCell
from kjfp_helpers.reports.data.masked_values import mask_value


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
