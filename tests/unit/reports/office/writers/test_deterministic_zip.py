"""Zip containers come out the same whenever they hold the same things."""

import time
import zipfile
from io import BytesIO

import pytest
from docx import Document
from openpyxl import Workbook

from kjfp_helpers.reports.office.writers.deterministic_zip import normalize_zip, write_zip


def book():
    book, buffer = Workbook(), BytesIO()
    book.active["A1"] = "盘点"
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.slow
def test_a_workbook_written_twice_packs_to_the_same_bytes(tmp_path):
    first = book()
    time.sleep(1.1)  # openpyxl writes the second into the core properties
    second = book()
    assert first != second and normalize_zip(first) == normalize_zip(second)
    (tmp_path / "a.xlsx").write_bytes(second)
    assert normalize_zip(tmp_path / "a.xlsx") == normalize_zip(normalize_zip(first))


def test_a_packed_document_still_opens():
    document, buffer = Document(), BytesIO()
    document.add_paragraph("工作总结")
    document.save(buffer)
    packed = normalize_zip(buffer.getvalue())
    assert Document(BytesIO(packed)).paragraphs[0].text == "工作总结"
    assert zipfile.ZipFile(BytesIO(packed)).namelist()[:2] == ["[Content_Types].xml", "_rels/.rels"]


def test_chinese_names_and_order_are_kept_and_pictures_are_not_deflated():
    data = write_zip([("乙/二.txt", "注释".encode()), ("甲.jpg", b"\xff\xd8\xff" * 99)])
    archive = zipfile.ZipFile(BytesIO(data))
    assert archive.namelist() == ["乙/二.txt", "甲.jpg"]
    assert archive.getinfo("甲.jpg").compress_type == zipfile.ZIP_STORED
