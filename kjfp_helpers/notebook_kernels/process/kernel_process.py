"""What a kernel process does, apart from ipykernel, which is loaded where it runs."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from multiprocessing.connection import Connection

from kjfp_helpers.notebook_kernels.process.import_blocking import left_out
from kjfp_helpers.notebook_kernels.process.startup_state import set_startup_state

INLINE = "module://matplotlib_inline.backend_inline"
_SPEC = find_spec("ipykernel_launcher")
LAUNCHER = (_SPEC and _SPEC.origin) or "ipykernel_launcher"
"""The program by which Jupyter starts a kernel."""
USED = (
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "ipywidgets",
    "IPython.core.logger",
    "IPython.extensions.storemagic",
    "multiprocessing.synchronize",
    "tornado.platform.asyncio",
    *(
        f"kjfp_helpers.reports.{name}"
        for name in (
            "sections.unit_report",
            "sections.case_report",
            "sections.member_report",
            "sections.overall_report",
            "figures.cutoff_chart",
            "figures.member_scores",
            "figures.tile_map",
        )
    ),
)
"""What reports and their kernels use; a notebook may import anything else by itself."""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Where a notebook runs: folder, environment, and bytes of memory it may take (0: any).

    ``connection_file`` is the file by which it knows its kernel.
    """

    folder: str
    environment: Mapping[str, str]
    connection_file: str
    memory: int = 0


def warm() -> None:
    """Prepare a kernel, import what notebooks use as if a cell did, and draw a figure.

    What a first figure finds out about fonts and texts, the next ones find in the copy. Nobody
    is there to debug by hand.
    """
    from kjfp_helpers.notebook_kernels.process.kernel import prepare

    os.environ.setdefault("MPLBACKEND", INLINE)
    with left_out("debugpy"):
        app = prepare()
    with app.trap:
        for name in USED:
            import_module(name)
        from kjfp_helpers.reports.figures.completion_bars import unit_bars

        row = {
            "label": "",
            "measure": "",
            "target": 10,
            "done": 9,
            "rate": 0.9,
            "peer_rate": 1.0,
            "peer_count": 6,
            "state": "",
        }
        unit_bars([row, row | {"rate": 2.0}, row | {"rate": None}], peers="", rehearsal=True)


def warm_any() -> None:
    """Warm up for notebooks of any kind, most of which begin with pandas, as no report does."""
    warm()
    from kjfp_helpers.notebook_kernels.process.kernel import prepare

    with prepare().trap:  # it asks at import whether it is in a notebook
        import_module("pandas")


def serve(connection: Connection, around: Surroundings) -> None:
    """Be a notebook's kernel until the connection closes."""
    from kjfp_helpers.notebook_kernels.process.kernel import OPTIONS, prepare

    app = prepare()
    os.chdir(around.folder)
    arguments = [LAUNCHER, "-f", around.connection_file, *OPTIONS]
    set_startup_state(around.environment, arguments)
    app.connection_file = around.connection_file
    app.kernel.shell.init_environment()
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
