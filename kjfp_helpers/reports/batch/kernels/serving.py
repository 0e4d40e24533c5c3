"""What a kernel process does, apart from ipykernel, which is loaded where it runs."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection

INLINE = "module://matplotlib_inline.backend_inline"
NOTEBOOKS_USE = (
    "pandas", "matplotlib.pyplot", "matplotlib.backends.backend_agg", "ipywidgets",
    "kjfp_helpers.reports.unit_report", "kjfp_helpers.reports.overall_report",
    "kjfp_helpers.reports.plots.completion", "kjfp_helpers.reports.plots.cutline",
    "kjfp_helpers.reports.plots.panel", "kjfp_helpers.reports.plots.tiles",
)  # fmt: skip
"""What is imported before notebooks begin; a notebook may import anything else."""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Where a notebook runs: folder, environment, and bytes of memory it may take (0: any)."""

    folder: str
    environment: Mapping[str, str]
    memory: int = 0


def warm() -> None:
    """Prepare a kernel, import what notebooks use as if a cell did, and draw once."""
    from kjfp_helpers.reports.batch.kernels.kernel import prepare

    os.environ.setdefault("MPLBACKEND", INLINE)
    with prepare().shell.builtin_trap:  # pandas asks at import whether it is in a notebook
        for name in NOTEBOOKS_USE:
            import_module(name)
        from kjfp_helpers.reports.plots.canvas import draw, title

        draw(lambda figure: title(figure, "暖"), width=1, height=1, alt="", rehearsal=True)


def serve_next(connection: Connection) -> None:
    """Warm up, then be a kernel where one is asked for."""
    warm()
    serve(connection, connection.recv())


def serve(connection: Connection, around: Surroundings) -> None:
    """Be a notebook's kernel until the connection closes."""
    from kjfp_helpers.reports.batch.kernels.kernel import prepare

    app = prepare()
    os.chdir(around.folder)
    os.environ.clear()
    os.environ.update(around.environment)
    app.shell.init_environment()
    os.environ.setdefault("MPLBACKEND", INLINE)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # Python's own generator does so by itself after a fork
    if around.memory:
        _limit(around.memory)
    app.attach(connection)


def _limit(memory: int) -> None:
    """Let requests for memory fail beyond a number of bytes; Windows has no such limit."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
