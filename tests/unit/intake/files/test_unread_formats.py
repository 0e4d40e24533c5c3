"""A document in a format that nobody reads is told by its true name, once, whatever its ending."""

import pytest

from kjfp_helpers.intake.files.unread_formats import UNREAD_FORMATS
from support.forms.sample_files import PERSON, archive, form, letter, picture, read_inbox_of

PICTURE = picture((40, 30), "JPEG")
CONTAINERS = {
    "ofd": {"OFD.xml": b"<ofd/>", "Doc_0/Document.xml": b"<d/>", "Doc_0/Res/image_1.jpg": PICTURE},
    "presentation": {
        "[Content_Types].xml": b"<t/>",
        "ppt/presentation.xml": b"<p/>",
        "ppt/media/image1.jpeg": PICTURE,
    },
    "xlsb": {
        "[Content_Types].xml": b"<t/>",
        "xl/workbook.bin": b"x",
        "xl/worksheets/sheet1.bin": b"x",
    },
    "xps": {"[Content_Types].xml": b"<t/>", "FixedDocumentSequence.fdseq": b"<f/>"},
    "iwork": {"Index/Document.iwa": b"x", "Data/a.jpg": PICTURE, "preview.jpg": PICTURE},
    "ebook": {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": b"<c/>",
        "a.jpg": PICTURE,
    },
}
ENDINGS = {
    "推荐表.ofd": "ofd",
    "推荐表.pages": "iwork",
    "盘点表.numbers": "iwork",
    "汇报.key": "iwork",
    "汇报.pptx": "presentation",
    "汇报.dps": "presentation",
    "盘点表.xlsb": "xlsb",
    "推荐表.xps": "xps",
    "推荐表.ceb": "fixed_layout",
    "推荐表.gd": "fixed_layout",
    "结构.xmind": "mindmap",
    "图.vsdx": "drawing",
    "推荐表.uof": "uof",
}


def found(intake):
    (mail,) = intake.mails
    kinds = [record.kind for record in intake.records]
    findings = [*mail.findings, *(f for record in intake.records for f in record.findings)]
    return kinds, [(one.code, one.found) for one in findings if one.code != "unknown_sender"]


NAMES = ("推荐表.{}", "推荐表.zip", "推荐表.docx", "推荐表")
"""Under its own ending, another's, or none: what a container is named does not matter."""


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, NAMES[0]) for kind in CONTAINERS] + list(zip(CONTAINERS, NAMES[1:], strict=False)),
)
def test_a_container_is_told_by_its_parts_and_never_opened_as_an_archive(tmp_path, kind, name):
    data = archive(CONTAINERS[kind])
    kinds, findings = found(read_inbox_of(tmp_path, {name.format(kind): data}))
    assert kinds == [] and [code for code, _ in findings] == ["unsupported"]
    assert UNREAD_FORMATS[kind] in findings[0][1] and "另存为" in findings[0][1]


UNKNOWN = (b"\0\1\2\3" * 400, archive({"a/b.bin": b"x" * 99}))


@pytest.mark.parametrize(("name", "data"), list(zip(ENDINGS, UNKNOWN * len(ENDINGS), strict=False)))
def test_an_ending_tells_what_the_bytes_do_not(tmp_path, name, data):
    kinds, findings = found(read_inbox_of(tmp_path, {name: data}))
    assert kinds == [] and [code for code, _ in findings] == ["unsupported"]
    assert UNREAD_FORMATS[ENDINGS[name]] in findings[0][1]


def test_a_form_in_such_a_format_counts_as_received_and_unread(tmp_path):
    from kjfp_helpers.eligibility.unreadable_nominations import find_unreadable_forms

    mail = letter({"推荐表.ofd": archive(CONTAINERS["ofd"])})
    intake = read_inbox_of(tmp_path, {"a.eml": mail})
    kinds, findings = found(intake)
    assert kinds == [] and [code for code, _ in findings] == ["unsupported"]
    assert [one.name for one in find_unreadable_forms(intake, ())] == ["推荐表.ofd"]


def test_beside_such_a_file_the_others_are_read(tmp_path):
    mail = letter({"推荐表.ofd": archive(CONTAINERS["ofd"]), "推荐表.docx": form(PERSON)})
    kinds, findings = found(read_inbox_of(tmp_path, {"a.eml": mail}))
    assert kinds == ["individual"] and [code for code, _ in findings] == ["unsupported"]
