"""Zip containers (docx, xlsx, zip) with the same bytes whenever they hold the same things."""

import re
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

DATE = (1980, 1, 1, 0, 0, 0)
STAMP = b"2020-06-01T00:00:00Z"
CORE = "docProps/core.xml"
FIRST = ("[Content_Types].xml", "_rels/.rels", "mimetype")
PACKED = (".jpg", ".jpeg", ".png", ".zip")


def pack(entries: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip of the entries in the order given, all dated 1980-01-01.

    Pictures and archives are stored, everything else is deflated.
    """
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in entries:
            info = zipfile.ZipInfo(name, DATE)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            stored = name.lower().endswith(PACKED)
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return buffer.getvalue()


def repack(source: str | Path | bytes) -> bytes:
    """Return an office file or zip with fixed dates, fixed core properties and fixed order.

    Parameters
    ----------
    source : path or bytes
        A file that this project wrote; nothing in it is checked.
    """
    return pack(unpack(source))


def unpack(source: str | Path | bytes) -> list[tuple[str, bytes]]:
    """Return the entries that :func:`repack` would write, in its order."""
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = sorted(set(archive.namelist()), key=_place)
        return [(name, _fixed(name, archive.read(name))) for name in names]


def _place(name: str) -> tuple[int, str]:
    return (FIRST.index(name) if name in FIRST else len(FIRST), name)


def _fixed(name: str, data: bytes) -> bytes:
    """Return an entry with the times in the core properties replaced."""
    if name != CORE:
        return data
    pattern = rb"(<dcterms:(created|modified)\b[^>]*>)[^<]*(</dcterms:)"
    return re.sub(pattern, rb"\g<1>" + STAMP + rb"\g<3>", data)
