"""A .doc that LibreOffice converted, and what the second reader says of it."""

import pytest
from docx import Document

from kjfp_helpers.core.form_schema import STOCKTAKE_ROWS
from kjfp_helpers.intake import message_import
from kjfp_helpers.intake.contents.content_model import FileContent
from kjfp_helpers.intake.files.material_store import MaterialStore
from kjfp_helpers.intake.mail.sender_matching import SenderMatcher
from kjfp_helpers.intake.message_reading import MessageRef
from support.forms.sample_files import the_round
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
