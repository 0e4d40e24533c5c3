"""The engine's notebooks are those of papermill's own, cell by cell; where a run is stopped, truer."""

import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.processes import engine_cases
from support.processes.engine_cases import LIMITED, NOTEBOOKS
from support.project import PROJECT

pytestmark = pytest.mark.slow

LONGEST_CELL = 60
"""Seconds, far over what any cell of the cases takes; both engines write the notebook after each."""
LATE = ("tired", "chatty", "stuck")
STOPPED = ("dies", "killed", *LATE)
ALIKE = tuple(name for name in NOTEBOOKS if name not in STOPPED and name not in LIMITED)
CHANCE = (
    (r"0x[0-9a-f]{6,}", "ADDRESS"),
    (r"ipykernel_\d+", "FILE"),
    (r"\b[0-9a-f]{32}\b", "ID"),
    (r"\d+(\.\d+)?(e\+\d+)? (ns|μs|us|ms|s)\b", "TIME"),
    (r"/(kjfp|nbclient)\d+/same\b", "FOLDER"),
)
"""What differs between two runs of papermill's own engine as well."""


def _start(folder, engine, names, **environment):
    kept = {key: value for key, value in os.environ.items() if key != "PYTEST_CURRENT_TEST"}
    kept |= {"PWD_OF_TEST": str(folder), "PYTHONPATH": str(PROJECT), **environment}
    return subprocess.Popen(
        [sys.executable, engine_cases.__file__, str(folder), engine, *names],
        cwd=PROJECT,
        env=kept,
        stderr=subprocess.DEVNULL,
    )


def _ended(process, folder):
    """Wait for the process while cells get done; return False where it waits for ever."""
    while True:
        try:
            return process.wait(timeout=5) == 0
        except subprocess.TimeoutExpired:
            written = max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
            if time.time() - written > LONGEST_CELL:
                return False


def _run(folder, engine, names):
    """Run the cases; the stock engine waits for ever when a message is lost, and goes on anew."""
    for tries_left in (1, 0):
        process = _start(folder, engine, names)
        if _ended(process, folder):
            return
        process.kill()
        process.wait()
        assert engine == "nbclient" and tries_left, f"{engine} did not end"
        names = [name for name in names if not (folder / f"{name}.{engine}.json").exists()]


def _read(folder, engine, names):
    return {
        name: json.loads((folder / f"{name}.{engine}.json").read_text("utf-8")) for name in names
    }


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Every notebook on both engines, each engine in a process and a folder of its own."""
    folders = {engine: tmp_path_factory.mktemp(engine) / "same" for engine in ("kjfp", "nbclient")}
    names = {"kjfp": tuple(NOTEBOOKS), "nbclient": (*ALIKE, "tired")}
    for folder in folders.values():
        folder.mkdir()
    with ThreadPoolExecutor() as both:
        list(both.map(lambda engine: _run(folders[engine], engine, names[engine]), folders))
    return {engine: _read(folder, engine, names[engine]) for engine, folder in folders.items()}


def _told(cell):
    """Return what a cell shows, streams joined: how they are cut depends on the clock."""
    outputs = []
    for output in cell.get("outputs", ()):
        last = outputs[-1] if outputs else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["text"] = [*last["text"], *output["text"]]
        else:
            outputs.append(dict(output))
    for output in outputs:
        if "text" in output:
            output["text"] = "".join(output["text"])
    state = {key: cell["metadata"].get("papermill", {}).get(key) for key in ("status", "exception")}
    text = json.dumps(
        [cell["source"], outputs, cell.get("execution_count"), state], ensure_ascii=False
    )
    for pattern, word in CHANCE:
        text = re.sub(pattern, word, text)
    return text


@pytest.mark.parametrize("name", ALIKE)
def test_cells_outputs_and_errors_are_those_of_papermills_own_engine(runs, name):
    ours, stock = runs["kjfp"][name], runs["nbclient"][name]
    assert len(ours["cells"]) == len(stock["cells"])
    for mine, theirs in zip(ours["cells"], stock["cells"], strict=True):
        assert _told(mine) == _told(theirs)
    assert ours["raised"] == stock["raised"]
    assert ours["metadata"]["language_info"] == stock["metadata"]["language_info"]


def test_all_awkward_cells_were_run(runs):
    cells = [cell for cell in runs["kjfp"]["awkward"]["cells"] if cell["cell_type"] == "code"]
    states = [cell["metadata"]["papermill"]["status"] for cell in cells]
    assert len(cells) == len(NOTEBOOKS["awkward"]) and set(states) == {"completed"}
    assert max(len(json.dumps(cell["outputs"])) for cell in cells) > 11_000_000


def test_widgets_leave_their_state_as_papermill_leaves_it(runs):
    kinds = [
        sorted(
            model["model_name"]
            for kind in made["awkward"]["metadata"]["widgets"].values()
            for model in kind["state"].values()
        )
        for made in (runs["kjfp"], runs["nbclient"])
    ]
    assert kinds[0] == kinds[1] and "OutputModel" in kinds[0]


@pytest.mark.parametrize("name", STOPPED)
def test_a_stopped_notebook_says_where_and_why_and_what_was_never_run(runs, name):
    made = runs["kjfp"][name]
    error = "CellTimeoutError" if name in LATE else "DeadKernelError"
    assert made["raised"][0] == error
    code = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
    states = [cell["metadata"]["papermill"]["status"] for cell in code]
    assert states == ["completed", "failed", "pending"]
    assert code[1]["outputs"][-1]["ename"] == error
    assert code[2]["outputs"] == [] and code[2]["execution_count"] is None
    assert made["metadata"]["papermill"]["exception"] is True


def test_a_cell_whose_time_is_up_cleans_up_and_shows_where_it_was_as_under_papermills_own(runs):
    ours, stock = (runs[engine]["tired"] for engine in ("kjfp", "nbclient"))
    assert ours["raised"] == stock["raised"]
    mine, theirs = ours["cells"][2], stock["cells"][2]
    said = "".join("".join(one.get("text", ())) for one in theirs["outputs"])
    errors = [one["ename"] for one in theirs["outputs"] if "ename" in one]
    assert (said, errors) == ("begun\ncleaned up\n", ["KeyboardInterrupt"])
    assert mine["outputs"][-1]["ename"] == "CellTimeoutError"
    told = {**mine, "outputs": mine["outputs"][:-1], "metadata": theirs["metadata"]}
    assert _told(told) == _told(theirs)


@pytest.mark.parametrize("name", ("tired", "dies"))
def test_what_a_stopped_cell_had_said_is_kept(runs, name):
    cell = runs["kjfp"][name]["cells"][2]
    assert "begun" in "".join(cell["outputs"][0]["text"])


@pytest.mark.parametrize("name", LIMITED)
def test_a_notebook_that_takes_too_much_memory_fails_by_that_name(runs, name):
    raised = runs["kjfp"][name]["raised"]
    assert raised[0] == "PapermillExecutionError" and "MemoryError" in raised[1]


def test_where_nothing_is_forked_the_notebooks_are_the_same(runs, tmp_path_factory):
    names = ("awkward", "dies")
    folder = tmp_path_factory.mktemp("kjfp") / "same"
    folder.mkdir()
    assert _start(folder, "kjfp", names, NOTEBOOK_KERNELS_SPAWN="1").wait(timeout=300) == 0
    for name, made in _read(folder, "kjfp", names).items():
        forked = runs["kjfp"][name]
        assert [_told(cell) for cell in made["cells"]] == [_told(cell) for cell in forked["cells"]]
        assert made["raised"] == forked["raised"]


def test_papermills_command_knows_the_engine_by_its_entry_point(runs, tmp_path):
    import tomllib

    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    about = tmp_path / "kjfp_here-0.dist-info"
    about.mkdir()
    (group,) = project["entry-points"]
    lines = [f"{name} = {place}" for name, place in project["entry-points"][group].items()]
    (about / "entry_points.txt").write_text("\n".join([f"[{group}]", *lines]), "utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: kjfp-here\nVersion: 0\n")
    source, target = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    source.write_text(
        json.dumps(
            {
                "cells": [
                    {
                        "cell_type": "code",
                        "id": "a",
                        "metadata": {},
                        "execution_count": None,
                        "outputs": [],
                        "source": "type(get_ipython().kernel).__module__",
                    }
                ],
                "metadata": {
                    "kernelspec": {"name": "python3", "display_name": "P", "language": "python"}
                },
                "nbformat": 4,
                "nbformat_minor": 5,
            }
        )
    )
    done = subprocess.run(
        [sys.executable, "-m", "papermill", "--engine", "kjfp", str(source), str(target)],
        env={**os.environ, "PYTHONPATH": f"{PROJECT}:{tmp_path}"},
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    (cell,) = json.loads(target.read_text("utf-8"))["cells"]
    assert "notebook_kernels" in cell["outputs"][0]["data"]["text/plain"][0]
