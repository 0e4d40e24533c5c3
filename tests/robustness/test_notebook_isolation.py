"""A notebook leaves nothing to the next, and ends with whoever began it."""

import json
import os
import re
import resource
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import nbformat
import psutil
import pytest

from kjfp_helpers.notebook_kernels.servers.fork_server import ForkServer
from kjfp_helpers.reports.batch import notebook_runner
from kjfp_helpers.reports.batch.worker_pool import ProcessDied, WorkerPool
from support.processes.engine_cases import notebook
from support.project import PROJECT, TESTS

SEARCHED = f"{PROJECT}:{TESTS}:{Path(__file__).parent}"  # this file is found by its name
SPOILS = """
import builtins, os, random, sys, textwrap, warnings
import numpy, matplotlib, pandas
pandas.options.display.max_rows = 3
matplotlib.rcParams["font.size"] = 33
os.environ["SPOILT"] = "1"
os.environ.pop("HOME", None)
os.chdir("/")
sys.path.insert(0, "/spoilt")
sys.modules["spoilt"] = sys
textwrap.dedent = lambda text: "spoilt"
builtins.spoilt = 1
random.seed(1); numpy.random.seed(1)
warnings.simplefilter("ignore")
sys.setrecursionlimit(77777)
numpy.set_printoptions(precision=1)
spoilt = os.open("/dev/null", os.O_RDONLY)
for _ in range(50): os.dup(spoilt)
os.umask(0)
get_ipython().run_line_magic("load_ext", "autoreload")
from kjfp_helpers.reports import formatting
formatting.MISSING = "spoilt"
"""
TELLS = """
import builtins, os, random, sys, textwrap, warnings
import numpy, matplotlib, pandas
from kjfp_helpers.reports import formatting
mask = os.umask(0o22)
print([pandas.options.display.max_rows, matplotlib.rcParams["font.size"], dict(os.environ),
       os.getcwd(), sys.path, "spoilt" in sys.modules, textwrap.dedent(' a'), hasattr(builtins, 'spoilt'),
       len(warnings.filters), sys.getrecursionlimit(), numpy.get_printoptions(),
       sorted(os.listdir("/proc/self/fd")), mask, formatting.MISSING, sorted(globals()),
       get_ipython().extension_manager.loaded, get_ipython().execution_count])
"""
RANDOM = "import random, numpy, uuid\nprint(random.random(), numpy.random.random(), uuid.uuid4())"


def _write(folder, name, *cells):
    path = folder / f"{name}.ipynb"
    nbformat.write(notebook(cells), path)
    return path


def said(path):
    """Run a notebook in this process's care; return what its first cell printed."""
    done = notebook_runner.execute_notebook(path, {}, folder=path.parent, seconds=100)
    assert done.error is None, done.error
    return "".join(output.text for output in done.notebook.cells[0].outputs)


@pytest.fixture(scope="module", autouse=True)
def crew():
    os.environ["PYTHONPATH"] = SEARCHED
    with WorkerPool(1) as workers:
        yield workers


def _each(crew, work, tasks):
    return [made for _, made in crew.run(work, tasks)]


def test_nothing_a_notebook_did_is_seen_by_the_next(crew, tmp_path):
    tells, spoils = _write(tmp_path, "tells", TELLS), _write(tmp_path, "spoils", SPOILS)
    # a worker's first notebook leaves it an event loop: its three files are there ever after
    _, before, _, after = _each(crew, said, [tells, tells, spoils, tells])
    assert isinstance(before, str) and before == after


def test_a_task_begun_early_is_done_once_and_told_only_where_it_is_asked_for(crew, tmp_path):
    one, other, third = (tmp_path / name for name in "abc")
    crew.begin(os.mkdir, one)
    assert dict(crew.run(os.mkdir, [one, other])) == {one: None, other: None}
    crew.begin(time.sleep, 1000)
    assert dict(crew.run(os.mkdir, [third])) == {third: None}


def test_tasks_begun_early_one_after_another_are_told_with_the_others(crew, tmp_path):
    one, other, third, fourth = (tmp_path / name for name in "abcd")
    for path in (one, other, third):
        crew.begin(os.mkdir, path)
        time.sleep(0.2)  # mostly enough for it to be done; the results are the same where it is not
    assert dict(crew.run(os.mkdir, [one, third, fourth])) == {one: None, third: None, fourth: None}


def test_a_call_beside_the_tasks_returns_or_raises_what_the_function_does(crew, tmp_path, capfd):
    here = os.getpid()
    assert crew.call(_is_in, here) is False
    crew.begin(os.mkdir, tmp_path / "one")  # which begins the process for the next call
    assert crew.call(_is_in, here) is False
    with pytest.raises(FileNotFoundError):
        crew.call(os.listdir, tmp_path / "gone")
    assert crew.call(_end_elsewhere, here) is True  # done here, after its process has died
    assert dict(crew.run(os.mkdir, [tmp_path / "one"])) == {tmp_path / "one": None}
    assert not capfd.readouterr().err


def _is_in(process):
    """Return whether this runs in a process."""
    return os.getpid() == process


def _end_elsewhere(process):
    """End a process that is not the one named."""
    return _is_in(process) or os._exit(1)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_files_a_notebook_has_open_are_the_same_whichever_others_still_run():
    server = ForkServer()
    children = [server.fork(Connection.recv) for _ in range(3)]
    open_files = [
        {file.name: os.readlink(file) for file in Path(f"/proc/{child.pid}/fd").iterdir()}
        for child in children
    ]
    numbers = [
        {number for number, what in files.items() if what.startswith("socket:")}
        for files in open_files
    ]
    kept = [
        _is_kept_by_programs(child.pid, number)
        for child, found in zip(children, numbers, strict=True)
        for number in found
    ]
    for child in children:
        child.kill()
    server.close()
    assert numbers[0] and numbers[1:] == [numbers[0]] * 2
    assert len({len(files) for files in open_files}) == 1 and not any(kept)


def _is_kept_by_programs(process, file):
    """Tell whether a program that the process starts would have the file as well."""
    flags = re.search(r"flags:\s*(\d+)", Path(f"/proc/{process}/fdinfo/{file}").read_text())
    return not int(flags[1], 8) & os.O_CLOEXEC


def test_every_notebook_draws_other_random_numbers(crew, tmp_path):
    path = _write(tmp_path, "random", RANDOM)
    first, second = (made.split() for made in _each(crew, said, [path, path]))
    assert not set(first) & set(second)


def die(_task):
    """End this worker as the system would."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_worker_that_is_killed_costs_its_own_task_only(crew, tmp_path):
    (made,) = _each(crew, die, ["any"])
    assert isinstance(made, ProcessDied)
    assert _each(crew, said, [_write(tmp_path, "one", "print('on')")]) == ["on\n"]


@pytest.mark.parametrize("place", [0, -1])
def test_when_a_process_that_forks_is_killed_another_is_begun(crew, tmp_path, place):
    path = _write(tmp_path, "one", "print('on')")
    assert _each(crew, said, [path]) == ["on\n"]
    forking = [one for one in psutil.Process().children() if one.status() != "zombie"]
    sorted(forking, key=psutil.Process.create_time)[place].kill()
    time.sleep(0.5)
    assert _each(crew, said, [path, path]) == ["on\n", "on\n"]


def test_processes_that_end_or_are_left_at_any_moment_disturb_no_other():
    server = ForkServer()

    def many(left):
        for _ in range(100):
            child = server.fork(Connection.send, "here")
            if not left:
                assert child.connection.recv() == "here"
                child.stop()
            child.kill()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(many, [True, False, True, False]))
    assert server.is_alive()
    server.close()


def fails(_task):
    """Raise what a worker may raise."""
    raise ValueError("told")


def test_what_work_raises_comes_back(crew):
    (made,) = _each(crew, fails, ["any"])
    assert isinstance(made, ValueError) and str(made) == "told"


BATCH = """
import sys
from pathlib import Path
from kjfp_helpers.notebook_kernels.servers.fork_server import ForkServer
from kjfp_helpers.reports.batch.worker_pool import WorkerPool
from test_notebook_isolation import said
with WorkerPool(2) as crew:
    for _ in crew.run(said, [Path(sys.argv[1])] * 4):
        pass
"""
LONG = "import time\nfrom pathlib import Path\nPath(f'{time.time_ns()}.begun').touch()\n!sleep 60"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize(
    ("victim", "left"), [("parent", 0), ("workers", 0), ("kernels", 0), ("worker", 1)]
)
def test_killed_with_no_warning_it_leaves_no_notebook_a_second_later(tmp_path, victim, left):
    path = _write(tmp_path, "long", LONG)
    kept = {key: value for key, value in os.environ.items() if key != "PYTEST_CURRENT_TEST"}
    process = psutil.Popen(
        [sys.executable, "-c", BATCH, str(path)],
        cwd=PROJECT,
        env={**kept, "PYTHONPATH": SEARCHED},
    )
    end = time.monotonic() + 60
    while len(list(tmp_path.glob("*.begun"))) < 2:
        assert time.monotonic() < end and process.poll() is None
        time.sleep(0.05)
    kernels, workers = sorted(process.children(), key=psutil.Process.create_time)
    notebooks, all_workers = kernels.children(), workers.children()
    assert len(notebooks) == len(all_workers) == 2
    begun = {"parent": process, "workers": workers, "kernels": kernels, "worker": all_workers[0]}
    begun[victim].kill()
    time.sleep(1)
    living = [one for one in notebooks if _runs(one.pid)]
    process.kill()
    process.wait()
    assert len(living) == left
    gone = time.monotonic() + 2
    while any(_runs(one.pid) for one in (kernels, workers, *notebooks, *all_workers)):
        assert time.monotonic() < gone
        time.sleep(0.05)


def test_a_cell_that_leaves_a_process_behind_does_not_keep_it(crew, tmp_path):
    path = _write(
        tmp_path, "leaves", "import subprocess\nprint(subprocess.Popen(['sleep', '99']).pid)"
    )
    (made,) = _each(crew, said, [path])
    end = time.monotonic() + 5
    while _runs(int(made)):
        assert time.monotonic() < end
        time.sleep(0.05)


def _runs(process):
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def test_a_notebook_that_prints_without_end_takes_no_memory_for_it(crew, tmp_path):
    path = _write(tmp_path, "many", "for n in range(4000): print(n, flush=True)")
    (made,) = _each(crew, said, [path])
    assert made.splitlines() == [str(n) for n in range(4000)]


def test_a_printing_process_that_a_notebook_killed_does_not_keep_it(crew, tmp_path):
    code = """
import multiprocessing
def talk():
    while True: print('.' * 200, flush=True)
for _ in range(8):
    begun = multiprocessing.get_context('fork').Process(target=talk)
    begun.start(); begun.join(0.05); begun.kill(); begun.join()
print('done')
"""
    (made,) = _each(crew, said, [_write(tmp_path, "kills", code)])
    assert made.endswith("done\n")


def test_a_kernel_that_dies_behind_its_last_cell_is_told_as_one(crew, tmp_path):
    code = "import asyncio, os\nasyncio.get_running_loop().call_later(0, os._exit, 1)\nNone"
    (made,) = _each(crew, stopped, [_write(tmp_path, "late", code)])
    assert made == ["DeadKernelError", ["failed"]]


def test_workers_that_are_given_nothing_are_not_waited_for():
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with WorkerPool(2):
        pass
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    assert spent < 0.5, "what they import takes over a second"


def test_a_process_that_forks_ends_though_others_have_its_socket():
    server = ForkServer()
    other = get_context("fork").Process(target=time.sleep, args=(30,))
    other.start()
    server.close()
    assert other.is_alive() and not server.is_alive()
    other.kill()
    other.join()


class Refused(WorkerPool):
    """Workers of a system that gives no process."""

    def _begin(self):
        raise OSError("none to be had")


def test_where_no_process_can_be_had_each_task_says_so():
    with Refused(2) as crew:
        assert all(isinstance(made, OSError) for made in _each(crew, said, ["a", "b", "c"]))


def test_a_stopped_notebook_is_given_back_as_far_as_it_came(crew, tmp_path):
    path = _write(tmp_path, "dies", "print('begun')", "import os\nos._exit(1)", "3")
    (made,) = _each(crew, stopped, [path])
    assert made == ["DeadKernelError", ["completed", "failed", "pending"]]


def stopped(path):
    """Run a notebook that is stopped; return by what, and the state of its code cells."""
    done = notebook_runner.execute_notebook(path, {}, folder=path.parent, seconds=100)
    cells = [cell for cell in done.notebook.cells if cell.cell_type == "code"]
    states = [cell.metadata.papermill["status"] for cell in cells]
    return json.loads(json.dumps([type(done.error).__name__, states]))
