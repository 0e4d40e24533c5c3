"""Readers of workbooks: .xlsx by its parts, .xls, .et and .ods in the sandbox."""

import io
import struct

from lxml import etree

from kjfp_helpers.intake.common.bug_detection import warn_internal_error
from kjfp_helpers.intake.common.default_password import decrypt
from kjfp_helpers.intake.common.resource_limits import MAX_WORKBOOK_BYTES, MAX_XLS_CELLS
from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)
from kjfp_helpers.intake.documents.document_model import Unreadable
from kjfp_helpers.intake.documents.grid_model import Grid
from kjfp_helpers.intake.documents.workbooks.calamine import parse_with_calamine
from kjfp_helpers.intake.documents.workbooks.ods import parse_ods
from kjfp_helpers.intake.documents.workbooks.xls import parse_xls
from kjfp_helpers.intake.documents.workbooks.xlsx import parse_xlsx
from kjfp_helpers.intake.documents.workbooks.xml2003 import NAMESPACE, parse_xml2003
from kjfp_helpers.intake.files.ooxml_package import OfficePackage

_FILEPASS_RECORD = 0x2F
_VALUE_RECORDS = frozenset((0x0006, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x00BD))
"""BIFF records of cells with a value."""


def read_xlsx(package: OfficePackage, data: bytes) -> list[Grid]:
    """Read the sheets of a .xlsx, formulas as their cached results.

    Raises
    ------
    Unreadable
        When the file cannot be parsed, or is too large (``size``).
    """
    if package.declared_bytes > MAX_WORKBOOK_BYTES:
        raise Unreadable("size")
    try:
        return parse_xlsx(package)
    except (Unreadable, etree.XMLSyntaxError) as error:
        if str(error) == "DOCTYPE":
            raise
        return read_legacy_workbook(data)  # a second reader, which is less strict
    except Exception as error:
        warn_internal_error(error)
        raise Unreadable("workbook") from error


def read_legacy_workbook(data: bytes) -> list[Grid]:
    """Read the sheets of a .xls, .et or .ods file in the sandbox.

    Raises
    ------
    Unreadable
        When the file cannot be parsed, or its cells span too large a range (``size``).
    """
    try:
        return run_sandboxed(parse_legacy_workbook, data)
    except SandboxLimitExceeded as error:
        raise Unreadable("size") from error
    except SandboxedCallFailed as error:
        raise Unreadable("encrypted" if "Password" in str(error) else "workbook") from error


def parse_legacy_workbook(data: bytes) -> list[Grid]:
    """Parse a .xls or .ods with all formats, else with calamine, which knows values only."""
    if NAMESPACE in data[:4096].replace(b"\0", b""):  # UTF-16 too
        return parse_xml2003(data)
    stream = _biff_stream(data)
    if _has_password(stream):
        data = decrypt(data)
        stream = _biff_stream(data)
    if _spanned_range(stream) > MAX_XLS_CELLS:
        raise MemoryError
    try:
        if stream:
            return parse_xls(data, stream)
        if data.startswith(b"PK"):
            return parse_ods(OfficePackage(data))
    except MemoryError:
        raise
    except Exception:
        # Each parser lets its own errors through; calamine has the last word.
        return parse_with_calamine(data, stream)
    return parse_with_calamine(data, stream)


def _has_password(stream: bytes) -> bool:
    """Whether the records of a BIFF workbook are encrypted."""
    offset = 0
    while offset + 4 <= min(len(stream), 8192):
        kind, size = struct.unpack_from("<HH", stream, offset)
        if kind == _FILEPASS_RECORD:
            return True
        offset += 4 + size
    return False


def _biff_stream(data: bytes) -> bytes:
    """Return the record stream of a BIFF workbook, nothing for other formats."""
    import olefile

    if not olefile.isOleFile(io.BytesIO(data)):
        return b""
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        name = next((candidate for candidate in ("Workbook", "Book") if ole.exists(candidate)), "")
        return bytes(ole.openstream(name).read()) if name else b""


def _spanned_range(stream: bytes) -> int:
    """Return rows times columns of the largest range spanned by the cells of a BIFF sheet."""
    offset = last_column = last_row = largest = 0
    while offset + 8 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, offset)
        if kind == 0x0809:  # a new sheet begins
            last_column = last_row = 0
        elif kind in _VALUE_RECORDS:
            row, column = struct.unpack_from("<HH", stream, offset + 4)
            last_row, last_column = max(last_row, row), max(last_column, column)
            largest = max(largest, (last_row + 1) * (last_column + 1))
        offset += 4 + size
    return largest
