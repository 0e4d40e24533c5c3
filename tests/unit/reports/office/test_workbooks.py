"""Workbooks: whole, safe, masked, set up for reading and printing, the same bytes each time."""

import os
import shutil
import subprocess
import sys
from datetime import datetime
from functools import cache

import openpyxl
import pytest
from docx import Document
from openpyxl.utils.cell import range_boundaries

from kjfp_helpers import reports
from kjfp_helpers.core.errors import OutputError
from kjfp_helpers.core.text_width import text_width
from kjfp_helpers.infra.page_scripts.table_script import page_script
from kjfp_helpers.reports.office.writers.xlsx_writer import (
    Column,
    Sheet,
    write_workbook,
)
from kjfp_helpers.state.secretary.publication_gates import open_questions
from support.project import PROJECT, TESTS
from support.rounds.busy_unit import make_busy
from support.rounds.report_round import FORMULA, PHONE, shared_state
from support.rounds.workbooks import unshared_styles

pytestmark = pytest.mark.slow

load_workbook = cache(openpyxl.load_workbook)
"""Read a book once; no test changes what it has read."""
WRITERS = ("write_register", "write_findings_workbook", "write_decision_workbook")


@pytest.fixture(scope="module")
def state():
    return shared_state()


@pytest.fixture(scope="module")
def books(state, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    for name in WRITERS:
        getattr(reports, name)(state, folder / f"{name}.xlsx")
    reports.write_public_notice(state, folder)
    return folder


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("busy")
    state = make_busy(folder / "round")
    reports.write_register(state, folder / "register.xlsx")
    reports.write_findings_workbook(state, folder / "findings.xlsx")
    return folder


def _rows(path, tab):
    """Return the rows of a sheet by heading."""
    _, _, heads, *rows = load_workbook(path)[tab].iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def _cells(folder):
    for path in sorted(folder.glob("*.xlsx")):
        for tab in load_workbook(path):
            for row in tab.iter_rows():
                yield from ((path.name, tab.title, cell) for cell in row if cell.value is not None)


def test_the_books_hold_the_sheets_an_office_asks_for(books):
    tabs = {name: load_workbook(books / f"{name}.xlsx").sheetnames for name in WRITERS}
    assert tabs["write_register"] == [
        "来件登记",
        "附件清单",
        "材料齐全表",
        "逾期登记",
        "网盘链接",
        "待认来件",
        "版本差异",
    ]
    assert tabs["write_findings_workbook"] == [
        "问题清单",
        "问题统计",
        "催报清单",
        "曾获表扬核对",
        "文字雷同",
    ]
    assert tabs["write_decision_workbook"] == [
        "要点",
        "入围先进团队",
        "入围先进个人",
        "候补",
        "全部排名",
        "决定与计算",
        "名单依据",
        "规则作用",
        "方法比较",
        "投票表决",
        "评委情况",
        "先进团队评分",
        "先进个人评分",
        "利害关系",
        "一致程度",
        "图示",
        "追溯团队",
        "追溯个人",
        "裁定与规则",
        "审计",
    ]


def test_the_register_lists_every_part_with_its_whole_hash_and_what_became_of_it(busy):
    rows = {
        (row["收件编号"], row["文件"].strip("　")): row
        for row in _rows(busy / "register.xlsx", "附件清单")
    }
    assert rows[3, "乙.docx"]["文件指纹（SHA-256）"] == "9" * 64
    assert rows[2, "乙.docx"]["采用情况"] == "已由第0003号来件替换"
    assert rows[1, "展览.zip"]["字节数"] == 5000 and rows[7, "丁.docx"]["单位"] == "未能辨认"


def test_the_register_says_how_late_by_which_header_and_ruling(busy):
    (row,) = _rows(busy / "register.xlsx", "逾期登记")
    assert (row["收件编号"], row["材料"], row["逾期（分钟）"]) == (1, "展览素材", 7)
    assert row["时间依据"] == "收件服务器时间" and row["依据条款"] == "第四部分"
    tab = load_workbook(busy / "register.xlsx")["逾期登记"]
    assert "含当日" in tab["A2"].value and "以收件服务器时间为准" in tab["A2"].value


def test_the_register_lists_links_unknown_senders_and_what_later_versions_changed(busy):
    (link,) = _rows(busy / "register.xlsx", "网盘链接")
    assert link["链接"] == "https://pan.example.com/s/1a"
    assert link["下载期限"].startswith("2020年7月20日前")
    (unknown,) = _rows(busy / "register.xlsx", "待认来件")
    assert unknown["收件编号"] == 7 and unknown["邮件主题"] == "请查收"
    changed = [
        row for row in _rows(busy / "register.xlsx", "版本差异") if row["栏目"] == "通讯地址"
    ]
    assert [(row["前件编号"], row["后件编号"], row["后件"]) for row in changed] == [(2, 3, "新址")]


def test_the_chase_list_names_every_unit_that_owes_and_its_letters(busy):
    rows = {row["代码"]: row for row in _rows(busy / "findings.xlsx", "催报清单")}
    assert len(rows) == 35
    assert rows["15"]["未收到的材料"] == "盘点表（第一部分）、工作总结（第二部分）"
    assert rows["15"]["应发信函"] == "15-收讫回执.docx、15-退回补正通知.docx、15-催报通知.docx"
    assert rows["11"]["来件数"] == 0 and rows["11"]["应发信函"] == "11-催报通知.docx"
    assert isinstance(rows["15"]["最近来件"], datetime) and rows["11"]["最近来件"] is None


def test_evidence_of_commendation_and_shared_passages_stand_side_by_side(busy, books):
    found = _rows(books / "write_findings_workbook.xlsx", "曾获表扬核对")
    assert {row["认定"] for row in found} <= {"相合", "待人工认定"} and len(found) > 50
    (pair,) = _rows(busy / "findings.xlsx", "文字雷同")
    assert {pair["名称或姓名"], pair["对方名称或姓名"]} == {"测试甲", "测试丙"}
    assert "手把手教农户" in pair["本件文字"] and "手把手教农户" in pair["对方文字"]


def test_the_lists_hold_exactly_twenty_and_fifty(books):
    book = load_workbook(books / "write_decision_workbook.xlsx")
    assert book["入围先进团队"].max_row == 3 + 20
    assert book["入围先进个人"].max_row == 3 + 50


def test_every_listed_name_is_traced_from_mail_to_list(state, books):
    for kind, tab in (("team", "追溯团队"), ("individual", "追溯个人")):
        steps = {}
        for row in _rows(books / "write_decision_workbook.xlsx", tab):
            steps.setdefault(row["个案"], []).append(row)
        listed = state.decision.shortlist.query(f"kind == '{kind}' and status == 'listed'")["case"]
        assert list(steps) == listed.tolist()
        for case, rows in steps.items():
            named = [row["步骤"] for row in rows]
            given = state.scores.tables.totals.query(f"case == '{case}'")
            assert named[:3] == ["来件", "推荐表", "读取值出处"] and named.count("评分") == len(
                given
            )
            assert named[-3:] == ["排名", "规则与名单", "记入台账"]
            assert state.screening.case_by_id[case].record.source in rows[1]["出处"]


def test_a_case_leads_to_its_trace_and_a_name_to_its_dossier(books):
    book = load_workbook(books / "write_decision_workbook.xlsx")
    for tab, trace in (("入围先进团队", "追溯团队"), ("入围先进个人", "追溯个人")):
        heads = [cell.value for cell in book[tab][3]]
        case, name = (heads.index(one) for one in ("个案", "名称或姓名"))
        for row in book[tab].iter_rows(min_row=4):
            place = row[case].hyperlink.location
            assert book[trace][place.rpartition("!")[2]].value == row[case].value
            assert row[name].hyperlink.target == f"reports/cases/{row[case].value}.html"


def test_every_sheet_bears_the_ledgers_head_and_the_rules_digest(state, books):
    last = state.events[-1]
    for tab in load_workbook(books / "write_decision_workbook.xlsx"):
        for words in (tab.oddFooter.left.text, tab["A2"].value):
            assert f"台账第{last.seq}条 {last.hash[:16]}" in words, tab.title
            assert state.round.digest[:16] in words


def test_certificate_says_of_every_name_what_it_hangs_on(state, books):
    rows = _rows(books / "write_decision_workbook.xlsx", "名单依据")
    listed = set(state.decision.shortlist.query("status in ['listed', 'reserve']")["case"])
    assert listed <= {row["个案"] for row in rows}
    assert all(row["去掉一位评委"].startswith("去掉") and row["规则使谁让位"] for row in rows)
    assert sum("的评分由" in row["单份改动"] for row in rows) >= 12
    assert all(row["换一种方法"] == "规则尚未冻结，不作比较" for row in rows)
    (row,) = _rows(books / "write_decision_workbook.xlsx", "方法比较")
    assert row["类别"] == "（无）"


def test_page_holds_the_same_and_needs_nothing_else(state, books):
    page = (books / "write_decision_workbook.html").read_text("utf-8")
    names = state.decision.shortlist.query("status == 'listed'")["case"]
    assert all(f'id="t-{case}"' in page and f'href="#t-{case}"' in page for case in names)
    assert (
        page.count("<script") == page.count(f'<script type="module">{page_script()}</script>') == 1
    )
    written = page.replace(page_script(), "")
    assert "http" not in written.replace("http://example.com", "").replace("http-equiv", "")
    assert page.count("data:image/png;base64,") == 4 and PHONE not in page
    assert not [row.name for row in state.round.panel if row.name in page]


def test_no_cell_is_a_formula_and_what_looks_like_one_is_marked_as_text(books):
    seen = 0
    for _, _, cell in _cells(books):
        assert cell.data_type != "f"
        if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")):
            assert cell.quotePrefix
            seen += 1
    assert seen > 0


def test_no_identity_and_no_phone_number_is_written(state, books):
    secret = {PHONE} | {
        case.nominee.id_number for case in state.screening.cases if case.kind == "individual"
    }
    text = "\n".join(str(cell.value) for _, _, cell in _cells(books))
    assert not [number for number in secret if number in text]
    assert FORMULA in text


def test_members_stand_under_neutral_numbers(state, books):
    text = "\n".join(
        str(cell.value) for name, _, cell in _cells(books) if name == "write_decision_workbook.xlsx"
    )
    assert "M01" in text
    assert not [row.name for row in state.round.panel if row.name in text]
    assert not [row.member for row in state.round.panel if row.member in text]


def test_every_sheet_is_a_table_frozen_titled_and_printed_at_8_points_or_more(books):
    for path in sorted(books.glob("*.xlsx")):
        book = load_workbook(path)
        assert book.properties.creator == "评审工作簿" and book.properties.title
        for tab in book:
            (table,) = tab.tables.values()
            heads = [cell.value for cell in tab[3]]
            assert [column.name for column in table.tableColumns] == heads
            assert table.ref.startswith("A3:") and table.autoFilter.ref == table.ref
            # 2.47 mm is a digit of DejaVu Sans, which stands in where there is no 宋体
            last = range_boundaries((tab.print_area or tab.dimensions).rpartition("!")[2])[2]
            widths = [one.width for one in tab.column_dimensions.values() if one.min <= last]
            across = sum(widths) * 2.47
            assert 11 * min(1, 274 / across) >= 8, (path.name, tab.title)
            assert tab.freeze_panes == "A4"
            assert "【演练】" in tab["A1"].value
            assert tab.print_title_rows == "$3:$3"
            assert tab.page_setup.fitToWidth == 1 and tab.page_setup.fitToHeight == 0
            assert "&P" in tab.oddFooter.center.text and "&N" in tab.oddFooter.center.text


def test_every_ruling_stands_in_the_book_with_the_digest_of_the_rules(state, books):
    tab = load_workbook(books / "write_decision_workbook.xlsx")["裁定与规则"]
    questions = {row[0].value for row in tab.iter_rows(min_row=4)}
    rulings = state.round.notice.ruling
    assert {getattr(rulings, name).question for name in rulings.applicable} <= questions
    assert state.round.digest in tab["A2"].value


@pytest.mark.parametrize("name", WRITERS)
def test_every_book_is_the_same_again_with_the_style_of_every_cell_set_by_itself(
    name, state, books, tmp_path, monkeypatch
):
    monkeypatch.setenv("TZ", "America/New_York")
    with unshared_styles():
        getattr(reports, name)(state, tmp_path / "slow.xlsx")
    assert (tmp_path / "slow.xlsx").read_bytes() == (books / f"{name}.xlsx").read_bytes()


NOTICE = """
from pathlib import Path
from kjfp_helpers import reports
from support.rounds.report_round import make_state
reports.write_public_notice(make_state(Path("round")), Path())
"""


def test_another_process_with_another_seed_and_clock_writes_the_same_notice(books, tmp_path):
    env = {"PYTHONHASHSEED": "9", "PYTHONPATH": f"{PROJECT}:{TESTS}", "TZ": "UTC9"}
    subprocess.run([sys.executable, "-c", NOTICE], check=True, cwd=tmp_path, env=os.environ | env)
    written = {path.name: path.read_bytes() for path in tmp_path.glob("publication.*")}
    assert written == {path.name: path.read_bytes() for path in books.glob("publication.*")}
    assert set(written) == {"publication.docx", "publication.xlsx"}


def test_missing_is_a_dash_among_texts_and_nothing_among_numbers_and_zero_is_zero(tmp_path):
    columns = [Column("a", "数", "#,##0"), Column("b", "文")]
    rows = [{"a": None, "b": float("nan")}, {"a": 0, "b": "甲\x00\x0b乙"}]
    write_workbook(tmp_path / "x.xlsx", [Sheet("表", "题", columns, rows)], rehearsal=False)
    tab = load_workbook(tmp_path / "x.xlsx")["表"]
    assert [tab["A4"].value, tab["B4"].value, tab["A5"].value, tab["B5"].value] == [
        None,
        "—",
        0,
        "甲乙",
    ]


def test_a_sheet_without_rows_still_opens(tmp_path):
    write_workbook(
        tmp_path / "x.xlsx", [Sheet("表", "题", [Column("a", "数")], [])], rehearsal=False
    )
    assert load_workbook(tmp_path / "x.xlsx")["表"]["A3"].value == "数"


def test_a_row_is_high_enough_for_every_line_of_its_cells(tmp_path):
    rows = [{"a": "一行\n二行\n三行"}, {"a": "一行"}]
    write_workbook(
        tmp_path / "x.xlsx", [Sheet("表", "题", [Column("a", "文")], rows)], rehearsal=False
    )
    heights = load_workbook(tmp_path / "x.xlsx")["表"].row_dimensions
    assert heights[4].height > 2.5 * heights[5].height


def test_a_link_and_a_code_stand_in_one_line_and_a_longer_name_is_no_link(tmp_path):
    rows = [
        {"code": "W0babbef8", "name": name, "to": "a.html", **dict.fromkeys("abcdef", "说明" * 40)}
        for name in ("安徽中药材产业演练服务团", "自治州农业科学院科技助力精准扶贫专家服务团")
    ]
    columns = [Column("code", "编号"), Column("name", "名称", link_key="to")]
    sheet = Sheet("表", "标题", [*columns, *(Column(key, key) for key in "abcdef")], rows)
    write_workbook(tmp_path / "links.xlsx", [sheet], rehearsal=False)
    tab = openpyxl.load_workbook(tmp_path / "links.xlsx")["表"]
    assert tab["B4"].hyperlink.target == "a.html"
    assert tab["B5"].hyperlink is None
    for cell in ("A4", "B4"):
        assert text_width(tab[cell].value) + 2 < tab.column_dimensions[cell[0]].width


def test_chinese_counts_two_columns():
    assert text_width("甲ab\n甲乙丙") == 6


def test_a_folder_that_is_a_file_is_an_error_a_clerk_can_read(tmp_path):
    (tmp_path / "out").write_text("")
    sheet = Sheet("表", "题", [Column("a", "数")], [])
    with pytest.raises(OutputError, match=r"x\.xlsx：应为可以写入"):
        write_workbook(tmp_path / "out" / "x.xlsx", [sheet], rehearsal=False)


def test_the_proposed_list_says_what_is_filled_open_and_who_stands_on_it(state, books, tmp_path):
    for name in ("a.docx", "b.docx"):
        reports.write_proposed_list(state, tmp_path / name)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    document = Document(tmp_path / "a.docx")
    text = "\n".join(line.text for line in document.paragraphs)
    assert "入围先进团队20个，名额20个，" in text and "入围先进个人50名，名额50名，" in text
    asked = open_questions(state)
    listed = state.decision.shortlist.query("status == 'listed'")["case"]
    assert f"未了结的问题：{sum(case in asked for case in listed)}件" in text
    assert [len(table.rows) - 1 for table in document.tables] == [20, 5, 50, 5]
    first = load_workbook(books / "write_decision_workbook.xlsx")["要点"][4]
    assert [cell.value for cell in first[:2]] == ["入围先进团队", "20/20个"]


@pytest.mark.libreoffice
def test_office_opens_and_prints_every_book(finished, office_convert, tmp_path):
    """Those of a small round: a page more of a long sheet tells nothing new, and is dear."""
    files = [path for ending in ("xlsx", "docx") for path in finished.glob(f"outputs/*.{ending}")]
    names = {path.name for path in files}
    books = {"shortlist", "register", "findings", "publication"}
    assert names >= {f"{name}.xlsx" for name in books} | {"publication.docx"}
    for number, path in enumerate(sorted(files)):  # two of one name would be one .pdf
        shutil.copy(path, tmp_path / f"{number}{path.suffix}")
    office_convert("pdf", tmp_path, *tmp_path.iterdir())
    assert len(list(tmp_path.glob("*.pdf"))) == len(files)
