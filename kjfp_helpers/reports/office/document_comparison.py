"""Content of a document by location, to compare two documents whatever wrote them.

A document may come from outside: it is opened under the limits of intake, in a process of its
own.
"""

import hashlib
import io
import json
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kjfp_helpers.core.errors import OutputError, os_error_reason
from kjfp_helpers.intake.common.resource_limits import MAX_IMAGE_PIXELS, MAX_OFFICE_FILE_BYTES
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_patiently,
)
from kjfp_helpers.intake.files.file_types import Format
from kjfp_helpers.intake.files.office_file_check import check_office_file

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXTS = (".html", ".json", ".ipynb", ".txt", ".csv")
"""Suffixes of plain text."""
_SECONDS = 60
"""Time for a document: of 2,400 units a workbook takes ten, on a busy machine more."""
_SHOWN, _BEFORE = 40, 12
"""Characters of a text that a difference shows, and those of them before it."""
_BOM = b"\xef\xbb\xbf"
_FORMAT_NOISE = re.compile(r'\[\$[^\]]*\]|;@$|[\\"]')
"""What programs add to a number format or leave out, without another look of the number."""
_PAGE_NUMBER = re.compile(r"(?<=— )\d+(?= —)|(?<=[第共])\s*\d+\s*(?=页)")
"""What stands in a header by the program that counts the pages."""


class TextDifference(NamedTuple):
    """The first location where two documents differ, and what stands there in each."""

    place: str
    expected: str
    found: str

    def __str__(self) -> str:
        """Say it in Chinese, long texts cut around where they part.

        Examples
        --------
        >>> str(TextDifference("名单!A1", "甲", "乙"))
        '名单!A1 应为“甲”，现为“乙”'
        """
        pairs = enumerate(zip(self.expected, self.found, strict=False))
        shorter = min(len(self.expected), len(self.found))
        alike = next((at for at, (old, new) in pairs if old != new), shorter)
        old, new = (_excerpt(text, alike) for text in (self.expected, self.found))
        return f"{self.place} 应为“{old}”，现为“{new}”"


def _excerpt(text: str, index: int) -> str:
    start = max(index - _BEFORE, 0) if len(text) > _SHOWN else 0
    end = start + _SHOWN
    return f"{'…' if start else ''}{text[start:end]}{'…' if len(text) > end else ''}"


def text_digest(path: Path) -> str:
    """Return the SHA-256 of a text without the marks that an editor of Windows leaves in it.

    Of other files it is that of the file; empty where there is none or it is too large.
    """
    if not path.is_file() or path.stat().st_size > MAX_OFFICE_FILE_BYTES:
        return ""
    data = path.read_bytes()
    if path.suffix.lower() in _TEXTS:
        data = data.removeprefix(_BOM).replace(b"\r\n", b"\n")
    return hashlib.sha256(data).hexdigest()


def read_content(path: Path) -> dict[str, str]:
    """Return the content of a document by location, in reading order.

    Parameters
    ----------
    path : Path
        A .xlsx, .docx, .html or .json file, from wherever.

    Returns
    -------
    dict
        Place to text, blank places left out: ``sheet!cell`` and how its number is shown,
        ``正文第n段``, ``第n处文字``, a key; ``图片`` to what its pictures show.

    Raises
    ------
    OutputError
        When it cannot be read, or is not opened for what it holds.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise _unreadable(path, "不是这几种格式")
    try:
        if path.stat().st_size > MAX_OFFICE_FILE_BYTES:
            raise _unreadable(path, f"文件过大（{path.stat().st_size:,}字节）")
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, f"不能读取（{os_error_reason(error)}）") from error
    kind = _OFFICE.get(path.suffix.lower())
    if kind and (refused := check_office_file(path.name, data, kind, "重新核对")):
        raise OutputError(path.name, **refused._asdict())
    try:
        return run_patiently(_SECONDS, reader, data)
    except (SandboxLimitExceeded, SandboxedCallFailed) as error:
        raise _unreadable(path, "无法读取") from error


def _unreadable(path: Path, actual: str) -> OutputError:
    return OutputError(
        path.name,
        expected="可以读取的 .xlsx、.docx 或 .html 文件",
        found=actual,
        advice="核对文件，或改用原件",
    )


def compare_content(
    expected: Mapping[str, str], actual: Mapping[str, str]
) -> TextDifference | None:
    """Return the first place, in the order of ``expected``, that holds another text.

    Examples
    --------
    >>> compare_content({"名单!A1": "甲"}, {"名单!A1": "乙"})
    TextDifference(place='名单!A1', expected='甲', found='乙')
    """
    for location in dict.fromkeys((*expected, *actual)):
        old, new = expected.get(location, ""), actual.get(location, "")
        if old != new:
            return TextDifference(location, old, new)
    return None


def equal_share(expected: Mapping[str, str], actual: Mapping[str, str]) -> float:
    """Return the share (0 to 1) of all locations that hold the same text in two documents.

    Examples
    --------
    >>> equal_share({"A1": "甲", "A2": "乙"}, {"A1": "甲"})
    0.5
    """
    same = sum(actual.get(location) == text for location, text in expected.items())
    return same / max(len(expected.keys() | actual.keys()), 1)


def read_cells(data: bytes) -> dict[str, str]:
    """Return the cells of a workbook, how their numbers are shown, and its pictures."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data))
    content: dict[str, str] = {}
    for tab in book.worksheets:
        for row in tab.iter_rows():
            for cell in row:
                if cell.value not in (None, ""):
                    location = f"{tab.title}!{cell.coordinate}"
                    content[location] = _cell_text(cell.value)
                    shown = _FORMAT_NOISE.sub("", cell.number_format).lower()
                    if cell.data_type != "s" and shown != "general":
                        content[f"{location} 的显示格式"] = shown
    return content | _picture_entry(data, "xl/media/")


def _cell_text(value: object) -> str:
    text = f"{value:.12g}" if isinstance(value, float) else str(value)
    return text.replace("\r\n", "\n").replace("_x000D_", "")


def read_paragraphs(data: bytes) -> dict[str, str]:
    """Return the paragraphs of a page, what its headers and footers say, and its pictures."""
    import zipfile

    content: dict[str, str] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part, title in (("document", "正文"), ("header", "页眉"), ("footer", "页脚")):
            names = (name for name in archive.namelist() if name.startswith(f"word/{part}"))
            texts = [
                text
                for name in sorted(names)
                if name.endswith(".xml")
                for text in _paragraph_texts(archive.read(name))
            ]
            if part != "document":  # other programs write them once a page kind, in any order
                texts = sorted({_PAGE_NUMBER.sub("", text) for text in texts})
            content |= {f"{title}第{n}段": text for n, text in enumerate(texts, start=1)}
    return content | _picture_entry(data, "word/media/")


def _paragraph_texts(part: bytes) -> Iterator[str]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for paragraph in etree.fromstring(part, parser).iter(f"{_WORD}p"):
        words = "".join(node.text or "" for node in paragraph.iter(f"{_WORD}t"))
        if text := " ".join(words.split()):
            yield text


def _picture_entry(data: bytes, folder: str) -> dict[str, str]:
    """Return what the pictures of an Office file show, whatever their names and their order."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.startswith(folder)]
        shown = sorted({_picture_hash(archive.read(name)) for name in names})
    return {"图片": f"{len(shown)}幅：{'、'.join(shown)}"} if shown else {}


def _picture_hash(data: bytes) -> str:
    """Return a short hash of what a picture shows; of its bytes where nothing can open it."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MAX_IMAGE_PIXELS // 2  # Pillow refuses twice as many
    try:
        with Image.open(io.BytesIO(data)) as picture:
            data = repr(picture.size).encode() + picture.convert("RGBA").tobytes()
    except UnidentifiedImageError:
        pass
    return hashlib.sha256(data).hexdigest()[:8]


def read_html(data: bytes) -> dict[str, str]:
    """Return the texts of a page, its styles and scripts too, and what its pictures hold."""
    from lxml import html

    root = html.fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
    texts = [" ".join(text.split()) for text in root.itertext()]
    content = {f"第{n}处文字": text for n, text in enumerate(filter(None, texts), start=1)}
    sources = (node.get("src") or "" for node in root.iter("img"))
    shown = [hashlib.sha256(source.encode()).hexdigest()[:8] for source in sources]
    return content | {f"第{n}幅图": value for n, value in enumerate(shown, start=1)}


def read_json(data: bytes) -> dict[str, str]:
    """Return the values of a JSON file by their keys."""
    return dict(_json_entries(json.loads(data), ""))


def _json_entries(value: Any, location: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _json_entries(item, f"{location}.{key}" if location else key)
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield from _json_entries(item, f"{location}[{number}]")
    elif value not in (None, ""):
        yield location, _cell_text(value)


_OFFICE: Mapping[str, Format] = {".xlsx": "xlsx", ".docx": "docx"}
_READERS: Mapping[str, Callable[[bytes], dict[str, str]]] = {
    ".xlsx": read_cells,
    ".docx": read_paragraphs,
    ".html": read_html,
    ".json": read_json,
}
