"""Personal numbers in files that are shown openly: in events, papers and tables."""

import io
import re
import zipfile

from kjfp_helpers.core.privacy import find_personal_numbers

_WITHOUT_TEXT = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".ttf", ".db")
_OFFICE_FILES = (".docx", ".xlsx")
_NO_NUMBERS = re.compile(
    r"(?<![0-9a-f])[0-9a-f]{32,}(?![0-9a-f])"
    r"|(?=(?:[\d+/]*[A-Za-z]){10})[\w+/]{60,}={0,2}"
    r"|\d\.\d{9,}(?:e-?\d+)?",
    re.ASCII,
)
"""Hashes, pictures within a page and long fractions: digits that are nobody's number."""
_CODES = re.compile(r"\d{1,2}(?:[ ,]\d{1,2})+")
"""Codes of units in a row, as the frame of the spot check lists them."""
_TAG = re.compile(r"<[^<>]*>")
_ENDS = re.compile(r"</w:(?:p|tc)>")
"""Where a paragraph or a cell ends: its digits are not those of the next."""
_NOT_DIGIT = re.compile(r"[^\dXx]")


def find_numbers(content: bytes, suffix: str = "") -> set[str]:
    """Return the personal numbers that stand in a file, each without its separators.

    Parameters
    ----------
    content : bytes
        The file.
    suffix : str
        Its ending in small letters; an office file and a PDF are looked into, a picture is not.

    Raises
    ------
    zipfile.BadZipFile, OSError
        When the file cannot be looked into.

    Examples
    --------
    >>> sorted(find_numbers("手机 138 0013 8000，2020年8月".encode()))
    ['13800138000']
    """
    if suffix in _WITHOUT_TEXT:
        return set()
    found: set[str] = set()
    for text in _read_texts(content, suffix):
        plain = _NO_NUMBERS.sub(" ", text)
        spans = find_personal_numbers(plain)
        numbers = (plain[start:end] for start, end in spans)
        found |= {_NOT_DIGIT.sub("", one).upper() for one in numbers if not _CODES.fullmatch(one)}
    return found


def _read_texts(content: bytes, suffix: str) -> list[str]:
    if suffix == ".pdf":
        return _read_pdf(content)
    if suffix not in _OFFICE_FILES:
        return [content.decode("utf-8", "replace")]
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [package.read(name) for name in package.namelist() if name.endswith(".xml")]
    texts = [part.decode("utf-8", "replace") for part in parts]
    if suffix == ".xlsx":
        return [_TAG.sub("|", text) for text in texts]
    return [_TAG.sub("", _ENDS.sub("|", text)) for text in texts]


def _read_pdf(content: bytes) -> list[str]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise OSError(str(error)) from error
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
