"""What of a PDF page is seen: pages are written operator by operator."""

import pytest

from kjfp_helpers.intake.common import text_markers
from kjfp_helpers.intake.common.label_matching import is_known_label, printed_labels
from kjfp_helpers.intake.documents.document_model import Unreadable
from kjfp_helpers.intake.documents.label_hints import LabelHints
from kjfp_helpers.intake.documents.pdf.reader import read_pdf
from kjfp_helpers.intake.forms.form_reader import read_forms
from support.forms.pdf_pages import ROWS, form, form_field, pdf, text, typed_note, value_spot

PEOPLE = 3
LABELS = LabelHints(is_known_label, printed_labels())


def read(data):
    document = read_pdf(data, LABELS)
    (parsed,) = read_forms(document)
    return document, parsed


def without(*places):
    return [
        tuple("" if (row, column) in places else words for column, words in enumerate(cells))
        for row, cells in enumerate(ROWS)
    ]


def check(body):
    assert (body.team_name, body.leader_name) == ("测试高原农业服务团队", "测试甲")
    assert (body.people_lifted, body.service_days, body.expert_count) == (1200, 365, 12)
    assert body.regions == (("贵州省", "毕节市", "赫章县", "平山镇", None),)


def test_a_plain_page_is_read():
    check(read(pdf(form()))[1].body)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_page_turned_by_the_scanner_is_turned_back(rotate):
    check(read(pdf(form(), rotate=rotate))[1].body)


@pytest.mark.parametrize("offset", [0.2, 0.5, 1.0])
def test_bold_signs_printed_twice_are_read_once(offset):
    check(read(pdf(form(again=offset)))[1].body)


@pytest.mark.parametrize(
    "before", ["1 g", "1 1 1 rg", "0 0 0 0 k", "3 Tr", "0.01 0 0 0.01 240 700 cm"]
)
def test_text_that_nobody_sees_is_left_out_and_told(before):
    x, y = value_spot(PEOPLE)
    hidden = text(x - 2, y, "9", before=before)
    document, parsed = read(pdf(form() + hidden))
    check(parsed.body)
    assert text_markers.HIDDEN_TEXT in document.markers
    assert "hidden_text" in {finding.code for finding in parsed.findings}


@pytest.mark.parametrize(
    "around",
    [
        "q 300 0 200 842 re W n {} Q",
        "q 300 0 m 500 0 l 500 842 l 300 842 l h W* n {} Q",
        "/OC /L0 BDC {} EMC",
        "q /Clear gs {} Q",
    ],
    ids=["clipped", "clipped by lines", "layer off", "transparent"],
)
def test_text_that_is_not_drawn_is_left_out_and_told(around):
    x, y = value_spot(PEOPLE)
    document, parsed = read(pdf(around.format(text(x, y, "9")) + "\n" + form()))
    check(parsed.body)
    assert text_markers.HIDDEN_TEXT in document.markers


@pytest.mark.parametrize("cut", [3.5, 8, 13])
@pytest.mark.parametrize(
    ("row", "words", "field"),
    [(PEOPLE, "1463人", "people_lifted"), (0, "甲乙丙服务团队", "team_name")],
)
def test_a_value_cut_off_by_its_frame_is_asked_about(cut, row, words, field):
    x, y = value_spot(row)
    page = form(without((row, 1))) + f"q {x + cut} 0 595 842 re W n {text(x, y, words)} Q\n"
    _, parsed = read(pdf(page))
    assert field in {finding.field for finding in parsed.findings if finding.code == "hidden_text"}


@pytest.mark.parametrize("around", ["q 0 0 595 842 re W n {} Q", "q 3 Tr {} Q {}"])
def test_a_whole_value_in_its_frame_is_not_asked_about(around):
    x, y = value_spot(PEOPLE)
    value = text(x, y, "1200人")
    _, parsed = read(pdf(form(without((PEOPLE, 1))) + around.format(value, value)))
    check(parsed.body)
    assert "people_lifted" not in {finding.field for finding in parsed.findings}


@pytest.mark.parametrize("hide", ["3 Tr", "1 g", "/OC /L0 BDC"])
def test_hidden_text_is_told_on_the_field_that_holds_it(hide):
    x, y = value_spot(PEOPLE)
    end = " EMC" if "OC" in hide else ""
    _, parsed = read(pdf(form() + f"q {hide} {text(x + 60, y, '另800')}{end} Q\n"))
    check(parsed.body)
    told = {(finding.field, finding.code) for finding in parsed.findings}
    assert ("people_lifted", "hidden_text") in told


def test_text_outside_the_crop_box_is_left_out():
    _, parsed = read(pdf(form() + text(45, 40, "主要事迹 9999人"), box="30 100 565 842"))
    check(parsed.body)


@pytest.mark.parametrize(("height", "words"), [(150, "9"), (50, "1200人")])
def test_a_drawing_shows_what_lies_in_its_box(height, words):
    x, y = value_spot(PEOPLE)
    blank = [(PEOPLE, 1)] if height < 100 else []
    page = form(without(*blank)) + f"q 1 0 0 1 {x} {y - height} cm /X0 Do Q\n"
    check(read(pdf(page, drawing=text(0, height, words)))[1].body)


@pytest.mark.parametrize("paint", ["1 g", "1 1 1 rg", "0 g 1 g"])
def test_a_value_painted_over_and_typed_anew_is_read_once(paint):
    x, y = value_spot(PEOPLE)
    old = text(x, y, "800人")
    cover = f"q {paint} {x - 2} {y - 6} 120 20 re f Q\n"
    document, parsed = read(pdf(form(without((PEOPLE, 1))) + old + cover + text(x, y, "1200人")))
    check(parsed.body)
    assert text_markers.HIDDEN_TEXT in document.markers


@pytest.mark.parametrize("paint", ["0.9 g", "/Blend gs 1 1 0 rg"])
def test_shading_below_and_a_marker_over_text_hide_nothing(paint):
    x, y = value_spot(PEOPLE)
    band = f"q {paint} {x - 2} {y - 6} 120 20 re f Q\n"
    page = form(without((PEOPLE, 1)))
    value = text(x, y, "1200人")
    document, parsed = read(pdf(page + (value + band if "Blend" in paint else band + value)))
    check(parsed.body)
    assert text_markers.HIDDEN_TEXT not in document.markers


def test_the_invisible_text_of_a_scan_is_read():
    document, _ = read(pdf("3 Tr\n" + form().replace("q  BT", "BT").replace("ET Q", "ET")))
    assert text_markers.HIDDEN_TEXT not in document.markers


def test_a_file_with_a_damaged_table_of_objects_is_read():
    check(read(pdf(form()).replace(b"startxref", b"startxrfe"))[1].body)


def test_a_form_that_only_its_own_programs_show_is_told():
    page = text(60, 700, "Please wait... your viewer may not be able to display this document.")
    dynamic = pdf(page).replace(b"/Type /Catalog", b"/Type /Catalog /AcroForm << /XFA [] >>")
    with pytest.raises(Unreadable, match="xfa"):
        read_pdf(dynamic, LABELS)


def test_text_outside_the_page_is_left_out():
    _, parsed = read(pdf(form() + text(700, 400, "9999人")))
    check(parsed.body)


def test_white_text_on_a_dark_ground_is_seen():
    x, y = value_spot(PEOPLE)
    band = f"q 0 0 1 rg {x} {y - 6} 100 20 re f Q\n"
    page = form(without((PEOPLE, 1))) + band + text(x, y, "1200人", before="1 g")
    check(read(pdf(page))[1].body)


@pytest.mark.parametrize(
    "mark",
    [
        "".join(
            text(
                0, 0, "仅供评审使用", size=40, before=f"0.85 g .7071 .7071 -.7071 .7071 {x} {x} cm"
            )
            for x in (60, 160, 260, 360)
        ),
        "".join(
            text(60, y, "仅供评审使用 试用版", size=20, before="0.85 g")
            for y in (760, 734, 708, 682)
        ),
        "".join(text(60, y + 2, "仅供评审使用", before="0.8 g") for y in (790, 764, 738, 712)),
        text(60, 700, "仅供评审使用", size=44, before="0.7 G 1 Tr"),
    ],
    ids=["slanting", "large", "pale", "outlined"],
)
def test_a_watermark_is_no_value(mark):
    check(read(pdf(mark + form()))[1].body)
    check(read(pdf(form() + mark))[1].body)


@pytest.mark.parametrize("note", [typed_note, form_field])
def test_what_is_typed_over_a_blank_form_is_read(note):
    places = ((0, 1), (1, 1), (PEOPLE, 1), (4, 1))
    notes = [note(row, ROWS[row][column]) for row, column in places]
    check(read(pdf(form(without(*places)), notes))[1].body)


def test_a_hidden_note_is_not_read_and_a_comment_is_told():
    notes = [
        typed_note(PEOPLE, "9", more="/F 2"),
        typed_note(PEOPLE, "请核实", subtype="Text"),
    ]
    document, parsed = read(pdf(form(), notes))
    check(parsed.body)
    assert text_markers.COMMENT in document.markers
    assert "comments" in {finding.code for finding in parsed.findings}


def test_struck_out_text_does_not_count():
    _, parsed = read(pdf(form(), [typed_note(PEOPLE, "", subtype="StrikeOut")]))
    assert parsed.body.people_lifted is None
    assert any(finding.field == "people_lifted" for finding in parsed.findings)


@pytest.mark.parametrize("mark", ["1", "12", "*", "①"])
def test_a_small_raised_mark_behind_a_figure_is_no_digit(mark):
    x, y = value_spot(PEOPLE)
    page = form(without((PEOPLE, 1))) + text(x, y, "1200")
    _, parsed = read(pdf(page + text(x + 20, y + 4, mark, size=5)))
    check(parsed.body)
    assert "ambiguous" in {one.code for one in parsed.findings if one.field == "people_lifted"}


@pytest.mark.parametrize("gap", [8, 12, 30])
def test_two_figures_side_by_side_are_not_one(gap):
    x, y = value_spot(PEOPLE)
    _, parsed = read(
        pdf(form(without((PEOPLE, 1))) + text(x, y, "12") + text(x + 20 + gap, y, "00人"))
    )
    assert "ambiguous" in {one.code for one in parsed.findings if one.field == "people_lifted"}
