import json
import shutil
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from hashlib import sha256
from pathlib import Path

import pytest

from kjfp_helpers.core.errors import InboxError, OutputError
from kjfp_helpers.core.form_schema import STOCKTAKE_ROWS
from kjfp_helpers.core.records import FILE_TITLES, Exhibit, Individual, Stocktake, Summary, Team
from kjfp_helpers.intake import load, read_inbox, save
from kjfp_helpers.intake.inbox_listing import hash_inbox, scan_inbox
from support.forms.sample_files import (
    PERSON,
    TEAM,
    archive,
    book,
    form,
    letter,
    picture,
    text,
    the_round,
)

STOCKTAKE = book(
    [
        ["填报单位", "贵州省科协"],
        ["指标", "任务目标数", "实际完成数"],
        *([label, 10, 12] for _, label in STOCKTAKE_ROWS),
    ]
)
SUMMARY = text("贵州省工作总结", {"一、工作开展": "做了。", "二、存在问题": "不足。"})
SHOW = archive(
    {
        "展览/展览文本.docx": text(
            "网上展览文本", {"一、响应中央决策部署": "好。", "二、典型人物": "好。"}
        ),
        "展览/图片/01梯田.jpg": picture((60, 40), "JPEG"),
        "展览/图片/01梯田.txt": "梯田春色".encode("gb18030"),
        "展览/图片/02大棚.jpg": picture((61, 40), "JPEG"),
        "展览/图片/02大鹏.docx": text("", {"": "大棚里的技术员"}),
        "展览/录像.mp4": b"\0\0\0 ftypmp42",
    }
)


@pytest.fixture
def a_round(tmp_path):
    folder = tmp_path / "round"
    shutil.copytree(the_round().folder, folder, ignore=shutil.ignore_patterns("inbox", "*.db"))
    (folder / "inbox").mkdir()
    return the_round(folder)


@pytest.fixture
def read(a_round, tmp_path):
    def go(receipts=None, **letters):
        for name, data in letters.items():
            (a_round.inbox / f"{name}.eml").write_bytes(data)
        return read_inbox(a_round, receipts or {}, tmp_path / "outputs" / "materials")

    return go


def codes(findings):
    return sorted(finding.code for finding in findings)


def whole():
    return letter(
        {
            "附件1.docx": form(TEAM),
            "附件2.docx": form(PERSON),
            "盘点.xlsx": STOCKTAKE,
            "总结.docx": SUMMARY,
            "展览.zip": SHOW,
        }
    )


@pytest.mark.slow
def test_a_whole_letter_becomes_five_kinds_of_records(read, tmp_path):
    got = read(a=whole())
    (mail,) = got.mails
    assert (mail.receipt, mail.unit, mail.path) == (1, "52", "inbox/a.eml")
    assert [(record.id, record.kind) for record in got.records] == [
        ("1-1", "team"),
        ("1-2", "individual"),
        ("1-3", "stocktake"),
        ("1-4", "summary"),
        ("1-5", "exhibit"),
    ]
    assert [type(record.body) for record in got.records] == [
        Team,
        Individual,
        Stocktake,
        Summary,
        Exhibit,
    ]
    assert got.records[0].source == "inbox/a.eml/附件1.docx"
    assert {record.unit for record in got.records} == {"52"}
    show = got.records[4].body
    assert [(one.name, one.format, one.width) for one in show.pictures] == [
        ("01梯田.jpg", "JPEG", 60),
        ("02大棚.jpg", "JPEG", 61),
    ]
    assert show.captions == {"01梯田": "梯田春色", "02大鹏": "大棚里的技术员"}
    assert show.others == ("展览.zip/展览/录像.mp4",)
    assert [section.heading for section in show.sections] == [
        "一、响应中央决策部署",
        "二、典型人物",
    ]
    assert codes(mail.findings) == []
    assert "unexpected_type" in codes(got.records[4].findings)
    assert {file.kind for file in mail.files} <= FILE_TITLES.keys()
    for file in mail.files:
        assert (file.stored == "") == file.path.endswith(".zip")
        assert file.stored == "" or (tmp_path / "outputs" / file.stored).is_file()
    assert show.pictures[0].stored == "materials/52/0001-06-01梯田.jpg"


@pytest.mark.slow
def test_the_same_inbox_gives_the_same_intake(read, tmp_path):
    first = read(a=whole(), b=letter({}, number=2))
    names = sorted(path.relative_to(tmp_path) for path in (tmp_path / "outputs").rglob("*"))
    assert read() == first
    assert sorted(path.relative_to(tmp_path) for path in (tmp_path / "outputs").rglob("*")) == names


def test_an_intake_comes_back_from_its_file_with_the_same_types(read, tmp_path):
    got = read(a=whole())
    save(got, tmp_path / "intake.json")
    again = load(tmp_path / "intake.json")
    assert again == got
    assert [type(record.body) for record in again.records] == [
        type(record.body) for record in got.records
    ]
    first = (tmp_path / "intake.json").read_bytes()
    save(again, tmp_path / "intake.json")
    assert (tmp_path / "intake.json").read_bytes() == first


@pytest.mark.parametrize(
    "content", [None, "", "[]", "{}", "null", '{"mails": [], "records": [{"kind": "other"}]}']
)
def test_a_missing_or_foreign_file_says_what_to_do(tmp_path, content):
    if content is not None:
        (tmp_path / "intake.json").write_text(content)
    with pytest.raises(OutputError, match="kjfp intake"):
        load(tmp_path / "intake.json")


def test_numbers_follow_the_clock_and_known_ones_stay(read):
    late = letter({"a.txt": b"1"}, sent="Tue, 11 Aug 2020 09:00:00 +0800", number=1)
    early = letter({"a.txt": b"2"}, sent="Mon, 10 Aug 2020 09:00:00 +0800", number=2)
    undated = letter({"a.txt": b"3"}, sent="", number=3)
    got = read(a=late, b=early, c=undated)
    assert [(mail.receipt, mail.path[6]) for mail in got.mails] == [(1, "b"), (2, "a"), (3, "c")]
    known = {mail.sha256: mail.receipt for mail in got.mails}
    earlier = letter({"a.txt": b"4"}, sent="Sun, 9 Aug 2020 09:00:00 +0800", number=4)
    assert [(mail.receipt, mail.path[6]) for mail in read(known, d=earlier).mails] == [
        (1, "b"),
        (2, "a"),
        (3, "c"),
        (4, "d"),
    ]


def test_the_same_bytes_twice_are_read_once(read):
    data = whole()
    got = read(**{"a-copy": data, "a": data})
    assert len(got.records) == 5
    assert [mail.path for mail in got.mails] == ["inbox/a.eml", "inbox/a-copy.eml"]
    assert [(mail.receipt, codes(mail.findings)) for mail in got.mails] == [
        (1, []),
        (1, ["duplicate_mail"]),
    ]


def test_the_same_letter_delivered_twice_is_read_once(read, tmp_path):
    data = whole()
    again = b"Received: from x by y; Mon, 10 Aug 2020 09:00:09 +0800\r\n" + data
    got = read(a=data, b=again)
    assert len(got.records) == 5
    assert sorted(mail.receipt for mail in got.mails) == [1, 2]
    assert codes(got.mails[1].findings) == ["duplicate_mail"]
    assert {path.name[:4] for path in (tmp_path / "outputs").rglob("*.docx")} == {"0001"}


def test_another_letter_with_the_same_id_is_read(read):
    got = read(
        a=letter({"附件1.docx": form(TEAM)}),
        b=letter({"附件1.docx": form(TEAM | {"team_name": "乙团"})}),
    )
    assert len(got.records) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({}, "no_material"),
        ({"附件1.docx": b""}, "empty"),
        ({"附件1.docx": form(TEAM)[:3000]}, "truncated"),
        ({"附件1.docx": "不是文档".encode()}, "ext_mismatch"),
        ({"附件1.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504}, "corrupt"),
        (
            {
                "附件1.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
                + "EncryptedPackage".encode("utf-16-le")
            },
            "encrypted",
        ),
        ({"附件.pdf": b"%PDF-1.4"}, "unreadable"),
        ({"说明.docx": text("", {"": "看不出是什么"})}, "unsorted"),
        ({"花名册.xlsx": book([["甲", 1]])}, "unsorted"),
        ({"照片.jpg": picture(kind="JPEG")}, "unsorted"),
        ({"附件.zip": archive({"../a.docx": b"1"})}, "path_escape"),
        (
            {
                "a.zip": archive(
                    {"b.zip": archive({"c.zip": archive({"d.zip": archive({"e.txt": b"1"})})})}
                )
            },
            "nesting",
        ),
        ({"附件1.docx": archive({"word/document.xml": b"<x"})}, "unreadable"),
        ({f"{number}.txt": b"1" for number in range(1100)}, "too_many_files"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_cannot_be_read_is_listed(read, files, code):
    got = read(
        a=letter(files),
        b=letter({"附件1.docx": form(TEAM)}, number=2, sent="Tue, 11 Aug 2020 09:00:00 +0800"),
    )
    assert code in codes(got.mails[0].findings)
    assert {finding.unit for finding in got.mails[0].findings} == {"52"}
    assert [record.kind for record in got.records] == ["team"]


def test_a_cloud_link_instead_of_a_file_is_named(read):
    got = read(a=letter({}, body="材料见 https://pan.example.com/s/1 请下载"))
    (found,) = got.mails[0].findings
    assert found.code == "cloud_link"
    assert "https://pan.example.com/s/1" in found.message
    assert "2020年8月17日前下载" in found.message


def test_a_lying_ending_is_read_by_its_content_and_stored_under_it(read, tmp_path):
    got = read(a=letter({"附件1.exe": form(TEAM), "x.html": b"<script>"}))
    assert got.records[0].kind == "team"
    assert [file.stored.rpartition("/")[2] for file in got.mails[0].files] == [
        "0001-01-附件1.exe.docx",
        "0001-02-x.html.bin",
    ]


def test_names_cannot_leave_the_store(read, tmp_path):
    read(a=letter({"..\\..\\x.txt": b"1", "a/b\u202ecod.txt": b"2", "名" * 300 + ".txt": b"3"}))
    stored = [path for path in tmp_path.rglob("*.txt")]
    assert len(stored) == 3
    assert all(path.parent == tmp_path / "outputs" / "materials" / "52" for path in stored)
    assert all(len(path.name.encode()) < 255 for path in stored)


def test_the_unit_comes_from_domain_then_subject_then_materials(a_round, tmp_path):
    from dataclasses import replace

    units = tuple(
        replace(unit, domains=("gz.example.com",)) if unit.code == "52" else unit
        for unit in a_round.units
    )
    known = replace(a_round, units=units)
    letters = {
        "a": letter({"x.txt": b"1"}, sender="x@mail.gz.example.com", subject="云南材料"),
        "b": letter({"x.txt": b"2"}, sender="x@163.example", subject="云南材料", number=2),
        "c": letter({"盘点.xlsx": STOCKTAKE}, sender="x@163.example", subject="报送材料", number=3),
        "d": letter({"x.txt": b"4"}, sender="x@163.example", subject="报送材料", number=4),
        "e": letter({"x.txt": b"5"}, sender="x@163.example", subject="河北、河南材料", number=5),
    }
    for name, data in letters.items():
        (a_round.inbox / f"{name}.eml").write_bytes(data)
    got = read_inbox(known, {}, tmp_path / "materials")
    assert read_inbox(known, {}, tmp_path / "none", keep_copies=False) == got
    assert not list(tmp_path.glob("none*"))
    assert [mail.unit for mail in got.mails] == ["52", "53", "52", "", ""]
    assert ["unknown_sender" in codes(mail.findings) for mail in got.mails] == [
        False,
        False,
        False,
        True,
        True,
    ]


def test_loose_files_are_deliveries_too(a_round, read):
    (a_round.inbox / "贵州省").mkdir()
    (a_round.inbox / "贵州省" / "附件1.docx").write_bytes(form(TEAM))
    got = read()
    assert (got.mails[0].unit, got.records[0].source) == (
        "52",
        "inbox/贵州省/附件1.docx/附件1.docx",
    )


def test_files_of_the_system_are_listed_and_are_no_material(read):
    lock, half = "~$附件1.docx", "附件1.docx.crdownload"
    got = read(a=letter({lock: b"1"}), b=letter({half: b"1"}, number=2))
    assert [[file.path for file in mail.files] for mail in got.mails] == [[lock], [half]]
    assert "no_material" in codes(got.mails[0].findings)
    assert "truncated" in codes(got.mails[1].findings)
    packed = read(a=letter({"a.zip": archive({lock: b"1", "附件1.docx": form(TEAM)})})).mails[0]
    assert [file.path for file in packed.files] == ["a.zip", "a.zip/附件1.docx"]


@pytest.mark.parametrize(("beside", "is_told"), [("附件2.docx", True), ("附件1.docx", False)])
@pytest.mark.parametrize("ending", [".baiduyun.downloading", ".tmp", "~"])
def test_half_a_file_in_an_archive_is_told_where_the_whole_is_not_there(
    read, beside, is_told, ending
):
    packed = archive({f"附件1.docx{ending}": b"1", beside: form(TEAM)})
    (mail,) = read(a=letter({"a.zip": packed})).mails
    assert ("truncated" in codes(mail.findings)) == is_told
    assert any(file.path.endswith(ending) for file in mail.files) == is_told


def test_an_inbox_that_was_hashed_before_has_the_same_entries(a_round):
    message = letter({"附件1.docx": form(TEAM), "照片.jpg": b"\xff\xd8" + bytes(2_000_000)})
    (a_round.inbox / "a.eml").write_bytes(message)
    (a_round.inbox / "b.mbox").write_bytes(b"From a\n" + letter({}) + b"\n\nFrom b\n" + message)
    (a_round.inbox / "贵州省盘点表.xlsx").write_bytes(STOCKTAKE)
    (a_round.inbox / "empty.eml").touch()
    known = (sha256(message).hexdigest(),)
    entries = scan_inbox(a_round.inbox)
    assert len(entries) == 5
    assert scan_inbox(a_round.inbox, (), hash_inbox(a_round.inbox)) == entries
    assert scan_inbox(a_round.inbox, known, hash_inbox(a_round.inbox)) == scan_inbox(
        a_round.inbox, known
    )


def test_an_empty_message_is_listed(read):
    assert "empty" in codes(read(a=b"").mails[0].findings)


@pytest.mark.parametrize("absent", [True, False])
def test_no_inbox_or_an_empty_one_is_said_in_words(a_round, tmp_path, absent):
    if absent:
        a_round.inbox.rmdir()
    with pytest.raises(InboxError, match="邮件"):
        read_inbox(a_round, {}, tmp_path / "materials")
    assert not (tmp_path / "materials").exists()


def test_a_store_that_cannot_be_written_stops_with_words(a_round, tmp_path):
    (a_round.inbox / "a.eml").write_bytes(letter({"a.txt": b"1"}))
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        read_inbox(a_round, {}, tmp_path / "file" / "materials")


def test_ticks_count_messages(a_round, tmp_path):
    for number in range(3):
        (a_round.inbox / f"{number}.eml").write_bytes(letter({}, number=number))
    seen = []
    read_inbox(a_round, {}, tmp_path / "materials", lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_step_of_other_work_is_done_after_each_message(a_round, tmp_path):
    for number in range(3):
        (a_round.inbox / f"{number}.eml").write_bytes(letter({}, number=number))
    seen = []
    read_inbox(
        a_round,
        {},
        tmp_path / "materials",
        lambda done, total: seen.append(done),
        meanwhile=map(seen.append, "甲乙"),
    )
    assert seen == [1, "甲", 2, "乙", 3]


def test_no_identity_number_or_phone_stands_in_any_finding(read):
    wrong = PERSON | {
        "id_number": "110105194912310021",
        "phone": "1990000000",
        "name": "110105194912310021",
        "address": "",
        "people_lifted": "电话19900000000转",
    }
    got = read(a=letter({"附件2.docx": form(wrong)}))
    words = json.dumps(
        [finding.message for record in got.records for finding in record.findings],
        ensure_ascii=False,
    )
    assert "1101" not in words
    assert "1990000" not in words


def test_two_attachments_of_one_name_are_two_files_with_a_copy_each(read, tmp_path):
    other = form(TEAM | {"team_name": "测试茶叶服务团"})
    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.com", "贵州报送材料"
    for data in (form(TEAM), other, form(PERSON)):
        message.add_attachment(data, maintype="a", subtype="b", filename="推荐表.docx")
    got = read(a=message.as_bytes())
    (mail,) = got.mails
    assert [file.path for file in mail.files] == [
        "推荐表.docx",
        "推荐表（2）.docx",
        "推荐表（3）.docx",
    ]
    copies = [(tmp_path / "outputs" / file.stored).read_bytes() for file in mail.files]
    assert [sha256(copy).hexdigest() for copy in copies] == [file.sha256 for file in mail.files]
    assert len({record.source for record in got.records}) == 3


def test_a_bug_of_our_own_is_told_and_not_taken_for_a_broken_file(read, monkeypatch):
    def bug(*_args, **_more):
        raise KeyError("测试")

    monkeypatch.setattr("kjfp_helpers.intake.message_import.read_file_content", bug)
    monkeypatch.setattr(
        "kjfp_helpers.intake.common.bug_detection.PACKAGE_FOLDER", Path(__file__).parent
    )
    with pytest.warns(RuntimeWarning, match="KeyError"):
        read(a=letter({"附件1.docx": form(TEAM)}))


def test_half_a_character_in_a_header_does_not_keep_the_intake_from_being_saved(read, tmp_path):
    subject = "=?unicode_escape?Q?=5Cud800?="
    raw = b"From: a@example.com\nSubject: " + subject.encode() + b"\n\nx\n"
    save(read(a=raw), tmp_path / "intake.json")


def test_a_unit_of_attachments_behind_one_forwarded_too_deep_is_still_read(read):
    inner = letter({"附件2.docx": form(PERSON)})
    for number in range(5):
        outer = EmailMessage()
        outer["From"], outer["Subject"] = "a@example.com", f"转发{number}"
        outer.add_attachment(message_from_bytes(inner), filename=f"{number}.eml")
        inner = outer.as_bytes()
    outer = message_from_bytes(inner, policy=default)
    outer.add_attachment(form(TEAM), maintype="a", subtype="b", filename="附件1.docx")
    got = read(a=outer.as_bytes())
    assert "nesting" in codes(got.mails[0].findings)
    assert [record.kind for record in got.records] == ["team"]
