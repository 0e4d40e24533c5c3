"""Worker processes: results in order, errors as raised, nothing left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures.process import BrokenProcessPool
from functools import partial

import psutil
import pytest

from kjfp_helpers.infra.process_pool import (
    PENDING_PER_WORKER,
    begin_in_fork,
    map_in_processes,
)


def square(number):
    return number * number


def sleep_less_and_less(number):
    time.sleep(0.02 * (6 - number))
    return number, os.getpid()


def fail_at_three(number):
    if number == 3:
        raise ValueError("three")
    return number


def end_at_three(number):
    if number == 3:
        os._exit(1)
    return number


PREPARED = []


def read_prepared(_number):
    return PREPARED


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_results_come_in_the_order_of_the_tasks(jobs, count):
    assert list(map_in_processes(square, range(count), jobs)) == [n * n for n in range(count)]


def test_who_finishes_first_does_not_come_first_and_no_worker_is_this_process():
    numbers, workers = zip(*map_in_processes(sleep_less_and_less, range(6), 2), strict=True)
    assert numbers == tuple(range(6))
    assert os.getpid() not in workers and len(set(workers)) == 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_task_raises_is_raised_here(jobs):
    others = psutil.Process().children()
    with pytest.raises(ValueError, match="three"):
        list(map_in_processes(fail_at_three, range(9), jobs))
    assert psutil.Process().children() == others


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 4, 9, 40])
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_dead_worker_would_have_made_is_replaced_and_nothing_else_is_lost(jobs, count):
    results = map_in_processes(
        end_at_three, range(count), jobs, replace_lost=lambda number: -number
    )
    assert list(results) == [-number if number == 3 else number for number in range(count)]


def test_each_process_is_prepared_before_its_first_task():
    results = map_in_processes(read_prepared, range(6), 2, prepare=partial(PREPARED.append, 5))
    assert list(results) == [[5]] * 6 and not PREPARED
    assert list(map_in_processes(len, ["a"], 1, prepare=partial(PREPARED.append, 1))) == [1]
    assert PREPARED.pop() == 1


def test_a_worker_that_dies_is_told_and_no_other_stays():
    others = psutil.Process().children()
    with pytest.raises(BrokenProcessPool):
        list(map_in_processes(end_at_three, range(9), 2))
    assert psutil.Process().children() == others


def test_only_a_few_tasks_are_taken_ahead_of_the_results():
    taken, others = [], psutil.Process().children()
    results = map_in_processes(square, (taken.append(n) or n for n in range(50)), 2)
    next(results)
    assert len(taken) <= 2 * PENDING_PER_WORKER
    results.close()
    assert psutil.Process().children() == others


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="a worker ends with its parent on Linux")
def test_workers_end_when_their_parent_is_killed():
    code = (
        "import time\n"
        "from kjfp_helpers.infra.process_pool import map_in_processes\n"
        "print('on', flush=True)\n"
        "list(map_in_processes(time.sleep, [60] * 4, 2))\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        parent.stdout.readline()
        workers = wait_for(lambda: psutil.Process(parent.pid).children(), 2)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert not alive


def wait_for(found, count):
    deadline = time.monotonic() + 30
    while len(found()) < count and time.monotonic() < deadline:
        time.sleep(0.02)
    return found()


FORKS = """
import os
from kjfp_helpers.infra import process_pool
from kjfp_helpers.infra.process_pool import begin_in_fork

process_pool.usable_cpus = lambda: 2
here, held = os.getpid(), ["甲"]

def work():
    held.append("乙")
    return os.getpid() != here, list(held)

def dies():
    if os.getpid() != here:
        os._exit(1)
    return True

def raises():
    raise ValueError(os.getpid() == here)

finish = begin_in_fork(work)
held.append("丙")
assert finish() == (True, ["甲", "乙"]) and held == ["甲", "丙"]
assert begin_in_fork(dies)()
try:
    begin_in_fork(raises)()
except ValueError as error:
    assert error.args == (True,)
"""
"""A program of its own: the processes that run these tests have threads, and so never fork."""


@pytest.mark.skipif(sys.platform != "linux", reason="nothing forks here")
def test_work_in_a_fork_hands_back_its_result_alone_and_a_dead_one_is_done_here():
    subprocess.run([sys.executable, "-c", FORKS], check=True, timeout=60)


def test_a_process_with_threads_does_not_fork():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert begin_in_fork(os.getpid)() == os.getpid()
    finally:
        stop.set()
        thread.join()


BLOCKS = """
import sys
from pathlib import Path
from kjfp_helpers.infra.process_pool import keep_freed_blocks_below

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

keep_freed_blocks_below(1 << 20)
start, first = held(), b"1" * (16 << 20)
del first  # after which blocks of that size are kept otherwise
blocks = [b"1" * (3 << 20) for _ in range(40)]
kept = blocks[::2]
del blocks
assert held() - start < 90 << 20, held() - start
"""


@pytest.mark.skipif(sys.platform != "linux", reason="malloc is another one")
def test_large_blocks_go_back_though_others_between_them_are_kept():
    subprocess.run([sys.executable, "-c", BLOCKS], check=True, timeout=60)
