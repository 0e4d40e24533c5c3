"""Parts of a MIME tree: which of them is a file, and what the file is called."""

from email.message import Message as Part

from kjfp_helpers.intake.common.resource_limits import MAX_HEADER_CHARS
from kjfp_helpers.intake.mail.headers import decode_bytes, decode_header

FORWARDED_TYPES = tuple(f"message/{subtype}" for subtype in ("rfc822", "global", "news", "partial"))
"""Types of a part that is a whole message."""


def content_id(part: Part) -> str:
    """Return the name by which the page of a message shows a part, ``""`` for none."""
    return str(part.get("content-id") or "").strip().strip("<>")


def is_attachment(part: Part, shown: frozenset[str] | None = None) -> bool:
    """Whether a part is a file, and not a body or an image displayed inside the body.

    ``shown`` are the content ids that the body displays, ``None`` for any.
    """
    if part.get_content_disposition() == "attachment":
        return True
    shown_as = content_id(part)
    if shown_as and part.get_content_maintype() == "image":
        return shown is not None and shown_as not in shown
    has_name = bool(attachment_name(part))
    return has_name or part.get_content_maintype() not in ("text", "multipart", "message")


def attachment_name(part: Part) -> str:
    """Return the base name of a part's declared file name."""
    return base_name(declared_name(part))


def declared_name(part: Part) -> str:
    """Return the declared file name of a part in any of the three encodings of parameters."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        value = part.get_param(parameter, header=header)
        if isinstance(value, tuple):
            charset, _, text = value
            raw = str(text).encode("latin-1", errors="surrogateescape")
            return decode_bytes(raw, charset or "utf-8")
        if value:
            return decode_header(str(value)[:MAX_HEADER_CHARS])
    return ""


def base_name(name: str) -> str:
    """Return the base name of a name that may be a whole path."""
    return " ".join(name.replace("\\", "/").rpartition("/")[2].split())
