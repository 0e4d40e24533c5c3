"""Archives cut into volumes because of a mailbox's limit: .zip.001, .z01, .part1.rar."""

import re
import struct
from dataclasses import dataclass, field

_NUMBERED = re.compile(r"(.+)\.(\d{3})")
_ZIP_VOLUME = re.compile(r"(.+)\.z(\d{2})", re.IGNORECASE)
_RAR_PART = re.compile(r"(.+)\.part(\d{1,3})\.rar", re.IGNORECASE)
_OLD_RAR_VOLUME = re.compile(r"(.+)\.r(\d{2})", re.IGNORECASE)
_SEVENZIP_MAGIC = b"7z\xbc\xaf\x27\x1c"
_END_RECORD, _ENTRY = b"PK\5\6", b"PK\1\2"
_MAX_NAMED = 6
_RAR_MARK = b"Rar!\x1a\x07\0"


@dataclass
class VolumeSet:
    """The volumes of one cut file by number, and the paths they came by."""

    path: str
    """Path of the whole file."""
    volumes: dict[int, bytes] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)

    def join(self) -> tuple[bytes, str]:
        """Return the whole file, or ``b""`` and in Chinese why it cannot be put together."""
        numbers = sorted(self.volumes)
        received = f"收到{_name_volumes(numbers)}"
        total = self._declared_count() or numbers[-1]
        if missing := [number for number in range(1, total + 1) if number not in self.volumes]:
            return b"", f"{received}，缺{_name_volumes(missing)}"
        if self.path.lower().endswith(".rar"):
            return b"", f"{received}，rar分卷不能自动合并，请解压后重新打包"
        whole = b"".join(self.volumes[number] for number in numbers)
        if not _is_complete(whole):
            return b"", f"{received}，缺后面的分卷"
        return _with_joined_offsets(whole, [len(self.volumes[number]) for number in numbers]), ""

    def _declared_count(self) -> int:
        """Return the number of volumes that the last volume of a zip declares, 0 for others."""
        last = self.volumes[max(self.volumes)]
        return _disk_number(last) + 1 if _disk_number(last) else 0


def _name_volumes(numbers: list[int]) -> str:
    named = "、".join(map(str, numbers[:_MAX_NAMED]))
    return f"第{named}卷" if len(numbers) <= _MAX_NAMED else f"第{named}等{len(numbers)}卷"


def volume_of_file(path: str, data: bytes) -> tuple[str, int] | None:
    """Return the path of the whole and the number of a volume, ``None`` for other files.

    Examples
    --------
    >>> volume_of_file("素材.zip.002", b""), volume_of_file("素材.part1.rar", b"")
    (('素材.zip', 2), ('素材.rar', 1))
    >>> volume_of_file("素材.zip", b"")
    """
    if (match := _NUMBERED.fullmatch(path)) and int(match[2]):
        return match[1], int(match[2])
    if (match := _ZIP_VOLUME.fullmatch(path)) and int(match[2]):
        return f"{match[1]}.zip", int(match[2])
    if match := _RAR_PART.fullmatch(path):
        return f"{match[1]}.rar", int(match[2])
    if match := _OLD_RAR_VOLUME.fullmatch(path):
        return f"{match[1]}.rar", int(match[2]) + 2
    if path.lower().endswith(".zip") and (disk := _disk_number(data)):
        return path, disk + 1
    has_header = data.startswith(_RAR_MARK) and data[9:10] == b"s" and len(data) > 10
    if path.lower().endswith(".rar") and has_header and data[10] & 1:
        return path, 1
    return None


def _disk_number(data: bytes) -> int:
    """Return the number of the volume that a zip's end record declares, 0 for a whole zip."""
    end = data.rfind(_END_RECORD, max(len(data) - 66_000, 0))
    number = int.from_bytes(data[end + 4 : end + 6], "little") if end >= 0 else 0
    return number if number < 0xFF else 0


def _is_complete(data: bytes) -> bool:
    if data.startswith(b"PK"):
        return _END_RECORD in data[-66_000:]
    if data.startswith(_SEVENZIP_MAGIC) and len(data) >= 32:
        offset, size = struct.unpack_from("<QQ", data, 12)
        return len(data) >= 32 + int(offset) + int(size)
    return True


def _with_joined_offsets(data: bytes, sizes: list[int]) -> bytes:
    """Return a joined zip with the places of its members counted from the beginning of the whole.

    A volume counts the places from its own beginning.
    """
    end = data.rfind(_END_RECORD)
    if not _disk_number(data):
        return data
    joined = bytearray(data)
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    try:
        disk, place = struct.unpack_from("<H8xI", data, end + 6)
        position = starts[disk] + place
        struct.pack_into("<HH", joined, end + 4, 0, 0)
        struct.pack_into("<I", joined, end + 16, position)
        while data[position : position + 4] == _ENTRY:
            disk, place = struct.unpack_from("<H6xI", data, position + 34)
            struct.pack_into("<H", joined, position + 34, 0)
            struct.pack_into("<I", joined, position + 42, starts[disk] + place)
            position += 46 + sum(struct.unpack_from("<3H", data, position + 28))
    except (struct.error, IndexError):
        return data  # the reader of archives tells what is wrong with it
    return bytes(joined)
