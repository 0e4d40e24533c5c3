"""Text of a paper with the place of each piece, to compare two papers whatever wrote the file."""

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from lxml import etree, html

from kjfp_helpers.errors import OutputError

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LARGEST = 256 * 1024 * 1024
"""Bytes of one part of a document that are read."""
_UNREADABLE = (OSError, ValueError, KeyError, zipfile.BadZipFile, etree.LxmlError)


class TextDifference(NamedTuple):
    """The first place where two papers differ, and what stands there in each."""

    place: str
    expected: str
    found: str


def read_content(path: Path) -> dict[str, str]:
    """Return the text of a paper, by its place in the order of reading.

    Parameters
    ----------
    path : Path
        A .xlsx, .docx or .html file.

    Returns
    -------
    dict
        ``sheet!cell``, ``正文第n段`` or ``第n处文字`` to the text; blank places are left out.

    Raises
    ------
    OutputError
        When it cannot be read.
    """
    readers = {".xlsx": _cells, ".docx": _paragraphs, ".html": _lines}
    try:
        return dict(readers[path.suffix.lower()](path))
    except _UNREADABLE as error:
        raise OutputError(
            path.name,
            expected="可以读取的 .xlsx、.docx 或 .html 文件",
            found="无法读取",
            advice="核对文件，或改用原件",
        ) from error


def first_difference(expected: Path, found: Path) -> TextDifference | None:
    """Return where the text of two papers of one format first differs, ``None`` where nowhere.

    Raises
    ------
    OutputError
        When one of them cannot be read.
    """
    return compare_content(read_content(expected), read_content(found))


def compare_content(expected: Mapping[str, str], found: Mapping[str, str]) -> TextDifference | None:
    """Return the first place, in the order of ``expected``, that holds another text.

    Examples
    --------
    >>> compare_content({"名单!A1": "甲"}, {"名单!A1": "乙"})
    TextDifference(place='名单!A1', expected='甲', found='乙')
    """
    for place in dict.fromkeys((*expected, *found)):
        old, new = expected.get(place, ""), found.get(place, "")
        if old != new:
            return TextDifference(place, old, new)
    return None


def _cells(path: Path) -> Iterator[tuple[str, str]]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=False)
    try:
        for tab in book.worksheets:
            tab.reset_dimensions()
            for row in tab.iter_rows():
                for cell in row:
                    if cell.value not in (None, ""):
                        yield f"{tab.title}!{cell.coordinate}", _plain(cell.value)
    finally:
        book.close()


def _plain(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _paragraphs(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the paragraphs of the page and of its headers and footers."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    with zipfile.ZipFile(path) as archive:
        for part in ("document", "header", "footer"):
            names = sorted(n for n in archive.namelist() if n.startswith(f"word/{part}"))
            texts: list[str] = []
            for name in (n for n in names if n.endswith(".xml")):
                if archive.getinfo(name).file_size > _LARGEST:
                    raise ValueError(name)
                root = etree.fromstring(archive.read(name), parser)
                nodes = (paragraph.iter(f"{_WORD}t") for paragraph in root.iter(f"{_WORD}p"))
                texts += ["".join(node.text or "" for node in runs) for runs in nodes]
            for number, text in enumerate(texts, start=1):
                if text.strip():
                    yield f"{_PARTS[part]}第{number}段", text


_PARTS = {"document": "正文", "header": "页眉", "footer": "页脚"}


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the texts of a page; those of scripts and styles are not shown to anybody."""
    root = html.fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
    etree.strip_elements(root, "script", "style", with_tail=False)
    texts = (" ".join(text.split()) for text in root.itertext())
    yield from ((f"第{n}处文字", text) for n, text in enumerate(filter(None, texts), start=1))
