"""The papermill engine ``kjfp``: stock papermill and nbclient, on kernels that are forked.

papermill imports this module by its entry point, so that nothing else may import it first:
``registration`` is there for that.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

from kjfp_helpers.notebook_kernels.client.kernelspecs import find_spec, is_own_interpreter

_KERNEL_SETTINGS = frozenset(
    ("config", "extra_arguments", "ipython_hist_file", "kernel_manager_class", "resources")
)
"""Settings of nbclient that change how a kernel is started."""


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
        own: bool = False,
        begun: Callable[[Any], None] | None = None,
        **settings: Any,
    ) -> Any:
        """Run a notebook's cells.

        Parameters
        ----------
        nb_man : papermill.engines.NotebookExecutionManager
            The notebook, and what follows its cells.
        kernel_name : str
            Name of the kernel; one whose kernelspec is not ipykernel in this very interpreter is
            started as papermill does.
        memory : int
            Bytes the notebook may take; 0 is any.
        stock : bool
            Start a kernel as papermill does.
        own : bool
            Run in this very interpreter, whatever a kernelspec of the kernel's name says.
        begun : callable, optional
            Called with ``nb_man``: papermill returns no notebook that was stopped.
        **settings
            As for papermill's own engine.

        Raises
        ------
        nbclient.exceptions.CellTimeoutError, nbclient.exceptions.DeadKernelError, KeyboardInterrupt
            When time is up, the kernel dies or the user interrupts. Other than with papermill's
            own engine, the cell then counts as failed and says why, and those behind it as pending.
        """
        if begun:
            begun(nb_man)
        manager = None
        if not stock and (own or _can_fork(kernel_name, settings)):
            manager = _start(kernel_name, memory)
        if manager is None:
            return super().execute_managed_notebook(nb_man, kernel_name, **settings)
        from kjfp_helpers.notebook_kernels.client.kernel_client import Notebook

        notebook = Notebook(nb_man, km=manager, kernel_name=kernel_name, **_named(settings))
        try:
            return notebook.execute()
        except (CellTimeoutError, DeadKernelError, KeyboardInterrupt) as stop:
            if not isinstance(stop, DeadKernelError):  # a cell may clean up, and says where it was
                notebook.interrupt_cell()
            manager.kill()
            _tell(nb_man, stop)
            raise
        finally:
            manager.close()


def _can_fork(kernel_name: str, settings: Mapping[str, Any]) -> bool:
    """Tell whether a forked kernel is what papermill would start; where that surprises, warn."""
    if _KERNEL_SETTINGS & settings.keys():
        return False
    spec = find_spec(kernel_name)
    if spec is None or is_own_interpreter(spec):
        return spec is not None
    if kernel_name == NATIVE_KERNEL_NAME:
        logger.warning(
            f"内核 {kernel_name} 由 {spec.resource_dir} 中的 kernel.json 定义，与运行本命令的 "
            "Python 不是同一环境或另有设置；按该定义启动，用 papermill 自带的方式运行（较慢）。"
        )
    return False


def _start(kernel_name: str, memory: int) -> Any:
    """Return a forked kernel's manager; nothing where papermill's own way is to be taken."""
    from kjfp_helpers.notebook_kernels.client.connection_file import write_connection_file
    from kjfp_helpers.notebook_kernels.client.kernel_client import Manager
    from kjfp_helpers.notebook_kernels.servers import kernel_factory

    connection_file = write_connection_file(kernel_name)
    try:
        return Manager(kernel_factory.kernel(connection_file, memory), connection_file)
    except OSError:
        os.remove(connection_file)
        if memory:  # papermill's own kernels know no limit
            raise
    logger.warning("在当前的环境变量下不能预先备好内核；改用 papermill 自带的方式运行（较慢）。")
    return None


def _named(settings: dict[str, Any]) -> dict[str, Any]:
    """Return papermill's settings under nbclient's names, as papermill's own engine does."""
    given = remove_args(["input_path", "timeout", "startup_timeout"], **settings)
    start, limit = given.pop("start_timeout", 60), given.pop("execution_timeout", None)
    timeout = limit or settings.get("timeout")
    own: dict[str, Any] = merge_kwargs(given, timeout=timeout, startup_timeout=start, log=logger)
    return own


def _tell(nb_man: Any, stop: BaseException) -> None:
    """Mark the cell that was stopped as failed, with the reason among its outputs."""
    from nbformat.v4 import new_output

    code = [cell for cell in nb_man.nb.cells if cell.cell_type == "code"]
    begun = [cell for cell in code if cell.metadata.papermill["status"] != "pending"]
    if not begun:
        return
    name, said = type(stop).__name__, str(stop)
    nb_man.cell_exception(begun[-1])
    if any(output.get("ename") == name for output in begun[-1].outputs):
        return  # the kernel said so itself
    begun[-1].outputs.append(
        new_output(
            "error",
            ename=name,
            evalue=said.split("\n")[0],
            traceback=[f"{name}: {said}" if said else name],
        )
    )
