"""Archives cut into volumes because of a mailbox's limit: .zip.001, .z01, .part1.rar."""

import hashlib
import itertools
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kjfp_helpers.core.records import File
from kjfp_helpers.intake.common.resource_limits import MAX_JOINED_BYTES

JoinRar = Callable[[Sequence[bytes], bool], tuple[bytes, str]]
"""Returns the files of the volumes of a rar as a zip, or why there is none."""
NamedFile = tuple[str, str, bytes]
"""Path, name and bytes of a file."""

ALL_VOLUMES = "齐全的分卷"
"""What is expected where some volumes of a set are missing."""
_NUMBERED = re.compile(r"(.+)\.(\d{3})")
_ARCHIVE_NAME = re.compile(r".*\.(?:zip|7z|rar|tar|gz)", re.IGNORECASE)
_FILE_NAME = re.compile(r".*\.(?=\w*[a-z])[a-z0-9]{2,5}", re.IGNORECASE)
_ZIP_VOLUME = re.compile(r"(.+)\.z(\d{2})", re.IGNORECASE)
_RAR_PART = re.compile(r"(.+)\.part(\d{1,3})\.rar", re.IGNORECASE)
_OLD_RAR_VOLUME = re.compile(r"(.+)\.r(\d{2})", re.IGNORECASE)
_SEVENZIP_MAGIC = b"7z\xbc\xaf\x27\x1c"
_END_RECORD, _ENTRY = b"PK\5\6", b"PK\1\2"
_RAR5_NUMBER = re.compile(rb"[\x80-\xff]*[\0-\x7f]")
_MAX_NAMED = 6
_RAR_MARK, _RAR5_MARK = b"Rar!\x1a\x07\0", b"Rar!\x1a\x07\1\0"


class Volume(NamedTuple):
    """A volume by its name: path of the whole file, number from 1, and manner of cutting."""

    whole: str
    number: int
    style: str


@dataclass
class VolumeSet:
    """The files that have the names of volumes of one cut file.

    ``path`` is that of the whole file, ``style`` the manner of cutting, ``rows`` says what came,
    ``held`` are number, name and content of each volume.
    """

    path: str
    style: str = ""
    rows: list[File] = field(default_factory=list)
    held: list[tuple[int, str, bytes]] = field(default_factory=list)
    is_too_large: bool = False

    @property
    def held_bytes(self) -> int:
        """Bytes of the volumes that are held."""
        return sum(len(data) for *_, data in self.held)

    @property
    def is_certain(self) -> bool:
        """Whether the files are volumes for certain: 说明.doc.101 may be a file of its own."""
        has_first = any(number == 1 for number, *_ in self.held)
        return self.is_too_large or has_first or bool(_ARCHIVE_NAME.fullmatch(self.path))

    def add(
        self, path: str, name: str, number: int, data: bytes, *, is_listed: bool = True
    ) -> None:
        """Add a volume; one that came with another message is not listed among those of this."""
        if is_listed:
            sha256 = hashlib.sha256(data).hexdigest()
            self.rows.append(File(path=path, sha256=sha256, size=len(data), kind="archive"))
        if not self.is_too_large:
            self.held.append((number, name, data))

    def give_up(self) -> None:
        """Hold no content, where the volumes are too large together."""
        self.is_too_large = True
        self.held.clear()

    def separate_files(self) -> Iterator[NamedFile]:
        """Yield the files as they came, once they have turned out to be no volumes."""
        own = self.held[len(self.held) - len(self.rows) :]
        for row, (_, name, data) in zip(self.rows, own, strict=True):
            yield row.path, name, data

    def join(self, join_rar: JoinRar) -> tuple[bytes, str]:
        """Return the whole file, or ``b""`` and in Chinese why it cannot be put together.

        The volumes are given up with it: their content is not held twice for long. Those of a rar
        are unpacked by ``join_rar``, which is told whether their names count up from 1.
        """
        volumes: dict[int, bytes] = {}
        repeated = {
            number for number, _, data in self.held if volumes.setdefault(number, data) != data
        }
        self.held.clear()
        numbers = sorted(volumes)
        received = f"收到{_name_volumes(numbers)}"
        if repeated:
            return b"", f"{_name_volumes(sorted(repeated))}有内容不同的两份"
        total = _disk_number(volumes[numbers[-1]]) + 1
        total = total if total > 1 else numbers[-1]
        if missing := [number for number in range(1, total + 1) if number not in volumes]:
            return b"", f"{received}，缺{_name_volumes(missing)}"
        if self.is_rar:
            parts = [volumes.pop(number) for number in numbers]
            whole_zip, reason = join_rar(parts, self.style != "rar")
            return whole_zip, f"{received}，{reason}" if reason else ""
        sizes = [len(volumes[number]) for number in numbers]
        whole = bytearray()
        for number in numbers:
            whole += volumes.pop(number)
        if not _is_complete(whole):
            return b"", f"{received}，缺后面的分卷"
        _set_joined_offsets(whole, sizes)
        return bytes(whole), ""

    @property
    def is_rar(self) -> bool:
        """Whether the volumes are those of a rar, whose files are packed anew as a zip."""
        return self.path.lower().endswith(".rar")

    @property
    def joined_path(self) -> str:
        """Path of the whole file once it is put together; that of a rar was not sent as it is."""
        return f"{self.path[: -len('.rar')]}（分卷解开）.zip" if self.is_rar else self.path

    @property
    def joined_name(self) -> str:
        """Name of the whole file once it is put together."""
        return self.joined_path.rpartition("/")[2]

    def completes(self, other: "VolumeSet") -> bool:
        """Whether two sets of one name and manner have no volume in common, as of one cut file."""
        names = {(one.joined_name.lower(), one.style) for one in (self, other)}
        numbers = {number for number, *_ in self.held} & {number for number, *_ in other.held}
        return len(names) == 1 and not numbers and not (self.is_too_large or other.is_too_large)

    def take_over(self, other: "VolumeSet") -> None:
        """Add the volumes of another set, those of other messages first."""
        borrowed = [len(one.held) - len(one.rows) for one in (self, other)]
        (of_self, self_own), (of_other, other_own) = (
            (one.held[:count], one.held[count:])
            for one, count in zip((self, other), borrowed, strict=True)
        )
        self.held = [*of_self, *of_other, *self_own, *other_own]
        self.rows += other.rows


@dataclass
class VolumeCollector:
    """Takes the volumes out of a series of files and returns them in sets at its end."""

    _sets: dict[tuple[str, str], VolumeSet] = field(default_factory=dict)
    _paths: set[str] = field(default_factory=set)

    def take(self, path: str, name: str, data: bytes, *, is_listed: bool = True) -> bool:
        """Keep a file if it is a volume, and return whether it is one."""
        volume = volume_of_file(path, data)
        if volume is None:
            self._paths.add(path)
            return False
        key = volume.whole.lower(), volume.style
        volumes = self._sets.setdefault(key, VolumeSet(volume.whole, volume.style))
        volumes.add(path, name, volume.number, data, is_listed=is_listed)
        if sum(one.held_bytes for one in self._sets.values()) > MAX_JOINED_BYTES:
            volumes.give_up()
        return True

    def match_by_name(self) -> None:
        """Join sets in several forwarded messages: the volumes of one cut file have one name."""
        kept: dict[tuple[str, str], VolumeSet] = {}
        for key, volumes in self._sets.items():
            known = next((one for one in kept.values() if one.completes(volumes)), None)
            if known is None:
                kept[key] = volumes
            else:
                known.take_over(volumes)
        self._sets = kept

    def take_out_sets(self) -> Iterator[tuple[VolumeSet, str]]:
        """Yield each set once, with a path for the whole file that no other file has."""
        while self._sets:
            volumes = self._sets.pop(next(iter(self._sets)))
            path = volumes.joined_path
            while path in self._paths:
                path += "（分卷合并）"
            self._paths.add(path)
            yield volumes, path


def _name_volumes(numbers: list[int]) -> str:
    named = "、".join(map(str, numbers[:_MAX_NAMED]))
    return f"第{named}卷" if len(numbers) <= _MAX_NAMED else f"第{named}等{len(numbers)}卷"


def volume_of_file(path: str, data: bytes) -> Volume | None:
    """Return which volume a file is, ``None`` for other files.

    Examples
    --------
    >>> volume_of_file("素材.zip.002", b"")
    Volume(whole='素材.zip', number=2, style='numbered')
    >>> volume_of_file("素材.part1.rar", b"")
    Volume(whole='素材.rar', number=1, style='part')
    >>> volume_of_file("素材.zip", b""), volume_of_file("扫描.101", b"")
    (None, None)
    """
    if (match := _NUMBERED.fullmatch(path)) and int(match[2]):
        return (
            Volume(match[1], int(match[2]), "numbered") if _FILE_NAME.fullmatch(match[1]) else None
        )
    if (match := _ZIP_VOLUME.fullmatch(path)) and int(match[2]):
        return Volume(f"{match[1]}.zip", int(match[2]), "zip")
    is_rar_volume = _is_rar_volume(data)
    if (match := _RAR_PART.fullmatch(path)) and is_rar_volume is not False:
        return Volume(f"{match[1]}.rar", int(match[2]), "part")
    if (match := _OLD_RAR_VOLUME.fullmatch(path)) and is_rar_volume is not False:
        return Volume(f"{match[1]}.rar", int(match[2]) + 2, "rar")
    if path.lower().endswith(".zip") and (disk := _disk_number(data)):
        return Volume(path, disk + 1, "zip")
    if path.lower().endswith(".rar") and is_rar_volume:
        return Volume(path, 1, "rar")
    return None


def _is_rar_volume(data: bytes) -> bool | None:
    """Return whether the main header of a rar names it a volume, ``None`` where none is read."""
    if data.startswith(_RAR5_MARK):
        # Behind a checksum: size, kind and flags of the header, perhaps the size of its extra
        # area, flags of the archive; of each number the low 7 bits are enough.
        numbers = [number[0] & 0x7F for number in _RAR5_NUMBER.findall(data[12:60])]
        if len(numbers) < 5 or numbers[1] != 1:
            return None
        return bool(numbers[4 if numbers[2] & 1 else 3] & 1)
    if data.startswith(_RAR_MARK) and data[9:10] == b"s" and len(data) > 10:
        return bool(data[10] & 1)
    return None


def _disk_number(data: bytes | bytearray) -> int:
    """Return the number of the volume that a zip's end record declares, 0 for a whole zip."""
    end = data.rfind(_END_RECORD, max(len(data) - 66_000, 0))
    number = int.from_bytes(data[end + 4 : end + 6], "little") if end >= 0 else 0
    return number if number < 0xFF else 0


def _is_complete(data: bytearray) -> bool:
    if data.startswith(b"PK"):
        return _END_RECORD in data[-66_000:]
    if data.startswith(_SEVENZIP_MAGIC) and len(data) >= 32:
        offset, size = struct.unpack_from("<QQ", data, 12)
        return len(data) >= 32 + int(offset) + int(size)
    return True


def _set_joined_offsets(joined: bytearray, sizes: list[int]) -> None:
    """Count the places of the members of a joined zip from the beginning of the whole.

    A volume counts the places from its own beginning.
    """
    end = joined.rfind(_END_RECORD)
    if not _disk_number(joined):
        return
    starts = list(itertools.accumulate(sizes, initial=0))
    try:
        disk, place = struct.unpack_from("<H8xI", joined, end + 6)
        position = starts[disk] + place
        struct.pack_into("<HH", joined, end + 4, 0, 0)
        struct.pack_into("<I", joined, end + 16, position)
        while joined[position : position + 4] == _ENTRY:
            disk, place = struct.unpack_from("<H6xI", joined, position + 34)
            struct.pack_into("<H", joined, position + 34, 0)
            struct.pack_into("<I", joined, position + 42, starts[disk] + place)
            position += 46 + sum(struct.unpack_from("<3H", joined, position + 28))
    except (struct.error, IndexError):
        return  # the reader of archives tells what is wrong with it
