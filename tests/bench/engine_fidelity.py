"""Notebooks of other projects on both engines: which outputs are alike, which differ and how.

    python tests/bench/engine_fidelity.py FOLDER... [--seconds N]

Runs every notebook below the folders, such as the unpacked sources of papermill and nbclient
(``pip download --no-deps --no-binary :all: papermill nbclient``), and some of the same kinds that
are built here, on papermill's own engine and on the project's. What differs between two runs of
papermill's own engine as well (addresses, ids, times, paths) is masked.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import nbformat

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS))

from support.processes.engine_cases import LIMITED, NOTEBOOKS, SETTINGS, notebook  # noqa: E402

CHANCE = (
    (r"0x[0-9a-f]{6,}", "ADDRESS"),
    (r"ipykernel_\d+", "FILE"),
    (r"\b[0-9a-f]{32}\b", "ID"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID"),
    (r"\d+(\.\d+)?(e\+\d+)? (ns|μs|us|ms|s)\b", "TIME"),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?", "TIME"),
    (r"/(kjfp|nbclient)/", "/ENGINE/"),
    (r"ConnectionKernel|IPythonKernel", "KERNEL"),
)


def run_one(engine, source, target, seconds):
    """Run a notebook; write its copy and, beside it, what was raised."""
    import papermill

    from kjfp_helpers.reports.batch.notebook_runner import register_engine

    register_engine()
    raised = None
    settings = dict(SETTINGS.get(source.stem, {})) if source.parent.name == "own" else {}
    try:
        papermill.execute_notebook(
            str(source),
            str(target),
            engine_name=engine,
            progress_bar=False,
            cwd=str(target.parent),
            **{"execution_timeout": seconds, **settings},
        )
    except Exception as error:
        raised = [type(error).__name__, _masked(str(error))]
    target.with_suffix(".raised").write_text(json.dumps(raised))


def _masked(text):
    for pattern, word in CHANCE:
        text = re.sub(pattern, word, text)
    return text


def _shown(cell):
    """Return what a cell shows, streams joined: how they are cut depends on the clock."""
    shown, streams = [], {}
    for output in cell.get("outputs", ()):
        if output.output_type == "stream":
            streams[output.name] = streams.get(output.name, "") + output.text
        else:
            shown.append(output)
    return _masked(json.dumps([shown, streams, cell.get("execution_count")], ensure_ascii=False))


def _differences(stock, ours):
    """Return the kinds of difference between two copies of a notebook."""
    found = []
    raised = [json.loads(path.with_suffix(".raised").read_text()) for path in (stock, ours)]
    if raised[0] != raised[1]:
        found.append(f"raised: {raised[0]} / {raised[1]}"[:200])
    if not stock.exists() or not ours.exists():
        return found + ["not written"] * (stock.exists() != ours.exists())
    theirs, own = (nbformat.read(path, 4) for path in (stock, ours))
    if len(theirs.cells) != len(own.cells):
        return [*found, f"cells: {len(theirs.cells)} / {len(own.cells)}"]
    for number, (one, other) in enumerate(zip(theirs.cells, own.cells, strict=True)):
        if _shown(one) != _shown(other):
            found.append(f"cell {number} shows {_shown(one)[:160]} / {_shown(other)[:160]}")
        states = [cell.metadata.get("papermill", {}).get("status") for cell in (one, other)]
        if states[0] != states[1]:
            found.append(f"cell {number} counts as {states[0]} / {states[1]}")
    widgets = [sorted(made.metadata.get("widgets", {})) for made in (theirs, own)]
    if widgets[0] != widgets[1]:
        found.append(f"widgets: {widgets[0]} / {widgets[1]}")
    return found


def compare(source, scratch, seconds):
    """Return how a notebook differs between the engines, each in a process and folder of its own."""
    targets = {}
    for engine in ("nbclient", "kjfp"):
        folder = scratch / engine
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(source.parent, folder)
        targets[engine] = folder / "executed.ipynb"
        subprocess.run(
            [
                sys.executable,
                __file__,
                "--one",
                engine,
                str(folder / source.name),
                str(targets[engine]),
                "--seconds",
                str(seconds),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(TESTS.parent), "PWD_OF_TEST": str(folder)},
        )
    return _differences(targets["nbclient"], targets["kjfp"])


def main():
    """Compare all notebooks; print what differs, and the count."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--one", nargs=3)
    chosen = parser.parse_args()
    if chosen.one:
        engine, source, target = chosen.one
        run_one(engine, Path(source), Path(target), chosen.seconds)
        return
    count = Counter()
    with tempfile.TemporaryDirectory() as name:
        scratch, own = Path(name), Path(name) / "own"
        own.mkdir()
        for kind in NOTEBOOKS.keys() - LIMITED.keys() - SETTINGS.keys():
            nbformat.write(notebook(NOTEBOOKS[kind]), own / f"{kind}.ipynb")
        for folder in (*chosen.folders, own):
            for source in sorted(folder.rglob("*.ipynb")):
                found = compare(source, scratch / "run", chosen.seconds)
                count["differ" if found else "alike"] += 1
                print(
                    f"{source.relative_to(folder)}: {'differs' if found else 'alike'}", flush=True
                )
                for line in found:
                    print(f"    {line}", flush=True)
    print(dict(count))


if __name__ == "__main__":
    main()
