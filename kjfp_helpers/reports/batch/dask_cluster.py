"""The same batch on a Dask cluster that runs already: optional, by its address.

Its workers share the outputs' folder with whoever asks, and have the same project installed. Each
thread of a worker has a process of its own that makes reports, so that one thread's folder is
none of another's.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from kjfp_helpers.core.errors import ClusterError
from kjfp_helpers.infra.code_version import build_fingerprint, hash_texts, package_version
from kjfp_helpers.reports.batch.worker_pool import WorkerPool

Task = TypeVar("Task")
Result = TypeVar("Result")
SECONDS = 15
"""Time to reach the cluster and for each worker to answer."""
_own = threading.local()


class DaskExecutor:
    """Runs tasks on a Dask cluster, to be used as a context.

    Parameters
    ----------
    address : str
        Of the scheduler, ``tcp://host:port``.

    Raises
    ------
    ClusterError
        On entering: when Dask is not installed, nobody answers, there are no workers, or one has
        another version of the project or of a library.
    """

    def __init__(self, address: str) -> None:
        self._address, self._version = address, environment_digest()

    def __enter__(self) -> "DaskExecutor":
        try:
            self._distributed: Any = import_module("distributed")
        except ImportError:
            raise ClusterError(
                "Dask",
                expected="已安装",
                found="没有找到",
                advice="运行 pip install 'kjfp-helpers[dask]'",
            ) from None
        try:
            self._client = self._distributed.Client(
                self._address, timeout=SECONDS, set_as_default=False
            )
        except (OSError, ValueError) as error:
            raise ClusterError(
                f"Dask 集群 {self._address}",
                expected="可以连接",
                found="连接不上",
                advice="核对地址，形如 tcp://主机:8786，确认调度器在运行",
            ) from error
        try:
            self._check()
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def begin(self, work: Callable[[Task], Result], task: Task) -> None:
        """Leave a task to :meth:`run`: a cluster has workers enough for all at once."""

    def call(self, function: Callable[[Task], Result], given: Task) -> Result:
        """Return what a function makes of a value: here, where all it needs is at hand."""
        return function(given)

    def run(
        self, work: Callable[[Task], Result], tasks: Sequence[Task]
    ) -> Iterator[tuple[Task, Result | Exception]]:
        """Yield each task once with what ``work`` made of it, as they finish.

        A task whose worker dies is begun again on another by Dask itself, up to its own limit
        of deaths; what ``work`` raises is not tried again.
        """
        futures = {
            self._client.submit(
                run_on_worker, work, task, self._version, pure=False, retries=0, priority=-index
            ): task
            for index, task in enumerate(tasks)
        }
        done = self._distributed.as_completed(list(futures), loop=self._client.loop)
        for future in done:
            error = future.exception()
            yield futures[future], future.result() if error is None else error

    def _check(self) -> None:
        digests = self._client.run(environment_digest, on_error="return")
        if not digests:
            raise ClusterError(
                f"Dask 集群 {self._address}",
                expected="至少一个工作进程",
                found="没有",
                advice="启动 dask worker 后重试",
            )
        for worker, answer in sorted(digests.items()):
            if answer != self._version:
                raise version_mismatch(worker, installed=isinstance(answer, str))


def environment_digest() -> str:
    """Return one hash over the project's version, its files and the libraries' versions."""
    return hash_texts([package_version(), build_fingerprint()])


def version_mismatch(worker: str, *, installed: bool) -> ClusterError:
    """Return the error that names a worker which would make other bytes."""
    problem = "项目、程序库或 Python 的版本不同" if installed else "没有安装本项目"
    return ClusterError(
        f"Dask 工作进程 {worker}",
        expected="与本机相同的项目和程序库版本",
        found=problem,
        advice="在该机器上装好相同版本（pip install -c constraints.txt）并重启工作进程后重试",
    )


def run_on_worker(work: Callable[[Any], Any], task: Any, wanted: str) -> Any:
    """Make one report in this thread's own process; return what was made or went wrong."""
    if environment_digest() != wanted:  # a worker that joined later was not asked
        return version_mismatch(_name(), installed=True)
    if not Path(task.folder).is_dir():
        return ClusterError(
            f"Dask 工作进程 {_name()}",
            expected="能打开本轮的输出文件夹",
            found="没有找到",
            advice="把输出文件夹放在各机器共用的位置",
        )
    pool = getattr(_own, "pool", None)
    if pool is None:
        pool = _own.pool = WorkerPool(1).__enter__()
    ((_, made),) = pool.run(work, [task])
    if isinstance(made, Exception):  # a process that died makes no more
        pool.__exit__(None, None, None)
        _own.pool = None
    return made


def _name() -> str:
    return str(import_module("distributed").get_worker().address)
