"""A year driven by parameterized notebooks alone, run by papermill's own engine."""

import re

import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

from kjfp_helpers import commands
from kjfp_helpers.infra.output_lock import output_lock
from kjfp_helpers.state import RoundSession
from support.project import NOTEBOOKS
from support.state.recorded_scores import score

pytestmark = pytest.mark.slow


def run(name, folder, outputs, engine=None, **given):
    """Run a notebook by papermill's own engine or another; return what it printed and showed."""
    made = papermill.execute_notebook(
        NOTEBOOKS / name,
        None,
        {"round_dir": str(folder), "outputs_dir": str(outputs), **given},
        cwd=folder,
        engine_name=engine,
        kernel_name="python3",
        progress_bar=False,
        request_save_on_cell_execute=False,
    )
    shown = [output for cell in made.cells for output in cell.get("outputs", ())]
    return "\n".join(one.get("text", "") or str(one.get("data", "")) for one in shown)


@pytest.fixture(scope="module")
def year(rehearsal_copy, tmp_path_factory):
    """A small round with nothing but rules and mail."""
    root = tmp_path_factory.mktemp("year")
    folder = rehearsal_copy(root / "data" / "trial", units=6)
    outputs = root / "outputs" / "trial"
    notice = (folder / "notice.toml").read_text("utf-8")
    for old, new in (
        (r"teams = 20\n", "teams = 2\n"),
        (r"individuals = 50\n", "individuals = 3\n"),
        ('value = "adjusted"', 'value = "mean"'),
    ):
        notice = re.sub(old, new, notice, count=1)
    (folder / "notice.toml").write_text(notice, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KJFP_HOME", str(root))
        yield folder, outputs


def test_every_step_with_a_notebook_is_made_there_as_by_its_command(year):
    folder, outputs = year
    assert "收件：新读来件" in run("01_intake.ipynb", folder, outputs, produce=True)
    assert (outputs / "findings.xlsx").exists() and (outputs / "register.xlsx").exists()
    assert "分派：新分派" in run("00_start.ipynb", folder, outputs, produce=True)
    session = RoundSession.open(folder, outputs)
    score(session)
    session.close()
    with output_lock(outputs, "名单", "他人"), pytest.raises(PapermillExecutionError, match="他人"):
        run("05_results.ipynb", folder, outputs, produce=True)
    assert not (outputs / "shortlist.xlsx").exists(), "the lock holds for notebooks too"
    assert "草案" in run("05_results.ipynb", folder, outputs, produce=True)
    assert not (outputs / "publication.docx").exists(), "the gates hold for notebooks too"
    run("08_overall_report.ipynb", folder, outputs, produce=True)
    assert (outputs / "reports/unit/11.html").exists()
    run("06_exhibition.ipynb", folder, outputs, produce=True)
    session = RoundSession.open(folder, outputs)
    for step in (commands.register_mail, commands.shortlist, commands.exhibit):
        assert step(session, lambda done, total: None).made == 0, step
    assert commands.regenerate(session, lambda done, total: None).made == 0
    session.close()


@pytest.mark.parametrize(
    ("engine", "name", "given", "told"),
    [
        (None, "07_unit_report.ipynb", {"unti": "11"}, "是否要写“unit”"),
        ("kjfp", "07_unit_report.ipynb", {"unit": "99"}, "参数“unit”"),
        ("kjfp", "07_unit_report.ipynb", {"unit": 11, "audience": "boss"}, "参数“audience”"),
        ("kjfp", "05_results.ipynb", {"produce": "maybe"}, "参数“produce”为True 或 False"),
        ("kjfp", "12_publication.ipynb", {"produce": True}, "参数“day”：.*日期"),
        (None, "11_explore.ipynb", {"rounds": "x"}, "是否要写“round”"),
    ],
)
def test_an_unknown_or_impossible_parameter_is_refused_whoever_runs_the_notebook(
    year, engine, name, given, told
):
    with pytest.raises(PapermillExecutionError, match=told):
        if name.startswith("11"):
            papermill.execute_notebook(NOTEBOOKS / name, None, given, progress_bar=False)
        else:
            run(name, *year, engine, **given)
