import io
import random
import stat
import struct
import warnings
import zipfile
import zlib

import pytest

from kjfp_helpers.core.findings import Problem
from kjfp_helpers.intake.files.zip_archives import (
    CORRUPT_ZIP_ERRORS,
    ArchiveMember,
    UnpackBudget,
    member_name,
    read_member,
    unpack_zip,
)
from support.forms.sample_files import archive


def read(data, budget=None):
    items = list(unpack_zip(data, "包.zip", budget or UnpackBudget()))
    names = [item.path for item in items if isinstance(item, ArchiveMember)]
    return names, [item.code for item in items if isinstance(item, Problem)]


def test_names_are_decoded_one_by_one():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("甲.txt", b"1")
        info = zipfile.ZipInfo("x")
        info.filename = "乙镕.txt".encode("gbk").decode("cp437")
        target.writestr(info, b"2")
    data = buffer.getvalue()
    # zipfile flags every non-ASCII name as UTF-8; an old Chinese packer writes raw GBK and no flag.
    raw, coded = "乙镕.txt".encode("gbk"), info.filename.encode("utf-8")
    assert coded in data
    old = zipfile.ZipInfo("y" * len(raw))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("甲.txt", b"1")
        target.writestr(old, b"2")
    mixed = buffer.getvalue().replace(b"y" * len(raw), raw)
    assert read(mixed) == (["包.zip/甲.txt", "包.zip/乙镕.txt"], [])


@pytest.mark.parametrize("fits", [True, False])
def test_the_name_added_in_utf8_replaces_the_plain_one_that_it_fits(fits):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name, data in (("田间.jpg", b"1"), ("课堂.jpg", b"2")):
            info = zipfile.ZipInfo("__.jpg")
            body = struct.pack("<BI", 1, zlib.crc32(b"__.jpg") + (not fits)) + name.encode()
            info.extra = struct.pack("<HH", 0x7075, len(body)) + body
            with warnings.catch_warnings(action="ignore"):
                target.writestr(info, data)
    added = ["包.zip/田间.jpg", "包.zip/课堂.jpg"], []
    assert read(buffer.getvalue()) == (added if fits else (["包.zip/__.jpg"], ["duplicate_entry"]))


@pytest.mark.parametrize(
    "name", ["../a.txt", "/a.txt", "C:/a.txt", "a/../../b.txt", "x\\..\\..\\b.txt"]
)
def test_members_that_leave_their_folder_are_refused(name):
    names, codes = read(archive({name: b"1", "好.txt": b"2"}))
    assert names == ["包.zip/好.txt"]
    assert "path_escape" in codes


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a\nb.txt", "odd_characters"),
        ("con.txt", "odd_names"),
        ("a/NUL", "odd_names"),
        ("照片\u202egpj.txt", "odd_characters"),
        ("甲" * 90, "odd_names"),
        ('=HYPERLINK("x").txt', "formula_like"),
        ("<img src=x>.txt", "html_like"),
        ("装载.exe", "active_content"),
    ],
)
def test_members_with_odd_names_are_named_and_read(name, code):
    names, codes = read(archive({name: b"1"}))
    assert len(names) == 1
    assert code in codes


def test_links_are_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        info = zipfile.ZipInfo("链接")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(info, "/etc/passwd")
    assert read(buffer.getvalue()) == ([], ["symlink"])


def test_of_two_members_with_one_name_the_first_is_read():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name in ("a.txt", "A.TXT"):
            target.writestr(name, b"1")
    assert read(buffer.getvalue()) == (["包.zip/a.txt"], ["duplicate_entry"])


def test_a_bomb_is_refused():
    assert read(archive({"大.txt": b"\0" * 30_000_000})) == ([], ["bomb"])


def test_one_budget_holds_for_all_members():
    data = archive({f"{number}.txt": bytes([number]) * 400 for number in range(10)})
    names, codes = read(data, UnpackBudget(bytes_left=1000))
    assert (len(names), codes) == (2, ["bomb"])


def test_too_many_files_stop_the_reading(monkeypatch):
    names, codes = read(
        archive({f"{number}.txt": b"1" for number in range(9)}), UnpackBudget(files_left=4)
    )
    assert (len(names), codes) == (4, ["too_many_files"])


def test_overlapping_members_are_no_members():
    data = archive({"a.txt": b"1" * 500, "b.txt": b"2" * 500})
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        first, second = source.infolist()
    at = data.rindex(b"PK\1\2") + 42
    broken = data[:at] + first.header_offset.to_bytes(4, "little") + data[at + 4 :]
    names, codes = read(broken)
    assert "包.zip/b.txt" not in names
    assert len(codes) >= 1
    assert second.header_offset > 0


def test_a_password_is_named():
    data = bytearray(archive({"a.txt": b"1"}))
    data[6] |= 1
    data[data.rindex(b"PK\1\2") + 8] |= 1
    assert read(bytes(data)) == ([], ["encrypted"])


def test_an_archive_without_its_end_is_truncated():
    assert read(archive({"a.txt": b"1" * 1000})[:60]) == ([], ["truncated"])


def test_litter_of_systems_and_office_programs_is_left_out():
    litter = ("__MACOSX/._a x/.DS_Store @eaDir/a.jpg/b.jpg Thumbs.db:encryptable ~表.tmp").split()
    assert read(archive({name: b"1" for name in (*litter, "a.txt")})) == (
        ["包.zip/a.txt"],
        [],
    )


@pytest.mark.parametrize(
    ("method", "name"),
    [(9, "Deflate64"), (93, "Zstandard"), (95, "XZ"), (98, "PPMd"), (77, "第77号")],
)
def test_a_packing_method_that_is_not_read_is_named_once_and_the_rest_is_read(method, name):
    import io
    import struct
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for member in ("a.txt", "b.txt", "c.txt"):
            target.writestr(member, member)
    data = bytearray(buffer.getvalue())
    for signature, offset in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        place = -1
        for _ in range(2):  # the third member stays as it is
            place = data.find(signature, place + 1)
            struct.pack_into("<H", data, place + offset, method)
    items = list(unpack_zip(bytes(data), "包.zip", UnpackBudget()))
    problems = [one for one in items if not isinstance(one, ArchiveMember)]
    assert [one.code for one in problems] == ["needs_manual"]
    assert name in problems[0].found and "2个文件" in problems[0].found
    assert [one.path for one in items if isinstance(one, ArchiveMember)] == ["包.zip/c.txt"]


def test_a_name_added_behind_many_empty_fields_is_found():
    info = zipfile.ZipInfo("a.txt")
    body = b"\1" + struct.pack("<I", zlib.crc32(b"a.txt")) + "甲.txt".encode()
    info.extra = struct.pack("<HH", 1, 0) * 15_000 + struct.pack("<HH", 0x7075, len(body)) + body
    assert member_name(info) == "甲.txt"


def outcome(read, data):
    """Return what reading each member gives: its bytes, or the kind of error."""
    found = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                try:
                    found.append(read(archive, info))
                except CORRUPT_ZIP_ERRORS as error:
                    found.append(type(error))
    except CORRUPT_ZIP_ERRORS as error:
        found.append(type(error))
    return found


@pytest.mark.slow
def test_a_member_is_read_as_the_standard_library_reads_it_whole_or_damaged():
    chance, buffer = random.Random(2020), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for number, size in enumerate((0, 1, 3000, 70_000)):
            for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
                content = (chance.randbytes(size // 9 + 1) * 9)[:size]
                target.writestr(f"图{number}-{method}.jpg", content, compress_type=method)
    whole = buffer.getvalue()
    headers = [place for place in range(len(whole)) if whole[place : place + 2] == b"PK"]
    for turn in range(150):
        data = bytearray(whole)
        start = chance.choice(headers) if turn % 2 else chance.randrange(len(data))
        data[min(start + chance.randrange(50), len(data) - 1)] = chance.randrange(256)
        if turn:
            assert outcome(read_member, data) == outcome(zipfile.ZipFile.read, data)
        else:
            assert outcome(read_member, whole) == outcome(zipfile.ZipFile.read, whole)
