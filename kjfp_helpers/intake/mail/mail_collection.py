"""Mail collections (mbox): one file that holds many messages one after another."""

import re
from itertools import pairwise

MBOX_PREFIX = b"From "
"""First bytes of a mail collection (mbox)."""
_MBOX_EXTENSIONS = (".mbox", ".mbx")
_FROM_LINE = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{1,200}\r?\n(?=[\w-]+:)")


def split_mbox(data: bytes) -> list[tuple[int, int]]:
    """Return the start and end offsets of each message of a mail collection."""
    starts = [match.start() for match in _FROM_LINE.finditer(data)]
    return list(pairwise([*starts, len(data)]))


def may_be_collection(head: bytes, name: str) -> bool:
    """Whether a file may be a mail collection, by its first bytes and its name."""
    return head.startswith(MBOX_PREFIX) or name.lower().endswith(_MBOX_EXTENSIONS)


def collection_spans(data: bytes, name: str) -> dict[str, tuple[int, int]]:
    """Map the name of each message of a mail collection to its offsets, ``{}`` for other files."""
    spans = split_mbox(data) if data.startswith(MBOX_PREFIX) else []
    if len(spans) < 2 and not name.lower().endswith(_MBOX_EXTENSIONS):
        return {}
    return {
        f"{name}/{collection_member_name(number)}": span
        for number, span in enumerate(spans, start=1)
    }


def collection_member_name(number: int) -> str:
    """Return the name of a message of a mail collection.

    Examples
    --------
    >>> collection_member_name(3)
    '第0003封.eml'
    """
    return f"第{number:04d}封.eml"
