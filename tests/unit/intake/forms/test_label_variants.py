"""Forms whose labels are typed in traditional signs, or replaced by others of the same meaning."""

import copy
import io
import warnings
import zipfile

import docx
import pytest
from docx.table import _Cell
from opencc import OpenCC

from kjfp_helpers.core.form_schema import FORMS, INDIVIDUAL_FORM
from kjfp_helpers.intake.file_reader import read_file_content
from kjfp_helpers.intake.files.file_types import detect_format
from support.forms.sample_files import PERSON, TEAM, form, saved, the_round

NOTICE = the_round().notice


def content(data, name="推荐表.docx"):
    kind, package = detect_format(data, name)
    return read_file_content(kind, package, data, name, archived=False, notice=NOTICE)


def retyped(values, change):
    document = docx.Document(io.BytesIO(form(values)))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    paragraphs = [*document.paragraphs, *(one for cell in cells for one in cell.paragraphs)]
    for run in (run for paragraph in paragraphs for run in paragraph.runs):
        if run.text.strip():
            run.text = change(run.text)
    return saved(document)


@pytest.mark.parametrize("values", [TEAM, PERSON])
@pytest.mark.parametrize("variant", ["s2t", "s2tw", "s2hk"])
def test_a_form_in_traditional_signs_is_the_same_form(values, variant):
    plain = content(form(values)).drafts[0].body
    (draft,) = content(retyped(values, OpenCC(variant).convert)).drafts
    assert draft.findings == ()
    for name in ("regions", "service_types", "service_modes", "people_lifted", "service_days"):
        assert getattr(draft.body, name) == getattr(plain, name)


@pytest.mark.parametrize("label", ["传真号", "传真机号码", "单位传真号", "Fax"])
@pytest.mark.parametrize("number", ["010-99990002", ""])
def test_a_fax_number_under_any_name_is_no_phone(label, number):
    values = PERSON | {"fax": number}
    (draft,) = content(retyped(values, lambda text: text.replace("传真号码", label))).drafts
    assert (draft.body.office_phone, draft.body.fax) == ("010-99990001", number or None)
    assert draft.findings == ()


RENAMED = [
    (PERSON, "employer", "所在单位"),
    (PERSON, "office_phone", "电话/传真"),
    (PERSON, "story", "事迹简介"),
    (PERSON, "honors", "所获荣誉"),
    (PERSON, "honors", "获奖情况"),
    (PERSON, "regions", "帮扶地区"),
    (PERSON, "people_lifted", "带贫人数"),
    (TEAM, "leader_name", "团队带头人"),
    (TEAM, "expert_names", "团队成员"),
]


@pytest.mark.parametrize(("values", "field", "label"), RENAMED)
def test_a_value_under_a_renamed_label_is_read_with_a_question(values, field, label):
    kind = FORMS[0] if values is TEAM else FORMS[1]
    printed = next(item.label for item in kind.fields if item.name == field)
    plain = content(form(values)).drafts[0].body
    (draft,) = content(retyped(values, lambda text: label if text == printed else text)).drafts
    assert getattr(draft.body, field) == getattr(plain, field)
    found = [item.found for item in draft.findings if item.field == field]
    assert any(label in text for text in found)


UNITS = [
    ("people_lifted", "（人）", "320", 320),
    ("people_lifted", "（单位：人）", "1,320", 1320),
    ("people_lifted", "（万人）", "0.32", 3200),
    ("people_lifted", "（户）", "320", None),
    ("people_lifted", "（人次）", "320", 320),
    ("service_days", "（天）", "320", 320),
    ("service_days", "（年）", "3", None),
    ("service_days", "（个月）", "9", None),
    ("service_days", "（小时）", "2400", None),
]


@pytest.mark.parametrize(("field", "unit", "typed", "value"), UNITS)
def test_a_bare_number_is_in_the_unit_that_its_label_names(field, unit, typed, value):
    printed = next(item.label for item in INDIVIDUAL_FORM.fields if item.name == field)
    data = retyped(
        PERSON | {field: typed}, lambda text: f"{text}{unit}" if text == printed else text
    )
    (draft,) = content(data).drafts
    asked = {one.code for one in draft.findings if one.field == field}
    assert getattr(draft.body, field) == value
    assert ("unit_mismatch" in asked) == (value is None or unit == "（人次）")


@pytest.mark.parametrize("change", ["*{}", "01 {}", "{}（必填）", "{}/", "【{}】", "3、{}："])
def test_a_label_with_a_number_or_a_mark_is_that_label(change):
    labels = {item.label for item in FORMS[0].fields}
    data = retyped(TEAM, lambda text: change.format(text) if text in labels else text)
    assert content(data).drafts[0].body == content(form(TEAM)).drafts[0].body


@pytest.mark.parametrize("first", [True, False])
def test_a_part_that_is_there_twice_is_told(first):
    other = form(PERSON | {"people_lifted": "9999"})
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(form(PERSON))) as source,
        zipfile.ZipFile(io.BytesIO(other)) as old,
        zipfile.ZipFile(buffer, "w") as target,
    ):
        for name in source.namelist():
            twins = [source.read(name), old.read(name)] if name == "word/document.xml" else []
            for data in twins[:: 1 if first else -1] or [source.read(name)]:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    target.writestr(name, data)
    got = content(buffer.getvalue())
    assert [draft.body.people_lifted for draft in got.drafts] == [1200 if first else 9999]
    assert "duplicate_entry" in {finding.code for finding in got.findings}


@pytest.mark.parametrize("field", ["people_lifted", "service_days", "office_phone", "postcode"])
@pytest.mark.parametrize("value", ["60", ""])
def test_a_column_that_no_form_has_is_no_part_of_the_value_before_it(field, value):
    document = docx.Document(io.BytesIO(form(PERSON)))
    (label,) = (one.label for one in INDIVIDUAL_FORM.fields if one.name == field)
    cells = [cell for row in document.tables[0].rows for cell in row.cells]
    place = next(index for index, cell in enumerate(cells) if cell.text == label) + 1
    for text in (value, "其他联系号"):
        added = copy.deepcopy(cells[place]._tc)
        cells[place]._tc.addnext(added)
        _Cell(added, cells[place]._parent).text = text
    plain = content(form(PERSON)).drafts[0].body
    (draft,) = content(saved(document)).drafts
    assert getattr(draft.body, field) == getattr(plain, field)
    if value:
        assert "ambiguous" in {one.code for one in draft.findings if one.field == field}
