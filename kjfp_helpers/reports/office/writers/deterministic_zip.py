"""Deterministic zip containers (docx, xlsx, zip): equal content gives equal bytes."""

import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO

ENTRY_DATE = (1980, 1, 1, 0, 0, 0)
CORE_TIMESTAMP = b"2020-06-01T00:00:00Z"
CREATOR = "评审工作簿"
"""Who made an office file, in place of the library's name."""
CORE_PROPERTIES = "docProps/core.xml"
FIRST_ENTRIES = ("[Content_Types].xml", "_rels/.rels", "mimetype")
STORED_SUFFIXES = (".jpg", ".jpeg", ".png", ".zip")
_CHUNK = 1 << 20
"""Bytes of an entry that are in memory at a time."""


def write_zip(
    entries: Iterable[tuple[str, bytes | IO[bytes]]], *, deflate_all: bool = False
) -> bytes:
    """Return a zip of the entries in the order given, all dated 1980-01-01.

    Pictures and archives are stored unless ``deflate_all``, everything else is deflated. What is
    to be read from a stream is read when the turn of its entry comes.
    """
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in entries:
            info = zipfile.ZipInfo(name, ENTRY_DATE)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            stored = name.lower().endswith(STORED_SUFFIXES) and not deflate_all
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            stream = BytesIO(data) if isinstance(data, bytes) else data
            with archive.open(info, "w") as target:
                shutil.copyfileobj(stream, target, _CHUNK)
    return buffer.getvalue()


def normalize_zip(source: str | Path | bytes) -> bytes:
    """Return an office file or zip with fixed dates, fixed core properties and fixed order.

    Parameters
    ----------
    source : path or bytes
        A file that this project wrote; nothing in it is checked.
    """
    return write_zip(_normalized_entries(source))


def read_normalized_entries(source: str | Path | bytes) -> list[tuple[str, bytes]]:
    """Return the entries that :func:`normalize_zip` would write, in its order."""
    return [(name, stream.read()) for name, stream in _normalized_entries(source)]


def _normalized_entries(source: str | Path | bytes) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield the entries to be read: the sheets of a large workbook take ten times its file."""
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in sorted(set(archive.namelist()), key=_sort_key):
            if name == CORE_PROPERTIES:
                yield name, BytesIO(_fix_timestamps(name, archive.read(name)))
            else:
                with archive.open(name) as stream:
                    yield name, stream


def normalize_entries(entries: Iterable[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Return the entries of an office file in fixed order, with fixed core properties."""
    ordered = sorted(entries, key=lambda entry: _sort_key(entry[0]))
    return [(name, _fix_timestamps(name, data)) for name, data in ordered]


def _sort_key(name: str) -> tuple[int, str]:
    return (FIRST_ENTRIES.index(name) if name in FIRST_ENTRIES else len(FIRST_ENTRIES), name)


def _fix_timestamps(name: str, data: bytes) -> bytes:
    """Return an entry with the times in the core properties replaced."""
    if name != CORE_PROPERTIES:
        return data
    pattern = rb"(<dcterms:(created|modified)\b[^>]*>)[^<]*(</dcterms:)"
    data = data.replace(b">openpyxl</dc:creator>", f">{CREATOR}</dc:creator>".encode())
    return re.sub(pattern, rb"\g<1>" + CORE_TIMESTAMP + rb"\g<3>", data)
