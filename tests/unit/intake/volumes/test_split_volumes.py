"""Archives cut into volumes: put together where all are there, else what is missing is told."""

import email
import email.policy
import io
import itertools
import shutil
import struct
import zipfile
from email.message import EmailMessage

import pytest

from kjfp_helpers.intake import read_inbox
from kjfp_helpers.intake.files import rar_volumes as joined_volumes
from kjfp_helpers.intake.files.archive_readers import ArchiveEntry
from kjfp_helpers.intake.files.unpacking import MessageUnpacker
from kjfp_helpers.intake.kept_readings import KeptReadings
from kjfp_helpers.intake.volumes import split_volumes
from kjfp_helpers.intake.volumes.split_volumes import volume_of_file
from support.forms.rar_files import rar_volumes
from support.forms.sample_files import (
    PERSON,
    TEAM,
    archive,
    form,
    letter,
    read_inbox_of,
    the_round,
)

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
    files = unpacker.unpack_files(
        [(path, path.rpartition("/")[2], data) for path, data in named], "", 0
    )
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


@pytest.mark.parametrize("size", [1, 300, 818])
@pytest.mark.parametrize("digits", [1, 2, 3])
def test_the_volumes_of_a_rar_are_unpacked_together(size, digits):
    volumes = rar_volumes(dict(list(FILES.items())[: 1 if size == 1 else 3]), size)
    named = [(f"素材.part{n:0{digits}d}.rar", part) for n, part in enumerate(volumes, 1)]
    files, problems = unpack(reversed(named))
    assert (files, problems) == ({name: FILES[name] for name in files}, [])
    assert len(files) == (1 if size == 1 else 3)


def test_a_rar_that_lacks_its_last_volume_or_is_broken_is_told_with_what_to_do():
    parts = rar_volumes(FILES, 300)
    named = [(f"素材.part{n}.rar", part) for n, part in enumerate(parts, 1)]
    assert unpack(named[:-1]) == ({}, unpack(named[:-1])[1])
    assert unpack(named[:-1])[1][0].found == "收到第1、2卷，缺后面的分卷"
    broken = named[1][1].replace(bytes(range(100, 140)), bytes(40))
    files, (problem,) = unpack([named[0], (named[1][0], broken), named[2]])
    assert (files, problem.code) == ({}, "truncated")
    assert "打包成一个zip" in problem.found


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"is_encrypted": True}, "密码"),
        ({"is_broken": True}, "损坏"),
        ({"data": None}, "不能自动合并"),
    ],
)
def test_why_a_rar_in_volumes_is_not_joined_is_told(monkeypatch, entry, words):
    known = {"name": "甲.txt", "size": 1, "compressed": 1, "is_link": False}
    made = ArchiveEntry(**{**known, "is_encrypted": False, "data": b"x", **entry})
    monkeypatch.setattr(joined_volumes, "run_sandboxed", lambda *_: [made])
    (problem,) = unpack([("素材.rar", RAR4 + b"\1"), ("素材.r00", RAR4 + b"\1")])[1]
    assert words in problem.found


def test_volumes_in_several_forwarded_messages_are_one_set():
    (one, two), other = cut(whole_zip(), [300]), cut(archive({"丁.txt": b"d" * 400}), [99])
    named = [("转发一.eml/素材.zip.001", one), ("转发二.eml/素材.zip.002", two)]
    assert unpack(named) == (FILES, [])
    again = [(f"转发三.eml/素材.zip.{n:03d}", part) for n, part in enumerate(other, 1)]
    assert unpack([*named, *again]) == (FILES | {"丁.txt": b"d" * 400}, [])


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


def scattered(*parts, sender="kx@example.com", subject="贵州报送材料"):
    """A message for each part: the names and contents of its volumes."""
    return {
        f"{number}.eml": letter(
            dict(volumes),
            sender=sender,
            subject=subject,
            sent=f"Mon, 10 Aug 2020 0{number}:00:00 +0800",
            number=number,
        )
        for number, volumes in enumerate(parts, 1)
    }


def found_in(intake):
    return [
        (mail.receipt, finding.code, finding.found)
        for mail in intake.mails
        for finding in mail.findings
    ]


def whole_form():
    return archive({"推荐表.docx": form(PERSON)})


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_volumes_in_several_messages_of_a_unit_are_joined(tmp_path, order):
    data = whole_form()
    volumes = [(f"材料.zip.{n:03d}", part) for n, part in enumerate(cut(data, [900, 5000]), 1)]
    intake = read_inbox_of(tmp_path, scattered(*([volumes[place]] for place in order)))
    (record,) = intake.records
    assert (record.receipt, record.body.name, found_in(intake)) == (3, "测试丁", [])
    assert [len(mail.files) for mail in intake.mails] == [1, 1, 3]


def test_what_a_set_in_several_messages_lacks_is_told_once_with_where_the_rest_is(tmp_path):
    volumes = [(f"材料.zip.{n:03d}", part) for n, part in enumerate(cut(whole_form(), [9, 900]), 1)]
    intake = read_inbox_of(tmp_path, scattered(volumes[:1], volumes[2:]))
    assert found_in(intake) == [(2, "truncated", "收到第1、3卷，缺第2卷；第1卷见第0001号来件")]


def test_volumes_of_different_senders_are_not_one_set(tmp_path):
    volumes = [(f"材料.zip.{n:03d}", part) for n, part in enumerate(cut(whole_form(), [900]), 1)]
    mails = scattered(volumes[:1]) | {
        "2.eml": letter(dict(volumes[1:]), sender="b@example.org", subject="云南报送材料", number=2)
    }
    assert [code for _, code, _ in found_in(read_inbox_of(tmp_path, mails))] == ["truncated"] * 2


def test_two_archives_of_one_name_are_each_asked_for_what_they_lack(tmp_path):
    first = cut(whole_form(), [900])
    second = cut(archive({"团队.docx": form(TEAM)}), [800, 1600])
    mails = scattered(
        [("材料.zip.001", first[0])], [("材料.zip.001", second[0]), ("材料.zip.003", second[2])]
    )
    assert found_in(read_inbox_of(tmp_path, mails)) == [
        (1, "truncated", "收到第1卷，缺后面的分卷"),
        (2, "truncated", "收到第1、3卷，缺第2卷"),
    ]


def test_volumes_of_one_sender_that_make_no_archive_are_told_in_each_message(tmp_path):
    first, second = cut(whole_form(), [900]), cut(archive({"团队.docx": form(TEAM)}), [800])
    mails = scattered([("材料.zip.001", first[0])], [("材料.zip.002", second[1])])
    intake = read_inbox_of(tmp_path, mails)
    assert intake.records == () and {receipt for receipt, *_ in found_in(intake)} == {1, 2}


def test_two_sets_over_the_same_messages_and_a_spanned_zip_are_joined(tmp_path):
    first, last = spanned(whole_form(), 500)
    other = cut(archive({"团队.docx": form(TEAM)}), [700])
    mails = scattered(
        [("个人.z01", first), ("团队.zip.001", other[0])],
        [("个人.zip", last), ("团队.zip.002", other[1])],
    )
    intake = read_inbox_of(tmp_path, mails)
    assert sorted(record.kind for record in intake.records) == ["individual", "team"]
    assert found_in(intake) == []


def test_volumes_put_into_the_inbox_by_hand_are_joined(tmp_path):
    parts = cut(whole_form(), [900])
    names = {f"材料.7z.{n:03d}": part for n, part in enumerate(parts, 1)}
    intake = read_inbox_of(tmp_path, names)
    assert [record.body.name for record in intake.records] == ["测试丁"]
    assert "truncated" not in {code for _, code, _ in found_in(intake)}


def test_a_kept_reading_of_a_volume_joins_with_what_came_later(tmp_path):
    volumes = [(f"材料.zip.{n:03d}", part) for n, part in enumerate(cut(whole_form(), [900]), 1)]
    mails = scattered(*([one] for one in volumes))
    target = tmp_path / "round"
    shutil.copytree(the_round().folder, target, ignore=shutil.ignore_patterns("inbox", "*.db"))
    (target / "inbox").mkdir()
    names: list[list[str]] = []
    for name, data in mails.items():
        (target / "inbox" / name).write_bytes(data)
        for _ in range(2):  # the second time from what was kept
            kept = KeptReadings(tmp_path / "kept", the_round(target))
            got = read_inbox(the_round(target), {}, tmp_path / "materials", kept=kept)
            names.append([record.body.name for record in got.records])
    assert names == [[], [], ["测试丁"], ["测试丁"]]
    assert [path.name for path in (tmp_path / "materials").rglob("*.docx")] == [
        "0002-01-推荐表.docx"
    ]


def test_volumes_in_messages_that_are_forwarded_one_by_one_are_joined(tmp_path):
    mails = {}
    for number, part in enumerate(cut(whole_form(), [900]), 1):
        outer = EmailMessage()
        outer["From"], outer["Subject"] = "kx@example.com", "转发：贵州报送材料"
        outer["Date"] = f"Mon, 10 Aug 2020 0{number}:00:00 +0800"
        outer.set_content("见附件")
        inner = letter({f"材料.zip.{number:03d}": part}, number=number)
        outer.add_attachment(email.message_from_bytes(inner, policy=email.policy.default))
        mails[f"{number}.eml"] = outer.as_bytes()
    intake = read_inbox_of(tmp_path, mails)
    assert [record.body.name for record in intake.records] == ["测试丁"]
    assert "truncated" not in {code for _, code, _ in found_in(intake)}
