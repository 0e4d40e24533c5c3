"""Archives cut into volumes: put together where all are there, else what is missing is told."""

import io
import itertools
import struct
import zipfile

import pytest

from kjfp_helpers.intake.files.split_volumes import VolumeSet, volume_of_file
from kjfp_helpers.intake.files.unpacking import MessageUnpacker

FILES = {"甲.txt": b"a" * 50, "乙.txt": bytes(range(256)) * 3, "丙.txt": b"c"}


def whole_zip():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in FILES.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def cut(data, places):
    return [data[a:b] for a, b in itertools.pairwise([0, *places, len(data)])]


def spanned(data, place):
    """A zip in two volumes, whose places are counted from the beginning of each volume."""
    end = data.rfind(b"PK\5\6")
    changed = bytearray(data)
    position = directory = struct.unpack_from("<I", data, end + 16)[0]
    while data[position : position + 4] == b"PK\1\2":
        offset = struct.unpack_from("<I", data, position + 42)[0]
        struct.pack_into("<H", changed, position + 34, offset >= place)
        struct.pack_into("<I", changed, position + 42, offset - place * (offset >= place))
        position += 46 + sum(struct.unpack_from("<3H", data, position + 28))
    struct.pack_into("<HH", changed, end + 4, 1, 1)
    struct.pack_into("<I", changed, end + 16, directory - place)
    return [bytes(changed[:place]), bytes(changed[place:])]


def unpack(named):
    unpacker = MessageUnpacker("来件")
    files = unpacker.unpack_files([(name, name, data) for name, data in named], "", 0)
    return {file.name: file.data for file in files}, unpacker.problems


@pytest.mark.parametrize("places", [(300,), (2, 700), (100, 200, 300)])
def test_numbered_volumes_are_joined_in_any_order_and_a_lack_is_told(places):
    named = [(f"素材.zip.{n:03d}", part) for n, part in enumerate(cut(whole_zip(), places), 1)]
    assert unpack(reversed(named)) == (FILES, [])
    for lost in range(len(named)):
        files, problems = unpack(named[:lost] + named[lost + 1 :])
        assert not files
        assert [problem.code for problem in problems] == ["truncated"]


@pytest.mark.parametrize("place", [4, 100, 200])
def test_the_volumes_of_a_spanned_zip_are_joined(place):
    first, last = spanned(whole_zip(), place)
    assert unpack([("素材.zip", last), ("素材.z01", first)]) == (FILES, [])
    for named in ([("素材.zip", last)], [("素材.z01", first)]):
        files, problems = unpack(named)
        assert not files
        assert "缺" in problems[0].found


def test_volumes_of_a_rar_are_told_by_their_numbers():
    problems = unpack([("素材.part1.rar", b"Rar!"), ("素材.part3.rar", b"Rar!")])[1]
    assert [problem.found for problem in problems] == ["收到第1、3卷，缺第2卷"]
    (problem,) = unpack([("素材.zip.999", b"x")])[1]
    assert problem.found == "收到第999卷，缺第1、2、3、4、5、6等998卷"


@pytest.mark.parametrize("damage", range(4, 22))
def test_a_damaged_end_record_is_no_crash(damage):
    first, last = spanned(whole_zip(), 100)
    broken = bytearray(last)
    broken[last.rfind(b"PK\5\6") + damage] ^= 0xFF
    VolumeSet("a.zip", {1: first, 2: bytes(broken)}).join()


@pytest.mark.parametrize("name", ["推荐表.docx", "2020.01", "a.7z", "图.000", "x.z1", "a.rar"])
def test_other_files_are_no_volumes(name):
    assert volume_of_file(name, b"x") is None
