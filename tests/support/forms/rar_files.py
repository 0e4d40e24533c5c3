"""Rar archives (RAR 5.0) whose files are stored, cut into volumes: no tool here writes them."""

import struct
import zlib
from collections.abc import Mapping

_MARK = b"Rar!\x1a\x07\x01\x00"
_MAIN, _FILE, _END = 1, 2, 5
_FROM_BEFORE, _GOES_ON = 8, 16


def _number(value: int) -> bytes:
    """A number as the format writes it: seven bits a byte, the lowest first."""
    low, rest = value & 0x7F, value >> 7
    return bytes([low | (0x80 if rest else 0)]) + (_number(rest) if rest else b"")


def _block(kind: int, flags: int, fields: bytes, data: bytes | None = None) -> bytes:
    size = b"" if data is None else _number(len(data))
    header = _number(kind) + _number(flags | (2 if size else 0)) + size + fields
    header = _number(len(header)) + header
    return struct.pack("<I", zlib.crc32(header)) + header + (data or b"")


def _first_block(number: int) -> bytes:
    return _MARK + _block(_MAIN, 0, _number(3) + _number(number) if number else _number(1))


def rar_volumes(files: Mapping[str, bytes], size: int) -> list[bytes]:
    """The volumes of an archive of these files, each with so many bytes of their content."""
    volumes, current, room = [], _first_block(0), size
    for name, data in files.items():
        start, is_begun = 0, False
        while not is_begun or start < len(data):
            if not room:
                volumes.append(current + _block(_END, 0, _number(1)))
                current, room = _first_block(len(volumes)), size
            piece = data[start : start + room]
            is_cut = start + len(piece) < len(data)
            flags = (_FROM_BEFORE if start else 0) | (_GOES_ON if is_cut else 0)
            check = struct.pack("<I", zlib.crc32(piece if is_cut else data))
            encoded = name.encode()
            fields = _number(4) + _number(len(data)) + _number(0x20) + check + _number(0)
            fields += _number(1) + _number(len(encoded)) + encoded
            current += _block(_FILE, flags, fields, piece)
            room, start, is_begun = room - len(piece), start + len(piece), True
    return [*volumes, current + _block(_END, 0, _number(0))]
