"""Attachments of a message, those of forwarded messages and pictures in its body included."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message as Part
from typing import Any

from kjfp_helpers.intake.common.resource_limits import MAX_MIME_DEPTH
from kjfp_helpers.intake.mail.body_pictures import ornaments, photos_in_pages
from kjfp_helpers.intake.mail.headers import decode_header
from kjfp_helpers.intake.mail.message import Message, inner_message
from kjfp_helpers.intake.mail.message_parts import (
    FORWARDED_TYPES,
    attachment_name,
    base_name,
    declared_name,
    is_attachment,
)
from kjfp_helpers.intake.mail.message_repair import decode_part, uuencoded_files


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file attached to a message; ``path`` includes the names of forwarded messages."""

    path: str
    name: str
    data: bytes
    declared_name: str = ""
    """The name as declared, folders included."""
    forwarded_message: Message | None = None
    """The forwarded message; its own attachments follow as separate items."""


def iter_attachments(message: Message) -> Iterator[Attachment]:
    """Yield the attachments of a message in order, those of a forwarded message after it.

    Photographs written into the pages of a message come last.
    """
    shown = ornaments(message)
    has_files = False
    for attachment in _iter_part_attachments(message.part, "", 0, iter(range(1, 10**6)), shown):
        has_files = has_files or attachment.forwarded_message is None
        yield attachment
    for name, data in photos_in_pages(message, has_files=has_files):
        yield Attachment(name, name, data)


def _iter_part_attachments(
    part: Part, parent_path: str, depth: int, numbers: Iterator[int], shown: frozenset[str]
) -> Iterator[Attachment]:
    """Yield the attachments of a part; raise ``RecursionError`` beyond the nesting limit."""
    if depth > MAX_MIME_DEPTH:
        raise RecursionError(f"{MAX_MIME_DEPTH} parts deep")
    payload: Any = part.get_payload() if part.is_multipart() else None
    if part.get_content_type() in FORWARDED_TYPES and payload:
        name = attachment_name(part) or f"转发邮件{next(numbers)}.eml"
        path = f"{parent_path}/{name}" if parent_path else name
        inner = inner_message(part, payload[0])
        yield Attachment(path, name, b"", forwarded_message=inner)
        shown = ornaments(inner)
        yield from _iter_part_attachments(inner.part, path, depth + 1, numbers, shown)
    elif payload is not None:
        for child in _files_of(part, payload):
            yield from _iter_part_attachments(child, parent_path, depth + 1, numbers, shown)
    elif is_attachment(part, shown):
        name = attachment_name(part) or f"未命名附件{next(numbers)}"
        path = f"{parent_path}/{name}" if parent_path else name
        yield Attachment(path, name, decode_part(part), declared_name=declared_name(part))
    elif part.get_content_maintype() == "text":
        text = decode_part(part).decode("latin-1")
        for raw_name, data in uuencoded_files(text) if "begin" in text else ():
            name = decode_header(raw_name.encode("latin-1").decode("utf-8", "surrogateescape"))
            path = f"{parent_path}/{name}" if parent_path else name
            yield Attachment(path, base_name(name), data, declared_name=name)


def _files_of(part: Part, children: list[Part]) -> list[Part]:
    """Return the children of a part without what a Mac keeps about the file beside it."""
    if part.get_content_type() != "multipart/appledouble":
        return children
    return [child for child in children if child.get_content_type() != "application/applefile"]
