"""Workbooks with several sheets, tables, years and columns: the total, or a question."""

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from kjfp_helpers.intake.documents.docx.reader import read_docx
from kjfp_helpers.intake.documents.grid_model import grid_from_csv, grids_from_document
from kjfp_helpers.intake.documents.workbooks.reader import read_legacy_workbook, read_xlsx
from kjfp_helpers.intake.file_reader import read_file_content
from kjfp_helpers.intake.files.ooxml_package import OfficePackage
from kjfp_helpers.intake.stocktake.stocktake_reader import read_stocktake
from support.forms.sample_files import saved, the_round
from support.forms.stocktake_books import (
    EXAMPLE,
    FIRST,
    NAMES,
    SECOND,
    TOTAL,
    VARIANTS,
    data_of,
    flat,
    table,
    workbook,
)

LOST_BY_LIBREOFFICE = {
    "xls": ("scaled_by_format",),
    "ods": ("scaled_by_format", "hidden_by_format", "thousands_hidden"),
}
"""Number formats that LibreOffice does not know, or saves as the text that they show."""


def figures(body):
    return [getattr(body, name) for name in NAMES]


def check(variant, got):
    assert got is not None, variant.name
    codes = {finding.code for finding in got.findings}
    assert not variant.code or variant.code in codes, variant.name
    if variant.figures is not None:
        assert figures(got.body) == list(variant.figures), variant.name
        return
    asked = {finding.field for finding in got.findings if finding.code == "ambiguous"}
    for name, value, right in zip(NAMES, figures(got.body), flat(TOTAL), strict=True):
        assert name in asked or value == right, (variant.name, name)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_the_total_is_read_or_a_question_is_asked(variant):
    data = data_of(variant)
    check(variant, read_stocktake(read_xlsx(OfficePackage(data), data)))


@pytest.mark.slow
@pytest.mark.libreoffice
@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_old_formats_are_read_as_the_new_one(ending, office_convert, tmp_path):
    for variant in VARIANTS:
        (tmp_path / f"{variant.name}.xlsx").write_bytes(data_of(variant))
    office_convert(ending, tmp_path, *sorted(tmp_path.glob("*.xlsx")))
    for variant in VARIANTS:
        if variant.name not in LOST_BY_LIBREOFFICE[ending]:
            data = (tmp_path / f"{variant.name}.{ending}").read_bytes()
            check(variant, read_stocktake(read_legacy_workbook(data)))


def word_tables(*tables):
    document = Document()
    document.add_paragraph("“两数”盘点表")
    for title, pairs in tables:
        document.add_paragraph(title)
        if pairs is None:
            continue
        rows = table(pairs)[2:]
        grid = document.add_table(len(rows), 3)
        for cells, row in zip(grid.rows, rows, strict=True):
            for cell, value in zip(cells.cells, row, strict=True):
                cell.text = str(value)
    return grids_from_document(read_docx(OfficePackage(saved(document))))


def test_of_several_tables_in_a_letter_the_one_captioned_as_total_counts():
    got = read_stocktake(word_tables(("2017年", FIRST), ("2018年", SECOND), ("合计", TOTAL)))
    assert figures(got.body) == flat(TOTAL)


@pytest.mark.parametrize(
    "heading", ["“两数”任务目标完成情况汇总表", "“两数”盘点汇总表", "全省累计完成情况报告"]
)
def test_a_heading_over_all_tables_makes_none_of_them_the_total(heading):
    got = read_stocktake(word_tables((heading, None), ("2017年", FIRST), ("2018年", SECOND)))
    assert figures(got.body) == [None] * 6
    rows = [[heading], *table(FIRST, title="2017年"), *table(SECOND, title="2018年")]
    data = saved(workbook([("盘点表", rows)]))
    got = read_stocktake(read_xlsx(OfficePackage(data), data))
    assert figures(got.body) == [None] * 6


def test_a_sample_above_the_own_table_does_not_count():
    got = read_stocktake(word_tables(("填写示例", EXAMPLE), ("本省填报", TOTAL)))
    assert figures(got.body) == flat(TOTAL)


def test_tables_of_years_in_a_letter_are_no_figure():
    got = read_stocktake(word_tables(("2017年", FIRST), ("2018年", SECOND)))
    assert figures(got.body) == [None] * 6
    asked = [finding for finding in got.findings if finding.code == "ambiguous"]
    assert len(asked) == 6
    assert "700" in asked[5].found and "2700" in asked[5].found


def test_tables_one_below_the_other_in_a_csv_are_no_figure():
    rows = [*table(FIRST, title="2017年"), *table(SECOND, title="2018年")]
    text = "\n".join(",".join(str(value) for value in row) for row in rows)
    got = read_stocktake([grid_from_csv(text, "盘点.csv")])
    assert figures(got.body) == [None] * 6


def test_a_question_names_every_candidate_with_its_place():
    data = data_of(next(variant for variant in VARIANTS if variant.name == "years"))
    got = read_stocktake(read_xlsx(OfficePackage(data), data))
    found = [one.found for one in got.findings if one.field == "people_done"]
    assert found == [
        "分列“2017年”“2018年”2张表，没有标明合计：2017年!C6（带动建档立卡贫困户脱贫人数 完成数）为700、"
        "2018年!C6（带动建档立卡贫困户脱贫人数 完成数）为2700"
    ]


FIGURES = st.lists(st.tuples(st.integers(1, 10**5), st.integers(1, 10**5)), min_size=3, max_size=3)


@settings(max_examples=25, deadline=None)
@given(st.lists(FIGURES, min_size=2, max_size=4), st.permutations(["总", "分"]))
def test_no_order_of_sheets_makes_a_part_the_total(parts, order):
    whole = [tuple(sum(part[row][at] for part in parts) for at in (0, 1)) for row in range(3)]
    sheets = {
        "分": [(f"{2016 + at}年", table(part)) for at, part in enumerate(parts)],
        "总": [("合计", table(whole))],
    }
    data = saved(workbook([sheet for kind in order for sheet in sheets[kind]]))
    got = read_stocktake(read_xlsx(OfficePackage(data), data))
    assert figures(got.body) == flat(whole)


def test_a_text_with_tabs_is_a_table():
    rows = table(TOTAL)
    words = "\n".join("\t".join(map(str, row)) for row in rows).encode("gbk")
    notice = the_round().notice
    content = read_file_content("text", None, words, "盘点表.txt", archived=False, notice=notice)
    assert [getattr(content.drafts[0].body, name) for name in NAMES] == flat(TOTAL)
