"""The papermill engine ``kjfp``: stock papermill and nbclient, on kernels that are forked."""

from collections.abc import Callable
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine, papermill_engines
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

NAME = "kjfp"
"""Name under which papermill knows the engine."""


def register() -> Any:
    """Return papermill's engines, with this one even where no entry point was installed."""
    papermill_engines.register(NAME, ForkEngine)
    return papermill_engines


class ForkEngine(NBClientEngine):  # type: ignore[misc]
    """Runs Python notebooks on forked kernels, and those of other languages as papermill does."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        memory: int = 0,
        stock: bool = False,
        begun: Callable[[Any], None] | None = None,
        **settings: Any,
    ) -> Any:
        """Run a notebook's cells.

        Parameters
        ----------
        nb_man : papermill.engines.NotebookExecutionManager
            The notebook, and what follows its cells.
        kernel_name : str
            Name of the kernel; any but the one of this very Python is started as papermill does.
        memory : int
            Bytes the notebook may take; 0 is any.
        stock : bool
            Start a kernel as papermill does.
        begun : callable, optional
            Called with ``nb_man``: papermill returns no notebook that was stopped.
        **settings
            As for papermill's own engine.

        Raises
        ------
        nbclient.exceptions.CellTimeoutError, nbclient.exceptions.DeadKernelError
            When time is up or the kernel dies. Other than with papermill's own engine, the cell
            then counts as failed and says why, and those behind it as pending.
        """
        if begun:
            begun(nb_man)
        if stock or kernel_name != NATIVE_KERNEL_NAME:
            return super().execute_managed_notebook(nb_man, kernel_name, **settings)
        from kjfp_helpers.reports.batch.kernels import hosts
        from kjfp_helpers.reports.batch.kernels.client import Manager, Notebook

        manager = Manager(hosts.kernel(memory))
        try:
            return Notebook(
                nb_man, km=manager, kernel_name=kernel_name, **_named(settings)
            ).execute()
        except (CellTimeoutError, DeadKernelError) as stop:
            manager.kill()
            _tell(nb_man, stop)
            raise
        finally:
            manager.close()


def _named(settings: dict[str, Any]) -> dict[str, Any]:
    """Return papermill's settings under nbclient's names, as papermill's own engine does."""
    given = remove_args(["input_path", "timeout", "startup_timeout"], **settings)
    start, limit = given.pop("start_timeout", 60), given.pop("execution_timeout", None)
    timeout = limit or settings.get("timeout")
    own: dict[str, Any] = merge_kwargs(given, timeout=timeout, startup_timeout=start, log=logger)
    return own


def _tell(nb_man: Any, stop: Exception) -> None:
    """Mark the cell that was stopped as failed, with the reason among its outputs."""
    from nbformat.v4 import new_output

    code = [cell for cell in nb_man.nb.cells if cell.cell_type == "code"]
    begun = [cell for cell in code if cell.metadata.papermill["status"] != "pending"]
    if not begun:
        return
    name, said = type(stop).__name__, str(stop)
    nb_man.cell_exception(begun[-1])
    begun[-1].outputs.append(
        new_output("error", ename=name, evalue=said.split("\n")[0], traceback=[f"{name}: {said}"])
    )
