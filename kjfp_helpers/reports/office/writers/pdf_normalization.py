"""Prints (.pdf) without their time and random ids: same paper, same bytes."""

import re
import zlib

_DATES = (
    (re.compile(rb"(/(?:Creation|Mod)Date ?\(D:)[0-9]{14}"), rb"\g<1>20200601000000"),
    (
        re.compile(rb"(<xmp:(?:Create|Modify|Metadata)Date>)[0-9-]{10}T[0-9:]{8}"),
        rb"\g<1>2020-06-01T00:00:00",
    ),
)
"""The time of a print, in both places where PDF/A wants it the same, and what stands for it."""
_VARYING = (
    re.compile(rb"/ID ?\[ ?<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)> ?\]"),
    re.compile(rb"/DocChecksum ?/([0-9A-F]+)"),
)
"""What else differs between two prints of the same paper."""
_PAGE = re.compile(rb"/Type ?/Page\b")
_PROFILE = re.compile(rb"<</N 3/Length (\d+) 0 R/Filter/FlateDecode>>\s*stream\r?\n")
"""Head of the stream of a colour profile, as LibreOffice writes it; its length is an object."""
_PROFILE_TIME = slice(24, 36)
"""Where an ICC profile (ISO 15076-1) has the time at which it was made: six numbers of 16 bits."""
_PROFILE_MADE = b"".join(number.to_bytes(2, "big") for number in (2020, 6, 1, 0, 0, 0))
_OFFSET = re.compile(rb"(\n|\nstartxref\n)(\d{10}(?= \d{5} n)|\d+(?=\n%%EOF))")
"""An offset in the table at the end of a file, or the table's own."""


def normalize_pdf(content: bytes) -> bytes:
    """Return a printed file with a fixed time and without random ids.

    Examples
    --------
    >>> normalize_pdf(b"/CreationDate(D:20261130012345Z)")
    b'/CreationDate(D:20200601000000Z)'
    """

    def blank(match: re.Match[bytes]) -> bytes:
        text = match.group(0)
        for part in match.groups():
            text = text.replace(part, re.sub(rb"[0-9A-Fa-f]", b"0", part))
        return text

    for pattern, fixed in _DATES:
        content = pattern.sub(fixed, content)
    for pattern in _VARYING:
        content = pattern.sub(blank, content)
    return _fix_profile_time(content)


def count_pages(content: bytes) -> int:
    """Return the pages of a normalized print, 0 where they cannot be counted.

    Examples
    --------
    >>> count_pages(b"<</Type/Pages/Count 2>> <</Type/Page/Parent 1>> <</Type/Page>>")
    2
    """
    return len(_PAGE.findall(content))


def _fix_profile_time(content: bytes) -> bytes:
    """Date the colour profile of a PDF/A; what stands behind it moves with its packed length.

    A file whose offsets are packed in a stream of their own is returned as it is.
    """
    head, table = _PROFILE.search(content), content.rfind(b"\nxref\n")
    if head is None or table < head.end():
        return content
    reader, start = zlib.decompressobj(), head.end()
    profile = bytearray(reader.decompress(content[start:table]))
    if profile[36:40] != b"acsp":  # another stream
        return content
    profile[_PROFILE_TIME] = _PROFILE_MADE
    packed, end = zlib.compress(bytes(profile), 9), table - len(reader.unused_data)
    moved = len(packed) - (end - start)

    def set_length(match: re.Match[bytes]) -> bytes:
        return match.group(1) + b"%0*d" % (len(match.group(2)), len(packed))

    def move(match: re.Match[bytes]) -> bytes:
        offset = int(match.group(2))
        number = offset + moved if offset > start else offset
        return match.group(1) + b"%0*d" % (len(match.group(2)), number)

    length = re.compile(rb"(\n%s 0 obj\s+)(\d+)" % head.group(1))
    objects = length.sub(set_length, content[end:table], count=1)
    return content[:start] + packed + objects + _OFFSET.sub(move, content[table:])
