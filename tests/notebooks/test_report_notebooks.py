"""The report notebooks keep the house rules of notebooks."""

import ast

import nbformat
import pytest

from kjfp_helpers.reports.report_types import REPORT_TYPES
from support.project import NOTEBOOKS

REPORTS = [NOTEBOOKS / kind.notebook for kind in REPORT_TYPES]
FORBIDDEN = (
    ast.FunctionDef,
    ast.ClassDef,
    ast.If,
    ast.For,
    ast.While,
    ast.Try,
    ast.With,
    ast.Lambda,
)


@pytest.fixture(params=REPORTS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def test_it_begins_with_a_numbered_title_and_says_what_to_do(notebook):
    assert notebook.cells[0].source.startswith(("# 0", "# 1"))
    assert "本页任务：" in notebook.cells[0].source and "异常处理" in notebook.cells[0].source
    assert "这是模板，还不是报告" in notebook.cells[0].source


def test_there_is_one_parameters_cell_and_every_line_is_explained(notebook):
    (cell,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    assert all("  # " in line for line in cell.source.splitlines())


def test_cells_are_short_hidden_and_without_logic_or_output(notebook):
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        assert len(cell.source.splitlines()) <= 8
        assert cell.metadata["jupyter"]["source_hidden"] and not cell.outputs
        assert not any(isinstance(node, FORBIDDEN) for node in ast.walk(ast.parse(cell.source)))
