"""Thousands of ways to break a file: intake lists them and goes on."""

import io
import random
import zipfile

import pytest

from kjfp_helpers.intake.contents.document_content import read_doc_forms
from kjfp_helpers.intake.file_reader import read_file_content
from kjfp_helpers.intake.files.archive_readers import unpack_archive
from kjfp_helpers.intake.files.file_types import CONTAINER_FORMATS, detect_format
from kjfp_helpers.intake.files.libreoffice import convert_to_docx
from kjfp_helpers.intake.files.material_store import MaterialStore
from kjfp_helpers.intake.files.zip_archives import UnpackBudget
from kjfp_helpers.intake.mail.message import read_headers
from kjfp_helpers.intake.mail.sender_matching import SenderMatcher
from kjfp_helpers.intake.message_import import MessageImport, MessageRef
from support.forms.sample_files import PERSON, archive, book, form, letter, picture, text, the_round
from support.hostile import hostile_files as hostile
from support.hostile import ole_files as ole_maker
from support.thoroughness import times


def mutated(data, rng):
    broken = bytearray(data)
    for _ in range(rng.randint(1, 12)):
        at = rng.randrange(len(broken))
        kind = rng.randrange(4)
        if kind == 0:
            broken[at] = rng.randrange(256)
        elif kind == 1:
            del broken[at : at + rng.randrange(1, 200)]
        elif kind == 2:
            broken[at:at] = bytes(rng.randrange(256) for _ in range(rng.randrange(20)))
        else:
            broken[at : at + 30] = broken[: rng.randrange(1, 30)]
        if len(broken) < 50:
            break
    return bytes(broken)


def open_letter(data, folder):
    store = MaterialStore(folder / "materials")
    delivery = MessageImport(
        the_round(), SenderMatcher(()), store, MessageRef(1, "inbox/a.eml", "0")
    )
    delivery.import_message(data)
    return delivery.finish()


@pytest.mark.parametrize("seed", range(times(30, 500)))
def test_no_broken_letter_stops_the_reading(seed, tmp_path):
    rng = random.Random(seed)
    whole = letter(
        {
            "附件2.docx": form(PERSON),
            "盘点.xlsx": book([["x", 1]]),
            "展览.zip": archive({"a.txt": b"1"}),
        }
    )
    broken = mutated(whole, rng)
    read_headers(broken)
    mail, _ = open_letter(broken, tmp_path)
    assert mail.receipt == 1


def test_no_broken_document_raises_but_unreadable():
    """The reader itself, without the net that catches everything."""
    rng = random.Random(1)
    notice = the_round().notice
    parts = {}
    for data in (form(PERSON), text("总结", {"一、工作": "好"}), book([["x", 1]])):
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            parts = {name: source.read(name) for name in source.namelist()}
        main = "word/document.xml" if "word/document.xml" in parts else "xl/worksheets/sheet1.xml"
        for _ in range(times(40, 500)):
            broken = archive(parts | {main: mutated(parts[main], rng)})
            kind, package = detect_format(broken, "a.docx")
            read_file_content(kind, package, broken, "a.docx", archived=False, notice=notice)


def test_no_broken_package_raises():
    rng = random.Random(2)
    notice, whole = the_round().notice, form(PERSON)
    for _ in range(times(80, 1000)):
        broken = mutated(whole, rng)
        kind, package = detect_format(broken, "a.docx")
        read_file_content(kind, package, broken, "a.docx", archived=False, notice=notice)


def test_entities_that_laugh_are_refused():
    laugh = (
        b'<!DOCTYPE z [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(
            f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">'.encode() for n in range(8)
        )
        + b"]><w:document xmlns:w='x'><w:body>&i;</w:body></w:document>"
    )
    data = archive({"word/document.xml": laugh})
    kind, package = detect_format(data, "a.docx")
    got = read_file_content(
        kind, package, data, "a.docx", archived=False, notice=the_round().notice
    )
    assert [finding.code for finding in got.findings] == ["xml_entity"]


def test_a_workbook_that_claims_too_much_is_refused():
    data = archive({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 70_000_000})
    kind, package = detect_format(data, "a.xlsx")
    got = read_file_content(
        kind, package, data, "a.xlsx", archived=False, notice=the_round().notice
    )
    assert [finding.code for finding in got.findings] == ["bomb"]


def test_a_message_within_messages_without_end_is_read_to_a_depth(tmp_path):
    data = letter({"a.txt": b"1"})
    for _ in range(40):
        data = b"Content-Type: message/rfc822\r\n\r\n" + data
    mail, _ = open_letter(data, tmp_path)
    assert mail.findings[0].code == "nesting"


def test_markup_and_formulas_in_names_stay_words(tmp_path):
    mail, _ = open_letter(letter({'=HYPERLINK("x")<img src=x>.txt': b"1"}), tmp_path)
    assert "<" not in mail.files[0].stored


def test_no_broken_container_raises():
    """Readers of the other formats, without the net that catches everything."""
    rng = random.Random(3)
    notice = the_round().notice
    page = "<table><tr><td>姓名</td><td>甲</td></tr></table>".encode()
    for name, whole in {
        "a.pdf": hostile.pdf(),
        "a.7z": hostile.seven({"a.txt": b"1" * 300}),
        "a.rar": hostile.rar(b"a.txt", b"1" * 300),
        "a.html": b"<html>" + page,
        "a.jpg": hostile.located(),
        "a.txt": "标题\n一、工作\n好".encode("gb18030"),
        "a.xlsx": book([["指标", "任务目标数"], ["x", 1]]),
    }.items():
        for _ in range(times(12, 200)):
            broken = mutated(whole, rng)
            kind, package = detect_format(broken, name)
            if kind in CONTAINER_FORMATS:
                if kind in ("zip", "7z", "rar"):
                    list(unpack_archive(kind, broken, name, UnpackBudget()))
                continue
            read_file_content(kind, package, broken, name, archived=False, notice=notice)


def whole_files():
    """One sound file of every format that units send, by name."""
    words = "<table><tr><td>姓名</td><td>甲</td></tr></table>".encode()
    mail = letter({"附件2.docx": form(PERSON), "展览.zip": archive({"图1.jpg": hostile.located()})})
    return {
        "a.docx": form(PERSON),
        "a.xlsx": book([["指标", "任务目标数"], ["x", 1]]),
        "a.xls": ole_maker.workbook(),
        "a.doc": ole_maker.ole({"WordDocument": b"\xec\xa5" * 9}),
        "a.rtf": b"{\\rtf1{\\field{\\*\\fldinst PAGE}}\\trowd x\\cell\\row}",
        "a.pdf": hostile.pdf(),
        "a.html": b"<html>" + words,
        "a.mht": b"MIME-Version: 1.0\r\n\r\n<html>" + words,
        "a.csv": "姓名,甲\n".encode("gb18030") * 9,
        "a.jpg": hostile.located(),
        "a.png": picture(),
        "a.zip": archive({"图1.jpg": hostile.located(), "图1.txt": "注释".encode()}),
        "a.7z": hostile.seven({"a.txt": b"1" * 300}),
        "a.rar": hostile.rar(b"a.txt", b"1" * 300),
        "a.eml": mail,
        "a.mbox": b"From a@b Mon Jul 20 2020\n" + mail.replace(b"\r\n", b"\n"),
        "a.odt": archive(
            {
                "mimetype": b"application/vnd.oasis.opendocument.text",
                "content.xml": b"<office:text/>",
            }
        ),
        "winmail.dat": b"\x78\x9f\x3e\x22" + b"\0" * 90,
    }


@pytest.mark.parametrize("name", whole_files())
def test_no_broken_file_in_the_inbox_stops_the_reading(name, tmp_path, monkeypatch):
    """Every format down the whole way but LibreOffice; a fault of our own is a warning, refused."""
    monkeypatch.setattr("kjfp_helpers.intake.message_import.find_libreoffice", lambda: None)
    rng = random.Random(5)
    whole = whole_files()[name]
    for number in range(times(8, 100)):
        store = MaterialStore(tmp_path / f"{number}")
        delivery = MessageImport(
            the_round(), SenderMatcher(()), store, MessageRef(1, f"inbox/{name}", "0")
        )
        delivery.import_file(name, mutated(whole, rng))
        mail, _ = delivery.finish()
        assert mail.files


@pytest.mark.libreoffice
def test_no_broken_old_file_raises(converted, tmp_path):
    """Tables are sought in mutated .doc files; LibreOffice gets them all in one batch."""
    whole, rng = (converted / "person.doc").read_bytes(), random.Random(4)
    notice = the_round().notice
    sources = {}
    for number in range(times(3, 60)):
        broken = mutated(whole, rng)
        read_doc_forms(broken, notice)
        sources[str(number)] = tmp_path / f"{number}.doc"
        sources[str(number)].write_bytes(broken)
    (tmp_path / "work").mkdir()
    for made in convert_to_docx(sources, tmp_path / "work").values():
        kind, package = detect_format(made.read_bytes(), "a.docx")
        read_file_content(kind, package, made.read_bytes(), "a.docx", archived=False, notice=notice)
