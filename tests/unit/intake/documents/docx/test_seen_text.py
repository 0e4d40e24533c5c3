"""Values of a Word form as a reader of the page sees them: notes, boxes, hidden rows, chunks."""

import base64
import io
import re
import zipfile
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.core.form_schema import INDIVIDUAL_FORM
from kjfp_helpers.intake.documents.doc_tables import read_doc_tables
from kjfp_helpers.intake.documents.docx.reader import read_docx
from kjfp_helpers.intake.files.file_types import detect_format
from kjfp_helpers.intake.files.ooxml_package import OfficePackage, pack_flat_xml
from kjfp_helpers.intake.files.security.security_scan import blocking_findings
from kjfp_helpers.intake.forms.form_reader import read_forms
from support.forms.sample_files import PERSON, form
from support.thoroughness import times

MARK = "QQQ"


def parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return {name: source.read(name) for name in source.namelist()}


def zipped(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return buffer.getvalue()


def with_run(field, replacement, more=()):
    """A form in which the run of a field's value is replaced by other XML."""
    parts = parts_of(form(PERSON | {field: MARK}))
    xml = parts["word/document.xml"].decode()
    start = xml.rindex("<w:r>", 0, xml.index(MARK))
    end = xml.index("</w:r>", start) + len("</w:r>")
    parts["word/document.xml"] = (xml[:start] + replacement + xml[end:]).encode()
    return zipped(parts | dict(more))


def read(data):
    (parsed,) = read_forms(read_docx(OfficePackage(data)))
    return parsed


def run(text, properties=""):
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def codes(parsed, field):
    return {finding.code for finding in parsed.findings if finding.field == field}


@pytest.mark.parametrize(
    "properties",
    [
        '<w:vertAlign w:val="superscript"/>',
        '<w:vertAlign w:val="subscript"/>',
        '<w:position w:val="10"/><w:sz w:val="12"/>',
    ],
)
@pytest.mark.parametrize("mark", ["1", "①", "[2]", "注", "*"])
@pytest.mark.parametrize(
    ("field", "text", "value"),
    [("people_lifted", "1200", 1200), ("service_days", "36", 36), ("phone", "19900000002", None)],
)
def test_a_raised_mark_behind_a_figure_is_no_part_of_it(properties, mark, field, text, value):
    parsed = read(with_run(field, run(text) + run(mark, properties)))
    assert getattr(parsed.body, field) == (value or text)
    assert "ambiguous" in codes(parsed, field)


def test_a_value_that_is_raised_as_a_whole_is_read():
    parsed = read(with_run("people_lifted", run("1200", '<w:vertAlign w:val="superscript"/>')))
    assert parsed.body.people_lifted == 1200


NOTES = (
    '<w:{0}s xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:{0} w:id="7"><w:p><w:r><w:t>{1}</w:t></w:r></w:p></w:{0}></w:{0}s>'
)


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
@pytest.mark.parametrize("field", ["people_lifted", "story", "honors", "name", "regions"])
def test_a_note_on_a_value_is_told_with_its_words(kind, field):
    note = (
        f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:{kind}Reference w:id="7"/></w:r>'
    )
    part = {f"word/{kind}s.xml": NOTES.format(kind, "其中500人尚未脱贫").encode()}
    plain = read(form(PERSON))
    parsed = read(with_run(field, run(PERSON[field].replace("　", "").split("\n")[0]) + note, part))
    found = [item.found for item in parsed.findings if item.field == field]
    assert any("其中500人尚未脱贫" in text for text in found)
    if field not in ("story",):
        assert getattr(parsed.body, field) == getattr(plain.body, field)


def control(shown, stored):
    return (
        '<w:sdt><w:sdtPr><w14:checkbox xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'
        f'<w14:checked w14:val="{stored}"/></w14:checkbox></w:sdtPr><w:sdtContent>{run(shown)}</w:sdtContent></w:sdt>'
    )


@pytest.mark.slow
@settings(max_examples=times(13, 40), deadline=None)
@given(
    st.lists(
        st.tuples(st.booleans(), st.booleans(), st.sampled_from("☑☒√■")), min_size=3, max_size=3
    )
)
def test_a_box_is_what_it_shows_whatever_is_stored(boxes):
    options = ("种植", "养殖", "其他")
    row = "".join(
        control(sign if shown else "☐", int(stored)) + run(f"{option} ")
        for option, (shown, stored, sign) in zip(options, boxes, strict=True)
    )
    parsed = read(with_run("service_types", row))
    shown = tuple(option for option, (shown, _, _) in zip(options, boxes, strict=True) if shown)
    assert parsed.body.service_types == shown


@pytest.mark.parametrize("stored", [0, 1])
def test_a_box_without_a_known_sign_is_what_is_stored(stored):
    parsed = read(
        with_run("service_types", control("x", stored) + run("种植 ") + run("□养殖 □其他"))
    )
    assert parsed.body.service_types == (("种植",) if stored else ())


def test_a_sign_of_an_emoji_font_is_the_sign_that_is_shown():
    symbol = '<w16se:symEx xmlns:w16se="urn:x" w16se:font="Segoe UI Emoji" w16se:char="2611"/>'
    row = (
        '<w:r><mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice Requires="w16se">'
        f"{symbol}</mc:Choice><mc:Fallback><w:t>☑</w:t></mc:Fallback></mc:AlternateContent></w:r>"
    )
    parsed = read(with_run("service_types", row + run("种植 □养殖 □其他")))
    assert (parsed.body.service_types, parsed.findings) == (("种植",), ())


def test_a_box_control_around_its_label_keeps_the_label():
    row = control("☑种植", 0) + control("☐养殖", 1) + control("其他", 0)
    assert read(with_run("service_types", row)).body.service_types == ("种植",)


def test_a_picture_between_two_signs_of_a_name_is_asked_about():
    drawing = '<w:r><w:drawing><a:blip xmlns:a="x"/></w:drawing></w:r>'
    parsed = read(with_run("name", run("测") + drawing + run("甲")))
    assert "ambiguous" in codes(parsed, "name")


def test_a_file_saved_as_one_xml_is_read():
    pieces = []
    for name, data in parts_of(form(PERSON)).items():
        xml = re.sub(rb"<\?xml.*?\?>", b"", data).decode("utf-8", "replace")
        content = f"<pkg:xmlData>{xml}</pkg:xmlData>"
        if not data.startswith(b"<"):
            content = f"<pkg:binaryData>{base64.b64encode(data).decode()}</pkg:binaryData>"
        pieces.append(f'<pkg:part pkg:name="/{name}">{content}</pkg:part>')
    flat = "<pkg:package xmlns:pkg='http://schemas.microsoft.com/office/2006/xmlPackage'>"
    data = f"{flat}{''.join(pieces)}</pkg:package>".encode()
    assert detect_format(data, "a.xml")[0] == "docx"
    assert read(pack_flat_xml(data)).body.people_lifted == 1200
    kind, package = detect_format(b'<!DOCTYPE a [<!ENTITY b "c">]>' + data, "a.xml")
    assert [problem.code for problem in blocking_findings(package, kind)] == ["xml_entity"]
    large = data.replace(b"</pkg:package>", b" " * 12_000_000 + b"</pkg:package>")
    assert pack_flat_xml(large) == b""


@pytest.mark.parametrize("properties", ["<w:hidden/>", '<w:trHeight w:val="1" w:hRule="exact"/>'])
def test_a_hidden_row_does_not_count_and_is_told(properties):
    parts = parts_of(form(PERSON))
    xml = parts["word/document.xml"].decode()
    start = xml.rindex("<w:tr>", 0, xml.index("带动脱贫"))
    row = xml[start : xml.index("</w:tr>", start) + 7]
    old = row.replace("1200", "9999").replace("365", "999")
    hidden = f"<w:tr><w:trPr>{properties}</w:trPr>{old[6:]}"
    parts["word/document.xml"] = (xml[:start] + hidden + xml[start:]).encode()
    parsed = read(zipped(parts))
    assert (parsed.body.people_lifted, parsed.body.service_days) == (1200, 365)
    assert "hidden_text" in {finding.code for finding in parsed.findings}


def html_page(values):
    rows = "".join(
        f"<tr><td>{field.label}</td><td>{values.get(field.name, '')}</td></tr>"
        for field in INDIVIDUAL_FORM.fields
    )
    return f"<html><head><meta charset='utf-8'></head><body><p>{INDIVIDUAL_FORM.title}</p><table>{rows}</table></body></html>"


MHT = (
    "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
    "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}\r\n--x--\r\n"
)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", html_page(PERSON).encode()),
        ("a.mht", MHT.format(html_page(PERSON)).encode()),
        ("a.docx", form(PERSON)),
    ],
)
def test_a_document_embedded_in_place_of_text_is_read(name, data):
    parts = parts_of(form(PERSON))
    xml = parts["word/document.xml"].decode()
    body = xml[: xml.index("<w:body>") + len("<w:body>")]
    parts["word/document.xml"] = (
        f'{body}<w:altChunk r:id="rIdChunk" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/></w:body></w:document>'
    ).encode()
    relations = parts["word/_rels/document.xml.rels"].decode()
    parts["word/_rels/document.xml.rels"] = relations.replace(
        "</Relationships>",
        '<Relationship Id="rIdChunk" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/aFChunk" Target="chunks/{name}"/></Relationships>',
    ).encode()
    parsed = read(zipped(parts | {f"word/chunks/{name}": data}))
    assert (parsed.body.name, parsed.body.people_lifted) == ("测试丁", 1200)


def test_a_chunk_within_a_cell_is_the_text_of_the_cell():
    parts = parts_of(with_run("story", "<w:t/>"))
    xml = parts["word/document.xml"].decode()
    chunk = '<w:altChunk r:id="rIdChunk" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
    start = xml.rindex("<w:p>", 0, xml.index("<w:t/>"))
    parts["word/document.xml"] = f"{xml[:start]}{chunk}{xml[start:]}".encode()
    relations = parts["word/_rels/document.xml.rels"].decode()
    parts["word/_rels/document.xml.rels"] = relations.replace(
        "</Relationships>",
        '<Relationship Id="rIdChunk" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/aFChunk" Target="a.html"/></Relationships>',
    ).encode()
    page = "<html><body><p>长期驻村。</p><p>带动增收。</p></body></html>"
    parsed = read(zipped(parts | {"word/a.html": page.encode()}))
    assert parsed.body.story == "长期驻村。\n带动增收。"


def renamed(parts, old, new):
    """A package whose main part has another name, found by its relationship."""
    moved = {name.replace(old, new): data for name, data in parts.items()}
    folder, _, base = old.rpartition("/")
    rels = f"{folder}/_rels/{base}.rels"
    if rels in parts:
        new_folder, _, new_base = new.rpartition("/")
        moved[f"{new_folder}/_rels/{new_base}.rels"] = moved.pop(
            next(name for name in moved if name.endswith(".rels") and name != "_rels/.rels")
        )
    for name in ("_rels/.rels", "[Content_Types].xml"):
        moved[name] = moved[name].replace(old.encode(), new.encode())
    return moved


@pytest.mark.parametrize("new", ["word/document2.xml", "word/Document.xml", "word/main.xml"])
def test_the_main_part_is_found_by_its_relationship(new):
    data = zipped(renamed(parts_of(form(PERSON)), "word/document.xml", new))
    assert detect_format(data, "a.docx")[0] == "docx"
    assert read(data).body.name == "测试丁"


@pytest.mark.parametrize("prefix", ["", "./"])
def test_names_with_backslashes_are_names_of_parts(prefix):
    parts = parts_of(form(PERSON))
    data = zipped({prefix + name.replace("/", "\\"): data for name, data in parts.items()})
    assert detect_format(data, "a.docx")[0] == "docx"
    assert read(data).body.name == "测试丁"


@pytest.mark.slow
@settings(max_examples=times(20, 60), deadline=None)
@given(st.integers(0xE000, 0xEFFF), st.sampled_from(["name", "address", "employer", "honors"]))
def test_no_sign_of_a_user_font_is_lost_or_passes_without_a_question(code, field):
    text = f"测{chr(code)}甲"
    parsed = read(form(PERSON | {field: text}))
    assert getattr(parsed.body, field) == text
    assert "ambiguous" in codes(parsed, field)


@pytest.mark.parametrize(
    ("typed", "read_as"), [("⻢⾼⽴", "马高立"), ("⺠\u200b生", "民生"), ("\ufeff⻘山", "青山")]
)
def test_radicals_and_invisible_signs_are_read_as_they_look(typed, read_as):
    parsed = read(form(PERSON | {"employer": f"：{typed}农科院", "name": typed}))
    assert (parsed.body.employer, parsed.body.name) == (f"{read_as}农科院", read_as)
    assert not codes(parsed, "employer")


@pytest.mark.slow
@pytest.mark.libreoffice
def test_raised_marks_notes_and_boxes_survive_the_old_formats(office_convert, tmp_path):
    raised = run("1200") + run("1", '<w:vertAlign w:val="superscript"/>')
    forms = {
        "raised": with_run("people_lifted", raised),
        "box": with_run("service_types", control("☑", 0) + run("种植 ") + run("□养殖 □其他")),
        "sign": form(PERSON | {"name": "测\ue000甲"}),
    }
    old, back = tmp_path / "old", tmp_path / "back"
    endings = ("odt", "rtf")  # LibreOffice loses the tables of such a .doc
    for ending in endings:
        folder = tmp_path / ending
        folder.mkdir()
        for name, data in forms.items():
            (folder / f"{name}-{ending}.docx").write_bytes(data)
        office_convert(ending, old, *sorted(folder.iterdir()))
    office_convert("docx", back, *sorted(old.iterdir()))
    for name, ending in product(forms, endings):
        parsed = read((back / f"{name}-{ending}.docx").read_bytes())
        assert (parsed.body.people_lifted, parsed.body.service_types) == (1200, ("种植",))
        assert parsed.body.name == ("测\ue000甲" if name == "sign" else "测试丁")


@pytest.mark.libreoffice
def test_raised_and_struck_digits_in_a_doc_are_no_digits(office_convert, tmp_path):
    raised = run("1", '<w:vertAlign w:val="superscript"/>') + run("2", '<w:position w:val="8"/>')
    count = run("25", "<w:strike/>") + run("1200") + raised
    (tmp_path / "a.docx").write_bytes(with_run("people_lifted", count))
    office_convert("doc", tmp_path, tmp_path / "a.docx")
    (parsed,) = read_forms(read_doc_tables((tmp_path / "a.doc").read_bytes()))
    assert parsed.body.people_lifted == 1200
    assert "ambiguous" in codes(parsed, "people_lifted")


def styled(properties, *, based=""):
    """A form with 800 in a style ahead of its figure; or in one based on it, with ``based``."""
    style = f'<w:style w:type="character" w:styleId="S"><w:rPr>{properties}</w:rPr></w:style>'
    if based:
        style = style.replace('"S"', '"T"') + (
            '<w:style w:type="character" w:styleId="S"><w:basedOn w:val="T"/>'
            f"<w:rPr>{based}</w:rPr></w:style>"
        )
    parts = parts_of(with_run("people_lifted", run("800", '<w:rStyle w:val="S"/>') + run("1200人")))
    xml = parts["word/styles.xml"].decode()
    return zipped(parts | {"word/styles.xml": xml.replace("</w:styles>", f"{style}</w:styles>")})


@pytest.mark.parametrize(
    "properties", ["<w:strike/>", "<w:dstrike/>", '<w:color w:val="FFFFFF"/>', "<w:vanish/>"]
)
def test_text_struck_out_or_hidden_by_its_style_is_not_counted(properties):
    parsed = read(styled(properties))
    assert parsed.body.people_lifted == 1200
    assert codes(parsed, "people_lifted")


@pytest.mark.parametrize("own", ["<w:b/>", '<w:sz w:val="21"/>'])
@pytest.mark.parametrize("properties", ["<w:strike/>", "<w:vanish/>"])
def test_a_style_hides_what_the_one_it_is_based_on_hides(properties, own):
    parsed = read(styled(properties, based=own))
    assert parsed.body.people_lifted == 1200
    assert codes(parsed, "people_lifted")
    shown = properties.replace("/>", ' w:val="0"/>')
    assert read(styled(properties, based=shown)).body.people_lifted == 8001200


def test_white_text_of_a_style_is_seen_on_a_shaded_ground():
    xml = run("1200人", '<w:rStyle w:val="S"/><w:shd w:val="clear" w:fill="1F4E79"/>')
    parts = parts_of(with_run("people_lifted", xml))
    style = '<w:style w:type="character" w:styleId="S"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>'
    sheet = parts["word/styles.xml"].decode().replace("</w:styles>", f"{style}</w:styles>")
    assert read(zipped(parts | {"word/styles.xml": sheet})).body.people_lifted == 1200


@pytest.mark.parametrize(
    "formula",
    [
        "<m:sSup><m:e>{}</m:e><m:sup>{}</m:sup></m:sSup>",
        "<m:sSub><m:e>{}</m:e><m:sub>{}</m:sub></m:sSub>",
    ],
)
def test_a_raised_sign_of_a_formula_is_no_digit(formula):
    names = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    digits = [f"<m:r><m:t>{text}</m:t></m:r>" for text in ("1200", "2")]
    parsed = read(
        with_run("people_lifted", f"<m:oMath {names}>{formula.format(*digits)}</m:oMath>")
    )
    assert (parsed.body.people_lifted, codes(parsed, "people_lifted")) == (1200, {"ambiguous"})


@pytest.mark.parametrize("left", ["«职称»", "{{职称}}", "${title}"])
def test_a_field_of_a_mail_merge_that_was_not_filled_is_blank(left):
    parsed = read(form(PERSON | {"title": left}))
    assert (parsed.body.title, codes(parsed, "title")) == (None, {"missing"})


@pytest.mark.parametrize(
    "properties",
    [
        '<w:color w:val="FEFEFE"/>',
        '<w:color w:val="FAFAFA"/>',
        '<w:color w:val="D9D9D9"/><w:shd w:val="clear" w:fill="D9D9D9"/>',
        '<w:w w:val="1"/>',
        '<w14:textFill xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w14:noFill/></w14:textFill>',
    ],
)
def test_text_of_the_colour_of_its_ground_or_without_width_is_not_counted(properties):
    parsed = read(with_run("people_lifted", run("9", properties) + run("1200人")))
    assert (parsed.body.people_lifted, codes(parsed, "people_lifted")) == (1200, {"hidden_text"})


@pytest.mark.parametrize(
    "properties",
    [
        '<w:color w:val="A6A6A6"/>',
        '<w:color w:val="FEFEFE"/><w:shd w:val="clear" w:fill="1F4E79"/>',
        '<w:color w:val="000000"/><w:shd w:val="clear" w:fill="D9D9D9"/>',
        '<w:sz w:val="12"/><w:w w:val="66"/>',
    ],
)
def test_pale_shaded_and_small_text_is_seen(properties):
    assert read(with_run("people_lifted", run("1200人", properties))).body.people_lifted == 1200
