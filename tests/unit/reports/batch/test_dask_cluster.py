"""The batch on a real Dask scheduler with worker processes: the same bytes, each report once."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from kjfp_helpers import reports
from kjfp_helpers.cli import main
from kjfp_helpers.core.errors import ClusterError
from kjfp_helpers.reports.batch import batch_run as batch
from kjfp_helpers.reports.batch.dask_cluster import DaskExecutor
from support.rounds.report_round import make_state

pytestmark = pytest.mark.slow

PACKAGE = Path(batch.__file__).parents[2]
UNITS = ("11", "13", "15", "S003", "S005")


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """Slices of a few units and cases, and their reports made here."""
    folder = tmp_path_factory.mktemp("cluster")
    state = make_state(folder / "round")
    data = folder / "out" / "reports" / "data"
    reports.write_report_data(state, data)
    for path in data.rglob("*.json"):
        about = path.stem[1:].partition("-")[0] if path.parent.name == "cases" else path.stem
        if about not in (*UNITS, "overall"):
            path.unlink()
    batch.run_batch(folder / "out")
    return folder / "out"


@pytest.fixture
def bare(outputs, tmp_path):
    """The slices alone."""
    shutil.copytree(outputs / "reports" / "data", tmp_path / "out" / "reports" / "data")
    return tmp_path / "out"


@pytest.fixture(scope="module")
def cluster():
    import distributed

    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit=0
    ) as local:
        yield local


def client_of(cluster):
    from distributed import Client

    return Client(cluster.scheduler_address, set_as_default=False)


def _tree(outputs):
    return {
        str(path.relative_to(outputs)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(outputs.rglob("*"))
        if path.is_file()
    }


class Watched:
    """A crew that counts what comes back, and is disturbed once after some reports."""

    def __init__(self, crew, disturb=lambda: None, after=2):
        self.crew, self.disturb, self.after, self.seen = crew, disturb, after, Counter()

    def call(self, function, given):
        return self.crew.call(function, given)

    def run(self, work, tasks):
        for task, made in self.crew.run(work, tasks):
            self.seen[task.name] += 1
            if sum(self.seen.values()) == self.after:
                self.disturb()
            yield task, made


def test_a_cluster_leaves_the_same_bytes_as_this_machine(outputs, bare, cluster):
    with DaskExecutor(cluster.scheduler_address) as crew:
        done = batch.run_batch(bare, executor=crew)
    assert not done.failed and _tree(bare) == _tree(outputs)


def test_a_killed_worker_costs_a_retry_no_report_twice_and_none_is_missing(outputs, bare, cluster):
    def kill():
        with client_of(cluster) as client:
            busy = next(worker for worker, keys in client.processing().items() if keys)
            pids = client.run(os.getpid)
        os.kill(pids[busy], signal.SIGKILL)

    with DaskExecutor(cluster.scheduler_address) as crew:
        watched = Watched(crew, kill)
        done = batch.run_batch(bare, executor=watched)
    assert not done.failed and set(watched.seen.values()) == {1}
    assert len(watched.seen) == done.made > 6
    assert _tree(bare) == _tree(outputs)


def test_a_failure_on_the_cluster_is_told_and_not_tried_again(bare, cluster):
    path = bare / "reports" / "data" / "unit/13.json"
    path.write_text(path.read_text("utf-8").replace('"receipts"', '"lost"'), "utf-8")
    with DaskExecutor(cluster.scheduler_address) as crew:
        watched = Watched(crew)
        done = batch.run_batch(bare, executor=watched, only=["11", "13"])
    assert [one.name for one in done.failures] == ["unit/13"] and watched.seen["unit/13"] == 1
    assert "unit/11" in done.new and done.failures[0].reason.startswith(
        "笔记本或数据有误（KeyError"
    )


def _other_version(folder):
    """Return how to begin Python where the project is another version."""
    shutil.copytree(PACKAGE, folder / PACKAGE.name)
    with (folder / PACKAGE.name / "names.py").open("a") as file:
        file.write("\n# changed\n")
    return [sys.executable, "-m", "distributed.cli.dask_worker"]


def _nothing_installed(_folder):
    """Return how to begin Python where the libraries are installed and the project is not."""
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    begin = (
        f"import sys; sys.path += {libraries}; from distributed.cli.dask_worker import main; main()"
    )
    return [sys.executable, "-S", "-c", begin]


@pytest.mark.parametrize(
    ("python", "said"), [(_other_version, "版本不同"), (_nothing_installed, "没有安装本项目")]
)
def test_a_worker_that_would_make_other_bytes_is_refused_by_name_before_anything_runs(
    cluster, tmp_path, python, said
):
    words = [
        *python(tmp_path),
        cluster.scheduler_address,
        "--nthreads",
        "1",
        "--no-dashboard",
        "--no-nanny",
        "--local-directory",
        str(tmp_path),
    ]
    worker = subprocess.Popen(
        words,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with client_of(cluster) as client:
            client.wait_for_workers(3, timeout=60)
        with pytest.raises(ClusterError, match=rf"工作进程 tcp://.*{said}.*装好相同版本"):
            DaskExecutor(cluster.scheduler_address).__enter__()
    finally:
        worker.terminate()
        worker.wait(30)


def test_an_address_where_nobody_answers_is_told_in_words(assigned, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("KJFP_HOME", str(PACKAGE.parent))
    monkeypatch.setattr("kjfp_helpers.reports.batch.dask_cluster.SECONDS", 2)
    shutil.copytree(assigned, tmp_path / "a")
    words = ["regenerate", str(tmp_path / "a" / "data" / "practice"), "--outputs"]
    words += [str(tmp_path / "a" / "outputs" / "practice"), "--dask", "tcp://127.0.0.1:9"]
    assert main(words) == 1
    assert "Dask 集群 tcp://127.0.0.1:9" in capsys.readouterr().err
