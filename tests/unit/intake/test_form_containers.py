"""One form in every container: what is read is the same, whatever it came in."""

import io
import shutil

import openpyxl
import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from kjfp_helpers.core.errors import InboxError
from kjfp_helpers.core.form_schema import INDIVIDUAL_FORM, STOCKTAKE_ROWS, TEAM_FORM
from kjfp_helpers.intake import list_inbox, read_inbox, read_original
from kjfp_helpers.intake.files import libreoffice
from kjfp_helpers.intake.mail.cloud_links import find_cloud_links
from support.forms.sample_files import (
    PERSON,
    TEAM,
    archive,
    book,
    form,
    letter,
    picture,
    saved,
    the_round,
)
from support.hostile.hostile_files import rar, seven

pytestmark = pytest.mark.slow

PHOTO_AND_SEAL = ("photo_missing", "seal_missing", "layout_changed")


@pytest.fixture
def read(tmp_path):
    """Read an inbox made of files."""

    def go(files):
        folder = tmp_path / "round"
        shutil.rmtree(folder, ignore_errors=True)
        rules = the_round().folder
        shutil.copytree(rules, folder, ignore=shutil.ignore_patterns("inbox"))
        (folder / "inbox").mkdir()
        for name, data in files.items():
            (folder / "inbox" / name).write_bytes(data)
        from kjfp_helpers.rules import load_round

        return read_inbox(load_round(folder), {}, tmp_path / "out" / "materials")

    return go


def the_record(got):
    (record,) = got.records
    return record


def codes(got):
    found = [*(one for mail in got.mails for one in mail.findings)]
    found += [one for record in got.records for one in record.findings]
    return {one.code for one in found}


@pytest.mark.libreoffice
def test_another_format_is_read_like_word(read, converted):
    """All in one inbox, as LibreOffice is started once for the old files of all messages."""
    endings = ("docx", "doc", "rtf", "odt", "pdf")
    names = [f"{name}.{ending}" for name in ("team", "person") for ending in endings]
    got = read(
        {
            f"{name}.eml": letter({name: (converted / name).read_bytes()}, number=number)
            for number, name in enumerate(names)
        }
    )
    bodies = {record.source.rpartition("/")[2]: vars(record.body) for record in got.records}
    assert len(got.records) == len(bodies) == len(names)
    differing = {
        (name, field): (value, plain[field])
        for name in names
        for plain in [bodies[f"{name.partition('.')[0]}.docx"]]
        for field, value in bodies[name].items()
        if value != plain[field]
    }
    assert not differing
    assert codes(got) - {"unknown_sender"} <= {*PHOTO_AND_SEAL}


@pytest.mark.libreoffice
def test_renamed_old_files_are_read_by_their_content(read, converted):
    doc, rtf = ((converted / name).read_bytes() for name in ("team.doc", "person.rtf"))
    got = read({"a.eml": letter({"附件1.wps": doc, "附件2.doc": rtf, "附件3.docx": doc})})
    assert [record.kind for record in got.records] == ["team", "individual", "team"]
    mismatched = [one.source for one in got.mails[0].findings if one.code == "ext_mismatch"]
    assert [source.rpartition("/")[2] for source in mismatched] == ["附件2.doc", "附件3.docx"]


@pytest.mark.libreoffice
def test_a_broken_old_file_does_not_stop_the_batch(read, converted):
    doc = (converted / "team.doc").read_bytes()
    rtf = rb"{\rtf1 " + rb"{\*\bin9999999999 " * 50
    got = read({"a.eml": letter({"a.doc": doc[:9000], "b.rtf": rtf, "c.doc": doc})})
    assert [record.source for record in got.records] == ["inbox/a.eml/c.doc"]


def test_without_libreoffice_an_old_file_is_for_a_person(read, monkeypatch):
    monkeypatch.setattr(libreoffice, "find_libreoffice", lambda: None)
    monkeypatch.setattr("kjfp_helpers.intake.message_import.find_libreoffice", lambda: None)
    got = read({"a.eml": letter({"附件1.rtf": rb"{\rtf1 hello}"})})
    assert "needs_manual" in codes(got)


@pytest.mark.libreoffice
def test_libreoffice_fetches_nothing(read, soffice):
    import http.server
    import threading

    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    at = f"http://127.0.0.1:{server.server_port}/x.png"
    rtf = rb'{\rtf1 {\field{\*\fldinst INCLUDEPICTURE "%s"}} {\*\template %s} a}'
    rtf = rtf.replace(b"%s", at.encode())
    got = read({"a.eml": letter({"a.rtf": rtf})})
    server.shutdown()
    assert asked == []
    assert "external_ref" in codes(got)


def sheet_form(values, schema):
    """A form laid out in cells: labels left of their boxes."""
    rows = [[schema.title]]
    for fields in schema.rows:
        row = [fields[0].group or None] if fields[0].group else []
        for field in fields:
            row += [field.label, values.get(field.name, "")]
        rows.append(row)
    return book(rows)


@pytest.mark.parametrize(("values", "schema"), [(TEAM, TEAM_FORM), (PERSON, INDIVIDUAL_FORM)])
def test_a_form_in_a_workbook_is_read_like_word(read, values, schema):
    plain = the_record(read({"a.eml": letter({"a.docx": form(values)})}))
    got = the_record(read({"a.eml": letter({"a.xlsx": sheet_form(values, schema)})}))
    assert got.body == plain.body
    assert got.provenance["address"].startswith("盘点!")


@pytest.mark.parametrize(("name", "is_asked"), [("模板", True), ("填写示例", False)])
def test_a_filled_sheet_that_may_be_no_example_is_asked_about(read, name, is_asked):
    workbook = openpyxl.load_workbook(io.BytesIO(sheet_form(PERSON, INDIVIDUAL_FORM)))
    workbook.copy_worksheet(workbook.active).title = name
    got = read({"a.eml": letter({"a.xlsx": saved(workbook)})})
    assert the_record(got).kind == "individual"
    assert ("unsorted" in codes(got)) == is_asked


STOCKTAKE = [["填报单位：贵州省科协"], ["指标", "任务目标数", "实际完成数"]] + [
    [label, number, number + 1] for number, (_, label) in enumerate(STOCKTAKE_ROWS, start=10)
]


@pytest.mark.libreoffice
@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_an_old_workbook_is_read(read, office_convert, tmp_path, ending):
    (tmp_path / "a.xlsx").write_bytes(book(STOCKTAKE))
    office_convert(ending, tmp_path, tmp_path / "a.xlsx")
    data = (tmp_path / f"a.{ending}").read_bytes()
    names = {"xls": ("盘点表.xls", "盘点表.et"), "ods": ("盘点表.ods",)}[ending]
    for name in names:
        got = read({"a.eml": letter({name: data})})
        assert the_record(got).body.assoc_target == 10
        assert the_record(got).provenance["assoc_done"] == "盘点!C3"
        assert codes(got) == set()


def test_a_stocktake_typed_into_word_is_read(read):
    from docx import Document

    document = Document()
    table = document.add_table(0, 3)
    for row in STOCKTAKE:
        for cell, value in zip(table.add_row().cells, row, strict=False):
            cell.text = str(value)
    got = read({"a.eml": letter({"盘点.docx": saved(document)})})
    assert the_record(got).body.people_done == 13


def test_a_number_nobody_saved_and_a_sheet_out_of_sight_are_named(read):
    import io

    from openpyxl import load_workbook

    book_ = load_workbook(io.BytesIO(book(STOCKTAKE)))
    sheet = book_.active
    sheet["C3"] = "=SUM(B3,1)"
    book_.create_sheet("底稿")["A1"] = "草稿"
    book_["底稿"].sheet_state = "hidden"
    got = read({"a.eml": letter({"盘点.xlsx": saved(book_)})})
    assert the_record(got).body.assoc_done is None
    assert codes(got) == {"formula_no_cache", "hidden_sheet"}


@pytest.mark.parametrize("pack", [seven, archive], ids=["7z", "zip"])
def test_packed_forms_are_read(read, pack):
    data = pack({"附件1.docx": form(TEAM), "附件2.docx": form(PERSON)})
    got = read({"a.eml": letter({"材料.rar": data})})
    assert [record.kind for record in got.records] == ["team", "individual"]
    assert codes(got) == {"ext_mismatch"}


def test_a_stored_rar_is_read(read):
    got = read({"a.eml": letter({"材料.rar": rar("附件1.docx".encode(), form(TEAM))})})
    assert [record.kind for record in got.records] == ["team"]


def mbox(*messages):
    return b"".join(
        b"From a@example.com Mon Aug 10 09:00:00 2020\n" + one + b"\n" for one in messages
    )


def test_each_message_of_a_collection_is_a_message(read, tmp_path):
    first = letter({"附件1.docx": form(TEAM)})
    second = letter({"附件2.docx": form(PERSON)}, number=2, sent="Tue, 11 Aug 2020 09:00:00 +0800")
    got = read({"收件箱.mbox": mbox(first, second, first)})
    assert [mail.receipt for mail in got.mails] == [1, 1, 2]
    assert [record.kind for record in got.records] == ["team", "individual"]
    assert "duplicate_mail" in {one.code for one in got.mails[1].findings}
    for mail in got.mails:
        import hashlib

        data = read_original(list_inbox(tmp_path / "round" / "inbox"), mail.path)
        assert hashlib.sha256(data).hexdigest() == mail.sha256


def test_a_form_pasted_into_a_letter_is_read(read):
    rows = "".join(
        "<tr>"
        + "".join(f"<td>{field.label}</td><td>{TEAM.get(field.name, '')}</td>" for field in fields)
        + "</tr>"
        for fields in TEAM_FORM.rows
    ).replace("\n", "<br>")
    import email
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.com", "贵州报送"
    message.set_content("见下表")
    message.add_alternative(f"<html><body><p>您好</p><table>{rows}</table></body></html>", "html")
    assert email.message_from_bytes(message.as_bytes()).is_multipart()
    got = read({"a.eml": message.as_bytes()})
    assert the_record(got).body.team_name == "测试果树服务团"
    assert the_record(got).body.people_lifted == 1200
    assert the_record(got).source == "inbox/a.eml/正文"
    assert "no_material" not in codes(got)


def test_a_form_typed_as_lines_is_read_and_a_signature_is_none(read):
    lines = "\n".join(
        f"{field.label}：{TEAM.get(field.name, '')}"
        for fields in TEAM_FORM.rows
        for field in fields
    )
    assert the_record(read({"a.eml": letter({}, body=lines)})).body.service_days == 365
    signature = "姓名：甲\n电话：010-99990001\nEmail：a@example.com\n邮编：550001\n地址：一路1号\n单位：某院"
    got = read({"a.eml": letter({}, body=signature)})
    assert got.records == ()
    assert "no_material" in codes(got)


def test_two_attachments_of_one_name_are_both_kept(read):
    message = letter({"a.docx": form(TEAM), "b.docx": form(PERSON)}).replace(b"b.docx", b"a.docx")
    got = read({"a.eml": message})
    assert [file.path for file in got.mails[0].files] == ["a.docx", "a（2）.docx"]
    assert len({file.stored for file in got.mails[0].files}) == 2


def test_a_link_says_until_when(read):
    from datetime import UTC, datetime

    sent = datetime(2020, 8, 10, tzinfo=UTC)
    (link,) = find_cloud_links(["见 https://pan.baidu.com/s/1x 有效期30天"], sent)
    assert link.deadline_text.startswith("2020年9月9日前")
    (link,) = find_cloud_links(
        ["https://wx.mail.qq.com/ftn/download?k=1 过期时间：2020年8月20日"], sent
    )
    assert link.deadline_text.startswith("2020年8月20日前")
    assert find_cloud_links(["见 https://www.example.com/a"], sent) == []


def test_an_empty_inbox_is_said(read):
    with pytest.raises(InboxError):
        read({})


def test_a_photo_of_a_camera_is_not_padded():
    from kjfp_helpers.intake.files.images import read_image

    assert read_image(picture((800, 600), "JPEG")).findings == ()


def symbol(paragraph, font, code):
    sign = OxmlElement("w:sym")
    sign.set(qn("w:font"), font)
    sign.set(qn("w:char"), code)
    paragraph.add_run()._r.append(sign)


@pytest.mark.libreoffice
def test_tables_that_libreoffice_loses_keep_signs_and_what_is_hidden(
    read, office_convert, tmp_path
):
    """LibreOffice drops the table that ends a .doc; here it follows one that is kept."""
    document = Document()
    first = document.add_table(0, 2)
    for label, value in (
        ("团队名称", "甲团"),
        ("负责人姓名", "测试甲"),
        ("通讯地址", "某地"),
        ("邮政编码", "550001"),
        ("专家总人数", "3"),
    ):
        cells = first.add_row().cells
        cells[0].text, cells[1].text = label, value
    hidden = first.cell(2, 1).paragraphs[0].add_run("旧址")
    hidden.font.hidden = True
    document.add_paragraph()
    rows = ("服务类别", "带动脱贫贫困人口数", "主要事迹", "推荐意见")
    second = document.add_table(len(rows), 2)
    for at, (label, value) in enumerate(zip(rows, ("", "12", "做了事", "同意推荐。"), strict=True)):
        second.cell(at, 0).text, second.cell(at, 1).text = label, value
    ticks = second.cell(0, 1).paragraphs[0]
    for font, code, word in (("Wingdings 2", "F052", "种植 "), ("Wingdings", "F0A8", "养殖")):
        symbol(ticks, font, code)
        ticks.add_run(word)
    document.save(tmp_path / "a.docx")
    office_convert("doc", tmp_path, tmp_path / "a.docx")
    got = read({"a.eml": letter({"附件1.doc": (tmp_path / "a.doc").read_bytes()})})
    team = the_record(got).body
    assert (team.address, team.service_types, team.people_lifted) == ("某地", ("种植",), 12)
    assert (team.story, team.recommendation) == ("做了事", "同意推荐。")
    assert "hidden_text" in codes(got)
