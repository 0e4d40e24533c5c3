"""Values of fields as a person reads them, identity and phone numbers masked."""

from typing import Any

from kjfp_helpers.core.events import FieldCorrected
from kjfp_helpers.core.privacy import mask_number_field, mask_personal_numbers
from kjfp_helpers.intake.field_editing import PERSONAL_FIELDS, editable_field, format_value


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
