"""Letters and the public notice: to whom, about what, masked, the same bytes each time."""

import pytest
from docx import Document
from reports_example import PHONE, make_review

from kjfp_helpers import reports
from kjfp_helpers.findings import Severity


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    return make_review(tmp_path_factory.mktemp("letters") / "round")


@pytest.fixture(scope="module")
def folder(review, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    reports.letters(review, folder)
    return folder


def _text(path):
    document = Document(path)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    header = [line.text for line in document.sections[0].header.paragraphs]
    return "\n".join([*header, *(line.text for line in document.paragraphs), *cells])


def test_a_letter_goes_to_each_unit_that_must_mend_or_explain_and_to_no_other(review, folder):
    asked = {
        found.unit
        for found in review.findings
        if found.unit and found.severity in (Severity.ERROR, Severity.QUESTION)
    }
    assert {path.stem for path in folder.iterdir()} == asked


def test_a_letter_names_the_unit_the_receipt_every_fault_the_office_and_the_day(review, folder):
    text = _text(folder / "15.docx")
    faults = [f for f in review.findings if f.unit == "15" and f.severity is not Severity.WARNING]
    assert faults and all(found.expected in text and found.about.advice in text for found in faults)
    assert "内蒙古自治区科技助力精准扶贫领导小组办公室：" in text
    assert "第0005号" in text and "盘点表.xlsx" in text
    assert "2020年8月15日前（含当日）" in text
    assert text.count("全国科技助力精准扶贫工程领导小组办公室") >= 1 and "2020年8月20日" in text
    assert "【演练】" in text


def test_a_unit_that_sent_nothing_is_told_so(folder):
    assert "至今未收到你单位报送的材料。" in _text(folder / "31.docx") or any(
        "至今未收到" in _text(path) for path in folder.iterdir()
    )


def test_letters_hold_no_identity_and_no_phone_number(review, folder):
    numbers = {PHONE} | {
        case.nominee.id_number for case in review.cases if case.kind == "individual"
    }
    text = "\n".join(_text(path) for path in folder.iterdir())
    assert not [number for number in numbers if number in text]


def test_a_letter_no_longer_due_is_taken_away(review, tmp_path):
    (tmp_path / "gone.docx").write_bytes(b"")
    reports.letters(review, tmp_path)
    assert not (tmp_path / "gone.docx").exists()


def test_letters_and_notice_are_the_same_bytes_each_time(review, folder, tmp_path):
    reports.letters(review, tmp_path / "letters")
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "letters" / path.name).read_bytes()
    reports.publication_papers(review, tmp_path / "a")
    reports.publication_papers(review, tmp_path / "b")
    for name in ("publication.docx", "publication.xlsx"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_the_public_notice_lists_every_name_and_leaves_the_period_to_the_office(review, tmp_path):
    reports.publication_papers(review, tmp_path)
    document = Document(tmp_path / "publication.docx")
    assert sum(len(table.rows) - 1 for table in document.tables) == 70
    text = _text(tmp_path / "publication.docx")
    assert "由办公室填写" in text and "先进团队（20个）" in text and "先进个人（50名）" in text
