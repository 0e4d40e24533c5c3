"""Archives cut into volumes: put together where all are there, else what is missing is told."""

import io
import itertools
import struct
import zipfile

import pytest

from kjfp_helpers.intake.files import split_volumes
from kjfp_helpers.intake.files.split_volumes import volume_of_file
from kjfp_helpers.intake.files.unpacking import MessageUnpacker
from support.forms.sample_files import read_inbox_of

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
    unpack([("a.z01", first), ("a.zip", bytes(broken))])


@pytest.mark.parametrize(
    "name", ["推荐表.docx", "2020.01", "a.7z", "图.000", "x.z1", "a.rar", "扫描.101", "2020.07.101"]
)
def test_other_files_are_no_volumes(name):
    assert volume_of_file(name, b"x") is None


RAR4, RAR5 = b"Rar!\x1a\x07\0\0\0s", b"Rar!\x1a\x07\1\0crc_\x0a\1\5\6"


@pytest.mark.parametrize(("header", "flag"), [(RAR4, 1), (RAR5, 1), (RAR5, 3)])
def test_a_whole_rar_with_the_name_of_a_part_is_no_volume(header, flag):
    for name in ("素材.part1.rar", "素材.r00"):
        assert volume_of_file(name, header + b"\0" * 20) is None
        assert volume_of_file(name, header + bytes([flag]) + b"\0" * 20)


def test_a_number_behind_another_name_makes_no_volume_without_the_first():
    named = [("说明.txt.101", b"a"), ("说明.txt.102", b"b")]
    assert unpack(named) == ({"说明.txt.101": b"a", "说明.txt.102": b"b"}, [])
    assert unpack([("说明.txt.002", b"b"), ("说明.txt.001", b"a")]) == ({"说明.txt": b"ab"}, [])


def test_a_joined_file_has_a_path_of_its_own():
    unpacker = MessageUnpacker("来件")
    named = [("a.txt.001", b"joined"), ("a.txt", b"other")]
    files = list(unpacker.unpack_files([(name, name, data) for name, data in named], "", 0))
    assert {file.path: (file.name, file.data) for file in files} == {
        "a.txt": ("a.txt", b"other"),
        "a.txt（分卷合并）": ("a.txt", b"joined"),
    }


def test_two_manners_of_cutting_are_two_sets_and_one_number_twice_is_told():
    first, last = spanned(whole_zip(), 100)
    numbered = [(f"素材.zip.{n:03d}", part) for n, part in enumerate(cut(whole_zip(), [99]), 1)]
    assert unpack([*numbered, ("素材.z01", first), ("素材.zip", last)]) == (FILES, [])
    files, (problem,) = unpack([*numbered, ("素材.ZIP.001", b"x")])
    assert (files, problem.found) == ({}, "第1卷有内容不同的两份")


def test_volumes_that_are_too_large_together_are_told_once(monkeypatch):
    monkeypatch.setattr(split_volumes, "MAX_JOINED_BYTES", 500)
    named = [(f"素材.zip.{n:03d}", part) for n, part in enumerate(cut(whole_zip(), [300, 700]), 1)]
    files, problems = unpack(named)
    assert (files, [problem.code for problem in problems]) == ({}, ["too_large"])


@pytest.mark.slow
def test_a_volume_alone_in_the_inbox_says_what_to_do(tmp_path):
    got = read_inbox_of(tmp_path, {"素材.zip.001": whole_zip()[:300]})
    (message,) = [f.message for mail in got.mails for f in mail.findings if f.code == "truncated"]
    assert "打包在一个压缩文件里" in message


def test_links_in_a_text_count_by_their_host_and_the_text_is_cut_between_characters():
    link = "见 https://pan.baidu.com/s/1 有效期至2020年7月28日。"
    for blanks in range(3):
        text = f"{' ' * blanks}{link}下载地址 https://www.caas.cn/a{'中' * 400_000}"
        (problem,) = unpack([("说明.txt", text.encode())])[1]
        assert "pan.baidu.com/s/1，请于2020年7月28日前" in problem.found
