"""A list of people is no nomination, whatever its format and heads; a form is no list."""

import docx
import pytest

from kjfp_helpers.core.form_schema import FORMS
from kjfp_helpers.intake.common.label_matching import fields_by_label
from kjfp_helpers.intake.common.text_cleanup import TRADITIONAL_SIGNS
from kjfp_helpers.intake.documents.document_model import Cell, Table
from kjfp_helpers.intake.file_reader import read_file_content
from kjfp_helpers.intake.files.file_types import detect_format
from kjfp_helpers.intake.forms.people_lists import is_people_list
from support.forms.form_layouts import LAYOUTS
from support.forms.form_samples import sample
from support.forms.people_list_files import ONE_ROW, list_files
from support.forms.sample_files import PERSON, TEAM, book, form, saved, the_round
from support.forms.word_files import package

FILES = {one.name: one for one in list_files()}


def read(name, data):
    kind, opened = detect_format(data, name)
    return read_file_content(kind, opened, data, name, archived=False, notice=the_round().notice)


@pytest.mark.parametrize("name", FILES)
def test_a_list_nominates_nobody_and_its_names_are_told(name):
    content = read(name, FILES[name].data)
    assert content.drafts == () and content.kind == "people_list"
    listed = content.unclassified.body
    assert tuple(person.name for person in listed.people) == FILES[name].names
    (found,) = [finding.found for finding in content.findings if finding.code == "people_list"]
    if listed.nominees:
        assert all(person in found for person in FILES[name].names[:3])
    assert not any(word in str(content.findings) for word in ("199000", "11010119"))


@pytest.mark.parametrize(
    "name", [name for name in FILES if not name.startswith("untitled") and "." in name]
)
def test_only_a_list_that_says_so_lists_nominees(name):
    assert read(name, FILES[name].data).unclassified.body.nominees is FILES[name].nominees


@pytest.mark.parametrize("values", [TEAM, PERSON])
def test_a_form_is_no_list_and_a_list_behind_it_is_no_second_one(values):
    import io

    from docx import Document

    document = Document(io.BytesIO(form(values)))
    table = document.add_table(3, 5)
    rows = (
        ("序号", "姓名", "性别", "工作单位", "职务/职称"),
        ("1", "测试乙", "男", "某院", "研究员"),
    )
    for cells, row in zip(table.rows, (*rows, ("2", "测试丙", "女", "某院", "教授")), strict=True):
        for cell, value in zip(cells.cells, row, strict=True):
            cell.text = value
    content = read("推荐表.docx", saved(document))
    (draft,) = content.drafts
    assert draft.body.people_lifted == 1200
    assert getattr(draft.body, "name", "测试丁") == "测试丁"


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_no_layout_of_a_form_is_taken_for_a_list(layout):
    import random

    from kjfp_helpers.core.form_schema import FORMS

    for schema in FORMS:
        data = package(layout(sample(schema, random.Random(layout.__name__))))
        assert [draft.kind for draft in read("a.docx", data).drafts] == [schema.kind]


def test_a_curriculum_vitae_is_no_nomination():
    rows = [
        ["个人简历"],
        ["姓名", "测试甲", "性别", "男", "民族", "汉"],
        ["出生年月", "1975.03", "政治面貌", "群众", "学历", "博士"],
        ["工作单位", "测试农科院", "职务/职称", "研究员", "联系方式", "19900001234"],
        ["Email", "a@example.com", "通讯地址", "测试路1号", "邮政编码", "550001"],
        ["教育经历", "1995年毕业于测试大学"],
        ["主要成果", "获测试省科技进步奖"],
    ]
    for title in ("个人简历", "专家信息表", "登记表"):
        rows[0] = [title]
        content = read(f"{title}.xlsx", book(rows))
        assert content.drafts == () and {one.code for one in content.findings} == {"unsorted"}


def table(*rows):
    """Return a table of texts."""
    return Table(
        1,
        tuple(
            Cell(1, row, column + 1, column, range(row, row + 1), text, 0)
            for row, cells in enumerate(rows, start=1)
            for column, text in enumerate(cells)
        ),
    )


@pytest.mark.parametrize("alter", [str, lambda text: text.replace(text[len(text) // 2], "奌", 1)])
def test_a_long_head_with_a_wrong_sign_or_in_old_form_is_a_head(alter):
    people = [(name, "无", "若干") for name in ("测试甲", "测试乙", "测试丙")]
    labels = {text for form in FORMS for text in fields_by_label(form)}
    for label in (text for text in labels if len(text) > 6 and text.isalpha()):
        old = "".join(TRADITIONAL_SIGNS.get(sign, sign) for sign in label)
        for head in (alter(label), alter(old)):
            assert is_people_list(table(("姓名", "备注", head), *people)), head
    sentence = "坚持深入田间地头手把手传授嫁接剪枝"
    assert not is_people_list(table(("姓名", "备注", sentence), *people))


@pytest.mark.parametrize(("title", "head"), ONE_ROW)
def test_a_single_row_under_the_title_of_a_list_is_a_list(title, head):
    labels = head.split()
    values = ["测试乙" if "姓名" in label else "30" for label in labels]
    document = docx.Document()
    document.add_paragraph(title)
    table = document.add_table(0, len(labels))
    for row in (labels, values):
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value
    for name, data in (
        ("a.docx", saved(document)),
        ("a.xlsx", book([[title], labels, values])),
    ):
        content = read(name, data)
        assert (content.drafts, content.kind) == ((), "people_list")
