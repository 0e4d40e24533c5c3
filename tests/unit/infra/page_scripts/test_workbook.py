"""A workbook that a written page makes by itself, opened by openpyxl."""

import io

import pytest
from openpyxl import load_workbook

from kjfp_helpers.infra.page_scripts.table_script import FOLDER
from support.pages.page_modules import PageModules

pytestmark = pytest.mark.node
TEXTS = ["=1+1", "<b>&\"'", "011", "13812345678", "多行\n第二行", "\x07响", ""]
FIGURES = {"1,234": 1234, "-5": -5, "83.60": 83.6, "115.1%": 1.151, "0": 0}


def test_what_looks_like_a_figure_is_one_and_all_else_stays_text(tmp_path):
    rows = [[text, figure] for text, figure in zip(TEXTS, [*FIGURES, "—", "1,2"], strict=True)]
    sheets = [
        {"title": title, "heads": ["文字", "数"], "rows": rows}
        for title in ("发现：[一]/二", "") * 2
    ]
    page = PageModules(tmp_path / "table", FOLDER)
    made = page.map(
        'import { writeWorkbook } from "./workbook.js";',
        "(sheets) => writeWorkbook(sheets).flatMap((part) => [...part])",
        [sheets],
    )
    book = load_workbook(io.BytesIO(bytes(made[0])))
    assert book.sheetnames == ["发现： 一  二", "表", "发现： 一  二 2", "表 2"]
    for sheet in book:
        cells = list(sheet.iter_rows(min_row=2))
        assert [row[0].value or "" for row in cells] == [text.replace("\x07", "") for text in TEXTS]
        assert {row[0].data_type for row in cells} <= {"s", "inlineStr", "n"}
        assert [row[1].value for row in cells] == [*FIGURES.values(), "—", "1,2"]
        assert cells[3][1].number_format.endswith("%") and sheet["A1"].font.bold
