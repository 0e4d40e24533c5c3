"""Pictures in the body of a message: photographs sent in it, and ornaments such as logos."""

import re
from collections.abc import Iterator
from email.message import Message as Part

from kjfp_helpers.intake.mail.message import Message, iter_text_bodies
from kjfp_helpers.intake.mail.message_parts import content_id, is_attachment
from kjfp_helpers.intake.mail.message_repair import decode_padded_pieces, decode_part

_CONTENT_ID = re.compile(r"cid:([^\s\"'<>)]+)", re.IGNORECASE)
_SHOWN_PHOTO_CHARS, _ONLY_PHOTO_CHARS = 400_000, 60_000
"""Coded size from which an image shown inside the body is a photograph and no ornament; the smaller
one where nothing else is attached."""

_MIN_PHOTO_PIXELS = 1_000_000
_DATA_IMAGE = re.compile(
    rb"data:image/(jpe?g|png|gif|bmp|webp|heic)(?:;[\w=-]{1,40}){0,3};base64,([A-Za-z0-9+/=\s]{200,})",
    re.IGNORECASE,
)
_MAX_PAGE_PHOTOS = 30


def photos_in_pages(message: Message, *, has_files: bool) -> Iterator[tuple[str, bytes]]:
    """Yield name and data of the photographs that stand coded in the pages of a message.

    Ornaments are none; ``has_files`` is whether the message has attachments, too.
    """
    least_chars = _least_photo_chars(has_files=has_files)
    number = 0
    for part in message.part.walk():
        if part.get_content_subtype() != "html" or is_attachment(part):
            continue
        for match in _DATA_IMAGE.finditer(decode_part(part)):
            if len(match[2]) >= least_chars and number < _MAX_PAGE_PHOTOS:
                number += 1
                name = f"正文图片{number}.{match[1].decode().lower().replace('jpeg', 'jpg')}"
                yield name, decode_padded_pieces(match[2].decode())


def ornaments(message: Message) -> frozenset[str]:
    """Return the content ids of the images shown inside the body that are no photographs."""
    pages = (body.text for body in iter_text_bodies(message) if body.kind == "html")
    shown = frozenset(name for page in pages for name in _CONTENT_ID.findall(page))
    if not shown:
        return shown
    leaves = [part for part in message.part.walk() if not part.is_multipart()]
    has_files = any(
        is_attachment(part, shown) for part in leaves if part.get_content_maintype() != "text"
    )
    limit = _least_photo_chars(has_files=has_files)
    photos = {content_id(part) for part in leaves if _is_photo(part, limit)}
    return shown - photos


def _least_photo_chars(*, has_files: bool) -> int:
    """Return the coded size from which a picture in the body is a photograph."""
    return _SHOWN_PHOTO_CHARS if has_files else _ONLY_PHOTO_CHARS


def _is_photo(part: Part, least_chars: int) -> bool:
    """Whether an image has the size of a photograph; a small one must be a JPEG or have 1 MP."""
    code = str(part.get_payload())
    if len(code) < least_chars or len(code) >= _SHOWN_PHOTO_CHARS:
        return len(code) >= least_chars
    data = decode_part(part)[:24]
    if data.startswith(b"\xff\xd8") or data[4:8] == b"ftyp":  # a JPEG, or a phone's HEIC
        return True
    width, height = data[16:20], data[20:24]
    return data.startswith(b"\x89PNG") and (
        int.from_bytes(width, "big") * int.from_bytes(height, "big") >= _MIN_PHOTO_PIXELS
    )
