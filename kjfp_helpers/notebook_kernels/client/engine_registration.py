"""papermill's engines with the project's own among them.

papermill imports the engine's module while it is imported itself, where the project is installed.
"""

from typing import Any

from papermill.engines import papermill_engines

from kjfp_helpers.notebook_kernels.client.engine import ForkEngine

NAME = "kjfp"
"""Name under which papermill knows the engine."""


def register() -> Any:
    """Return papermill's engines, with this one even where no entry point was installed."""
    papermill_engines.register(NAME, ForkEngine)
    return papermill_engines
