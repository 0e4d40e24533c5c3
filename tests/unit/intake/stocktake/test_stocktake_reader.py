import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from kjfp_helpers.core.form_schema import STOCKTAKE_ROWS, STOCKTAKE_TITLE
from kjfp_helpers.core.records import Stocktake
from kjfp_helpers.intake.documents.document_model import Unreadable
from kjfp_helpers.intake.documents.grid_model import format_cell_value
from kjfp_helpers.intake.documents.workbooks.reader import read_legacy_workbook, read_xlsx
from kjfp_helpers.intake.files.ooxml_package import OfficePackage
from kjfp_helpers.intake.stocktake.stocktake_reader import read_stocktake
from support.forms.sample_files import book, saved

GIVEN = [(10, 12), (100, 120), (2000, 2400)]


def stocktake(figures, unit="填报单位：贵州省科协"):
    rows = [[STOCKTAKE_TITLE], [unit], ["指标", "任务目标数", "实际完成数"]]
    return book(
        rows + [[label, *pair] for (_, label), pair in zip(STOCKTAKE_ROWS, figures, strict=True)]
    )


def read(data):
    return read_stocktake(read_xlsx(OfficePackage(data), data))


def test_figures_come_with_their_cells():
    got = read(stocktake([(10, 12), (100, 90), (2000, 2400)]))
    assert got.body == Stocktake(
        unit="贵州省科协",
        assoc_target=10,
        assoc_done=12,
        experts_target=100,
        experts_done=90,
        people_target=2000,
        people_done=2400,
    )
    assert (got.provenance["assoc_done"], got.findings) == ("盘点!C4", ())


@pytest.mark.parametrize(("done", "is_asked"), [((1, 2, 3), True), ((1, 3, 2), False)])
def test_a_column_that_counts_its_rows_is_asked_about(done, is_asked):
    pairs = [(target, one) for (target, _), one in zip(GIVEN, done, strict=True)]
    asked = {one.field for one in read(stocktake(pairs)).findings if one.code == "ambiguous"}
    assert asked == ({"assoc_done", "experts_done", "people_done"} if is_asked else set())


def test_blank_is_none_and_zero_is_zero():
    got = read(stocktake([(10, None), (100, 0), (2000, "——")]))
    assert (got.body.assoc_done, got.body.experts_done, got.body.people_done) == (None, 0, None)
    assert got.provenance["assoc_done"] == "盘点!C4"
    assert got.findings == ()


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("12", 12, None),
        ("12人", 12, "numeric_cell"),
        ("约12", 12, "approx"),
        (12.5, None, "numeric_cell"),
        (-3, None, "numeric_cell"),
        (True, None, "numeric_cell"),
        ("已完成", None, "ambiguous"),
    ],
)
def test_words_in_a_figures_cell_are_found(cell, value, code):
    got = read(stocktake([(10, 12), (100, cell), (2000, 2400)]))
    assert got.body.experts_done == value
    assert [(one.code, one.field, one.place) for one in got.findings] == (
        [(code, "experts_done", "盘点!C5")] if code else []
    )


def test_another_workbook_is_none():
    assert read(book([["姓名", "电话"], ["甲", 1]])) is None


def test_a_broken_workbook_is_unreadable():
    from support.forms.sample_files import archive

    data = archive({"xl/workbook.xml": b"<workbook", "[Content_Types].xml": b"<x/>"})
    with pytest.raises(Unreadable):
        read_xlsx(OfficePackage(data), data)


UNIT = "贵州省科协"
LABELS = st.tuples(
    st.sampled_from(
        ["支持建设农技协数（个）", "支持建设农技协（联合会）数", "1.支持建设农技协", "农技协建设数"]
    ),
    st.sampled_from(["组织动员专家数（人）", "组织动员专家人数", "2、动员科技专家"]),
    st.sampled_from(["带动建档立卡贫困户脱贫人数（人）", "带动脱贫人数", "3.带动贫困人口脱贫数"]),
)
HEADS = st.sampled_from(
    [
        ("任务目标数", "实际完成数"),
        ("目标任务", "完成情况"),
        ("计划数", "已完成"),
        ("2016-2020年目标", "截至2020年6月底完成"),
    ]
)
FIGURES = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=3, max_size=3)


def filled(rows, merged=()):
    workbook = Workbook()
    sheet = workbook.active
    for row in rows:
        sheet.append(row)
    for block in merged:
        sheet.merge_cells(block)
    return saved(workbook)


def in_rows(labels, heads, figures):
    """As the office prints it, with a number before and a rate behind."""
    rows = [["序号", "指标", *heads, "完成率"]]
    rows += [
        [at, label, *pair, "98%"]
        for at, (label, pair) in enumerate(zip(labels, figures, strict=True), start=1)
    ]
    return filled([[STOCKTAKE_TITLE], ["填报单位", UNIT], *rows])


def in_columns(labels, heads, figures):
    rows = [[head, *(pair[at] for pair in figures)] for at, head in enumerate(heads)]
    return filled([[f"填报单位：{UNIT}"], ["项目", *labels], *rows, ["完成率", *["98%"] * 3]])


def under_two_heads(labels, heads, figures):
    top = ["单位", *(cell for label in labels for cell in (label, None))]
    rows = [
        [STOCKTAKE_TITLE],
        top,
        [None, *heads * 3],
        [UNIT, *(one for pair in figures for one in pair)],
    ]
    return filled(rows, ["A2:A3", "B2:C2", "D2:E2", "F2:G2"])


def under_two_loose_heads(labels, heads, figures):
    return filled(
        [
            ["单位", *(cell for label in labels for cell in (label, None))],
            [None, *heads * 3],
            [UNIT, *(one for pair in figures for one in pair)],
        ]
    )


def one_below_the_other(labels, heads, figures):
    rows = [
        [label if not at else None, head, pair[at]]
        for label, pair in zip(labels, figures, strict=True)
        for at, head in enumerate(heads)
    ]
    return filled([["单位名称", UNIT], ["类别", "项", "数量"], *rows], ["A3:A4", "A5:A6", "A7:A8"])


def with_a_total(labels, heads, figures):
    head = [f"{label.partition('（')[0]}{word}" for label in labels for word in heads]
    whole = [one for pair in figures for one in pair]
    return filled(
        [
            ["填报单位", UNIT],
            ["地区", *head],
            ["甲市", *whole],
            ["乙市", *[0] * 6],
            ["合计", *whole],
        ]
    )


LAYOUTS = (
    in_rows,
    in_columns,
    under_two_heads,
    under_two_loose_heads,
    one_below_the_other,
    with_a_total,
)


def test_two_columns_under_one_head_are_asked_about_though_it_is_not_merged():
    rows = [
        ["指标", "任务目标数", "实际完成数", None],
        [None, None, "上报", "认定"],
        *(["支持建设农技协数（个）", 20, 18, 23], ["组织动员专家数（人）", 260, 229, 287]),
        ["带动建档立卡贫困户脱贫人数（人）", 5200, 4904, 6130],
    ]
    parsed = read(filled(rows))
    assert (parsed.body.assoc_target, parsed.body.assoc_done) == (20, None)
    asked = {finding.field for finding in parsed.findings if finding.code == "ambiguous"}
    assert asked == {"assoc_done", "experts_done", "people_done"}


@pytest.mark.parametrize(
    ("heads", "said"),
    [
        (("上报完成数", "核实完成数"), "“上报完成数”“核实完成数”2处，没有标明以何为准"),
        (("上报数", "核实数"), "“上报数”“核实数”2处，没有标明以何为准"),
        (("自查数", "认定数"), "“自查数”“认定数”2处，没有标明以何为准"),
        (("2018年完成", "2019年完成"), "“2018年完成”“2019年完成”2处，没有标明合计"),
    ],
)
def test_a_question_on_two_columns_names_them_and_what_they_lack(heads, said):
    rows = [
        ["指标", "任务目标数", *heads],
        *(["支持建设农技协数（个）", 20, 18, 23], ["组织动员专家数（人）", 260, 229, 287]),
    ]
    parsed = read(filled(rows))
    (finding,) = [one for one in parsed.findings if one.field == "assoc_done"]
    assert finding.found.partition("：")[0] == f"分列{said}"


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=15, deadline=None)
@given(labels=LABELS, heads=HEADS, figures=FIGURES)
def test_figures_are_found_however_the_table_is_laid_out(layout, labels, heads, figures):
    got = read(layout(labels, heads, figures))
    found = [
        getattr(got.body, f"{name}_{suffix}")
        for name, _ in STOCKTAKE_ROWS
        for suffix in ("target", "done")
    ]
    assert (found, got.body.unit, got.findings) == (
        [one for pair in figures for one in pair],
        UNIT,
        (),
    )


def test_rows_without_a_total_are_no_figure():
    head = [
        f"{label}{word}"
        for label in ("农技协数", "专家数", "脱贫人数")
        for word in ("目标", "完成")
    ]
    got = read(filled([["地区", *head], ["甲市", 1, 2, 3, 4, 5, 6], ["乙市", 1, 2, 3, 4, 5, 6]]))
    assert got.body == Stocktake() and {one.code for one in got.findings} == {"ambiguous"}


@pytest.mark.parametrize(
    ("label", "value", "read_as"),
    [
        ("带动脱贫人数（万人）", 0.24, 2400),
        ("带动脱贫户数（户）", 600, None),
        ("组织动员专家（人次）", 90, 90),
    ],
)
def test_another_measure_than_the_forms_own_is_told(label, value, read_as):
    labels = (
        ["支持建设农技协数", "动员专家数", label]
        if "脱贫" in label
        else ["支持建设农技协数", label, "脱贫人数"]
    )
    got = read(in_rows(labels, ("目标数", "完成数"), [(1, 2), (3, value), (5, value)]))
    name = "people_done" if "脱贫" in label else "experts_done"
    assert getattr(got.body, name) == read_as
    assert ("unit_mismatch", name) in {(one.code, one.field) for one in got.findings}


def picture_book(rows, spot):
    import openpyxl
    from openpyxl.drawing.image import Image

    from support.forms.sample_files import picture

    workbook = openpyxl.Workbook()
    for cells in rows:
        workbook.active.append(cells)
    workbook.active.add_image(Image(io.BytesIO(picture())), spot)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


@pytest.mark.libreoffice
def test_a_picture_belongs_to_the_cell_it_lies_in_or_behind(office_convert, tmp_path):
    books = {
        spot: picture_book([["推荐意见", "同意"], ["单位", "盖章"]], spot)
        for spot in ("B2", "F2", "B9")
    }
    for spot, data in books.items():
        (tmp_path / f"{spot}.xlsx").write_bytes(data)
    office_convert("xls", tmp_path, *tmp_path.glob("*.xlsx"))
    for spot, data in books.items():
        old = (tmp_path / f"{spot}.xls").read_bytes()
        for grids in (read_xlsx(OfficePackage(data), data), read_legacy_workbook(old)):
            shown = [one.location for grid in grids for one in grid.cells if one.picture_count]
            assert shown == ["Sheet!B2"]


def test_a_number_of_eighteen_digits_is_shown_as_the_sheet_shows_it():
    assert format_cell_value(1.30624197503124516e17) == "130624197503125000"
    assert format_cell_value(12.0) == "12"


@pytest.mark.parametrize("unit", ["贵州省科学技术协会", "中国农村专业技术协会", "中国农技协"])
def test_a_unit_whose_name_sounds_like_a_label_is_the_unit(unit):
    by_line = [["盘点表"], ["填报单位", unit]] + [
        [f"{label}{head}", figure]
        for (_, label), pair in zip(STOCKTAKE_ROWS, GIVEN, strict=True)
        for head, figure in zip(("目标数", "完成数"), pair, strict=True)
    ]
    in_one_row = [
        ["单位", *(word for _, label in STOCKTAKE_ROWS for word in (label, None))],
        [None, *("目标", "完成") * 3],
        [unit, *(figure for pair in GIVEN for figure in pair)],
    ]
    for rows in (by_line, in_one_row):
        got = read(book(rows))
        assert got.body.unit == unit
        assert (got.body.assoc_target, got.body.people_done) == (GIVEN[0][0], GIVEN[2][1])


@pytest.mark.parametrize(
    ("measure", "told", "done"), [("万人", ["unit_mismatch"] * 2, 24_000_000), ("人", [], 2400)]
)
def test_a_measure_in_a_column_of_its_own_holds_for_its_row(measure, told, done):
    measures = ("个", "人", measure)
    rows = [["指标", "单位", "目标数", "完成数"]] + [
        [label, said, *pair]
        for (_, label), said, pair in zip(STOCKTAKE_ROWS, measures, GIVEN, strict=True)
    ]
    got = read(book(rows))
    assert (got.body.unit, got.body.people_done) == (None, done)
    assert [one.code for one in got.findings] == told


def test_a_line_beside_the_table_names_the_unit():
    data = stocktake(GIVEN, unit="")
    grids = read_xlsx(OfficePackage(data), data)
    got = read_stocktake(grids, ["盘点表", "填报单位：贵州省科协    填报时间：2020年7月"])
    assert got.body.unit == "贵州省科协"


def test_households_beside_persons_and_parts_beside_the_whole_are_left_out():
    rows = [["盘点表"], ["指标", "目标数", "完成数"]]
    for (_, label), pair in zip(STOCKTAKE_ROWS, GIVEN, strict=True):
        rows.append([label, *pair])
    rows.insert(2, ["对接建档立卡贫困户数（户）", 40, 50])
    rows.append(["其中：省级专家数", 1, 2])
    got = read(book(rows))
    assert (got.body.experts_done, got.body.people_target, got.body.people_done) == (
        120,
        2000,
        2400,
    )
    assert got.findings == ()


@pytest.mark.parametrize(("total", "told"), [("累计完成", []), (None, ["ambiguous"] * 3)])
def test_years_side_by_side_need_their_sum(total, told):
    heads = ["指标", "目标数", "2018年完成", "2019年完成", *([total] if total else [])]
    rows = [["盘点表"], heads] + [
        [label, aim, 1, done - 1, *([done] if total else [])]
        for (_, label), (aim, done) in zip(STOCKTAKE_ROWS, GIVEN, strict=True)
    ]
    got = read(book(rows))
    assert got.body.people_done == (2400 if total else None)
    assert got.body.people_target == 2000
    assert [one.code for one in got.findings] == told


def test_a_question_on_associations_does_not_ask_for_people():
    got = read(stocktake([(10, "详见附件"), (100, "233/240"), (2000, 2400)]))
    assert {finding.field: finding.expected for finding in got.findings} == {
        "assoc_done": "一个整数",
        "experts_done": "一个整数",
    }


@pytest.mark.parametrize("years", [("2017年", "2018年"), (2017, 2018)])
@pytest.mark.parametrize("total", ["合计", "累计", ""])
def test_columns_headed_by_a_year_alone_are_results_and_their_total_counts(years, total):
    heads = ["指标", "任务目标数", *years, *([total] if total else [])]
    rows = [
        [label, 10, number, number + 1, *([2 * number + 1] if total else [])]
        for number, (_, label) in enumerate(STOCKTAKE_ROWS, start=5)
    ]
    got = read(book([[STOCKTAKE_TITLE], ["填报单位：贵州省科协"], heads, *rows]))
    done = (got.body.assoc_done, got.body.experts_done, got.body.people_done)
    assert done == ((11, 13, 15) if total else (None, None, None))
    asked = {one.field for one in got.findings if one.code == "ambiguous"}
    assert asked >= (set() if total else {"assoc_done", "experts_done", "people_done"})
