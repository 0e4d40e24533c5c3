"""The hostile family, made when it is needed: each file with the code it must be answered by."""

import io
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

from kjfp_helpers.intake.files.material_store import MaterialStore
from kjfp_helpers.intake.mail.sender_matching import SenderMatcher
from kjfp_helpers.intake.message_import import MessageImport, MessageRef
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
from support.hostile.ole_files import ole, workbook

LAUGH = (
    b'<!DOCTYPE z [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">'.encode() for n in range(8)
    )
    + b"]>"
)
UNPACKED = "corrupt" if shutil.which("unar") or shutil.which("unrar") else "needs_manual"
"""What a rar member that needs an unpacking program, and is broken, is answered by."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def changed(data: bytes, parts: dict[str, bytes | tuple[bytes, bytes] | None]) -> bytes:
    """A package with parts replaced, added (bytes), edited (old, new) or left out (None)."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        entries = {name: source.read(name) for name in source.namelist()}
    for name, part in parts.items():
        if part is None:
            del entries[name]
        elif isinstance(part, tuple):
            assert part[0] in entries[name], name
            entries[name] = entries[name].replace(part[0], part[1], 1)
        else:
            entries[name] = part
    return archive(entries)


def body(extra: bytes) -> bytes:
    """A form with something at the end of its body."""
    return changed(form(PERSON), {"word/document.xml": (b"<w:sectPr", extra + b"<w:sectPr")})


def related(kind: str, target: str) -> bytes:
    mark = f'<Relationship Id="rX" Type="http://x/{kind}" Target="{target}" TargetMode="External"/>'
    part = "word/_rels/document.xml.rels"
    return changed(form(PERSON), {part: (b"</Relationships>", mark.encode() + b"</Relationships>")})


def field(code: str) -> bytes:
    return body(f"<w:p><w:r><w:instrText>{code}</w:instrText></w:r></w:p>".encode())


def png(side: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def link() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        info = zipfile.ZipInfo("链接")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def overlapping() -> bytes:
    """Two entries of the table of contents that name the same bytes."""
    data = archive({"a.txt": b"1" * 500, "b.txt": b"2" * 500})
    at = data.rindex(b"PK\1\2") + 42
    return data[:at] + (0).to_bytes(4, "little") + data[at + 4 :]


def lying() -> bytes:
    """A member that says it is small and is not."""
    data = bytearray(archive({"a.txt": b"\0" * 5_000_000}))
    at = data.rindex(b"PK\1\2") + 24
    data[at : at + 4] = (1000).to_bytes(4, "little")
    return bytes(data)


def nested(depth: int, data: bytes = b"1") -> bytes:
    for number in range(depth):
        data = archive({f"{number}.zip" if number else "a.txt": data})
    return data


def locked_zip() -> bytes:
    data = bytearray(archive({"a.txt": b"1"}))
    data[6] |= 1
    data[data.rindex(b"PK\1\2") + 8] |= 1
    return bytes(data)


def twice() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("a.txt", b"1")
        target.writestr("A.txt", b"2")
    return buffer.getvalue()


def located() -> bytes:
    from PIL import Image

    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (39.0, 54.0, 20.0), 3: "E", 4: (116.0, 23.0, 29.0)}
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30)).save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def commented() -> bytes:
    """A small JPEG with two megabytes of comments."""
    data = picture((40, 30), "JPEG")
    comment = b"\xff\xfe" + (65_000).to_bytes(2, "big") + b"\0" * 64_998
    return data[:2] + comment * 32 + data[2:]


def seven(entries: dict[str, bytes], password: str | None = None) -> bytes:
    import py7zr

    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", password=password) as target:
        for name, data in entries.items():
            target.writef(io.BytesIO(data), name)
    return buffer.getvalue()


def rar(name: bytes, data: bytes, method: int = 0x30) -> bytes:
    """A rar 4 file with one stored member; another method needs an unpacking program."""

    def block(kind: int, flags: int, fields: bytes, extra: bytes = b"") -> bytes:
        head = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head + extra

    size = struct.pack("<II", len(data), len(data))
    crc = struct.pack("<I", zlib.crc32(data))
    fields = size + b"\2" + crc + struct.pack("<IBBHI", 0x50C04000, 20, method, len(name), 0x20)
    return (
        b"Rar!\x1a\x07\0"
        + block(0x73, 0, b"\0" * 6)
        + block(0x74, 0x8000, fields + name, data)
        + block(0x7B, 0x4000, b"")
    )


def pdf(extra: bytes = b"", words: bytes = b"hello") -> bytes:
    """A PDF of one page, with another dictionary entry in its catalogue."""
    stream = b"BT /F1 12 Tf 72 720 Td (" + words + b") Tj ET" if words else b""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + extra + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Length " + str(len(stream)).encode() + b">>\nstream\n" + stream + b"\nendstream",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in places)
    return out + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start


def pdf_bomb() -> bytes:
    """A page whose drawing unfolds to 600 MB."""
    packed = zlib.compress(zlib.compress(b"0 0 m " * 10**8, 9), 9)
    stream = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>\nstream\n" % len(packed)
    start = pdf(words=b"").index(b"<</Length 0>>")
    end = pdf(words=b"").index(b"endobj\nxref")
    whole = pdf(words=b"")
    return whole[:start] + stream + packed + b"\nendstream\n" + whole[end:]


def named(name: bytes) -> bytes:
    """A zip whose only member has these bytes for a name, in both of its places."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("~" * len(name) or "~", b"1")
    data = buffer.getvalue()
    if name:
        return data.replace(b"~" * len(name), name)
    at, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    entry = data[at : at + 28] + b"\0\0" + data[at + 30 : at + 46]
    tail = bytearray(data[end:])
    struct.pack_into("<I", tail, 12, len(entry))
    return data[:at] + entry + bytes(tail)


def locked_pdf() -> bytes:
    """A PDF that asks for a password which nobody has."""
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>/ID[<00><00>]" % (
        b"00" * 32,
        b"11" * 32,
    )
    return pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R" + lock)


def folded_script() -> bytes:
    """A PDF whose script lies in an object stream."""
    packed = zlib.compress(b"9 0 <</S/JavaScript/JS(app.alert\\(1\\))>>")
    head = b"9 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(
        packed
    )
    return pdf().replace(b"xref\n0", head + packed + b"\nendstream\nendobj\nxref\n0", 1)


def files() -> dict[str, tuple[Callable[[], dict[str, bytes]], str]]:
    """Name of the case to what makes its attachments, and the code that must be among the findings.

    Some weigh a hundred megabytes: each is made when its test runs and not when tests are collected.
    """
    jpeg = picture((400, 300), "JPEG")
    return {
        "zero bytes": (lambda: {"a.docx": b""}, "empty"),
        "empty archive": (lambda: {"a.zip": archive({})}, "empty"),
        "blank text": (lambda: {"a.txt": b" \n\n"}, "empty"),
        "half a form": (lambda: {"a.docx": form(TEAM)[:3000]}, "truncated"),
        "half an archive": (lambda: {"a.zip": archive({"a.txt": b"1" * 900})[:60]}, "truncated"),
        "half a photo": (lambda: {"a.jpg": jpeg[:-80]}, "truncated"),
        "broken xml": (lambda: {"a.docx": archive({"word/document.xml": b"<x"})}, "unreadable"),
        "noise": (lambda: {"a.docx": bytes(range(128, 256)) * 9}, "corrupt"),
        "noise in an archive": (lambda: {"a.7z": b"7z\xbc\xaf\x27\x1c" + b"\7" * 90}, "corrupt"),
        "locked archive": (lambda: {"a.zip": locked_zip()}, "encrypted"),
        "locked 7z": (lambda: {"a.7z": seven({"a.txt": b"1"}, "x")}, "encrypted"),
        "locked form": (
            lambda: {"a.docx": OLE + "EncryptedPackage".encode("utf-16-le")},
            "encrypted",
        ),
        "winmail": (lambda: {"winmail.dat": b"\x78\x9f\x3e\x22" + b"\0" * 50}, "unsupported"),
        "drawing": (lambda: {"a.dwg": b"AC1015" + b"\1" * 50}, "unsupported"),
        "packed rar": (lambda: {"a.rar": rar(b"a.txt", b"12345", 0x33)}, UNPACKED),
        "flat bomb": (lambda: {"a.zip": archive({"a.txt": b"\0" * 50_000_000})}, "bomb"),
        "overlapping bomb": (lambda: {"a.zip": overlapping()}, "bomb"),
        "lying bomb": (lambda: {"a.zip": lying()}, "bomb"),
        "nested bomb": (lambda: {"a.zip": nested(2, b"\0" * 50_000_000)}, "bomb"),
        "7z bomb": (lambda: {"a.7z": seven({"a.txt": b"\0" * 120_000_000})}, "bomb"),
        "bomb in a form": (
            lambda: {"a.docx": changed(form(TEAM), {"word/document.xml": (b"<w:p/>" * 4_000_000)})},
            "bomb",
        ),
        "bomb in a workbook": (
            lambda: {
                "a.xlsx": archive(
                    {"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"<w:p/>" * 4_000_000}
                )
            },
            "bomb",
        ),
        "bomb in a pdf": (lambda: {"a.pdf": pdf_bomb()}, "bomb"),
        "nesting": (lambda: {"a.zip": nested(6)}, "nesting"),
        "10,000 entries": (
            lambda: {"a.zip": archive({f"{number}.txt": b"1" for number in range(10_000)})},
            "too_many_files",
        ),
        "3,000 attachments": (lambda: {f"{n}.txt": b"1" for n in range(3000)}, "too_many_files"),
        "link": (lambda: {"a.zip": link()}, "symlink"),
        "way out": (lambda: {"a.zip": archive({"../../x.txt": b"1"})}, "path_escape"),
        "way out on the letter": (lambda: {"../../x.txt": b"1"}, "path_escape"),
        "device": (lambda: {"a.zip": archive({"con.txt": b"1"})}, "odd_names"),
        "long name": (lambda: {"a.zip": archive({"甲" * 100 + ".txt": b"1"})}, "odd_names"),
        "turned name": (lambda: {"照片\u202egpj.txt": b"1"}, "odd_characters"),
        "control in a name": (lambda: {"a.zip": archive({"a\x07b.txt": b"1"})}, "odd_characters"),
        "same name": (lambda: {"a.zip": twice()}, "duplicate_entry"),
        "mojibake": (lambda: {"a.txt": "中文".encode("gb18030") + b"\xff\xfe\0\xd8"}, "charset"),
        "photo and archive": (lambda: {"a.jpg": jpeg + archive({"a.txt": b"1"})}, "polyglot"),
        "pdf and archive": (lambda: {"a.pdf": pdf() + archive({"a.txt": b"1"})}, "polyglot"),
        "macro form": (
            lambda: {"a.docx": changed(form(TEAM), {"word/vbaProject.bin": b"x"})},
            "macro",
        ),
        "macro workbook": (
            lambda: {"a.xlsx": changed(book([["a"]]), {"xl/vbaProject.bin": b"x"})},
            "macro",
        ),
        "program": (lambda: {"装载.exe": b"MZ" + b"\0" * 60}, "active_content"),
        "renamed program": (lambda: {"照片.jpg": b"MZ" + b"\0" * 60}, "active_content"),
        "shortcut": (lambda: {"a.zip": archive({"推荐表.docx.lnk": b"x"})}, "active_content"),
        "script in pdf": (
            lambda: {"a.pdf": pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>")},
            "active_content",
        ),
        "script in a page": (
            lambda: {"a.html": b"<html><script>fetch('//x')</script></html>"},
            "active_content",
        ),
        "file in a form": (
            lambda: {"a.docx": changed(form(TEAM), {"word/embeddings/oleObject1.bin": OLE})},
            "embedded_object",
        ),
        "file in a pdf": (
            lambda: {"a.pdf": pdf(b"/Names<</EmbeddedFiles<<>>>>")},
            "embedded_object",
        ),
        "template far away": (
            lambda: {"a.docx": related("attachedTemplate", "http://127.0.0.1:9/x.dotm")},
            "external_ref",
        ),
        "picture far away": (
            lambda: {"a.docx": related("image", "http://127.0.0.1:9/x.png")},
            "external_ref",
        ),
        "dde in a form": (
            lambda: {"a.docx": field('DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc"')},
            "dde",
        ),
        "fetch in a form": (
            lambda: {"a.docx": field('INCLUDEPICTURE "http://127.0.0.1:9/x"')},
            "external_ref",
        ),
        "entities": (
            lambda: {
                "a.docx": changed(
                    form(TEAM), {"word/document.xml": (b"<w:document", LAUGH + b"<w:document")}
                )
            },
            "xml_entity",
        ),
        "entities in a workbook": (
            lambda: {"a.xlsx": changed(book([["a"]]), {"xl/workbook.xml": LAUGH + b"<workbook/>"})},
            "xml_entity",
        ),
        "formula in a name": (
            lambda: {"a.zip": archive({'=HYPERLINK("x").txt': b"1"})},
            "formula_like",
        ),
        "formula in a form": (
            lambda: {"a.docx": form(TEAM | {"team_name": '=HYPERLINK("http://x")'})},
            "formula_like",
        ),
        "markup in a name": (lambda: {"<img src=x onerror=alert(1)>.txt": b"1"}, "html_like"),
        "markup in a form": (
            lambda: {"a.docx": form(TEAM | {"address": "<script>alert(1)</script>"})},
            "html_like",
        ),
        "picture without end": (
            lambda: {"展览.zip": archive({"a.png": png(60_000)})},
            "image_bomb",
        ),
        "padded behind": (
            lambda: {"展览.zip": stored({"a.jpg": jpeg + b"\0" * 2_000_000})},
            "padded",
        ),
        "padded with comments": (lambda: {"展览.zip": stored({"a.jpg": commented()})}, "padded"),
        "place of the photo": (lambda: {"展览.zip": archive({"a.jpg": located()})}, "private_data"),
        "number in a caption": (
            lambda: {
                "展览.zip": archive({"a.jpg": jpeg, "a.txt": "证号11010519491231002X".encode()})
            },
            "private_data",
        ),
        "only in the text": (
            lambda: {"展览.zip": archive({"展览文本.docx": pictured()})},
            "images_only_in_docx",
        ),
        "film": (
            lambda: {"展览.zip": archive({"a.jpg": jpeg, "b.mp4": b"\0\0\0 ftyp" + b"\1" * 99})},
            "unexpected_type",
        ),
        "photo of a form": (lambda: {"附件2推荐表.jpg": jpeg}, "scanned"),
        "scan": (lambda: {"a.pdf": pdf(words=b"")}, "scanned"),
        "macro in an old form": (
            lambda: {
                "a.doc": ole({"WordDocument": b"\xec\xa5" + b"\0" * 40, "Macros/VBA/dir": b"\1"})
            },
            "macro",
        ),
        "dde in an old form": (
            lambda: {
                "a.doc": ole(
                    {
                        "WordDocument": b"\xec\xa5"
                        + b"\0" * 40
                        + "\x13 DDEAUTO c:".encode("utf-16-le")
                    }
                )
            },
            "dde",
        ),
        "locked old workbook": (lambda: {"a.xls": workbook(b"\x2f\0\4\0\1\0\1\0")}, "encrypted"),
        "sheets without end": (
            lambda: {
                "a.xlsx": archive(
                    {"xl/workbook.xml": b"<x/>"}
                    | {f"xl/worksheets/sheet{n}.xml": b"<x/>" for n in range(400)}
                )
            },
            "too_many_files",
        ),
        "name behind a nul": (lambda: {"a.zip": named(b"a.docx\0.exe")}, "odd_characters"),
        "no name": (lambda: {"a.zip": named(b"")}, "odd_names"),
        "formula with a slash": (
            lambda: {"a.zip": archive({'=HYPERLINK("http://x")': b"1"})},
            "formula_like",
        ),
        "formula in a table": (
            lambda: {"a.csv": "单位,数\n甲,\"=cmd|'/C calc'!A0\"".encode()},
            "formula_like",
        ),
        "sheet that fetches": (lambda: {"a.iqy": b"WEB\n1\nhttp://x"}, "active_content"),
        "locked pdf": (lambda: {"a.pdf": locked_pdf()}, "encrypted"),
        "script folded in a pdf": (lambda: {"a.pdf": folded_script()}, "active_content"),
        "dde spelt in numbers": (
            lambda: {
                "a.docx": field(
                    " QUOTE 68 68 69 65 85 84 79 </w:instrText></w:r><w:r><w:instrText> c:\\x"
                )
            },
            "dde",
        ),
        "page in a form": (
            lambda: {
                "a.docx": changed(
                    form(TEAM),
                    {
                        "word/_rels/document.xml.rels": (
                            b"</Relationships>",
                            b'<Relationship Id="rA" Type="http://x/aFChunk" Target="a.html"/></Relationships>',
                        )
                    },
                )
            },
            "embedded_object",
        ),
        "boundless picture in a form": (
            lambda: {"a.docx": changed(form(TEAM), {"word/media/a.png": png(60_000)})},
            "image_bomb",
        ),
        "drawing with entities": (
            lambda: {
                "a.svg": b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'
            },
            "xml_entity",
        ),
        "photo and rar": (lambda: {"a.jpg": jpeg + rar(b"a.txt", b"1")}, "polyglot"),
        "form without a body": (
            lambda: {"a.docx": archive({"[Content_Types].xml": b"<Types/>"})},
            "corrupt",
        ),
        "rtf without end": (
            lambda: {"a.rtf": b"{\\rtf1" + b"{" * 9000 + b"x" + b"}" * 9001},
            "nesting",
        ),
        "locked odt": (
            lambda: {
                "a.odt": archive(
                    {
                        "mimetype": b"application/vnd.oasis.opendocument.text",
                        "content.xml": b"x",
                        "META-INF/manifest.xml": b"<m:encryption-data/>",
                    }
                )
            },
            "encrypted",
        ),
        "noise in a rar": (lambda: {"a.rar": b"Rar!\x1a\7\0" + b"\7" * 90}, "corrupt"),
        "png named jpg": (lambda: {"展览.zip": archive({"a.jpg": picture()})}, "ext_mismatch"),
        "form named photo": (lambda: {"照片.jpg": form(TEAM)}, "ext_mismatch"),
    }


def stored(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name, data in entries.items():
            target.writestr(name, data)
    return buffer.getvalue()


def pictured() -> bytes:
    from docx import Document

    from support.forms.sample_files import saved

    document = Document()
    document.add_heading("网上展览文本", 0)
    document.add_paragraph("一、典型经验")
    document.add_picture(io.BytesIO(picture((400, 300), "JPEG")))
    return saved(document)


def letters() -> dict[str, tuple[Callable[[], bytes], str]]:
    """Whole messages that are odd themselves, made like ``files``."""
    plain = letter({"a.docx": text("总结", {"一、工作": "好"})})
    return {
        "subject of a megabyte": (
            lambda: plain.replace(b"Subject: ", b"Subject: " + b"A" * 1_000_000, 1),
            "odd_header",
        ),
        "two senders": (lambda: b"From: b@example.com\r\n" + plain, "odd_header"),
        "line in a subject": (
            lambda: plain.replace(b"Subject: ", b"Subject: =?utf-8?b?5p2QDQpCY2M6IHhAeS56?= ", 1),
            "odd_header",
        ),
        "wrong charset": (
            lambda: plain.replace(b"Subject: ", b"Subject: =?utf-8?b?" + b"1tDOxA==" + b"?= ", 1),
            "charset",
        ),
        "attachment elsewhere": (
            lambda: (
                b'Content-Type: message/external-body; access-type=URL; URL="http://x"\r\n\r\n'
                b"Content-Type: application/msword\r\n\r\n"
            ),
            "external_ref",
        ),
        "headers without end": (lambda: b"X-A: b\r\n" * 2000 + plain, "odd_header"),
        "link": (
            lambda: letter({}, body="请下载 https://pan.baidu.com/s/1abc 提取码 x1y2"),
            "cloud_link",
        ),
        "nothing": (lambda: letter({}), "no_material"),
        "messages without end": (
            lambda: b"Content-Type: message/rfc822\r\n\r\n" * 40 + plain,
            "nesting",
        ),
    }


def read(data, folder):
    """Findings on a message, and on the records in it."""
    store = MaterialStore(folder / "materials")
    delivery = MessageImport(
        the_round(), SenderMatcher(()), store, MessageRef(1, "inbox/a.eml", "0")
    )
    delivery.import_message(data)
    delivery.apply_conversions({})
    mail, records = delivery.finish()
    return [*mail.findings, *(one for record in records for one in record.findings)]
