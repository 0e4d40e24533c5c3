from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook

from kjfp_helpers.core.state_labels import NOT_SENT
from kjfp_helpers.reports.office.stocktake.gap_letter import list_gap_letters, write_gap_letters
from kjfp_helpers.reports.office.stocktake.stocktake_workbook import write_stocktake_workbook
from kjfp_helpers.state import derive_state
from support.rounds.report_round import make_state


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    return make_state(tmp_path_factory.mktemp("stocktake") / "round", societies=6)


def rows_of(sheet):
    head, *rows = list(sheet.iter_rows(min_row=3, values_only=True))
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_workbook_holds_sums_figures_gaps_questions_and_corrections(state, tmp_path):
    path = tmp_path / "stocktake.xlsx"
    write_stocktake_workbook(state, path)
    book = load_workbook(BytesIO(path.read_bytes()))
    assert book.sheetnames == ["汇总", "明细", "缺口", "疑点", "数字互核", "更正记录"]
    totals = [row for row in rows_of(book["汇总"]) if row["范围"] == "全部单位"]
    table = state.screening.stocktake
    for row, name in zip(totals, ("assoc", "experts", "people"), strict=True):
        told = table[f"{name}_done"].notna()
        assert row["完成"] == table[f"{name}_done"].sum()
        assert row["目标（含未报）"] == table[f"{name}_target"].sum()
        assert row["目标（已报）"] == table.loc[told, f"{name}_target"].sum()
        assert (row["已报"], row["未报送"]) == (told.sum(), (~told).sum())
    figures = rows_of(book["明细"])
    assert len(figures) == 3 * len(state.round.units)
    silent = next(row for row in figures if row["情况"] == "未报送")
    assert silent["完成"] in (None, "—") and silent["单元格"] in (None, "")
    assert all(isinstance(row["完成率"], float) for row in figures if row["情况"] == "已完成")
    assert {row["情况"] for row in rows_of(book["缺口"])}.isdisjoint({"已完成"})
    assert book["明细"].conditional_formatting
    heads = [cell.value for cell in book["明细"][3]]
    edge = book["明细"].cell(3, heads.index("地区")).column_letter
    assert book["明细"].print_area.endswith(f"${edge}${book['明细'].max_row}")
    assert book["明细"].page_setup.orientation == "portrait"
    assert not book["明细"].cell(4, heads.index("来源文件") + 1).alignment.wrap_text
    assert book["明细"].cell(4, heads.index("单位") + 1).alignment.wrap_text


def test_a_gap_letter_holds_the_unit_s_own_figures_and_nobody_else_s(state, tmp_path):
    letters = {letter.unit.code: letter for letter in list_gap_letters(state)}
    files = write_gap_letters(state, tmp_path)
    assert len(files) == 2 * len(letters) > 0
    others = [unit.name for unit in state.round.units]
    for path in files[::2]:
        code = path.name.partition("-")[0]
        document = Document(path)
        text = "\n".join(p.text for p in document.paragraphs)
        cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
        page = path.with_suffix(".html").read_text("utf-8")
        own = state.round.unit_by_code[code].name
        assert own in text and own in page
        assert not any(name in text + page + "".join(cells) for name in others if name != own)
        assert all(cell in page for cell in cells)


def test_a_unit_without_target_and_stock_take_gets_a_reminder_and_no_gap_letter(state):
    table = state.screening.completeness.set_index("unit")["stocktake"]
    silent = set(table[table == NOT_SENT].index)
    told = {letter.unit.code for letter in list_gap_letters(state)}
    assert silent and silent <= told
    untargeted = replace(state.round, targets=())
    bare = derive_state(untargeted, state.submissions.original_intake, state.events)
    assert not silent & {letter.unit.code for letter in list_gap_letters(bare)}


def test_letters_no_longer_due_are_removed(state, tmp_path):
    (tmp_path / "99-任务缺口通知.docx").write_bytes(b"")
    write_gap_letters(state, tmp_path)
    assert not (tmp_path / "99-任务缺口通知.docx").exists()
