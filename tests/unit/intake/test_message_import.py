"""Import of one message: a .doc read twice, and captions attached beside their pictures."""

import pytest
from docx import Document

from kjfp_helpers.core.form_schema import STOCKTAKE_ROWS
from kjfp_helpers.intake import message_import
from kjfp_helpers.intake.contents.content_model import FileContent
from kjfp_helpers.intake.files.material_store import MaterialStore
from kjfp_helpers.intake.mail.sender_matching import SenderMatcher
from kjfp_helpers.intake.message_reading import MessageRef
from support.forms.sample_files import letter, picture, read_inbox_of, the_round
from support.hostile.ole_files import ole


def refuse(*_args):
    raise ValueError("broken")


@pytest.mark.parametrize("second", [refuse, lambda *_: FileContent("team")])
def test_a_stocktake_is_not_lost_to_the_second_reader(tmp_path, monkeypatch, second):
    rows = [
        ("指标", "任务目标数", "实际完成数"),
        *((label, "10", "12") for _, label in STOCKTAKE_ROWS),
    ]
    document = Document()
    table = document.add_table(0, 3)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(tmp_path / "a.docx")
    monkeypatch.setattr(message_import, "find_libreoffice", lambda: "soffice")
    monkeypatch.setattr(message_import, "read_doc_forms", second)
    rules = the_round()
    store, ref = MaterialStore(tmp_path / "store"), MessageRef(1, "盘点.doc", "0" * 64)
    one = message_import.MessageImport(rules, SenderMatcher(rules.units), store, ref)
    one.import_file("盘点.doc", ole({"WordDocument": bytes(4096)}))
    (name,) = one.pending_conversions
    one.apply_conversions({name: tmp_path / "a.docx"})
    assert [record.kind for record in one.records] == ["stocktake"]


PHOTO = picture((900, 700), "JPEG")


@pytest.mark.parametrize(
    ("picture_name", "text_name", "text"),
    [
        ("01.jpg", "01.txt", "测试注释".encode("utf-8-sig")),
        ("01.jpg", "1.txt", "测试注释".encode("utf-16")),
        ("照片1.JPG", "照片1.TXT", "测试注释".encode("gbk")),
        ("01.jpg", "图片说明.txt", "01.jpg：测试注释".encode()),
    ],
)
def test_a_caption_attached_beside_its_picture_is_its_caption(
    tmp_path, picture_name, text_name, text
):
    files = {picture_name: PHOTO, text_name: text}
    got = read_inbox_of(tmp_path, {"a.eml": letter(files, subject="贵州报送展览素材")})
    (show,) = got.records
    assert list(show.body.captions.values()) == ["测试注释"]
    assert (got.loose, got.mails[0].findings) == ((), ())
    assert [file.kind for file in got.mails[0].files] == ["picture", "caption"]


def test_a_text_of_another_name_stays_a_question_and_a_number_in_a_caption_is_told(tmp_path):
    files = {
        "01.jpg": PHOTO,
        "说明.txt": "请查收。".encode(),
        "01.txt": "联系人19900001234".encode(),
    }
    got = read_inbox_of(tmp_path, {"a.eml": letter(files, subject="贵州报送展览素材")})
    assert [record.kind for record in got.loose] == ["unsorted"]
    assert [finding.code for finding in got.mails[0].findings] == ["unsorted"]
    assert "private_data" in {finding.code for finding in got.records[0].findings}
