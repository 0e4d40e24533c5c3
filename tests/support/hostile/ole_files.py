"""OLE containers (.doc, .xls) made from nothing: streams by path, each in sectors of its own."""

import struct

FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR, SMALLEST = 512, 4096


def ole(streams: dict[str, bytes]) -> bytes:
    """A container whose streams are filled up to the size from which they need no small sectors."""
    names, parents, contents = _entries(streams)
    body, table = b"", []

    def put(data: bytes) -> int:
        nonlocal body
        first, count = len(table), -(-len(data) // SECTOR)
        table.extend([*range(first + 1, first + count), END])
        body += data.ljust(count * SECTOR, b"\0")
        return first

    spans = [(put(data), len(data)) if data else (END, 0) for data in contents]
    links = _links(names, parents)
    entries = b""
    for number, name in enumerate(names):
        coded = name.encode("utf-16-le") + b"\0\0"
        kind = 5 if not number else 2 if contents[number] else 1
        entries += coded.ljust(64, b"\0")
        entries += struct.pack("<HBB3I", len(coded), kind, 1, *links[number])
        entries += b"\0" * 36 + struct.pack("<IQ", *spans[number])
    start = put(entries.ljust(-(-len(entries) // SECTOR) * SECTOR, b"\0"))
    place = len(table)
    table.append(TABLE)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<5H", 62, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<9I", 0, 1, start, 0, SMALLEST, END, 0, END, 0)
    packed = struct.pack(f"<{len(table)}I", *table).ljust(SECTOR, b"\xff")
    return head + struct.pack("<I", place).ljust(436, b"\xff") + body + packed


def _entries(streams):
    """Names, parents and contents of the root, the storages and the streams."""
    names, parents, contents, numbers = ["Root Entry"], [-1], [None], {"": 0}
    for path, data in streams.items():
        steps = path.split("/")
        for depth, step in enumerate(steps, start=1):
            whole = "/".join(steps[:depth])
            if whole not in numbers:
                numbers[whole] = len(names)
                names.append(step)
                parents.append(numbers["/".join(steps[: depth - 1])])
                contents.append(data.ljust(SMALLEST, b"\0") if depth == len(steps) else None)
    return names, parents, contents


def _links(names, parents):
    """Left, right and child of every entry: what lies in a storage stands in a sorted tree."""
    links = [[FREE, FREE, FREE] for _ in names]

    def tree(ids):
        if not ids:
            return FREE
        middle = len(ids) // 2
        links[ids[middle]][:2] = tree(ids[:middle]), tree(ids[middle + 1 :])
        return ids[middle]

    for parent in range(len(names)):
        inside = [number for number, above in enumerate(parents) if above == parent]
        links[parent][2] = tree(sorted(inside, key=lambda at: (len(names[at]), names[at].upper())))
    return links


def workbook(*extra: bytes) -> bytes:
    """An .xls of one sheet with one number; ``extra`` records stand first."""

    def record(kind: int, data: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def begin(kind: int) -> bytes:
        return record(0x809, struct.pack("<4H2I", 0x600, kind, 0, 0, 0, 0))

    def globals_(offset: int) -> bytes:
        named = struct.pack("<IHBB", offset, 0, 1, 0) + b"A"
        return begin(5) + b"".join(extra) + record(0x85, named) + record(0x0A)

    head = globals_(len(globals_(0)))
    cell = record(0x203, struct.pack("<3Hd", 0, 0, 0, 12.0))
    return ole({"Workbook": head + begin(0x10) + cell + record(0x0A)})
