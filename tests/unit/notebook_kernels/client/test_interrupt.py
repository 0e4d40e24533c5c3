"""A notebook that the user stops with Ctrl+C says so, at the cell that ran."""

import os
import signal
import subprocess
import sys
import time

import nbformat
import psutil
import pytest

from support.processes.engine_cases import notebook

pytestmark = pytest.mark.slow

CELLS = ["1", "print('begun', flush=True)\nopen('begun', 'w').close()\n{rest}", "2"]
CLEANS_UP = "try:\n    import time\n    time.sleep(60)\nfinally:\n    print('cleaned up')"
IGNORES = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(60)"


@pytest.fixture(params=[CLEANS_UP, IGNORES], ids=["cleans up", "ignores"])
def interrupted(request, tmp_path):
    """The notebook that papermill's command left when it was interrupted, and its rest."""
    cells = [cell.format(rest=request.param) for cell in CELLS]
    nbformat.write(notebook(cells), tmp_path / "in.ipynb")
    code = (
        "import papermill.cli\n"
        "from kjfp_helpers.reports.batch.notebook_runner import register_engine\n"
        "register_engine()\npapermill.cli.papermill()"
    )
    process = psutil.Popen(
        [sys.executable, "-c", code, "--engine", "kjfp", "in.ipynb", "out.ipynb"],
        cwd=tmp_path,
        stderr=subprocess.DEVNULL,
    )
    while not (tmp_path / "begun").exists():
        assert process.poll() is None
        time.sleep(0.05)
    started = process.children(recursive=True)
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(timeout=60) == 1
    left = psutil.wait_procs(started, timeout=10)[1]
    return nbformat.read(tmp_path / "out.ipynb", 4), request.param, left


def test_the_stopped_cell_says_that_it_was_interrupted_and_those_behind_it_are_pending(interrupted):
    made, rest, left = interrupted
    first, stopped, last = (cell for cell in made.cells if cell.cell_type == "code")
    states = [cell.metadata.papermill["status"] for cell in (first, stopped, last)]
    assert states == ["completed", "failed", "pending"]
    assert [one.ename for one in stopped.outputs if one.output_type == "error"] == [
        "KeyboardInterrupt"
    ]
    told = "".join(one.text for one in stopped.outputs if one.output_type == "stream")
    assert told == "begun\n" + "cleaned up\n" * (rest == CLEANS_UP)
    assert not last.outputs and made.metadata.papermill["exception"] is True
    assert not left, "processes outlive the command"
