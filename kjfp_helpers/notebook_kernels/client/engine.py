"""A papermill engine: papermill and nbclient as they are, on kernels that are forked.

papermill imports this module through an entry point while it is itself imported. So a program must
``import papermill`` before it imports this module.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

from ..process.kernel_process import COMMON_PRELOAD, KernelPreload
from .kernelspecs import find_spec, is_own_interpreter

_KERNEL_SETTINGS = frozenset(
    ("config", "extra_arguments", "ipython_hist_file", "kernel_manager_class", "resources")
)
"""Settings of nbclient that change how a kernel is started: papermill then starts it itself."""


class ForkEngine(NBClientEngine):  # type: ignore[misc]
    """Runs Python notebooks on forked kernels, and those of other languages as papermill does.

    Further keyword arguments of ``papermill.execute_notebook`` reach
    :meth:`execute_managed_notebook` as they are.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        preload: KernelPreload = COMMON_PRELOAD,
        memory_limit: int = 0,
        stock: bool = False,
        this_interpreter: bool = False,
        on_start: Callable[[Any], None] | None = None,
        **settings: Any,
    ) -> Any:
        """Run a notebook's cells.

        Parameters
        ----------
        nb_man : papermill.engines.NotebookExecutionManager
            The notebook and the progress of its cells.
        kernel_name : str
            Name of the kernel; one whose kernelspec is not plain ipykernel in this interpreter is
            started as papermill does.
        preload : KernelPreload
            What kernels load before they are forked.
        memory_limit : int
            Bytes that the notebook may take; 0 for any number.
        stock : bool
            Start the kernel as papermill does.
        this_interpreter : bool
            Run in this interpreter, whatever the kernelspec says.
        on_start : callable, optional
            Called with ``nb_man``, which holds the notebook also when the run is stopped.
        **settings
            As for papermill's own engine.

        Raises
        ------
        nbclient.exceptions.CellTimeoutError, nbclient.exceptions.DeadKernelError, KeyboardInterrupt
            When time is up, the kernel dies or the user interrupts. Unlike with papermill's own
            engine, the cell then counts as failed and says why, and later cells as pending.
        """
        if on_start:
            on_start(nb_man)
        manager = None
        if not stock and (this_interpreter or _can_fork(kernel_name, settings)):
            manager = _start_kernel(kernel_name, memory_limit, preload)
        if manager is None:
            return super().execute_managed_notebook(nb_man, kernel_name, **settings)
        from .kernel_client import NotebookClient

        notebook = NotebookClient(
            nb_man, km=manager, kernel_name=kernel_name, **_nbclient_settings(settings)
        )
        try:
            return notebook.execute()
        except (CellTimeoutError, DeadKernelError, KeyboardInterrupt) as stop:
            if not isinstance(stop, DeadKernelError):  # the cell may clean up and print a traceback
                notebook.interrupt_cell()
            manager.kill()
            _mark_stopped_cell(nb_man, stop)
            raise
        finally:
            manager.close()


def _can_fork(kernel_name: str, settings: Mapping[str, Any]) -> bool:
    """Tell whether papermill would start this interpreter; warn when that may surprise."""
    if _KERNEL_SETTINGS & settings.keys():
        return False
    spec = find_spec(kernel_name)
    if spec is None or is_own_interpreter(spec):
        return spec is not None
    if kernel_name == NATIVE_KERNEL_NAME:
        logger.warning(
            f"kernel.json in {spec.resource_dir} defines the kernel {kernel_name} with another "
            "interpreter or other settings than this one; it is started as defined there, by "
            "papermill's own engine (slower)."
        )
    return False


def _start_kernel(kernel_name: str, memory_limit: int, preload: KernelPreload) -> Any:
    """Return the manager of a forked kernel; None when papermill shall start one itself."""
    from ..servers import kernel_factory
    from .connection_file import write_connection_file
    from .kernel_client import KernelManager

    connection_file = write_connection_file(kernel_name)
    try:
        child = kernel_factory.start_kernel(connection_file, memory_limit, preload)
        return KernelManager(child, connection_file)
    except OSError:
        os.remove(connection_file)
        if memory_limit:  # papermill's own kernels have none
            raise
    logger.warning(
        "no kernel can be prepared with the present environment variables; "
        "papermill's own engine runs the notebook (slower)."
    )
    return None


def _nbclient_settings(settings: dict[str, Any]) -> dict[str, Any]:
    """Return papermill's settings under nbclient's names, as papermill's own engine does."""
    others = remove_args(["input_path", "timeout", "startup_timeout"], **settings)
    startup_timeout = others.pop("start_timeout", 60)
    timeout = others.pop("execution_timeout", None) or settings.get("timeout")
    merged: dict[str, Any] = merge_kwargs(
        others, timeout=timeout, startup_timeout=startup_timeout, log=logger
    )
    return merged


def _mark_stopped_cell(nb_man: Any, stop: BaseException) -> None:
    """Mark the stopped cell as failed and add the reason to its outputs."""
    from nbformat.v4 import new_output

    code = [cell for cell in nb_man.nb.cells if cell.cell_type == "code"]
    started = [cell for cell in code if cell.metadata.papermill["status"] != "pending"]
    if not started:
        return
    cell, name, message = started[-1], type(stop).__name__, str(stop)
    nb_man.cell_exception(cell)
    if any(output.get("ename") == name for output in cell.outputs):
        return  # the kernel reported it itself
    cell.outputs.append(
        new_output(
            "error",
            ename=name,
            evalue=message.split("\n")[0],
            traceback=[f"{name}: {message}" if message else name],
        )
    )
