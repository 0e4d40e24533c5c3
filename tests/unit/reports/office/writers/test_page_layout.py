"""Pages as LibreOffice prints them keep the measures of GB/T 9704-2012."""

import io
import re
import shutil
import zipfile
from collections import Counter

import pdfplumber
import pytest

from kjfp_helpers.reports.office.writers import page_layout
from kjfp_helpers.reports.office.writers.docx_writer import OfficialDocument

OFFICE, DAY = "全国科技助力精准扶贫工程领导小组办公室", "2020年8月20日"
MM = 72 / 25.4
OF_A_ROUND = (
    *("letters/*-收讫回执.docx", "letters/*-退回补正通知.docx"),
    *("publication.docx", "proposal.docx"),
)
"""Papers of a finished round, one of each kind."""
SONG = re.compile("song|serif|ming|宋", re.IGNORECASE)
TEXT = "推荐单位报送的材料逐项审核后列入附件请按期补正" * 12


def _papers():
    letter = OfficialDocument(rehearsal=True, amendments=["草案"], letterhead=OFFICE)
    letter.add_number("某办函〔2020〕3号")
    letter.add_title("关于补正评审材料的函")
    letter.add_recipient("某某学会")
    letter.add_heading("一、须补正的事项")
    letter.add_heading("（一）推荐表", level=2)
    letter.add_paragraph("请补正。", keep=True)
    letter.add_attachment_list(["清单"])
    letter.add_signature("办公室", DAY, contact="联系人：测试")
    letter.start_attachment("附件", "清单")
    letter.add_table([("序号", 1), ("事项", 9)], [("推荐表",), ("1", "缺少印章")])
    plain = OfficialDocument(rehearsal=False)
    for _ in range(8):
        plain.add_paragraph(TEXT, indent=0)
    plain.add_signature(OFFICE, DAY)
    tables = OfficialDocument(rehearsal=False)
    tables.add_table(
        [("序号", 1), ("单位", 9)], [(str(number), "某某学会") for number in range(30)]
    )
    tables.add_signature(OFFICE, DAY)
    marked = OfficialDocument(rehearsal=False)
    for text in _marked_texts():
        marked.add_paragraph(text)
    ends = {f"end-{lines}": _letter_of(lines) for lines in range(8, 14)}
    return {"letter": letter, "plain": plain, "tables": tables, "marked": marked, **ends}


def _letter_of(lines):
    """Return a letter whose last paragraph stands so many lines below its head and a table."""
    paper = OfficialDocument(rehearsal=False, letterhead=OFFICE)
    paper.add_number("某办函〔2020〕3号")
    for _ in range(lines):
        paper.add_paragraph("请补正。")
    paper.add_table([("序号", 1), ("事项", 9)], [("1", "缺少印章")])
    paper.add_paragraph("特此函告。", keep=True)
    paper.add_signature(OFFICE, DAY, seal="某某部", contact=f"联系人：测试；地址：{OFFICE}一楼")
    return paper


def _marked_texts():
    """Return paragraphs whose lines end in every mark, and at every place of the line."""
    marks = "，。、；：，。”》）"
    return [
        "".join(
            TEXT[: 1 + (at * 7 + part * 5) % 13] + marks[(at + part) % 10] for part in range(16)
        )
        for at in range(60)
    ]


@pytest.fixture(scope="module")
def pages(tmp_path_factory, office_convert, finished):
    """The pages of every paper, printed by one start of LibreOffice, with a round's own."""
    folder = tmp_path_factory.mktemp("papers")
    for name, paper in _papers().items():
        paper.save(folder / f"{name}.docx")
    for pattern in OF_A_ROUND:
        path = next((finished / "outputs").glob(pattern))
        shutil.copy(path, folder / f"round-{path.name}")
    (folder / "fonts.conf").write_text(page_layout.fallback_configuration(), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FONTCONFIG_FILE", str(folder / "fonts.conf"))
        office_convert("pdf", folder, *sorted(folder.glob("*.docx")))
    opened = {path.stem: pdfplumber.open(path) for path in folder.glob("*.pdf")}
    yield {name: pdf.pages for name, pdf in opened.items()}
    for pdf in opened.values():
        pdf.close()


def _lines(page):
    return [line for line in page.extract_text_lines() if line["text"].strip()]


def _find(page, text):
    return next(line for line in _lines(page) if text in line["text"].replace(" ", ""))


@pytest.mark.slow
@pytest.mark.libreoffice
def test_a_full_page_has_22_lines_of_28_characters_within_the_type_area(pages):
    for number, page in enumerate(pages["plain"][:2], start=1):
        *lines, foot = _lines(page)
        assert len(lines) == 22
        counts = [len(line["text"].replace(" ", "")) for line in lines]
        assert max(counts) == 28 and counts.count(28) >= 18
        inner, outer = (28, 26) if number % 2 else (26, 28)
        left, right = min(line["x0"] for line in lines), max(line["x1"] for line in lines)
        assert abs(left / MM - inner) < 1 and abs((page.width - right) / MM - outer) < 1
        assert 37 <= lines[0]["top"] / MM < 41
        assert lines[-1]["bottom"] / MM < 297 - 35 + 1 < foot["top"] / MM


@pytest.mark.slow
@pytest.mark.libreoffice
def test_page_numbers_stand_at_the_outer_edge_between_dashes(pages):
    for number, page in enumerate(pages["plain"], start=1):
        foot = _find(page, f"—{number}—")
        edge = page.width - foot["x1"] if number % 2 else foot["x0"]
        assert abs(edge / MM - 26 - 14 / MM) < 1.5
    assert "— 1 —" not in pages["letter"][0].extract_text()
    assert "— 2 —" in pages["letter"][1].extract_text()


@pytest.mark.slow
@pytest.mark.libreoffice
def test_faces_stay_song_fangsong_or_regular_and_only_headings_are_black(pages):
    body = {
        char["fontname"] for page in pages["plain"] for char in page.chars if "一" < char["text"]
    }
    assert body and all(SONG.search(name) for name in body)
    first = pages["letter"][0]
    title = next(char for char in first.chars if char["size"] > 21 and char["text"] == "关")
    assert SONG.search(title["fontname"]) and abs(title["size"] - 22) < 0.1
    heading = next(
        char for char in _find(first, "一、须补正的事项")["chars"] if char["text"] == "须"
    )
    assert not SONG.search(heading["fontname"]) and abs(heading["size"] - 16) < 0.1


@pytest.mark.slow
@pytest.mark.libreoffice
def test_a_letter_has_its_head_and_its_signature_where_a_seal_covers_both(pages):
    first = pages["letter"][0]
    head, number = _find(first, OFFICE), _find(first, "某办函〔2020〕3号")
    assert abs(head["top"] / MM - 30) < 3 and head["chars"][0]["non_stroking_color"] != (0,)
    assert abs((first.width - number["x1"]) / MM - 26) < 1.5
    list_, day = _find(first, "附件：清单"), _find(first, DAY)
    office = next(line for line in _lines(first) if line["text"].strip() == "办公室")
    char = page_layout.CHAR_TWIPS / 20
    assert abs((first.width - day["x1"]) - 26 * MM - 4 * char) < char / 2
    assert abs((office["x0"] + office["x1"]) - (day["x0"] + day["x1"])) < char
    assert 2.5 < (office["top"] - list_["top"]) / (page_layout.LINE_TWIPS / 20) < 3.5
    assert _find(pages["letter"][1], "附件")["top"] / MM < 42


@pytest.mark.slow
@pytest.mark.libreoffice
def test_the_last_row_of_a_table_goes_to_the_next_page_with_the_signature(pages):
    *_, before, last = (page.extract_text() for page in pages["tables"])
    assert DAY in last.replace(" ", "") and "某某学会" in last and "某某学会" in before


@pytest.mark.slow
@pytest.mark.libreoffice
def test_a_signature_is_never_without_text_nor_its_contact_without_it(pages):
    for found in (found for name, found in pages.items() if name.startswith("end-")):
        told = [page.extract_text().replace(" ", "") for page in found]
        signed = next(text for text in told if DAY in text)
        assert "特此函告。" in signed and "一楼" in signed and OFFICE in signed


@pytest.mark.slow
@pytest.mark.libreoffice
def test_no_punctuation_mark_is_lost_at_the_end_of_a_line(pages):
    printed = Counter(char["text"] for page in pages["marked"] for char in page.chars)
    written = Counter("".join(_marked_texts()))
    assert {mark: printed[mark] for mark in written} == dict(written)


def test_a_line_before_a_long_checksum_is_not_torn_apart():
    paper = OfficialDocument(rehearsal=False)
    paper.add_paragraph(f"上述结果记于台账第406条，校验值{'643c08123b4d3999'}，供日后核对。")
    paper.add_paragraph("上述结果记于台账第406条，供日后核对。")
    body = zipfile.ZipFile(io.BytesIO(paper.to_bytes())).read("word/document.xml").decode()
    assert re.findall(r'<w:jc w:val="(left|both)"/>', body) == ["left", "both"]


@pytest.mark.slow
@pytest.mark.libreoffice
def test_every_paper_of_a_round_keeps_type_area_faces_and_page_numbers(pages):
    named = {name: found for name, found in pages.items() if name.startswith("round-")}
    assert len(named) == len(OF_A_ROUND)
    faults = [
        (name, number, fault)
        for name, found in named.items()
        for number, page in enumerate(found, start=1)
        for fault in _faults(page, number, is_letter="-" in name.removeprefix("round-"))
    ]
    assert not faults


def _faults(page, number, *, is_letter):
    """Yield what a page of an official paper does otherwise than the standard."""
    inner, outer = (28, 26) if number % 2 else (26, 28)
    chars = [char for char in page.chars if "一" <= char["text"] <= "龥"]
    body = [char for char in chars if 37 <= char["top"] / MM and char["bottom"] / MM < 262.5]
    if any(one["x0"] / MM < inner - 1 or (page.width - one["x1"]) / MM < outer - 1 for one in body):
        yield "outside the type area"
    text = [char for char in body if abs(char["size"] - 16) < 0.1]
    bottoms = sorted({round(char["bottom"]) for char in text})
    lines = [one for one, before in zip(bottoms, [0, *bottoms], strict=False) if one - before > 8]
    if len(lines) > 22:
        yield f"{len(lines)} lines"
    if min(char["size"] for char in chars) < 8:
        yield "characters below 8 points"
    if len(text) > 60 and not any(SONG.search(char["fontname"]) for char in text):
        yield "no text in a Song or Fangsong face"
    if (f"— {number} —" in page.extract_text()) is (is_letter and number == 1):
        yield "page number"
    if re.search(r"（含当(?!日）)", page.extract_text().replace(" ", "")):
        yield "a date broken in its cell"
    if re.search(r"_{3,}|年　+月", page.extract_text()):
        yield "a blank to be filled"
