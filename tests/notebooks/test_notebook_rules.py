"""The rules for notebooks, held by parsing every notebook there is."""

import ast
import json
import re

import pytest

from kjfp_helpers.notebook_kernels.process.kernel_process import KernelPreload
from kjfp_helpers.panels.lab.screen_kernels import load_screens
from kjfp_helpers.reports.batch.notebook_runner import ENGINE, register_engine
from support.project import NOTEBOOKS
from support.rounds.panel_round import open_round, prepare

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
ANALYSIS = NOTEBOOKS / "11_explore.ipynb"
"""Its code is there to be read and changed."""
INTERACTIVE = [path for path in PATHS if path.name < "07" or path.name == "12_publication.ipynb"]
HAN = re.compile(r"[\u4e00-\u9fff]")
FORBIDDEN = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.If,
    ast.IfExp,
    ast.For,
    ast.While,
    ast.Try,
    ast.With,
    ast.ListComp,
    ast.DictComp,
    ast.SetComp,
    ast.GeneratorExp,
)

every = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)


def cells(path, kind=None):
    found = json.loads(path.read_text("utf-8"))["cells"]
    return [cell for cell in found if kind in (None, cell["cell_type"])]


def source(cell):
    return "".join(cell["source"])


def tags(cell):
    return cell["metadata"].get("tags", [])


def code(path):
    return [cell for cell in cells(path, "code") if "parameters" not in tags(cell)]


def test_notebooks_stand_in_reading_order():
    assert [path.name[:2] for path in INTERACTIVE] == [
        *("00", "01", "02", "03", "04", "05", "06", "12")
    ]


@every
def test_name_is_ascii_and_title_is_numbered_chinese(path):
    assert re.fullmatch(r"\d\d_[a-z_]+\.ipynb", path.name)
    first = source(cells(path)[0])
    assert re.match(rf"# {path.name[:2]}\s", first) and HAN.search(first.splitlines()[0])


@every
def test_says_what_to_do_and_what_on_failure(path):
    words = "".join(source(cell) for cell in cells(path, "markdown"))
    assert re.search(r"^本页任务：[^\n]+。$", words, re.M)
    assert "页面内容" in words and "异常处理" in words
    assert "```" not in words and "import" not in words


@every
def test_one_parameters_cell_each_line_commented_in_chinese(path):
    (cell,) = [cell for cell in cells(path) if "parameters" in tags(cell)]
    for line in source(cell).strip().splitlines():
        assert re.match(r"^[a-z_]+ = .+  # ", line) and HAN.search(line.split("#")[-1]), line


@every
def test_other_cells_are_one_call_and_one_display(path):
    for cell in code(path):
        lines = source(cell)
        assert len(lines.splitlines()) <= 8
        body = ast.parse(lines).body
        assert not [node for node in ast.walk(ast.parse(lines)) if isinstance(node, FORBIDDEN)]
        assert sum(isinstance(node, ast.Expr) for node in body) <= 1
        assert all(
            isinstance(node, (ast.Expr, ast.Assign, ast.Import, ast.ImportFrom)) for node in body
        )


@pytest.mark.parametrize("path", [p for p in PATHS if p != ANALYSIS], ids=lambda path: path.name)
def test_code_is_hidden_behind_a_blank_first_line(path):
    for cell in code(path):
        assert cell["metadata"].get("jupyter", {}).get("source_hidden") is True
        assert "hide-input" in tags(cell)
        assert source(cell).startswith("\n")


@every
def test_nothing_is_stored(path):
    book = json.loads(path.read_text("utf-8"))
    assert "widgets" not in book["metadata"]
    for cell in cells(path, "code"):
        assert cell["outputs"] == [] and cell["execution_count"] is None


def test_code_for_analysts_is_seen_and_can_be_changed():
    for cell in cells(ANALYSIS):
        assert cell["metadata"].get("editable", True)
        assert not cell["metadata"].get("jupyter", {}).get("source_hidden")


@pytest.mark.parametrize("path", INTERACTIVE, ids=lambda path: path.name)
def test_screens_cannot_be_deleted_by_a_stray_key(path):
    for cell in code(path):
        assert cell["metadata"]["deletable"] is False and cell["metadata"]["editable"] is False


def test_every_screen_is_linked_from_the_start():
    start = "".join(source(cell) for cell in cells(NOTEBOOKS / "00_start.ipynb", "markdown"))
    linked = re.findall(r"\((\d\d_[a-z]+\.ipynb)\)", start)
    assert linked == [path.name for path in (*INTERACTIVE[1:], ANALYSIS)]


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    root = tmp_path_factory.mktemp("notebooks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KJFP_HOME", str(root))
        yield open_round(root)


@pytest.mark.parametrize("path", INTERACTIVE, ids=lambda path: path.name)
def test_runs_through_papermill_on_a_small_round(path, session, tmp_path):
    """On papermill's own kernel the scoring page, on kernels as Lab forks them the others."""
    import papermill

    register_engine()
    forked = {"engine_name": ENGINE, "preload": KernelPreload(warm_up=load_screens)}
    member = {"member": "M01"} if "scoring" in path.name else {}
    given = {"round_dir": str(session.round.folder), "outputs_dir": str(session.outputs), **member}
    made = papermill.execute_notebook(
        path,
        tmp_path / path.name,
        given,
        cwd=prepare(path.name, session, **member).parent,
        progress_bar=False,
        request_save_on_cell_execute=False,
        store_widget_state=False,
        **({} if member else forked),
    )
    shown = [cell["outputs"] for cell in made["cells"] if cell["cell_type"] == "code"]
    assert sum(map(bool, shown)) == len(code(path))
    assert "widgets" not in made["metadata"]
    if member:
        stored = json.dumps(made, ensure_ascii=False)
        assert not any(
            case.id in stored or case.name in stored
            for case in session.current_state().screening.cases
        )
