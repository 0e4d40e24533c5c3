"""Runs notebooks with papermill on forked kernels, and cleans what it returns."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from kjfp_helpers.core import errors
from kjfp_helpers.notebook_kernels.process.import_blocking import (
    FORMAT_CHECKS,
    deferred_modules,
    hidden_modules,
)
from kjfp_helpers.reports.batch.kernel_preload import REPORT_PRELOAD
from kjfp_helpers.reports.notebook_parameters import PREPARED_COMMENT

ENGINE = "kjfp"
"""Name under which papermill knows the engine, here and as entry point in pyproject.toml."""
MEMORY = 2 << 30
"""Bytes of memory for one notebook."""
INJECTED = "injected-parameters"
"""Id of the cell papermill adds, in place of its random one."""
QUIET: Mapping[str, Any] = {
    "progress_bar": False,
    "autosave_cell_every": 0,
    "store_widget_state": False,
    "extra_arguments": ["--Application.log_level=50"],
}
KEPT = ("tags", "jupyter", "editable", "deletable")
"""Cell metadata that stays; times, durations and the rest go."""


def import_papermill() -> Any:
    """Return papermill, imported without what takes most of its time.

    Left out is what checks formats that the schema of notebooks does not have: a grammar of
    addresses, and durations. What reads notebooks from the network, and asks on a terminal, is
    loaded when it is used. The times that it wrote itself it reads back as what they are, not
    by trying every form of a date.
    """
    with hidden_modules(*FORMAT_CHECKS), deferred_modules("requests", "click"):
        papermill = import_module("papermill")
        engines: Any = import_module("papermill.engines")
    engines.dateutil = SimpleNamespace(parser=SimpleNamespace(parse=datetime.fromisoformat))
    return papermill


def register_engine() -> Any:
    """Return papermill's engines with this project's among them, even without its entry point.

    papermill comes first: it imports the engine's module by that entry point.
    """
    import_papermill()
    from papermill.engines import papermill_engines

    from kjfp_helpers.notebook_kernels.client.engine import ForkEngine

    papermill_engines.register(ENGINE, ForkEngine)
    return papermill_engines


@dataclass(frozen=True)
class ExecutedNotebook:
    """An executed notebook, finished or not, and what stopped it."""

    notebook: Any
    error: Exception | None = None


def execute_notebook(
    notebook: Path,
    parameters: Mapping[str, Any],
    *,
    folder: Path,
    seconds: float,
    memory: int = MEMORY,
    stock: bool = False,
) -> ExecutedNotebook:
    """Run a notebook with parameters in a folder.

    Parameters
    ----------
    notebook : Path
        What is run.
    parameters : mapping
        Plain values; paths in it are relative to ``folder``.
    folder : Path
        Working folder of the notebook. One thread per process only: papermill changes the
        folder of the whole process.
    seconds : float
        Time for the whole notebook.
    memory : int
        Bytes the notebook may take, its libraries included.
    stock : bool
        Start a kernel as papermill does, which knows no limit of memory.

    Returns
    -------
    Executed
        With the error when a cell failed, time was up or the kernel died.
    """
    import_papermill()
    from papermill.execute import raise_for_execution_errors
    from papermill.utils import chdir

    node = _load_with_parameters(notebook, parameters)
    runs: list[Any] = []
    try:
        with chdir(str(folder)):
            executed = _run_engine(
                node, seconds=seconds, memory=memory, stock=stock, on_start=runs.append
            )
        raise_for_execution_errors(executed, None)
        import_module("nbformat").validate(executed)
    except Exception as error:  # whatever a notebook raises is its own failure
        if not runs:
            raise
        return ExecutedNotebook(runs[0].nb, error)
    return ExecutedNotebook(executed)


def _load_with_parameters(notebook: Path, parameters: Mapping[str, Any]) -> Any:
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    node = load_notebook_node(str(notebook))
    if parameters:
        node = parameterize_notebook(node, dict(parameters))
    return node


def _run_engine(
    node: Any, *, seconds: float, memory: int, stock: bool, on_start: Callable[[Any], None]
) -> Any:
    """Run a loaded notebook as papermill's ``execute_notebook`` does, without writing a file."""
    engines = register_engine()
    end = time.monotonic() + seconds
    return engines.execute_notebook_with_engine(
        ENGINE,
        node,
        engines.nb_kernel_name(ENGINE, node),
        stock=stock,
        preload=REPORT_PRELOAD,
        this_interpreter=True,
        memory_limit=memory,
        on_start=on_start,
        timeout_func=lambda _: max(1, int(end - time.monotonic())),
        **QUIET,
    )


def set_parameters(notebook: Path, parameters: Mapping[str, Any]) -> Any:
    """Return a copy of a notebook with parameters set and nothing run.

    Raises
    ------
    ParameterError
        When a parameter is unknown.
    """
    import_papermill()
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    node = load_notebook_node(str(notebook))
    prepared = remove_run_traces(
        parameterize_notebook(node, dict(parameters), comment=PREPARED_COMMENT.removeprefix("# "))
    )
    for cell in prepared.cells:
        if cell.id == INJECTED:
            cell.source = f"\n{cell.source}"  # a hidden cell shows its first line
    return prepared


def notebook_to_bytes(notebook: Any) -> bytes:
    """Return a notebook as it is written to a file."""
    nbformat: Any = import_module("nbformat")
    text: str = nbformat.writes(notebook)
    return text.encode() + b"\n"


def remove_run_traces(notebook: Any) -> Any:
    """Take times, durations, paths and random ids out of a notebook, in place."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        if INJECTED in cell.metadata.get("tags", ()):
            cell.id = INJECTED
            cell.metadata["jupyter"] = {"source_hidden": True}
        cell.metadata = {key: cell.metadata[key] for key in KEPT if key in cell.metadata}
    return notebook


def failed_cell_number(executed: Any, error: Exception) -> int:
    """Return which cell of the source notebook failed, counted from 1; 0 when none had begun."""
    code = [index for index, cell in enumerate(executed.cells) if cell.cell_type == "code"]
    failed = [
        index
        for index in code
        if any(output.output_type == "error" for output in executed.cells[index].outputs)
    ]
    begun = [index for index in code if executed.cells[index].execution_count]
    if not (failed or begun):
        return 0
    last = failed[-1] if failed else begun[-1]
    source_cells = [
        cell
        for cell in executed.cells[: last + 1]
        if not {INJECTED, "papermill-error-cell-tag"} & set(cell.metadata.get("tags", ()))
    ]
    return len(source_cells)


def describe_failure(error: Exception, seconds: float) -> str:
    """Return why a notebook failed, in one line."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    if isinstance(error, CellTimeoutError):
        return f"超过时限{seconds:g}秒"
    if isinstance(error, DeadKernelError):
        return "内核意外中止，可能内存不足"
    if not isinstance(error, PapermillExecutionError):
        return _error_text(type(error).__name__, str(error))
    if error.ename == "MemoryError":
        return f"内存超过{MEMORY >> 30}GB"
    return _error_text(error.ename, str(error.evalue or ""))


def _error_text(kind: str, message: str) -> str:
    """Return the first line of a message; an error that is not the project's with its type."""
    line = next(iter(message.splitlines()), "")
    known = getattr(errors, kind, None)
    if isinstance(known, type) and issubclass(known, errors.KjfpError):
        return line
    return f"笔记本或数据有误（{kind}{'：' * bool(line)}{line}）"
