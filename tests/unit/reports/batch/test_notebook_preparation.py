"""The prepared workbook: this round's parameters, nothing run, the same bytes each time."""

import nbformat
import pytest

from kjfp_helpers.core.errors import OutputError, ParameterError
from kjfp_helpers.reports.batch import notebook_preparation, notebook_runner

pytestmark = pytest.mark.slow

CELL = 'round_dir = "data/rehearsal"  # 轮次文件夹\noutputs_dir = "outputs/rehearsal"  # 输出文件夹'


@pytest.fixture
def notebooks(tmp_path):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for name, more in (("00_start", ""), ("04_scoring", '\nmember = "M01"  # 评委编号')):
        cell = nbformat.v4.new_code_cell(CELL + more, id="p", metadata={"tags": ["parameters"]})
        metadata = {"kernelspec": {"name": "python3", "language": "python", "display_name": "x"}}
        nbformat.write(
            nbformat.v4.new_notebook(cells=[cell], metadata=metadata), folder / f"{name}.ipynb"
        )
    return folder


def _injected(path):
    notebook = nbformat.read(path, as_version=4)
    values = {}
    exec(
        next(cell.source for cell in notebook.cells if cell.id == notebook_runner.INJECTED), values
    )
    return values


def _prepare(tmp_path, notebooks, members=("zj01",)):
    round_dir, outputs = tmp_path / "data" / "r", tmp_path / "outputs" / "r"
    round_dir.mkdir(parents=True, exist_ok=True)
    made = notebook_preparation.write_workbook_notebooks(round_dir, outputs, notebooks=notebooks)
    made += notebook_preparation.write_packet_notebooks(
        round_dir, outputs, members, notebooks=notebooks
    )
    return outputs, made


def test_copies_know_their_round_and_member_by_relative_paths(tmp_path, notebooks):
    outputs, made = _prepare(tmp_path, notebooks)
    assert [path.relative_to(outputs).as_posix() for path in made] == [
        "workbook/00_start.ipynb",
        "workbook/04_scoring.ipynb",
        "packets/zj01.ipynb",
    ]
    packet = _injected(outputs / "packets" / "zj01.ipynb")
    assert (packet["round_dir"], packet["outputs_dir"], packet["member"]) == (
        "../../../data/r",
        "..",
        "zj01",
    )
    assert "member" not in _injected(outputs / "workbook" / "04_scoring.ipynb")
    assert (outputs / "packets" / packet["round_dir"]).resolve() == tmp_path / "data" / "r"


def test_copies_are_the_same_bytes_each_time_and_hold_no_path(tmp_path, notebooks):
    _, made = _prepare(tmp_path, notebooks)
    first = [path.read_bytes() for path in made]
    _prepare(tmp_path, notebooks)
    assert [path.read_bytes() for path in made] == first
    assert not any(str(tmp_path).encode() in content for content in first)


def test_a_copy_that_holds_the_same_is_not_replaced_under_a_window_that_has_it_open(
    tmp_path, notebooks
):
    _, made = _prepare(tmp_path, notebooks)
    first = [(path.stat().st_ino, path.stat().st_mtime_ns) for path in made]
    _prepare(tmp_path, notebooks)
    assert [(path.stat().st_ino, path.stat().st_mtime_ns) for path in made] == first
    made[-1].write_text("{}")
    _prepare(tmp_path, notebooks)
    assert _injected(made[-1])["member"] == "zj01"


def test_a_notebook_with_another_parameter_name_is_refused(tmp_path, notebooks):
    path = notebooks / "00_start.ipynb"
    path.write_text(path.read_text("utf-8").replace("round_dir", "round_dri"), "utf-8")
    with pytest.raises(ParameterError, match="round_dri"):
        _prepare(tmp_path, notebooks)


def test_a_members_id_never_becomes_a_path(tmp_path, notebooks):
    with pytest.raises(OutputError, match=r"\.\./x"):
        _prepare(tmp_path, notebooks, members=("../x",))


def test_every_screen_of_the_product_is_prepared(tmp_path):
    round_dir, outputs = tmp_path / "data", tmp_path / "outputs"
    made = notebook_preparation.write_workbook_notebooks(round_dir, outputs)
    assert [path.name[:2] for path in made] == [
        *(f"{number:02}" for number in range(7)),
        "11",
        "12",
    ]
