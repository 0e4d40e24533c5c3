"""Notebooks run one after another in one process, on either engine.

    python tests/support/processes/engine_steps.py ENGINE < steps.json

leaves ``steps.json`` with the outputs. A step changes the environment (null takes a variable away) and files, then runs cells.
"""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from support.processes.engine_cases import notebook
from support.project import PROJECT, TESTS

ALLOWED = "raises-exception"


def run_steps(engine, steps, folder, **environment):
    """Return for each step its cells' outputs and status, and what was raised.

    Parameters
    ----------
    engine : str
        ``kjfp`` or ``nbclient``.
    steps : list of dict
        ``cells`` (as for ``engine_cases.notebook``), ``environment``, ``files``, ``settings``.
    folder : Path
        Where the process works.
    **environment
        Variables of the process, beside those of this one.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    done = subprocess.run(
        [sys.executable, __file__, engine],
        input=json.dumps(steps),
        cwd=folder,
        text=True,
        errors="replace",
        capture_output=True,
        check=False,
        timeout=300,
        env={
            **kept,
            "PYTHONPATH": f"{PROJECT}:{TESTS}",
            "PYTHONDONTWRITEBYTECODE": "1",
            **environment,
        },
    )
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "steps.json").read_text()), done.stderr


def run_both(steps, folder, more=(), **environment):
    """Return what the steps give on papermill's own engine and on this one, in equal folders.

    ``more`` steps follow on this engine only.
    """
    given = {"nbclient": steps, "kjfp": [*steps, *more]}
    folders = [folder / engine / "same" for engine in ("nbclient", "kjfp")]
    for one in folders:
        one.mkdir(parents=True)
    with ThreadPoolExecutor(2) as pool:
        made = pool.map(
            lambda one: run_steps(one.parent.name, given[one.parent.name], one, **environment)[0],
            folders,
        )
    return list(made)


def _outputs(cell):
    """Return what a cell shows, as pairs of kind and text; streams are joined, process ids masked."""
    shown = []
    for output in cell.get("outputs", ()):
        if output.output_type == "stream":
            pair = [output.name, output.text]
        elif output.output_type == "error":
            pair = [output.ename, output.evalue]
        else:
            pair = [output.output_type, output.data]
        if isinstance(pair[1], str):
            pair[1] = re.sub(r"ipykernel_\d+", "ipykernel_N", pair[1])
        if shown and output.output_type == "stream" and shown[-1][0] == pair[0]:
            shown[-1][1] += pair[1]
        else:
            shown.append(pair)
    return shown


def _run_step(engine, step):
    import nbformat
    import papermill

    for name, value in step.get("environment", {}).items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
    for name, text in step.get("files", {}).items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, "utf-8")
    cells = [tuple(cell) if isinstance(cell, list) else cell for cell in step["cells"]]
    nbformat.write(notebook(cells), "in.ipynb")
    raised = None
    try:
        papermill.execute_notebook(
            "in.ipynb",
            "out.ipynb",
            engine_name=engine,
            progress_bar=False,
            **step.get("settings", {}),
        )
    except Exception as error:
        raised = type(error).__name__
    cells = [
        cell
        for cell in nbformat.read("out.ipynb", 4).cells
        if cell.cell_type == "code" and "papermill-error-cell-tag" not in cell.metadata.tags
    ]
    return {
        "cells": [_outputs(cell) for cell in cells],
        "states": [cell.metadata.papermill["status"] for cell in cells],
        "raised": raised,
    }


def main():
    """Run the steps that are given."""
    from kjfp_helpers.reports.batch.notebook_runner import register_engine

    register_engine()
    made = [_run_step(sys.argv[1], step) for step in json.load(sys.stdin)]
    Path("steps.json").write_text(json.dumps(made))


if __name__ == "__main__":
    main()
